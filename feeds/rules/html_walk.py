"""The walk through an article's HTML, once nh3 has tamed it: metadata out, embeds to links, depth cut.

Pure. What it writes goes through nh3 once more. Not here: what is allowed (html), where addresses lead (addresses).
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from typing import Protocol
from urllib.parse import unquote, urlsplit

from feeds.rules.text import alike

DEEPEST_KEPT = 100  # mail clients and inliners lose text that lies much deeper
_VOID = frozenset({"br", "hr", "img", "wbr", "col", "embed", "link", "meta", "source"})
_EMBEDS = frozenset({"iframe", "embed", "audio", "video", "source"})
_PLAYERS = frozenset({"iframe", "audio", "video"})  # what they hold is shown only where they cannot be
_NOISE_ON_PAGES = frozenset({"nav", "form", "button", "select"})
_FURNITURE = frozenset({"header", "footer", "aside"})  # noise on a page unless it stands in the article itself
# What they hold is no running text: no summary is made of it.
_BESIDE_PROSE = frozenset(
    ["pre", "figcaption", "summary", "li", "dt", "dd", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"]
)
# A paragraph of stressed words alone: as writers of Markdown set captions, below the picture or in its own paragraph.
_STRESSED = re.compile(
    r"<p\b[^>]*>(?:\s|<img\b[^>]*>|<br>|</?a\b[^>]*>)*<(em|i)>(?:(?!</?\1>).)*</\1>\s*</p>", re.DOTALL
)
_SEEN_THROUGH = frozenset({"article", "main", "header", "footer", "aside", "nav", "form", "button", "select"})
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "dt",
        "dd",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "figcaption",
        "caption",
        "br",
        "hr",
        "section",
        "figure",
        "table",
        "ul",
        "ol",
    ]
)


def file_name(address: str) -> str:
    """Return the name of the file that an address leads to, as people write it; "" where it names none."""
    try:
        return posixpath.basename(unquote(urlsplit(address).path))
    except ValueError:
        return ""


class _Picture(Protocol):
    @property
    def address(self) -> str: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Walked:
    """What the walk brought: HTML (to be cleaned once more), its text, its first h1, a page's metadata, notes.

    ``prose`` is that text without headings, lists, quotes, tables, code and captions.
    """

    html: str
    text: str
    prose: str
    heading: str
    meta: dict[str, list[str]]
    notes: tuple[str, ...]
    picture: tuple[str, str, int | None, int | None] | None  # the first: address, alt, width, height


@dataclass(slots=True)
class _Region:
    """A stretch of the output: an article or main element of a page."""

    name: str
    start: int
    end: int | None = None


@dataclass(slots=True)
class _Heading:
    """An h1 in the output, with its text."""

    start: int
    end: int = 0
    text: str = ""


@dataclass(slots=True)
class _Output:
    """The pieces written so far, and beside each piece the plain text in it, and as much of that as is prose."""

    pieces: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)

    def write(self, piece: str, text: str = "", *, is_prose: bool = True) -> None:
        self.pieces.append(piece)
        self.texts.append(text)
        self.prose.append(text if is_prose else "\n" if text else "")

    def html(self, start: int, end: int | None = None) -> str:
        """Return what stands there."""
        return "".join(self.pieces[start:end]).strip()

    def is_blank(self, start: int) -> bool:
        """Tell whether no prose stands from there on."""
        return not "".join(self.prose[start:]).strip()

    def set_aside(self, start: int) -> None:
        """Take what stands from there on for no prose."""
        self.prose[start:] = ["\n" if text else "" for text in self.texts[start:]]


class Walk(HTMLParser):
    """Walks well-formed HTML. Feed it, then call :meth:`finish` once."""

    def __init__(
        self,
        *,
        link: Callable[[str], str | None],
        show: Callable[[str], _Picture | None],
        title: str,
        is_page: bool,
    ) -> None:
        super().__init__(convert_charrefs=True)
        self._link, self._show, self._title, self._is_page = link, show, title, is_page
        self._out = _Output()
        self._open: list[tuple[str, str, bool]] = []  # (name as read, closing tag as written or "", mutes)
        self._inside: Counter[str] = Counter()  # how often each name is in there
        self._depth = 0  # how many of them were written
        self._regions: list[_Region] = []
        self._muted = 0  # how many open elements are noise, or hold only what stands in for a player,
        self._players = 0  # and how many are the latter
        self._beside = 0  # how many open elements hold no prose
        self._paragraph = 0  # where the last paragraph begins,
        self._is_pictured = False  # whether it shows a picture,
        self._below = -1  # and where the last one ends that shows nothing else
        self._is_linked = False  # whether the last player has its link
        self._capture: list[str] | None = None  # the text of the title or of an h1
        self._headings: list[_Heading] = []
        self._meta: dict[str, list[str]] = {}
        self._notes: list[str] = []
        self._flattened = False
        self._picture: tuple[str, str, int | None, int | None] | None = None

    # ---- what the parser calls ----

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an opening tag, or what stands in for it."""
        given = {name: value or "" for name, value in attrs}
        if tag in {"meta", "link"}:
            self._note_metadata(tag, given)
        elif tag == "img":
            self._write_picture(given)
        elif tag in _EMBEDS:
            self._write_embed(tag, given)
        elif tag in _VOID:
            self._write(f"<{tag}>", "\n" if tag in _BLOCKS else "")
        if tag not in _VOID:
            self._enter(tag, given)
        if tag == "iframe":  # what stands in it comes out of nh3 as it went in, for no browser reads it as HTML
            self.set_cdata_mode(tag)

    def handle_endtag(self, tag: str) -> None:
        """Write the closing tag of what was opened."""
        while self._inside[tag]:
            name = self._open[-1][0]
            self._leave(*self._open.pop())
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Write text."""
        if self._capture is not None:
            self._capture.append(data)
        self._write(escape(data, quote=False), data)

    def finish(self) -> Walked:
        """Close what is open and return what was found."""
        self.close()
        while self._open:
            self._leave(*self._open.pop())
        start, end = self._article()
        columns = [column[start:end] for column in (self._out.pieces, self._out.texts, self._out.prose)]
        heading = next((h for h in self._headings if start <= h.start and h.end <= end and h.text), None)
        if heading is not None and (not self._title or alike(heading.text, self._title)):
            for column in columns:
                del column[heading.start - start : heading.end - start]
        if self._flattened:
            self._notes.append(f"nested more than {DEEPEST_KEPT} elements deep: flattened, no text lost")
        html, text, prose = map("".join, columns)
        return Walked(
            html=html,
            text=text,
            prose=prose,
            heading=heading.text if heading else "",
            meta=self._meta,
            notes=tuple(self._notes),
            picture=self._picture,
        )

    # ---- elements ----

    def _enter(self, tag: str, given: dict[str, str]) -> None:
        closing = ""
        mutes = tag == "title" or tag in _PLAYERS or self._is_noise(tag)
        self._muted += mutes
        self._players += tag in _PLAYERS
        self._beside += tag in _BESIDE_PROSE
        if tag == "title":
            self._capture = []
        elif tag in {"article", "main"}:
            self._regions.append(_Region(tag, len(self._out.pieces)))
        elif tag == "h1" and not self._muted:
            self._capture = []
            self._headings.append(_Heading(len(self._out.pieces)))
        elif tag == "p":
            self._paragraph, self._is_pictured = len(self._out.pieces), False
        if tag not in _SEEN_THROUGH and tag not in _EMBEDS and tag != "title":
            closing = self._write_opening(tag, given)
        self._open.append((tag, closing, mutes))
        self._inside[tag] += 1
        self._depth += bool(closing)

    def _leave(self, name: str, closing: str, mutes: bool) -> None:
        self._inside[name] -= 1
        self._depth -= bool(closing)
        if closing:
            self._write(closing, "\n" if name in _BLOCKS else "")
        self._muted -= mutes
        self._players -= name in _PLAYERS
        self._beside -= name in _BESIDE_PROSE
        if name == "p":
            self._end_paragraph()
        elif name in {"h1", "title"} and self._capture is not None:
            self._end_capture(name, "".join(self._capture).strip())
        elif name in {"article", "main"}:
            region = next(r for r in reversed(self._regions) if r.name == name and r.end is None)
            region.end = len(self._out.pieces)

    def _end_paragraph(self) -> None:
        """See whether it was a picture, or the caption of one, of which no summary is made."""
        start, below, self._below = self._paragraph, self._below, -1
        if self._is_pictured and self._out.is_blank(start):
            self._below = len(self._out.pieces)
            return
        is_below = below >= 0 and not self._out.html(below, start)
        if (self._is_pictured or is_below) and _STRESSED.fullmatch(self._out.html(start)):
            self._out.set_aside(start)

    def _end_capture(self, name: str, text: str) -> None:
        self._capture = None
        if name == "title":
            self._meta.setdefault("title", []).append(text)
        else:
            self._headings[-1].text = text
            self._headings[-1].end = len(self._out.pieces)

    def _write_opening(self, tag: str, given: dict[str, str]) -> str:
        if self._depth >= DEEPEST_KEPT:
            self._flattened = True
            return ""
        name = "h2" if tag == "h1" else tag  # the page's only h1 is the article's title
        if tag == "a":
            address = self._link(given.pop("href", "").strip())
            if not address:
                return ""  # its text stays
            given["href"] = address
        if tag == "time" and "datetime" in given and self._is_page and not self._muted:
            self._meta.setdefault("time", []).append(given["datetime"])
        attributes = "".join(f' {key}="{escape(value)}"' for key, value in given.items())
        self._write(f"<{name}{attributes}>", "\n" if tag in _BLOCKS else "")
        return f"</{name}>"

    def _write_picture(self, given: dict[str, str]) -> None:
        lazy = next((given[key] for key in ("data-src", "data-lazy-src", "data-original") if given.get(key)), "")
        address = (lazy or given.get("src", "")).strip()
        alt = given.get("alt", "")
        picture = self._show(address) if address else None
        self._is_pictured = True
        if picture is None:
            self._write(f"<em>{escape(alt)}</em>" if alt.strip() else "", alt, is_prose=False)
            return
        if self._picture is None and not self._muted:
            self._picture = picture.address, alt, picture.width, picture.height
        size = (("width", picture.width or given.get("width")), ("height", picture.height or given.get("height")))
        attributes = "".join(f' {key}="{escape(str(value))}"' for key, value in size if value)
        self._write(f'<img src="{escape(picture.address)}" alt="{escape(alt)}"{attributes}>')

    def _write_embed(self, tag: str, given: dict[str, str]) -> None:
        if tag == "source" and self._is_linked:
            return  # the same again for other players
        written = given.get("src", "").strip()
        address = self._link(written) if written else None
        self._is_linked = bool(address)
        if not address or self._muted > self._players:
            return
        place = urlsplit(address).netloc
        at = f"{_NAMES.get(tag, 'Embedded content')} at {place or 'this site'}"
        words = given.get("title") or (at if place else file_name(written) or at)
        # The words are ours, not the author's: they are no part of the text that a summary is made from.
        self._out.write(f'<p><a href="{escape(address)}">{escape(words)}</a></p>', "\n")
        self._notes.append(f"an embed became a link: {address if place else written}")

    def _note_metadata(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("property") or given.get("name") or ""
        if tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self._meta.setdefault("canonical", []).append(given.get("href", ""))
        elif tag == "meta" and name and given.get("content"):
            self._meta.setdefault(name.lower(), []).append(given["content"])

    # ---- which part of a page is the article ----

    def _is_noise(self, tag: str) -> bool:
        if not self._is_page:
            return False
        in_article = self._inside["article"] > 0
        return tag in _NOISE_ON_PAGES or (tag in _FURNITURE and not (in_article and tag != "footer"))

    def _article(self) -> tuple[int, int]:
        everything = (0, len(self._out.pieces))
        if not self._is_page:
            return everything
        lengths = [0, *accumulate(map(len, self._out.texts))]
        for name in ("article", "main"):
            regions = [(r.start, everything[1] if r.end is None else r.end) for r in self._regions if r.name == name]
            if regions:
                return max(regions, key=lambda region: lengths[region[1]] - lengths[region[0]])
        return everything

    def _is_prose(self) -> bool:
        # Cells hold facts; those of a page that is laid out in tables hold paragraphs.
        return not self._beside and (not self._inside["table"] or self._inside["p"] > 0)

    def _write(self, piece: str, text: str = "", *, is_prose: bool = True) -> None:
        if not self._muted:
            said = re.sub(r"[ \t\n]+", " ", text) if text != "\n" else text
            self._out.write(piece, said, is_prose=is_prose and self._is_prose())


_NAMES = {"audio": "Audio", "video": "Video", "iframe": "Embedded content", "source": "Media"}
