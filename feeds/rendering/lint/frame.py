"""Rules M9 and M10: what a page says of itself before any design: doctype, language, title, headings, tables' roles.

Not here: pictures and links (pictures, links), how it looks (the modules on style).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from feeds.rendering.lint.case import PageCheck
from feeds.rendering.lint.findings import Finding, advice, error, warning
from feeds.rendering.lint.markup import Page, at, at_line, text_of
from feeds.rules.printing import direction_of

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_TABLE = re.compile(r"<table\b([^>]*)>", re.IGNORECASE)
_ROLE = re.compile(r"\brole\s*=\s*[\"']?(presentation|none)\b", re.IGNORECASE)
_BULLET = re.compile(r"[•‣▪·]\s|[-*]\s")
_PRESENTATION = frozenset({"presentation", "none"})
_METAS = {
    "color-scheme": "clients that could show it dark guess instead",
    "supported-color-schemes": "older Apple Mail shows it light only",
    "format-detection": "clients make links of dates and numbers",
}
_OUTLOOK = ("Outlook on Windows",)


def begins_with_its_doctype(page: Page) -> Iterator[Finding]:
    """M9: the doctype stands first, and is that of HTML."""
    found = page.doctype
    if found is None or page.html[: found[0]].strip("\ufeff \t\r\n"):
        what = "it does not begin with a doctype" if found is None else "something stands before its doctype"
        yield error("M9", at_line(1), what, remedy="begin with <!DOCTYPE html>")
    elif found[1] != "html":
        yield warning("M9", at_line(1), f"its doctype is {found[1][:60]!r}", remedy="write <!DOCTYPE html>")


def names_language_and_direction(page: Page) -> Iterator[Finding]:
    """M9: html says language and direction, and what wraps the mail says both again."""
    wrapper = next((each for each in page.elements if each.get("role") == "article"), None)
    for element in (page.root, wrapper) if wrapper is not None else (page.root,):
        language, make = element.get("lang", ""), error if element is page.root else warning
        if not _LANGUAGE.fullmatch(language):
            what = f"its language is {language!r}" if language else "it names no language"
            yield make("M9", at(element), what, remedy='name it, as in lang="en"')
        if element.get("dir") not in {"ltr", "rtl"}:
            yield make("M9", at(element), "it names no direction", remedy='name it: dir="ltr" or dir="rtl"')


def runs_as_its_language_does(page: Page) -> Iterator[Finding]:
    """M18: what is in a language that runs from right to left says so."""
    for element in page.elements:
        language = element.get("lang")
        if language and direction_of(language) == "rtl" and _direction(element) != "rtl":
            what = f"{language} runs from right to left, and is not set so"
            yield (error if element is page.root else warning)("M18", at(element), what, remedy='write dir="rtl"')


def has_charset_first(page: Page) -> Iterator[Finding]:
    """M9: the charset stands first in the head, and is the part's own."""
    head = next(page.all("head"), None)
    first = next((each for each in head if isinstance(each.tag, str)), None) if head is not None else None
    given: Any = next((each for each in page.all("meta") if each.get("charset")), None)
    if given is None:
        yield error("M9", at_line(None, "<head>"), "it names no charset", remedy='begin it with <meta charset="utf-8">')
        return
    if given is not first:
        yield warning("M9", at(given), "the charset does not stand first", remedy="put it before all else in the head")
    if given.get("charset").lower() != page.charset:
        what = f"it says {given.get('charset')}, and the part says {page.charset}"
        yield error("M9", at(given), what, remedy="name one charset: utf-8")


def has_title_of_subject(page: Page) -> Iterator[Finding]:
    """M9: the title is there, and is the subject; without a subject, that is the fault, and there is none to give."""
    title = next((text_of(each) for each in page.all("title")), "")
    if not (title or page.subject):
        return
    if not title:
        yield error("M9", at_line(None, "<title>"), "there is none", remedy="give the subject as title")
    elif page.subject and "".join(title.split()) != "".join(page.subject.split()):
        what = f"{title[:60]!r} is not the subject, {page.subject[:60]!r}"
        yield warning("M9", at_line(None, "<title>"), what, remedy="give the subject as title")


def tells_clients_how_to_show_it(page: Page) -> Iterator[Finding]:
    """M9: viewport, colour schemes, format detection and Outlook's pixels are told."""
    metas = {each.get("name", "").lower(): each.get("content", "") for each in page.all("meta")}
    if "width=device-width" not in metas.get("viewport", "").replace(" ", ""):
        remedy = 'write <meta name="viewport" content="width=device-width, initial-scale=1">'
        yield error("M9", at_line(None, "<meta viewport>"), "a phone is not told how wide it is", remedy=remedy)
    for name, harm in _METAS.items():
        if not metas.get(name):
            yield warning("M9", at_line(None, f"<meta {name}>"), f"there is none: {harm}", remedy="add it to the head")
    if not any("PixelsPerInch" in text for text, _ in page.conditional_comments):
        what = "the PixelsPerInch block is missing: pictures grow on screens of high density"
        remedy = "write it into the head, within <!--[if mso]>"
        yield warning("M9", at_line(None, "<head>"), what, remedy=remedy, seen_by=_OUTLOOK)


def has_roles_on_tables(page: Page) -> Iterator[Finding]:
    """M10: a layout table says that it is one, without border and spacing; a table of data has headings."""
    for table in page.all("table"):
        if table.get("role") in _PRESENTATION:
            odd = [name for name in ("border", "cellpadding", "cellspacing") if table.get(name) != "0"]
            if odd:
                what = f"this layout table has no {', '.join(odd)} of 0"
                yield warning("M10", at(table), what, remedy="set border, cellpadding and cellspacing to 0")
        elif any(each.tag in {"h1", "h2"} or each.get("role") in _PRESENTATION for each in table.iterdescendants("*")):
            what = "it lays the mail out, and does not say so: it is read aloud as data"
            yield error("M10", at(table), what, remedy='write role="presentation"')
        elif not any(True for _ in table.iterdescendants("th", "caption")):
            what = "it is a table of data without headings, or of layout without its role"
            yield warning("M10", at(table), what, remedy='write <th> cells, or role="presentation"')
    for text, line in page.conditional_comments:
        if any(not _ROLE.search(attributes) for attributes in _TABLE.findall(text)):
            what = "a table for Outlook does not say that it is for layout"
            remedy = 'write role="presentation" there too'
            yield warning("M10", at_line(line, "<!--[if mso]>"), what, remedy=remedy, seen_by=_OUTLOOK)


def has_one_h1(page: Page) -> Iterator[Finding]:
    """M10: there is one h1, and no level is passed over below it."""
    firsts = [element for element in page.all("h1") if text_of(element) or next(element.iter("img"), None) is not None]
    if len(firsts) != 1:
        spot = at(firsts[1]) if firsts else at_line(None, "<h1>")
        yield error("M10", spot, f"it has {len(firsts)} of them", remedy="give the mail one first heading")
    level = 0
    for element in page.elements:
        if element.tag in _LEVELS:
            if level and _LEVELS[element.tag] > level + 1:
                what = f"it follows a heading of level {level}"
                yield warning("M10", at(element), what, remedy="pass over no level: people jump from one to the next")
            level = _LEVELS[element.tag]


def has_labelled_article(page: Page) -> Iterator[Finding]:
    """M10: one element wraps the mail, as an article with a label."""
    wrapper = next((each for each in page.elements if each.get("role") == "article"), None)
    if wrapper is None:
        what = "nothing wraps the mail as an article"
        remedy = 'wrap it in <div role="article" aria-roledescription="email" aria-label="…" lang="…" dir="…">'
        yield error("M10", at_line(None, "<body>"), what, remedy=remedy)
    elif page.subject and not (wrapper.get("aria-label", "").strip() or wrapper.get("aria-labelledby")):
        yield error("M10", at(wrapper), "the article has no label", remedy="give the subject as its aria-label")


def has_real_paragraphs(page: Page) -> Iterator[Finding]:
    """M10: paragraphs and lists are elements, not line breaks and bullets."""
    if page.words and not any(True for _ in page.all("p")):
        yield warning("M10", at_line(None, "<body>"), "it has no paragraph", remedy="put each into a <p>")
    for element in page.all("br"):
        following = element.getnext()
        if following is not None and following.tag == "br" and not (element.tail or "").strip():
            yield advice("M10", at(element), "two line breaks stand for a paragraph", remedy="use <p>")
            break
    for box in page.boxes:
        if _BULLET.match(box.text) and box.tag in {"p", "td", "div"} and not box.is_hidden:
            yield advice("M10", at(box.element), "a mark stands for a list", remedy="use <ul> and <li>")
            break


CHECKS: tuple[PageCheck, ...] = (
    begins_with_its_doctype,
    names_language_and_direction,
    runs_as_its_language_does,
    has_charset_first,
    has_title_of_subject,
    tells_clients_how_to_show_it,
    has_roles_on_tables,
    has_one_h1,
    has_labelled_article,
    has_real_paragraphs,
)
_LEVELS = {f"h{level}": level for level in range(1, 7)}


def _direction(element: Any) -> str:
    """Return the direction that an element has, its own or the nearest above it."""
    for each in (element, *element.iterancestors()):
        if each.get("dir"):
            return str(each.get("dir")).lower()
    return "ltr"
