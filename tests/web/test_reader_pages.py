"""Readers' pages over HTTP: which requests they take, when they are there, and the language and colours that they have.

Not here: subscribing and leaving by them (test_readers), abuse (test_reader_safety).
"""

import re

import pytest
from sqlalchemy import update

from feeds.store import schema
from tests.site_fixtures import ROOT
from tests.web.reader_givens import ANN, PAGES, joined, left_by, page_of, reading
from tests.web.test_reader_sums import browser


@pytest.fixture
def reader(site):
    with reading(site) as reader:
        yield reader


# ---- forms and methods ----


def test_form_that_is_too_large_is_refused(reader):
    assert reader.post("/readers/subscribe", address="a" * 17_000).status == 413


@pytest.mark.parametrize("body", [b"", b"--x\r\nnonsense", b"&" * 9_000, b"\xff=\xfe", b"a=1;b=2", b"%%%"])
@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", "application/json"]
)
def test_nonsense_is_answered_without_a_fault(reader, body, kind):
    assert reader.post("/readers/subscribe", kind=kind, body=body).status in {400, 422}
    assert reader.post("/readers/leave/x", kind=kind, body=body).status in {400, 410}


def test_other_methods_are_told_what_can_be_done(reader):
    answer = reader.ask("/readers/", "DELETE")
    assert (answer.status, answer["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert reader.ask("/readers/", "HEAD").body == b""


def test_pages_are_there_only_where_the_config_says_so_and_as_soon_as_it_does(site):
    with reading(site, pages="") as reader:
        assert reader.ask("/readers/").status == 404
        assert reader.post("/readers/subscribe", address=ANN, newsletter="weekly").status == 405
        assert b"Subscribe by mail" not in reader.ask("/").body
        site.configure(PAGES)
        assert reader.ask("/readers/").status == 200


def test_pages_of_the_site_lead_to_the_form(reader):
    assert b'<a href="./readers/" rel="nofollow">Subscribe by mail</a>' in reader.ask("/").body
    assert b"Get The Harbour Weekly by mail" in reader.ask("/newsletters/weekly/").body


def test_pages_that_are_switched_on_have_the_site_printed_again(site):
    site.article("ferry.md", title="The ferry runs again")
    site.print()
    site.configure(PAGES)
    site.print()
    assert "Subscribe by mail" in (site.public / "index.html").read_text()


def test_limit_of_one_client_holds_here_too(site):
    with reading(site, "[web]\nrequests_per_minute = 3\n") as reader:
        assert [reader.ask("/readers/").status for _ in range(4)] == [200, 200, 200, 429]


def test_store_that_cannot_be_used_is_told_without_a_word_of_it(reader, site):
    reader.store.close()
    (site.folder / "var" / "pressrun.db").write_bytes(b"no database" * 1000)
    answer = reader.post("/readers/leave/a.weekly.1." + "0" * 40)
    assert (answer.status, answer["cache-control"]) == (503, "no-store")
    assert b"pressrun.db" not in answer.body


# ---- languages ----


@pytest.mark.parametrize(
    ("accepts", "query", "language"),
    [
        ("de-AT,en;q=0.5", "", "de"),
        ("nl, fr;q=0.8, en;q=0.9", "", "en"),
        ("zh-TW", "", "zh-Hant"),
        ("ar", "?lang=he", "he"),
        ("xx;q=9,,;;,de;q=0", "", "en"),
        ("", "?lang=<b>", "en"),
    ],
)
def test_pages_speak_the_language_that_is_asked_for(reader, accepts, query, language):
    answer = reader.ask(f"/readers/{query}", accept_language=accepts)
    direction = "rtl" if language in {"ar", "he"} else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in answer.body.decode()
    assert answer["vary"] == "Accept-Language"


def test_pages_of_a_subscription_speak_the_language_that_its_reader_chose(reader):
    reader.subscribe(language="ar")
    reader.post(reader.link("confirm"))
    page = reader.ask(left_by(reader), accept_language="de").body.decode()
    assert '<html lang="ar" dir="rtl">' in page


def test_pages_of_a_reader_who_chose_no_language_speak_the_browsers(reader):
    way_out = joined(reader)
    with reader.store.writing() as tx:
        tx.execute(update(schema.subscribers).values(language=None))
    assert '<html lang="de" dir="ltr">' in reader.ask(way_out, accept_language="de").body.decode()
    assert '<html lang="en" dir="ltr">' in reader.ask(way_out).body.decode()


def test_pages_have_the_colours_of_the_theme_and_no_style_that_the_policy_forbids(site):
    with reading(site, '[theme]\naccent = "#7a1f3d"\nradius = 8\n') as reader:
        answer = reader.ask("/readers/")
        (css,) = re.findall(r"<style>(.*?)</style>", answer.body.decode())
        assert "--accent:#7a1f3d" in css
        assert re.search(r"style-src [^;]*'sha256-[A-Za-z0-9+/]{43}='", answer["content-security-policy"])
        assert " style=" not in answer.body.decode()


@pytest.mark.once
def test_list_and_the_form_below_it_are_parted_by_one_rule(reader):
    joined(reader)
    reader.post("/readers/manage", address=ANN)
    rules = (
        "[...document.querySelectorAll('.held + .ask')].map(one => "
        "[one.previousElementSibling.lastElementChild, one].map(getComputedStyle))"
        ".map(([above, below]) => [above.borderBottomWidth, below.borderTopWidth])"
    )
    with browser() as page:
        for path in (page_of(reader), reader.link("manage")):
            page.goto(reader.address.rstrip("/") + path)
            assert page.evaluate(rules) == [["1px", "0px"]]


def test_form_of_the_documentation_subscribes(reader):
    (form,) = re.findall(r"```html\n(.*?)```", (ROOT / "docs" / "web.md").read_text(), flags=re.DOTALL)
    (target,) = re.findall(r'action="https://gazette\.example([^"]*)"', form)
    fields = dict(re.findall(r'name="(\w+)" value="(\w+)"', form)) | {"address": ANN}
    assert reader.post(target, **fields).status == 200
    assert reader.mailed() == [("confirm", ANN)]
