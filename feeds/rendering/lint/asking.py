"""What a message leads to: the addresses of its links and pictures, and what an answer from one says of it.

Addresses by which a reader would leave are left alone: asking may be taken for a click. Not here: asking (jobs).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from feeds.model.answers import Answer
from feeds.rendering.lint.case import Case, Sender
from feeds.rendering.lint.findings import Finding, Spot, advice, warning
from feeds.rendering.lint.judging import open_case
from feeds.rendering.lint.markup import at
from feeds.rendering.lint.size import leads_out, leaving_addresses

# Servers say these to programs that a person's browser would get past.
_SHY = frozenset({401, 403, 405, 406, 429, 503, 999})


@dataclass(frozen=True, slots=True)
class Lead:
    """An address that a message leads to: of a picture or of a link, and where it first stands."""

    address: str
    is_picture: bool
    spot: Spot


def leads_in(data: bytes) -> tuple[Lead, ...]:
    """Return the web addresses of a message's links and pictures, each once."""
    case = open_case(data, Sender())
    found: dict[str, Lead] = {}
    for lead in _all_leads(case) if case.page else ():
        if lead.address.lower().startswith(("https://", "http://")):
            found.setdefault(lead.address, lead)
    return tuple(found.values())


def judge_answer(lead: Lead, answer: Answer) -> Iterator[Finding]:
    """Judge what a server said of an address."""
    rule, what = ("M11", "the picture") if lead.is_picture else ("M12", "the link")
    kind = answer.headers.get("content-type", "")
    if answer.status in _SHY:
        said = f"{what} cannot be asked after: {lead.address[:120]} answers {answer.status}"
        yield advice(rule, lead.spot, said, remedy="look at it in a browser")
    elif not answer.is_good:
        said = f"{what} is broken: {lead.address[:120]} answers {answer.status}"
        yield warning(rule, lead.spot, said, remedy="mend the address, or take it out")
    elif lead.is_picture and kind and not kind.lower().startswith("image/"):
        said = f"{lead.address[:120]} is no picture: it answers {kind[:60]}"
        yield warning(rule, lead.spot, said, remedy="give the address of a picture")


def judge_silence(lead: Lead, reason: str) -> Finding:
    """Judge that an address gave no answer."""
    rule = "M11" if lead.is_picture else "M12"
    what = f"nothing answers at {lead.address[:120]}: {reason}"
    return warning(rule, lead.spot, what, remedy="mend the address, or take it out")


def _all_leads(case: Case) -> Iterator[Lead]:
    page = case.page
    if page is None:
        return
    yield from _leads(page.all("img"), "src", is_picture=True)
    known = leaving_addresses(case)
    yield from _leads((link for link in page.all("a") if not leads_out(link, known)), "href", is_picture=False)


def _leads(elements: Iterable[Any], attribute: str, *, is_picture: bool) -> Iterator[Lead]:
    for element in elements:
        address = urldefrag((element.get(attribute) or "").strip()).url
        yield Lead(address, is_picture, at(element))
