from xml.etree import ElementTree as ET

import pytest

from feeds.rendering.sitemaps import SITEMAP_LIMIT, sitemap, sitemap_index
from feeds.rendering.views import Place
from tests.rendering.givens import MONDAY, URL

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PLACES = Place(URL + "a/?x=1&y=2", MONDAY), Place(URL)


@pytest.mark.parametrize(
    ("render", "root", "element"), [(sitemap, "urlset", "url"), (sitemap_index, "sitemapindex", "sitemap")]
)
def test_sitemap_lists_addresses_and_when_they_changed(render, root, element):
    tree = ET.fromstring(render(PLACES))
    told = [[node.text for node in each] for each in tree.findall(SPACE + element)]
    assert tree.tag == SPACE + root
    assert told == [[URL + "a/?x=1&y=2", "2026-11-23T07:00:00Z"], [URL]]


def test_sitemap_holds_no_more_than_the_protocol_allows():
    assert sitemap(Place(URL) for _ in range(SITEMAP_LIMIT + 1)).count(b"<loc>") == SITEMAP_LIMIT


def test_empty_sitemap_is_well_formed_and_says_what_made_it():
    assert ET.fromstring(sitemap([])).tag == SPACE + "urlset"
    assert b"Printed by Pressrun" in sitemap_index([])
