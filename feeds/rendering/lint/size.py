"""Rule M17: small enough that nothing is clipped, and the link to leave stands within what is shown.

Not here: the header that lets a reader leave (unsubscribing).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import unquote

from feeds.rendering.lint.case import Case, Check
from feeds.rendering.lint.findings import Finding, Part, Spot, advice, error, warning
from feeds.rendering.lint.headers import addresses_of
from feeds.rendering.lint.markup import Page, at, at_line, text_of

CLIPPED = 102_400  # bytes of HTML, where Gmail cuts
AIM = 90 * 1024
_GMAIL = ("Gmail",)
# How the link to leave is called, or addressed, in the languages that digests come in.
_LEAVING = re.compile(
    r"unsubscribe|opt.?out|abbestell|abmeld|austrag|désabonn|désinscri|darse de baja|cancel(ar|e)|disiscri|uitschrij"
    r"|afmeld|отпис|إلغاء|הסר|ביטול|配信停止|解除|취소|해지|수신 ?거부|退订|退訂|取消订阅|取消訂閱"
)


def is_not_clipped(case: Case) -> Iterator[Finding]:
    """M17: the HTML has at most 90 KB, and never more than 102,400 bytes."""
    if case.page is None:
        return
    size = len(case.page.html.encode("utf-8", "replace"))
    if size > AIM:
        what = f"the HTML has {size:,} bytes"
        cut = f", and is clipped at {CLIPPED:,}" if size > CLIPPED else f", near the {CLIPPED:,} at which it is clipped"
        remedy = f"keep to {AIM:,}: fewer entries, or shorter ones"
        make = error if size > CLIPPED else warning
        yield make("M17", at_line(None), what + cut, remedy=remedy, seen_by=_GMAIL)


def can_be_left_from_within(case: Case) -> Iterator[Finding]:
    """M17: the link to unsubscribe stands in the mail, within what Gmail shows, and in the text part too."""
    if not case.sender.writes_to_many:
        return
    if case.page is not None:
        yield from _html_faults(case, case.page)
    text = case.letter.text.text if case.letter.text else ""
    if text and not _LEAVING.search(text.lower()) and not any(address in text for address in leaving_addresses(case)):
        spot = Spot(Part.TEXT)
        yield warning("M17", spot, "it does not say how to unsubscribe", remedy="write the address there, too")


def says_where_it_comes_from(case: Case) -> Iterator[Finding]:
    """M17: the sender's postal address stands in both parts, where the site has one."""
    wanted = "".join(case.sender.postal_address.split())
    if not wanted:
        if case.sender.host:
            what = "the site has no postal address to give"
            yield advice(
                "M17", at_line(None, "the foot"), what, remedy="set postal_address in [site]: many laws ask for it"
            )
        return
    parts = [(Part.HTML, text_of(case.page.body) if case.page else None)]
    parts.append((Part.TEXT, case.letter.text.text if case.letter.text else None))
    for part, text in parts:
        if text is not None and wanted not in "".join(text.split()):
            what = f"the postal address is not in it: {case.sender.postal_address[:60]}"
            yield warning("M17", Spot(part), what, remedy="write it into the foot: many countries' law asks for it")


CHECKS: tuple[Check, ...] = (is_not_clipped, can_be_left_from_within, says_where_it_comes_from)


def leads_out(link: Any, known: Collection[str]) -> bool:
    """Tell whether a reader leaves the newsletter by a link: its address is ``known`` for that, or it is called so."""
    address = link.get("href", "")
    return address in known or bool(_LEAVING.search(f"{unquote(address)} {text_of(link)}".lower()))


def leaving_addresses(case: Case) -> frozenset[str]:
    """Return the addresses by which the headers let a reader leave."""
    return frozenset(address for field in case.root.all("list-unsubscribe") for address in addresses_of(field))


def _html_faults(case: Case, page: Page) -> Iterator[Finding]:
    known = leaving_addresses(case)
    links = [link for link in page.all("a") if leads_out(link, known)]
    if not links:
        what = "no link leads out of the newsletter"
        yield error("M17", at_line(None, "the foot"), what, remedy="write a link to unsubscribe into the foot")
        return
    lines = page.html.split("\n")
    before = sum(len(line.encode("utf-8", "replace")) + 1 for line in lines[: (links[-1].sourceline or 1) - 1])
    if before > CLIPPED:
        what = f"the link to unsubscribe stands behind {before:,} bytes, where nothing is shown"
        yield error("M17", at(links[-1]), what, remedy="shorten the mail", seen_by=_GMAIL)
