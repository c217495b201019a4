"""A region that has one time zone, or one that is meant, tells it.

Not here: the form that it is suggested in (tests/web/test_reader_asking.py).
"""

import pytest

from feeds.rendering.regions import zone_of_region


@pytest.mark.parametrize(
    ("region", "zone"),
    [
        ("IE", "Europe/Dublin"),
        ("JP", "Asia/Tokyo"),
        ("DE", "Europe/Berlin"),
        ("PT", "Europe/Lisbon"),
        ("UA", "Europe/Kyiv"),
        ("US", ""),
        ("BR", ""),
        ("XX", ""),
        ("", ""),
    ],
)
def test_region_tells_its_zone_where_there_is_one_that_is_meant(region, zone):
    assert zone_of_region(region) == zone
