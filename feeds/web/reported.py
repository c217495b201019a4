"""What services that read feeds for others said of their subscribers: the newest of each, for some days.

The time is passed in. Not here: reading what they say (rules.reader_agents).
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from functools import lru_cache

from feeds.rules.reader_agents import Report, read_agent

KEPT = timedelta(days=7)  # behind a hub, a service may ask as rarely as once in a few days
MOST_FEEDS, MOST_SERVICES = 2_000, 50  # remembered; whoever asked least recently is forgotten first
_Said = OrderedDict[tuple[str, str], tuple[int, float]]  # by service and its name of the feed: subscribers, and when


class Reported:
    """Remember, for each document, which service has how many subscribers."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, _Said] = OrderedDict()

    def note(self, place: str, user_agent: str, *, now: float) -> None:
        """Take in what whoever was given a document calls itself; ``now`` is in seconds."""
        report = _read(user_agent)
        if report is None:
            return
        said = self._said.setdefault(place, OrderedDict())
        said[report.agent, report.feed_id] = report.subscribers, now
        said.move_to_end((report.agent, report.feed_id))
        self._said.move_to_end(place)
        if len(said) > MOST_SERVICES:
            said.popitem(last=False)
        if len(self._said) > MOST_FEEDS:
            self._said.popitem(last=False)

    def totals(self, *, now: float) -> dict[str, int]:
        """Return how many subscribers each document has, of all services together."""
        self._forget(now - KEPT.total_seconds())
        return {place: sum(number for number, _ in said.values()) for place, said in self._said.items()}

    def _forget(self, before: float) -> None:
        for place, said in [*self._said.items()]:
            for service in [service for service, (_, at) in said.items() if at < before]:
                del said[service]
            if not said:
                del self._said[place]


@lru_cache(maxsize=1024)  # the same ones come again and again
def _read(user_agent: str) -> Report | None:
    return read_agent(user_agent)
