"""What to say of a domain's SPF record: does it name the addresses that send, can it be evaluated, how to mend it.

Not here: evaluating it (spf_check).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from feeds.model.names import Asking, IpAddress, Question, RecordKind
from feeds.rules.checkup import Finding, Spot
from feeds.rules.spf import VERSION, Qualifier, SpfInvalid, SpfRecord, read_spf, spf_texts
from feeds.rules.spf_check import MOST_LOOK_UPS, MOST_VOID, SpfCheck, SpfResult, check_host, walk
from feeds.rules.zone_lines import txt_line

NEAR_LIMIT = 9  # look-ups: one more include of a provider, and it is over
_NO_REFUSAL = {SpfResult.PASS, SpfResult.TEMPERROR, SpfResult.PERMERROR}  # a term more would not mend the last two


@dataclass(frozen=True, slots=True)
class Senders:
    """The addresses that mail leaves from by one transport, or those that the operator named for all of them.

    ``assumed`` says what they are taken from, "" where they were named. ``host`` is the mail server that has them,
    where it is by that name that a record should name them.
    """

    addresses: tuple[IpAddress, ...]
    assumed: str = ""
    host: str = ""

    def terms(self, addresses: Iterable[IpAddress]) -> tuple[str, ...]:
        """Return the mechanisms that name some of them in a record."""
        if self.host:
            return (f"a:{self.host}",)
        return tuple(f"ip{address.version}:{address}" for address in addresses)

    @property
    def remark(self) -> str:
        """Return what is to be known of an address, to stand behind it."""
        return f" (assumed: {self.assumed})" if self.assumed else ""


def examine_spf(path: str, *senders: Senders) -> Asking[tuple[list[Finding], bool]]:
    """Judge the record of a return path's domain; return the findings, and whether all that sends passes by it."""
    domain = path.rpartition("@")[2]
    spot = Spot("SPF", domain)
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
    for address in dict.fromkeys(address for one in senders for address in one.addresses):
        results[address] = yield from check_host(address, domain, path)
    found = [*_of_senders(spot, record, senders=senders, results=results), *_of_whole(spot, record, whole)]
    passes = all(one.addresses for one in senders) and all(one.result is SpfResult.PASS for one in results.values())
    return found, passes


def _not_one(spot: Spot, texts: tuple[str, ...], senders: Sequence[Senders]) -> Finding:
    if texts:
        what = f"it has {len(texts)} SPF records, and with more than one none counts"
        line = txt_line(spot.where, _merged(texts))
        return spot.error(what, line, remedy="remove them all and write this one, if it says what they were to say")
    what = "it has no SPF record, so nobody can tell whose servers may send for it"
    terms = dict.fromkeys(term for one in senders for term in one.terms(one.addresses))
    text = " ".join((VERSION, *(terms or ("mx",)), "~all"))
    return spot.error(what, txt_line(spot.where, text), remedy=f"add this record{_or_the_providers(*senders)}")


def _of_senders(
    spot: Spot, record: SpfRecord, *, senders: Sequence[Senders], results: Mapping[IpAddress, SpfCheck]
) -> Iterator[Finding]:
    missing = [address for address, check in results.items() if check.result not in _NO_REFUSAL]
    line = txt_line(spot.where, _with_terms(record.text, _terms_of(senders, missing)))
    for one in senders:
        if not one.addresses:
            what = (
                f"whether it names the address that mail leaves from{one.remark} is not known, as that address is not"
            )
            yield spot.warning(what, remedy="name the address with --sends-from")
        for address in one.addresses:
            check = results[address]
            if check.result is SpfResult.PASS:
                yield spot.ok(f"{address}{one.remark} may send: {check.why}")
            elif check.result is SpfResult.TEMPERROR:
                yield spot.unknown(check.why)
            else:
                lines = (line,) if address in missing[:1] else ()
                yield _refused(spot, one, address, check=check, lines=lines)


def _terms_of(senders: Iterable[Senders], missing: Collection[IpAddress]) -> list[str]:
    """Return the mechanisms that name what is missing, each once."""
    found = ((one, [address for address in one.addresses if address in missing]) for one in senders)
    return list(dict.fromkeys(term for one, addresses in found if addresses for term in one.terms(addresses)))


def _refused(spot: Spot, senders: Senders, address: IpAddress, *, check: SpfCheck, lines: tuple[str, ...]) -> Finding:
    """Tell of an address that may not send; ``lines`` have the record that mends it, with the first of them."""
    what = f"{address}{senders.remark} may not send: {check.result.value}, {check.why}"
    if check.result is SpfResult.PERMERROR:
        return spot.error(what, remedy="mend that first: with it, the record counts for nothing")
    if senders.assumed:
        return spot.warning(what, *lines, remedy=f"change the record to this{_or_the_providers(senders)}")
    return spot.error(what, *lines, remedy="change the record to this")


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


def _or_the_providers(*senders: Senders) -> str:
    hosts = " or ".join(one.host for one in senders if one.host)
    if not hosts:
        return ""
    return f"; if {hosts} is a provider's, add the include: that it names, and give its addresses by --sends-from"
