"""Rule M12: links that lead somewhere, safely, and say where; nothing that clients disable.

Not here: asking for what they lead to (jobs), whether the text part has the same (text_part).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from feeds.rendering.lint.case import PageCheck
from feeds.rendering.lint.findings import Finding, advice, error, warning
from feeds.rendering.lint.markup import Page, at, text_of

# Gone in every client, or taken for a sign of harm.
FORBIDDEN = {
    "script": "clients cut scripts, and filters take them for harm",
    "iframe": "clients cut frames",
    "frame": "clients cut frames",
    "frameset": "clients cut frames",
    "object": "clients cut what is embedded",
    "embed": "clients cut what is embedded",
    "applet": "clients cut what is embedded",
    "form": "most clients disable forms, and warn of them",
    "input": "most clients disable forms, and warn of them",
    "textarea": "most clients disable forms, and warn of them",
    "select": "most clients disable forms, and warn of them",
    "button": "most clients disable forms, and warn of them",
    "base": "clients ignore it, and relative links lead nowhere",
    "link": "clients load no stylesheet",
}
_MEDIA = {"audio": "sound", "video": "film"}
# Schemes that run or hold something, in place of leading somewhere.
_HARMFUL = frozenset({"javascript", "vbscript", "data", "file", "blob", "about"})
_PLAIN = frozenset({"https", "mailto", "tel", "sms"})
_VAGUE = frozenset(
    {
        *("click here", "here", "this", "link", "more", "read more", "this link", "learn more", "click", "details"),
        *("hier", "hier klicken", "mehr", "weiterlesen", "ici", "cliquez ici", "lire la suite", "en savoir plus"),
        *("aquí", "haz clic aquí", "leer más", "más", "aqui", "clique aqui", "leia mais", "こちら", "여기", "点击这里"),
    }
)
_REFRESH = re.compile(r"refresh", re.IGNORECASE)


def has_nothing_that_runs(page: Page) -> Iterator[Finding]:
    """M12: no script, frame, form or embed stands in it, no handler of events, no page that moves on."""
    for element in page.elements:
        tag = element.tag
        if tag in FORBIDDEN:
            yield error("M12", at(element), f"it is a <{tag}>: {FORBIDDEN[tag]}", remedy="take it out, or link to it")
        elif tag in _MEDIA:
            what = f"few clients play {_MEDIA[tag]}"
            yield warning("M12", at(element), what, remedy="link to it, with a picture or words")
        elif tag == "meta" and _REFRESH.fullmatch(element.get("http-equiv", "")):
            yield error("M12", at(element), "it moves on to another page", remedy="take it out")
        handler = next((name for name in element.keys() if name.startswith("on")), None)  # noqa: SIM118 - of lxml
        if handler:
            yield error("M12", at(element), f"it runs a script, by {handler}", remedy="take the attribute out")


def leads_somewhere(page: Page) -> Iterator[Finding]:
    """M12: each link has an absolute https or mailto address."""
    for link in page.all("a", "area"):
        address = (link.get("href") or "").strip()
        scheme = _scheme(address)
        if scheme in _HARMFUL:
            yield error("M12", at(link), f"its address is {scheme}:", remedy="link to a page")
        elif scheme == "http":
            what = f"it leads over an open connection: {address[:80]}"
            yield warning("M12", at(link), what, remedy="link to the https address, where there is one")
        elif address.startswith("#") and len(address) > 1:
            what = f"it leads to {address[:40]} within the mail, which some clients do not follow"
            yield advice("M12", at(link), what, remedy="lead to the page on the web")
        elif scheme not in _PLAIN and "href" in link.attrib:
            what = f"its address is {address[:60]!r}" if address else "its address is empty"
            yield warning("M12", at(link), what, remedy="write an absolute https address")
        elif scheme == "https" and not _host(address):
            yield warning("M12", at(link), f"its address {address[:60]!r} names no host", remedy="write it in full")


def makes_sense_alone(page: Page) -> Iterator[Finding]:
    """M12: each link has a name, which says where it leads when it is heard alone."""
    for link in page.all("a"):
        if "href" not in link.attrib:
            continue
        name = _name(link)
        if not name:
            what = f"it has no name: a voice reads out {link.get('href')[:60]}"
            yield warning("M12", at(link), what, remedy="put words into it, an alt, or an aria-label")
        elif name.casefold().strip(" .…!>»→:") in _VAGUE:
            what = f"{name[:40]!r} does not say where it leads"
            yield advice("M12", at(link), what, remedy="name what is there, or add an aria-label that does")


CHECKS: tuple[PageCheck, ...] = (has_nothing_that_runs, leads_somewhere, makes_sense_alone)


def _name(link: Any) -> str:
    label = (link.get("aria-label") or link.get("title") or "").strip()
    alts = " ".join(image.get("alt", "") for image in link.iter("img"))
    return label or f"{text_of(link)} {alts}".strip()


def _scheme(address: str) -> str:
    # Clients skip white space and controls within a scheme, and so do those who hide one.
    plain = re.sub(r"[\x00-\x20]", "", address)
    try:
        return urlsplit(plain).scheme.lower()
    except ValueError:
        return ""


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
