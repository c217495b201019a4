"""Which entries a private feed holds that brings a newsletter to one reader in place of mail.

Pure. Not here: reading them (jobs.private_feeds), who is mailed what (selecting).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from feeds.rules.selecting import Candidate

SHOWN = 50  # of the newest, had or not: so that a feed reader sees where it stands
MOST = 500  # where a reader lacks more than those: none is to be missed, however seldom they look
LOOKED_AT = 200  # of the newest entries of all, for those that are to a reader's taste


def fed(candidates: Sequence[Candidate], *, floor: datetime, given: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the entries that the feed holds, of those to a reader's taste (newest first); and the fresh among them.

    Fresh is what was brought since the reader's ``floor`` and is not among ``given``; it is held before any other.
    """
    fresh = [one.entry_id for one in candidates if one.brought_at > floor and one.entry_id not in given][-MOST:]
    lacking = set(fresh)
    held = [one.entry_id for place, one in enumerate(candidates) if place < SHOWN or one.entry_id in lacking]
    return held, fresh
