"""Several worker processes at one delivery run: started where there is much to send, watched, replaced if they die.

Each is a worker like any other, in the ledger's eyes too. Not here: what a worker does (working, drain), settling what
a dead one leaves (delivering).
"""

from __future__ import annotations

import copyreg
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import MappingProxyType

from feeds.jobs.deliver.progress import Sending, together
from feeds.jobs.deliver.report import DeliverReport
from feeds.jobs.deliver.working import Shift, Watch, work
from feeds.logs import Continued, continued
from feeds.store.engine import Store

WATCH_SECONDS = 0.5
MOST_REPLACED = 100  # workers that died, in one run

# Not forked: a child must share neither the parent's connection to the database nor its threads.
_PROCESSES = multiprocessing.get_context("spawn")


def _unchanging(table: dict[object, object]) -> MappingProxyType[object, object]:
    return MappingProxyType(table)


copyreg.pickle(MappingProxyType, lambda table: (_unchanging, (dict(table),)))  # the settings have some


@dataclass(frozen=True, slots=True)
class _Member:
    """A worker process, the line to it, and how many connections it may open."""

    process: SpawnProcess
    line: Connection
    connections: int


def work_together(
    store: Store, shift: Shift, workers: int, *, watch: Watch, settle: Callable[[], None]
) -> DeliverReport:
    """Do a shift with so many worker processes; return what they did together.

    ``settle`` is called when one has died, so that its replacement finds what it left.
    """
    with closing(_Crew(store, shift, workers)) as crew:
        while crew.members:
            if watch.should_stop():
                crew.stop()
            _attend(crew, watch, settle)
        return crew.report


def _attend(crew: _Crew, watch: Watch, settle: Callable[[], None]) -> None:
    """Hear what workers have to say, and replace those that have died."""
    for member, said in _listen(crew.members):
        if isinstance(said, Sending):
            watch.progress(crew.heard(member, said))
        elif crew.lose(member, said):
            settle()
            crew.replace(member)


class _Crew:
    """The worker processes of a shift, and what they have done so far."""

    def __init__(self, store: Store, shift: Shift, workers: int) -> None:
        self._store, self._shift, self._replaced = store, shift, 0
        self._told: dict[Connection, Sending] = {}
        self.report = DeliverReport()
        most = shift.config.transport.connections
        shares = [most // workers + (number < most % workers) for number in range(workers)]
        self.members = [_start(store, shift, share) for share in shares]

    def heard(self, member: _Member, said: Sending) -> Sending:
        """Take in how far one is; return how far all are."""
        self._told[member.line] = said
        return together(self._told.values())

    def lose(self, member: _Member, said: DeliverReport | None) -> bool:
        """Let go of one that has ended, by itself or not; tell whether another is to take its place."""
        self.members.remove(member)
        _dismiss(member)
        if said is not None:
            self.report.add(said)
        return said is None and self._replaced < MOST_REPLACED and not self.report.stopped

    def replace(self, member: _Member) -> None:
        """Start another in its place."""
        self._replaced += 1
        self.members.append(_start(self._store, self._shift, member.connections))

    def stop(self) -> None:
        """Ask all to bring to its end what they have in hand."""
        if not self.report.stopped:
            _ask_to_stop(self.members)
        self.report.stopped = True

    def close(self) -> None:
        """Wait for those that are still there: at a closed line they bring to its end what they have in hand."""
        for member in self.members:
            _dismiss(member)


def _start(store: Store, shift: Shift, connections: int) -> _Member:
    ours, theirs = _PROCESSES.Pipe()
    url = store.url.render_as_string(hide_password=False)
    arguments = (url, shift.with_connections(connections), theirs)
    process = _PROCESSES.Process(target=_serve, args=arguments, kwargs={"logging": continued()}, daemon=True)
    process.start()
    theirs.close()
    return _Member(process, ours, connections)


def _listen(crew: Sequence[_Member]) -> Iterator[tuple[_Member, Sending | DeliverReport | None]]:
    """Yield what workers say: how far they are, their report at the end, or nothing where one has died."""
    for line in wait([member.line for member in crew], WATCH_SECONDS):
        member = next(one for one in crew if one.line is line)
        try:
            said = member.line.recv()
        except (EOFError, ConnectionError):
            said = None
        if isinstance(said, Exception):
            raise said
        yield member, said


def _ask_to_stop(crew: Sequence[_Member]) -> None:
    for member in crew:
        try:
            member.line.send("stop")
        except (BrokenPipeError, ConnectionError):
            continue


def _dismiss(member: _Member) -> None:
    member.line.close()
    member.process.join()
    member.process.close()


# ---- in the worker's process ----


def _serve(url: str, shift: Shift, line: Connection, *, logging: Continued) -> None:
    """Work until all is done, or until the line says stop, or breaks since the parent is gone."""
    logging.take_up()
    for number in (signal.SIGINT, signal.SIGTERM):  # meant for the parent, which then asks us
        signal.signal(number, signal.SIG_IGN)
    store = Store(url, take_turns=True)
    said: DeliverReport | Exception
    try:
        said = work(store, shift, Watch(line.poll, partial(_tell, line)))
    except Exception as error:  # raised again where the report is awaited
        said = error
    finally:
        store.close()
    _tell(line, said)


def _tell(line: Connection, said: Sending | DeliverReport | Exception) -> None:
    with suppress(OSError):  # the parent is gone: then the line says to stop
        line.send(said)
