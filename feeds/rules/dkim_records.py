"""What to say of the record that a DKIM key is found by: is it there, is it ours, can verifiers read it.

RFC 6376 section 3.6.1, RFC 8463. Not here: keys and signing (rendering.dkim).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from feeds.model.names import Asking, NameAnswer, Question, RecordKind
from feeds.rules.checkup import Finding, Grade, Spot
from feeds.rules.tag_lists import BadTagList, read_tags
from feeds.rules.zone_lines import LONGEST_STRING, txt_line


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a key that signs: where it is to be found, and the text of its record."""

    domain: str
    selector: str
    text: str

    @property
    def name(self) -> str:
        """Return the name of its record."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def tags(self) -> dict[str, str]:
        """Return what its record says."""
        return read_tags(self.text)

    @property
    def line(self) -> str:
        """Return its record, as in a zone file."""
        return txt_line(self.name, self.text)


def examine_dkim(key: PublicKey) -> Asking[tuple[list[Finding], bool]]:
    """Judge the record of a key; return the findings, and whether a signature by it can be verified."""
    answer = yield Question(key.name, RecordKind.TXT)
    findings = list(_judged(Spot("DKIM", key.name), key, answer))
    return findings, any(one.grade is Grade.OK for one in findings)


def _judged(spot: Spot, key: PublicKey, answer: NameAnswer) -> Iterator[Finding]:
    texts = answer.records
    if answer.is_silent:
        yield spot.unknown(answer.problem)
    elif not texts:
        yield spot.error("there is no such record, so no signature can be verified", key.line, remedy="add this record")
    elif len(texts) > 1:
        yield _several(spot, key, texts)
    else:
        yield from _of_text(spot, key, texts[0])


def _several(spot: Spot, key: PublicKey, texts: tuple[str, ...]) -> Finding:
    """Tell of several records: often the strings of one, entered as a record each."""
    whole = "".join(key.text.split())
    if all("".join(text.split()) in whole for text in texts) and whole not in texts:
        what = f"its text was cut into {len(texts)} records; it must be one record of several strings"
    else:
        what = f"there are {len(texts)} records, and verifiers may take any of them"
    return spot.error(what, key.line, remedy="remove them and write this one")


def _of_text(spot: Spot, key: PublicKey, text: str) -> Iterator[Finding]:
    try:
        tags = read_tags(text)
    except BadTagList as error:
        quoted = ": the quotes of its pieces became part of it" if '"' in text else ""
        what = f"its text is no list of tags{quoted} ({error})"
        yield spot.error(what, key.line, remedy="write the record like this; the quotes only part its strings")
        return
    wrong = next(_faults(key, tags, text), "")
    if wrong:
        yield spot.error(wrong, key.line, remedy="write the record like this")
    else:
        yield spot.ok(f"it holds the public half of the key ({_kind(tags)})")
    if "y" in _listed(tags.get("t", "")):
        what = "it says that signing is being tried out (t=y): a failed signature counts as none"
        yield spot.warning(what, key.line, remedy="take t=y out, now that you send for real")


def _faults(key: PublicKey, tags: dict[str, str], text: str) -> Iterator[str]:
    """Yield what makes verifiers ignore the record, or a signature by our key fail."""
    ours, theirs = "".join(key.tags["p"].split()), "".join(tags.get("p", "").split())
    if '"' in text or "\\" in text:
        yield "quotes or backslashes became part of its text: they only part the strings of a record"
    if next(iter(tags), "v") != "v" and "v" in tags:
        yield "v= is not the first of its tags, so the record counts for nothing"
    if tags.get("v", "DKIM1") != "DKIM1":
        yield f"v={tags['v']} is no version of DKIM; it is DKIM1, to the letter"
    if "p" not in tags:
        yield "it has no key: p= is missing"
    elif not theirs:
        yield "it says that the key was withdrawn: p= is empty"
    elif _kind(tags) != _kind(key.tags):
        yield f"it says that the key is one for {_kind(tags)} (k=), and ours is one for {_kind(key.tags)}"
    elif theirs != ours:
        yield _difference(ours, theirs, text)
    yield from _limits(tags)


def _difference(ours: str, theirs: str, text: str) -> str:
    if ours.startswith(theirs):
        return f"it holds only the first {len(theirs)} of the key's {len(ours)} characters: it was cut off{_at(text)}"
    if ours in theirs or theirs in ours:
        return "it holds the key with something before or behind it, or a part of it"
    return "it holds another key than the one that we sign with"


def _at(text: str) -> str:
    return f" at {LONGEST_STRING} characters, the most that one string holds" if len(text) == LONGEST_STRING else ""


def _limits(tags: dict[str, str]) -> Iterator[str]:
    if "h" in tags and "sha256" not in _listed(tags["h"]):
        yield f"it allows no sha256 (h={tags['h']}), and that is what we sign with"
    if "s" in tags and not {"*", "email"} & set(_listed(tags["s"])):
        yield f"it is not for mail (s={tags['s']})"


def _listed(value: str) -> list[str]:
    return [piece.strip().lower() for piece in value.split(":")]


def _kind(tags: dict[str, str]) -> str:
    return tags.get("k", "rsa").lower()
