"""Questions to the domain name system, within bounds of time, and what was answered in plain words.

The one door to dnspython. Not here: what is asked and what it means (rules.spf_check, rules.dmarc and their like).
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from contextlib import suppress

import dns.exception
import dns.inet
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

from feeds.model.names import AnswerState, Asking, NameAnswer, Question, RecordKind, Result

SECONDS = 5.0  # for one question
ALL_SECONDS = 60.0  # for all questions of one resolver together
PAYLOAD = 1232  # octets of an answer over UDP: what fits into any network's packets; what is larger comes over TCP
PORT = 53
# A name that cannot stand in a question is the name of nothing.
_UNASKABLE = (
    *(dns.name.EmptyLabel, dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.BadEscape, dns.name.IDNAException),
    UnicodeError,
)

_SERVER = re.compile(r"(?:\[(?P<bracketed>[^\[\]]+)\]|(?P<plain>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?")

Server = tuple[str, int]


class Resolver:
    """Asks this machine's own name servers, or those that are given, and remembers what they said.

    ``seconds`` bound each question, ``all_seconds`` the time that is spent waiting for answers altogether: when it is
    used up, nothing more is asked. Neither is anything when the first question gets no answer of any kind.
    """

    def __init__(
        self, servers: Sequence[Server] = (), *, seconds: float = SECONDS, all_seconds: float = ALL_SECONDS
    ) -> None:
        self._seconds, self._left = seconds, all_seconds
        self._known: dict[Question, NameAnswer] = {}
        self._problem = ""  # why nothing is asked any more
        self._has_heard = False
        self._resolver = self._open(servers)

    def look_up(self, asking: Asking[Result]) -> Result:
        """Answer a rule's questions, one after the other, and return what it makes of the answers."""
        try:
            question = next(asking)
            while True:
                question = asking.send(self.ask(question))
        except StopIteration as end:
            found: Result = end.value
            return found

    def ask(self, question: Question) -> NameAnswer:
        """Return what is known of a name; nothing is raised, and what cannot be asked is SILENT."""
        if question not in self._known:
            self._known[question] = self._ask(question)
        return self._known[question]

    def _open(self, servers: Sequence[Server]) -> dns.resolver.Resolver | None:
        try:
            resolver = dns.resolver.Resolver(configure=not servers)
        except dns.resolver.NoResolverConfiguration:
            self._problem = "this machine has no name server in /etc/resolv.conf"
            return None
        if servers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in servers]
        resolver.use_edns(0, 0, PAYLOAD)
        resolver.search = []
        return resolver

    def _ask(self, question: Question) -> NameAnswer:
        if self._resolver is None or self._problem:
            return _silent(question, self._problem)
        if self._left <= 0:
            return _silent(question, "not asked: the name servers took too long for the questions before")
        begun, seconds = time.monotonic(), min(self._seconds, self._left)
        try:
            found = self._resolver.resolve(question.name, question.kind.value, lifetime=seconds, search=False)
        except (dns.exception.DNSException, UnicodeError, OSError) as error:
            return self._unanswered(question, error)
        finally:
            self._left -= time.monotonic() - begun
        self._has_heard = True
        return NameAnswer(question, AnswerState.FOUND, tuple(_texts(question.kind, found)))

    def _unanswered(self, question: Question, error: Exception) -> NameAnswer:
        """Tell what is not there from what could not be found out."""
        if isinstance(error, dns.exception.Timeout):
            problem = f"no name server answered within {self._seconds:g} seconds"
            self._problem = "" if self._has_heard else problem
            return _silent(question, problem)
        self._has_heard = self._has_heard or not isinstance(error, _UNASKABLE)
        if isinstance(error, (dns.resolver.NXDOMAIN, *_UNASKABLE)):
            return NameAnswer(question, AnswerState.ABSENT)
        if isinstance(error, dns.resolver.NoAnswer):
            return NameAnswer(question, AnswerState.EMPTY)
        if isinstance(error, dns.resolver.NoNameservers):
            return _silent(question, f"no name server could say: {_reasons(error)}")
        return _silent(question, f"it could not be asked: {str(error) or type(error).__name__}")


def server_of(text: str) -> Server:
    """Return the name server that ``ADDRESS`` or ``ADDRESS:PORT`` is; raise ValueError where it is none."""
    found = _SERVER.fullmatch(text.strip())
    address, port = (
        (found["bracketed"] or found["plain"], int(found["port"] or PORT)) if found else (text.strip(), PORT)
    )
    if not dns.inet.is_address(address) or not 0 < port < 65536:
        raise ValueError(f"{text!r} is no name server; expected an IP address such as 127.0.0.1 or 127.0.0.1:5353")
    return address, port


def _silent(question: Question, problem: str) -> NameAnswer:
    return NameAnswer(question, AnswerState.SILENT, problem=problem)


def _reasons(error: dns.resolver.NoNameservers) -> str:
    """Return what each server did, in a word each, such as SERVFAIL."""
    reasons: list[str] = []
    with suppress(KeyError, TypeError, ValueError):
        reasons = [str(one[3]) for one in error.kwargs["errors"]]
    return ", ".join(dict.fromkeys(reasons)) or "none of them can be reached"


def _texts(kind: RecordKind, found: dns.resolver.Answer) -> list[str]:
    if kind is RecordKind.MX:
        return [_host(one.exchange) for one in sorted(found, key=lambda one: (one.preference, one.exchange))]
    if kind is RecordKind.PTR:
        return sorted(_host(one.target) for one in found)
    if kind is RecordKind.TXT:
        return sorted(b"".join(one.strings).decode("ascii", "replace") for one in found)
    return sorted(one.address for one in found)


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower() if name.labels != (b"",) else ""
