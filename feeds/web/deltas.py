"""Deltas: of a feed only what a reader has not had, cut from the document as it stands (RFC 3229, ``A-IM: feed``).

Not here: whether a request asks for one (site). Where anything does not fit, there is none, and the whole is sent.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass

from feeds.errors import StoreUnusable
from feeds.store import documents
from feeds.store.documents import Held
from feeds.store.engine import Store
from feeds.web.conditions import entity_tags
from feeds.web.files import Served
from feeds.web.keeping import Keeping
from feeds.web.places import FEEDS

MOST_KEPT = 16 * 1024 * 1024
MOST_TAGS = 10  # of one request that are looked up
_ENDS = (b'-gz"', b'-br"')


@dataclass(frozen=True, slots=True)
class Delta:
    """A feed with nothing but what is new, plain and as gzip; both None where the whole must be sent."""

    plain: bytes | None = None
    coded: bytes | None = None


NONE = Delta()


class Deltas:
    """What readers of older versions lack, made once for each version that they have."""

    def __init__(self, store: Store) -> None:
        self._store, self._is_current = store, False
        self._kept: Keeping[tuple[str, bytes, bytes], Delta] = Keeping(MOST_KEPT)

    def find(self, place: str, whole: Served, *, if_none_match: bytes) -> Delta:
        """Return what is newer than the version that a reader names; ``NONE`` where that is unknown or all of it.

        ``whole`` is the document as it stands, in no coding. It waits for the store.
        """
        for _is_weak, tag in entity_tags(if_none_match)[:MOST_TAGS]:
            delta = self._delta(place, whole.body or b"", tags=(whole.etag, _without_coding(tag)))
            if delta.plain is not None:
                return delta
        return NONE

    def _delta(self, place: str, body: bytes, *, tags: tuple[bytes, bytes]) -> Delta:
        kept = self._kept.find((place, *tags))
        if kept is not None:
            return kept
        now, had = self._held(place, tags)
        if now is None:
            return NONE  # as long as publish has swapped the document and not yet recorded it: nothing to remember
        plain = None if had is None else newer(place, body, now=now, had=had)
        delta = NONE if plain is None else Delta(plain, gzip.compress(plain, 6, mtime=0))
        self._kept.keep((place, *tags), delta, len(delta.plain or b"") + len(delta.coded or b""))
        return delta

    def _held(self, place: str, tags: tuple[bytes, bytes]) -> tuple[Held | None, Held | None]:
        """Return what the document holds, and what it held as the reader has it; None for what is not known."""
        current, old = (tag.decode("latin-1") for tag in tags)
        try:
            self._require_current()
            with self._store.reading() as tx:
                found = documents.find(tx, place)
                held = found.held if found and found.etag == current else None
                return held, documents.find_version(tx, place, old)
        except StoreUnusable:
            return None, None  # a feed is served whatever becomes of the store

    def _require_current(self) -> None:
        if not self._is_current:
            self._store.require_current()
            self._is_current = True


def newer(place: str, body: bytes, *, now: Held, had: Held) -> bytes | None:
    """Return the document without the entries that a reader has had; None where that leaves all, nothing, or nonsense.

    With nothing left, something else changed, as when an entry went: the whole tells that best.
    """
    elements = FEEDS[place.rpartition("/")[2]].cut(body)
    before = set(had)
    fresh = [element for element, held in zip(elements, now, strict=False) if held not in before]
    if len(elements) != len(now) or not 0 < len(fresh) < len(elements):
        return None
    return _without(body, elements, fresh)


def _without(body: bytes, elements: Sequence[bytes], fresh: Sequence[bytes]) -> bytes | None:
    """Return the document's frame with some of its elements; None where more than joints stands between them."""
    gaps, end = [], 0
    for element in elements:
        start = body.index(element, end)
        gaps.append(body[end:start])
        end = start + len(element)
    head, *joints = gaps
    if len(set(joints)) > 1:
        return None
    return head + joints[0].join(fresh) + body[end:]


def _without_coding(tag: bytes) -> bytes:
    return tag[:-4] + b'"' if tag.endswith(_ENDS) else tag
