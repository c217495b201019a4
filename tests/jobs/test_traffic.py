"""Destinations and limits, from the config to the mail server, on either database.

Not here: the rules alone (tests/rules/test_destinations.py, test_allowance.py).
"""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from feeds.app.post import Post
from feeds.jobs.deliver.traffic import Traffic
from feeds.model import DeliveryState, Phase, Reply, SubscriptionState
from feeds.rules.allowance import Limits
from feeds.rules.destinations import FIRST_WINDOW, MOST_FAILURES
from feeds.store import deliveries as ledger
from feeds.store import editions, schema
from tests.acceptance.mail_givens import CONNECTIONS, by_smtp, cadence, readers, standing
from tests.jobs.notice_givens import notified
from tests.jobs.post_givens import BACKENDS, DAY, EDITION, MINUTE, MONDAY, delivered, deliveries, fixed, site_on

SENT, QUEUED, DEFERRED = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.DEFERRED
BUSY = [f"reader-{number:02}@busy.example" for number in range(20)]
LATER, POLICY = "451 4.3.0 come back later", "451 4.7.1 too much mail from you"
OF_MAILBOXES = "451 4.2.1 come back later"  # of which one says nothing of its domain, and five do


@pytest.fixture(params=BACKENDS)
def paper(request, server):
    """Give what starts a site on either database that mails by the server, with an edition that is not sent."""
    site, store = site_on(request.param, request)
    return lambda more, *addresses: fixed(site, by_smtp(server) + more + store, *addresses)


@pytest.fixture
def desk(site):
    """Give what starts such a site in SQLite that mails as it is told."""
    return lambda more, *addresses: fixed(site, more, *addresses)


@pytest.mark.rule("T105")
@pytest.mark.rule("T118")
@pytest.mark.rule("D12")
def test_destination_that_takes_nothing_rests_after_a_few_attempts_and_the_others_have_their_mail(paper, server):
    site = paper("", *BUSY, *readers(20))
    server.refuses |= dict.fromkeys(BUSY, OF_MAILBOXES)
    report = delivered(site)
    assert standing(site) == {SENT: 20, DEFERRED: 20}
    number, until, said = report.resting["busy.example"]
    assert (number >= 10, until, said) == (True, MONDAY + 5 * MINUTE, "4.2.1 come back later")
    assert {listed.delivery.due_at for listed in deliveries(site, DEFERRED)} == {MONDAY + 5 * MINUTE}
    tried = [listed for listed in deliveries(site, DEFERRED) if listed.delivery.attempts]
    assert MOST_FAILURES <= len(tried) < MOST_FAILURES + FIRST_WINDOW


def test_run_for_one_destination_ends_only_when_nothing_is_queued_however_fast_that_is(desk):
    site = desk("", *readers(400))
    with site.app() as app, app.store.writing() as tx:  # who left meanwhile is through at once
        tx.execute(update(schema.subscriptions).values(state=SubscriptionState.ENDED))
    assert delivered(site).counts == {DeliveryState.CANCELLED: 400}


@pytest.mark.rule("T105")
def test_destination_that_has_something_against_us_rests_at_once(paper, server):
    site = paper("", *BUSY)
    server.refuses |= dict.fromkeys(BUSY, POLICY)
    delivered(site)
    assert standing(site) == {DEFERRED: 20}
    tried = [listed for listed in deliveries(site) if listed.delivery.attempts]
    assert 1 <= len(tried) <= 2


@pytest.mark.rule("T105")
def test_destination_that_comes_to_rest_in_mid_send_is_spared_what_was_built_ahead(desk, server):
    crowd = [f"reader-{number:03}@busy.example" for number in range(200)]

    def look(_phase, _address):
        if len(server.taken) == 80:
            server.refuses |= dict.fromkeys(crowd, POLICY)

    server.look = look
    site = desk(by_smtp(server), *crowd)
    delivered(site)
    tried = [listed for listed in deliveries(site, DEFERRED) if listed.delivery.attempts]
    assert 1 <= len(tried) <= 3 * CONNECTIONS  # those that are with the transport, and few more


def test_destination_that_takes_a_message_at_once_with_refusing_another_does_not_rest(desk):
    site = desk("", *BUSY[:2])
    with site.app() as app, app.store.writing() as tx:
        edition = editions.get(tx, EDITION)
        refused, taken = ledger.claim(tx, edition, worker="worker", now=MONDAY, limit=2)
        traffic = Traffic(tx, "smtp", Limits(), now=MONDAY)
        traffic.end(refused, Reply(451, "4.7.1", "too much mail", Phase.RECIPIENT), MONDAY)
        traffic.end(taken, Reply(250, None, "ok", Phase.END), MONDAY)
        assert traffic.resting() == {}


def test_rest_is_remembered_across_runs_and_doubles(paper, server):
    site = paper("", *BUSY)
    server.refuses |= dict.fromkeys(BUSY, LATER)
    delivered(site)
    at = MONDAY + 5 * MINUTE
    assert delivered(site, at).resting["busy.example"][1] == at + 10 * MINUTE
    server.refuses.clear()
    assert delivered(site, at + timedelta(hours=5)).counts == {SENT: 20}


def test_hour_and_day_have_limits_that_hold_across_runs(paper, server):
    site = paper("per_hour = 8\nper_day = 12\n", *readers(20))
    first = delivered(site)
    assert (first.is_limited, standing(site)) == (True, {SENT: 8, QUEUED: 12})
    assert (delivered(site, MONDAY + 30 * MINUTE).counts, standing(site)[SENT]) == ({}, 8)
    delivered(site, MONDAY + 70 * MINUTE)
    assert standing(site) == {SENT: 12, QUEUED: 8}
    delivered(site, MONDAY + DAY + 90 * MINUTE)
    assert standing(site) == {SENT: 20}
    assert len(server.taken) == 20


def test_notice_goes_where_an_edition_has_used_up_its_hour(paper, server):
    site = paper("per_hour = 20\n", *readers(30))
    assert delivered(site).is_limited
    assert len(server.taken) <= 19
    notified(site, "ann@inbox.example")
    delivered(site, MONDAY + MINUTE)
    assert "ann@inbox.example" in {letter.recipient for letter in server.taken}
    assert len(server.taken) <= 20


def test_new_sender_warms_up_day_by_day(paper):
    site = paper("ramp = [2, 5]\n", *readers(20))
    sent = []
    for day in range(3):
        delivered(site, MONDAY + day * (DAY + MINUTE))
        sent.append(standing(site)[SENT])
    assert sent == [2, 7, 20]


def test_server_that_is_down_uses_up_no_allowance(desk, server):
    limits = "per_hour = 8\nramp = [8, 16]\n"
    down = by_smtp(server).replace(f"port = {server.port}", "port = 1")
    site = desk(down + limits, *readers(20))
    for day in range(3):
        assert delivered(site, MONDAY + day * DAY).unusable
    site.configure(cadence("monday") + by_smtp(server) + limits)
    assert delivered(site, MONDAY + 2 * DAY + MINUTE).counts == {SENT: 8}
    assert delivered(site, MONDAY + 2 * DAY + 90 * MINUTE).is_limited


def test_reader_who_left_uses_up_no_allowance(paper, server):
    site = paper("per_hour = 8\n", *readers(20))
    with site.app() as app, app.store.writing() as tx:
        first = select(schema.deliveries.c.subscriber_id).order_by(schema.deliveries.c.id).limit(12)
        gone = schema.subscriptions.c.subscriber_id.in_(list(tx.execute(first).scalars()))
        tx.execute(update(schema.subscriptions).where(gone).values(state=SubscriptionState.ENDED))
    delivered(site)
    assert standing(site) == {SENT: 8, DeliveryState.CANCELLED: 12}


def test_pace_is_kept(paper, server):
    site = paper("per_second = 20\n", *readers(20))
    begun = time.monotonic()
    with site.app() as app:
        app.clock = lambda: MONDAY + timedelta(seconds=time.monotonic() - begun)
        assert Post(app).deliver().counts == {SENT: 20}
    assert time.monotonic() - begun > 0.8


@pytest.mark.rule("T116")
def test_slow_destination_keeps_one_or_two_connections_and_the_others_go_on(paper, server):
    slow = [f"reader-{number:02}@slow.example" for number in range(6)]
    site = paper("", *slow, *readers(30))
    server.stalls |= {*slow}
    named, taken, held_up = [], [], []

    def look(phase, address):
        if phase == "RCPT" and address in slow:
            named.append(address)
        elif phase == "DOT" and address not in slow:
            taken.append(address)
            if len(taken) == 30:
                held_up.extend(named)
                server.stalls.clear()

    server.look = look
    delivered(site)
    assert len(held_up) <= FIRST_WINDOW
    assert standing(site) == {SENT: 36}
