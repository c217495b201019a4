"""How far a command is, as people read it.

Not here: what is told of a run (tests/jobs/test_progress.py).
"""

import os
import pty
import subprocess
import sys

from feeds.cli.progress import LINE_SECONDS, Lines, Meter, duration
from feeds.jobs.deliver.progress import Sending
from tests.acceptance.mail_givens import readers
from tests.jobs.post_givens import fixed
from tests.site_fixtures import ROOT


def sending(done, total=8000, **more):
    return Sending(done=done, total=total, **more)


def test_words_tell_how_far_how_fast_and_how_long_it_will_take():
    meter = Meter()
    assert meter.words(sending(0), 100.0) == "0 of 8,000"
    assert meter.words(sending(1000), 105.0) == "1,000 of 8,000, 200 a second, 35 seconds left"


def test_rate_is_that_of_the_last_seconds():
    meter = Meter()
    for second in range(60):
        meter.words(sending(second * 100), float(second))
    words = meter.words(sending(5910), 69.0)
    assert "1 a second" in words


def test_slow_rate_is_told_by_the_minute():
    meter = Meter()
    meter.words(sending(0, 10), 0.0)
    assert meter.words(sending(1, 10), 10.0) == "1 of 10, 6 a minute, 2 minutes left"


def test_next_delivery_of_the_same_run_begins_anew():
    meter = Meter()
    meter.words(sending(500), 1.0)
    assert meter.words(sending(0, 300), 2.0) == "0 of 300"


def test_destinations_that_hold_it_up_are_named_and_cannot_steer_the_terminal():
    more = {"deferring": (("gmail.example", 1200),), "slow": (("slow\x1b[2J.example", 8.4),)}
    words = Meter().words(sending(1, **more), 0.0)
    assert words == "1 of 8,000; gmail.example deferred 1,200; slow\ufffd[2J.example silent for 8 s"


def test_durations_are_said_as_people_say_them():
    assert [duration(seconds) for seconds in (0, 1, 89, 120, 5000, 7200)] == [
        "1 second",
        "1 second",
        "89 seconds",
        "2 minutes",
        "83 minutes",
        "2 hours",
    ]


def test_off_a_terminal_there_is_a_line_every_half_a_minute_and_none_of_other_work():
    now, said = [0.0], []
    lines = Lines(said.append, lambda: now[0])
    for second in range(0, 100, 5):
        now[0] = float(second)
        lines("ferry.md")
        lines(sending(second * 10))
    assert len(said) == 100 // LINE_SECONDS
    assert said[0] == "300 of 8,000, 10 a second, 13 minutes left"


def test_deliver_shows_it_on_a_terminal(site):
    fixed(site, "", *readers(5))
    assert "Delivering: 5 of 5" in on_terminal(site, "deliver")


def test_deliver_shows_nothing_with_quiet(site):
    fixed(site, "", *readers(5))
    assert on_terminal(site, "deliver", "--quiet") == ""


def on_terminal(site, *arguments):
    """Run a command whose errors go to a terminal; return what it wrote there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "feeds", *arguments]
    around = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    subprocess.run(command, cwd=site.folder, env=around, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.set_blocking(ours, False)
    try:
        return os.read(ours, 65536).decode(errors="replace")
    except BlockingIOError:
        return ""
    finally:
        os.close(ours)
        os.close(theirs)
