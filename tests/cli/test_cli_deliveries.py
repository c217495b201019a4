"""What an operator does about deliveries: pause, retry, reconcile, and accept a store that was restored.

Not here: listing and resolving (test_cli_mail.py), what it all does (tests/jobs/test_reconcile.py, test_pausing.py).
"""

import os
import pty
import subprocess
import sys

import pytest

from tests.acceptance.mail_givens import by_smtp, mail_server, states
from tests.jobs.log_givens import HOUR, name_for, quiet, taken, write_log
from tests.jobs.post_givens import ANN, BOB, EDITION, MONDAY, delivered, fixed
from tests.site_fixtures import ROOT
from tests.transports.givens import CLOSE, ScriptedServer

ALL_DAY = (quiet(MONDAY - HOUR), quiet(MONDAY + HOUR))


@pytest.fixture
def bounced(site):
    """Give a site whose only reader's message bounced."""
    with ScriptedServer({"RCPT": "550 5.1.1 no such user"}) as server:
        delivered(fixed(site, by_smtp(server), ANN))
    return site


@pytest.fixture
def doubtful(site):
    """Give a site of which both messages are in doubt."""
    with ScriptedServer({"DOT": CLOSE}, {"DOT": CLOSE}) as server:
        delivered(fixed(site, by_smtp(server, connections=1), ANN, BOB))
    return site


@pytest.fixture
def restored(site):
    """Give a site that has sent its edition, and lost its witness."""
    with mail_server() as server:
        delivered(fixed(site, by_smtp(server), ANN))
        (site.folder / "var" / "pressrun.db.witness").unlink()
        yield site


def typed(site, words, *arguments):
    """Run a command at a terminal on which a person types; return its exit code."""
    ours, theirs = pty.openpty()
    os.write(ours, f"{words}\n".encode())
    around = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "feeds", *arguments]
    done = subprocess.run(command, cwd=site.folder, env=around, stdin=theirs, capture_output=True, check=False)
    os.close(ours)
    os.close(theirs)
    return done.returncode


# ---- editions ----


def test_edition_is_paused_and_resumed_and_both_are_told(site):
    fixed(site, "", ANN, BOB)
    assert site.run("editions", "pause", EDITION).out == f"{EDITION}: paused, 2 deliveries waiting\n"
    assert site.run("editions", "list").out.splitlines()[0].endswith("2 queued  (paused)")
    assert f"paused:     {EDITION}; `pressrun editions resume {EDITION}` goes on" in site.run("status").out
    ended = site.run("deliver")
    assert (ended.code, ended.out) == (
        0,
        f"{EDITION}: paused, 2 deliveries waiting; `pressrun editions resume {EDITION}` goes on\n",
    )
    (line, *_) = site.run("deliveries", "list").out.splitlines()
    assert line == f"{EDITION}  {ANN}  paused, queued  2024-11-25 07:00 GMT"
    assert site.run("editions", "resume", EDITION).out == (
        f"{EDITION}: goes on, 2 deliveries to be sent by the next run\n"
    )
    assert site.run("deliver").out == "2 sent\n"


def test_pause_and_resume_tell_machines(site):
    fixed(site, "", ANN)
    assert site.run("editions", "pause", EDITION, "--json").json == {"edition": EDITION, "waiting": 1}
    (told,) = site.run("deliveries", "list", "--json").json["deliveries"]
    assert (told["paused"], told["next_attempt_at"]) == (True, "2024-11-25T07:00:00+00:00")
    assert site.run("editions", "resume", EDITION, "--json").json == {"edition": EDITION, "queued": 1}


def test_cancelling_is_not_undone_and_so_a_person_has_to_be_sure(site):
    fixed(site, "", ANN)
    ended = site.run("editions", "cancel", EDITION)
    assert (ended.code, "1 delivery will never be sent, and this cannot be undone: say --yes" in ended.err) == (2, True)
    assert typed(site, "yes", "editions", "cancel", EDITION) == 2
    assert states(site) == {ANN: "queued"}
    assert typed(site, EDITION, "editions", "cancel", EDITION) == 0
    assert states(site) == {ANN: "cancelled"}


# ---- deliveries ----


def test_failed_deliveries_are_sent_anew_only_by_who_is_sure(bounced):
    ended = bounced.run("deliveries", "retry", EDITION, "--failed", "--dry-run")
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "1 delivery would be queued")
    ended = bounced.run("deliveries", "retry", EDITION, "--failed")
    assert (ended.code, "1 delivery that failed would be sent anew" in ended.err) == (2, True)
    assert states(bounced) == {ANN: "bounced"}
    (told,) = bounced.run("deliveries", "retry", EDITION, "--failed", "--yes", "--json").json["deliveries"]
    assert (told["address"], states(bounced)) == (ANN, {ANN: "queued"})
    (told,) = bounced.run("deliveries", "list", "--json").json["deliveries"]
    assert (told["generation"], told["attempts"]) == (1, 0)


def test_failed_and_a_state_are_not_asked_for_together(bounced):
    ended = bounced.run("deliveries", "retry", EDITION, "--failed", "--state", "expired")
    assert (ended.code, "--state or --failed, not both" in ended.err) == (2, True)


def test_deferred_delivery_is_no_failed_one_and_its_next_attempt_is_told(site):
    with ScriptedServer({"RCPT": "451 4.2.1 come back later"}) as server:
        delivered(fixed(site, by_smtp(server), ANN))
    assert site.run("deliveries", "retry", EDITION, "--failed").out == "0 deliveries queued\n"
    line, count = site.run("deliveries", "show", ANN).out.splitlines()
    assert line == f"{EDITION}  {ANN}  deferred, next attempt  2024-11-25 07:05 GMT  451 4.2.1 come back later"
    assert count == "1 delivery (1 to come)"
    (told,) = site.run("deliveries", "show", ANN, "--json").json["deliveries"]
    assert told["next_attempt_at"] == "2024-11-25T07:05:00+00:00"


# ---- reconcile ----


def test_reconcile_says_what_it_settled_and_by_what(doubtful):
    log = write_log(doubtful, ALL_DAY[0], *taken(name_for(doubtful, ANN), MONDAY), ALL_DAY[1])
    ended = doubtful.run("deliveries", "reconcile", "--log", str(log))
    assert (ended.code, ended.err) == (0, "")
    covers, heading, *settled, counts = ended.out.splitlines()
    assert (covers, heading) == ("the log covers 2024-11-25 06:00 GMT to 2024-11-25 08:00 GMT", "settled:")
    assert sorted(settled) == [
        f"  {EDITION}  {ANN}  sent  queued as 1BD482267F7, by the mail server's log: 2.0.0 (250 2.0.0 Ok)",
        f"  {EDITION}  {BOB}  queued  not in the log: queued again, under the same Message-ID",
    ]
    assert counts == "2 deliveries: 1 queued, 1 sent"
    assert doubtful.run("deliveries", "reconcile", "--log", str(log)).out.splitlines()[-1] == "0 deliveries to settle"


def test_reconcile_tells_machines_and_a_dry_run_changes_nothing(doubtful):
    log = write_log(doubtful, *ALL_DAY)
    told = doubtful.run("deliveries", "reconcile", "--log", str(log), "--dry-run", "--json").json
    assert (told["accepted"], told["report"]["counts"]) == (False, {"queued": 2})
    assert states(doubtful) == {ANN: "in_doubt", BOB: "in_doubt"}


def test_what_stays_in_doubt_ends_with_1_and_says_what_is_missing_and_what_to_do(doubtful):
    log = write_log(doubtful, ALL_DAY[0])
    ended = doubtful.run("deliveries", "reconcile", "--log", str(log))
    assert (ended.code, "which lacks 2024-11-25 07:00:00 to 2024-11-25 07:00:00 UTC" in ended.out) == (1, True)
    assert "if it is whole, and was only quiet, say until when: --complete-until" in ended.err
    ended = doubtful.run("deliveries", "reconcile", "--log", str(log), "--complete-until", "now")
    assert (ended.code, states(doubtful)) == (0, {ANN: "queued", BOB: "queued"})


def test_reconcile_wants_a_log_that_is_there_and_is_one(doubtful):
    assert "say which log: --log FILE" in doubtful.run("deliveries", "reconcile").err
    assert doubtful.run("deliveries", "reconcile", "--log", "nowhere").code == 2
    assert "it is no log" in doubtful.run("deliveries", "reconcile", "--log", str(doubtful.folder / "config.toml")).err
    log = str(write_log(doubtful, *ALL_DAY))
    ended = doubtful.run("deliveries", "reconcile", "--log", log, "--zone", "Mars/Olympus")
    assert (ended.code, "'Mars/Olympus' is no time zone" in ended.err) == (2, True)


# ---- a store that was restored ----


@pytest.mark.rule("D9")
def test_sending_is_refused_with_a_code_of_its_own_and_says_what_to_do(restored):
    ended = restored.run("deliver")
    assert (ended.code, ended.out) == (8, "")
    assert "it may have forgotten whom it mailed. Run `pressrun deliveries reconcile --log FILE`" in ended.err


@pytest.mark.rule("D9")
def test_store_is_accepted_only_by_who_is_sure(restored):
    assert restored.run("deliveries", "reconcile", "--accept").code == 2
    assert restored.run("deliver").code == 8
    ended = restored.run("deliveries", "reconcile", "--accept", "--yes")
    assert (ended.code, ended.out) == (0, "the store is taken as it is; sending goes on with the next run\n")
    assert restored.run("deliver").code == 0


@pytest.mark.rule("D9")
def test_store_that_is_accepted_is_not_said_to_be_up_to_date_by_a_log_that_lacks_something(restored):
    log = write_log(restored, *taken(name_for(restored, ANN), MONDAY), ALL_DAY[1])
    ended = restored.run("deliveries", "reconcile", "--log", str(log), "--accept", "--yes")
    assert (ended.code, "up to date" in ended.err) == (0, False)
    assert ended.out.endswith("the store is taken as it is; sending goes on with the next run\n")


@pytest.mark.rule("D9")
def test_reconcile_says_why_nothing_is_sent_yet_and_once_it_is(restored):
    log = write_log(restored, *taken(name_for(restored, ANN), MONDAY), ALL_DAY[1])
    ended = restored.run("deliveries", "reconcile", "--log", str(log))
    assert (ended.code, "nothing is sent yet: the log lacks 2024-11-25 08:00:00 to" in ended.err) == (1, True)
    ended = restored.run("deliveries", "reconcile", "--log", str(log), "--complete-until", "now", "--dry-run")
    assert (ended.code, ended.err) == (0, "the store would be up to date by that; nothing is sent yet\n")
    assert restored.run("deliver").code == 8
    ended = restored.run("deliveries", "reconcile", "--log", str(log), "--complete-until", "now")
    assert (ended.code, "the store is up to date; sending goes on with the next run" in ended.err) == (0, True)
    assert restored.run("deliver").code == 0
