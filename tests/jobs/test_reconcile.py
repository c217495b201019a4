"""What is in doubt is settled by the mail server's log, and a store that was restored sends nothing before.

Not here: what lines mean (tests/rules/test_mail_log.py), how one is seen to be restored (tests/store/test_witness.py).
"""

import bz2
import gzip
import lzma
import os
import shutil
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from feeds.app.post import Post
from feeds.errors import LedgerBehind, RequestFailed
from feeds.jobs.reconcile.logs import in_order, read
from feeds.model import DeliveryState
from feeds.store.schema import deliveries as ledger
from feeds.store.schema import marks
from tests.acceptance.mail_givens import by_smtp, deliveries, run, standing, states
from tests.jobs.log_givens import HOUR, MINUTE, SECOND, broken, name_for, quiet, taken, write_log
from tests.jobs.post_givens import (
    ANN,
    BACKENDS,
    BOB,
    DAY,
    MONDAY,
    WEEK,
    composed,
    delivered,
    delivery,
    fixed,
    printed,
    site_on,
)
from tests.transports.givens import CLOSE, ScriptedServer

SENT, QUEUED, IN_DOUBT = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.IN_DOUBT
ALL_DAY = (quiet(MONDAY - HOUR), quiet(MONDAY + HOUR))
CARA = "cara@inbox.example"


@contextmanager
def in_doubt(backend, request, *addresses, scripts=({"DOT": CLOSE}, {"DOT": CLOSE}, {})):
    """Give a site of which messages are in doubt, since the server closed behind them; for the next it is well."""
    site, store = site_on(backend, request)
    with ScriptedServer(*scripts) as server:
        fixed(site, by_smtp(server, connections=1) + store, *addresses)
        delivered(site)
        assert standing(site)[IN_DOUBT] == sum("DOT" in script for script in scripts[: len(addresses)])
        yield site


@pytest.fixture(params=BACKENDS)
def doubtful(request):
    with in_doubt(request.param, request, ANN, BOB) as site:
        yield site


@pytest.fixture
def doubt(request):
    with in_doubt("sqlite", request, ANN) as site:
        yield site


def reconciled(site, *logs, now=MONDAY + 2 * HOUR, **how):
    site.now = now
    with site.app() as app:
        return Post(app).reconcile(logs, zone=how.pop("zone", UTC), **how)


# ---- what is in doubt ----


@pytest.mark.rule("D4")
def test_found_is_sent_with_the_servers_words_and_absent_is_sent_again_as_the_same_message(doubtful):
    log = write_log(doubtful, ALL_DAY[0], *taken(name_for(doubtful, ANN), MONDAY + SECOND), ALL_DAY[1])
    report = reconciled(doubtful, log)
    assert (report.counts, report.is_clean, report.faults) == ({SENT: 1, QUEUED: 1}, True, [])
    sent, again = delivery(doubtful, ANN), delivery(doubtful, BOB)
    assert (sent.state, sent.ended_at, sent.reply_enhanced) == (SENT, MONDAY + SECOND, "2.0.0")
    assert sent.reply_text == "queued as 1BD482267F7, by the mail server's log: 2.0.0 (250 2.0.0 Ok)"
    assert (again.state, again.generation, again.dated_at) == (QUEUED, 0, MONDAY)
    assert delivered(doubtful, MONDAY + 3 * HOUR).counts == {SENT: 1}


@pytest.mark.rule("D4")
def test_message_that_broke_off_is_sent_again_though_the_log_has_its_name(doubt):
    log = write_log(doubt, ALL_DAY[0], *broken(name_for(doubt, ANN), MONDAY), ALL_DAY[1])
    assert reconciled(doubt, log).counts == {QUEUED: 1}


def test_message_that_the_server_has_begun_and_no_more_is_left_in_doubt(doubt):
    log = write_log(doubt, ALL_DAY[0], *taken(name_for(doubt, ANN), MONDAY)[:2], ALL_DAY[1])
    report = reconciled(doubt, log)
    assert (states(doubt), report.is_clean) == ({ANN: IN_DOUBT}, False)
    assert "look into the queue" in report.unsure[0].said


def test_message_that_came_back_at_the_server_bounced(doubt):
    refused = "bounced (host mx.example said: 550 5.1.1 no such user)"
    log = write_log(doubt, ALL_DAY[0], *taken(name_for(doubt, ANN), MONDAY, status=refused), ALL_DAY[1])
    assert reconciled(doubt, log).counts == {DeliveryState.BOUNCED: 1}
    assert "550 5.1.1 no such user" in delivery(doubt, ANN).reply_text


@pytest.mark.parametrize(
    ("lines", "lacks"),
    [
        ((quiet(MONDAY - HOUR), quiet(MONDAY - MINUTE)), "lacks 2024-11-25 07:00:00 to 2024-11-25 07:00:00"),
        ((quiet(MONDAY + MINUTE), quiet(MONDAY + HOUR)), "lacks 2024-11-25 07:00:00 to"),
    ],
)
@pytest.mark.rule("D4")
def test_what_the_log_does_not_cover_stays_in_doubt_and_is_said(doubt, lines, lacks):
    report = reconciled(doubt, write_log(doubt, *lines))
    assert (states(doubt), report.is_clean, report.counts) == ({ANN: IN_DOUBT}, False, {IN_DOUBT: 1})
    assert lacks in report.unsure[0].said


def test_log_that_was_quiet_is_complete_by_a_persons_word(doubt):
    log = write_log(doubt, quiet(MONDAY - HOUR))
    assert reconciled(doubt, log, complete_until=MONDAY - MINUTE).counts == {IN_DOUBT: 1}
    assert reconciled(doubt, log, complete_until=MONDAY + HOUR).counts == {QUEUED: 1}


def test_hole_between_two_files_is_a_hole(doubt):
    before = write_log(doubt, quiet(MONDAY - 9 * HOUR), quiet(MONDAY - 8 * HOUR), name="mail.log.1")
    behind = write_log(doubt, quiet(MONDAY + 8 * HOUR), quiet(MONDAY + 9 * HOUR))
    assert reconciled(doubt, behind, before, now=MONDAY + DAY).counts == {IN_DOUBT: 1}


def test_dry_run_says_the_same_and_changes_nothing(doubtful):
    log = write_log(doubtful, ALL_DAY[0], *taken(name_for(doubtful, ANN), MONDAY), ALL_DAY[1])
    assert reconciled(doubtful, log, dry_run=True).counts == {SENT: 1, QUEUED: 1}
    assert states(doubtful) == {ANN: IN_DOUBT, BOB: IN_DOUBT}


def test_log_that_lacks_what_surely_was_sent_meanwhile_settles_nothing_that_it_lacks(request):
    """Bob's was taken, and the log has none of it: so it may lack Ann's for the same reason."""
    with in_doubt("sqlite", request, ANN, BOB, scripts=({"DOT": CLOSE}, {})) as site:
        doubtful, sent = sorted((listed.address for listed in deliveries(site)), key=lambda one: states(site)[one])
        log = write_log(site, *ALL_DAY)
        report = reconciled(site, log)
        assert "1 of 1 messages that were surely sent" in report.faults[0]
        assert (report.is_clean, states(site)) == (False, {doubtful: IN_DOUBT, sent: SENT})
        log = write_log(site, ALL_DAY[0], *taken(name_for(site, sent), MONDAY), ALL_DAY[1])
        assert reconciled(site, log).counts == {QUEUED: 1}


# ---- files ----


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_files_are_read_and_files_come_in_the_order_of_their_times(doubt, pack):
    lines = [ALL_DAY[0], *taken(name_for(doubt, ANN), MONDAY), ALL_DAY[1]]
    older = write_log(doubt, *lines[:3], name="mail.log.2.gz")
    older.write_bytes(pack(older.read_bytes()))
    report = reconciled(doubt, write_log(doubt, *lines[3:]), older)
    assert report.counts == {SENT: 1}


def test_year_is_taken_from_the_files_own_time(doubt):
    at = f"{MONDAY:%b %d %H:%M:%S}"
    lines = [line.replace(MONDAY.isoformat(), at) for line in taken(name_for(doubt, ANN), MONDAY)]
    log = write_log(doubt, *lines)
    os.utime(log, ((MONDAY + HOUR).timestamp(),) * 2)
    assert reconciled(doubt, log).covered[0].since == MONDAY
    assert delivery(doubt, ANN).ended_at == MONDAY


def test_times_without_a_zone_are_of_the_zone_that_is_said(doubt):
    lines = [f"{MONDAY + (n + 9) * HOUR:%Y-%m-%d %H:%M:%S} mx postfix/anvil[7]: x" for n in (-1, 1)]
    assert reconciled(doubt, write_log(doubt, *lines)).counts == {IN_DOUBT: 1}
    assert reconciled(doubt, write_log(doubt, *lines), zone=ZoneInfo("Asia/Tokyo")).counts == {QUEUED: 1}


@pytest.mark.parametrize("data", [b"", b"no log\n", gzip.compress(b"x" * 99_999, mtime=0)[:60], b"\x1f\x8bxxxxxxxxxxx"])
def test_file_that_is_no_log_is_refused_and_changes_nothing(doubt, data):
    log = doubt.folder / "mail.log"
    log.write_bytes(data)
    with pytest.raises(RequestFailed, match=r"mail\.log"):
        reconciled(doubt, log)
    assert states(doubt) == {ANN: IN_DOUBT}


def test_memory_does_not_grow_with_the_log(tmp_path):
    path = tmp_path / "mail.log.gz"
    with gzip.open(path, "wt") as file:
        for n in range(200_000):
            file.write(f"{(MONDAY + n * SECOND).isoformat()} mx postfix/qmgr[7]: {n:06X}: removed, and so on and on\n")
    (log,) = in_order([path], UTC)
    tracemalloc.start()
    span = read(log, lambda _line, _stamps: None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert span.until == MONDAY + 199_999 * SECOND
    assert peak < 1_000_000


# ---- a store that was restored ----


@pytest.fixture
def restored(site, server):
    """Give a site whose store was set back to when Cara's and Bob's were queued still; all three were sent theirs."""
    server.refuses[BOB] = server.refuses[CARA] = "451 4.2.1 come back later"
    fixed(site, by_smtp(server, connections=1), ANN, BOB, CARA)
    delivered(site)
    store = site.folder / "var" / "pressrun.db"
    shutil.copyfile(store, site.folder / "backup.db")
    server.refuses.clear()
    assert delivered(site, MONDAY + 10 * MINUTE).counts == {SENT: 2}
    restore(site)
    return site


def restore(site):
    store = site.folder / "var" / "pressrun.db"
    for journal in store.parent.glob("pressrun.db-*"):
        journal.unlink()
    shutil.copyfile(site.folder / "backup.db", store)


def whole_log(site, *addresses, until=2 * HOUR):
    lines = [
        line for n, one in enumerate(addresses) for line in taken(name_for(site, one), MONDAY + 10 * MINUTE, f"1BD4{n}")
    ]
    return write_log(
        site, quiet(MONDAY - DAY), *taken(name_for(site, ANN), MONDAY, "1BD49"), *lines, quiet(MONDAY + until)
    )


@pytest.mark.rule("T129")
@pytest.mark.rule("D9")
def test_restored_store_sends_nothing_and_the_rest_of_the_run_goes_on(restored, server):
    before = len(server.taken)
    with pytest.raises(LedgerBehind):
        delivered(restored, MONDAY + HOUR)
    outcome = run(restored, MONDAY + HOUR)
    assert [(job, type(error)) for job, error in outcome.errors] == [("deliver", LedgerBehind)]
    assert (len(server.taken), states(restored)) == (
        before,
        {ANN: SENT, BOB: DeliveryState.DEFERRED, CARA: DeliveryState.DEFERRED},
    )


@pytest.mark.rule("T129")
@pytest.mark.rule("D9")
def test_restored_store_is_reconciled_by_the_log_and_mails_nobody_twice(restored, server):
    report = reconciled(restored, whole_log(restored, BOB, CARA))
    assert (report.restored, report.still_behind, report.counts) == (True, "", {SENT: 2})
    assert states(restored) == {ANN: SENT, BOB: SENT, CARA: SENT}
    delivered(restored, MONDAY + 3 * HOUR)
    assert Counter(letter.recipient for letter in server.taken) == {ANN: 1, BOB: 1, CARA: 1}


@pytest.mark.rule("D9")
@pytest.mark.parametrize("backend", BACKENDS)
def test_store_of_either_kind_that_has_forgotten_a_whole_send_is_brought_up_to_date(backend, request, server):
    site, store = site_on(backend, request)
    fixed(site, by_smtp(server) + store, ANN, BOB)
    delivered(site)
    with site.app() as app, app.store.writing() as tx:  # as they were before
        tx.execute(update(ledger).values(state=QUEUED, attempts=0, dated_at=None, ended_at=None, reply_code=None))
        before = str(int((MONDAY - MINUTE).timestamp() * 1_000_000))
        tx.execute(update(marks).where(marks.c.name == "sending").values(value=before))
    with pytest.raises(LedgerBehind):
        delivered(site, MONDAY + HOUR)
    lines = [line for n, one in enumerate((ANN, BOB)) for line in taken(name_for(site, one), MONDAY, f"1BD4{n}")]
    report = reconciled(site, write_log(site, *lines, quiet(MONDAY + 2 * HOUR)))
    assert report.still_behind == "the log lacks 2024-11-25 06:59:00 to 2024-11-25 07:00:00 UTC"
    assert (report.counts, states(site)) == ({SENT: 2}, {ANN: SENT, BOB: SENT})
    report = reconciled(site, write_log(site, quiet(MONDAY - HOUR), *lines, quiet(MONDAY + 2 * HOUR)))
    assert (report.counts, report.still_behind) == ({}, "")
    assert delivered(site, MONDAY + 3 * HOUR).counts == {}
    assert len(server.taken) == 2


@pytest.mark.rule("D9")
def test_who_was_not_sent_it_before_the_store_was_restored_is_sent_it_then(restored):
    assert reconciled(restored, whole_log(restored, BOB)).counts == {SENT: 1, DeliveryState.DEFERRED: 1}
    assert delivered(restored, MONDAY + 3 * HOUR).counts == {SENT: 1}


@pytest.mark.rule("D9")
def test_log_that_does_not_cover_what_was_forgotten_leaves_the_store_behind(restored):
    report = reconciled(restored, whole_log(restored, BOB, until=20 * MINUTE))
    assert (report.is_clean, states(restored)[BOB], states(restored)[CARA]) == (False, SENT, DeliveryState.DEFERRED)
    assert report.still_behind.startswith("the log lacks 2024-11-25 07:20:00 to 2024-11-25 08:")
    with pytest.raises(LedgerBehind):
        delivered(restored, MONDAY + 3 * HOUR)


@pytest.mark.rule("D9")
def test_log_without_any_message_of_ours_leaves_the_store_behind(restored):
    log = write_log(restored, quiet(MONDAY + SECOND), quiet(MONDAY + 2 * HOUR))
    assert "lacks" in reconciled(restored, log).still_behind
    log = write_log(restored, quiet(MONDAY - 30 * SECOND), quiet(MONDAY + 2 * HOUR))
    assert "has none of our messages" in reconciled(restored, log).still_behind


@pytest.mark.rule("D9")
def test_dry_run_leaves_a_restored_store_behind(restored):
    assert reconciled(restored, whole_log(restored, BOB, CARA), dry_run=True).still_behind == ""
    with pytest.raises(LedgerBehind):
        delivered(restored, MONDAY + 3 * HOUR)


@pytest.mark.rule("D9")
def test_edition_that_was_forgotten_is_composed_anew_and_then_reconciled(site, server):
    """The backup is from before the second Monday: its edition is made again, under the same names."""
    fixed(site, by_smtp(server, connections=1), ANN)
    delivered(site)
    shutil.copyfile(site.folder / "var" / "pressrun.db", site.folder / "backup.db")
    site.article("gale.md", date="2024-12-01 14:00")
    printed(site, MONDAY + WEEK)
    composed(site, MONDAY + WEEK)
    assert delivered(site, MONDAY + WEEK).counts == {SENT: 1}
    second = server.taken[-1].name.strip("<>")
    restore(site)
    at = MONDAY + WEEK
    lines = [*taken(second, at), quiet(at + 2 * HOUR)]
    log = write_log(site, *taken(name_for(site, ANN), MONDAY, "1BD49"), *lines)
    report = reconciled(site, log, now=at + 3 * HOUR, complete_until=at + 2 * HOUR)
    assert "editions that the store does not know: weekly.20241202T0700 (1 messages)" in report.still_behind
    printed(site, at + 3 * HOUR)
    composed(site, at + 3 * HOUR)
    report = reconciled(site, log, now=at + 4 * HOUR, complete_until=at + 2 * HOUR)
    assert (report.counts, report.still_behind) == ({SENT: 1}, "")
    delivered(site, at + 5 * HOUR)
    assert len(server.taken) == 2


@pytest.mark.rule("D9")
def test_store_is_accepted_by_a_persons_word(restored):
    with restored.app() as app:
        Post(app).accept()
    assert delivered(restored, MONDAY + 3 * HOUR).counts == {SENT: 2}


def test_maildir_needs_no_witness_since_a_repeat_leaves_one_file(site):
    fixed(site, "", ANN)
    delivered(site)
    assert not list((site.folder / "var").glob("*.witness"))
