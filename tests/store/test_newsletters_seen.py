"""What the store remembers of newsletters, and what moves along when one is renamed.

Not here: telling what is new, renamed or gone (tests/rules/test_newsletters.py).
"""

import pytest
from sqlalchemy import select, update

from feeds.errors import UsageWrong
from feeds.store import audience, deliveries, editions, newsletters, subscribers
from feeds.store.newsletters import Seen
from feeds.store.schema import newsletters_seen, subscriptions
from feeds.store.subscribers import ConsentEvent, Step
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import add_readers, compose, edition, subscribe

WEEKLY = Seen(slug="weekly", first_seen_at=MONDAY, floor_at=MONDAY - DAY)
AGREED = ConsentEvent(
    subscriber_id="ann", newsletter="weekly", event=Step.CONFIRMED, at=MONDAY, origin="add", wording="Yes."
)


@pytest.fixture
def seen(store):
    """Give a store that has seen one newsletter."""
    write(store, newsletters.add, "weekly", at=MONDAY, floor_at=MONDAY - DAY)
    return store


def on(store):
    """Return (reader, newsletter) of every subscription."""
    columns = subscriptions.c.subscriber_id, subscriptions.c.newsletter
    with store.reading() as tx:
        return {tuple(one) for one in tx.execute(select(*columns))}


def test_newsletter_is_remembered_from_when_it_was_first_there(seen):
    assert read(seen, newsletters.get, "weekly") == WEEKLY
    assert read(seen, newsletters.list_seen) == {"weekly": WEEKLY}


def test_newsletter_that_was_never_there_is_named(seen):
    with pytest.raises(UsageWrong, match="newsletter 'daily' was never in the config"):
        read(seen, newsletters.get, "daily")


def test_newsletter_may_be_gone_and_back(seen):
    write(seen, newsletters.mark_gone, "weekly", MONDAY)
    assert read(seen, newsletters.get, "weekly").gone_at == MONDAY
    write(seen, newsletters.mark_gone, "weekly", None)
    assert read(seen, newsletters.get, "weekly") == WEEKLY


def test_slot_that_was_decided_is_remembered_with_its_cadence(seen):
    write(seen, newsletters.add, "daily", at=MONDAY, floor_at=MONDAY)
    write(seen, newsletters.mark_decided, "weekly", slot=MONDAY + DAY, cadence="monday 07:00")
    found = read(seen, newsletters.list_seen)
    assert (found["weekly"].slot_at, found["weekly"].cadence) == (MONDAY + DAY, "monday 07:00")
    assert found["daily"].slot_at is None


def test_floor_rises_and_never_falls(seen):
    write(seen, newsletters.add, "daily", at=MONDAY, floor_at=MONDAY)
    for floor in (MONDAY + DAY, MONDAY):
        write(seen, newsletters.raise_floor, "weekly", floor)
        assert read(seen, newsletters.get, "weekly").floor_at == MONDAY + DAY
    assert read(seen, newsletters.get, "daily").floor_at == MONDAY


def test_floor_rises_from_none(seen):
    with seen.writing() as tx:
        tx.execute(update(newsletters_seen).values(floor_at=None))
    write(seen, newsletters.raise_floor, "weekly", MONDAY)
    assert read(seen, newsletters.get, "weekly").floor_at == MONDAY


# ---- renaming ----


def test_renamed_newsletter_keeps_its_memory(seen):
    write(seen, newsletters.mark_decided, "weekly", slot=MONDAY + DAY, cadence="monday 07:00")
    write(seen, newsletters.rename, "weekly", "harbour")
    found = read(seen, newsletters.list_seen)
    assert found["weekly"].renamed_to == "harbour"
    assert found["harbour"] == Seen(
        slug="harbour",
        first_seen_at=MONDAY,
        floor_at=MONDAY - DAY,
        slot_at=MONDAY + DAY,
        cadence="monday 07:00",
    )


def test_newsletter_that_was_gone_is_not_gone_under_its_new_name(seen):
    write(seen, newsletters.mark_gone, "weekly", MONDAY)
    write(seen, newsletters.rename, "weekly", "harbour")
    assert read(seen, newsletters.get, "harbour").gone_at is None


def test_renamed_newsletter_takes_its_readers_and_their_consent_along(seen):
    add_readers(seen, "ann")
    add_readers(seen, "bob", newsletter="daily")
    write(seen, subscribers.add_consent_events, [AGREED])
    write(seen, newsletters.rename, "weekly", "harbour")
    assert on(seen) == {("ann", "harbour"), ("bob", "daily")}
    assert [one.newsletter for one in read(seen, subscribers.list_consent_events, "ann")] == ["harbour"]


def test_renamed_newsletter_takes_its_editions_along_and_numbers_on(seen):
    add_readers(seen, "ann")
    of, other = compose(seen, "ann"), compose(seen, of=edition(newsletter="daily"))
    write(seen, newsletters.rename, "weekly", "harbour")
    assert read(seen, editions.get, "harbour/1").id == of.id  # the name that its messages went by
    assert read(seen, editions.list_slots, "harbour") == {of.slot}
    assert read(seen, editions.next_number, "harbour") == 2
    assert read(seen, editions.list_all, newsletter="daily") == [other]


def test_what_readers_have_had_is_had_under_the_new_name_too(seen):
    add_readers(seen, "ann")
    compose(seen, "ann")
    write(seen, newsletters.rename, "weekly", "harbour")
    held = read(seen, editions.holding, ["urn:ferry"], newsletter="harbour")
    had = read(seen, audience.list_had, {selection: one.edition_id for selection, one in held.items()}, among=["ann"])
    assert had == {"ann": frozenset(held)}


def test_what_is_queued_is_delivered_under_the_new_name(seen):
    add_readers(seen, "ann")
    compose(seen, "ann")
    write(seen, newsletters.rename, "weekly", "harbour")
    of = read(seen, editions.get, "harbour/1")
    (claimed,) = write(seen, deliveries.claim, of, worker="w1", now=MONDAY, limit=9)
    assert (claimed.delivery.subscriber_id, claimed.subscription) == ("ann", "active")


def test_reader_who_is_on_the_new_name_already_keeps_both(seen):
    add_readers(seen, "ann", "bob")
    subscribe(seen, "ann", newsletter="harbour")
    write(seen, newsletters.rename, "weekly", "harbour")
    assert on(seen) == {("ann", "weekly"), ("ann", "harbour"), ("bob", "harbour")}


def test_newsletter_may_be_renamed_back(seen):
    add_readers(seen, "ann")
    write(seen, newsletters.rename, "weekly", "harbour")
    write(seen, newsletters.rename, "harbour", "weekly")
    assert read(seen, newsletters.get, "weekly") == WEEKLY
    assert read(seen, newsletters.get, "harbour").renamed_to == "weekly"
    assert on(seen) == {("ann", "weekly")}


def test_name_that_was_given_away_begins_anew(seen):
    write(seen, newsletters.rename, "weekly", "harbour")
    write(seen, newsletters.add, "weekly", at=MONDAY + DAY, floor_at=MONDAY)
    assert read(seen, newsletters.get, "weekly") == Seen(slug="weekly", first_seen_at=MONDAY + DAY, floor_at=MONDAY)
    assert read(seen, newsletters.get, "harbour").first_seen_at == MONDAY


def test_floor_falls_to_below_what_somebody_lacks_again(seen):
    write(seen, newsletters.raise_floor, "weekly", MONDAY + 10 * DAY)
    write(seen, newsletters.lower_floor, "weekly", [(MONDAY + 3 * DAY, MONDAY), (MONDAY + 2 * DAY, MONDAY - 90 * DAY)])
    floor = read(seen, newsletters.get, "weekly").floor_at
    assert MONDAY + DAY < floor < MONDAY + 2 * DAY


def test_floor_stays_where_nothing_is_below_it(seen):
    for times in ([(MONDAY + 3 * DAY, MONDAY)], []):
        write(seen, newsletters.lower_floor, "weekly", times)
    write(seen, newsletters.lower_floor, "never seen", [(None, MONDAY - 9 * DAY)])
    assert read(seen, newsletters.get, "weekly").floor_at == MONDAY - DAY


def test_newsletter_is_found_by_any_name_that_it_had(store):
    write(store, newsletters.add, "weekly", at=MONDAY, floor_at=MONDAY)
    write(store, newsletters.rename, "weekly", "sunday")
    write(store, newsletters.rename, "sunday", "review")
    assert [read(store, newsletters.current_slug, slug) for slug in ("weekly", "sunday", "review", "daily")] == [
        "review",
        "review",
        "review",
        "daily",
    ]
