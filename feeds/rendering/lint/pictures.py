"""Rules M11 and M20: pictures that have words, a size and an address; none that is there to tell on readers.

Not here: asking for them (jobs), which clients show which format (support).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from feeds.rendering.lint.boxes import style_of
from feeds.rendering.lint.case import PageCheck
from feeds.rendering.lint.findings import Finding, error, warning
from feeds.rendering.lint.markup import Page, at, at_line
from feeds.rendering.lint.styles import pixels

LEAST_WORDS = 40  # characters that a mail with pictures says without them
LARGEST_PIXEL = 2
_FILE_NAME = re.compile(
    r"[\w%. -]+\.(jpe?g|png|gif|webp|avif|svg|bmp)|(img|dsc|image|screenshot)[_ -]?\d+", re.IGNORECASE
)
_WHOLE = re.compile(r"[1-9]\d*")
_TRACKER = re.compile(
    r"/(open|track|pixel|beacon|wf/open|o\.gif|trk)([/?._-]|$)|[?&](open|track|pixel)=", re.IGNORECASE
)


def says_what_it_shows(page: Page) -> Iterator[Finding]:
    """M11: each picture has an alt, empty where it adds nothing, and never a file's name."""
    for image in page.all("img"):
        alt = image.get("alt")
        if alt is None:
            what = "it has no alt: a voice reads its address, and where pictures are blocked nothing stands there"
            yield warning("M11", at(image), what, remedy='say what it shows; alt="" where it adds nothing')
        elif _FILE_NAME.fullmatch(alt.strip()):
            yield warning("M11", at(image), f"its alt is a file's name, {alt[:60]!r}", remedy="say what it shows")


def has_its_size(page: Page) -> Iterator[Finding]:
    """M11: each picture has its width and height as whole numbers, so that nothing jumps and Outlook sizes it."""
    for image in page.all("img"):
        odd = [name for name in ("width", "height") if not _WHOLE.fullmatch(image.get(name, ""))]
        if odd and not _is_pixel(image):
            said = ", ".join(f"{name}={image.get(name)!r}" if image.get(name) else f"no {name}" for name in odd)
            remedy = "write width and height as attributes, in whole pixels"
            yield warning("M11", at(image), f"it has {said}", remedy=remedy, seen_by=("Outlook on Windows",))


def has_its_address(page: Page) -> Iterator[Finding]:
    """M11: each picture stands at an absolute https address, or among the parts of the message."""
    for image in page.all("img"):
        source = (image.get("src") or "").strip()
        scheme = _scheme(source)
        if scheme == "cid":
            if source[4:] not in page.content_ids:
                what = f"no part of the message is {source[:80]}"
                yield error("M11", at(image), what, remedy="give a part this Content-ID, or link the picture")
        elif scheme == "http":
            what = f"it is fetched openly, from {source[:80]}"
            yield warning("M11", at(image), what, remedy="serve it by https: clients refuse to mix the two")
        elif scheme != "https":
            what = f"its address is {source[:60]!r}" if source else "it has no address"
            yield warning("M11", at(image), what, remedy="write an absolute https address")


def reads_well_without_pictures(page: Page) -> Iterator[Finding]:
    """M11: a mail with pictures says enough without them, and none stands for text."""
    if any(True for _ in page.all("img")) and len(page.words) < LEAST_WORDS:
        what = f"without its pictures it says {len(page.words)} characters"
        yield warning("M11", at_line(None, "<body>"), what, remedy="write as text what the pictures say")


def watches_nobody(page: Page) -> Iterator[Finding]:
    """M20: no picture is there to tell who opened the mail."""
    for image in page.all("img"):
        if _is_pixel(image):
            yield warning("M20", at(image), "it is a picture that nobody sees", remedy="take the tracking pixel out")
        elif _TRACKER.search(image.get("src") or ""):
            what = f"its address looks like one that counts opens: {image.get('src')[:80]}"
            yield warning("M20", at(image), what, remedy="serve the picture from an address of its own")


CHECKS: tuple[PageCheck, ...] = (
    says_what_it_shows,
    has_its_size,
    has_its_address,
    reads_well_without_pictures,
    watches_nobody,
)


def _is_pixel(image: Any) -> bool:
    style = style_of(image.get("style", ""))
    if style.get("display") == "none" or style.get("visibility") == "hidden" or style.get("opacity") == "0":
        return True
    sizes = [pixels(style.get(name) or image.get(name, "")) for name in ("width", "height")]
    return all(size is not None and size <= LARGEST_PIXEL for size in sizes) or 0 in sizes


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return ""
