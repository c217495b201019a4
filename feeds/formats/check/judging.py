"""Judges a document: opens it, and lets every check of its kind look at it.

The checks stand here as data. Not here: any one of them, and what HTTP says beside a document (answers).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from feeds.formats.check import atom, common, history, json_feed, rss
from feeds.formats.check.atom_view import view_atom
from feeds.formats.check.findings import Finding, Severity, Spot, error
from feeds.formats.check.json_view import view_json
from feeds.formats.check.opening import Kind, Opened, open_document
from feeds.formats.check.rss_view import view_rss
from feeds.formats.check.views import Document

Check = Callable[[Document], Iterator[Finding]]
_SHARED: tuple[Check, ...] = (*common.CHECKS, *history.CHECKS)
_RSS: tuple[Callable[[Opened], Document], tuple[Check, ...]] = (view_rss, (*_SHARED, *rss.CHECKS))
JUDGES: Mapping[Kind, tuple[Callable[[Opened], Document], tuple[Check, ...]]] = {
    Kind.RSS: _RSS,
    Kind.RSS_0: _RSS,
    Kind.RSS_1: _RSS,
    Kind.ATOM: (view_atom, (*_SHARED, *atom.CHECKS)),
    Kind.JSON: (view_json, (*_SHARED, *json_feed.CHECKS)),
}
MOST_FOUND = 1_000  # by one check: whoever has as many has enough to do
_NAMES = {"rss": Kind.RSS, "atom": Kind.ATOM, "json": Kind.JSON}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of judging a document: what it is, None where it cannot be told, and its faults in its own order."""

    kind: Kind | None
    entries: int
    findings: tuple[Finding, ...]
    encoding: str = ""
    document: Document | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that lose entries or subscribers."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)


def judge(data: bytes, *, addresses: tuple[str, ...] = ()) -> Judgement:
    """Judge a document of any kind and origin. Whatever it holds, the answer is findings and never an exception.

    ``addresses`` are those under which it was found, if known: its link to itself must be equal to one of them.
    """
    opening = open_document(data)
    opened = opening.opened
    if opened is None:
        return Judgement(None, 0, opening.findings)
    view, checks = JUDGES[opened.kind]
    document = replace(view(opened), size=len(data))
    found = [*opening.findings, *_address_faults(document, addresses)]
    for check in checks:
        found += _checked(check, document)
    ordered = sorted(dict.fromkeys(found), key=lambda one: (one.line or 0, one.rule, one.where))
    return Judgement(opened.kind, document.held, tuple(ordered), opened.encoding, document)


def check_document(name: str, data: bytes, *, address: str | None = None) -> list[str]:
    """List the errors of a document that should be in the format ``name``, none where it is sound."""
    judgement = judge(data, addresses=(address,) if address else ())
    if judgement.kind is not None and judgement.kind is not _NAMES[name]:
        return [f"the feed: it is {judgement.kind}, not {_NAMES[name]}"]
    return [found.text for found in judgement.errors]


def _checked(check: Check, document: Document) -> list[Finding]:
    try:
        return list(islice(check(document), MOST_FOUND))
    except Exception as problem:  # a stranger's document: one check that fails must not cost the others
        what = f"it cannot be judged whole ({check.__name__}: {type(problem).__name__})"
        return [error("F29", Spot(), what, remedy="look at what is unusual in it; the other rules were judged")]


def _address_faults(document: Document, addresses: tuple[str, ...]) -> Iterator[Finding]:
    for link in document.selves if addresses else ():
        if link.value not in addresses:
            what = f"it says that it is at {link.value}, but it is at {addresses[-1]}"
            yield error("F5", link.spot, what, remedy="name the exact address that readers subscribe to")
