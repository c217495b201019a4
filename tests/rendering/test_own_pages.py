"""Links to a reader's own pages in mail: one click to leave by, signed, and the preferences beside it.

Not here: mail without such pages (test_galley), the pages themselves (tests/web).
"""

import re
from dataclasses import replace

import dkim
import pytest

from feeds.rendering.dkim import Algorithm, Signer, generate_key, txt_record
from feeds.rendering.edition import as_read
from feeds.rendering.fields import OwnPages
from feeds.rendering.galley import galley_from, proof_message
from feeds.rendering.lint import Sender, judge_message
from feeds.rules.reader_tokens import read_token
from tests.rendering.givens import MONDAY, SITE, digest, entries
from tests.rendering.message_givens import LEAVE, OWN, OWN_LEAVE, READER, header, names, parts, written

URL = "https://harbour.example/"
EDITION = f"{URL}readers/edition/weekly.2026-11-23T07:00.0a1b.1.7f"
PAGES = OwnPages(f"{URL}readers/leave/a1.weekly.1.5f", f"{URL}readers/preferences/a1.weekly.1.6e")
LAYOUTS = pytest.mark.parametrize("layout", ["front-page", "reading-list", "full-text"])
KEY = generate_key(Algorithm.RSA)


def stored(url=URL, **differences):
    paged = {"site": replace(SITE, readers_url=f"{url}readers/"), "preferences_url": f"{url}readers/"}
    return parts(digest(**{"entries": entries(3)} | paged | differences), readers_at=url)


def sent(url=URL, *, signers=(), pages=PAGES, **differences):
    galley = galley_from(stored(url, **differences), signers=signers, page_url=EDITION)
    return galley.fill(**OWN | {"leave_url": OWN_LEAVE, "pages": pages})


@pytest.mark.rule("M2")
def test_head_has_one_https_address_before_the_mailto_and_says_that_one_click_will_do():
    data = sent()
    assert header(data, "List-Unsubscribe") == f"<{PAGES.leave}>,\n <{OWN_LEAVE}>"
    assert header(data, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert names(data).index("List-Unsubscribe-Post") == names(data).index("List-Unsubscribe") + 1


@pytest.mark.rule("M2")
@LAYOUTS
def test_both_parts_lead_to_the_readers_own_pages(layout):
    data = sent(layout=layout)
    for part in ("html", "plain"):
        found = re.findall(r"https://harbour\.example/readers/[^\s\"]*|mailto:[^\s\"]*", written(data, part))
        assert found == [PAGES.preferences, PAGES.leave]
    assert b"field.invalid" not in data
    assert "by sending the message" not in written(data, "html")


@LAYOUTS
@pytest.mark.parametrize(
    ("page_url", "leads_to"), [("", EDITION), (f"{URL}newsletters/weekly/12/", f"{URL}newsletters/weekly/12/")]
)
def test_both_parts_begin_with_the_link_to_the_same_mail_as_a_page(layout, page_url, leads_to):
    data = sent(layout=layout, page_url=page_url)
    page, text = written(data, "html"), written(data, "plain")
    assert text.startswith(f"View in browser\n{leads_to}\n")
    assert re.findall(r'href="([^"]*)"', page)[0] == leads_to
    assert b"field.invalid" not in data


@LAYOUTS
def test_mail_that_stands_on_no_page_has_no_link_to_one(layout):
    data = sent(layout=layout, page_url=None)
    assert "View in browser" not in written(data, "html") + written(data, "plain")


@pytest.mark.rule("M2")
@pytest.mark.rule("M7")
def test_both_fields_are_signed_and_none_can_be_added():
    data = sent(signers=[Signer(KEY, "press")])
    signed = re.search(r"h=([^;]*);", header(data, "DKIM-Signature"))[1]
    listed = [name.strip() for name in signed.split(":")]
    assert [listed.count(name) for name in ("List-Unsubscribe", "List-Unsubscribe-Post")] == [2, 2]
    record = txt_record(KEY).encode()
    assert dkim.verify(data, dnsfunc=lambda _name, timeout=5: record)
    for spoilt in (b"List-Unsubscribe-Post: x\r\n" + data, data.replace(b"=One-Click", b"=Two-Click")):
        assert not dkim.verify(spoilt, dnsfunc=lambda _name, timeout=5: record)


@pytest.mark.rule("M2")
def test_no_click_is_asked_for_by_an_address_that_is_not_https():
    pages = OwnPages(*(url.replace("https:", "http:") for url in (PAGES.leave, PAGES.preferences)))
    data = sent("http://harbour.example/", pages=pages)
    assert header(data, "List-Unsubscribe") == f"<{OWN_LEAVE}>"
    assert "List-Unsubscribe-Post" not in names(data)
    assert pages.leave in written(data, "plain")


@pytest.mark.rule("M2")
@LAYOUTS
def test_lint_finds_nothing_to_say_of_how_one_leaves(layout):
    found = judge_message(sent(layout=layout), sender=Sender("harbour.example", "3 Pier Road"), weights={}).findings
    assert [one for one in found if one.rule in {"M2", "M3", "M5"}] == []


@pytest.mark.rule("M17")
def test_links_stand_within_what_is_shown_of_the_largest_digest():
    page = written(sent(entries=entries(200, summary="y" * 300)), "html")
    assert len(page.encode()) <= 90 * 1024 + 500  # the placeholders are shorter than what stands there in the end
    assert PAGES.leave in page[-2_000:]


def test_what_is_only_looked_at_leads_to_pages_that_are_nobodys():
    shown = proof_message(stored(), recipient=READER, date=MONDAY, message_id="m@b.example")
    address, _, by_mail = header(shown, "List-Unsubscribe").partition(",\n ")
    assert (address, by_mail) == (f"<{URL}readers/leave/nobody>", f"<{LEAVE}>")
    assert read_token("nobody") is None
    html, text = as_read(stored())
    assert f"{URL}readers/leave/nobody" in html
    assert f"{URL}readers/leave/nobody" in text
    assert (written(shown, "html"), written(shown, "plain")) == (f"{html}\n", text)
