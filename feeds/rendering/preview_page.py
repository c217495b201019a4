"""The page on which an edition is looked at before it goes: each way that clients show it, side by side.

Pure. Not here: making the edition (edition), judging it (lint), writing files and serving them (jobs, cli).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default

from feeds.rendering.digest import LARGEST_HTML
from feeds.rendering.environment import Templates
from feeds.rendering.lint import Judgement

CLIPPED_AT = 102_400  # bytes of HTML, by Gmail
_DARK = "@media (prefers-color-scheme: dark)"
# A client that inverts colours leaves pictures as they are.
_UPRIGHT = "<style>img { filter: invert(1) hue-rotate(180deg); }</style>"
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
_SOURCE = re.compile(r'(<img\b[^>]*?) src="[^"]*"')
_HIDDEN = re.compile(r'<div aria-hidden="true" style="display:none[^"]*">([^<]*)')


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the HTML part: ``width`` in pixels; ``kind`` is ``inverted`` or ""."""

    name: str
    width: int
    html: str
    kind: str = ""


def preview_page(message: bytes, html: str, judged: Judgement, *, templates: Templates, reload: bool) -> str:
    """Return the page of a message; ``html`` is its HTML part with pictures that a browser here can load.

    With ``reload`` it asks the server that it comes from for changes.
    """
    parsed = message_from_bytes(message, policy=default)
    text = parsed.get_body(("plain",))
    return templates.render(
        "preview/edition.html",
        subject=judged.subject,
        preheader=_preheader(html),
        size=judged.html_bytes,
        size_said=f"{judged.html_bytes:,} bytes",
        budget=LARGEST_HTML,
        clip=CLIPPED_AT,
        clip_said=f"{CLIPPED_AT:,}",
        message_size_said=f"{len(message):,} bytes",
        findings=judged.findings,
        views=views_of(html),
        text=text.get_content() if text else "",
        headers=message.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n"),
        reload=reload,
    )


def views_of(html: str) -> tuple[View, ...]:
    """Return the ways in which clients show the HTML part, whatever the scheme of the machine that looks at them."""
    light, dark = html.replace(_DARK, "@media not all"), html.replace(_DARK, "@media all")
    return (
        View("Desktop", 680, light),
        View("Phone", 375, light),
        View("Dark", 375, dark),
        View("Colours inverted by the client", 375, light.replace("</head>", f"{_UPRIGHT}</head>"), "inverted"),
        View("Pictures blocked", 375, _SOURCE.sub(r"\1", light)),
        View("Without <style>", 375, _STYLE.sub("", light)),
    )


def _preheader(html: str) -> str:
    found = _HIDDEN.search(html)
    return found[1].rstrip("\u034f\u200c\u00a0 ") if found else ""
