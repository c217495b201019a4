"""What a server's answer makes of a delivery.

Not here: servers that give such answers (tests.transports).
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.model import Phase, Reply
from feeds.rules.replies import (
    FIRST_WAIT,
    LIFETIME,
    LONGEST_WAIT,
    Outcome,
    Verdict,
    is_about_domain,
    is_about_server,
    is_about_us,
    verdict,
    wait_after,
)

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
    assert outcome(200) is outcome(299) is Outcome.SENT


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
@pytest.mark.parametrize("code", [500, 550, 551, 553, 554, 556])
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


# ---- two codes that contradict each other, and codes that mean two things ----

EVERYWHERE, BEHIND_THE_SENDER = [*Phase], [Phase.RECIPIENT, Phase.BODY, Phase.END]


@pytest.mark.parametrize("phase", EVERYWHERE)
@pytest.mark.parametrize(("code", "enhanced"), [(550, "4.2.2"), (554, "4.4.7"), (450, "5.1.1"), (452, "5.2.2")])
def test_refusal_is_final_only_where_both_codes_say_so(code, enhanced, phase):
    assert outcome(code, phase, enhanced=enhanced) is Outcome.DEFERRED
    assert not is_about_us(Reply(code, enhanced, "", phase))


@pytest.mark.parametrize("enhanced", ["4.0.0", "5.1.1"])
def test_message_that_was_taken_is_sent_whatever_the_second_code_says(enhanced):
    assert outcome(250, enhanced=enhanced) is Outcome.SENT


@pytest.mark.parametrize(
    ("phase", "enhanced", "becomes"),
    [
        (Phase.RECIPIENT, None, Outcome.DEFERRED),
        (Phase.RECIPIENT, "5.5.3", Outcome.DEFERRED),
        (Phase.RECIPIENT, "5.2.2", Outcome.BOUNCED),
        (Phase.RECIPIENT, "5.3.4", Outcome.BOUNCED),
        (Phase.END, None, Outcome.BOUNCED),
        (Phase.BODY, "5.5.3", Outcome.BOUNCED),
    ],
)
def test_552_to_a_recipient_may_mean_that_there_were_too_many(phase, enhanced, becomes):
    assert outcome(552, phase, enhanced=enhanced) is becomes


def test_other_codes_never_mean_too_many_recipients():
    assert outcome(551, Phase.RECIPIENT, enhanced="5.5.3") is Outcome.BOUNCED


@pytest.mark.parametrize("enhanced", ["5.2.2", "5.7.0"])
def test_552_to_our_sender_is_about_us_where_it_is_not_about_size(enhanced):
    assert is_about_us(Reply(552, enhanced, "", Phase.SENDER))
    assert not is_about_us(Reply(552, None, "", Phase.SENDER))


@pytest.mark.parametrize("phase", BEHIND_THE_SENDER)
@pytest.mark.parametrize(
    ("code", "enhanced", "said"),
    [(550, "5.7.1", "no"), (554, "5.7.26", "unauthenticated"), (554, None, "Relay access denied"), (550, None, "spam")],
)
def test_policy_waits_until_we_mend_it(code, enhanced, said, phase):
    reply = Reply(code, enhanced, said, phase)
    assert verdict(reply, attempt=1, queued_at=MONDAY, now=MONDAY).outcome is Outcome.DEFERRED
    assert (is_about_server(reply), is_about_domain(reply), is_about_us(reply)) == (True, False, False)


# ---- whom a reply is about ----


@pytest.mark.parametrize("phase", BEHIND_THE_SENDER)
@pytest.mark.parametrize(
    ("code", "enhanced"),
    [
        *((450, "4.7.1"), (451, "4.4.1"), (451, "4.4.2"), (451, "4.3.0"), (452, "4.3.1"), (421, "4.7.0")),
        *((450, "4.1.2"), (421, None), (450, "5.7.1"), (554, "4.7.1"), (400, "4.4.5")),
    ],
)
def test_system_network_and_policy_of_a_domain_put_off_all_of_it(code, enhanced, phase):
    assert is_about_domain(Reply(code, enhanced, "later", phase))
    assert not is_about_domain(Reply(code, enhanced, "later", Phase.SENDER))


@pytest.mark.parametrize("phase", BEHIND_THE_SENDER)
@pytest.mark.parametrize(
    ("code", "enhanced"),
    [
        *((450, None), (450, "4.1.1"), (450, "4.2.1"), (452, "4.2.2"), (452, "4.5.3"), (451, "4.6.0"), (450, "4.1.20")),
        *((550, "5.1.1"), (550, "5.1.2"), (550, "5.4.1"), (554, "5.3.0"), (250, "2.0.0"), (530, "4.7.0")),
    ],
)
def test_what_is_about_one_address_or_final_puts_off_nobody_else(code, enhanced, phase):
    assert not is_about_domain(Reply(code, enhanced, "", phase))


def test_silence_is_about_the_domain_where_the_recipient_was_just_named():
    silent = {phase: Reply(0, None, "no answer within 60 seconds", phase) for phase in Phase}
    assert [phase for phase in Phase if is_about_domain(silent[phase])] == [Phase.RECIPIENT]
    assert all(map(is_about_server, silent.values()))


@pytest.mark.parametrize(
    ("code", "enhanced"), [(400, None), (421, None), (450, "4.1.8"), (451, "4.7.1"), (452, "4.3.1"), (550, "4.7.1")]
)
def test_server_that_refuses_before_it_knows_for_whom_says_nothing_of_readers(code, enhanced):
    assert is_about_server(Reply(code, enhanced, "", Phase.SENDER))


@pytest.mark.parametrize("phase", BEHIND_THE_SENDER)
@pytest.mark.parametrize(
    ("code", "enhanced"), [(450, "4.7.1"), (550, "4.7.1"), (550, "5.1.1"), (552, "5.3.4"), (250, None)]
)
def test_what_is_said_of_a_recipient_is_not_about_the_server(code, enhanced, phase):
    assert not is_about_server(Reply(code, enhanced, "", phase))


@pytest.mark.parametrize(("code", "enhanced"), [(250, None), (399, None), (552, None), (554, "5.3.4")])
def test_server_that_takes_a_sender_or_finds_one_message_too_large_is_not_away(code, enhanced):
    assert not is_about_server(Reply(code, enhanced, "", Phase.SENDER))


@pytest.mark.parametrize("code", [421, 503, 521, 530])
def test_server_that_leaves_or_wants_a_login_is_meant_itself_in_every_phase(code):
    assert all(is_about_server(Reply(code, None, "", phase)) for phase in Phase)


# ---- any server, over all its days ----

ENHANCED = some.none() | some.builds(
    "{}.{}.{}".format, some.sampled_from("245"), some.integers(0, 9), some.integers(0, 30)
)
CODES = some.just(0) | some.integers(200, 599)
REPLIES = some.builds(Reply, CODES, ENHANCED, some.text(max_size=40), some.sampled_from(Phase))
MOST_ATTEMPTS = 6 + LIFETIME // LONGEST_WAIT + 1


@pytest.mark.rule("D12")
@given(
    some.lists(REPLIES, min_size=MOST_ATTEMPTS, max_size=MOST_ATTEMPTS),
    some.lists(some.timedeltas(timedelta(0), timedelta(days=1)), min_size=MOST_ATTEMPTS, max_size=MOST_ATTEMPTS),
)
def test_delivery_comes_to_an_end_whatever_is_said_and_is_never_tried_too_soon_nor_too_late(replies, lateness):
    now, waits = MONDAY, []
    for attempt, (reply, late) in enumerate(zip(replies, lateness, strict=True), 1):
        found = verdict(reply, attempt=attempt, queued_at=MONDAY, now=now)
        if found.outcome is not Outcome.DEFERRED:
            break
        waits.append(found.retry_at - now)
        assert now < MONDAY + LIFETIME
        assert found.retry_at <= MONDAY + LIFETIME + LONGEST_WAIT
        now = found.retry_at + late
    else:
        raise AssertionError("it is still being tried")
    assert waits == [min(FIRST_WAIT * 2**number, LONGEST_WAIT) for number in range(len(waits))]


@given(REPLIES)
def test_what_is_surely_ours_is_about_the_server_and_never_costs_a_reader(reply):
    if is_about_us(reply):
        assert is_about_server(reply)
        assert verdict(reply, attempt=1, queued_at=MONDAY, now=MONDAY).outcome is Outcome.DEFERRED
    assert not (is_about_us(reply) and is_about_domain(reply))


@given(REPLIES)
def test_only_what_waits_is_about_a_domain(reply):
    if is_about_domain(reply):
        assert verdict(reply, attempt=1, queued_at=MONDAY, now=MONDAY).outcome is Outcome.DEFERRED
