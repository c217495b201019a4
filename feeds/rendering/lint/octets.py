"""Rule M5: the octets of a message: lines and their ends, encoded-words, transfer encodings; held on the bytes.

Not here: what the headers say (headers), how the parts stand together (parts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.rendering.lint.case import MESSAGE, Case, Check, on
from feeds.rendering.lint.decoding import encoded_words
from feeds.rendering.lint.findings import Finding, Part, Spot, advice, error
from feeds.rendering.lint.opening import Entity, Field

LONGEST_LINE = 998  # octets without the line's end, RFC 5322 section 2.1.1
GOOD_LINE = 78
LONGEST_WORD = 75  # RFC 2047 section 2
# Read by grammar: an encoded-word in one of these hides what it says (RFC 2047 section 5).
STRUCTURED = frozenset(
    {
        *("date", "message-id", "in-reply-to", "references", "return-path", "auto-submitted", "precedence"),
        *("feedback-id", "mime-version", "content-type", "content-transfer-encoding", "content-id", "dkim-signature"),
    }
)
_MAILBOXES = frozenset({"from", "sender", "reply-to", "to", "cc"})
_BARE_LF = re.compile(rb"(?<!\r)\n")
_BARE_CR = re.compile(rb"\r(?!\n)")


def ends_its_lines(case: Case) -> Iterator[Finding]:
    """M5: each line ends with CR and LF; a file that has LF throughout is one as programs keep it on disk."""
    data = case.letter.data
    bare_lf, bare_cr = _BARE_LF.search(data), _BARE_CR.search(data)
    if bare_cr:
        yield _at(data, bare_cr.start(), "a CR stands there without its LF", remedy="end each line with CR LF")
    if bare_lf and b"\r\n" in data:
        yield _at(data, bare_lf.start(), "a LF stands there without its CR", remedy="end each line with CR LF")
    elif bare_lf:
        what = "its lines end with LF alone, as in files; on the way they must end with CR LF"
        yield advice("M5", MESSAGE, what, remedy="let what sends it mend that")


def has_no_long_line(case: Case) -> Iterator[Finding]:
    """M5: no line is longer than 998 octets; a header that could be folded keeps to 78."""
    data, position = case.letter.data, 0
    for row in data.split(b"\n"):
        if len(row.rstrip(b"\r")) > LONGEST_LINE:
            what = f"a line has {len(row):,} octets, more than {LONGEST_LINE}"
            yield _at(data, position, what, remedy="encode the part as quoted-printable or base64; fold headers")
        position += len(row) + 1
    for field in case.root.fields:
        yield from _unfolded(field, f"{field.name}:".encode() + field.raw)


def has_only_fields_at_its_head(case: Case) -> Iterator[Finding]:
    """M5: each line at the head of the message and of its parts is a field, or goes on with one."""
    for entity in _entities(case.root):
        for line in entity.broken:
            spot = Spot(Part.MESSAGE, line)
            yield error("M5", spot, "this line is no header field", remedy="write Name: value, or a blank line before")


def has_whole_encoded_words(case: Case) -> Iterator[Finding]:
    """M5: encoded-words have at most 75 characters, decode to whole ones, and stand where text does."""
    for field in case.root.fields:
        is_structured = field.key in STRUCTURED or field.key.startswith("list-")
        for word in encoded_words(_unfolded_value(field)):
            if is_structured or (field.key in _MAILBOXES and _is_within(field.value, word.raw)):
                what = f"an encoded-word stands there, which nothing decodes: {word.raw[:40]}"
                yield error("M5", on(field), what, remedy="write it in plain ASCII, on one line if need be")
            elif len(word.raw) > LONGEST_WORD:
                what = f"an encoded-word has {len(word.raw)} characters, more than {LONGEST_WORD}"
                yield error("M5", on(field), what, remedy="cut it in two, between characters")
            elif word.fault:
                yield error("M5", on(field), f"an encoded-word is broken: {word.fault}", remedy="encode it anew")


def has_ascii_headers(case: Case) -> Iterator[Finding]:
    """M5: no byte beyond ASCII stands in a header: few servers on the way take it (RFC 6532)."""
    for field in case.root.fields:
        if not field.raw.isascii():
            what = "it holds bytes beyond ASCII"
            yield error("M5", on(field), what, remedy="write text as encoded-words, and a domain in its xn-- form")


def has_sound_encodings(case: Case) -> Iterator[Finding]:
    """M5: the body of each part is what its encoding and charset say."""
    for leaf in case.letter.leaves:
        if not leaf.media_type.startswith("text/"):
            continue
        spot = Spot(Part.MESSAGE, leaf.line, leaf.media_type)
        yield from (error("M5", spot, fault, remedy="encode the part anew") for fault in leaf.decoded[1])


CHECKS: tuple[Check, ...] = (
    ends_its_lines,
    has_no_long_line,
    has_only_fields_at_its_head,
    has_whole_encoded_words,
    has_ascii_headers,
    has_sound_encodings,
)


def _at(data: bytes, position: int, what: str, *, remedy: str) -> Finding:
    return error("M5", Spot(Part.MESSAGE, data.count(b"\n", 0, position) + 1), what, remedy=remedy)


def _unfolded(field: Field, whole: bytes) -> Iterator[Finding]:
    for number, row in enumerate(whole.splitlines()) if len(whole) > GOOD_LINE else ():
        words = row.partition(b":")[2].split() if number == 0 else row.split()
        if GOOD_LINE < len(row) <= LONGEST_LINE and len(words) > 1 and field.key not in STRUCTURED:
            spot = Spot(Part.HEADERS, field.line + number, field.name)
            yield advice("M5", spot, f"the line has {len(row)} octets", remedy=f"fold it at {GOOD_LINE}")


def _unfolded_value(field: Field) -> str:
    return field.value.replace("\r", "").replace("\n", "")


def _is_within(value: str, word: str) -> bool:
    """Tell whether a word stands in quotes or in angle brackets, where it is taken as it is."""
    return any(word in piece for piece in re.findall(r'"(?:[^"\\]|\\.)*"|<[^<>]*>', value))


def _entities(entity: Entity) -> Iterator[Entity]:
    yield entity
    for part in entity.parts:
        yield from _entities(part)
