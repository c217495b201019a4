"""What a sync makes of an article that was read: a new entry, or the next version of the one it is.

Pure: ``now`` is an argument. Not here: which entry a file is (identity), writing it down (store).
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from feeds.model import Article, Entry, RawEntry, State
from feeds.rules.articles import Reading, content_hash, wanted_slug
from feeds.rules.instants import SECOND, Instants
from feeds.rules.slugs import free_slug
from feeds.rules.standing import first_updated_at, next_updated_at, state_of


@dataclass(frozen=True, slots=True)
class Taken:
    """What other entries have already: their slugs (those that redirect too) and their ``updated`` instants."""

    slugs: Container[str]
    instants: Instants


def new_entry(raw: RawEntry, reading: Reading, *, id: str, source: str, taken: Taken, now: datetime) -> Entry:
    """Return the entry that an article becomes when it is first seen."""
    article = reading.article
    seen_at = now if article.published_at else taken.instants.free_until(now)
    published_at = article.published_at or seen_at
    updated_at = first_updated_at(article, published_at=published_at, now=now)
    return Entry(
        id=id,
        source=source,
        key=raw.key,
        slug=free_slug(wanted_slug(article, raw.key), taken.slugs),
        article=article,
        state=state_of(article, published_at=published_at, now=now),
        revision=1,
        content_hash=content_hash(raw, article.files),
        source_hash=raw.source_hash,
        published_at=published_at,
        updated_at=_own_instant(updated_at, taken.instants, now),
        first_seen_at=seen_at,
        notes=reading.notes,
    )


def revised(old: Entry, raw: RawEntry, reading: Reading, *, taken: Taken, now: datetime) -> Entry:
    """Return the version of ``old`` that an article makes: a new revision if, and only if, somebody edited it.

    What an operator withdrew is kept up to date too, and stays withdrawn.
    """
    article = reading.article
    published_at = article.published_at or old.first_seen_at.replace(microsecond=0)
    entry = replace(
        old,
        key=raw.key,
        slug=_slug(old, raw, reading, taken=taken),
        article=article,
        content_hash=content_hash(raw, article.files),
        source_hash=raw.source_hash,
        published_at=published_at,
        notes=reading.notes,
        **({} if old.is_kept_out else _in_print(article, published_at, now)),
    )
    if entry.content_hash == old.content_hash:
        return entry
    # What nobody has seen yet may go back: a date far ahead that was a slip must not stay as the time of change.
    before = old.updated_at if old.live_at else min(old.updated_at, now - SECOND)
    updated_at = next_updated_at(article, before=before, published_at=published_at, now=now)
    return replace(entry, revision=old.revision + 1, updated_at=taken.instants.free_from(updated_at))


def restored(entry: Entry, *, instants: Instants, now: datetime) -> Entry:
    """Return a withdrawn entry where its article says that it stands.

    Its words are what they were, but a reader that dropped it takes it again only if it was updated since.
    """
    back = replace(entry, **_in_print(entry.article, entry.published_at, now))
    if entry.live_at is None:
        return back
    return replace(back, updated_at=instants.free_from(max(now, entry.updated_at + SECOND)))


def what_changed(old: Entry, new: Entry) -> str:
    """Name what a sync did to an entry: ``edited``, ``restored`` or ``unchanged``."""
    if new.revision != old.revision:
        return "edited"
    return "restored" if old.state is State.WITHDRAWN and new.state is not State.WITHDRAWN else "unchanged"


def _in_print(article: Article, published_at: datetime, now: datetime) -> dict[str, Any]:
    state = state_of(article, published_at=published_at, now=now)
    return {"state": state, "withdrawn_at": None, "withdrawn_by": None, "withdrawn_reason": None}


def _own_instant(wanted: datetime, taken: Instants, now: datetime) -> datetime:
    """Return an instant that no other entry has: at or behind ``wanted``, before it where that is yet to come."""
    after = taken.free_from(wanted)
    return after if after <= now or wanted > now else taken.free_until(wanted)


def _slug(old: Entry, raw: RawEntry, reading: Reading, *, taken: Taken) -> str:
    """Keep the slug once the entry went live, unless somebody asks for another by hand."""
    wanted = reading.article.asked_slug if old.live_at else wanted_slug(reading.article, raw.key)
    return free_slug(wanted, taken.slugs) if wanted and wanted != old.slug else old.slug
