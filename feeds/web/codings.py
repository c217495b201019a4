"""Which content coding an answer gets (RFC 9110 section 12.5.3).

A pure choice. Not here: making the coded forms, which is publish's work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

# From the one that we would rather send to the one that anybody can read.
SUFFIXES = {"br": ".br", "gzip": ".gz", "": ""}
_ITEM = re.compile(r"([!#$%&'*+.^_`|~0-9a-z-]+)(?:;q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?")
_OTHER_NAMES = {"identity": "", "x-gzip": "gzip"}


@lru_cache(maxsize=1024)  # all clients together use a few dozen values
def wanted(accept_encoding: str) -> tuple[str, ...]:
    """Return the codings that we have and the client takes, best first, ``""`` being none at all and always there.

    A client that refuses even plain bytes gets them where there is nothing else: an answer is better than none.
    """
    qualities = _qualities(accept_encoding)
    anything = qualities.get("*", 0.0)
    scores = {coding: qualities.get(coding, anything if coding else 0.0) for coding in SUFFIXES}
    taken = sorted((coding for coding in SUFFIXES if scores[coding] > 0), key=lambda coding: -scores[coding])
    return tuple(taken) if "" in taken else (*taken, "")


def _qualities(accept_encoding: str) -> Mapping[str, float]:
    """Return the weight of each coding that is named; what cannot be read is passed over."""
    items = (re.sub(r"\s+", "", item.lower()) for item in accept_encoding.split(","))
    read = (match for item in items if (match := _ITEM.fullmatch(item)))
    return {_OTHER_NAMES.get(match[1], match[1]): float(match[2] or 1) for match in read}
