"""Prints entries and documents: each element is written and read back once, each document is joined of such elements.

What is wrong with one entry costs no other. Not here: writing to disk (jobs), which entries a feed holds (rules).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from feeds.errors import EntryUnprintable, PressrunError
from feeds.formats.kinds import Format
from feeds.formats.parsing import count_entries
from feeds.formats.prepare import Ready, prepare_entry
from feeds.formats.prepare_feed import prepare_feed
from feeds.model import Feed, Printed

MAX_BYTES = 1_000_000  # readers give up on documents of 5 to 15 million bytes; a small one is also fetched more often
_BETWEEN = 8  # bytes, at most, that a format puts between two elements


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """An entry as it stands in documents: its bytes by the name of the format.

    ``left_out`` gives the reason for each format that cannot carry it. ``notes`` say what was left out of it.
    """

    entry_id: str
    data: Mapping[str, bytes]
    left_out: Mapping[str, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A document that was read back and found whole.

    ``entries`` are those it holds, as they were given. ``left_out`` could not be printed, each with its reason.
    ``dropped_for_size`` counts the oldest, for which there was no room. ``notes`` say what was left out of an entry.
    """

    data: bytes
    entries: tuple[Printed, ...]
    left_out: tuple[EntryUnprintable, ...] = ()
    dropped_for_size: int = 0
    notes: tuple[str, ...] = ()


def print_elements(
    formats: Iterable[Format], entries: Iterable[Printed], *, full_text: bool, language: str
) -> list[Elements]:
    """Write each entry as its element in each format, for feeds in ``language``; it never raises for what one holds.

    Format by format, not entry by entry: a processor takes a third less time for doing one thing over and over. So give
    it a hundred entries rather than one; all their bytes are held at once.
    """
    made = [_Making.of(entry) for entry in entries]
    for format in formats:
        for one in made:
            one.write(format, full_text=full_text, language=language)
        for one in made:
            one.read_back(format)
    return [one.elements() for one in made]


def print_entry_elements(formats: Iterable[Format], entry: Printed, *, full_text: bool, language: str) -> Elements:
    """Write one entry as its element in each format."""
    return print_elements(formats, [entry], full_text=full_text, language=language)[0]


def print_document(format: Format, feed: Feed, elements: Sequence[bytes]) -> bytes:
    """Join elements to a document in their order; PressrunError where it cannot be printed.

    The elements were read back when they were written, each under the same root. So what is left to read is the frame,
    and to see is that each element is still whole, and found again where it stands: where the first is, all are.
    """
    try:
        frame = format.frame(prepare_feed(feed))
        if count_entries(frame):
            raise ValueError("its frame holds entries")
        first = list(elements[:1])
        if not all(map(format.is_whole, elements)) or format.cut(format.join(frame, first)) != first:
            raise ValueError("what it holds is not what was written")
        data = format.join(frame, elements)
    except PressrunError:
        raise
    except Exception as error:
        raise PressrunError(f"{feed.id}: no {format.name} document can be printed: {_reason(error)}") from error
    return data


def how_many_fit(format: Format, feed: Feed, elements: Sequence[bytes], *, max_bytes: int = MAX_BYTES) -> int:
    """Return how many of the elements, from the first, a document of at most ``max_bytes`` holds."""
    room = max_bytes - len(print_document(format, feed, ()))
    for number, element in enumerate(elements):
        room -= len(element) + _BETWEEN
        if room < 0:
            return number
    return len(elements)


def render_clean(format: Format, feed: Feed, entries: Sequence[Printed], *, max_bytes: int = MAX_BYTES) -> Rendered:
    """Render the entries that can be printed, newest first, in a document of at most ``max_bytes``.

    The order given is kept, so the entries dropped for size are the last. Raises PressrunError where not even a
    document without entries can be printed.
    """
    kept: dict[str, tuple[Printed, Elements]] = {}
    left_out: list[EntryUnprintable] = []
    all_made = print_elements([format], entries, full_text=feed.full_text, language=feed.language)
    for entry, made in zip(entries, all_made, strict=True):
        if entry.id in kept:
            left_out.append(EntryUnprintable(entry.id, "another entry of the feed has the same id"))
        elif made.left_out:
            left_out.append(EntryUnprintable(entry.id, made.left_out[format.name]))
        else:
            kept[entry.id] = (entry, made)
    held = list(kept.values())
    elements = [made.data[format.name] for _, made in held]
    fitting = how_many_fit(format, feed, elements, max_bytes=max_bytes)
    return Rendered(
        data=print_document(format, feed, elements[:fitting]),
        entries=tuple(entry for entry, _ in held[:fitting]),
        left_out=tuple(left_out),
        dropped_for_size=len(held) - fitting,
        notes=tuple(note for _, made in held[:fitting] for note in made.notes),
    )


@dataclass(slots=True)
class _Making:
    """The elements of an entry in the making; ``refusal`` says why nothing can be made of it."""

    given: Printed
    ready: Ready | None = None
    refusal: str = ""
    data: dict[str, bytes] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, entry: Printed) -> _Making:
        try:
            return cls(entry, prepare_entry(entry))
        except Exception as error:  # whatever it is, it is this entry's alone
            return cls(entry, refusal=_reason(error))

    def write(self, format: Format, *, full_text: bool, language: str) -> None:
        if self.ready is None:
            self.left_out[format.name] = self.refusal
            return
        try:
            self.data[format.name] = format.element(self.ready.entry, full_text=full_text, language=language)
        except Exception as error:
            self.left_out[format.name] = _reason(error)

    def read_back(self, format: Format) -> None:
        element = self.data.get(format.name)
        fault = _fault_of(format, element) if element is not None else ""
        if fault:
            del self.data[format.name]
            self.left_out[format.name] = fault

    def elements(self) -> Elements:
        notes = self.ready.notes if self.ready else ()
        return Elements(entry_id=self.given.id, data=self.data, left_out=self.left_out, notes=notes)


def _fault_of(format: Format, element: bytes) -> str:
    if len(element) > MAX_BYTES:
        return f"it takes over {MAX_BYTES:,} bytes, more than a whole document may have"
    try:
        count = count_entries(format.alone(element))
    except Exception as error:
        return _reason(error)
    return "" if count == 1 else f"it became {count} entries"


def _reason(error: Exception) -> str:
    return error.reason if isinstance(error, EntryUnprintable) else str(error) or type(error).__name__
