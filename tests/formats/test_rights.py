"""Who holds the rights: words stay words, the address of a licence becomes a link to it.

Not here: where they come from (front matter, config).
"""

import pytest

from feeds.formats.names import ATOM, CC, DC
from tests.formats.givens import atom, entry, rss

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
WORDS = "© 2026 Harbour & Shore"


def test_words_on_a_feed_are_its_copyright():
    assert rss(entry(), rights=WORDS).findtext("copyright") == WORDS
    assert atom(entry(), rights=WORDS).findtext(ATOM + "rights") == WORDS


def test_words_on_an_entry_are_its_rights():
    assert rss(entry(rights=WORDS)).findtext(f"item/{DC}rights") == WORDS
    assert atom(entry(rights=WORDS)).findtext(f"{ATOM}entry/{ATOM}rights") == WORDS


@pytest.mark.parametrize(("of_feed", "of_entry"), [(LICENCE, ""), ("", LICENCE)])
def test_address_of_a_licence_is_a_link(of_feed, of_entry):
    channel, feed = rss(entry(rights=of_entry), rights=of_feed), atom(entry(rights=of_entry), rights=of_feed)
    place, node = (channel, feed) if of_feed else (channel.find("item"), feed.find(ATOM + "entry"))
    assert place.findtext(CC + "license") == LICENCE
    assert node.find(f"{ATOM}link[@rel='license']").get("href") == LICENCE
    assert channel.find("copyright") is None


def test_nothing_said_is_nothing_written():
    channel = rss(entry())
    assert channel.find("copyright") is None
    assert channel.find(f"item/{DC}rights") is None
