"""Renders a document, reads it back, and keeps whatever is wrong with one entry from costing the others.

Also holds a document to its size. Not here: writing to disk (jobs), which entries a feed holds (rules).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from feeds.errors import EntryUnprintable, PressrunError
from feeds.formats.kinds import Format
from feeds.formats.parsing import count_entries
from feeds.formats.prepare import Ready, prepare_entry, prepare_feed
from feeds.model import Feed, Printed

MAX_BYTES = 1_000_000  # readers give up on documents of 5 to 15 million bytes; a small one is also fetched more often


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


def render_clean(format: Format, feed: Feed, entries: Sequence[Printed], *, max_bytes: int = MAX_BYTES) -> Rendered:
    """Render the entries that can be printed, newest first, in a document of at most ``max_bytes``.

    The order given is kept, so the entries dropped for size are the last. Raises PressrunError where not even a
    document without entries can be printed.
    """
    feed = prepare_feed(feed)
    ready, refused = _prepare(entries)
    try:
        data, kept, failed = _attempt(format, feed, ready), ready, list[EntryUnprintable]()
    except Exception:
        kept, failed = _tried_one_by_one(format, feed, ready)
        data = _attempt(format, feed, kept)
    fitting = kept
    if len(data) > max_bytes:
        fitting = _fitting(format, feed, kept, max_bytes=max_bytes)
        data = _attempt(format, feed, fitting)
    return Rendered(
        data=data,
        entries=tuple(one.given for one in fitting),
        left_out=(*refused, *failed),
        dropped_for_size=len(kept) - len(fitting),
        notes=tuple(note for one in fitting for note in one.notes),
    )


def _prepare(entries: Sequence[Printed]) -> tuple[list[Ready], list[EntryUnprintable]]:
    ready: dict[str, Ready] = {}
    refused: list[EntryUnprintable] = []
    for entry in entries:
        try:
            if entry.id in ready:
                raise EntryUnprintable(entry.id, "another entry of the feed has the same id")
            ready[entry.id] = prepare_entry(entry)
        except Exception as error:  # whatever it is, it is this entry's alone
            refused.append(_refusal(entry, error))
    return list(ready.values()), refused


def _tried_one_by_one(format: Format, feed: Feed, ready: list[Ready]) -> tuple[list[Ready], list[EntryUnprintable]]:
    try:
        _attempt(format, feed, [])
    except Exception as error:
        raise PressrunError(f"{feed.id}: no {format.name} document can be printed: {_reason(error)}") from error
    kept: list[Ready] = []
    failed: list[EntryUnprintable] = []
    for one in ready:
        try:
            _attempt(format, feed, [*kept, one])
        except Exception as error:
            failed.append(_refusal(one.entry, error))
        else:
            kept.append(one)
    return kept, failed


def _attempt(format: Format, feed: Feed, ready: Sequence[Ready]) -> bytes:
    data = format.render(feed, [one.entry for one in ready])
    count = count_entries(data)
    if count != len(ready):
        raise ValueError(f"the document holds {count} entries instead of {len(ready)}")
    return data


def _fitting(format: Format, feed: Feed, kept: list[Ready], *, max_bytes: int) -> list[Ready]:
    # Sizes grow with the number of entries, so the largest number that fits is found by halving.
    fits = bisect_right(range(len(kept) + 1), max_bytes, key=lambda number: len(_attempt(format, feed, kept[:number])))
    return kept[: max(0, fits - 1)]


def _refusal(entry: Printed, error: Exception) -> EntryUnprintable:
    return error if isinstance(error, EntryUnprintable) else EntryUnprintable(entry.id, _reason(error))


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
