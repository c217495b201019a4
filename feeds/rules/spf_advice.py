"""What to say of a domain's SPF record: does it name the addresses that send, can it be evaluated, how to mend it.

Not here: evaluating it (spf_check).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from feeds.model.names import Asking, Question, RecordKind
from feeds.rules.checkup import Finding, Spot
from feeds.rules.spf import VERSION, Qualifier, SpfInvalid, SpfRecord, read_spf, spf_texts
from feeds.rules.spf_check import MOST_LOOK_UPS, MOST_VOID, SpfCheck, SpfResult, check_host, walk
from feeds.rules.zone_lines import txt_line

NEAR_LIMIT = 9  # look-ups: one more include of a provider, and it is over

type_of_address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Senders:
    """The addresses that mail leaves from. ``assumed`` says what they are taken from, "" where the operator named them.

    ``host`` is the mail server that has them, where it is by that name that a record should name them.
    """

    addresses: tuple[type_of_address, ...]
    assumed: str = ""
    host: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Return the mechanisms that name them in a record."""
        if self.host:
            return (f"a:{self.host}",)
        return tuple(f"ip{address.version}:{address}" for address in self.addresses)

    @property
    def remark(self) -> str:
        """Return what is to be known of an address, to stand behind it."""
        return f" (assumed: {self.assumed})" if self.assumed else ""


def examine_spf(path: str, senders: Senders) -> Asking[tuple[list[Finding], bool]]:
    """Judge the record of a return path's domain; return the findings, and whether all that sends passes by it."""
    domain, spot = path.rpartition("@")[2], Spot("SPF", path.rpartition("@")[2])
    answer = yield Question(domain, RecordKind.TXT)
    if answer.is_silent:
        return [spot.unknown(answer.problem)], False
    texts = spf_texts(answer.records)
    if len(texts) != 1:
        return [_not_one(spot, texts, senders)], False
    try:
        record = read_spf(texts[0])
    except SpfInvalid as error:
        what = f"its record cannot be read, and counts for nothing: {error}"
        return [spot.error(what, remedy=f"mend this term in it: {texts[0]}")], False
    whole = yield from walk(domain, path)
    results = {}
    for address in senders.addresses:
        results[address] = yield from check_host(address, domain, path)
    found = [*_of_senders(spot, record, senders=senders, results=results), *_of_whole(spot, record, whole)]
    passes = bool(results) and all(one.result is SpfResult.PASS for one in results.values())
    return found, passes


def _not_one(spot: Spot, texts: tuple[str, ...], senders: Senders) -> Finding:
    if texts:
        what = f"it has {len(texts)} SPF records, and with more than one none counts"
        line = txt_line(spot.where, _merged(texts))
        return spot.error(what, line, remedy="remove them all and write this one, if it says what they were to say")
    what = "it has no SPF record, so nobody can tell whose servers may send for it"
    text = " ".join((VERSION, *(senders.terms or ("mx",)), "~all"))
    return spot.error(what, txt_line(spot.where, text), remedy=f"add this record{_or_the_providers(senders)}")


def _of_senders(
    spot: Spot, record: SpfRecord, *, senders: Senders, results: Mapping[type_of_address, SpfCheck]
) -> Iterator[Finding]:
    if not results:
        what = "whether it names the address that mail leaves from is not known, since that address is not"
        yield spot.warning(what, remedy="name the address with --sends-from")
    missing = [str(address) for address, check in results.items() if check.result is not SpfResult.PASS]
    for address, check in results.items():
        if check.result is SpfResult.PASS:
            yield spot.ok(f"{address}{senders.remark} may send: {check.why}")
        elif check.result is SpfResult.TEMPERROR:
            yield spot.unknown(check.why)
        else:
            yield _refused(spot, record, senders, address=address, check=check, is_first=str(address) == missing[0])


def _refused(
    spot: Spot, record: SpfRecord, senders: Senders, *, address: type_of_address, check: SpfCheck, is_first: bool
) -> Finding:
    """Tell of an address that may not send; the record that mends it is written out with the first of them."""
    what = f"{address}{senders.remark} may not send: {check.result.value}, {check.why}"
    if check.result is SpfResult.PERMERROR:
        return spot.error(what, remedy="mend that first: with it, the record counts for nothing")
    line = (txt_line(spot.where, _with_terms(record.text, senders.terms)),) if is_first else ()
    if senders.assumed:
        remedy = f"change the record to this{_or_the_providers(senders)}"
        return spot.warning(what, *line, remedy=remedy)
    return spot.error(what, *line, remedy="change the record to this")


def _of_whole(spot: Spot, record: SpfRecord, whole: SpfCheck) -> Iterator[Finding]:
    """Yield what is wrong with a record whoever sends."""
    if whole.look_ups > MOST_LOOK_UPS:
        what = f"it takes {whole.look_ups} look-ups, and receivers stop at {MOST_LOOK_UPS}: then it counts for nothing"
        yield spot.error(what, remedy="take out what no longer sends, or name networks (ip4:, ip6:) in place of names")
    elif whole.look_ups >= NEAR_LIMIT:
        what = f"it takes {whole.look_ups} of the {MOST_LOOK_UPS} look-ups that receivers make"
        yield spot.warning(what, remedy="take out what no longer sends, before a provider's record grows")
    if whole.void > MOST_VOID:
        what = f"{whole.void} of its look-ups find nothing, and receivers stop after {MOST_VOID}"
        yield spot.error(what, remedy="take out the names that are no longer there")
    elif whole.void:
        what = f"{whole.void} of its look-ups find nothing"
        yield spot.warning(what, remedy="take out the names that are no longer there")
    if whole.result is SpfResult.PERMERROR and whole.look_ups <= MOST_LOOK_UPS:
        yield spot.error(f"receivers that read it to its end give up: {whole.why}", remedy="take out or mend that term")
    yield from _of_terms(spot, record)


def _of_terms(spot: Spot, record: SpfRecord) -> Iterator[Finding]:
    ending = record.ending
    if any(one.name == "ptr" for one in record.mechanisms):
        remedy = "name networks (ip4:, ip6:) or hosts (a:) in its place"
        yield spot.warning("it relies on ptr, which many receivers no longer ask for", remedy=remedy)
    if ending is None and not record.redirect:
        line = txt_line(spot.where, f"{record.text.rstrip()} ~all")
        yield spot.warning("it says nothing of all other addresses", line, remedy="let it end like this")
    elif ending is not None and ending.qualifier is Qualifier.PASS:
        line = txt_line(spot.where, _ended(record.text))
        yield spot.error("it lets everybody send as you (+all)", line, remedy="let it end like this")
    elif ending is not None and ending.qualifier is Qualifier.NEUTRAL:
        line = txt_line(spot.where, _ended(record.text))
        yield spot.warning("it says that others may or may not send (?all)", line, remedy="let it end like this")
    if ending is not None and record.mechanisms[-1] is not ending:
        yield spot.warning(f"what stands behind {ending.text} is never read", remedy=f"move {ending.text} to the end")


def _with_terms(text: str, terms: Sequence[str]) -> str:
    """Return a record with more mechanisms, before what ends it."""
    words = text.split()
    at = next((n for n, word in enumerate(words) if _is_ending(word)), len(words))
    return " ".join([*words[:at], *terms, *words[at:]])


def _merged(texts: Sequence[str]) -> str:
    """Return one record of what several say, each thing once, and the ending of the first."""
    words = [word for text in texts for word in text.split()[1:]]
    ending = next((word for word in words if _is_ending(word)), "~all")
    return " ".join([VERSION, *dict.fromkeys(word for word in words if not _is_ending(word)), ending])


def _ended(text: str) -> str:
    """Return a record that ends as one should."""
    return " ".join([*(word for word in text.split() if not _is_ending(word)), "~all"])


def _is_ending(word: str) -> bool:
    return word.lstrip("+-~?").lower() == "all" or word.lower().startswith("redirect=")


def _or_the_providers(senders: Senders) -> str:
    if not senders.host:
        return ""
    return (
        f"; if {senders.host} is a provider's, add the include: that it names, and give its addresses by --sends-from"
    )
