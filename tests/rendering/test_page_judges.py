"""The front page and the pages that lead to all of something, before judges of HTML and of accessibility.

At two widths, light and dark, in English and in Arabic. Not here: mail (test_mail_judges.py), readers' pages
(tests/acceptance/test_readers_walk.py).
"""

from dataclasses import replace

import pytest

from feeds.rendering.pages import directory_page, listing_page
from feeds.rendering.samples import ARABIC, FRONT_PAGE, LINKS, SITE
from tests.judges import html_validate, vnu
from tests.rendering.givens import TEMPLATES
from tests.rendering.test_layout import styled
from tests.rendering.test_mail_judges import judged

WIDTHS = 375, 1280


def pages():
    """Return the pages by name."""
    arabic = replace(SITE, language="ar", direction="rtl")
    return {
        f"{name}-{site.language}": styled(page)
        for site, entries in ((SITE, FRONT_PAGE.entries), (arabic, (ARABIC, ARABIC)))
        for name, page in (
            ("front", listing_page(replace(FRONT_PAGE, entries=entries), site, TEMPLATES)),
            ("bare-front", listing_page(replace(FRONT_PAGE, entries=entries, contents=None), site, TEMPLATES)),
            ("directory", directory_page(LINKS, site, TEMPLATES, heading="Tags", url=f"{site.url}tags/")),
        )
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_them(tmp_path, scheme):
    documents = pages()
    documents["spoilt-en"] = documents["front-en"].replace('labelledby="tags-title"', 'labelledby="feeds-title"')
    found = judged(tmp_path, {name: (html, WIDTHS) for name, html in documents.items()}, dark=scheme == "dark")
    said = {name: [finding["id"] for finding in each["findings"]] for name, each in found.items() if each["findings"]}
    assert said == {f"spoilt-en at {width}": ["landmark-unique"] for width in WIDTHS}
    assert all("color-contrast" in each["held"] for each in found.values())


def test_judges_of_html_find_nothing_on_them(tmp_path):
    files = [tmp_path / f"{name}.html" for name in pages()]
    for file, html in zip(files, pages().values(), strict=True):
        file.write_text(html, encoding="utf-8")
    assert (vnu(files), html_validate(files, tmp_path)) == ([], [])
