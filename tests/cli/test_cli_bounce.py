"""What comes back as an operator meets it: a pipe whose exit codes a mail server understands, mailboxes, suppressions.

Not here: what becomes of whom (tests/jobs/test_bounce.py).
"""

import os
import re
import subprocess
import sys

import pytest

from feeds.app.bounces import Bounces
from feeds.model.bounces import Bounce, Kind
from feeds.rules.message_identity import message_id
from feeds.store import bounces, keys
from tests.acceptance.mail_givens import deliveries
from tests.cli.test_cli_deliveries import typed
from tests.jobs.post_givens import ANN, DAY, MONDAY, composed, delivered, fixed, printed
from tests.rules import bounce_givens
from tests.site_fixtures import ROOT

EDITION = "weekly/2024-11-25T07:00"


@pytest.fixture
def desk(site):
    """Give a site whose edition was sent to two readers."""
    fixed(site)
    delivered(site)
    return site


def report(site, name="postfix-user-unknown", address=ANN, *, edition=EDITION, **other):
    """Return a report of the corpus about the delivery to an address."""
    theirs = (listed.delivery for listed in deliveries(site) if listed.address == address)
    (one,) = (delivery for delivery in theirs if delivery.about == edition)
    with site.app() as app, app.store.writing() as tx:
        key = keys.current(tx, at=MONDAY)
    message = message_id(one.about, one.subscriber_id, generation=one.generation, host="gazette.example")
    return bounce_givens.report(name, **{"delivery": one.id, "message": message, "key": key} | other)


def piped(site, data, *arguments):
    """Run ``pressrun bounce`` as a mail server does, with a message on standard input."""
    around = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "feeds", "bounce", *arguments],
        input=data,
        cwd=site.folder,
        env=around | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=False,
    )


def states(site):
    return {listed.address: listed.delivery.state for listed in deliveries(site)}


# ---- a pipe ----


def test_piped_report_is_taken_in_silently(desk):
    done = piped(desk, report(desk))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert states(desk)[ANN] == "bounced"
    assert desk.run("suppressions", "list").out.startswith(f"{ANN}  ")


@pytest.mark.parametrize(
    "data", [b"", b"\0\xff" * 100, b"hello", b"x" * 3_000_000], ids=["empty", "bytes", "text", "3 MB"]
)
def test_whatever_is_piped_in_is_taken(desk, data):
    assert piped(desk, data).returncode == 0


@pytest.mark.rule("T124")
def test_mail_server_is_asked_to_keep_what_could_not_be_stored(desk):
    data, file = report(desk), desk.folder / "var" / "pressrun.db"
    whole = file.read_bytes()
    for more in ("-wal", "-shm"):
        file.with_name(file.name + more).unlink(missing_ok=True)
    file.write_bytes(b"garbage" * 1000)
    done = piped(desk, data)
    assert (done.returncode, done.stdout) == (75, b"")
    assert b"to be tried again" in done.stderr
    file.write_bytes(whole)
    assert piped(desk, data).returncode == 0
    assert states(desk)[ANN] == "bounced"


@pytest.mark.rule("T133")
def test_mistake_in_the_config_loses_no_report(desk):
    data = report(desk)
    desk.configure("[bounces]\nlimt = 3\n")
    done = piped(desk, data)
    assert (done.returncode, b'nearest: "limit"' in done.stderr) == (75, True)


def test_signal_in_the_midst_loses_no_report(desk):
    reading = subprocess.Popen(
        [sys.executable, "-m", "feeds", "bounce"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=desk.folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONFAULTHANDLER": "1"},
    )
    reading.stdin.write(b"Subject: half\n\n" + b"x" * 200_000)  # more than a pipe holds: so it has begun to read
    reading.stdin.flush()
    reading.terminate()
    _, said = reading.communicate(timeout=30)
    assert reading.returncode == 75, said


def test_command_says_how_it_is_used_where_nothing_is_piped(desk):
    assert typed(desk, "", "bounce") == 2


def test_two_mailboxes_are_not_read_at_once(desk):
    ended = desk.run("bounce", "--maildir", str(desk.folder), "--imap")
    assert (ended.code, "say one of --maildir and --imap" in ended.err) == (2, True)


# ---- mailboxes ----


def test_maildir_is_taken_in_and_told_of(desk):
    maildir = desk.folder / "bounces"
    for place in ("new", "cur", "tmp"):
        (maildir / place).mkdir(parents=True)
    (maildir / "new" / "1.a").write_bytes(report(desk))
    (maildir / "new" / "2.b").write_bytes(report(desk, "human-answer"))
    ended = desk.run("bounce", "--maildir", str(maildir))
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "2 reports taken in: 1 hard, 1 unclear",
        "suppressed:",
        f"  {ANN}: user unknown: 550 5.1.1 <{ANN}>: Recipient address rejected: User unknown in virtual mailbox table",
        "not understood, and put away flagged:",
        "  new/2.b: Re: Weekly 12: The ferry runs again",
    ]
    again = desk.run("bounce", "--maildir", str(maildir))
    assert (again.code, again.out) == (0, "")


def test_maildir_reports_to_machines(desk):
    (desk.folder / "m" / "new").mkdir(parents=True)
    (desk.folder / "m" / "new" / "1").write_bytes(report(desk, "yahoo-complaint"))
    found = desk.run("bounce", "--maildir", str(desk.folder / "m"), "--json").json
    assert (found["kinds"], found["left"]) == ({"complaint": 1}, [[ANN, EDITION]])


def test_folder_that_is_no_maildir_is_a_mistake(desk):
    ended = desk.run("bounce", "--maildir", str(desk.folder))
    assert (ended.code, "is no maildir" in ended.err) == (2, True)


def test_imap_needs_its_section(desk):
    ended = desk.run("bounce", "--imap")
    assert (ended.code, "[bounces.imap]" in ended.err) == (2, True)


# ---- looking ----


def test_reports_are_listed_and_shown(desk):
    with desk.app() as app:
        for name in ("postfix-mailbox-full", "human-answer"):
            Bounces(app).take(report(desk, name))
    listed = desk.run("bounce", "list").out
    assert re.search(rf"^[0-9a-f]{{12}}  .*  soft: mailbox full  {ANN}$", listed, re.MULTILINE)
    assert listed.endswith("2 reports\n")
    unclear = desk.run("bounce", "list", "--kind", "unclear", "--json").json["reports"]
    assert [one["kind"] for one in unclear] == ["unclear"]
    assert "Lovely issue, thank you!" in desk.run("bounce", "show", unclear[0]["id"][:12]).out
    assert desk.run("bounce", "show", "nothing").code == 2


def test_refusal_is_listed_under_a_name_by_which_it_is_shown(desk):
    refusals = [Bounce(id=f"refusal:123456{n}:0", received_at=MONDAY, kind=Kind.SOFT, data=b"552 full") for n in (1, 2)]
    with desk.app() as app, app.store.writing() as tx:
        for one in refusals:
            bounces.add(tx, one)
    names = [line.partition("  ")[0] for line in desk.run("bounce", "list").out.splitlines()[:-1]]
    assert names == [one.id for one in refusals]
    assert [desk.run("bounce", "show", name).out for name in names] == ["552 full\n"] * 2


def test_report_cannot_steer_the_terminal(desk):
    with desk.app() as app:
        Bounces(app).take(b"Subject: \x1b[2J\n\n\x1b]0;owned\x07")
        (one,) = Bounces(app).reports([Kind.UNCLEAR])
    assert "\x1b" not in desk.run("bounce", "show", one.id[:12]).out


# ---- suppressions ----


@pytest.fixture
def suppressed(desk):
    """Give a site in which Ann's address is suppressed, since mail to it came back."""
    with desk.app() as app:
        Bounces(app).take(report(desk))
    return desk


def test_suppression_is_shown_with_its_evidence(suppressed):
    said = suppressed.run("suppressions", "show", "Ann@Inbox.example").out.splitlines()
    assert said[0] == f"{ANN} is suppressed since 2024-11-25 07:00 GMT: user unknown"
    assert said[1] == (
        f"  {EDITION}: 550 5.1.1 <{ANN}>: Recipient address rejected: User unknown in virtual mailbox table"
    )
    assert re.fullmatch(r"2024-11-25 07:00 GMT  [0-9a-f]{12}  hard: user unknown  550 5\.1\.1 .*", said[2])
    found = suppressed.run("suppressions", "show", ANN, "--json").json
    assert found["suppression"]["report_id"] == found["reports"][0]["id"]
    assert "Final-Recipient" in found["reports"][0]["data"]


@pytest.mark.rule("T97")
def test_suppressed_address_stays_off_until_it_is_lifted_and_is_then_mailed_again(suppressed):
    add = ("subscribers", "add", ANN, "weekly", "--consent", "asked again")
    assert "suppressed, and never subscribed" in suppressed.run(*add).out
    lifted = suppressed.run("suppressions", "lift", ANN)
    assert (lifted.code, lifted.out) == (0, f"{ANN}: may be mailed again\n")
    assert suppressed.run("suppressions", "lift", ANN).code == 1
    assert suppressed.run("suppressions", "list").out == "0 suppressions\n"
    assert re.match(
        rf"{ANN} was suppressed from .* to .*: user unknown\n", suppressed.run("suppressions", "show", ANN).out
    )
    assert suppressed.run("suppressions", "list", "--lifted").out.endswith("user unknown  lifted\n1 suppression\n")
    assert suppressed.run(*add).out.startswith("0 subscriptions made, 1 there before")


def test_address_is_suppressed_by_hand(desk):
    ended = desk.run("suppressions", "add", "Zoe@Inbox.example", "--reason", "asked by letter, 2 March")
    assert (ended.code, ended.out) == (0, "Zoe@Inbox.example: suppressed\n")
    assert desk.run("suppressions", "add", "zoe@inbox.example", "--reason", "again").code == 1
    assert "asked by letter, 2 March" in desk.run("suppressions", "show", "zoe@inbox.example").out
    assert desk.run("suppressions", "add", "bob@inbox.example", "--reason", " ").code == 2
    assert desk.run("suppressions", "add", "nobody", "--reason", "x").code == 2


def test_address_of_which_nothing_is_known_is_said_to_be_so(desk):
    assert (
        desk.run("suppressions", "show", "zoe@inbox.example").out
        == "zoe@inbox.example was never suppressed\n0 reports\n"
    )


def test_who_was_suppressed_gets_no_further_edition(suppressed):
    suppressed.article("quay.md", title="The quay", date="2024-11-28 14:00")
    later = MONDAY + 7 * DAY
    printed(suppressed, later)
    (made,) = composed(suppressed, later)
    assert made.deliveries == 1


def test_reports_are_kept_as_long_as_the_config_says(desk):
    desk.configure("[retention]\nbounces_days = 30\n")
    with desk.app() as app:
        Bounces(app).take(report(desk, "human-answer"))
    for days, kept in ((29, 1), (31, 0)):
        desk.now = MONDAY + days * DAY
        desk.publish(anew=True)
        assert len(desk.run("bounce", "list", "--json").json["reports"]) == kept
