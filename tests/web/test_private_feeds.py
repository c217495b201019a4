"""Private feeds the whole way, over HTTP: each reader's own address, what stands there, and the end of it.

Not here: tokens (tests/rules/test_private_tokens.py), the commands (tests/cli/test_cli_feeds.py).
"""

import gzip
import io
import json
import logging
import re
from datetime import timedelta

import feedparser
import pytest
from PIL import Image

from feeds.formats.check import check_document
from feeds.rules.archives import TOMBSTONE_AGE
from feeds.store import subscribers
from feeds.store.engine import Store
from feeds.store.subscribers import Suppression
from tests.site_fixtures import CONFIG
from tests.web.test_printed_site import serving

FEEDS = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
PRIVATE = """
[[feeds]]
slug = "site"
title = "All"
path = "."

[[feeds]]
slug = "inside"
title = "Inside the Gazette"
private = true
members = true
"""
HUB = CONFIG.replace("[site]\n", '[site]\nhubs = ["https://hub.example/"]\n')
SITE = "https://gazette.example/"


@pytest.fixture
def inside(site):
    """Give a site with a private feed, one article for members and one for everyone."""
    site.configure(PRIVATE, config=HUB)
    site.write("sea.png", picture("navy"))
    site.write("pier.png", picture("teal"))
    site.article("plan.md", "The word is plugh. ![Sea](sea.png)", title="Xyzzy", access="members", authors="[Quux Ek]")
    site.article("pier.md", "See [the plan](plan.md). ![Pier](pier.png)", title="Pier", date="2024-11-01 08:00")
    site.print()
    return site


def picture(colour):
    data = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(data, "PNG")
    return data.getvalue()


def addresses(site, reader="ann@x.example", feed="inside"):
    """Return a reader's own address in each format."""
    ended = site.run("feeds", "address", reader, feed, "--add", "--json")
    assert ended.code == 0, ended.err
    return ended.json["addresses"]


def path(url):
    return url.removeprefix(SITE.removesuffix("/"))


def fetch(site, reader="ann@x.example", name="rss"):
    url = addresses(site, reader)[name]
    with serving(site) as client:
        return client.ask(path(url))


def ids(document):
    return [entry["id"] for entry in feedparser.parse(document)["entries"]]


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


# ---- who may ----


@pytest.mark.rule("F30")
def test_each_reader_has_an_address_of_their_own_and_keeps_it(inside):
    anns, bos = addresses(inside), addresses(inside, "bo@x.example")
    assert addresses(inside) == anns
    assert set(anns.values()).isdisjoint(bos.values())
    with serving(inside) as client:
        for name in FEEDS:
            ann, bo = (client.ask(path(url[name])) for url in (anns, bos))
            tokens = [path(url[name]).split("/")[2].encode() for url in (anns, bos)]
            assert ann.body.replace(*tokens) == bo.body != ann.body
            assert ann["etag"] != bo["etag"]


@pytest.mark.rule("F30")
def test_revoked_address_answers_410_and_the_next_one_is_another(inside):
    first = addresses(inside)
    with serving(inside) as client:
        assert client.ask(path(first["rss"])).status == 200
        assert inside.run("feeds", "revoke", "ann@x.example", "inside").code == 0
        second = addresses(inside)
        assert [client.ask(path(url["rss"])).status for url in (first, second)] == [410, 200]
        assert client.ask(path(first["rss"]).replace("rss.xml", "anything")).status == 410


@pytest.mark.rule("T80")
def test_forged_token_is_answered_like_any_that_never_was(inside):
    url = path(addresses(inside)["rss"])
    token = url.split("/")[2]
    forged = [
        f"{token[:-1]}{'0' if token[-1] != '0' else '1'}",
        token[:-1],
        f"2{token[1:]}",
        "1-1-" + "0" * 40,
        "x",
        "",
    ]
    inside.run("feeds", "revoke", "ann@x.example", "inside")  # even so nobody learns that there was one
    with serving(inside) as client:
        found = [client.ask(f"/private/{each}/rss.xml") for each in forged] + [client.ask("/private/")]
    assert {answer.status for answer in found} == {404}
    assert len({(answer.body, tuple(sorted(set(answer.headers.items()) - dates(answer)))) for answer in found}) == 1


def dates(answer):
    return {("date", answer["date"])}


@pytest.mark.rule("F30")
@pytest.mark.parametrize("how", ["suppressed", "forgotten"])
def test_address_of_who_is_suppressed_or_forgotten_leads_nowhere(inside, how):
    url = path(addresses(inside)["rss"])
    with serving(inside) as client:
        assert client.ask(url).status == 200
        bar(inside, how)
        assert client.ask(url).status == 410
    ended = inside.run("feeds", "address", "ann@x.example", "inside")
    assert (ended.code, how[:6] in ended.err or "forgotten" in ended.err) == (2, True)


def bar(site, how):
    store = Store(f"sqlite:///{site.folder}/var/pressrun.db")
    with store.writing() as tx:
        ann = subscribers.get_by_key(tx, "ann@x.example")
        if how == "suppressed":
            why = Suppression(address_key="ann@x.example", reason="complaint", evidence="", created_at=site.now)
            subscribers.suppress(tx, why)
        else:
            gone = {"id": ann.id, "address": ann.address, "address_key": ann.address_key, "name": ann.name}
            subscribers.replace(tx, type(ann)(**gone, created_at=ann.created_at, forgotten_at=site.now))
    store.close()


def test_feed_that_the_config_has_no_more_has_ended_and_a_new_one_opens_without_a_restart(inside):
    url = path(addresses(inside)["rss"])
    other = PRIVATE.replace('slug = "inside"', 'slug = "other"')
    with serving(inside) as client:
        assert client.ask(url).status == 200
        inside.configure(other, config=HUB)
        inside.print()
        assert client.ask(url).status == 410
        assert client.ask(path(addresses(inside, feed="other")["rss"])).status == 200


def test_config_that_is_broken_while_it_serves_ends_no_feed(inside, caplog):
    url = path(addresses(inside)["rss"])
    with serving(inside) as client:
        inside.configure("[[feeds]]\nnonsense", config=HUB)
        assert [client.ask(url).status for _ in range(2)] == [200, 200]
    assert len([one for one in caplog.records if "the config of before holds" in one.message]) == 1


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


# ---- no trace of it ----


@pytest.mark.rule("F30")
@pytest.mark.rule("F27")
def test_private_feed_is_in_no_list_on_no_page_in_no_folder_and_no_hub_hears_of_it(inside):
    token = path(addresses(inside)["rss"]).split("/")[2]
    inside.edit("plan.md", "plugh", "plover")
    inside.edit("pier.md", "See", "Do see")
    report = inside.print()
    words = ("Inside the Gazette", "/inside", "private", token, "Xyzzy", "plugh", "plover", "Quux")
    assert inside.holding(*words) == set()
    assert [name for name in inside.documents() for word in words if word.lower() in name] == []
    assert report.announced
    assert [topic for topic in report.announced if "private" in topic] == []
    assert b"hub" not in fetch(inside).body


@pytest.mark.rule("F30")
def test_public_feed_made_private_leaves_the_public_folder(inside):
    inside.configure(PRIVATE.replace("private = true\nmembers = true\n", ""), config=HUB)
    inside.print()
    assert "feeds/inside/rss.xml" in inside.documents()
    inside.configure(PRIVATE, config=HUB)
    inside.print()
    assert {one for one in inside.documents() if "inside" in one} <= {
        f"feeds/inside/{name}.gone" for name in (*FEEDS.values(), "index.html")
    }


@pytest.mark.rule("T83")
def test_token_is_in_no_log(inside, caplog):
    caplog.set_level(logging.DEBUG)
    url = path(addresses(inside)["rss"])
    token = url.split("/")[2]
    signature = token[-40:]
    with serving(inside) as client:
        for where in (url, f"/{url}", url.upper(), url.replace("private", "%70rivate"), f"{url}?{token}", f"/x{url}"):
            client.ask(where)
    logged = [record.getMessage() + str(record.args) for record in caplog.records]
    assert any("/private/…" in line for line in logged)
    assert [line for line in logged if signature in line.lower()] == []
