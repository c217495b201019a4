"""Rule M6: the parts are alternatives, text first and HTML last, closed; nothing in a header steers what reads it.

Not here: how a part is encoded (octets), whether the parts agree (text_part).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.rendering.lint.case import MESSAGE, Case, Check, headers, on
from feeds.rendering.lint.findings import Finding, Part, Spot, error, warning
from feeds.rendering.lint.opening import Entity

LONGEST_BOUNDARY = 70  # RFC 2046 section 5.1.1
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]*[0-9A-Za-z'()+_,\-./:=?]")
# What follows a fold is white space; any other control steers a parser, a terminal or the next header.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_OWN = frozenset({"7bit", "8bit", "binary"})
_RTL_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def has_alternatives_in_order(case: Case) -> Iterator[Finding]:
    """M6: multipart/alternative with the text first and the HTML last."""
    root, html, text = case.root, case.letter.html, case.letter.text
    if html is None or text is None:
        kind = "HTML" if html is None else "text"
        yield error("M6", MESSAGE, f"it has no {kind} part", remedy="give both, as multipart/alternative")
        return
    alternatives = _alternatives(root, html)
    if alternatives is None or text not in alternatives.leaves():
        what = f"its parts are no alternatives: it is {root.media_type}"
        yield error("M6", MESSAGE, what, remedy="put text and HTML into one multipart/alternative")
        return
    leaves = list(alternatives.leaves())
    if leaves[0] is not text:
        yield error("M6", Spot(Part.MESSAGE, leaves[0].line), "the text does not stand first", remedy="put it first")
    if html not in alternatives.parts[-1].leaves():
        what = "the HTML does not stand last, and clients show the last part that they know"
        yield error("M6", Spot(Part.MESSAGE, html.line), what, remedy="put it last")


def is_closed(case: Case) -> Iterator[Finding]:
    """M6: every multipart names a sound boundary, has parts, and is closed."""
    for entity in _multiparts(case.root):
        boundary, spot = entity.parameters.get("boundary", ""), Spot(Part.MESSAGE, entity.line, entity.media_type)
        if not _BOUNDARY.fullmatch(boundary) or len(boundary) > LONGEST_BOUNDARY:
            what = f"its boundary {boundary[:80]!r} is none" if boundary else "it names no boundary"
            yield error("M6", spot, what, remedy=f"name one of at most {LONGEST_BOUNDARY} plain characters")
        elif not entity.parts:
            yield error("M6", spot, "its boundary does not occur in it", remedy="write it before each part")
        elif not entity.closed:
            what = f"its closing boundary, --{boundary}--, is missing: it was cut off"
            yield error("M6", spot, what, remedy="write it after the last part")
        if entity.encoding not in _OWN:
            what = f"a multipart is itself encoded as {entity.encoding}"
            yield error("M6", spot, what, remedy="encode the parts, not what holds them")


def names_its_mime(case: Case) -> Iterator[Finding]:
    """M6: MIME-Version is 1.0, and there is one Content-Type; each text part names its charset."""
    versions = [re.sub(r"\([^()]*\)", "", field.value).strip() for field in case.root.all("mime-version")]
    if versions != ["1.0"]:
        what = f"it is {', '.join(versions)}" if versions else "there is none"
        yield error("M6", headers("MIME-Version"), what, remedy="write MIME-Version: 1.0, once")
    for entity in (case.root, *case.letter.leaves):
        for field in entity.all("content-type")[1:]:
            yield error("M6", on(field), "it stands there a second time", remedy="keep one of them")
    for leaf in (leaf for leaf in (case.letter.html, case.letter.text) if leaf is not None):
        if leaf.charset != "utf-8":
            what = f"its charset is {leaf.charset}" if "charset" in leaf.parameters else "it names no charset"
            yield warning("M6", Spot(Part.MESSAGE, leaf.line, leaf.media_type), what, remedy='write charset="utf-8"')


def has_plain_header_values(case: Case) -> Iterator[Finding]:
    """M6: no control character stands in a header, and no mark that turns the direction of what follows."""
    for field in case.root.fields:
        found = _CONTROL.search(field.raw)
        if found:
            what = f"it holds the control character {found[0]!r}"
            yield error("M6", on(field), what, remedy="take it out")
        elif _RTL_OVERRIDES.search(field.value):
            yield error("M6", on(field), "it turns the direction of writing", remedy="take that mark out")


CHECKS: tuple[Check, ...] = (has_alternatives_in_order, is_closed, names_its_mime, has_plain_header_values)


def _multiparts(entity: Entity) -> Iterator[Entity]:
    if entity.media_type.startswith("multipart/"):
        yield entity
    for part in entity.parts:
        yield from _multiparts(part)


def _alternatives(entity: Entity, html: Entity) -> Entity | None:
    """Return the innermost multipart/alternative that holds the HTML."""
    for part in entity.parts:
        inner = _alternatives(part, html)
        if inner is not None:
            return inner
    holds = entity.media_type == "multipart/alternative" and any(leaf is html for leaf in entity.leaves())
    return entity if holds else None
