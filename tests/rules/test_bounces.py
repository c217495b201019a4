"""What a failure means is decided by what it proves: a dead address at once, trouble by its days, ours never.

Not here: finding it in a report (test_bounces_reading.py).
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.model import Phase, Reply
from feeds.model.bounces import Kind, Reason
from feeds.rules.bounces import MOST_SAID, Patience, failure_of, is_enough, judge

MONDAY = datetime(2024, 11, 25, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PATIENCE = Patience(limit=4, within=timedelta(days=60))
HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def of(said, **more):
    found = judge(said, **more)
    return found.kind, found.reason


# ---- at once ----


@pytest.mark.rule("M8")
@pytest.mark.parametrize("said", ["550 5.1.1 who?", "556 5.1.10 null MX", "550 No such user here", "553 user unknown"])
def test_address_that_is_not_there_is_dead(said):
    assert of(said) == (Kind.HARD, Reason.USER_UNKNOWN)


def test_status_proves_it_where_the_words_say_nothing():
    assert of("delivery failed", status="5.1.1") == (Kind.HARD, Reason.USER_UNKNOWN)


@pytest.mark.parametrize("said", ["450 4.1.1 user unknown", "450 user unknown", "user unknown"])
def test_address_is_not_dead_for_now_or_on_hearsay(said):
    assert of(said)[0] is Kind.SOFT


def test_another_address_behind_the_readers_may_be_one_of_several():
    assert of("550 5.1.1 user unknown", is_theirs=False) == (Kind.SOFT, Reason.USER_UNKNOWN)


@pytest.mark.parametrize("said", ["550 mailbox unavailable", "550 rejected", "554 5.0.0 failed", "550", "", "5.5.0"])
def test_plain_refusal_proves_nothing(said):
    assert of(said) == (Kind.SOFT, Reason.OTHER)


# ---- about us ----


@pytest.mark.rule("M8")
@pytest.mark.parametrize("detail", [0, 1, 8, 25, 26, 133, 606])
def test_policy_says_nothing_of_the_reader(detail):
    assert of(f"550 5.7.{detail} user unknown") == (Kind.ABOUT_US, Reason.POLICY)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("554 Service unavailable; Client host [192.0.2.7] blocked using a list", Reason.SPAM),
        ("550 message rejected as spam", Reason.SPAM),
        ("550 poor reputation of the sender", Reason.SPAM),
        ("550 DMARC failure", Reason.POLICY),
        ("550 relaying denied", Reason.POLICY),
        ("552 5.3.4 too big", Reason.SIZE),
        ("552 5.2.3 exceeds limit", Reason.SIZE),
        ("552 message size exceeds fixed maximum", Reason.SIZE),
        ("554 5.6.0 bad content", Reason.CONTENT),
        ("553 5.1.8 sender address rejected", Reason.POLICY),
        ("450 4.7.1 try later", Reason.POLICY),
    ],
)
def test_what_is_ours_to_mend_is_about_us(said, reason):
    assert of(said) == (Kind.ABOUT_US, reason)


def test_words_against_a_code_neither_prove_nor_excuse():
    assert of("550 5.1.1 rejected by policy") == (Kind.SOFT, Reason.POLICY)


@pytest.mark.parametrize("name", ["spam@x.example", "spam.filter.example said:", "https://junk.example/policy/"])
def test_names_are_no_words(name):
    assert of(f"550 5.1.1 {name} user unknown") == (Kind.HARD, Reason.USER_UNKNOWN)


# ---- trouble ----


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("552 5.2.2 full", Reason.MAILBOX_FULL),
        ("550 mailbox is full", Reason.MAILBOX_FULL),
        ("552 user has exceeded his disk quota", Reason.MAILBOX_FULL),
        ("550 5.2.1 off", Reason.MAILBOX_DISABLED),
        ("550 account has been suspended", Reason.MAILBOX_DISABLED),
        ("550 5.1.2 bad host", Reason.HOST_UNKNOWN),
        ("554 5.4.4 nxdomain", Reason.HOST_UNKNOWN),
        ("550 domain not found", Reason.HOST_UNKNOWN),
        ("4.4.7 expired", Reason.EXPIRED),
        ("451 4.3.0 out of order", Reason.EXPIRED),
        ("message could not be delivered for 5 days", Reason.EXPIRED),
        ("554 5.4.6 loop", Reason.UNREACHABLE),
        ("connection refused", Reason.UNREACHABLE),
    ],
)
def test_trouble_is_named_and_only_counts(said, reason):
    assert of(said) == (Kind.SOFT, reason)


@pytest.mark.parametrize("said", ["from 5.1.1.1", "at 1.5.1.1", "15.1.1", "version 5.1"])
def test_address_of_a_host_is_no_code(said):
    assert of(said) == (Kind.SOFT, Reason.OTHER)


# ---- enough ----


def soft(*days, reason=Reason.MAILBOX_FULL):
    return [(MONDAY + day * DAY, reason) for day in days]


def test_limit_of_days_is_enough_and_not_before():
    assert not is_enough(soft(0, 7, 14), PATIENCE)
    assert is_enough(soft(0, 7, 14, 21), PATIENCE)


def test_bounces_of_one_day_count_once():
    burst = [(MONDAY + timedelta(minutes=n), Reason.MAILBOX_FULL) for n in range(50)]
    assert not is_enough(burst, PATIENCE)


def test_domain_that_is_gone_is_enough_sooner_and_never_at_once():
    gone = soft(0, 7, 14, reason=Reason.HOST_UNKNOWN)
    assert not is_enough(gone[:2], Patience(10, timedelta(days=60)))
    assert is_enough(gone, Patience(10, timedelta(days=60)))
    assert not is_enough([*gone[:2], *soft(14)], Patience(10, timedelta(days=60)))


# ---- refused at once ----


def reply(code=550, enhanced="5.1.1", text="5.1.1 no such user", phase=Phase.RECIPIENT):
    return Reply(code, enhanced, text, phase)


@pytest.mark.rule("M8")
def test_refusal_that_proves_a_dead_address_is_a_hard_failure():
    for refusal in (reply(), reply(enhanced=None, text="no such user")):
        found = failure_of(refusal)
        assert (found.kind, found.reason) == (Kind.HARD, Reason.USER_UNKNOWN)


@pytest.mark.parametrize(
    "other",
    [
        reply(450, "4.1.1", "4.1.1 later"),
        reply(550, "5.7.1", "5.7.1 go away, user unknown"),
        reply(552, "5.2.2", "5.2.2 full"),
        reply(phase=Phase.SENDER),
        reply(550, None, "no"),
        reply(0, None, "lost"),
        reply(250, "2.1.5", "ok"),
    ],
)
def test_no_other_answer_is_one(other):
    found = failure_of(other)
    assert found is None or found.kind is not Kind.HARD


def test_only_a_refusal_of_the_recipient_is_a_failure():
    assert failure_of(reply(552, "5.2.2", "5.2.2 full")).reason is Reason.MAILBOX_FULL
    assert failure_of(reply(phase=Phase.SENDER)) is None
    assert failure_of(reply(451, None, "later")) is None


# ---- whatever is said ----


@given(some.text(max_size=3000), some.text(max_size=20))
def test_whatever_is_said_gets_a_kind_and_is_kept_as_one_harmless_line(said, status):
    found = judge(said, status=status)
    assert found.kind in {Kind.HARD, Kind.SOFT, Kind.ABOUT_US}
    assert not HARMFUL.search(found.said)
    assert len(found.said) <= MOST_SAID
