"""The clock of the daemon: it beats, and each beat is a press run that asks the store what is due; and its doorbell.

The one door to ``schedule``. Not here: what is due (rules, jobs), what a run does (app).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import schedule

from feeds.errors import PressBusy, PressrunError

LOG = logging.getLogger("pressrun")
LONGEST_NAP = 1.0  # seconds; so soon a request to stop, or a clock that was set, is noticed


def beat_until(stop: Event, beat: Callable[[], None], *, seconds: int) -> None:
    """Beat at once and then every ``seconds``, until ``stop`` is set; a beat that fails is logged, and the next comes.

    ``schedule`` goes by the clock on the wall, and would stand still where that is set back: then it is wound anew.
    """
    clock = schedule.Scheduler()
    clock.every(seconds).seconds.do(_guarded(beat))
    clock.run_all()
    while not stop.is_set():
        if (clock.idle_seconds or 0) > seconds:
            clock.run_all()
        clock.run_pending()
        stop.wait(min(max(clock.idle_seconds or 0, 0), LONGEST_NAP))


@contextmanager
def answering(stop: Event, called: Event, errand: Callable[[], None]) -> Iterator[None]:
    """Do an errand each time that it is called for, beside whatever the block does; at its end all is to ``stop``.

    Calls that come during an errand are answered by one more. An errand that fails is logged, and the next one done.
    """
    beside = Thread(target=_answer, args=(stop, called, _guarded(errand)), name="errands")
    beside.start()
    try:
        yield
    finally:
        stop.set()
        beside.join()


def _answer(stop: Event, called: Event, errand: Callable[[], None]) -> None:
    while not stop.is_set():
        if called.wait(LONGEST_NAP):
            called.clear()  # before the errand: what is called for meanwhile may come too late for it
            errand()


def _guarded(beat: Callable[[], None]) -> Callable[[], None]:
    said = ""

    def guarded() -> None:
        nonlocal said
        try:
            beat()
            said = ""
        except BrokenPipeError:
            raise  # whoever read what we say went away
        except PressBusy:
            LOG.info("another run is at work; the next beat tries again")
        except PressrunError as error:
            if str(error) != said:  # once, however often it beats until somebody mends it
                LOG.error("%s", error)
            said = str(error)
        except Exception:
            LOG.exception("the beat failed; the next one comes all the same")

    return guarded
