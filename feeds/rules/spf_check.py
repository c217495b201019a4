"""Who may send by a domain's SPF record: the evaluation that every receiver makes (RFC 7208 section 4).

It asks for names by yielding questions, see model.names. Not here: reading one record (spf), what to say (spf_advice).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from feeds.model.names import Asking, IpAddress, NameAnswer, Question, RecordKind
from feeds.rules.spf import NEVER_ASK, Mechanism, SpfInvalid, SpfRecord, read_spf, spf_texts
from feeds.rules.spf_macros import Circumstances, expand

MOST_LOOK_UPS = 10  # section 4.6.4, as the next two
MOST_VOID = 2
MOST_HOSTS = 10  # of one mx or ptr
PATIENCE = 40  # look-ups after which even an examination of the whole gives up


class SpfResult(StrEnum):
    """What a receiver concludes (section 2.6)."""

    PASS = "pass"
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class SpfCheck:
    """How an evaluation ended, why, and how much was looked up for it."""

    result: SpfResult
    why: str = ""
    look_ups: int = 0
    void: int = 0


class _Ended(Exception):
    """The evaluation ends here, with an error."""

    def __init__(self, result: SpfResult, why: str) -> None:
        self.result, self.why = result, why


def check_host(address: IpAddress, domain: str, sender: str) -> Asking[SpfCheck]:
    """Evaluate a domain's record for an address that sends as ``sender``, as a receiver does."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return _evaluated(_Evaluation(mapped or address, sender), domain)


def walk(domain: str, sender: str) -> Asking[SpfCheck]:
    """Evaluate a record to its end, beyond the limits, for an address that nothing in it names: what does it take?"""
    return _evaluated(_Evaluation(None, sender, most_look_ups=PATIENCE, most_void=PATIENCE), domain)


def _evaluated(evaluation: _Evaluation, domain: str) -> Asking[SpfCheck]:
    try:
        result, why = yield from evaluation.of(domain)
    except _Ended as end:
        result, why = end.result, end.why
    return SpfCheck(result, why, evaluation.look_ups, evaluation.void)


class _Evaluation:
    """One evaluation, with its counts."""

    def __init__(
        self,
        address: IpAddress | None,
        sender: str,
        *,
        most_look_ups: int = MOST_LOOK_UPS,
        most_void: int = MOST_VOID,
    ) -> None:
        self._address, self._sender = address, sender
        self._most_look_ups, self._most_void = most_look_ups, most_void
        self.look_ups = self.void = 0

    def of(self, domain: str) -> Asking[tuple[SpfResult, str]]:
        """Return what the record of a domain says of the address, and by which term."""
        record = yield from self._record(domain)
        if record is None:
            return SpfResult.NONE, f"{domain} has no SPF record"
        for mechanism in record.mechanisms:
            if (yield from self._matches(mechanism, domain)):
                return SpfResult[mechanism.qualifier.name], f"{mechanism.text} in the record of {domain}"
        if record.redirect and record.ending is None:
            return (yield from self._redirected(record, domain))
        return SpfResult.NEUTRAL, f"nothing in the record of {domain} names it"

    def _redirected(self, record: SpfRecord, domain: str) -> Asking[tuple[SpfResult, str]]:
        self._count(f"redirect={record.redirect}")
        target = self._expanded(record.redirect, domain)
        result, why = yield from self.of(target)
        if result is SpfResult.NONE:
            raise _Ended(SpfResult.PERMERROR, f"redirect={target} leads to a domain without an SPF record")
        return result, why

    def _record(self, domain: str) -> Asking[SpfRecord | None]:
        answer = yield Question(domain, RecordKind.TXT)
        texts = spf_texts(self._known(answer).records)
        if len(texts) > 1:
            raise _Ended(SpfResult.PERMERROR, f"{domain} has {len(texts)} SPF records, and may have one")
        try:
            return read_spf(texts[0]) if texts else None
        except SpfInvalid as error:
            raise _Ended(SpfResult.PERMERROR, f"in the record of {domain}, {error}") from error

    def _matches(self, mechanism: Mechanism, domain: str) -> Asking[bool]:
        if mechanism.name not in NEVER_ASK:
            self._count(mechanism.text)
            target = self._expanded(mechanism.domain, domain) if mechanism.domain else domain
            return (yield from self._ask_for(mechanism, target))
        network = mechanism.network
        return network is None or (self._address is not None and self._address in network)

    def _ask_for(self, mechanism: Mechanism, target: str) -> Asking[bool]:
        if mechanism.name == "include":
            return (yield from self._includes(target))
        if mechanism.name == "exists":
            answer = yield from self._ask(target, RecordKind.A)
            return bool(answer.records) and self._address is not None
        if mechanism.name == "ptr":
            return (yield from self._is_named(target))
        if mechanism.name == "a":
            return (yield from self._is_at(target, mechanism))
        answer = yield from self._ask(target, RecordKind.MX)
        if len(answer.records) > MOST_HOSTS:
            raise _Ended(SpfResult.PERMERROR, f"{mechanism.text} leads to more than {MOST_HOSTS} hosts")
        for host in filter(None, answer.records):
            if (yield from self._is_at(host, mechanism)):
                return True
        return False

    def _includes(self, target: str) -> Asking[bool]:
        result, _ = yield from self.of(target)
        if result is SpfResult.NONE:
            raise _Ended(SpfResult.PERMERROR, f"include:{target} leads to a domain without an SPF record")
        return result is SpfResult.PASS

    def _is_at(self, host: str, mechanism: Mechanism) -> Asking[bool]:
        kind = RecordKind.AAAA if isinstance(self._address, IPv6Address) else RecordKind.A
        if self._address is None:  # either kind of address will do
            kind = kind if (yield Question(host, kind)).records else RecordKind.AAAA
        answer = yield from self._ask(host, kind)
        four, six = mechanism.lengths
        for found in map(ip_address, answer.records):
            length = four if found.version == 4 else six
            if self._address is not None and self._address in ip_network(f"{found}/{length}", strict=False):
                return True
        return False

    def _is_named(self, target: str) -> Asking[bool]:
        """Tell whether a name of the address, confirmed by its own records, is the target or stands below it."""
        if self._address is None:
            return False
        names = yield from self._ask(self._address.reverse_pointer, RecordKind.PTR, is_needed=False)
        kind = RecordKind.A if self._address.version == 4 else RecordKind.AAAA
        for name in names.records[:MOST_HOSTS]:
            if name != target.lower() and not name.endswith(f".{target.lower()}"):
                continue
            confirmed = yield Question(name, kind)
            if str(self._address) in confirmed.records:
                return True
        return False

    def _ask(self, name: str, kind: RecordKind, *, is_needed: bool = True) -> Asking[NameAnswer]:
        answer = yield Question(name, kind)
        if answer.is_void:
            self.void += 1
            if self.void > self._most_void:
                why = f"more than {self._most_void} look-ups find nothing, {name} among them"
                raise _Ended(SpfResult.PERMERROR, why)
        return self._known(answer) if is_needed else answer

    def _known(self, answer: NameAnswer) -> NameAnswer:
        if answer.is_silent:
            raise _Ended(SpfResult.TEMPERROR, f"{answer.question.name} could not be looked up: {answer.problem}")
        return answer

    def _count(self, term: str) -> None:
        self.look_ups += 1
        if self.look_ups > self._most_look_ups:
            why = f"{term} is look-up number {self.look_ups}, and {self._most_look_ups} are allowed"
            raise _Ended(SpfResult.PERMERROR, why)

    def _expanded(self, text: str, domain: str) -> str:
        return expand(text, Circumstances(self._address, self._sender, domain))
