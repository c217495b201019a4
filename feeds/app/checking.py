"""Checking a feed that somebody names, ours or a stranger's: no config and no store is needed for that.

Not here: checking a site's own documents (site), the rules (formats.check).
"""

from __future__ import annotations

from feeds.jobs.check_feed import FeedReport, check_feed
from feeds.outgoing import ANYWHERE, Client


def check_one_feed(place: str) -> FeedReport:
    """Judge the feed at a path or an http(s) address; raise RequestFailed where there is nothing to judge.

    Whoever types an address may mean a machine of their own, so no network is refused.
    """
    return check_feed(place, Client(allowed=ANYWHERE).fetch)
