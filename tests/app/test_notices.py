"""The daemon's doorbell: whoever rings it has the notices sent at once, whatever the clock is doing.

Not here: how notices are sent (tests/jobs/test_deliver_notices.py).
"""

import threading

import pytest

from feeds.app.notices import kinds_of, send_notices
from feeds.errors import PressBusy
from feeds.model import NoticeKind
from feeds.scheduler import answering, beat_until
from feeds.store.locking import only_run
from tests.acceptance.mail_givens import letters_in
from tests.jobs.notice_givens import notified

PATIENCE = 60  # seconds for what takes a moment
EVE = "eve@inbox.example"


@pytest.fixture
def bell():
    """Give what stops a daemon, and what calls it."""
    return threading.Event(), threading.Event()


def test_call_is_answered_while_a_run_goes_on(site, bell):
    stop, called = bell
    sent = threading.Event()

    def errand():
        with site.app() as app:
            if send_notices(app).counts:
                sent.set()

    with site.app() as app, only_run(app.store), answering(stop, called, errand):
        notified(site, EVE)
        called.set()
        assert sent.wait(PATIENCE)
    assert [letter.recipient for letter in letters_in(site.folder / "var" / "maildir")] == [EVE]


def test_call_during_an_errand_is_answered_by_one_more(bell):
    stop, called = bell
    begun, done = threading.Semaphore(0), threading.Semaphore(0)

    def errand():
        begun.release()
        assert done.acquire(timeout=PATIENCE)

    with answering(stop, called, errand):
        called.set()
        assert begun.acquire(timeout=PATIENCE)
        called.set()
        called.set()
        done.release()
        assert begun.acquire(timeout=PATIENCE)
        done.release()


def test_errand_that_fails_is_told_of_and_the_next_one_is_done(bell, caplog):
    stop, called = bell
    outcomes = iter([PressBusy(""), RuntimeError("broken"), None])
    done = threading.Semaphore(0)

    def errand():
        outcome = next(outcomes)
        done.release()
        if outcome:
            raise outcome

    with answering(stop, called, errand):
        for _ in range(3):
            called.set()
            assert done.acquire(timeout=PATIENCE)
    assert "broken" in caplog.text


def test_bell_ends_with_the_daemon_and_not_before(bell):
    stop, called = bell
    beats = []

    def beat():
        beats.append(1)
        stop.set()

    with answering(stop, called, lambda: None):
        beat_until(stop, beat, seconds=3600)
    assert (beats, [one for one in threading.enumerate() if one.name == "errands"]) == ([1], [])


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("notices", tuple(NoticeKind)),
        ("notices/left", (NoticeKind.LEFT,)),
        ("notices/", ()),
        ("notices/2026-03-02T07:00", ()),  # a newsletter may be called so
        ("weekly/1", ()),
        (None, ()),
    ],
)
def test_notices_are_called_by_a_name_that_no_edition_has(name, kinds):
    assert kinds_of(name) == kinds
