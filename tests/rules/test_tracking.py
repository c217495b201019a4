"""Links lose what only follows readers around, and nothing else.

Not here: which links are cleaned (test_printing).
"""

import pytest

from feeds.rules.tracking import without_tracking

PAGE = "https://a.example/p"


@pytest.mark.rule("F23")
@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?utm_source=x&utm_medium=mail", ""),
        ("?id=7&utm_campaign=x", "?id=7"),
        ("?fbclid=x&id=7&gclid=y#part", "?id=7#part"),
        ("?UTM_Source=x#part", "#part"),
        ("?mc_cid=1&mc_eid=2&q=a+b%20c", "?q=a+b%20c"),
        ("?utm_source", ""),
        ("?a=1&utm_x&b=2", "?a=1&b=2"),
        ("?gclid#part", "#part"),
    ],
)
def test_parameters_that_track_readers_are_taken_out(query, left):
    assert without_tracking(PAGE + query) == PAGE + left


@pytest.mark.rule("F23")
@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        PAGE + "?",
        PAGE + "?pk=7&hsa=1&ref=home&source=x",
        PAGE + "?a=1&&b=?utm_x=1",
        PAGE + "#?utm_source=x",
        PAGE + "?q=utm_source",
        PAGE + "?utm_a?b=1",
        PAGE + "?gclid-x=1&my_gclid=2",
        "mailto:ann@g.example?subject=utm_source",
        "mailto:ann@g.example?utm_source=x",
    ],
)
def test_every_other_address_stays_as_it_is(address):
    assert without_tracking(address) == address
