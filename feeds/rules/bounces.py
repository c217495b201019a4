"""What a failure says of an address: why, how grave it is, and when enough is enough.

Pure: what servers said comes in, a kind and a reason go out. Not here: finding that in a report (bounces_reading),
suppressing (store).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from feeds.model import Phase, Reply
from feeds.model.bounces import Kind, Reason
from feeds.rules.bounces_words import basic_code, enhanced_codes, reason_of_words, surely_unknown
from feeds.rules.text import clean_name, cut

MOST_SAID = 500  # characters kept of what a server said
HOST_UNKNOWN_LIMIT = 3  # days: who forgets to pay for a domain gets it back soon, and its mailboxes with it

_ABOUT_US = frozenset({Reason.SIZE, Reason.POLICY, Reason.SPAM, Reason.CONTENT})
_UNKNOWN_CODES = frozenset({"1.1", "1.10"})  # no such mailbox (RFC 3463); a domain that takes no mail (RFC 7505)
_BY_CODE = {
    "1.2": Reason.HOST_UNKNOWN,
    "1.7": Reason.POLICY,  # the sender's address, which is ours; 1.8 too
    "1.8": Reason.POLICY,
    "2.1": Reason.MAILBOX_DISABLED,
    "2.2": Reason.MAILBOX_FULL,
    "2.3": Reason.SIZE,
    "3.4": Reason.SIZE,
    "4.4": Reason.HOST_UNKNOWN,
    "4.7": Reason.EXPIRED,
}
_BY_SUBJECT = {"4": Reason.UNREACHABLE, "6": Reason.CONTENT, "7": Reason.POLICY}
_OUTLASTS_DEFERRAL = frozenset({Reason.MAILBOX_FULL, Reason.SPAM, Reason.POLICY, Reason.HOST_UNKNOWN})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one message came back, and what kind of bounce that makes; ``said`` is the server's own line."""

    kind: Kind
    reason: Reason
    said: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How many days with a soft bounce, within a length of time, make an address suppressed."""

    limit: int
    within: timedelta


def judge(said: str, *, status: str = "", code: int = 0, is_theirs: bool = True) -> Failure:
    """Decide what a failure means: from what the server said, its enhanced status (RFC 3463) and its reply code.

    The codes within its words come before ``status``, which a relay may have made up. ``is_theirs`` is False where
    another address failed, behind the reader's own: it may be one of several, so that counts, and proves nothing.
    """
    line = one_line(said)
    grade, detail = _most_telling(line, status, code)
    words = reason_of_words(line)
    if detail in _UNKNOWN_CODES:
        # "5.1.1 … listed as spam": too little for proof, and too much for nothing.
        reason = words if words in _ABOUT_US and words is not None else Reason.USER_UNKNOWN
        is_dead = grade == 5 and is_theirs and reason is Reason.USER_UNKNOWN
        return Failure(Kind.HARD if is_dead else Kind.SOFT, reason, line)
    reason = _reason(words, grade, detail)
    if reason in _ABOUT_US:
        return Failure(Kind.ABOUT_US, reason, line)
    is_dead = grade == 5 and is_theirs and reason is Reason.USER_UNKNOWN and surely_unknown(line)
    return Failure(Kind.HARD if is_dead else Kind.SOFT, reason, line)


def failure_of(reply: Reply) -> Failure | None:
    """Return what a server's refusal, said to us at once, means; None where it is no refusal of a recipient."""
    if reply.code < 500 or reply.phase is Phase.SENDER:
        return None
    return judge(reply.text, status=reply.enhanced or "", code=reply.code)


def is_enough(history: Collection[tuple[datetime, Reason | None]], patience: Patience) -> bool:
    """Tell whether the soft bounces of the time that counts are so many that their address is suppressed.

    Bounces of one day count once: five newsletters on the day that a disk is full are one failure.
    """
    days = {at.astimezone(UTC).date() for at, _ in history}
    without_host = {at.astimezone(UTC).date() for at, reason in history if reason is Reason.HOST_UNKNOWN}
    return len(days) >= patience.limit or len(without_host) >= min(HOST_UNKNOWN_LIMIT, patience.limit)


def one_line(said: str) -> str:
    """Return a stranger's words as one line that harms no terminal, cut to what is kept."""
    return cut(clean_name(said[: 4 * MOST_SAID]), MOST_SAID)


def _reason(words: Reason | None, grade: int, detail: str) -> Reason:
    if detail in _BY_CODE:
        return _BY_CODE[detail]
    by_subject = _BY_SUBJECT.get(detail.partition(".")[0])
    if by_subject is Reason.POLICY:
        return Reason.SPAM if words is Reason.SPAM else Reason.POLICY
    if grade == 4 and words not in _OUTLASTS_DEFERRAL:
        return Reason.EXPIRED  # it was put off again and again, until somebody gave up
    return words or by_subject or Reason.OTHER


def _most_telling(line: str, status: str, code: int) -> tuple[int, str]:
    """Return the class (4 or 5) and "subject.detail" of the most telling code there is; 0 and "" without any."""
    within = enhanced_codes(line)
    found = [*within, *enhanced_codes(status)]
    grade, detail = next((one for one in found if not one[1].endswith(".0")), found[0] if found else (0, ""))
    basic = basic_code(line) or code
    return (grade if within or not basic else basic // 100), detail
