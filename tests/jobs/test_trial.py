"""What is tried out in a child process crashes the child alone.

Not here: when a trial is made (tests/rules/test_delivering.py, test_deliver.py).
"""

import os
import signal

import pytest

from feeds.jobs.deliver.trial import survives


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


def fail():
    raise ValueError("no message")


@pytest.mark.parametrize(("work", "is_safe"), [(dict, True), (fail, True), (crash, False)])
def test_trial_tells_whether_the_work_comes_to_an_end(work, is_safe):
    assert survives(work) is is_safe


def test_trial_leaves_nothing_behind_in_this_process(tmp_path):
    seen = []
    assert survives(lambda: seen.append((tmp_path / "here").write_text("x")))
    assert (seen, (tmp_path / "here").read_text()) == ([], "x")
