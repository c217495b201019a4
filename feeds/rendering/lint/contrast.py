"""Rule M14: text can be read on its ground, in light, in dark, and where a client inverts colours by force.

Not here: reading colours (colours, boxes), their arithmetic (rules.colours).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from feeds.rendering.lint.boxes import Box, Colours
from feeds.rendering.lint.case import PageCheck
from feeds.rendering.lint.findings import Finding, error, warning
from feeds.rendering.lint.markup import Page, at, at_line
from feeds.rules.colours import DISCERNIBLE, READABLE, contrast, inverted

_GROUND = {"background": "background-color"}
_SERVED = frozenset({"color", "background-color"})
_MARKS = frozenset({"", "[data-ogsc]", "[data-ogsb]"})
_measured = lru_cache(maxsize=2048)(contrast)
_LIGHT_GROUND = 0.5  # of the way from black to white: a client that inverts in part darkens what is lighter
_SCHEME_CLIENTS = ("Apple Mail", "Outlook on macOS", "Samsung Email")
_OUTLOOKS = ("Outlook.com", "Outlook on phones")
_INVERTING = ("Gmail (iOS, Android)", "Outlook on Windows")


def can_be_read(page: Page) -> Iterator[Finding]:
    """M14: text has a contrast of 4.5 to its ground, in light and in dark."""
    has_dark = _has_dark(page)
    told: set[tuple[str, Colours]] = set()
    for box in _with_text(page):
        for name, colours, seen_by in (("light", box.light, ()), ("dark", box.dark, _SCHEME_CLIENTS)):
            if (name == "dark" and not has_dark) or (name, colours) in told:
                continue
            told.add((name, colours))
            yield from _faint(box, name, colours, seen_by=seen_by)


def can_be_read_when_inverted(page: Page) -> Iterator[Finding]:
    """M14: text keeps a contrast of 3 where a client inverts all colours, or light grounds and dark inks alone."""
    told: set[Colours] = set()
    for box in _with_text(page):
        ink, ground = box.light.ink, box.light.ground
        if box.light in told or ink is None or ground is None:
            continue
        told.add(box.light)
        worst = _worst_inverted(ink, ground)
        if worst < DISCERNIBLE:
            what = f"{ink} on {ground} comes to a contrast of {worst:.1f} where a client inverts colours"
            yield warning(
                "M14", at(box.element), what, remedy="choose a darker ink, or a lighter one", seen_by=_INVERTING
            )


def serves_dark_schemes(page: Page) -> Iterator[Finding]:
    """M14: there are rules for dark schemes, and their twins for Outlook, of ink and of ground."""
    if not _has_dark(page):
        what = "it has no rules for a dark scheme: clients make one up"
        remedy = "write @media (prefers-color-scheme: dark) into the second style element"
        yield warning("M14", at_line(None, "<style>"), what, remedy=remedy, seen_by=_SCHEME_CLIENTS)
        return
    served = _served_selectors(page)
    for mark, name, of in (("[data-ogsc]", "color", "ink"), ("[data-ogsb]", "background-color", "ground")):
        lacking = sorted(served["", name] - served[mark, name])
        if lacking:
            what = f"the dark rules have no twin for Outlook's {of}, {mark}, of {', '.join(lacking)[:80]}"
            remedy = f"write each rule of {of} again, with {mark} before its selector"
            yield warning("M14", at_line(None, "<style>"), what, remedy=remedy, seen_by=_OUTLOOKS)


CHECKS: tuple[PageCheck, ...] = (can_be_read, can_be_read_when_inverted, serves_dark_schemes)


def _with_text(page: Page) -> Iterator[Box]:
    return (box for box in page.boxes if box.text and not box.is_hidden)


def _has_dark(page: Page) -> bool:
    return any(_is_dark(rule.media) for sheet in page.sheets for rule in sheet.rules)


def _served_selectors(page: Page) -> dict[tuple[str, str], set[str]]:
    """Return the selectors for which dark rules set a property, by Outlook's mark ("" for all others) and property."""
    found: dict[tuple[str, str], set[str]] = {(mark, name): set() for mark in _MARKS for name in _SERVED}
    for rule in (rule for sheet in page.sheets for rule in sheet.rules):
        names = {_GROUND.get(each.name, each.name) for each in rule.declarations} & _SERVED
        for mark, selector in map(_marked, rule.selector.split(",") if names else ()):
            is_served = mark in _MARKS and (mark or _is_dark(rule.media))
            for name in names if is_served else ():
                found[mark, name].add(selector)
    return found


def _marked(selector: str) -> tuple[str, str]:
    """Return a selector without Outlook's mark before it, and the mark."""
    text = selector.strip()
    mark = text.partition(" ")[0] if text.startswith("[data-ogs") else ""
    return mark, text.removeprefix(mark).strip()


def _is_dark(media: str) -> bool:
    return "prefers-color-scheme:dark" in media.replace(" ", "")


def _faint(box: Box, name: str, colours: Colours, *, seen_by: tuple[str, ...]) -> Iterator[Finding]:
    if colours.ink is None or colours.ground is None:
        return
    reached = _measured(colours.ink, colours.ground)
    if reached < READABLE:
        what = f"in {name}, {colours.ink} on {colours.ground} has a contrast of {reached:.1f}, less than {READABLE}"
        make = error if reached < DISCERNIBLE else warning
        yield make("M14", at(box.element), what, remedy="choose colours further apart", seen_by=seen_by)


@lru_cache(maxsize=2048)
def _worst_inverted(ink: str, ground: str) -> float:
    """Return the worse of two contrasts: all inverted, and only what is light as ground or dark as ink."""
    in_part = (inverted(ink) if not _is_light(ink) else ink, inverted(ground) if _is_light(ground) else ground)
    whole = contrast(inverted(ink), inverted(ground))
    # Ink on a ground that was dark before is left alone with it.
    return min(whole, contrast(*in_part)) if _is_light(ground) else whole


def _is_light(colour: str) -> bool:
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return (max(channels) + min(channels)) / 510 > _LIGHT_GROUND
