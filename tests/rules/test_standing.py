from datetime import timedelta

import pytest

from feeds.model import State, WithdrawnBy
from feeds.rules.standing import first_updated_at, leaves_a_page, next_updated_at, state_of
from tests.rules.givens import NOW, article
from tests.store.givens import entry

DAY = timedelta(days=1)


@pytest.mark.rule("F12")
def test_draft_and_future_are_not_live():
    assert state_of(article("x", draft=True), published_at=NOW - DAY, now=NOW) is State.DRAFT
    assert state_of(article("x"), published_at=NOW + DAY, now=NOW) is State.SCHEDULED
    assert state_of(article("x"), published_at=NOW, now=NOW) is State.LIVE


@pytest.mark.rule("F12")
def test_promise_of_a_later_year_holds_back_what_cannot_be_dated():
    promises = article("x", date="01/02/2099")
    assert state_of(promises, published_at=NOW, now=NOW) is State.DRAFT
    assert state_of(promises, published_at=NOW, now=NOW.replace(year=2099)) is State.LIVE
    assert state_of(article("x", date="30 February 2026"), published_at=NOW, now=NOW) is State.LIVE


def test_new_entry_was_changed_when_it_says_or_when_it_was_published():
    says = article("x", updated=(NOW - DAY).isoformat())
    promises = article("x", updated=(NOW + DAY).isoformat())
    long_ago = NOW - 9 * DAY
    assert first_updated_at(says, published_at=long_ago, now=NOW) == NOW - DAY
    assert first_updated_at(promises, published_at=long_ago, now=NOW) == long_ago
    assert first_updated_at(says, published_at=NOW, now=NOW) == NOW


def test_edited_entry_was_changed_when_it_says_if_that_is_news_else_now():
    says = article("x", updated=(NOW - DAY).isoformat())
    old = {"published_at": NOW - 9 * DAY, "now": NOW}
    assert next_updated_at(says, before=NOW - 2 * DAY, **old) == NOW - DAY
    assert next_updated_at(says, before=NOW - DAY, **old) == NOW
    assert next_updated_at(article("x"), before=NOW, **old) == NOW + timedelta(seconds=1)


def corrected(at, **says):
    return article("x", corrections=[{"at": at.isoformat(), "text": "It was the mayor."}], **says)


def test_correction_counts_as_a_change_and_the_promise_of_one_does_not():
    long_ago = NOW - 9 * DAY
    assert first_updated_at(corrected(NOW - DAY), published_at=long_ago, now=NOW) == NOW - DAY
    assert first_updated_at(corrected(NOW + DAY), published_at=long_ago, now=NOW) == long_ago


def test_correction_behind_the_declared_change_is_the_later_one():
    says = corrected(NOW - DAY, updated=(NOW - 2 * DAY).isoformat())
    assert next_updated_at(says, before=NOW - 3 * DAY, published_at=NOW - 9 * DAY, now=NOW) == NOW - DAY
    assert next_updated_at(says, before=NOW - 2 * DAY, published_at=NOW - 9 * DAY, now=NOW) == NOW


@pytest.mark.rule("F12")
@pytest.mark.parametrize(
    "facts",
    [
        {"withdrawn_by": WithdrawnBy.SOURCE},
        {"state": State.LIVE, "withdrawn_by": None},
        {"live_at": None},
        {"article": article("x", access="members")},
        {"article": article("x", url="https://elsewhere.example/x")},
    ],
    ids=["gone", "live", "never live", "for members", "stands elsewhere"],
)
def test_only_what_an_operator_withdrew_and_everyone_could_read_leaves_a_page(facts):
    given = {"state": State.WITHDRAWN, "withdrawn_by": WithdrawnBy.OPERATOR, "live_at": NOW, "article": article("x")}
    assert leaves_a_page(entry(**given))
    assert not leaves_a_page(entry(**(given | facts)))
