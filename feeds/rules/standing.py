"""Where an entry stands and when it was last changed: draft, scheduled or live, and an ``updated`` that is its own.

Pure: ``now`` is an argument. Not here: matching files with entries (identity).
"""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime, timedelta

from feeds.model import Article, State

SECOND = timedelta(seconds=1)


def state_of(article: Article, *, published_at: datetime, now: datetime) -> State:
    """Return where an entry stands that its source still has. A future date is scheduled, not published.

    One that cannot be read, but holds a year to come, holds the entry back until somebody mends it.
    """
    if article.draft or (article.promised_year or 0) > now.year:
        return State.DRAFT
    return State.SCHEDULED if published_at > now else State.LIVE


def first_updated_at(article: Article, *, published_at: datetime, now: datetime) -> datetime:
    """Return when an entry new to the store was last changed: what it says, else when it was published."""
    declared = article.declared_updated_at
    return max(published_at, declared) if declared and declared <= now else published_at


def next_updated_at(article: Article, *, before: datetime, published_at: datetime, now: datetime) -> datetime:
    """Return when an edited entry was changed: what it says if that is news and no promise, else now."""
    declared = article.declared_updated_at
    if declared and before < declared <= now:
        return declared
    return max(now.replace(microsecond=0), published_at, before + SECOND)


def unique_instant(wanted: datetime, taken: Container[datetime]) -> datetime:
    """Return ``wanted``, or the first second behind it that no other entry has (RFC 4287 asks for it between two)."""
    wanted = wanted.replace(microsecond=0)
    while wanted in taken:
        wanted += SECOND
    return wanted
