"""Read back by three parsers, the three documents of a feed say the same of every entry as the store does.

``make agreement`` asks it of ten thousand entries. Not here: how they are compared (agreement), whether documents are
valid (test_judged_documents).
"""

import pytest

from tests.formats.agreement import CANNOT, WHAT, disagreements, of_articles
from tests.formats.givens import json_feed, varied


@pytest.mark.rule("F2")
@pytest.mark.rule("F8")
@pytest.mark.rule("F18")
def test_three_parsers_agree_on_every_fact_of_a_thousand_entries_in_three_formats(tmp_path):
    assert list(disagreements([*varied(), *of_articles(range(993))], tmp_path)) == []


def test_what_a_parser_cannot_carry_is_one_thing_and_no_more():
    unable = {(parser, name): set(facts) for (parser, name), facts in CANNOT.items() if set(facts) != set(WHAT)}
    assert unable == {("reader", name): {"tags"} for name in ("rss", "atom", "json")}


@pytest.mark.rule("F2")
def test_parsers_see_what_the_store_holds():
    said = [(item["id"], item["url"], item["title"], item["date_published"]) for item in json_feed(*varied())["items"]]
    assert said == [(one.id, one.url, one.title, one.published_at.isoformat()) for one in varied()]
