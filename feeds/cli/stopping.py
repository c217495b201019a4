"""Being asked to stop: what is in flight is finished, nothing new is begun.

Not here: what a command does with it (jobs ask between two steps).
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread

PATIENCE = 30  # seconds that what is in flight may take


@contextmanager
def stoppable() -> Iterator[Event]:
    """Give an event that SIGTERM and SIGINT set; at the second signal, or 30 seconds on, the program leaves at once.

    Leaving at once is safe as well: a message that was being handed over is then in doubt, as after a crash.
    """
    asked = Event()
    if current_thread() is not main_thread():
        yield asked
        return

    def stop(number: int, _frame: object) -> None:
        if asked.is_set():
            sys.exit(128 + number)
        asked.set()
        signal.alarm(PATIENCE)

    def leave(_number: int, _frame: object) -> None:
        sys.exit(128 + signal.SIGTERM)

    handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGALRM: leave}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield asked
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)
