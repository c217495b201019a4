"""Delivering, from the ledger to the mail server and back: who got what, who is tried again, who waits for a person.

Not here: what replies mean (tests/rules/test_replies.py), SMTP (tests/transports), what a message says
(test_deliver_messages.py), kills at any instant (tests/acceptance/test_killed_delivery.py).
"""

import os
import signal
import sys
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import update

from feeds.app.post import Post
from feeds.cli.told import exit_code
from feeds.model import DeliveryState
from feeds.rules.delivering import MOST_DOUBTS
from feeds.store import schema, suppressions
from feeds.store.suppressions import Suppression
from feeds.transports.maildir import AT_ONCE
from tests.acceptance.mail_givens import (
    by_smtp,
    deliveries,
    leave,
    letters_in,
    pause,
    readers,
    run,
    standing,
    states,
)
from tests.jobs.post_givens import (
    ANN,
    BOB,
    DAY,
    EDITION,
    MINUTE,
    MONDAY,
    change_subscriber,
    delivered,
    delivery,
)
from tests.transports.givens import CLOSE, ScriptedServer

SENT, QUEUED, DEFERRED = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.DEFERRED
UNBUILDABLE, IN_DOUBT = DeliveryState.UNBUILDABLE, DeliveryState.IN_DOUBT
CANCELLED, SUPPRESSED = DeliveryState.CANCELLED, DeliveryState.SUPPRESSED
NO_ADDRESS = "no body@inbox.example"  # nothing that the door lets in; it may come from a store that was mended by hand


def arrived(site):
    """Count the letters in the maildir by recipient."""
    return Counter(letter.recipient for letter in letters_in(site.folder / "var" / "maildir"))


# ---- all is well ----


def test_everybody_is_sent_the_edition_once_and_a_repeat_changes_nothing(paper, server):
    site = paper(by_smtp(server))
    assert delivered(site).counts == {SENT: 2}
    before = deliveries(site)
    assert (delivered(site, MONDAY + DAY).counts, deliveries(site)) == ({}, before)
    assert Counter(letter.recipient for letter in server.taken) == {ANN: 1, BOB: 1}
    sent = delivery(site, ANN)
    assert (sent.attempts, sent.dated_at, sent.ended_at) == (1, MONDAY, MONDAY)
    assert (sent.reply_code, sent.reply_enhanced, sent.reply_text[:15]) == (250, "2.0.0", "2.0.0 queued as")


def test_who_left_paused_or_bounced_since_it_was_fixed_is_not_mailed(paper):
    cara, dan = "cara@inbox.example", "dan@inbox.example"
    site = paper("", ANN, BOB, cara, dan)
    leave(site, BOB)
    pause(site, cara, MONDAY + DAY)
    with site.app() as app, app.store.writing() as tx:
        why = Suppression(address_key=dan, reason="bounced", evidence="550 5.1.1", created_at=MONDAY)
        suppressions.add(tx, why)
    assert delivered(site).is_clean
    assert states(site) == {ANN: SENT, BOB: CANCELLED, cara: CANCELLED, dan: SUPPRESSED}
    assert arrived(site) == {ANN: 1}


# ---- one that cannot be sent ----


@pytest.mark.rule("T106")
def test_refused_reader_bounces_alone_with_what_the_server_said(desk, server):
    site = desk(by_smtp(server))
    server.refuses[BOB] = "550 5.1.1 no such user"
    report = delivered(site)
    assert (states(site), report.is_clean) == ({ANN: SENT, BOB: DeliveryState.BOUNCED}, True)
    assert report.problems == [(EDITION, BOB, DeliveryState.BOUNCED, "5.1.1 no such user")]
    bounced = delivery(site, BOB)
    assert (bounced.reply_code, bounced.reply_enhanced, bounced.attempts) == (550, "5.1.1", 1)


@pytest.mark.rule("T105")
@pytest.mark.rule("D12")
def test_deferred_reader_is_tried_again_when_due_and_not_before(paper, server):
    site = paper(by_smtp(server))
    server.refuses[BOB] = "451 4.2.1 come back later"
    delivered(site)
    assert (states(site), delivery(site, BOB).due_at) == ({ANN: SENT, BOB: DEFERRED}, MONDAY + 5 * MINUTE)
    assert delivered(site, MONDAY + 4 * MINUTE).counts == {}
    assert delivered(site, MONDAY + 5 * MINUTE).counts == {DEFERRED: 1}
    assert (delivery(site, BOB).attempts, delivery(site, BOB).due_at) == (2, MONDAY + 15 * MINUTE)
    server.refuses.clear()
    assert delivered(site, MONDAY + 15 * MINUTE).counts == {SENT: 1}
    assert Counter(letter.recipient for letter in server.taken) == {ANN: 1, BOB: 1}


@pytest.mark.rule("D12")
def test_reader_who_is_only_deferred_expires_after_five_days(desk, server):
    site = desk(by_smtp(server), BOB)
    server.refuses[BOB] = "451 4.2.1 come back later"
    ends, at = [], MONDAY
    while delivered(site, at).counts != {DeliveryState.EXPIRED: 1}:
        at = delivery(site, BOB).due_at
        ends.append(at)
    assert (states(site), delivered(site, at + DAY).counts) == ({BOB: DeliveryState.EXPIRED}, {})
    assert MONDAY + 5 * DAY <= at < MONDAY + 5 * DAY + timedelta(hours=4)
    assert len(ends) > 30


# ---- one that cannot be built ----


@pytest.mark.rule("T134")
def test_message_that_cannot_be_built_waits_with_its_reason_and_the_others_go_on(paper):
    site = paper()
    change_subscriber(site, BOB, address=NO_ADDRESS)
    report = delivered(site)
    assert (states(site), report.is_clean, report.held) == (
        {ANN: SENT, NO_ADDRESS: UNBUILDABLE},
        False,
        {UNBUILDABLE: 1},
    )
    waiting = delivery(site, NO_ADDRESS)
    assert (
        waiting.reply_text == f"MessageUnbuildable: To: {NO_ADDRESS!r} is not one word of at most 918 ASCII characters"
    )
    assert (waiting.reply_code, waiting.attempts, report.paused) == (None, 0, [])
    assert delivered(site, MONDAY + DAY).counts == {}


def spoiled(site, number):
    """Spoil the addresses of some readers; return what mends them."""
    broken = {key: key.replace("reader", "no body") for key in readers(number)}
    for key, address in broken.items():
        change_subscriber(site, key, address=address)
    return lambda: [change_subscriber(site, key, address=key) for key in broken]


@pytest.mark.rule("T134")
def test_more_than_one_in_a_hundred_pauses_the_edition_until_it_is_retried(paper):
    site = paper("", *readers(40))
    mend = spoiled(site, 30)
    report = delivered(site)
    assert (report.paused, report.is_clean) == ([EDITION], False)
    assert (standing(site)[UNBUILDABLE], standing(site)[QUEUED] > 0) == (2, True)
    assert delivered(site, MONDAY + DAY).paused == [EDITION]
    assert standing(site)[UNBUILDABLE] == 2
    mend()
    with site.app() as app:
        assert len(Post(app).retry(EDITION, states=[UNBUILDABLE])) == 2
    assert delivered(site, MONDAY + DAY).is_clean
    assert arrived(site) == dict.fromkeys(readers(40), 1)


@pytest.mark.rule("T134")
def test_paused_edition_is_given_up_by_cancelling_it(desk):
    site = desk("", *readers(4))
    spoiled(site, 4)
    delivered(site)
    with site.app() as app:
        Post(app).cancel(EDITION)
    assert (delivered(site, MONDAY + DAY).is_clean, standing(site)) == (True, {CANCELLED: 4})


def test_one_in_a_hundred_pauses_nothing(desk):
    site = desk("", *readers(3))
    spoiled(site, 1)
    assert (delivered(site).paused, standing(site)) == ([], {SENT: 2, UNBUILDABLE: 1})


def crashed_over(site, address):
    """Deliver in a process that dies when it comes to this reader's message; tell whether it did."""

    def die(frame, event, _):
        if event == "call" and frame.f_code.co_name == "_fill" and frame.f_locals["claimed"].address == address:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        sys.setprofile(die)
        with suppress(BaseException):
            delivered(site)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.rule("T136")
def test_message_over_which_two_workers_died_kills_no_third_and_is_set_aside_and_the_rest_goes_on(desk):
    everybody = readers(30)
    site = desk("", *everybody)
    assert [crashed_over(site, everybody[7]) for _ in range(3)] == [True, True, False]
    assert delivered(site).held == {UNBUILDABLE: 1}
    aside = delivery(site, everybody[7])
    assert (aside.state, aside.crashes, aside.reply_text) == (UNBUILDABLE, 2, "building it crashes the worker")
    assert arrived(site) == dict.fromkeys({*everybody} - {everybody[7]}, 1)


def test_message_over_which_workers_were_killed_and_which_can_be_built_goes_out(desk):
    site = desk("", *readers(3))
    with site.app() as app, app.store.writing() as tx:
        tx.execute(update(schema.deliveries).values(crashes=5))
    assert delivered(site).counts == {SENT: 3}


# ---- nobody knows ----


@pytest.mark.rule("T109")
@pytest.mark.rule("D2")
def test_what_is_in_doubt_is_held_until_a_person_says_send_it_again(paper):
    with ScriptedServer({"DOT": CLOSE}, {}) as server:
        site = paper(by_smtp(server), ANN)
        report = delivered(site)
        assert (report.counts, report.held, report.is_clean) == ({IN_DOUBT: 1}, {IN_DOUBT: 1}, False)
        assert (delivered(site, MONDAY + DAY).counts, len(server.bodies)) == ({}, 1)
        with site.app() as app:
            Post(app).resolve(EDITION, resend=True)
        assert delivered(site, MONDAY + 2 * DAY).counts == {SENT: 1}
        assert server.bodies[0] == server.bodies[1]
    assert (delivery(site, ANN).generation, delivery(site, ANN).dated_at) == (0, MONDAY)


def test_what_is_in_doubt_counts_as_sent_when_a_person_says_that_it_arrived(desk):
    with ScriptedServer({"DOT": CLOSE}) as server:
        site = desk(by_smtp(server), ANN)
        delivered(site)
        with site.app() as app:
            assert [one.address for one in Post(app).resolve(EDITION, resend=False)] == [ANN]
        assert (states(site), delivered(site, MONDAY + DAY).is_clean, len(server.bodies)) == ({ANN: SENT}, True, 1)


def test_what_is_in_doubt_is_sent_again_where_the_config_says_so(paper):
    with ScriptedServer({"DOT": CLOSE}, {}) as server:
        site = paper(by_smtp(server, "resend"), ANN)
        assert (delivered(site).counts, delivered(site, MONDAY + MINUTE).counts) == ({DEFERRED: 1}, {})
        assert delivered(site, MONDAY + 5 * MINUTE).counts == {SENT: 1}
        assert server.bodies[0] == server.bodies[1]


def test_server_that_takes_each_copy_and_never_says_so_is_not_sent_them_without_end(desk):
    with ScriptedServer({"DOT": CLOSE}) as server:
        site, at = desk(by_smtp(server, "resend"), ANN), MONDAY
        while delivered(site, at).counts:
            at += DAY
        assert len(server.bodies) == MOST_DOUBTS
    assert states(site) == {ANN: IN_DOUBT}


# ---- nothing can be sent ----


def assert_nobody_is_blamed(site):
    """Hold that everything is queued as if it had never been tried."""
    found = [listed.delivery for listed in deliveries(site)]
    assert {(one.state, one.attempts, one.reply_code, one.reply_text) for one in found} == {(QUEUED, 0, None, None)}
    assert len(found) == 2


@pytest.mark.rule("T107")
def test_server_that_is_not_there_blames_nobody_and_ends_with_7(paper):
    with ScriptedServer() as server:
        site = paper(by_smtp(server))
    outcome = run(site, MONDAY)
    assert str(server.port) in outcome.deliver.unusable
    assert (outcome.deliver.counts, outcome.is_clean, exit_code(outcome)) == ({}, False, 7)
    assert_nobody_is_blamed(site)


@pytest.mark.rule("T107")
def test_server_that_wants_a_login_blames_nobody(desk):
    with ScriptedServer({"MAIL": "530 5.7.0 authentication required"}) as server:
        site = desk(by_smtp(server))
        assert "authentication required" in delivered(site).unusable
    assert_nobody_is_blamed(site)


def test_mail_goes_by_the_next_server_where_the_first_cannot_be_used(paper, server):
    with ScriptedServer() as gone:
        pass
    site = paper(by_smtp(gone) + fallback(server))
    report = delivered(site)
    assert (report.counts, report.unusable, [*report.passed_over]) == ({SENT: 2}, "", ["smtp"])
    assert {listed.delivery.transport for listed in deliveries(site)} == {"reserve"}


def test_where_no_server_can_be_used_nobody_is_blamed(paper):
    with ScriptedServer() as gone, ScriptedServer() as other:
        pass
    report = delivered(paper(by_smtp(gone) + fallback(other)))
    assert ([*report.passed_over], str(other.port) in report.unusable) == (["smtp", "reserve"], True)
    assert 'check [[fallbacks]] "reserve" host and port' in report.unusable
    assert "check [transport] host and port" in report.passed_over["smtp"]


def fallback(server):
    return f'[[fallbacks]]\nslug = "reserve"\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\n'


def test_maildir_that_cannot_be_written_blames_nobody(desk):
    site = desk()
    (site.folder / "var" / "maildir").write_text("in its place")
    assert "nothing can be stored there" in delivered(site).unusable
    assert_nobody_is_blamed(site)
    (site.folder / "var" / "maildir").unlink()
    assert delivered(site).counts == {SENT: 2}


def test_server_that_falls_silent_again_and_again_is_left_alone(desk):
    with ScriptedServer({"RCPT": CLOSE}) as server:
        site = desk(by_smtp(server, connections=1), *readers(30))
        report = delivered(site)
    assert "took nothing 5 times in a row" in report.unusable
    assert standing(site) == {DEFERRED: 5, QUEUED: 25}


def test_server_that_takes_messages_and_says_nothing_costs_two_readers_a_run(desk):
    with ScriptedServer({"DOT": CLOSE}) as server:
        site = desk(by_smtp(server, connections=1), *readers(30))
        report = delivered(site)
    assert "fell silent behind 2 messages" in report.unusable
    assert standing(site) == {IN_DOUBT: 2, QUEUED: 28}


def test_server_that_is_too_busy_for_everyone_is_left_alone(desk):
    with ScriptedServer({"MAIL": "421 4.3.2 too busy"}) as server:
        site = desk(by_smtp(server, connections=1), *readers(30))
        report = delivered(site)
    assert "took nothing 5 times in a row" in report.unusable
    assert standing(site) == {DEFERRED: 5, QUEUED: 25}


@pytest.mark.parametrize(
    "refusal", [{"RCPT": "554 5.7.1 Relay access denied"}, {"DOT": "550 5.7.26 unauthenticated"}, {"MAIL": "452 4.3.1"}]
)
def test_server_that_has_something_against_us_costs_no_reader_the_edition(desk, refusal):
    with ScriptedServer(refusal) as server:
        site = desk(by_smtp(server, connections=1), *readers(30))
        report = delivered(site)
    assert "took nothing" in report.unusable
    found = standing(site)
    assert 5 <= found[DEFERRED] == 30 - found[QUEUED] <= 7


@pytest.mark.rule("T122")
def test_asked_to_stop_it_sends_nothing_more_and_gives_its_claims_back(paper):
    site = paper("", *readers(30))
    with site.app() as app:
        report = Post(app).deliver(should_stop=lambda: arrived(site).total() > 0)
    sent = arrived(site).total()
    assert (report.stopped, report.counts, 0 < sent <= AT_ONCE) == (True, {SENT: sent}, True)
    assert standing(site) == {SENT: sent, QUEUED: 30 - sent}
    assert delivered(site).counts == {SENT: 30 - sent}
    assert arrived(site) == dict.fromkeys(readers(30), 1)
