"""The words that mail servers refuse with, where codes do not say why; and the codes within them.

Pure. Names of hosts, addresses and links are not the server's words: any of them may hold "spam". Not here: what
follows from a reason (bounces).
"""

from __future__ import annotations

import re

from feeds.model.bounces import Reason

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")  # RFC 3463 section 2; no part of an IP
_BASIC = re.compile(r"(?<![\d.#:-])([45]\d\d)(?=[ -])")
_NAMES = re.compile(r"\S*@\S*|\S+://\S*|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b\S*", re.IGNORECASE)

_SOMEBODY = r"(?:user|recipient|mailbox|account|address(?:ee)?)"
_UNKNOWN = (
    rf"\b(?:no such|unknown) (?:local )?(?:{_SOMEBODY}|person)\b|\b(?:no|not a) (?:valid|known) {_SOMEBODY}\b"
    rf"|\b{_SOMEBODY} (?:is )?(?:unknown|not (?:found|known|listed)|does ?n[o']t exist)"
    r"|\bno mailbox here by that name|does ?n[o']t have an? (?:\S+ )?account|no account by that name"
    r"|that you tried to reach does not exist|\brecip(?:ient)?notfound|not our customer"
    r"|\bnot listed in .*(?:directory|name (?:&|and) address)"
)
_EXCEEDED = r"exceed\w* (?:\S+ ){0,4}quota|out of storage|insufficient (?:disk|storage)|storage (?:full|limit)"
_FULL = r"(?:mailbox|inbox|folder|account) (?:is )?(?:full|exceed)|over ?quota|quota (?:exceed|limit)"
_NO_HOST = r"(?:host|domain)(?: or domain)?(?: name)? (?:not found|unknown|does ?n[o']t exist)|nxdomain"
_OFF = r"\b(?:disabled|inactive|deactivated|suspended|not active|closed|no longer (?:in use|active))"
# In this order: the first that fits is the reason.
_TELLING = (
    (Reason.POLICY, r"\bdmarc\b|\bspf\b|\bdkim\b|unauthenticated|not authenticated|not accepting mail from"),
    (Reason.SPAM, r"\bspam|\bjunk\b|(?:black|block|deny) ?list|\bdnsbl\b|\brbl\b|reputation|\bunsolicited|\bbulk mail"),
    (Reason.SPAM, r"\bblocked (?:using|by|due|for|because)|\bis blocked\b|\bcontent (?:rejected|filter)|\bbad history"),
    (Reason.POLICY, r"\bpolic(?:y|ies)\b|\brelay(?:ing)?\b.*denied"),
    (Reason.POLICY, r"unable to relay|gr[ea]ylist|not (?:authori[sz]ed|permitted|allowed)|too many|rate.?limit"),
    (Reason.MAILBOX_FULL, _FULL),
    (Reason.MAILBOX_FULL, _EXCEEDED),
    (Reason.SIZE, r"\btoo (?:large|big)\b|message (?:size |length )?exceeds|exceeds .{0,30}size"),
    (Reason.HOST_UNKNOWN, _NO_HOST),
    (Reason.HOST_UNKNOWN, r"\b(?:unknown|no such) (?:host|domain)\b|name service error|couldn't find any host named"),
    (Reason.USER_UNKNOWN, _UNKNOWN),
    (Reason.USER_UNKNOWN, r"recipient address rejected: access denied"),  # Exchange Online says so of unknown ones
    (Reason.MAILBOX_DISABLED, _OFF),
    (Reason.EXPIRED, r"retry time ?-?out|expired|too long in the queue|in the queue too long|giv(?:e|ing|en) up"),
    (Reason.EXPIRED, r"(?:deliver\w*|sent?) (?:\S+ ){0,4}(?:for|after|in) (?:\S+ )?\d+ (?:hour|day)|lifetime"),
    (Reason.UNREACHABLE, r"time(?:d |-)?out\b|connection refused|no route|unreachable|lost connection"),
)
_PATTERNS = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in _TELLING)
_CERTAIN = re.compile(_UNKNOWN, re.IGNORECASE)


def reason_of_words(line: str) -> Reason | None:
    """Return the reason that a server's line names in words, None where it names none."""
    words = _own_words(line)
    return next((reason for reason, pattern in _PATTERNS if pattern.search(words)), None)


def surely_unknown(line: str) -> bool:
    """Tell whether a line says in words, and without any doubt, that there is no such mailbox."""
    return reason_of_words(line) is Reason.USER_UNKNOWN and bool(_CERTAIN.search(_own_words(line)))


def enhanced_codes(text: str) -> list[tuple[int, str]]:
    """Return the enhanced codes of failures in a text, as (4 or 5, "subject.detail")."""
    return [(int(code[1]), f"{code[2]}.{code[3]}") for code in _ENHANCED.finditer(text) if code[1] != "2"]


def basic_code(line: str) -> int:
    """Return the first reply code of a refusal in a server's line, 0 where there is none."""
    found = _BASIC.search(f"{line} ")
    return int(found[1]) if found else 0


def _own_words(line: str) -> str:
    return " ".join(_NAMES.sub(" ", line).split())
