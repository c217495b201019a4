"""A CSV file of readers, as spreadsheets and other programs write it: who is in it, and which rows cannot be taken.

A bad row costs itself and no other. Not here: the file's columns (subscriber_columns), subscribing anybody (jobs).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from feeds.rules.mailboxes import BadMailbox, Mailbox, read_mailbox
from feeds.rules.text import clean_line
from feeds.sources.decoding import decode
from feeds.sources.subscriber_columns import Columns, columns_of, separator_of

LONGEST_FIELD = csv.field_size_limit()  # 131,072 characters; what is longer was never an address or a name
LONGEST_QUOTE = 100  # lines that one quoted field may take
LONGEST_SHOWN = 60
_SAMPLE = 100  # rows that tell separator and columns
_ADDRESS = re.compile(r"[^\s@]@[^\s@]+\.")  # what looks like one
_LINE = re.compile(r"([^\r\n]*)(?:\r\n?|\n|\Z)")
_NOTHING = " ,;\t\ufeff"  # a line of these alone is a row that a spreadsheet left empty
_NO_TEXT = "it is no text; expected CSV, which a spreadsheet saves as “CSV UTF-8”"
_UNCLOSED = "a quote is opened and never closed; expected both or none"
_NUL_SHARE = 0.1  # this share of NULs, and it is no text
_UNDOUBLED = "a quote stands inside a quoted field; expected it doubled"
_REASONS = {
    "unexpected end of data": _UNCLOSED,
    "field larger than field limit": f"a field has over {LONGEST_FIELD:,} characters; expected an address and a name",
}
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")  # how an export keeps a cell from being a formula
# Whatever else a file says of a reader may mean that they left: nobody is subscribed on a guess.
_SUBSCRIBED = frozenset({"", "active", "subscribed", "confirmed", "enabled", "yes", "true", "1"})


@dataclass(frozen=True, slots=True)
class SubscriberList:
    """What a file holds: ``rows`` are (line, mailbox), ``refused`` (line, what it says, why it cannot be taken).

    ``duplicates`` names each address that stands there more than once, with the line where it is first repeated; the
    first row of it counts. ``notes`` say what was guessed; ``problem`` says why the file as a whole cannot be read.
    """

    rows: tuple[tuple[int, Mailbox], ...] = ()
    refused: tuple[tuple[int, str, str], ...] = ()
    duplicates: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's cells, or the reason why it has none; ``shown`` is what the line says."""

    line: int
    cells: list[str]
    shown: str
    reason: str = ""


def read_subscribers(data: bytes) -> SubscriberList:
    """Read a CSV file of addresses and names: UTF-8, or what its bytes show; separated by comma, semicolon or TAB."""
    text, notes = _text(data)
    if text is None:
        return SubscriberList(problem=notes[0])
    sample = [line for _, line in islice(_lines(text), _SAMPLE)]
    if not sample:
        return SubscriberList(problem="it is empty; expected a row for each reader, with an e-mail address in it")
    separator = separator_of(sample)
    columns = columns_of([row.cells or row.shown.split(separator) for row in islice(_rows(text, separator), _SAMPLE)])
    if columns.address is None:
        return SubscriberList(problem="no row holds an e-mail address; expected a column of them, called e-mail")
    shown = {"\t": "TAB"}.get(separator, separator)
    notes = (*notes, f"columns are separated by {shown}", *columns.notes)
    return _taken(_rows(text, separator), columns, notes)


def _taken(found: Iterator[_Row], columns: Columns, notes: tuple[str, ...]) -> SubscriberList:
    rows: list[tuple[int, Mailbox]] = []
    refused: list[tuple[int, str, str]] = []
    seen: set[str] = set()
    repeated: dict[str, tuple[int, str]] = {}
    for row in islice(found, int(columns.has_header), None):
        try:
            mailbox = _mailbox(row, columns)
        except BadMailbox as error:
            if row.reason or any(cell.strip() for cell in row.cells):
                refused.append((row.line, _shown(row, columns), str(error)))
            continue
        if mailbox.key in seen:
            repeated.setdefault(mailbox.key, (row.line, mailbox.address))
        else:
            seen.add(mailbox.key)
            rows.append((row.line, mailbox))
    problem = "" if rows or refused else "it holds a header and no rows"
    return SubscriberList(tuple(rows), tuple(refused), tuple(repeated.values()), notes, problem)


def _mailbox(row: _Row, columns: Columns) -> Mailbox:
    if row.reason:
        raise BadMailbox(row.reason)
    state = columns.state_in(row.cells)
    if state.casefold() not in _SUBSCRIBED:
        raise BadMailbox(
            f"it is marked as {state}; only readers who are subscribed are taken over (active, subscribed)"
        )
    return read_mailbox(_unguarded(columns.address_in(row.cells)), _unguarded(columns.name_in(row.cells)))


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def _shown(row: _Row, columns: Columns) -> str:
    cell = columns.address_in(row.cells) or row.shown
    shown = clean_line(cell[: 2 * LONGEST_SHOWN])
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"


def _text(data: bytes) -> tuple[str | None, tuple[str, ...]]:
    """Return the text in ``data`` and what was guessed; or None, and why it is none."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        decoded = decode(data)
        return (decoded.text, decoded.notes) if decoded else (None, (_NO_TEXT,))
    if text.count("\0") > len(text) * _NUL_SHARE:
        return None, (_NO_TEXT,)
    return text, ("it is UTF-16, and was read as such",) if encoding == "utf-16" else ()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (number, line) of every line that says something, whichever of the three line ends each has."""
    for number, match in enumerate(_LINE.finditer(text), start=1):
        if match[1].strip(_NOTHING):
            yield number, match[1].rstrip(" ")


def _rows(text: str, separator: str) -> Iterator[_Row]:
    lines = _Ahead(_lines(text))
    for number, line in lines:
        if '"' not in line and len(line) <= LONGEST_FIELD:
            yield _Row(number, line.split(separator), line)
        else:
            yield _quoted(lines, number, line, separator=separator)


def _quoted(lines: _Ahead, number: int, line: str, *, separator: str) -> _Row:
    """Return the row that begins on a line with quotes in it. It goes on to the next only where a quoted field does."""
    cells, reason = _parsed(line, separator)
    if reason == _UNCLOSED:
        more = lines.up_to_a_closing_quote()
        joined, _ = _parsed("\n".join([line, *more]), separator) if more else ([], "")
        # A field of several lines with an address in it is no field: a quote was forgotten, and rows follow it.
        if joined and not any("\n" in cell and _ADDRESS.search(cell) for cell in joined):
            lines.skip(len(more))
            return _Row(number, joined, line)
    return _Row(number, cells, line, reason)


def _parsed(line: str, separator: str) -> tuple[list[str], str]:
    """Return a row's cells, or none and the reason."""
    try:
        cells = next(csv.reader([line], delimiter=separator, strict=True, skipinitialspace=True))
    except csv.Error as error:
        return [], _REASONS.get(str(error).partition(" (")[0], _UNDOUBLED)
    return cells, ""


class _Ahead:
    """Numbered lines that can be looked at before they are taken."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._waiting: list[tuple[int, str]] = []

    def __iter__(self) -> _Ahead:
        return self

    def __next__(self) -> tuple[int, str]:
        return self._waiting.pop(0) if self._waiting else next(self._lines)

    def up_to_a_closing_quote(self) -> list[str]:
        """Return the lines to come, up to the first with an odd number of quotes; none where none is near."""
        for number in range(LONGEST_QUOTE):
            if number == len(self._waiting):
                self._waiting.extend(islice(self._lines, 1))
            if number == len(self._waiting):
                break
            if self._waiting[number][1].count('"') % 2:
                return [line for _, line in self._waiting[: number + 1]]
        return []

    def skip(self, count: int) -> None:
        """Pass over lines that were looked at."""
        del self._waiting[:count]
