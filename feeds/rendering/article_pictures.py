"""The pictures of an entry that is ready for print: which its text shows, and the entry without some of them.

Pure; the HTML that comes in is clean. Not here: making them for mail (mail_pictures), how they stand there (mail_html).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

from feeds.model import Printed

_ATTRIBUTES = r'(?: [a-z-]+="[^"]*")*'
_PICTURE = re.compile(rf"<img{_ATTRIBUTES}>")
_ATTRIBUTE = re.compile(r' (src|alt)="([^"]*)"')
# What only framed a picture, with the words below it, which say nothing without.
_FRAME = re.compile(
    rf"<(a|p|em|strong|figure){_ATTRIBUTES}>\s*"
    rf"(?:<figcaption{_ATTRIBUTES}>(?:(?!</?figcaption).)*</figcaption>\s*)?</\1>\n?",
    re.DOTALL,
)


def pictures_in(html: str) -> list[tuple[str, str]]:
    """Return (address, alt text) of the pictures in an article's text, in their order."""
    found = (dict(_ATTRIBUTE.findall(tag)) for tag in _PICTURE.findall(html))
    return [(unescape(given.get("src", "")), unescape(given.get("alt", ""))) for given in found]


def without_pictures(entry: Printed, is_gone: Callable[[str], bool]) -> Printed:
    """Return an entry without the pictures at some addresses, beside its text and in it."""
    image = None if entry.image and is_gone(entry.image.address) else entry.image
    html = _PICTURE.sub(lambda tag: "" if is_gone(pictures_in(tag[0])[0][0]) else tag[0], entry.html)
    return replace(entry, image=image, html=_unframed(html) if html != entry.html else html)


def _unframed(html: str) -> str:
    while (less := _FRAME.sub("", html)) != html:
        html = less
    return html
