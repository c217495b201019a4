"""Which newsletters are new to the store, renamed, gone from the config, or back in it.

Pure. Not here: when one is due (due), what the store remembers of each (store).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """A newsletter that the store has seen: whether it is gone from the config, and what it is called now.

    One that ``is_bare`` has neither readers nor editions: there is nothing to keep of it.
    """

    is_gone: bool = False
    renamed_to: str | None = None
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What has become of the newsletters; ``renamed`` pairs old and new. ``notes`` are for the operator."""

    new: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.renamed or self.gone or self.back)


def changes(known: Mapping[str, Known], configured: Mapping[str, str | None]) -> Changes:
    """Compare what the store has seen with the config: slug → the slug that it was renamed from, if any.

    A name is taken over only by a newsletter that has no readers and no editions of its own yet, so that
    ``renamed_from`` may be added after a run, too.
    """
    held = {slug: one for slug, one in known.items() if one.renamed_to is None}  # what was given away is free again
    busy = {slug for slug, one in held.items() if not one.is_bare}
    renamed = tuple((old, new) for new, old in configured.items() if old in held and new not in busy)
    passed_on = {slug for pair in renamed for slug in pair}
    return Changes(
        new=tuple(slug for slug in configured if slug not in held and slug not in passed_on),
        renamed=renamed,
        gone=tuple(
            slug for slug in held if slug not in configured and slug not in passed_on and not held[slug].is_gone
        ),
        back=tuple(s for s in configured if s in held and held[s].is_gone and s not in passed_on),
        notes=tuple(
            f"newsletter {new}: renamed_from = {old!r} does nothing, since {new} has readers or editions of its own"
            for new, old in configured.items()
            if old in busy and new in busy
        ),
    )
