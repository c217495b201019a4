"""A browser tells whose page sent a form, in what it sends by itself.

Not here: which forms that is asked of (tests/web).
"""

import pytest

from feeds.rules.cross_site import is_foreign

SITE = "https://gazette.example/news/"
EVIL = "https://evil.example"


@pytest.mark.rule("T87")
@pytest.mark.parametrize(
    ("fetch_site", "origin", "foreign"),
    [
        ("same-origin", "null", False),
        ("none", "", False),
        ("cross-site", "null", True),
        ("same-site", "https://shop.gazette.example", True),
        ("same-origin", EVIL, False),  # a proxy may have another name for us; browsers do not lie here
        ("cross-site", "https://gazette.example", True),
        ("anything", "", True),
        ("", "", False),
        ("", "null", False),
        ("", "https://gazette.example", False),
        ("", "https://GAZETTE.example:443", False),
        ("", "http://gazette.example", True),
        ("", "https://gazette.example:8443", True),
        ("", EVIL, True),
        ("", "https://gazette.example.evil.example", True),
        ("", "https://[", True),
        ("", "https://gazette.example:x", True),
    ],
)
def test_page_of_another_site_is_told_from_ours_and_from_programs(fetch_site, origin, foreign):
    assert is_foreign(fetch_site, origin, site_url=SITE) == foreign
