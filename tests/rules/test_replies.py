"""What a server's answer makes of a delivery.

Not here: servers that give such answers (tests.transports).
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.model import Phase, Reply
from feeds.rules.replies import LIFETIME, LONGEST_WAIT, Outcome, Verdict, is_about_us, verdict, wait_after

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BEFORE_THE_DOT = [Phase.SENDER, Phase.RECIPIENT, Phase.BODY]


def after(code, phase=Phase.END, *, enhanced=None, attempt=1, late=timedelta(0)):
    reply = Reply(code, enhanced, "as the server said", phase)
    return verdict(reply, attempt=attempt, queued_at=MONDAY, now=MONDAY + late)


def outcome(code, phase=Phase.END, **more):
    return after(code, phase, **more).outcome


def test_deferred_delivery_waits_twice_as_long_each_time_up_to_four_hours():
    waits = [wait_after(n) / timedelta(minutes=1) for n in range(1, 9)]
    assert waits == [5, 10, 20, 40, 80, 160, 240, 240]
    assert wait_after(10_000) == LONGEST_WAIT


def test_deferred_delivery_is_tried_again_after_its_wait():
    found = after(451, attempt=2, late=timedelta(hours=1))
    assert found == Verdict(Outcome.DEFERRED, retry_at=MONDAY + timedelta(hours=1, minutes=10))


def test_deferred_delivery_expires_after_five_days():
    assert outcome(421, attempt=40, late=LIFETIME - timedelta(seconds=1)) is Outcome.DEFERRED
    assert after(421, attempt=40, late=LIFETIME) == Verdict(Outcome.EXPIRED)
    assert outcome(0, Phase.BODY, late=LIFETIME) is Outcome.EXPIRED


def test_message_that_was_taken_is_sent_however_late():
    assert after(250) == Verdict(Outcome.SENT)
    assert outcome(250, late=2 * LIFETIME) is Outcome.SENT


@pytest.mark.rule("D10")
@pytest.mark.parametrize("phase", BEFORE_THE_DOT)
def test_silence_before_the_final_dot_means_not_sent(phase):
    assert outcome(0, phase) is Outcome.DEFERRED


@pytest.mark.rule("D10")
@pytest.mark.parametrize("code", [0, 354, 199, 300])
def test_silence_or_nonsense_after_the_final_dot_means_in_doubt(code):
    assert after(code) == Verdict(Outcome.IN_DOUBT)
    assert outcome(code, late=2 * LIFETIME) is Outcome.IN_DOUBT


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_temporary_refusal_means_later_in_every_phase(code, phase):
    assert outcome(code, phase) is Outcome.DEFERRED


@pytest.mark.rule("T106")
@pytest.mark.parametrize("phase", [Phase.RECIPIENT, Phase.BODY, Phase.END])
@pytest.mark.parametrize("code", [550, 551, 553, 554, 556])
def test_final_refusal_bounces(code, phase):
    assert after(code, phase) == Verdict(Outcome.BOUNCED)


@pytest.mark.rule("T107")
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("code", [502, 503, 521, 530, 534, 535, 538])
def test_server_that_wants_a_login_or_no_mail_costs_no_reader(code, phase):
    assert is_about_us(Reply(code, None, "authentication required", phase))
    assert outcome(code, phase) is Outcome.DEFERRED


def test_refused_sender_is_ours_to_mend():
    assert is_about_us(Reply(553, "5.7.1", "not your address", Phase.SENDER))
    assert not is_about_us(Reply(550, "5.1.1", "no such user", Phase.RECIPIENT))
    assert not is_about_us(Reply(450, "4.7.1", "slow down", Phase.SENDER))


@pytest.mark.rule("T117")
@pytest.mark.parametrize(("code", "enhanced"), [(552, None), (552, "5.3.4"), (554, "5.3.4"), (550, "5.2.3")])
def test_message_that_is_too_large_bounces_even_where_the_sender_is_named(code, enhanced):
    assert outcome(code, Phase.SENDER, enhanced=enhanced) is Outcome.BOUNCED


@given(some.integers(0, 599), some.sampled_from(Phase), some.integers(1, 10_000), some.timedeltas(timedelta(0)))
def test_only_what_is_deferred_has_a_time_and_only_the_dot_sends(code, phase, attempt, late):
    found = verdict(Reply(code, None, "", phase), attempt=attempt, queued_at=MONDAY - late % LIFETIME, now=MONDAY)
    assert (found.retry_at is not None) == (found.outcome is Outcome.DEFERRED)
    assert phase is Phase.END or found.outcome not in {Outcome.SENT, Outcome.IN_DOUBT}
