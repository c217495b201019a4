"""Pages and mail as a browser lays them out: measured at every width, in both schemes, with and without styles.

Not here: what they say (test_pages.py, test_digest.py).
"""

import json
import re
import subprocess
from dataclasses import replace
from html import escape, unescape
from pathlib import Path

import pytest

from feeds.model import Block, Correction, Enclosure, Role
from feeds.rendering.edition_pages import EditionView, NewsletterView, edition_page, newsletter_page
from feeds.rendering.pages import directory_page, entry_page, listing_page, stylesheet
from feeds.rendering.views import Contents, Corrected, FeedLink, Link, ListingView, Offer
from tests.judges import QUIET, judge
from tests.rendering.givens import ARABIC, MONDAY, PICTURE, SITE, TEMPLATES, URL, digest, entries, entry

WIDTHS = 320, 375, 600, 800
WORD = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"
MEASURE = (Path(__file__).parent / "measure.js").read_text()


def measure(folder, documents, *, dark=False):
    """Lay each document out at each width; return what was measured, one finding for each document and width."""
    frame = '<iframe title="{} at {}" style="width:{}px;height:900px;border:0" srcdoc="{}"></iframe>'
    frames = [frame.format(name, w, w, escape(html)) for name, html in documents.items() for w in WIDTHS]
    page = folder / "page.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8><body>" + "".join(frames) + f"<script>{MEASURE}</script>", encoding="utf-8"
    )
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    command = [judge("chromium"), *QUIET, *scheme, f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()]
    dump = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout.decode()
    found = json.loads(unescape(re.findall(r'<pre id="measured">(.*?)</pre>', dump, re.DOTALL)[0]))
    assert len(found) == len(documents) * len(WIDTHS)
    return found


def mails():
    lead = entry(image=PICTURE, title=WORD, section=WORD)
    made = digest(entries=(lead, ARABIC, *entries(8, image=PICTURE, title=WORD)), more_count=3, more_url=URL).html
    arabic = replace(ARABIC, image=PICTURE)
    mirrored = digest(entries=(arabic,) * 8, language="ar", direction="rtl", title="أسبوعية الميناء").html
    bare = re.sub(r"<style>.*?</style>", "", made, flags=re.DOTALL)
    body = (
        f"<h2>{WORD}</h2><p>{WORD} <a href='https://x.example/'>link</a> <code>{'c' * 90}</code></p>"
        f"<ul><li>{WORD}</li></ul><pre><code>{'c' * 200}</code></pre><table><tr>{'<th>Tide</th>' * 6}</tr></table>"
        f"<blockquote><p>{WORD}</p></blockquote><figure><img src='{URL}b.jpg' width='1600' height='900'></figure>"
    )
    whole = {
        "entries": (entry(image=PICTURE, html=body, title=WORD), replace(ARABIC, html=body), *entries(2, html=body)),
        "note": f"<p>{WORD}</p>",
        "corrections": (Corrected(WORD, URL, MONDAY, WORD),),
        "group_by": "section",
    }
    rest = {layout: digest(**whole, layout=layout).html for layout in ("front-page", "reading-list", "full-text")}
    return {"mail": made, "mirrored mail": mirrored, "mail without styles": bare, **rest}


def pages():
    body = (
        f"<p>{WORD} <a href='https://x.example/'>link</a> <code>{'c' * 90}</code></p>"
        f"<pre><code>{'c' * 200}</code></pre><table><tr>{'<th>Heading</th>' * 12}</tr></table>"
        "<blockquote><p>Quote</p></blockquote><p><small>Credit</small></p>"
    )
    blocks = (Block(Role.STANDFIRST, WORD),)
    sound = Enclosure(address=URL + "a.mp3", media_type="audio/mpeg", length=9, title=WORD)
    correction = Correction(MONDAY, WORD)
    full = entry(title=WORD, html=body, blocks=blocks, enclosures=(sound,), corrections=(correction,), image=PICTURE)
    address = FeedLink(WORD, "application/rss+xml", f"{URL}{WORD}/rss.xml", "RSS")
    listed = ListingView(title="x", heading=WORD, url=URL, entries=(full, ARABIC, *entries(5)), older_url=URL)
    feed = replace(listed, url=URL + "feed/", feeds=(address,) * 3, subscribe=True, subscribe_first=True)
    closed = replace(listed, url=URL + "page/2/", page=2, front_url=URL, newer_url=URL + "page/3/")
    words = (Link(WORD, URL), Link("الميناء", URL))
    offer = Offer(title=WORD, when=WORD, description=WORD, editions_url=URL, newest=words[0], number=12)
    offered = Contents(tags=words, tags_url=URL, newsletters=(offer,) * 2, feeds=words, feeds_url=URL)
    front = replace(listed, feeds=(address,), subscribe=True, contents=offered)
    views = {"index": listed, "feed": feed, "closed": closed, "front": front}
    site = replace(SITE, opml_url=URL + "feeds.opml", readers_url=URL + "readers/", rights=WORD, sections=words)
    made = {name: listing_page(view, site, TEMPLATES) for name, view in views.items()}
    made["entry"] = entry_page(full, SITE, TEMPLATES)
    made["directory"] = directory_page(words, site, TEMPLATES, heading=WORD, url=URL + "tags/")
    edition = EditionView(
        title=WORD,
        newsletter_url=URL,
        url=URL + "12/",
        number=12,
        subject=WORD,
        subject_language="en",
        at=MONDAY,
        language="en",
        shown=(full, ARABIC, *entries(3)),
        named=(full, *entries(4)),
        note=body,
    )
    closing = NewsletterView(
        heading=WORD, url=URL, editions=(edition,) * 3, description=WORD, feeds=(address,) * 3, older_url=URL
    )
    made |= {"edition": edition_page(edition, site, TEMPLATES), "editions": newsletter_page(closing, site, TEMPLATES)}
    return {name: styled(page) for name, page in made.items()}


def styled(page):
    """Return a page with the stylesheet in it, so that it can stand in a frame."""
    plain = re.sub(r'<link rel="stylesheet".*?>|<meta http-equiv.*?>', "", page.decode())
    return plain.replace("</head>", f"<style>{stylesheet(TEMPLATES).decode()}</style></head>")


def overflowing(found):
    return {each["name"]: each["over"] for each in found if each["over"] > 0}


def faint(found):
    return {(each["name"], text["text"]) for each in found for text in each["texts"] if text["contrast"] < 4.5}


@pytest.fixture(scope="module")
def laid_out_mail(tmp_path_factory):
    return measure(tmp_path_factory.mktemp("mail"), mails())


@pytest.mark.rule("M18")
def test_mail_never_scrolls_sideways(laid_out_mail):
    assert overflowing(laid_out_mail) == {}


@pytest.mark.rule("M18")
def test_mail_has_text_of_at_least_fourteen_pixels(laid_out_mail):
    small = [text for each in laid_out_mail for text in each["texts"] if text["size"] < 14]
    assert small == []


@pytest.mark.rule("M18")
def test_mail_has_links_of_at_least_forty_four_pixels(laid_out_mail):
    # A link within a line of text is as high as the line (WCAG 2.2, success criterion 2.5.8).
    own = [link for each in laid_out_mail for link in each["links"] if not link["inline"]]
    assert [link for link in own if link["height"] < 44] == []


@pytest.mark.rule("M14")
def test_mail_is_easy_to_read_in_light_and_in_dark(laid_out_mail, tmp_path):
    assert faint(laid_out_mail) == set()
    assert faint(measure(tmp_path, mails(), dark=True)) == set()


def test_pages_never_scroll_sideways_and_are_easy_to_read(tmp_path):
    found = measure(tmp_path, pages())
    assert overflowing(found) == {}
    assert faint(found) == set()


def test_pages_are_easy_to_read_in_dark(tmp_path):
    assert faint(measure(tmp_path, pages(), dark=True)) == set()
