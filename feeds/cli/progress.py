"""How far a command is, while it works: one line that changes on a terminal, a line every half a minute elsewhere.

Not here: what came of it all (told).
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click

from feeds.cli.common import counted, printable

if TYPE_CHECKING:
    from feeds.app.site import Progress
    from feeds.jobs.deliver.progress import Sending

LINE_SECONDS = 30.0
WINDOW_SECONDS = 10.0  # over which the rate is taken
LONGEST_NAME = 60


@contextmanager
def progress(what: str, *, lines: bool = False, quiet: bool = False) -> Iterator[Progress]:
    """Show what is being worked on: on a terminal, or with ``lines`` how far sending is, every half a minute."""
    if quiet or not sys.stderr.isatty():
        yield Lines(lambda line: click.echo(f"{what}: {line}", err=True)) if lines and not quiet else _nothing
        return
    from rich.console import Console
    from rich.text import Text  # what is shown is no markup, whatever is in it

    meter, number = Meter(), 0

    def show(at: str | Sending, /) -> None:
        nonlocal number
        number += 1
        words = f"{number} {printable(at[:LONGEST_NAME])}" if isinstance(at, str) else meter.words(at, monotonic())
        status.update(Text(f"{what}: {words}"))

    with Console(stderr=True).status(what) as status:
        yield show


class Lines:
    """Says how far sending is, every half a minute; of other work it says nothing."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = monotonic) -> None:
        self._say, self._clock, self._meter = say, clock, Meter()
        self._next = clock() + LINE_SECONDS

    def __call__(self, at: str | Sending, /) -> None:
        """Take how far it is, and say it if it is time to."""
        if isinstance(at, str):
            return
        now = self._clock()
        words = self._meter.words(at, now)
        if now >= self._next:
            self._next = now + LINE_SECONDS
            self._say(words)


class Meter:
    """Takes the rate of sending from how far it was in the last seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def words(self, sending: Sending, now: float) -> str:
        """Return how far sending is, how fast it goes, how long it will take, and which destinations hold it up."""
        rate = self._rate(sending.done, now)
        parts = [f"{sending.done:,} of {sending.total:,}"]
        if rate:
            left = duration((sending.total - sending.done) / rate)
            parts.append(f"{rate:,.0f} a second" if rate >= 1 else f"{rate * 60:,.0f} a minute")
            parts.append(f"{left} left")
        said = [f"{printable(domain)} deferred {number:,}" for domain, number in sending.deferring]
        said += [f"{printable(domain)} silent for {seconds:.0f} s" for domain, seconds in sending.slow]
        return "; ".join([", ".join(parts), *said])

    def _rate(self, done: int, now: float) -> float:
        seen = self._seen
        if seen and done < seen[-1][1]:
            seen.clear()  # another delivery run of the same command began
        seen.append((now, done))
        while len(seen) > 2 and now - seen[1][0] >= WINDOW_SECONDS:
            seen.popleft()
        (then, before), seconds = seen[0], now - seen[0][0]
        return (done - before) / seconds if seconds > 0 and then < now else 0.0


def duration(seconds: float) -> str:
    """Return a time to wait as people say it, rounded up."""
    if seconds < 90:
        return counted(max(1, round(seconds)), "second")
    minutes = round(seconds / 60)
    return counted(minutes, "minute") if minutes < 90 else counted(round(minutes / 60), "hour")


def _nothing(_at: str | Sending, /) -> None:
    """Show nothing."""
