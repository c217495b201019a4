"""What to say of a sender's DMARC: is there a policy, do reports arrive, and do its messages pass by SPF and by DKIM.

RFC 9989; reports: RFC 9990. Not here: reading records and walking up the names (dmarc).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from feeds.model.names import Asking, Question, RecordKind
from feeds.rules.checkup import Finding, Spot
from feeds.rules.dmarc import POLICIES, DmarcRecord, Walk, is_aligned, walk_up
from feeds.rules.zone_lines import txt_line

GONE = ("pct", "rf", "ri")  # tags that RFC 9989 took out (appendix C.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """As whom messages go: the sender that readers see, the domains of the return path and of the signature.

    ``signer`` is "" where nothing is signed here. The last two say whether that domain's check was found to pass.
    """

    sender: str
    path: str
    signer: str
    passes_spf: bool
    passes_dkim: bool

    @property
    def domain(self) -> str:
        """Return the domain that readers see."""
        return self.sender.rpartition("@")[2]


def examine_dmarc(who: Identity) -> Asking[list[Finding]]:
    """Judge the policy that counts for a sender, and whether messages pass by it."""
    walk = yield from walk_up(who.domain)
    spot = Spot("DMARC", f"_dmarc.{who.domain}")
    if walk.problem:
        return [spot.unknown(walk.problem)]
    own_fault = next((fault for name, fault in walk.wrong if name == who.domain), "")
    found = (
        [spot.error(own_fault, _first_record(who), remedy="leave one record there, such as this")] if own_fault else []
    )
    record = walk.policy_record
    if record is None:
        return found or [_missing(spot, who)]
    found += _of_record(record, who)
    found += yield from _of_reports(record, walk)
    found += yield from _of_alignment(record, walk, who)
    return found


def _first_record(who: Identity) -> str:
    return txt_line(f"_dmarc.{who.domain}", f"v=DMARC1; p=none; rua=mailto:{who.sender}")


def _line(spot: Spot, tags: Mapping[str, str]) -> str:
    return txt_line(spot.where, "; ".join(f"{name}={value}" for name, value in tags.items()))


def _missing(spot: Spot, who: Identity) -> Finding:
    what = "there is no DMARC record, neither there nor above; large receivers want one of whoever mails many"
    remedy = "add this record, with an address where you read the reports; when they are clean, make it p=quarantine"
    return spot.error(what, _first_record(who), remedy=remedy)


def _of_record(record: DmarcRecord, who: Identity) -> Iterator[Finding]:
    spot, policy = Spot("DMARC", f"_dmarc.{record.domain}"), record.policy_for(who.domain)
    if record.is_broken or "p" not in record.tags:
        fixed = {**record.tags, "p": "none"} | {name: "none" for name in ("sp", "np") if _is_odd(record, name)}
        what = f"its policy cannot be read ({record.text}); it counts as p=none at best"
        yield spot.error(what, _line(spot, fixed), remedy=f"write p= with one of {', '.join(POLICIES)}")
    else:
        testing = "; it is being tried out (t=y), so they are to do one step less" if _says(record, "t", "y") else ""
        yield spot.ok(f"mail of {who.domain} that fails is to be met with {policy!r}{testing}")
    if _says(record, "psd", "y") and record.domain == who.domain:
        remedy = "take psd=y out: it is for registries, such as those of .uk or .bank"
        yield spot.error("it says that others register names below it (psd=y), so nothing below aligns", remedy=remedy)
    gone = [name for name in GONE if name in record.tags]
    if gone:
        what = f"{', '.join(f'{name}=' for name in gone)} means nothing any more (RFC 9989)"
        kept = {name: value for name, value in record.tags.items() if name not in GONE}
        yield spot.warning(what, _line(spot, kept), remedy="take it out")


def _of_reports(record: DmarcRecord, walk: Walk) -> Asking[list[Finding]]:
    """Judge where reports go: somebody must get them, and a domain of others must agree (RFC 9990 section 4)."""
    spot, found = Spot("DMARC", f"_dmarc.{record.domain}"), list[Finding]()
    if not record.reports_to:
        line = _line(spot, {**record.tags, "rua": f"mailto:postmaster@{record.domain}"})
        what = "nobody gets its reports (rua=), so nobody learns of mail that fails"
        return [spot.warning(what, line, remedy="name an address that you read, such as")]
    for address, domain in record.reports_to:
        other = yield from walk_up(domain)
        if other.organisation == walk.organisation:
            continue
        name = f"{record.domain}._report._dmarc.{domain}"
        answer = yield Question(name, RecordKind.TXT)
        if answer.is_silent:
            found.append(Spot("DMARC", name).unknown(answer.problem))
        elif not any(text.replace(" ", "").startswith("v=DMARC1") for text in answer.records):
            what = f"{domain} does not say that it takes reports for {record.domain}, so {address} gets none"
            line = txt_line(name, "v=DMARC1;")
            found.append(Spot("DMARC", name).warning(what, line, remedy=f"let whoever runs {domain} add this record"))
    return found


def _of_alignment(record: DmarcRecord, walk: Walk, who: Identity) -> Asking[list[Finding]]:
    """Judge by what messages pass: a check that passes, of a domain that counts as the sender's own."""
    ways, notes = list[str](), list[str]()
    for name, domain, tag, passes in (
        ("DKIM", who.signer, "adkim", who.passes_dkim),
        ("SPF", who.path, "aspf", who.passes_spf),
    ):
        if not domain:
            notes.append(f"nothing is signed here, so not by {name}")
            continue
        other = walk if domain == walk.domain else (yield from walk_up(domain))
        strict = record.is_strict(tag)
        if not is_aligned(walk, other, strict=strict):
            kind = f"{tag}=s asks for {who.domain} itself" if strict else f"it is not of {walk.organisation}"
            notes.append(f"{name} is of {domain}, which does not align: {kind}")
        elif not passes:
            notes.append(f"not by {name} of {domain}, which was not found to pass: see there")
        else:
            ways.append(f"{name} of {domain}")
    return [_concluded(who, ways, notes)]


def _concluded(who: Identity, ways: list[str], notes: list[str]) -> Finding:
    spot, said = Spot("alignment", who.sender), "; ".join(notes)
    if len(ways) == 2:
        return spot.ok(f"its messages pass DMARC by {ways[0]} and by {ways[1]}")
    if ways:
        what = f"its messages pass DMARC by {ways[0]} alone, and fail where that one breaks: {said}"
        return spot.warning(what, *_remedies(who), remedy="let both pass, for a domain of the sender's own")
    what = f"its messages fail DMARC: {said}"
    return spot.error(
        what, *_remedies(who), remedy="mend what is said of DKIM and SPF, for a domain of the sender's own"
    )


def _remedies(who: Identity) -> tuple[str, ...]:
    """Return the lines of the config that make domains align."""
    signer = () if who.signer in {"", who.domain} else (f'[dkim] domain = "{who.domain}"',)
    path = () if who.path == who.domain else (f'[[newsletters]] return_path = "bounces@{who.domain}"',)
    return (*signer, *path)


def _is_odd(record: DmarcRecord, name: str) -> bool:
    return name in record.tags and record.tags[name].lower() not in POLICIES


def _says(record: DmarcRecord, tag: str, value: str) -> bool:
    return record.tags.get(tag, "").lower() == value
