"""An article's own HTML as a mail carries it: each element with the class that the digest's sheet styles.

What comes in is clean; nothing is let in here. Not here: cleaning (rules), the text part (mail_text).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from feeds.rendering.text import columns
from feeds.rendering.views import MailPicture
from feeds.rules.text import alike

WIDEST = 544  # pixels: the sheet less its margins
LONGEST_CODE = 60  # columns of code that the sheet holds in any typeface; some clients wrap none
_RENAMED = {
    "h1": "h3",
    "h2": "h3",
    "h3": "h4",
    "h4": "h4",
    "h5": "h4",
    "h6": "h4",
    "details": "div",
    "summary": "p",
    "section": "div",
}
_CLASSES = {
    "p": "para",
    "h3": "subhead",
    "h4": "minor",
    "a": "link",
    "ul": "list",
    "ol": "list",
    "li": "item",
    "figure": "figure",
    "figcaption": "caption",
    "pre": "code",
    "table": "table",
    "td": "cell",
    "th": "cell",
    "hr": "end",
    "img": "inset",
}
_KEPT = frozenset({"href", "src", "alt", "lang", "dir", "colspan", "rowspan", "start", "reversed", "datetime", "title"})


def mail_html(html: str, *, pictures: Mapping[str, MailPicture], start: str) -> Markup:
    """Return clean HTML as it stands in a cell of the digest, ``start`` being the side where lines begin."""
    root = parsed(html)
    for picture in [one for one in root.iter("img") if _is_pixel(one)]:
        picture.drop_tree()
    for code in root.iter("pre"):
        _break_lines(code)
    for element in list(root.iterdescendants()):
        if isinstance(element.tag, str):
            _dress(element, pictures, start)
    return Markup(_inside(root))


def parsed(html: str) -> Any:
    """Return an element that holds a fragment of clean HTML."""
    from lxml import html as lxml_html

    # Without huge_tree, what follows a text of 10 MB would vanish without a word.
    return lxml_html.fragment_fromstring(html, create_parent="div", parser=lxml_html.HTMLParser(huge_tree=True))


def is_captioned(picture: Any) -> bool:
    """Tell whether a picture's caption says what its alt does."""
    figure = next(picture.iterancestors("figure"), None)
    captions = () if figure is None else figure.iter("figcaption")
    return any(alike(caption.text_content(), picture.get("alt", "")) for caption in captions)


def _is_pixel(image: Any) -> bool:
    """Tell whether a picture is there to be fetched and not to be seen."""
    return all(image.get(name, "").strip() in {"0", "1"} for name in ("width", "height"))


def _break_lines(code: Any) -> None:
    """Break the lines of a code that the sheet does not hold, wherever elements in it begin and end."""
    from lxml import etree

    breaks, at = [], 0
    for line in code.text_content().split("\n"):
        breaks += [at + place for place in _places(line)]
        at += len(line) + 1
    if not breaks:
        return
    at = 0
    for event, element in etree.iterwalk(code, events=("start", "end")):
        part = "text" if event == "start" else "tail"
        if (text := getattr(element, part)) and (event, element) != ("end", code):
            cuts = [0, *(place - at for place in breaks if at <= place < at + len(text)), len(text)]
            setattr(element, part, "\n".join(text[start:end] for start, end in pairwise(cuts)))
            at += len(text)


def _places(line: str) -> Iterator[int]:
    """Yield where a line of code is broken: behind a space where one stands far enough in it, else at the margin."""
    start = space = 0
    for place, letter in enumerate(line):
        if columns(line[start : place + 1].expandtabs(8)) > LONGEST_CODE:
            start = space if space - start > LONGEST_CODE // 2 else place
            yield start
        if letter.isspace():
            space = place + 1


def _dress(element: Any, pictures: Mapping[str, MailPicture], start: str) -> None:
    element.tag = _RENAMED.get(element.tag, element.tag)
    scope = _scope_of(element) if element.tag == "th" else {}
    size = _shown(element, pictures) if element.tag == "img" else {}
    for name in set(element.attrib) - _KEPT:
        del element.attrib[name]
    if name := _class_of(element, start):
        element.set("class", name)
    attributes = size | scope | _ATTRIBUTES.get(element.tag, _nothing)(start)
    for name, value in attributes.items():
        element.set(name, value)


def _class_of(element: Any, start: str) -> str:
    if element.tag == "blockquote":
        return "quote" if start == "left" else "quote-rtl"
    if element.tag == "code":
        return "" if element.getparent().tag == "pre" else "mono"
    return _CLASSES.get(element.tag, "")


def _scope_of(heading: Any) -> dict[str, str]:
    """Return what a heading of a table heads; an empty one, as in the corner, is a cell like any other."""
    if not (heading.text_content().strip() or len(heading)):
        heading.tag = "td"
        return {}
    heads_row = heading.getprevious() is None and any(each.tag == "td" for each in heading.getparent())
    return {"scope": "row" if heads_row else "col"}


def _nothing(_start: str) -> dict[str, str]:
    return {}


_ATTRIBUTES: Mapping[str, Callable[[str], dict[str, str]]] = {
    "table": lambda _start: {"border": "0", "cellpadding": "0", "cellspacing": "0"},
    "th": lambda start: {"align": start},
}


def _shown(image: Any, pictures: Mapping[str, MailPicture]) -> dict[str, str]:
    """Return how a picture is shown: never wider than the sheet; one of unknown size is taken for 3:2."""
    made = pictures.get(image.get("src", ""))
    alt = {"alt": _heard(image)}
    if made:
        return {"src": made.address, "width": str(made.width), "height": str(made.height)} | alt
    width, height = (_pixels(image.get(name)) for name in ("width", "height"))
    if not (width and height):
        width, height = WIDEST, round(WIDEST * 2 / 3)
    scale = min(1, WIDEST / width)
    size = {"width": str(max(1, round(width * scale))), "height": str(max(1, round(height * scale)))}
    return size | alt


def _heard(image: Any) -> str:
    """Return the alt of a picture, "" where its caption says the same, unless it is what a link goes by."""
    is_link = next(image.iterancestors("a"), None) is not None
    return "" if is_captioned(image) and not is_link else image.get("alt", "")


def _pixels(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() else 0


def _inside(root: Any) -> str:
    from lxml import etree

    whole = etree.tostring(root, encoding="unicode", method="html")
    return str(whole.partition(">")[2].rpartition("</div>")[0])
