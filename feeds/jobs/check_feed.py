"""Check one feed, ours or a stranger's, from a file or over HTTP: read it, ask again as readers do, and judge it all.

Looks and tells; changes nothing. Not here: the rules (formats.check), the guard of requests (outgoing).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from feeds.errors import AnswerTooLarge, RequestFailed
from feeds.formats.check import Finding, Severity, judge
from feeds.formats.check.answers import SPOT, Exchange, judge_exchange, judge_refusal
from feeds.formats.check.findings import error
from feeds.formats.check.opening import MAX_READ
from feeds.model.answers import Answer
from feeds.outgoing import Inflater

Fetch = Callable[[str, Mapping[str, str]], Answer]
_GZIP = b"\x1f\x8b"
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What a feed is (None where it could not be told), how many entries it holds, and its faults."""

    place: str
    kind: str | None
    entries: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """Return how many findings lose entries or subscribers."""
        return sum(found.severity is Severity.ERROR for found in self.findings)


def check_feed(place: str, fetch: Fetch) -> FeedReport:
    """Judge the feed at a path or an http(s) address.

    Raises RequestFailed where there is nothing to judge: no such file, no answer, or one that is no feed's.
    """
    try:
        is_address = place.lower().startswith(("http://", "https://"))
        return _check_address(place, fetch) if is_address else _check_file(place)
    except AnswerTooLarge as problem:
        what = problem.reason
        finding = error("T49", SPOT, what, remedy="hold fewer entries; move older ones to archives")
        return FeedReport(place, None, 0, (finding,))


def _check_file(place: str) -> FeedReport:
    judged = judge(_read(Path(place)))
    return FeedReport(place, judged.kind, judged.entries, judged.findings)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_READ + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise RequestFailed(str(file), f"it cannot be read: {reason}") from problem
    return _inflated(file, data) if data.startswith(_GZIP) else data


def _inflated(file: Path, data: bytes) -> bytes:
    inflater = Inflater(MAX_READ)
    try:
        made = b"".join(inflater.feed(data[at : at + _PIECE]) for at in range(0, len(data), _PIECE))
        inflater.close()
    except ValueError as problem:
        raise AnswerTooLarge(str(file), str(problem)) from problem
    return made


def _check_address(place: str, fetch: Fetch) -> FeedReport:
    first = fetch(place, {})
    if first.status != 200:
        refusal = judge_refusal(first)
        if refusal is None:
            raise RequestFailed(place, f"the server answers {first.status}")
        return FeedReport(place, None, 0, (refusal,))
    judged = judge(first.data, addresses=(place, first.address))
    found = list(judged.findings)
    if judged.kind is not None:  # of what is no feed only that is of interest
        asking = _AskingAgain(first.address, fetch)
        found += judge_exchange(asking.exchange(first), judged)
        found += asking.failures
    return FeedReport(place, judged.kind, judged.entries, tuple(found))


class _AskingAgain:
    """Asks for the same feed as readers do; a server that fails the second time is told of, and the rest is judged."""

    def __init__(self, address: str, fetch: Fetch) -> None:
        self._address, self._fetch = address, fetch
        self.failures: list[Finding] = []

    def exchange(self, first: Answer) -> Exchange:
        tag, date = first.headers.get("etag"), first.headers.get("last-modified")
        return Exchange(
            first=first,
            by_tag=self._ask("if-none-match", tag) if tag else None,
            by_date=self._ask("if-modified-since", date) if date else None,
            plain=self._ask("accept-encoding", "identity"),
        )

    def _ask(self, header: str, value: str) -> Answer | None:
        try:
            return self._fetch(self._address, {header: value})
        except RequestFailed as problem:
            what = f"asked again with {header}, it gives no answer: {problem.reason}"
            self.failures.append(error("F9", SPOT, what, remedy="let the server answer every such request"))
            return None
