"""A reader has a newsletter by a private feed in place of mail, and goes back: nothing is missed, nothing comes twice.

Not here: the page (tests/web/test_reader_doors.py), which entries a feed holds (tests/rules/test_fed.py).
"""

import pytest

from feeds.app.post import Post
from feeds.jobs.private_feeds import Standing, note_given, open_feed
from feeds.jobs.subscribe.doors import Door, change_door, own_address
from feeds.model import DeliveryState
from feeds.rules.private_tokens import private_token
from feeds.store import keys, subscribers
from tests.acceptance.mail_givens import run
from tests.jobs.choice_givens import at, got, wish
from tests.jobs.compose_givens import begun
from tests.jobs.post_givens import (
    ANN,
    BACKENDS,
    BOB,
    DAY,
    HOUR,
    MONDAY,
    WEEK,
    delivery,
    fixed,
    printed,
    site_on,
)


@pytest.fixture(params=BACKENDS)
def paper(request):
    """Give a paper with two articles to bring on Monday, on either database."""
    site, store = site_on(request.param, request)
    site.configure(store)
    return begun(site)


def goes_by(site, door, now, address=ANN):
    """Have the weekly come another way to a reader; tell whether it comes at all."""
    with site.app() as app, app.store.writing() as tx:
        return change_door(tx, held(tx, address), door, now=now)


def held(tx, address=ANN, newsletter="weekly"):
    who = subscribers.get_by_key(tx, address).id
    return subscribers.list_subscriptions(tx, [who])[who, newsletter]


def token(site, now, address=ANN):
    """Return the token of a reader's own address of the weekly's feed, None where they have none."""
    with site.app() as app, app.store.writing() as tx:
        own = own_address(tx, held(tx, address))
        return own and private_token(own, keys.current(tx, at=now))


def opened(site, text, now):
    with site.app() as app:
        return open_feed(app.config, app.store, text, now=now)


def fetched(site, now, address=ANN):
    """Return the keys of the entries that a feed reader gets, as if it took them."""
    with site.app() as app:
        found = open_feed(app.config, app.store, token(site, now, address), now=now)
        note_given(app.store, found, now=now)
    names = {entry.id: entry.key.removesuffix(".md") for entry in site.entries().values()}
    return [names[entry_id] for entry_id, _ in found.held]


def fresh(site, key, now):
    site.article(f"{key}.md", title=f"All about {key}", date=f"{now:%Y-%m-%d %H:%M}")
    printed(site, now + HOUR)


def test_feed_brings_what_mail_would_have_brought_and_no_mail_comes(paper):
    assert goes_by(paper, Door.FEED, at("11-24"))
    run(paper, MONDAY)
    assert got(paper, ANN) == []
    assert got(paper, BOB) == [("weekly/2024-11-25T07:00", ["ferry", "pier"])]
    assert fetched(paper, MONDAY) == ["ferry", "pier"]


def test_who_goes_back_gets_by_mail_what_the_feed_has_not_given_and_nothing_twice(paper):
    goes_by(paper, Door.FEED, at("11-24"))
    run(paper, at("11-24"))
    assert fetched(paper, at("11-24", "08:00")) == ["ferry", "pier"]
    run(paper, MONDAY)
    fresh(paper, "tide", MONDAY + DAY)  # this one the feed reader never asked for
    goes_by(paper, Door.MAIL, MONDAY + 2 * DAY)
    run(paper, MONDAY + WEEK)
    assert got(paper, ANN) == [("weekly/2024-12-02T07:00", ["tide"])]
    assert got(paper, BOB)[-1] == ("weekly/2024-12-02T07:00", ["tide"])


def test_who_never_looked_at_the_feed_misses_nothing_by_going_back(paper):
    goes_by(paper, Door.FEED, at("11-24"))
    run(paper, MONDAY)
    run(paper, MONDAY + WEEK)
    goes_by(paper, Door.MAIL, MONDAY + WEEK + DAY)
    run(paper, MONDAY + 2 * WEEK)
    assert got(paper, ANN) == [("weekly/2024-12-09T07:00", ["ferry", "pier"])]


def test_what_was_queued_is_taken_back_and_the_feed_brings_it(site):
    fixed(site)
    goes_by(site, Door.FEED, MONDAY)
    assert delivery(site, ANN).state is DeliveryState.CANCELLED
    assert delivery(site, BOB).state is DeliveryState.QUEUED
    assert fetched(site, MONDAY) == ["ferry"]


def test_what_is_composed_at_that_very_moment_is_not_sent(site):
    fixed(site)
    with site.app() as app, app.store.writing() as tx:  # as it is where the queue comes to be behind the change
        subscribers.mark_by_feed(tx, (held(tx).subscriber_id, "weekly"), since=MONDAY)
    with site.app() as app:
        Post(app).deliver()
    assert delivery(site, ANN).state is DeliveryState.CANCELLED
    assert delivery(site, BOB).state is DeliveryState.SENT


def test_feed_holds_what_the_reader_chose(site):
    begun(site)
    site.article("quay.md", title="The quay", date="2024-11-23 15:00", tags="[Weather]", section="Quays")
    printed(site, at("11-23", "18:00"))
    goes_by(site, Door.FEED, at("11-24"))
    wish(site, ANN, mute=["weather"])
    assert fetched(site, at("11-24")) == ["ferry", "pier"]
    wish(site, ANN, mute=[], follow=["section/quays"])
    assert fetched(site, at("11-24")) == ["quay"]


@pytest.mark.rule("T80")
def test_address_leads_to_the_feed_only_while_it_comes_so(site):
    begun(site)
    goes_by(site, Door.FEED, at("11-24"))
    first = token(site, MONDAY)
    goes_by(site, Door.ANEW, at("11-24", "08:00"))
    second = token(site, MONDAY)
    assert opened(site, first, MONDAY) is Standing.ENDED
    assert opened(site, second, MONDAY).feed.title == "The Harbour Weekly"
    goes_by(site, Door.MAIL, at("11-24", "09:00"))
    goes_by(site, Door.FEED, at("11-24", "10:00"))
    third = token(site, MONDAY)
    assert [opened(site, one, MONDAY) for one in (first, second)] == [Standing.ENDED] * 2
    assert opened(site, third, MONDAY).feed.title == "The Harbour Weekly"
    assert len({first, second, third}) == 3


@pytest.mark.rule("T84")
def test_address_ends_with_the_subscription_and_a_new_one_does_not_wake_it(site):
    begun(site)
    goes_by(site, Door.FEED, at("11-24"))
    old = token(site, MONDAY)
    with site.app() as app, app.store.writing() as tx:
        subscribers.end(tx, (held(tx).subscriber_id, "weekly"), at=MONDAY, by="reader")
    assert opened(site, old, MONDAY) is Standing.ENDED
    site.now = MONDAY
    with site.app() as app, app.store.writing() as tx:
        pair = held(tx).subscriber_id, "weekly"
        subscribers.mark_active(tx, [pair], at=MONDAY, floors={"weekly": MONDAY})
    assert (opened(site, old, MONDAY), token(site, MONDAY)) == (Standing.ENDED, None)


def test_address_holds_where_the_newsletter_has_another_name_by_now(site):
    begun(site)
    goes_by(site, Door.FEED, at("11-24"))
    run(site, at("11-24"))
    text = token(site, MONDAY)
    assert fetched(site, MONDAY) == ["ferry", "pier"]
    file = site.folder / "config.toml"
    renamed = file.read_text().replace('slug = "weekly"', 'slug = "sunday"\nrenamed_from = "weekly"')
    file.write_text(renamed)
    run(site, MONDAY + HOUR)
    found = opened(site, text, MONDAY + HOUR)
    assert (len(found.held), found.fresh.entry_ids) == (2, ())


def test_who_has_left_goes_by_no_feed(site):
    begun(site)
    with site.app() as app, app.store.writing() as tx:
        subscribers.end(tx, (held(tx).subscriber_id, "weekly"), at=MONDAY, by="reader")
    assert not goes_by(site, Door.FEED, MONDAY)
    assert token(site, MONDAY) is None
