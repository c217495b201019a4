"""DMARC records, read, and found by walking up the tree of names: policy, alignment, whose organisation one is.

RFC 9989, which needs no list of public suffixes. Not here: what to say of it all (dmarc_advice).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from feeds.model.names import Asking, NameAnswer, Question, RecordKind
from feeds.rules.tag_lists import BadTagList, read_tags

VERSION = "DMARC1"
MOST_ASKED = 8  # names: a longer one is shortened to 7 labels after the first question, section 4.10
POLICIES = ("none", "quarantine", "reject")
_BEGINNING = re.compile(rf"\s*v\s*=\s*{VERSION}\s*(;|$)")
_REPORT_ADDRESS = re.compile(r"mailto:([^!,;\s@]+@([^!,;\s@]+))(?:!\d+[kmgt]?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """One record: the domain that it is for, its text, and its tags in lower case."""

    domain: str
    text: str
    tags: Mapping[str, str]

    @property
    def is_broken(self) -> bool:
        """Tell whether its policy cannot be read: p, sp or np."""
        return any(self.tags[name].lower() not in POLICIES for name in ("p", "sp", "np") if name in self.tags)

    @property
    def reports_to(self) -> tuple[tuple[str, str], ...]:
        """Return the addresses that are to get reports, each with its domain."""
        found = (_REPORT_ADDRESS.fullmatch(one.strip()) for one in self.tags.get("rua", "").split(","))
        return tuple((one[1], one[2].lower()) for one in found if one)

    def policy_for(self, domain: str) -> str:
        """Return what it asks receivers to do with mail of a domain, its own or one below, that fails."""
        if self.is_broken or ("p" not in self.tags and "sp" not in self.tags):
            return "none"
        below = self.tags.get("sp") if domain != self.domain else None
        return (below or self.tags.get("p", "none")).lower()

    def is_strict(self, tag: str) -> bool:
        """Tell whether adkim or aspf asks for the very same domain."""
        return self.tags.get(tag, "r").lower() == "s"


@dataclass(frozen=True, slots=True)
class Walk:
    """What was found on the way up from a domain: the valid records, nearest first; and what was wrong with others.

    ``problem`` says which name could not be looked up, "" where all could.
    """

    domain: str
    records: tuple[DmarcRecord, ...]
    wrong: tuple[tuple[str, str], ...] = ()
    problem: str = ""

    @property
    def organisation(self) -> str:
        """Return the organisational domain (section 4.10.2)."""
        for record in self.records:
            if record.tags.get("psd", "").lower() == "n":
                return record.domain
            if record.tags.get("psd", "").lower() == "y" and record.domain != self.domain:
                labels = record.domain.count(".") + 2
                return ".".join(self.domain.split(".")[-labels:])
        return self.records[-1].domain if self.records else self.domain

    @property
    def policy_record(self) -> DmarcRecord | None:
        """Return the record that counts for mail from the domain (section 4.10.1)."""
        by_domain = {record.domain: record for record in self.records}
        suffix = next((one for one in self.records if one.tags.get("psd", "").lower() == "y"), None)
        return by_domain.get(self.domain) or by_domain.get(self.organisation) or suffix


def walk_up(domain: str) -> Asking[Walk]:
    """Ask for the DMARC records of a domain and of those above it, until one says that it is the last."""
    records: list[DmarcRecord] = []
    wrong: list[tuple[str, str]] = []
    for name in names_above(domain):
        answer = yield Question(f"_dmarc.{name}", RecordKind.TXT)
        if answer.is_silent:
            return Walk(domain, tuple(records), tuple(wrong), f"_dmarc.{name}: {answer.problem}")
        record, fault = read_dmarc(name, answer)
        wrong += [(name, fault)] if fault else []
        if record is not None:
            records.append(record)
            psd = record.tags.get("psd", "").lower()
            if psd == "n" or (psd == "y" and name != domain):
                break
    return Walk(domain, tuple(records), tuple(wrong))


def names_above(domain: str) -> list[str]:
    """Return a domain and those above it that are asked for a record, eight at most."""
    labels = domain.split(".")
    above = labels[1:] if len(labels) < MOST_ASKED else labels[-(MOST_ASKED - 1) :]
    return [domain, *(".".join(above[start:]) for start in range(len(above)))]


def read_dmarc(domain: str, answer: NameAnswer) -> tuple[DmarcRecord | None, str]:
    """Return the one record in an answer, and what is wrong where there is none that counts."""
    texts = [text for text in answer.records if _BEGINNING.match(text)]
    if len(texts) > 1:
        return None, f"there are {len(texts)} DMARC records, and with more than one none counts"
    if not texts:
        close = next((text for text in answer.records if "dmarc1" in text.lower()), "")
        return None, f"its text does not begin with v={VERSION}, so it counts for nothing: {close}" if close else ""
    try:
        tags = {name.lower(): value for name, value in read_tags(texts[0]).items()}
    except BadTagList as error:
        return None, f"its text cannot be read, and counts for nothing: {error}"
    return DmarcRecord(domain, texts[0], tags), ""


def is_aligned(one: Walk, other: Walk, *, strict: bool) -> bool:
    """Tell whether two domains count as one: the same, or, where that is enough, of one organisation (section 5.3)."""
    return one.domain == other.domain or (not strict and one.organisation == other.organisation)
