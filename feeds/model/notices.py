"""Notices: mail to one reader that is no edition, such as "please confirm".

Values only, frozen. Not here: their words (rendering), keeping them (store).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class NoticeKind(StrEnum):
    """What a notice is for: to CONFIRM a subscription, to WELCOME who did, to bring the link by which to MANAGE all of
    one's subscriptions, to confirm the address that one would MOVE to, to say that one has LEFT.
    """

    CONFIRM = "confirm"
    WELCOME = "welcome"
    MANAGE = "manage"
    MOVE = "move"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Mail to one reader that is no edition.

    ``id`` is random: it stands in its Message-ID, and in the link that it carries. ``newsletter`` is the one that it is
    about, "" where it is about several or none. ``address`` is where it goes, in ASCII: a new address is not yet the
    subscriber's own. ``facts`` are what its link stands for, as JSON has it; ``parts`` what it was rendered to.
    """

    id: str
    kind: NoticeKind
    newsletter: str
    subscriber_id: str
    address: str
    created_at: datetime
    facts: Mapping[str, Any]
    parts: Mapping[str, bytes]
