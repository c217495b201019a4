"""Where an entry stands and when it was last changed: draft, scheduled or live.

Pure: ``now`` is an argument. Not here: matching files with entries (identity), an ``updated`` that no other entry has
(instants).
"""

from __future__ import annotations

from datetime import datetime

from feeds.model import Access, Article, Entry, State
from feeds.rules.instants import SECOND


def state_of(article: Article, *, published_at: datetime, now: datetime) -> State:
    """Return where an entry stands that its source still has. A future date is scheduled, not published.

    One that cannot be read, but holds a year to come, holds the entry back until somebody mends it.
    """
    if article.draft or (article.promised_year or 0) > now.year:
        return State.DRAFT
    return State.SCHEDULED if published_at > now else State.LIVE


def first_updated_at(article: Article, *, published_at: datetime, now: datetime) -> datetime:
    """Return when an entry new to the store was last changed: what it says, else when it was published."""
    return max([published_at, *_declared(article, now)])


def next_updated_at(article: Article, *, before: datetime, published_at: datetime, now: datetime) -> datetime:
    """Return when an edited entry was changed: what it says if that is news and no promise, else now."""
    declared = article.declared_updated_at
    if declared and before < declared <= now:
        return max(_declared(article, now))  # a correction is a change too
    return max(now.replace(microsecond=0), published_at, before + SECOND)


def leaves_a_page(entry: Entry) -> bool:
    """Tell whether the page of an entry stays, to say that it was withdrawn: where an operator did, and it was public.

    What its source took back just goes, and nothing may tell that there was an article for members.
    """
    was_public = entry.live_at is not None and entry.article.access is Access.PUBLIC
    return entry.is_kept_out and was_public and entry.article.url is None


def _declared(article: Article, now: datetime) -> list[datetime]:
    """Return the times at which an article says that it was changed or corrected; a promise is none."""
    said = (article.declared_updated_at, *(correction.at for correction in article.corrections))
    return [at for at in said if at and at <= now]
