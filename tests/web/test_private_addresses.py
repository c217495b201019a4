"""Each reader's own address of a private feed: who may read there, how it ends, and that there is no trace of it.

Not here: what stands there (test_private_feeds), the commands (tests/cli/test_cli_feeds.py).
"""

import logging

import pytest

from feeds.store import suppressions
from feeds.store.engine import Store
from feeds.store.suppressions import Suppression
from tests.web.private_feed_givens import FEEDS, addresses, fetch, path
from tests.web.private_site import HUB, PRIVATE
from tests.web.test_printed_site import serving

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
    if how == "forgotten":
        assert site.run("subscribers", "forget", "ann@x.example", "--yes").code == 0
        return
    store = Store(f"sqlite:///{site.folder}/var/pressrun.db")
    why = Suppression(address_key="ann@x.example", reason="complaint", evidence="", created_at=site.now)
    with store.writing() as tx:
        suppressions.add(tx, why)
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
