"""How many messages a transport may still be given now: its limits for an hour and a day, its pace, its warm-up.

Pure: counts and times come in, numbers go out. Not here: counting (store).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UNLIMITED = 1_000_000_000
RESERVE = 20  # one part in so many of an hour's and a day's limit is kept for notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a transport may be given: messages a second, in any hour, in any day; None where it is not limited.

    ``ramp`` are the days' limits of a new sender, the first day's first; after its last day they are no more.
    """

    per_second: float | None = None
    per_hour: int | None = None
    per_day: int | None = None
    ramp: tuple[int, ...] = ()

    @property
    def are_none(self) -> bool:
        """Tell whether nothing is limited."""
        return self.per_second is None and self.per_hour is None and self.per_day is None and not self.ramp


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a transport was given: in the last hour and day, since when in all, and until when it is paced out."""

    hour: int = 0
    day: int = 0
    first_at: datetime | None = None
    free_at: datetime | None = None


def of_editions(limits: Limits) -> Limits:
    """Return the limits that editions are held to: what they leave of an hour and a day is for who asks to confirm."""

    def less(limit: int) -> int:
        return limit - limit // RESERVE

    return replace(
        limits,
        per_hour=limits.per_hour and less(limits.per_hour),
        per_day=limits.per_day and less(limits.per_day),
        ramp=tuple(less(limit) for limit in limits.ramp),
    )


def allowed(limits: Limits, used: Used, now: datetime) -> int:
    """Return how many more messages may be given now, as far as hours and days are concerned."""
    daily = [limit for limit in (limits.per_day, ramp_limit(limits.ramp, used.first_at, now)) if limit is not None]
    left = [limit - used.day for limit in daily]
    left += [limits.per_hour - used.hour] if limits.per_hour is not None else []
    return max(0, min([UNLIMITED, *left]))


def ramp_limit(ramp: Sequence[int], first_at: datetime | None, now: datetime) -> int | None:
    """Return the limit of a new sender's day, None once it is none any more; days are of 24 hours from the first."""
    day = 0 if first_at is None else int((now - first_at) / DAY)
    return ramp[day] if day < len(ramp) else None


def paced(limits: Limits, used: Used, now: datetime) -> int:
    """Return how many messages may be given now by the pace alone: what a tenth of a second brings, one at least.

    Until ``free_at`` none: what was given before takes that long.
    """
    if limits.per_second is None:
        return UNLIMITED
    if used.free_at is not None and used.free_at > now:
        return 0
    return max(1, int(limits.per_second / 10))


def free_after(limits: Limits, used: Used, *, given: int, now: datetime) -> datetime | None:
    """Return until when so many messages, given now, keep the transport paced out."""
    if limits.per_second is None:
        return None
    begins = max(now, used.free_at) if used.free_at is not None else now
    return begins + timedelta(seconds=given / limits.per_second)
