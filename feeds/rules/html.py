"""Cleaning the HTML of an article: what may stand in a page, a feed and a mail, and nothing else.

Pure. Twice through nh3 with our own walk between; the last word is nh3's. Not here: the walk (html_walk).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

import nh3

from feeds.rules.html_walk import Walk, Walked
from feeds.rules.limits import check_html, without_stray_ampersands
from feeds.rules.text import clean_text

_TEXT_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_PAGE_TAGS = frozenset(
    [
        "article",
        "aside",
        "audio",
        "button",
        "embed",
        "footer",
        "form",
        "header",
        "iframe",
        "link",
        "main",
        "meta",
        "nav",
        "select",
        "source",
        "video",
    ]
)
_REMOVED_WITH_CONTENT = frozenset(
    ["script", "style", "template", "iframe", "object", "noscript", "svg", "math", "title"]
)
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "del": {"datetime"},
    "details": {"open"},
    "img": {"alt", "height", "src", "title", "width"},
    "ins": {"datetime"},
    "ol": {"reversed", "start", "type"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
}
_PAGE_ATTRIBUTES = _ATTRIBUTES | {
    "img": _ATTRIBUTES["img"] | {"data-src", "data-lazy-src", "data-original"},
    "meta": {"content", "name", "property"},
    "link": {"href", "rel"},
    "iframe": {"src", "title"},
    "embed": {"src", "title"},
    "audio": {"src", "title"},
    "video": {"src", "title"},
    "source": {"src"},
}
_ADDRESSES = frozenset({"href", "src", "data-src", "data-lazy-src", "data-original"})
_NUMBERS = frozenset({"width", "height", "colspan", "rowspan", "start"})
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html\b[^<>]{0,2000}?\blang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A local picture as the walk needs it: the address to write, and its size in pixels where that is known."""

    address: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """Clean HTML, and what was found on the way: its first heading, a page's metadata, and what had to be mended.

    ``prose`` is its text without headings, lists, quotes, tables, code and captions.
    """

    html: str
    text: str
    prose: str
    heading: str = ""
    meta: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    picture: tuple[str, str, int | None, int | None] | None = None


Link = Callable[[str], str | None]
Show = Callable[[str], Picture | None]


def clean_html(html: str, *, link: Link, show: Show, title: str = "") -> CleanHtml:
    """Return ``html`` fit for the public: only known elements and attributes, embeds as links, at most 100 deep.

    ``link`` turns an address as written into the one to print (None drops it), ``show`` does the same for pictures.
    A full page (as saved from a CMS) is cut down to its article. The first h1 leaves the body: it is the headline,
    unless ``title`` is already known to be another. Raises ArticleRefused where it holds absurdly much markup.
    """
    html = without_stray_ampersands(html)
    check_html(html)
    is_page = bool(_PAGE.search(html[:10_000]))
    walk = Walk(link=link, show=show, title=title, is_page=is_page)
    walk.feed(_tamed(html, is_page=is_page))
    walked = walk.finish()
    language = _LANGUAGE.search(html[:10_000]) if is_page else None
    meta = walked.meta | ({"language": [language.group(1)]} if language else {})
    return CleanHtml(
        html=_last_word(walked),
        text=walked.text,
        prose=walked.prose,
        heading=walked.heading,
        meta=meta,
        notes=walked.notes,
        picture=walked.picture,
    )


def text_to_html(text: str) -> str:
    """Return plain text as HTML: a paragraph per block of lines."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "\n".join(f"<p>{escape(block, quote=False)}</p>" for block in blocks if block)


def _tamed(html: str, *, is_page: bool) -> str:
    extra = _PAGE_TAGS | ({"title"} if is_page else set())
    return nh3.clean(
        html,
        tags=set(_TEXT_TAGS | extra),
        clean_content_tags=set(_REMOVED_WITH_CONTENT - extra),
        attributes={tag: set(names) for tag, names in _PAGE_ATTRIBUTES.items()},
        attribute_filter=_allowed,
        url_schemes={"http", "https", "mailto"},
        url_relative="pass_through",
        link_rel=None,
        strip_comments=True,
    )


def _last_word(walked: Walked) -> str:
    return clean_text(
        nh3.clean(
            walked.html,
            tags=set(_TEXT_TAGS),
            clean_content_tags=set(_REMOVED_WITH_CONTENT),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            attribute_filter=_allowed,
            url_schemes={"http", "https", "mailto", "media", "entry"},  # the last two are the walk's own
            url_relative="deny",
            link_rel="noopener noreferrer nofollow",
            strip_comments=True,
        )
    ).strip()


def _allowed(_tag: str, attribute: str, value: str) -> str | None:
    if attribute in _ADDRESSES:
        return value if is_safe_address(value) else None
    if attribute in _NUMBERS:
        return value if value.isascii() and value.isdigit() and len(value) <= 5 else None
    if attribute == "dir":
        return value if value in {"ltr", "rtl", "auto"} else None
    return value


def is_safe_address(address: str) -> bool:
    """Tell whether an address hides nothing: no backslash, no other host by ``//``, no user or password."""
    address = re.sub(r"[\x00-\x20\x7f]", "", address)  # browsers skip line ends and tabs wherever they stand
    if "\\" in address or address.startswith("//"):
        return False
    authority = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:/*([^/?#]*)", address)
    is_web = address.lower().startswith(("http:", "https:"))
    return not (is_web and authority and "@" in authority.group(1))
