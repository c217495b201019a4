"""Private feeds over HTTP: what stands there, for whom, and how it is polled.

Not here: who may read them (test_private_addresses), tokens (tests/rules/test_private_tokens.py).
"""

import gzip
import json
import re
from datetime import timedelta

import feedparser
import pytest

from feeds.formats.check import check_document
from feeds.rules.archives import TOMBSTONE_AGE
from tests.web.private_feed_givens import FEEDS, SITE, addresses, fetch, ids, path
from tests.web.private_site import HUB, PRIVATE, picture
from tests.web.test_printed_site import serving

# ---- what stands there ----


@pytest.mark.rule("F30")
@pytest.mark.parametrize("name", FEEDS)
def test_reader_gets_members_only_articles_in_full_at_an_address_of_their_own(inside, name):
    url = addresses(inside)[name]
    with serving(inside) as client:
        answer = client.ask(path(url))
    assert answer.status == 200
    assert all(word in answer.body.decode() for word in ("Xyzzy", "plugh", "Pier", url))
    assert check_document(name, answer.body, address=url) == []


@pytest.mark.rule("F30")
def test_three_formats_hold_the_same_entries_newest_first(inside):
    urls = addresses(inside)
    with serving(inside) as client:
        found = {name: client.ask(path(url)).body for name, url in urls.items()}
    expected = [inside.entry(key).id for key in ("plan.md", "pier.md")]
    assert ids(found["rss"]) == ids(found["atom"]) == expected
    assert [item["id"] for item in json.loads(found["json"])["items"]] == expected


def test_link_of_an_article_without_a_page_is_the_site_and_no_link_leads_to_it(inside):
    entries = feedparser.parse(fetch(inside, name="atom").body)["entries"]
    assert [entry["link"] for entry in entries] == [SITE, f"{SITE}pier/"]
    assert "the plan" in entries[1]["content"][0]["value"]
    assert f"{SITE}plan/" not in str(entries)
    assert "authors/quux-ek" not in str(entries)


def test_private_feed_holds_no_more_than_its_limit_and_has_no_archive(inside):
    inside.configure(PRIVATE + "limit = 2\n", config=HUB)
    inside.articles(5)
    inside.print()
    answer = fetch(inside, name="atom")
    assert len(ids(answer.body)) == 2
    assert b"prev-archive" not in answer.body


def test_private_feed_without_members_holds_public_articles_only(inside):
    inside.configure(PRIVATE.replace("members = true\n", 'content = "summary"\nformats = ["rss"]\n'), config=HUB)
    inside.print()
    urls = addresses(inside)
    assert list(urls) == ["rss"]
    with serving(inside) as client:
        answer = client.ask(path(urls["rss"]))
        assert client.ask(path(urls["rss"]).replace("rss.xml", "atom.xml")).status == 404
    assert ids(answer.body) == [inside.entry("pier.md").id]


def test_private_feed_without_entries_is_sound(site):
    site.configure(PRIVATE)
    site.print()
    urls = addresses(site)
    with serving(site) as client:
        assert [check_document(name, client.ask(path(url)).body, address=url) for name, url in urls.items()] == [[]] * 3


def test_private_podcast_names_its_cover(inside):
    podcast = '[feeds.podcast]\ncategory = "News"\nexplicit = false\nimage = "https://gazette.example/cover.jpg"\n'
    inside.configure(PRIVATE + podcast, config=HUB)
    inside.write("talk.mp3", b"ID3\x03\x00" + bytes(200))
    inside.article("talk.md", title="Talk", access="members", enclosures="[talk.mp3]")
    inside.print()
    urls = addresses(inside)
    with serving(inside) as client:
        body = client.ask(path(urls["rss"])).body
        (sound,) = (one["href"] for entry in feedparser.parse(body)["entries"] for one in entry["enclosures"])
        part = client.ask(path(sound), range="bytes=0-2")
    assert b"cover.jpg" in body
    assert sound.startswith(urls["rss"].removesuffix("rss.xml"))
    assert (part.status, part.body, part["content-type"]) == (206, b"ID3", "audio/mpeg")
    assert part["cache-control"] == "private, max-age=900"


# ---- files ----


def shown(document):
    return re.findall(r'src="(https:[^"]+)"', feedparser.parse(document)["entries"][0]["content"][0]["value"])


@pytest.mark.rule("F30")
def test_picture_of_a_members_only_article_stands_at_the_readers_own_address_alone(inside):
    url = addresses(inside)["atom"]
    with serving(inside) as client:
        (src,) = shown(client.ask(path(url)).body)
        answer = client.ask(path(src))
        name = src.rpartition("/")[2]
        assert src == url.replace("atom.xml", f"media/{name}")
        assert (answer.status, answer.body, answer["content-type"]) == (200, picture("navy"), "image/png")
        assert client.ask(path(src), if_none_match=answer["etag"]).status == 304
        assert client.ask(f"/media/{name}").status == 404


@pytest.mark.rule("F30")
def test_file_that_no_entry_of_the_feed_shows_is_not_given(inside):
    inside.write("other.png", picture("red"))
    inside.article("draft.md", "![Other](other.png)", draft="true")
    inside.print()
    hidden = {file.name for file in (inside.folder / "var/media").iterdir()}
    hidden -= {name for key in ("plan.md", "pier.md") for _, name in inside.entry(key).article.files}
    assert len(hidden) == 1
    folder = path(addresses(inside)["rss"]).removesuffix("rss.xml")
    names = (*hidden, "0" * 64 + ".png", "..%2fpressrun.db", "%00", "", "a/b")
    with serving(inside) as client:
        assert {client.ask(f"{folder}media/{name}").status for name in names} == {404}


def test_picture_goes_with_the_article_that_shows_it(inside):
    url = addresses(inside)["atom"]
    with serving(inside) as client:
        (src,) = shown(client.ask(path(url)).body)
        inside.remove("plan.md")
        inside.print()
        assert client.ask(path(src)).status == 404


# ---- the headers ----


@pytest.mark.rule("F30")
@pytest.mark.rule("T83")
def test_no_cache_between_no_search_engine_and_no_referrer_learns_of_it(inside):
    url = addresses(inside)["rss"]
    with serving(inside) as client:
        found = [client.ask(path(url)), client.ask(path(url).replace("rss.xml", "x")), client.ask("/private/x/rss.xml")]
        (src,) = shown(client.ask(path(url).replace("rss.xml", "atom.xml")).body)
        found.append(client.ask(path(src)))
        found.append(client.ask(path(url), if_none_match=found[0]["etag"]))
        inside.run("feeds", "revoke", "ann@x.example", "inside")
        found.append(client.ask(path(url)))
    assert [answer.status for answer in found] == [200, 404, 404, 200, 304, 410]
    for answer in found:
        assert (answer["referrer-policy"], answer["x-robots-tag"]) == ("no-referrer", "noindex, nofollow")
        assert answer["cache-control"] in {"private, max-age=900", "no-store"}
    assert found[0]["cache-control"] == "private, max-age=900"


@pytest.mark.rule("F9")
def test_private_feed_is_polled_as_any_other(inside):
    url = path(addresses(inside)["rss"])
    with serving(inside) as client:
        plain, coded, head = client.ask(url), client.ask(url, accept_encoding="br, gzip"), client.ask(url, "HEAD")
        assert (coded["content-encoding"], gzip.decompress(coded.body)) == ("gzip", plain.body)
        assert coded["etag"] == plain["etag"].removesuffix('"') + '-gz"'
        assert (head.status, head.body, head["content-length"]) == (200, b"", str(len(plain.body)))
        assert (plain["vary"], plain["content-type"]) == ("Accept-Encoding", "application/rss+xml; charset=utf-8")
        assert plain["link"] == f'<{SITE[:-1]}{url}>; rel="self"'
        assert client.ask(url, if_none_match=plain["etag"]).status == 304
        assert client.ask(url, if_modified_since=plain["last-modified"]).status == 304
        assert client.ask(url, if_match='"other"').status == 412
        assert client.ask(url, "POST").status == 405


@pytest.mark.rule("F9")
def test_validators_change_with_an_edit_and_with_a_withdrawal(inside):
    url = path(addresses(inside)["rss"])
    with serving(inside) as client:
        seen = [client.ask(url)]
        inside.edit("plan.md", "plugh", "plover")
        inside.print()
        seen.append(client.ask(url, if_modified_since=seen[-1]["last-modified"]))
        inside.remove("plan.md")
        inside.print()
        seen.append(client.ask(url, if_modified_since=seen[-1]["last-modified"]))
    assert [answer.status for answer in seen] == [200, 200, 200]
    assert len({answer["etag"] for answer in seen}) == 3
    assert (b"plugh" in seen[0].body, b"plover" in seen[1].body, b"Xyzzy" in seen[2].body) == (True, True, False)


def test_private_addresses_are_braked_with_everything_else(inside):
    inside.configure(PRIVATE + "[web]\nrequests_per_minute = 5\n", config=HUB)
    with serving(inside) as client:
        assert [client.ask(f"/private/{n}/rss.xml").status for n in range(6)] == [404] * 5 + [429]


# ---- what it holds, as entries come and go ----


@pytest.mark.rule("F25")
def test_withdrawn_members_only_article_leaves_at_once_with_a_tombstone_for_30_days(inside):
    plan = inside.entry("plan.md").id
    url = path(addresses(inside)["atom"])
    inside.remove("plan.md")
    inside.sync()
    with serving(inside) as client:
        assert plan not in ids(client.ask(url).body)  # before the next publish
        inside.publish()
        assert f'deleted-entry ref="{plan}"' in client.ask(url).body.decode()
        inside.now += TOMBSTONE_AGE + timedelta(days=1)
        inside.publish()
        assert plan not in client.ask(url).body.decode()


def test_article_that_becomes_members_only_stays_in_the_private_feed_alone(inside):
    inside.edit("pier.md", "title: Pier", "title: Pier\naccess: members")
    inside.print()
    answer = fetch(inside, name="atom")
    assert inside.entry("pier.md").id in ids(answer.body)
    assert b"deleted-entry" not in answer.body
    assert inside.ids() == []


def test_members_only_article_that_loses_its_tag_leaves_without_a_tombstone(site):
    site.configure(PRIVATE + 'tags = ["ferry"]\n')
    site.article("plan.md", title="Plan", access="members", tags="[ferry]")
    site.print()
    site.edit("plan.md", "[ferry]", "[pier]")
    site.print()
    body = fetch(site, name="atom").body
    assert (ids(body), b"deleted-entry" in body) == ([], False)


def test_draft_and_scheduled_articles_are_in_no_private_feed(inside):
    inside.article("draft.md", title="Grault", access="members", draft="true")
    inside.article("soon.md", title="Garply", access="members", date="2099-01-01")
    inside.print()
    body = fetch(inside).body
    assert (b"Grault" in body, b"Garply" in body) == (False, False)
