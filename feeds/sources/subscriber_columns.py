"""How a file of readers is laid out: what separates its columns, whether it has a header, and what each column holds.

Not here: reading the rows (subscriber_list).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SEPARATORS = (",", ";", "\t")
# The words of headers, in small letters and digits alone; of several that fit, the first.
_ADDRESS = ("email", "emailaddress", "mail", "mailaddress", "address")
_NAME = ("name", "fullname")
_FIRST = ("firstname", "givenname")
_LAST = ("lastname", "surname", "familyname")
_STATE = ("state", "status")
_WORDS = frozenset((*_ADDRESS, *_NAME, *_FIRST, *_LAST, *_STATE))
_LIKE_AN_ADDRESS = re.compile(r"[^\s@,;]+@[^\s@,;]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a row says what, by position; ``name`` may take several columns. No ``address`` means: nowhere."""

    address: int | None
    name: tuple[int, ...] = ()
    state: int | None = None
    has_header: bool = False
    notes: tuple[str, ...] = ()

    def address_in(self, cells: Sequence[str]) -> str:
        """Return what a row says the address is, "" where it is too short to say."""
        return _cell(cells, self.address)

    def name_in(self, cells: Sequence[str]) -> str:
        """Return what a row says the name is."""
        if len(self.name) == 1:
            return _cell(cells, self.name[0])
        return " ".join(part for position in self.name if (part := _cell(cells, position)))

    def state_in(self, cells: Sequence[str]) -> str:
        """Return where a row says that the subscription stands, as an export of readers does."""
        return _cell(cells, self.state) if self.state is not None else ""


def separator_of(lines: Sequence[str]) -> str:
    """Return what separates the columns: that by which most lines have a cell that looks like an address."""
    return max(SEPARATORS, key=lambda mark: (_with_address(lines, mark), lines[0].count(mark)))


def columns_of(rows: Sequence[Sequence[str]]) -> Columns:
    """Return what the columns hold, by the header where there is one, else by what stands in the first rows."""
    words = [re.sub(r"[\W_]+", "", cell.casefold()) for cell in rows[0]] if rows else []
    if _WORDS.isdisjoint(words) or any("@" in cell for cell in rows[0]):
        return _guessed(rows)
    whole, parts = _find(words, _NAME), (_find(words, _FIRST), _find(words, _LAST))
    name = tuple(position for position in ((whole,) if whole is not None else parts) if position is not None)
    address = _find(words, _ADDRESS)
    if address is None:
        address = _fullest(rows[1:])
    return Columns(address, name, _find(words, _STATE), has_header=True)


def _guessed(rows: Sequence[Sequence[str]]) -> Columns:
    address = _fullest(rows)
    width = Counter(len(row) for row in rows).most_common(1)[0][0] if rows else 0
    if address is None or width == 1:
        return Columns(address)
    if width == 2:
        return Columns(address, (1 - address,), notes=("it has no header: the other column was taken for names",))
    return Columns(address, notes=("it has no header that says which column holds names: none was taken",))


def _fullest(rows: Iterable[Sequence[str]]) -> int | None:
    found = Counter(place for row in rows for place, cell in enumerate(row) if _LIKE_AN_ADDRESS.fullmatch(cell.strip()))
    return min(found, key=lambda place: (-found[place], place)) if found else None


def _with_address(lines: Iterable[str], mark: str) -> int:
    return sum(any(_LIKE_AN_ADDRESS.fullmatch(cell.strip(' "')) for cell in line.split(mark)) for line in lines)


def _find(words: Sequence[str], known: Iterable[str]) -> int | None:
    return next((words.index(word) for word in known if word in words), None)


def _cell(cells: Sequence[str], position: int | None) -> str:
    return cells[position].strip() if position is not None and position < len(cells) else ""
