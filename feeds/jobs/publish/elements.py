"""Each entry's bytes in each format: built once in a run, kept in a scratch file, put into every document from there.

What an unchanged document on the disk holds is cut out of it instead. Not here: building them (formats).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from feeds.formats import FORMATS, print_elements
from feeds.jobs.publish.output import Output
from feeds.jobs.publish.stock import Item, Stock
from feeds.rules.archives import Sized
from feeds.rules.printing import for_feeds
from feeds.store.documents import Publication
from feeds.store.feed_entries import Member

NOT_THERE = -1
_ORDER = {name: place for place, name in enumerate(FORMATS)}  # in which an entry's elements lie behind one another


@dataclass(frozen=True, slots=True)
class Manner:
    """In which manner an entry is written: with its full text or its summary, in a feed of which language."""

    full_text: bool
    language: str


class ElementStock:
    """The elements of a run: memory holds where each lies, never the bytes."""

    def __init__(self, stock: Stock, output: Output, materials: str) -> None:
        self._stock, self._output, self._materials = stock, output, materials
        self._scratch = tempfile.TemporaryFile(prefix="pressrun-elements-")  # noqa: SIM115 - closed with the run
        self._end, self._is_unflushed = 0, False
        self._places: dict[Manner, dict[str, tuple[int, tuple[int, ...]]]] = {}
        self._refused: dict[tuple[Manner, str], Mapping[str, str]] = {}
        self.notes: dict[str, tuple[str, ...]] = {}

    def close(self) -> None:
        """Give the scratch file back."""
        self._scratch.close()

    def ensure(self, members: Iterable[Member], manner: Manner) -> None:
        """Have the elements of these entries ready, building those that are not."""
        there = self._places.setdefault(manner, {})
        missing = [member.entry_id for member in members if member.entry_id not in there]
        for batch in self._stock.batches(missing):
            self.build(batch, manner)

    def build(self, items: Iterable[Item], manner: Manner) -> None:
        """Build the elements of entries, many at once; what a format cannot carry is remembered with the reason."""
        entries = [for_feeds(item.printed) for item in items]
        for made in print_elements(FORMATS.values(), entries, full_text=manner.full_text, language=manner.language):
            self._keep(made.entry_id, made.data, manner)
            if made.left_out:
                self._refused[manner, made.entry_id] = made.left_out
            if made.notes:
                self.notes[made.entry_id] = made.notes

    def reuse(self, publications: Sequence[Publication], members: Iterable[Member], manner: Manner) -> None:
        """Take over the elements of entries that did not change since these documents of one feed were written."""
        found = [self._cut(publication) for publication in publications if publication.format in FORMATS]
        if len(found) < len(FORMATS):
            return  # a feed in fewer formats is quickly built
        there = self._places.setdefault(manner, {})
        for member in members:
            data = {name: elements.get((member.entry_id, member.change)) for name, elements in found}
            if member.entry_id not in there and None not in data.values():
                self._keep(member.entry_id, {name: one for name, one in data.items() if one}, manner)

    def size(self, entry_id: str, manner: Manner) -> Sized:
        """Return how much an entry takes in the format in which it is largest."""
        return Sized(entry_id, max((0, *self._places[manner][entry_id][1])))

    def read(self, entry_id: str, manner: Manner, format: str) -> bytes | None:
        """Return an entry's element in a format, None where it could not be written in it."""
        offset, lengths = self._places[manner][entry_id]
        length, before = lengths[_ORDER[format]], lengths[: _ORDER[format]]
        if length == NOT_THERE:
            return None
        if self._is_unflushed:
            self._scratch.flush()
            self._is_unflushed = False
        data = os.pread(self._scratch.fileno(), length, offset + sum(before) - NOT_THERE * before.count(NOT_THERE))
        if len(data) != length:
            raise OSError("the scratch file of the elements was cut short")
        return data

    def refusal(self, entry_id: str, manner: Manner, format: str) -> str:
        """Return why an entry could not be written in a format."""
        return self._refused.get((manner, entry_id), {}).get(format, "it cannot be written")

    def _keep(self, entry_id: str, data: Mapping[str, bytes], manner: Manner) -> None:
        lengths = tuple([len(data[name]) if name in data else NOT_THERE for name in FORMATS])
        self._places.setdefault(manner, {})[entry_id] = (self._end, lengths)
        self._end += self._scratch.write(b"".join([data[name] for name in FORMATS if name in data]))
        self._is_unflushed = True

    def _cut(self, publication: Publication) -> tuple[str, dict[tuple[str, int], bytes]]:
        """Return a document's elements by (entry, change); none where it is not as we wrote it, by these settings."""
        data = self._output.read(publication.path) if publication.materials == self._materials else None
        if data is None or hashlib.sha256(data).hexdigest() != publication.hash:
            return publication.format, {}
        elements = FORMATS[publication.format].cut(data)
        whole = len(elements) == len(publication.held)
        return publication.format, dict(zip(publication.held, elements, strict=True)) if whole else {}
