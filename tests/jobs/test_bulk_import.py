"""Articles imported in bulk share a date, and yet no two entries share the time at which they were updated.

Not here: finding a free instant (tests/rules/test_instants.py).
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.site_fixtures import new_site

DATES = ("2024-11-20 08:00", "2024-11-20 08:00:02", "2024-11-20", None)


def updated(site):
    return {entry.key: entry.updated_at for entry in site.entries().values()}


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory, migrated_sqlite):
    """Give a maker of sites, each with a store of its own."""
    return lambda: new_site(tmp_path_factory.mktemp("bulk") / "site", migrated_sqlite)


@pytest.mark.rule("F20")
@settings(deadline=None, max_examples=10)
@given(st.lists(st.sampled_from(DATES), min_size=2, max_size=12), st.data())
def test_no_two_entries_of_a_bulk_import_share_their_updated_and_none_changes_it_unedited(empty_site, dates, data):
    site = empty_site()
    for number, date in enumerate(dates):
        site.write(
            f"a{number}.md", f"# Article {number}\n" if date is None else f"---\ndate: {date}\n---\n# A{number}\n"
        )
    site.sync()
    first = updated(site)
    assert len(set(first.values())) == len(dates)
    site.sync()
    assert updated(site) == first
    edited = data.draw(st.sets(st.sampled_from(sorted(first)), min_size=1))
    for key in edited:
        site.write(key, site.path(key).read_text() + "\nMore.\n")
    site.sync()
    second = updated(site)
    assert len(set(second.values())) == len(dates)
    assert {key for key in first if second[key] != first[key]} == edited


@pytest.mark.rule("F20")
def test_bulk_import_is_spread_by_seconds_from_its_date(site):
    for number in range(5):
        site.article(f"a{number}.md", date="2024-11-20 08:00")
    site.print()
    at = sorted(updated(site).values())
    assert at == [datetime(2024, 11, 20, 8, 0, second, tzinfo=UTC) for second in range(5)]
    said = [entry["updated"] for entry in site.feeds()["atom"]]
    assert len(set(said)) == 5
