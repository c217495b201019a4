"""Judges a message: takes it apart, and lets every check look at it; the config weighs what is found.

The checks stand here as data. Not here: any one of them, and asking for links and pictures (jobs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from feeds.rendering.lint import (
    blocks,
    contrast,
    fitting,
    frame,
    headers,
    inline,
    links,
    octets,
    parts,
    pictures,
    preheader,
    signatures,
    size,
    text_part,
    unsubscribing,
)
from feeds.rendering.lint.case import MESSAGE, Case, Check, PageCheck, Sender
from feeds.rendering.lint.decoding import decode_header
from feeds.rendering.lint.findings import Finding, Severity, warning
from feeds.rendering.lint.markup import Page, open_page
from feeds.rendering.lint.opening import Letter, open_letter

CHECKS: tuple[Check, ...] = (
    *headers.CHECKS,
    *unsubscribing.CHECKS,
    *octets.CHECKS,
    *parts.CHECKS,
    *signatures.CHECKS,
    *preheader.CHECKS,
    *size.CHECKS,
    *text_part.CHECKS,
)
PAGE_CHECKS: tuple[PageCheck, ...] = (
    *frame.CHECKS,
    *pictures.CHECKS,
    *links.CHECKS,
    *inline.CHECKS,
    *contrast.CHECKS,
    *blocks.CHECKS,
    *fitting.CHECKS,
)
# What stands at the head and beside the subject: all that a digest has of its own whose other pieces were judged.
OPENING_CHECKS: tuple[Check, ...] = (headers.names_sender_once, *octets.CHECKS, *preheader.CHECKS)
OPENING_PAGE_CHECKS: tuple[PageCheck, ...] = (frame.has_title_of_subject, frame.has_labelled_article)
MOST_FOUND = 200  # by one check: whoever has as many has enough to do
OFF = "off"
_WEIGHTS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.ADVICE: 2}
Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of judging a message: its subject, the bytes of its HTML, its faults, the gravest first."""

    subject: str
    html_bytes: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that are errors."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)


def judge_message(data: bytes, *, sender: Sender | None = None, weights: Mapping[str, str] | None = None) -> Judgement:
    """Judge a message of any origin by its bytes. Whatever they hold, the answer is findings and never an exception.

    ``sender`` is what is known of the site; ``weights`` gives the severity of all findings of a rule, or ``off``.
    """
    return _judgement(open_case(data, sender or Sender()), CHECKS, PAGE_CHECKS, weights=weights)


def judge_opening(data: bytes, *, sender: Sender, weights: Mapping[str, str]) -> Judgement:
    """Judge only the subject of a message, and what stands beside it; of its parts the beginning is enough."""
    return _judgement(open_case(data, sender), OPENING_CHECKS, OPENING_PAGE_CHECKS, weights=weights)


def open_case(data: bytes, sender: Sender) -> Case:
    """Take a message apart, and read its HTML."""
    letter = open_letter(data)
    return Case(letter, _page(letter), sender)


def weighed(findings: Iterable[Finding], weights: Mapping[str, str]) -> Iterator[Finding]:
    """Give findings the severity that their rule has in ``weights``; leave out those of rules that are off."""
    for found in findings:
        weight = weights.get(found.rule, "")
        if weight != OFF:
            yield replace(found, severity=Severity(weight)) if weight else found


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with the gravest first, then by rule and place."""
    return tuple(
        sorted(findings, key=lambda one: (_WEIGHTS[one.severity], int(one.rule[1:]), one.spot.part, one.spot.line or 0))
    )


def _judgement(
    case: Case, checks: Iterable[Check], page_checks: Iterable[PageCheck], *, weights: Mapping[str, str] | None
) -> Judgement:
    found = [finding for check in checks for finding in _checked(check, case)]
    if case.page is not None:
        found += [finding for check in page_checks for finding in _checked(check, case.page)]
    size = len(case.page.html.encode("utf-8", "replace")) if case.page else 0
    return Judgement(_subject(case.letter), size, ordered(weighed(dict.fromkeys(found), weights or {})))


def _page(letter: Letter) -> Page | None:
    if letter.html is None:
        return None
    ids = (leaf.value("content-id").strip("<> ") for leaf in letter.leaves)
    return Page(
        html=letter.html.text,
        root=open_page(letter.html.text),
        subject=_subject(letter),
        charset=letter.html.charset,
        content_ids=frozenset(filter(None, ids)),
    )


def _subject(letter: Letter) -> str:
    return decode_header(letter.root.value("subject"))


def _checked(check: Callable[[Seen], Iterator[Finding]], seen: Seen) -> list[Finding]:
    try:
        return list(islice(check(seen), MOST_FOUND))
    except Exception as problem:  # a stranger's message: one check that fails must not cost the others
        what = f"it cannot be judged whole ({getattr(check, '__name__', 'a check')}: {type(problem).__name__})"
        return [warning("M6", MESSAGE, what, remedy="look at what is unusual in it; the other rules were judged")]
