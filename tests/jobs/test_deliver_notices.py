"""Notices from the ledger to the mail server and back: by the way of all mail, and before any edition.

Not here: what they say (tests/rendering/test_notices.py), kills (tests/acceptance/test_killed_delivery.py).
"""

import re
from datetime import UTC, datetime, timedelta

import pytest

from feeds.app.bounces import Bounces
from feeds.app.notices import send_notices
from feeds.app.post import Post
from feeds.app.readers import Readers
from feeds.model import DeliveryState, NoticeKind
from feeds.rules.message_identity import read_token
from feeds.store import notices, subscribers, suppressions
from feeds.store.suppressions import Suppression
from feeds.web.site import web_app
from tests.acceptance.mail_givens import by_smtp, deliveries, letters_in, pause, run
from tests.acceptance.sender_givens import with_keys
from tests.jobs.notice_givens import LINK, notified
from tests.jobs.post_givens import (
    ANN,
    BOB,
    DAY,
    EDITION,
    MONDAY,
    delivered,
)
from tests.jobs.test_deliver_messages import NAMES, names
from tests.transports.givens import CLOSE, ScriptedServer, real_server

SENT, QUEUED, BOUNCED = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.BOUNCED
NEW = "ann@new.example"
EVE = "eve@inbox.example"  # nobody's reader yet
OF_LISTS = {"List-Id", "List-Unsubscribe", "Precedence", "Feedback-ID"}


@pytest.fixture
def server():
    with real_server() as server:
        yield server


def states(site):
    """Return how each delivery stands, by what it is called and whom it goes to."""
    return {(listed.name, listed.address): listed.delivery.state for listed in deliveries(site)}


def taken(server):
    """Return what a server took, in its order: (recipient, return path, message)."""
    return [(one.rcpt_tos[0], one.mail_from, one.content) for one in server.taken]


# ---- on their way ----


def test_notices_go_before_editions_and_a_repeat_sends_nothing(paper, server):
    site = paper(by_smtp(server, connections=1))
    notified(site, EVE)
    report = delivered(site)
    assert (report.counts, report.is_clean) == ({SENT: 3}, True)
    first, *others = [recipient for recipient, _, _ in taken(server)]
    assert (first, sorted(others)) == (EVE, [ANN, BOB])
    assert states(site)["notices/confirm", EVE] is SENT
    assert delivered(site, MONDAY + DAY).counts == {}


def test_at_once_means_notices_and_leaves_editions_alone(paper):
    site = paper()
    notified(site, EVE)
    with site.app() as app:
        assert send_notices(app).counts == {SENT: 1}
    assert [letter.recipient for letter in letters_in(site.folder / "var" / "maildir")] == [EVE]
    assert states(site)[EDITION, ANN] is QUEUED


def test_press_run_sends_notices_too_and_counts_them_as_work(desk):
    site = desk()
    run(site, MONDAY + timedelta(minutes=1))
    notified(site, EVE)
    outcome = run(site, MONDAY + timedelta(minutes=2))
    assert outcome.deliver.counts == {SENT: 1}


def test_paused_edition_holds_no_notice_back(desk):
    site = desk()
    notified(site, EVE)
    with site.app() as app:
        Post(app).pause(EDITION)
    assert delivered(site).counts == {SENT: 1}
    assert states(site)["notices/confirm", EVE] is SENT


def test_web_pages_have_a_bell_to_ring(site):
    rung = []
    with site.app() as app:
        web_app(app.config, app.store, wake=lambda: rung.append(1)).state.wake()
        web_app(app.config, app.store).state.wake()  # without one nobody is woken
    assert rung == [1]


# ---- what they are ----


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind is not NoticeKind.WELCOME])
def test_notice_of_one_persons_own_affair_speaks_of_no_list(desk, server, kind):
    site = desk(by_smtp(server), BOB)
    notified(site, EVE, kind)
    delivered(site)
    recipient, _, message = taken(server)[0]
    assert (recipient, names(message)) == (EVE, [name for name in NAMES if name not in OF_LISTS])
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in message


def test_welcome_can_be_left_as_an_edition_can(desk, server):
    site = desk(by_smtp(server), ANN)
    notified(site, ANN, NoticeKind.WELCOME)
    delivered(site)
    _, _, message = taken(server)[0]
    assert names(message) == NAMES
    (field,) = [line for line in message.split(b"\r\n") if line.startswith(b"List-Unsubscribe: <mailto:weekly+u")]
    assert field[len("List-Unsubscribe: <") : -1].replace(b"=", b"=3D") in message.replace(b"=\r\n", b"")


def test_name_of_a_notices_message_is_its_own_and_the_same_on_each_try(desk):
    with ScriptedServer({"DOT": "451 4.3.0 later"}, {}) as server:
        site = desk(by_smtp(server, connections=1), ANN)
        with site.app() as app:
            Post(app).cancel(EDITION)
        notice_id = notified(site, EVE)
        delivered(site)
        delivered(site, MONDAY + DAY)
        first, second = [letter.partition(b"Message-ID: <")[2].partition(b">")[0] for letter in server.bodies]
    assert first == second
    assert first.startswith(f"notice.{notice_id}.".encode())
    assert first.endswith(b"@gazette.example")


def test_notice_is_signed_as_editions_are(desk, server):
    site = desk(by_smtp(server), BOB)
    with_keys(site)
    notified(site, EVE)
    delivered(site)
    _, _, message = taken(server)[0]
    assert names(message)[0] == "DKIM-Signature"
    signed = re.sub(r"\s", "", message.decode()).partition("h=")[2].partition(";")[0].split(":")
    assert signed.count("List-Unsubscribe") == 1  # named, so that none can be added, and not there


# ---- who gets none ----


def test_stranger_who_asked_is_mailed_and_a_suppressed_or_forgotten_one_is_not(desk):
    site = desk("", BOB)
    for address in (EVE, ANN, BOB):
        notified(site, address)
    with site.app() as app, app.store.writing() as tx:
        suppressions.add(tx, Suppression(address_key=ANN, reason="bounced", evidence="", created_at=MONDAY))
    with site.app() as app:
        Readers(app).forget(BOB)
    assert delivered(site).counts == {SENT: 1, DeliveryState.SUPPRESSED: 1}
    assert states(site) == {
        ("notices/confirm", EVE): SENT,
        ("notices/confirm", ANN): DeliveryState.SUPPRESSED,
        ("notices", ""): DeliveryState.CANCELLED,
        (EDITION, ""): DeliveryState.CANCELLED,
    }


def test_pause_of_a_reader_is_one_of_editions(desk):
    site = desk("", ANN)
    pause(site, ANN, MONDAY + DAY)
    notified(site, ANN, NoticeKind.MANAGE)
    delivered(site)
    assert states(site) == {(EDITION, ANN): DeliveryState.CANCELLED, ("notices/manage", ANN): SENT}


# ---- what goes wrong ----


def test_refused_new_address_is_suppressed_and_the_old_one_is_not(desk):
    with ScriptedServer({"RCPT": "550 5.1.1 no such user"}) as server:
        site = desk(by_smtp(server, connections=1), ANN)
        with site.app() as app:
            Post(app).cancel(EDITION)
        notified(site, ANN, NoticeKind.MOVE, to=NEW)
        report = delivered(site)
    assert report.problems == [("notices", NEW, BOUNCED, "5.1.1 no such user")]
    with site.app() as app, app.store.reading() as tx:
        assert [one.address_key for one in suppressions.list_all(tx)] == [NEW]


def test_unbuildable_notices_wait_for_a_person_and_hold_up_no_other(desk):
    site = desk("", BOB)
    for address in ("no body@inbox.example", "no one@inbox.example", EVE):
        notified(site, address)
    report = delivered(site)
    assert (report.paused, report.held) == ([], {"unbuildable": 2})
    assert states(site)["notices/confirm", EVE] is SENT


def test_notice_in_doubt_is_held_listed_and_sent_again_by_a_persons_word(desk):
    with ScriptedServer({"DOT": CLOSE}, {}) as server:
        site = desk(by_smtp(server, connections=1), ANN)
        with site.app() as app:
            Post(app).cancel(EDITION)
        notified(site, EVE)
        delivered(site)
        (listed,) = site.run("deliveries", "list", "notices", "--state", "in_doubt", "--json").json["deliveries"]
        assert (listed["notice"], listed["edition"], listed["address"]) == ("confirm", None, EVE)
        assert "in doubt:   1; see" in site.run("status").out
        assert site.run("deliveries", "resolve", "notices/confirm", EVE, "--resend").code == 0
        delivered(site, datetime.now(UTC))  # the command went by the clock on the wall
    assert states(site)["notices/confirm", EVE] is SENT


def test_report_that_comes_back_is_known_for_that_of_a_notice(desk, server):
    site = desk(by_smtp(server), BOB)
    notified(site, EVE)
    delivered(site)
    recipient, return_path, message = taken(server)[0]
    assert (recipient, read_token(return_path).purpose) == (EVE, "b")
    with site.app() as app:
        found = Bounces(app).take(failure_of(message, to=return_path))
    assert (found.address, found.suppressed) == (EVE, True)
    assert states(site)["notices/confirm", EVE] is BOUNCED
    with site.app() as app, app.store.reading() as tx:
        assert suppressions.find(tx, EVE).evidence.startswith("notice/")


def failure_of(message, *, to):
    """Return a report that a message failed, as a mail server writes it (RFC 3464)."""
    head = message.partition(b"\r\n\r\n")[0].decode()
    return f"""\
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

No such user.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {EVE}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

{head}

--b--
""".encode()


# ---- in the end ----


def test_old_notices_go_with_the_publish_and_links_in_younger_ones_stay_good(desk):
    site = desk("", BOB)
    old = notified(site, EVE)
    delivered(site)
    site.now = MONDAY + 100 * DAY
    young = notified(site, EVE)
    with site.app() as app:
        app.publish(anew=True)
        with app.store.reading() as tx:
            assert (notices.find(tx, old), notices.find(tx, young) is None) == (None, False)
            assert subscribers.find_by_key(tx, EVE) is not None


def test_what_people_ask_of_deliveries_is_answered_for_notices_too(desk):
    site = desk("", ANN)
    notified(site, ANN, NoticeKind.WELCOME)
    delivered(site)
    shown = site.run("deliveries", "show", ANN)
    assert "notices/welcome  ann@inbox.example  sent" in shown.out
    assert "notices:    1 sent" in site.run("status").out
    assert site.run("deliveries", "list", "notices/left").out == "0 deliveries\n"
    assert site.run("deliveries", "list", "notices/nothing").code == 2
    assert LINK.encode() not in shown.out.encode()
