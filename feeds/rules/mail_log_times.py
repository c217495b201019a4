"""When a line of a mail server's log was written, and for which times logs are whole.

Pure: the zone, and a time that nothing in the log is later than, are arguments. Not here: what lines say (mail_log).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

LONGEST_GAP = timedelta(hours=1)  # between two files of one server, that they may still be whole together
_CLOCK_SLACK = timedelta(days=1)  # by which a file's own time may be off
_MONTHS = {month: number for number, month in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_SYSLOG = re.compile(rb"([A-Z][a-z]{2}) +([0-9]{1,2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)? ")
# ISO 8601 as rsyslog and journalctl write it, also behind the priority and version of RFC 5424; Exim has a space for T.
_ISO = re.compile(
    rb"(?:<[0-9]{1,3}>[0-9]? ?)?([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,][0-9]+)?"
    rb" ?(Z|[+-][0-9]{2}:?[0-9]{2})?[ \t]"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, both ends within."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Stamps:
    """How times are read: ``zone`` is that of lines that name none, ``newest`` a time that hardly any line is behind.

    Where a line names no year it is of the last year that lets it be so.
    """

    zone: tzinfo
    newest: datetime

    def read(self, line: bytes) -> datetime | None:
        """Return when a line was written, None where it does not begin with a time."""
        if found := _ISO.match(line):
            return self._iso(found)
        if found := _SYSLOG.match(line):
            return self._syslog(found)
        return None

    def _iso(self, found: re.Match[bytes]) -> datetime | None:
        text = f"{found[1].decode()}{(found[2] or b'').decode()}"
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)

    def _syslog(self, found: re.Match[bytes]) -> datetime | None:
        month = _MONTHS.get(found[1], 0)
        day, hour, minute, second = (int(number) for number in found.groups()[1:])
        latest = (self.newest + _CLOCK_SLACK).astimezone(self.zone)
        for year in range(latest.year, latest.year - 5, -1):  # 29 February may be four years back
            try:
                at = datetime(year, month, day, hour, minute, second, tzinfo=self.zone)
            except ValueError:
                continue
            if at <= latest:
                return at.astimezone(UTC)
        return None


def joined(spans: Iterable[Span], gap: timedelta = LONGEST_GAP) -> list[Span]:
    """Return what spans cover together, in order; those that are no further apart than ``gap`` are one."""
    whole: list[Span] = []
    for span in sorted(spans, key=lambda one: one.since):
        if whole and span.since - whole[-1].until <= gap:
            whole[-1] = Span(whole[-1].since, max(whole[-1].until, span.until))
        else:
            whole.append(span)
    return whole


def missing(wanted: Span, spans: Iterable[Span]) -> Span | None:
    """Return the first stretch of a span that others do not cover, which stand in order; None where they cover it."""
    since = wanted.since
    for span in spans:
        if span.until < since:
            continue
        if span.since > since:
            return Span(since, min(span.since, wanted.until))
        since = span.until
        if since >= wanted.until:
            return None
    return Span(since, wanted.until)
