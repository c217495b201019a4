"""The names of series, and what is read from them.

Not here: which series there are (test_preferences.py).
"""

import pytest

from feeds.rules.message_identity import edition_id, edition_part, edition_part_of, message_id
from feeds.rules.series import Series, folder_of, language_in, newsletter_of, renamed


@pytest.mark.parametrize(
    ("series", "name", "path"),
    [
        (Series("weekly"), "weekly", "weekly"),
        (Series("weekly", "day"), "weekly--day", "weekly/day"),
        (Series("weekly", "2 weeks"), "weekly--2-weeks", "weekly/2-weeks"),
        (Series("weekly", "", "de"), "weekly--de", "weekly/de"),
        (Series("weekly", "month", "pt-BR"), "weekly--month--pt-br", "weekly/month/pt-br"),
    ],
)
def test_name_and_folder_of_a_series(series, name, path):
    assert (series.name, newsletter_of(series.name)) == (name, "weekly")
    assert folder_of(series.name) == f"newsletters/{path}"
    assert series.is_own == (name == "weekly")


def test_language_of_a_series_is_told_by_its_name():
    known = ("en", "pt-BR")
    assert language_in("weekly--month--pt-br", known) == "pt-BR"
    assert language_in("en--month", known) == language_in("en", known) == ""


def test_series_keeps_what_stands_behind_the_slug_of_its_newsletter():
    assert renamed("weekly--day--de", "letter") == "letter--day--de"
    assert renamed("weekly", "letter") == "letter"


def test_messages_of_a_series_are_known_by_their_names():
    edition = edition_id("weekly--month--pt-br", "2026-11-23T07:00")
    name = message_id(edition, "ann", generation=0, host="x.example")
    assert edition_part(name) == edition_part_of(edition) == "weekly--month--pt-br.20261123T0700"
