"""What a newsletter's pages and its feed say of an edition: links, languages, counts, and no markup from a title.

Not here: which entries an edition holds (tests/jobs/test_publish_editions.py), how pages are laid out (test_layout.py).
"""

from dataclasses import replace

import pytest

from feeds.rendering.edition_pages import (
    BRIEFS,
    EditionView,
    NewsletterView,
    edition_entry,
    edition_page,
    newsletter_page,
)
from feeds.rendering.environment import open_templates
from feeds.rendering.views import FeedLink
from feeds.rendering.words import words_for
from tests.rendering.givens import ARABIC, MONDAY, PLAIN, SITE, TEMPLATES, URL, Page, entries, entry

FEED = FeedLink("The Harbour Weekly (RSS)", "application/rss+xml", URL + "newsletters/weekly/rss.xml", "RSS")
WEEKLY = EditionView(
    title="The Harbour Weekly",
    newsletter_url=URL + "newsletters/weekly/",
    url=URL + "newsletters/weekly/12/",
    number=12,
    subject="The ferry sails, and 2 more",
    subject_language="en-GB",
    at=MONDAY,
    language="en-GB",
    shown=(PLAIN, ARABIC),
    feeds=(FEED,),
)
LIST = NewsletterView(heading="The Harbour Weekly", url=WEEKLY.newsletter_url, editions=(WEEKLY,), feeds=(FEED,))


def shown(**differences):
    return Page(edition_page(replace(WEEKLY, **differences), SITE, TEMPLATES))


def said(templates=TEMPLATES, **differences):
    view = replace(WEEKLY, **differences)
    return edition_entry(
        view, words_for(view.language, templates), id="urn:test:edition", author="The desk", updated_at=MONDAY
    )


@pytest.mark.rule("F23")
def test_page_names_its_own_address_and_its_feed_first():
    page = shown()
    assert [link["href"] for link in page.all("link", rel="canonical")] == [WEEKLY.url]
    assert page.all("link", rel="alternate")[0]["href"] == FEED.url


def test_title_names_subject_newsletter_number_and_site():
    assert shown().text("title") == "The ferry sails, and 2 more · The Harbour Weekly · No. 12 · The Harbour Gazette"


def test_entry_in_another_language_says_so_on_page_and_in_feed():
    assert shown().all("article", lang="ar", dir="rtl") != []
    assert '<li lang="ar" dir="rtl"><p><strong><a href="https://harbour.example/mina/">' in said().html


def test_what_is_not_shown_is_named_and_what_is_too_much_is_counted():
    page, html = shown(named=entries(BRIEFS + 3)), said(named=entries(BRIEFS + 3)).html
    assert (len(page.all("li", dir="ltr")), "3 more on the front page" in page.texts["a"]) == (BRIEFS, True)
    assert (html.count("<li"), f'<a href="{WEEKLY.url}">3 more on the web</a>' in html) == (2 + BRIEFS, True)


def test_feed_speaks_the_edition_s_language_in_the_site_s_own_words(tmp_path):
    bare = {"shown": (entry(title="", summary=""),), "named": entries(BRIEFS + 3), "language": "de"}
    assert ("Ohne Titel" in said(**bare).html, said(**bare).summary) == (True, "Ohne Titel")
    (tmp_path / "words").mkdir()
    head = 'msgid ""\nmsgstr "Language: de\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    (tmp_path / "words" / "de.po").write_text(f'{head}msgid "Untitled"\nmsgstr "Namenlos"\n')
    assert said(open_templates(tmp_path), **bare).summary == "Namenlos"


@pytest.mark.rule("F19")
def test_markup_in_a_title_stays_text_and_in_an_address_cannot_leave_it():
    hostile = entry(title="<b>Bold</b> & more", summary="<script>", url=URL + '"><script>/')
    html = said(shown=(hostile,)).html
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in html
    assert "<script>" not in html + edition_page(replace(WEEKLY, shown=(hostile,)), SITE, TEMPLATES).decode()


def test_page_and_feed_show_the_note_and_the_subject_as_they_were_mailed():
    asked = {"subject": "عدد خاص", "subject_language": "ar", "language": "ar", "note": "<p>مرحبا <em>بكم</em></p>"}
    page, entry = shown(**asked), said(**asked)
    assert page.all("h1") == [{"lang": "ar", "dir": "rtl"}]
    assert (page.text("h1"), page.text("em")) == ("عدد خاص", "بكم")
    assert (entry.title, entry.html.startswith("<p>مرحبا <em>بكم</em></p>\n<ul>")) == ("عدد خاص", True)
    assert page.all("div", **{"class": "prose"})[0] | {"class": ""} == {"class": "", "lang": "ar", "dir": "rtl"}
    assert "note" not in {each.get("class") for each in shown().all("section")}


def test_list_says_how_to_follow_but_on_its_older_pages():
    front, older = (Page(newsletter_page(view, SITE, TEMPLATES)) for view in (LIST, replace(LIST, page=1)))
    assert ([one["value"] for one in front.all("input")], older.all("input")) == ([FEED.url], [])


def test_list_without_editions_says_that_there_will_be_some():
    assert b"No edition has been sent yet" in newsletter_page(replace(LIST, editions=()), SITE, TEMPLATES)
