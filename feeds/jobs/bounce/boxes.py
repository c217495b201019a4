"""All reports of a mailbox, one after another: one that cannot be taken in stays where it is, and the others go on.

Not here: one report (taking), the kinds of mailbox (maildir, imap).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from feeds.errors import PressrunError
from feeds.jobs.bounce.report import BounceReport
from feeds.jobs.bounce.taking import Desk, take
from feeds.store.engine import Store


class Box(Protocol):
    """A mailbox of reports. Each has a name that holds as long as the mailbox is open."""

    def names(self) -> Iterable[str]:
        """Return the names of what is there."""
        ...

    def read(self, name: str) -> bytes | None:
        """Return the beginning of a message, as much as is looked at; None where it is gone."""
        ...

    def put_away(self, name: str, *, flagged: bool) -> None:
        """Put a message that was taken in where it is not looked at again; ``flagged`` where a person should."""
        ...


def take_all(
    store: Store,
    desk: Desk,
    box: Box,
    *,
    clock: Callable[[], datetime],
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[str], None] = lambda _name: None,
) -> BounceReport:
    """Take in what a mailbox holds, and put it away.

    Raises StoreUnusable and MailboxUnusable: what was not put away by then is known when it comes again.
    """
    report = BounceReport()
    for name in box.names():
        report.stopped = should_stop()
        if report.stopped:
            break
        progress(name)
        try:
            data = box.read(name)
            if data is None:
                continue
            taken = take(store, desk, data, now=clock())
        except PressrunError:
            raise
        except Exception as error:  # whatever is wrong with one report must not keep the others from being read
            report.failed.append((name, f"{type(error).__name__}: {error}"))
            continue
        report.note(name, taken)
        if not taken.waits:
            box.put_away(name, flagged=taken.needs_a_person)
    return report
