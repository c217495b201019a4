"""An editor's note: what stands in front of an edition's stories, and the subject and preheader that it asks for.

Pure. Not here: finding the file (sources), which edition it belongs to (jobs), how it looks (rendering).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from feeds.errors import ArticleRefused
from feeds.rules.addresses import ARTICLE_SUFFIXES, absolute
from feeds.rules.holding import is_held_back
from feeds.rules.html import clean_html, is_safe_address
from feeds.rules.limits import check_markdown
from feeds.rules.markdown import markdown_to_html
from feeds.rules.meta_keys import HOLDING, MEMBERS_KEYS, by_key, slips_in
from feeds.rules.text import clean_name, cut, scalar

LONGEST = 20_000  # bytes of HTML: more would push the stories out of the mail
_ASKED = ("subject", "preheader")
_KNOWN = HOLDING.difference(MEMBERS_KEYS, {"access"}).union(_ASKED)
_NO_HEADLINE = "\0"  # a heading in a note is never the edition's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as it goes out: clean HTML, and the subject and preheader that it asks for, "" where it asks for none.

    ``remarks`` tell what was left out of it.
    """

    html: str = ""
    subject: str = ""
    preheader: str = ""
    remarks: tuple[str, ...] = ()


NO_NOTE = Note()
# Where a colon is missing the lines are no front matter, and would be mailed as the note's words.
_HEAD = re.compile(
    r"---[ \t]*\n(?:(?!---).*\n){0,20}?(?:subject|preheader|draft)\b.*\n(?:(?!---).*\n){0,20}---[ \t]*\n", re.I
)
# Without the line before them they would be, too.
_OPEN_HEAD = re.compile(r"\s*(subject|preheader|draft)[ \t]*:", re.I)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the links in a note lead: the site, and the pages of articles by ``<source>/<key>``."""

    site_url: str
    sources: Collection[str] = ()
    pages: Mapping[str, str] = field(default_factory=dict)


def read_note(meta: Mapping[str, Any], text: str, places: Places) -> Note:
    """Read a note's front matter and its Markdown; one that says that it is a draft gives an empty note.

    Raises ArticleRefused where it cannot be understood, or is too long for a mail.
    """
    if not meta and _HEAD.match(text):
        raise ArticleRefused('what stands between its "---" lines is no "key: value" on each line; write subject: …')
    if not meta and (found := _OPEN_HEAD.match(text)):
        raise ArticleRefused(
            f'it begins with "{found[1]}:" and no front matter; write a line "---" before it, and one behind'
        )
    given = by_key(meta)
    slips_in(given)  # a misspelt `draft` is refused
    if is_held_back(given):
        return Note(remarks=("it is a draft, and left out",))
    unknown = [key for key in given if key not in _KNOWN]
    remarks = [f"{cut(key, 40)}: is passed over; a note knows subject and preheader" for key in unknown]
    html = _html(text, places, remarks)
    asked = {key: _line(key, given.get(key)) for key in _ASKED}
    if not html and not any(asked.values()):
        remarks.append("it is empty")
    return Note(html=html, remarks=tuple(dict.fromkeys(remarks)), **asked)


def _html(text: str, places: Places, remarks: list[str]) -> str:
    check_markdown(text)
    written = markdown_to_html(text)
    if written is None:
        raise ArticleRefused("its Markdown is nested too deeply; write it flatter")
    clean = clean_html(written, link=_links(places, remarks), show=_no_picture(remarks), title=_NO_HEADLINE)
    remarks += clean.notes
    size = len(clean.html.encode())
    if size > LONGEST:
        raise ArticleRefused(f"it is {size:,} bytes long as HTML, and a mail has room for {LONGEST:,}; shorten it")
    return clean.html


def _line(key: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict | bool):
        raise ArticleRefused(f"{key}: is no line of text; write one, in quotes")
    return clean_name(scalar(value))


def _links(places: Places, remarks: list[str]) -> Callable[[str], str | None]:
    def link(address: str) -> str | None:
        found = _address(address, places)
        if found is None and not address.startswith("#"):
            shown = cut(address, 80) or "without a web address"
            remarks.append(f"link {shown}: leads to no public page; its text is kept without the link")
        return found

    return link


def _address(address: str, places: Places) -> str | None:
    """Return where a link leads: a web address, a page of the site, or the page of an article by its key."""
    if not is_safe_address(address) or address.startswith("#"):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme:
        return absolute(address)
    if parts.path.lower().endswith(ARTICLE_SUFFIXES):
        key = posixpath.normpath(unquote(parts.path).lstrip("/"))
        return next((places.pages[name] for s in places.sources if (name := f"{s}/{key}") in places.pages), None)
    return absolute(urljoin(places.site_url, address)) if address.startswith("/") else None


def _no_picture(remarks: list[str]) -> Callable[[str], None]:
    def show(address: str) -> None:
        remarks.append(f"picture {cut(address, 80)}: a note holds none; its alt text is shown")

    return show
