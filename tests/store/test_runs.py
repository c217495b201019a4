"""Runs: one for each due time, however often it is begun.

Not here: what is due (rules).
"""

from datetime import timedelta

from feeds.store import runs
from feeds.store.runs import Run
from tests.store.givens import DAY, MONDAY, read, write

LATER = MONDAY + timedelta(minutes=1)


def begin(store, due_at=MONDAY, *, now=MONDAY, subject="weekly"):
    write(store, runs.begin, job="compose", subject=subject, due_at=due_at, now=now)


def end(store, due_at=MONDAY):
    key = "compose", "weekly", due_at
    write(store, runs.end, key, outcome="done", report={"entries": 3, "held": ["ünïcode"]}, now=LATER)


def test_run_that_goes_on_or_was_killed_has_no_outcome(store):
    begin(store)
    assert read(store, runs.find_last, "compose") == Run("compose", "weekly", MONDAY, MONDAY, None, None, {})


def test_run_that_ended_says_how(store):
    begin(store)
    end(store)
    report = {"entries": 3, "held": ["ünïcode"]}
    assert read(store, runs.find_last, "compose") == Run("compose", "weekly", MONDAY, MONDAY, LATER, "done", report)


def test_run_begun_again_for_one_due_time_stays_one(store):
    begin(store)
    end(store)
    begin(store, now=LATER)
    assert read(store, runs.find_last, "compose").outcome is None
    assert write(store, runs.drop_before, MONDAY + DAY) == 1


def test_run_ends_alone(store):
    begin(store)
    begin(store, MONDAY + DAY, now=MONDAY + DAY)
    end(store)
    assert read(store, runs.find_last, "compose").outcome is None


def test_last_run_is_the_one_begun_last(store):
    begin(store, now=LATER)
    begin(store, MONDAY - DAY, now=MONDAY)
    assert read(store, runs.find_last, "compose").due_at == MONDAY


def test_job_that_never_ran_has_no_last_run(store):
    begin(store)
    assert read(store, runs.find_last, "publish") is None


def test_only_runs_begun_before_are_dropped(store):
    begin(store, now=MONDAY)
    begin(store, MONDAY + DAY, now=MONDAY + DAY)
    assert write(store, runs.drop_before, MONDAY + DAY) == 1
    assert read(store, runs.find_last, "compose").due_at == MONDAY + DAY


def test_newest_run_that_ended_is_found_while_a_later_one_goes_on(store):
    begin(store)
    end(store)
    begin(store, MONDAY + DAY)
    assert read(store, runs.find_ended, "compose", "weekly").due_at == MONDAY
    assert read(store, runs.find_ended, "compose", "daily") is None
    assert read(store, runs.find_ended, "run") is None
