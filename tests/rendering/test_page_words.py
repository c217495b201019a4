"""Pages speak the language of their site: every fixed word, dates, numbers, lists of names, sizes of files.

Not here: that each catalogue is whole (test_catalogues), how words are found (test_words).
"""

from dataclasses import replace

import pytest

from feeds.model import Correction, Enclosure, Person
from feeds.rendering.edition_pages import edition_page, newsletter_page
from feeds.rendering.environment import open_templates
from feeds.rendering.pages import entry_page, listing_page, not_found_page, redirect_page, withdrawn_page
from feeds.rendering.samples import (
    CLOSED_NEWSLETTER,
    EDITION,
    EMPTY_NEWSLETTER,
    FEED_PAGE,
    FRONT_PAGE,
    LISTING,
    NEWSLETTER,
)
from tests.rendering.givens import MONDAY, SITE, TEMPLATES, URL, Page, entry

PEOPLE = (Person("Ann"), Person("Bo"), Person("Cy"))
TALK = Enclosure(address=URL + "talk.mp3", media_type="audio/mpeg", length=12_345, title="Rede")


def full():
    return entry(authors=PEOPLE, enclosures=(TALK,), corrections=(Correction(MONDAY, "x"),), tags=())


def site_in(language):
    return replace(SITE, language=language, direction="rtl" if language in {"ar", "he"} else "ltr", opml_url=URL + "o")


def pages(language, templates=TEMPLATES):
    """Return every kind of page of a site in a language."""
    site = site_in(language)
    made = [entry_page(full(), site, templates), not_found_page(site, templates)]
    made += [
        listing_page(view, site, templates) for view in (LISTING, FEED_PAGE, FRONT_PAGE, replace(LISTING, entries=()))
    ]
    made += [newsletter_page(view, site, templates) for view in (NEWSLETTER, CLOSED_NEWSLETTER, EMPTY_NEWSLETTER)]
    made += [
        edition_page(EDITION, site, templates),
        redirect_page(site, templates, old_url=URL + "old/", new_url=URL + "new/"),
        withdrawn_page(site, templates, url=URL + "old/", withdrawn_at=MONDAY),
    ]
    return [page.decode() for page in made]


def test_words_dates_numbers_names_and_sizes_are_those_of_the_language():
    page = Page(entry_page(full(), site_in("de"), TEMPLATES).decode())
    assert "Von Ann, Bo und Cy" in "".join(page.texts["span"])
    assert "12,3 kB" in " ".join(page.texts["span"])
    assert {"Korrektur", "Zu diesem Artikel", "Als Feed abonnieren"} <= set(page.texts["h2"])


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "pt-PT", "ar", "he", "ja", "ko", "zh", "zh-Hant"])
def test_no_english_is_left_on_any_page(language):
    english = (
        "Skip to",
        "Follow",
        "Newer",
        "Older",
        "Newest",
        "Archive",
        "Licence",
        "By ",
        "Correction",
        "file",
        "page<",
        "All tags",
        "All feeds",
        "Past",
    )
    for page, ours in zip(pages(language), pages("en"), strict=True):
        assert [word for word in english if word in page and word in ours] == []


def test_kicker_is_said_in_the_language_and_one_of_a_sites_own_stays():
    assert "Schlagwort" in listing_page(LISTING, site_in("de"), TEMPLATES).decode()
    assert ">Serie<" in listing_page(replace(LISTING, kicker="Serie"), site_in("de"), TEMPLATES).decode()


def test_number_of_an_archive_page_is_written_in_the_digits_of_the_place():
    view = replace(LISTING, page=12)
    assert Page(listing_page(view, site_in("ar-EG"), TEMPLATES).decode()).text("title").find("١٢") > 0


def test_words_of_a_sites_own_come_first(tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "de.po").write_text('msgid "Newsletter"\nmsgstr "Rundbrief"\n', encoding="utf-8")
    page = newsletter_page(NEWSLETTER, site_in("de"), open_templates(tmp_path)).decode()
    assert ('<p class="kicker">Rundbrief</p>' in page, "Ältere Ausgaben" in page) == (True, True)


def test_names_of_authors_cannot_be_markup():
    page = entry_page(entry(authors=(Person("<b>Ann</b>"), Person("Bo & Co"))), site_in("de"), TEMPLATES).decode()
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page
    assert "Bo &amp; Co" in page
    assert "<b>Ann" not in page
