"""A mail as a page: the stored bytes, nothing in them that is one reader's own, all within a strict policy.

Not here: who may see it (tests/jobs/test_viewing.py), the page over HTTP (tests/web/test_mail_answers.py).
"""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from feeds.rendering.edition import as_read, picture_part
from feeds.rendering.mail_page import mail_page
from feeds.rendering.views import Digest
from tests.rendering.givens import SITE, digest, entries
from tests.rendering.message_givens import parts

URL = "https://harbour.example/"
HERE, MANAGE = f"{URL}readers/edition/weekly.1.ab.1.cd", f"{URL}readers/manage"


def stored(**differences):
    paged = {"site": replace(SITE, readers_url=f"{URL}readers/"), "preferences_url": f"{URL}readers/", "page_url": ""}
    return parts(digest(**{"entries": entries(3)} | paged | differences), readers_at=URL)


def page_of(made):
    return mail_page(made, here=HERE, manage_url=MANAGE)


@pytest.mark.rule("T83")
def test_links_of_ones_own_lead_to_where_anybody_asks_for_theirs():
    page = page_of(stored()).html.decode()
    links = re.findall(r'href="([^"]*readers[^"]*)"', page)
    assert links == [HERE, MANAGE, MANAGE]
    assert "field.invalid" not in page
    assert "mailto:" not in page


def test_page_is_the_mail_but_for_the_row_that_leads_to_it():
    made = stored()
    shown, _ = as_read(made)
    page = page_of(made).html.decode()
    assert re.sub(r'href="[^"]*"', "", page.replace("<style>.in-browser { display: none; }</style>\n", "")) == re.sub(
        r'href="[^"]*"', "", shown
    )
    assert page.count('class="in-browser"') == 1


def test_pictures_that_the_mail_brings_stand_in_the_page():
    picture = f"{'ab' * 16}@harbour.example"
    html = f'<html><head></head><body><img src="cid:{picture}" alt="A quay">cid: as a word</body></html>'
    made = parts(Digest("The ferry", "", html, "x")) | {picture_part(picture, "image/png"): b"a picture"}
    page = page_of(made).html.decode()
    assert 'src="data:image/png;base64,YSBwaWN0dXJl"' in page
    assert "cid: as a word" in page


@pytest.mark.rule("T39")
def test_policy_lets_nothing_run_and_no_sheet_count_but_the_mails_own():
    page = page_of(stored())
    policy = dict(one.strip().split(" ", 1) for one in page.policy.split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy
    sheets = re.findall(r"<style[^>]*>(.*?)</style>", page.html.decode(), re.DOTALL)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in sheets]
    assert policy["style-src-elem"].split() == hashes
    assert len(hashes) == 3
    assert policy["img-src"].split() == [URL.rstrip("/"), "https:", "data:"]
