"""Who takes deltas: a client that asks again with the tag that it was given one for did not take it.

Programs ask for deltas whose library does so in their name, and then refuse the answer (rss2email calls 226 an error).
They must get the whole, or they would never get anything again. Not here: making deltas (deltas).
"""

from __future__ import annotations

from feeds.web.keeping import Keeping

MOST_KEPT = 16 * 1024 * 1024  # some 16,000 clients and answers; what is forgotten costs a poll
Client = tuple[str, bytes]


class Takers:
    """Remember to whom deltas were given, and who did not take one.

    A client is an address and a User-Agent. Two readers that share both may be taken for one that refuses: that costs
    bytes, and no entry.
    """

    def __init__(self) -> None:
        self._refusing: Keeping[int, bool] = Keeping(MOST_KEPT)
        self._given: Keeping[int, bool] = Keeping(MOST_KEPT)

    def may_have(self, client: Client, place: str, *, tags: bytes) -> bool:
        """Tell whether to give a client a delta of a document from the versions that it has."""
        if self._given.find(hash((client, place, tags))):
            self._refusing.keep(hash(client), True, 0)
        return not self._refusing.find(hash(client))

    def give(self, client: Client, place: str, *, tags: bytes) -> None:
        """Remember that a client was given a delta."""
        self._given.keep(hash((client, place, tags)), True, 0)
