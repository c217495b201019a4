"""What is asked of the domain name system, and what was answered.

Nouns without behaviour. Not here: asking (outgoing.dns), what an answer means for mail (rules).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import TypeVar

IpAddress = IPv4Address | IPv6Address

Result = TypeVar("Result")


class RecordKind(StrEnum):
    """A type of record."""

    A = "A"
    AAAA = "AAAA"
    MX = "MX"
    PTR = "PTR"
    TXT = "TXT"


class AnswerState(StrEnum):
    """How an answer stands. SILENT means that nothing is known, which is not the same as that there is nothing."""

    FOUND = "found"
    EMPTY = "empty"  # the name is there, without records of this type
    ABSENT = "absent"  # there is no such name
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Question:
    """A name, without its final dot, and the type of record that is asked for there."""

    name: str
    kind: RecordKind


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """What was answered. ``problem`` says why nothing is known.

    Addresses and host names stand in ``records`` in plain text, lower case and without a final dot; hosts of MX in the
    order of their preference, the one of a null MX (RFC 7505) being "". A text has its strings joined.
    """

    question: Question
    state: AnswerState
    records: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_void(self) -> bool:
        """Tell whether it is known that there is nothing."""
        return self.state in {AnswerState.EMPTY, AnswerState.ABSENT}

    @property
    def is_silent(self) -> bool:
        """Tell whether nothing is known."""
        return self.state is AnswerState.SILENT


# A rule that needs names looked up yields questions and is sent the answers, so that it asks nobody itself.
Asking = Generator[Question, NameAnswer, Result]
