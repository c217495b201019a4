"""Whether a newsletter is due: which slot is to become an edition now, if any, whatever the clock has done meanwhile.

Pure: ``now`` is an argument. Not here: where slots come from (cadence), or what an edition holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from feeds.rules.cadence import Cadence, last_slot, local_day, next_slot

SKIP_AFTER = timedelta(hours=1)  # a beat may be late by a restart, not by a night


class CatchUp(StrEnum):
    """What becomes of a slot that was missed: it is made up for ONCE, until the next one comes, or SKIPped."""

    ONCE = "once"
    SKIP = "skip"


class Standing(StrEnum):
    """Where a newsletter stands: only DUE asks for an edition. DUE and SKIPPED decide their slot for good."""

    DUE = "due"
    WAITING = "waiting"
    SKIPPED = "skipped"
    CLOCK_WENT_BACK = "clock_went_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the store remembers of a newsletter.

    ``slot_at`` is the last slot that was decided, whether it gave an edition, had nothing new or was skipped, and
    ``cadence`` the text of the cadence by which that was done ("" where none). ``last_edition_at`` is the slot of the
    newest edition.
    """

    first_seen_at: datetime
    slot_at: datetime | None = None
    cadence: str = ""
    last_edition_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a newsletter stands, the slot that is due or skipped, and when the next one comes."""

    standing: Standing
    slot: datetime | None
    next_at: datetime | None


def decide(
    cadence: Cadence, memory: Memory, *, now: datetime, catch_up: CatchUp, lateness: timedelta | None
) -> Decision:
    """Decide whether the newest slot is to become an edition; older ones that were missed are not made up for.

    A slot later than ``lateness`` is skipped; None sets no limit, or one hour where missed slots are skipped. Raises
    ValueError for a cadence without slots, where each article is an edition.
    """
    if cadence.each_article:
        raise ValueError("each article is an edition: there is no slot to decide")
    decided = memory.slot_at
    if decided and decided > now:
        return Decision(Standing.CLOCK_WENT_BACK, None, next_slot(cadence, decided))
    next_at = next_slot(cadence, now)
    slot = last_slot(cadence, now)
    if slot is None or not _is_new(cadence, slot, memory):
        return Decision(Standing.WAITING, None, next_at)
    limit = lateness if lateness is not None or catch_up is CatchUp.ONCE else SKIP_AFTER
    is_late = limit is not None and now - slot > limit
    return Decision(Standing.SKIPPED if is_late else Standing.DUE, slot, next_at)


def _is_new(cadence: Cadence, slot: datetime, memory: Memory) -> bool:
    """Return whether a slot is after all that was decided, and no relic of the time before the newsletter was seen."""
    if slot < memory.first_seen_at or (memory.slot_at and slot <= memory.slot_at):
        return False
    is_changed = memory.cadence not in {"", str(cadence)}
    if is_changed and memory.last_edition_at:
        return local_day(cadence, slot) > local_day(cadence, memory.last_edition_at)
    return True
