"""Readers join, leave and rest: each step recorded, nobody woken who left, and a repeat changes nothing.

Not here: the rules of consent (tests/rules/test_consent.py), the commands (tests/cli/test_cli_subscribers.py).
"""

from collections import Counter
from dataclasses import replace

import pytest

from feeds.config import load_config
from feeds.errors import UsageWrong
from feeds.jobs.subscribe import (
    Terms,
    forget,
    import_subscribers,
    known_newsletters,
    list_subscribers,
    mailbox_of,
    pause,
    subscribe,
    terms_of,
    unsubscribe,
)
from feeds.model import SubscriptionState
from feeds.rules.consent import Way
from feeds.store import subscribers, suppressions
from feeds.store.suppressions import Suppression
from tests.site_fixtures import CONFIG
from tests.store.givens import DAY, MONDAY, read, write

ANN = "Ann@x.example"
FLOORS = {"weekly": MONDAY - 7 * DAY, "daily": MONDAY - DAY}
WEEKLY = Terms(newsletters=("weekly",), floors=FLOORS, wording="At the fair.", by=Way.ADD, origin="operator")
BOTH = replace(WEEKLY, newsletters=("weekly", "daily"))
LIST = replace(BOTH, by=Way.IMPORT)
ROWS = "e-mail,name\nann@x.example,Ann\nbob@x.example,Bob\n"


@pytest.fixture
def config(tmp_path):
    daily = '[[newsletters]]\nslug = "daily"\ntitle = "Daily"\nfrom = "daily@gazette.example"\n'
    (tmp_path / "config.toml").write_text(f"{CONFIG}\n{daily}")
    return load_config(tmp_path / "config.toml", {})


@pytest.fixture
def bring(store, tmp_path):
    """Give what imports a file into the store."""

    def bring_in(text=ROWS, terms=LIST, *, now=MONDAY, **how):
        (tmp_path / "readers.csv").write_text(text, encoding="utf-8")
        return import_subscribers(store, tmp_path / "readers.csv", terms, now=now, **how)

    return bring_in


def join(store, address=ANN, terms=WEEKLY, *, name="", now=MONDAY):
    return subscribe(store, mailbox_of(address, name), terms, now=now)


def leave(store, address=ANN, newsletters=(), *, now=MONDAY + DAY):
    return unsubscribe(store, mailbox_of(address), newsletters, now=now, by="operator")


def suppress(store, address=ANN):
    why = Suppression(address_key=address.lower(), reason="bounced", evidence="550 5.1.1", created_at=MONDAY)
    write(store, suppressions.add, why)


def standing(store):
    """Return (address, newsletter) → state."""
    return {(who.address, one.newsletter): one.state.value for who, one, _ in list_subscribers(store)}


def everything(store):
    """Return all that is kept of readers, but for their random ids."""
    rows = list(list_subscribers(store))
    events = {who.id: read(store, subscribers.list_consent_events, who.id) for who, _, _ in rows}
    return [
        (
            replace(who, id=""),
            replace(one, subscriber_id=""),
            [replace(event, subscriber_id="") for event in events[who.id]],
        )
        for who, one, _ in rows
    ]


def steps(store, address=ANN):
    subscriber = read(store, subscribers.get_by_key, address.lower())
    events = read(store, subscribers.list_consent_events, subscriber.id)
    return [(event.newsletter, event.event.value, event.origin, event.wording) for event in events]


# ---- by hand ----


def test_reader_is_subscribed_with_the_wording_of_their_consent(store):
    report = join(store, terms=BOTH, name="Ann")
    assert (report.added, report.is_complete) == ([(ANN, "weekly"), (ANN, "daily")], True)
    assert steps(store) == [
        ("weekly", "confirmed", "operator", "At the fair."),
        ("daily", "confirmed", "operator", "At the fair."),
    ]


def test_id_of_a_subscriber_is_random_and_short(store):
    join(store)
    join(store, "bob@x.example")
    ids = {who.id for who, _, _ in list_subscribers(store)}
    assert [len(bytes.fromhex(one)) for one in ids] == [8, 8]


@pytest.mark.rule("T16")
def test_other_letter_case_is_the_same_reader_mailed_as_first_spelled(store):
    join(store)
    assert join(store, "ANN@X.example", BOTH).already_there == 1
    assert standing(store) == {(ANN, "weekly"): "active", (ANN, "daily"): "active"}


def test_adding_twice_changes_nothing(store):
    join(store, name="Ann")
    before = everything(store)
    assert join(store, now=MONDAY + DAY).already_there == 1
    assert everything(store) == before


def test_name_given_by_hand_replaces_the_known_one(store):
    join(store, name="Ann")
    join(store, name="Ann Lee")
    join(store)
    assert [who.name for who, _, _ in list_subscribers(store)] == ["Ann Lee"]


def test_who_has_left_stays_so_until_it_is_said_again(store):
    join(store)
    leave(store)
    assert join(store).stays_ended == [(ANN, "weekly")]
    assert standing(store) == {(ANN, "weekly"): "ended"}
    report = join(store, terms=replace(WEEKLY, again=True), now=MONDAY + 2 * DAY)
    assert (report.renewed, standing(store)) == ([(ANN, "weekly")], {(ANN, "weekly"): "active"})
    assert [event for _, event, _, _ in steps(store)] == ["confirmed", "ended", "confirmed"]


@pytest.mark.rule("T97")
def test_suppressed_address_is_not_subscribed_and_the_reason_is_told(store):
    suppress(store)
    report = join(store, terms=replace(BOTH, again=True))
    assert (report.suppressed, report.is_complete) == ([(ANN, "bounced: 550 5.1.1")], False)
    assert (standing(store), read(store, subscribers.find_by_key, "ann@x.example")) == ({}, None)


def test_who_was_forgotten_comes_back_only_when_it_is_said_again(store):
    join(store, name="Ann")
    leave(store)
    forget(store, mailbox_of(ANN), now=MONDAY)
    assert join(store, terms=BOTH, name="Ann Lee").stays_ended == [(ANN, "weekly"), (ANN, "daily")]
    assert read(store, subscribers.find_by_key, "ann@x.example") is None
    join(store, "ann@x.example", replace(BOTH, again=True), name="Ann Lee")
    back = read(store, subscribers.get_by_key, "ann@x.example")
    assert (back.name, back.address, back.forgotten_at) == ("Ann Lee", "ann@x.example", None)
    assert standing(store) == dict.fromkeys([("ann@x.example", "weekly"), ("ann@x.example", "daily")], "active")
    assert read(store, subscribers.count_forgotten) == 1
    assert read(store, suppressions.find, "ann@x.example") is None


def test_what_is_no_address_is_said(config):
    with pytest.raises(UsageWrong, match="'ann': An email address must have an @-sign; expected"):
        mailbox_of("ann")


def test_unknown_newsletter_is_answered_with_the_known_ones(config):
    with pytest.raises(UsageWrong, match="no newsletter 'dayly'; known are: weekly, daily"):
        known_newsletters(config, ["weekly", "dayly"])


def test_newsletter_named_twice_counts_once(config):
    assert known_newsletters(config, ["weekly", "daily", "weekly"]) == ("weekly", "daily")


def test_consent_must_say_something(config):
    assert terms_of(config, ["weekly"], consent=" At the\nfair. ", by=Way.ADD, now=MONDAY).wording == "At the fair."
    with pytest.raises(UsageWrong, match="consent: it is empty"):
        terms_of(config, ["weekly"], consent=" ", by=Way.ADD, now=MONDAY)


# ---- from a file ----


def test_import_subscribes_everybody_and_says_where_they_came_from(store, bring):
    report = bring()
    assert (len(report.added), report.is_clean) == (4, True)
    assert set(standing(store).values()) == {"active"}
    assert steps(store)[0] == ("weekly", "confirmed", "import of readers.csv", "At the fair.")


def test_refused_rows_are_named_and_the_others_go_in(store, bring):
    report = bring("ann@x.example\nnobody\nbob@x.example\nANN@x.example\n")
    assert [line for line, _, _ in report.refused] == [2]
    assert report.duplicates == [(4, "ANN@x.example")]
    assert {address for address, _ in standing(store)} == {"ann@x.example", "bob@x.example"}


@pytest.mark.rule("T97")
def test_import_wakes_nobody_who_left_bounced_or_was_forgotten(store, bring):
    for name in ("ann", "bob", "cyd"):
        join(store, f"{name}@x.example")
    for name in ("ann", "cyd"):
        leave(store, f"{name}@x.example")
    suppress(store, "bob@x.example")
    forget(store, mailbox_of("cyd@x.example"), now=MONDAY)
    before = everything(store)
    report = bring(
        "".join(f"{name}@x.example\n" for name in ("ann", "bob", "cyd")), replace(LIST, newsletters=("weekly",))
    )
    assert report.stays_ended == [("ann@x.example", "weekly"), ("cyd@x.example", "weekly")]
    assert report.suppressed == [("bob@x.example", "bounced: 550 5.1.1")]
    assert everything(store) == before


def test_import_renames_nobody(store, bring):
    join(store, "ann@x.example", name="Ann Lee")
    bring()
    assert {who.name for who, _, _ in list_subscribers(store)} == {"Ann Lee", "Bob"}


@pytest.mark.rule("T96")
def test_dry_run_says_what_would_happen_and_writes_nothing(store, bring):
    join(store, "ann@x.example")
    before = everything(store)
    dry = bring(dry_run=True)
    assert everything(store) == before
    wet = bring()
    assert replace(dry, dry_run=False) == wet
    assert (len(wet.added), wet.already_there) == (3, 1)


def test_import_that_was_killed_half_way_and_repeated_ends_the_same(store, bring):
    many = "".join(f"r{n:04}@x.example\n" for n in range(600))

    def kill(what):
        raise KeyboardInterrupt(what)

    with pytest.raises(KeyboardInterrupt, match="line 500"):
        bring(many, progress=kill)
    assert Counter(newsletter for _, newsletter in standing(store)) == {"weekly": 500, "daily": 500}
    assert bring(many).already_there == 1000
    repeated = everything(store)
    assert len(repeated) == 1200
    assert {len(events) for _, _, events in repeated} == {2}
    assert len(bring(many, now=MONDAY + DAY).added) == 0
    assert everything(store) == repeated


def test_file_that_cannot_be_taken_says_why(store, bring, tmp_path):
    assert "it is empty" in bring("").problem
    with pytest.raises(UsageWrong, match=r"none\.csv: it cannot be read: No such file"):
        import_subscribers(store, tmp_path / "none.csv", LIST, now=MONDAY)


# ---- leaving and resting ----


def test_who_leaves_one_newsletter_keeps_the_others(store):
    join(store, terms=BOTH)
    report = leave(store, "ann@X.example", ["weekly"])
    assert (report.ended, report.absent) == (["weekly"], [])
    assert standing(store) == {(ANN, "weekly"): "ended", (ANN, "daily"): "active"}
    assert steps(store)[-1] == ("weekly", "ended", "operator", "")


def test_who_leaves_without_naming_one_leaves_all(store):
    join(store, terms=BOTH)
    leave(store, newsletters=["weekly"])
    report = leave(store, now=MONDAY + 2 * DAY)
    assert (report.ended, report.had_ended) == (["daily"], ["weekly"])
    assert {one.ended_at for _, one, _ in list_subscribers(store)} == {MONDAY + DAY, MONDAY + 2 * DAY}


def test_leaving_what_one_never_had_is_said(store):
    join(store)
    assert leave(store, newsletters=["daily"]).absent == ["daily"]
    with pytest.raises(UsageWrong, match="no subscriber has the address"):
        leave(store, "bob@x.example")


def test_active_subscriptions_rest_until_an_instant(store):
    join(store, terms=BOTH)
    leave(store, newsletters=["daily"])
    report = pause(store, mailbox_of(ANN), (), until=MONDAY + 9 * DAY, now=MONDAY)
    assert (report.paused, report.inactive) == (["weekly"], ["daily"])
    rests = {one.newsletter: one.paused_until for _, one, _ in list_subscribers(store)}
    assert rests == {"weekly": MONDAY + 9 * DAY, "daily": None}


def test_instant_that_is_over_ends_the_rest(store):
    join(store)
    for until in (MONDAY + DAY, MONDAY):
        report = pause(store, mailbox_of(ANN), ["weekly"], until=until, now=MONDAY)
    assert (report.until, report.paused) == (None, ["weekly"])
    assert [one.paused_until for _, one, _ in list_subscribers(store)] == [None]


def test_subscriptions_can_be_listed_by_newsletter_and_state(store):
    join(store, terms=BOTH)
    leave(store, newsletters=["weekly"])
    found = list(list_subscribers(store, newsletter="daily", state=SubscriptionState.ACTIVE))
    assert [(who.address, one.newsletter, wording) for who, one, wording in found] == [(ANN, "daily", "At the fair.")]
