"""The pieces that the selections of one edition share, kept as they are with their styles inline.

What a template made is looked up by itself: a piece is known only where the same was made before, in the same place,
in a digest that was inlined whole. So nothing need be known of the templates. Not here: what is made (digest).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from feeds.model import Printed
from feeds.rendering.balance import open_after
from feeds.rendering.cutting import Own
from feeds.rendering.digest_story import Story, story_of
from feeds.rendering.environment import Templates
from feeds.rendering.views import DigestView
from feeds.rendering.words import Words

ALWAYS_TRIED, TRIED = 3, 100  # so many joins at first, and then each so many-th, are compared with the whole

Raw = Sequence[str | Own]
Open = tuple[str, ...]  # the elements that are open where a piece begins


@dataclass(slots=True)
class Forme:
    """What is known of an edition; ``is_broken`` where joined pieces were once not what is made in one go."""

    is_broken: bool = False
    _known: dict[tuple[Open, str], tuple[str, Open]] = field(default_factory=dict)
    _stories: dict[Hashable, tuple[Printed, Story]] = field(default_factory=dict)
    _joins: int = 0

    def stories(self, view: DigestView, words: Words) -> tuple[Story, ...]:
        """Return the entries of a digest as it shows them."""
        return tuple(self._story(entry, view, words) for entry in view.entries)

    def joined(self, raw: Raw) -> tuple[str, ...]:
        """Return pieces with their styles inline, none where one of them is not known."""
        made: list[str] = []
        opened: Open = ()
        for piece in raw:
            if isinstance(piece, Own):
                made.append(piece.written)
                continue
            found = self._known.get((opened, piece))
            if found is None:
                return ()
            made.append(found[0])
            opened = found[1]
        return () if opened else tuple(made)

    @property
    def is_to_be_tried(self) -> bool:
        """Count a join; tell whether it is to be compared with the same in one go."""
        self._joins += 1
        return self._joins <= ALWAYS_TRIED or self._joins % TRIED == 0

    def learn(self, raw: Raw, whole: str, *, mark: str, inlined: Callable[[str], str]) -> tuple[str, ...]:
        """Return a document in pieces, which are known from then on; none where it cannot be cut.

        ``whole`` is the document in one go, ``mark`` what stands in no document, ``inlined`` inlines one.
        """
        texts, gaps = _apart(raw)
        marks = [_stand_in(gap, mark, place) for place, gap in enumerate(gaps)]
        document = texts[0] + "".join(gap + text for gap, text in zip(marks, texts[1:], strict=True))
        found = re.split("|".join(map(re.escape, dict.fromkeys(marks))), inlined(document)) if marks else [whole]
        pieces = [found[0]]
        for gap, text in zip(gaps, found[1:], strict=False):
            pieces += [text] if gap is None else [gap.written, text]
        learned = self._places(texts, found)
        if "".join(pieces) != whole or not learned:
            self.is_broken = True
            return ()
        self._known |= learned
        return tuple(piece for piece in pieces if piece)

    def _story(self, entry: Printed, view: DigestView, words: Words) -> Story:
        key = entry.id, view.pictures.get(entry.image.address) if entry.image else None
        known = self._stories.get(key)
        if known is None or known[0] != entry:
            known = self._stories[key] = entry, story_of(entry, view, words)
        return known[1]

    def _places(self, texts: Sequence[str], found: Sequence[str]) -> dict[tuple[Open, str], tuple[str, Open]]:
        """Return each piece by its place and what was made, none where it cannot be told what is open there."""
        learned: dict[tuple[Open, str], tuple[str, Open]] = {}
        opened: Open | None = ()
        if len(texts) != len(found):
            return {}
        for text, piece in zip(texts, found, strict=True):
            if text:
                after = None if opened is None else open_after(opened, text)
                if opened is None or after is None:
                    return {}
                learned[opened, text] = piece, after
                opened = after
        return {} if opened else learned


_formes: WeakKeyDictionary[Templates, tuple[Hashable, Forme]] = WeakKeyDictionary()


def forme_of(templates: Templates, edition: Hashable) -> Forme:
    """Return what is known of an edition that is rendered by these templates; what was of another is let go."""
    known = _formes.get(templates)
    if known is None or known[0] != edition:
        known = _formes[templates] = edition, Forme()
    return known[1]


def _stand_in(gap: Own | None, mark: str, place: int) -> str:
    """Return what stands in a gap while a document is inlined."""
    if gap is None:
        return f"<!--{mark}-->"
    return f'"{mark}.{place}."' if gap.is_in_tag else f"{mark}.{place}."


def _apart(raw: Raw) -> tuple[list[str], list[Own | None]]:
    """Return the texts of a document, and what stands in each gap between two of them: None between two pieces."""
    texts, gaps = [""], list[Own | None]()
    for piece in raw:
        if isinstance(piece, Own):
            gaps.append(piece)
            texts.append("")
        elif texts[-1]:
            gaps.append(None)
            texts.append(piece)
        else:
            texts[-1] = piece
    return texts, gaps
