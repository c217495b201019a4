"""How many requests one client may make: a bucket of tokens for each, filled as time goes by.

The time is passed in. Not here: who a client is (clients). No poller gets near the limit: feeds stand behind no gate.
"""

from __future__ import annotations

import math
from collections import OrderedDict

MOST_CLIENTS = 20_000  # remembered; whoever was seen least recently is forgotten first, and starts anew
CHEAP = 0.1  # what a 304 costs of a request: it cost us next to nothing


class Limits:
    """Hold each client to ``per_minute`` requests a minute, and as many at once; 0 holds nobody."""

    def __init__(self, per_minute: int) -> None:
        self._most, self._rate = float(per_minute), per_minute / 60
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when that was counted

    def take(self, client: str, *, now: float) -> int:
        """Take a token; return 0, or for how many seconds the client must wait where none is left."""
        if not self._most:
            return 0
        tokens = self._tokens(client, now)
        allowed = tokens >= 1
        self._left[client] = (tokens - 1 if allowed else tokens), now
        self._left.move_to_end(client)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) / self._rate))

    def give_back(self, client: str) -> None:
        """Give back most of the token that was taken last, for an answer that cost little."""
        if client in self._left:
            tokens, at = self._left[client]
            self._left[client] = min(self._most, tokens + 1 - CHEAP), at

    def _tokens(self, client: str, now: float) -> float:
        tokens, at = self._left.get(client, (self._most, now))
        return min(self._most, tokens + max(0.0, now - at) * self._rate)
