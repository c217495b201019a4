"""How many subscribers a service that reads feeds for others says it has, by what it calls itself (User-Agent).

Pure. Nobody proves such a number. Not here: remembering what was said (web).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_SUBSCRIBERS = 1_000_000  # of one service; scrapers that pass for one claim more
MOST_READ = 512  # characters of a User-Agent
_COUNT = re.compile(
    r"(?<![\w.,/-])([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)[ _+]+(?:subscriber|reader)(?:s|\(s\))?(?![\w-])", re.IGNORECASE
)
# NewsBlur and Dreamwidth name the feed by a page of theirs.
_FEED = re.compile(
    r"(?:feed-?id[:= ] ?|//www\.newsblur\.com/site/|//www\.dreamwidth\.org/users/)([\w-]{1,64})", re.IGNORECASE
)
_NAME = re.compile(r"(?:mozilla[/ ]5\.0 \(compatible; ?)?(.*?)(?: feed-?id|/\d| - | https?:|[;,()]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a service says: its own name, its name of the feed ("" for none), and for how many it reads."""

    agent: str
    feed_id: str
    subscribers: int


def read_agent(user_agent: str) -> Report | None:
    """Return what a User-Agent says of subscribers, None where it says nothing."""
    said = user_agent[:MOST_READ]
    count = _COUNT.search(said)
    if count is None:
        return None
    # Of a number with more digits than the most has, no more than that is read.
    number = min(int(count[1].replace(",", "")[:20]), MOST_SUBSCRIBERS)
    feed, name = _FEED.search(said), _NAME.match(said)
    return Report(name[1].strip().lower() if name else "", feed[1] if feed else "", number)
