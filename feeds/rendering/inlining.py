"""The one door to premailer: puts our own stylesheet for mail into style attributes.

Only the stylesheet given as text is read, and read once: no address and no file is ever opened, and no style element
of the mail is touched. Not here: rendering the mail (digest), what a stylesheet may hold (css_lint).
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Any

from feeds.errors import TemplateInvalid
from feeds.rendering.css_lint import lint_css, without_comments

DOCTYPE = "<!DOCTYPE html>"
# An XML declaration would stop the parser, and a doctype of another spelling would be lost.
_PROLOGUE = re.compile(r"\s*(?:<\?xml[^>]*>)?\s*(?:<!doctype[^>]*>)?\s*", re.IGNORECASE)

# The templates set these themselves: premailer would write width="100%" and valign on pictures, which is invalid.
_ATTRIBUTES_LEFT_ALONE = ["width", "height", "align", "valign", "bgcolor"]


def inline(html: str, css: str, name: str = "digest") -> str:
    """Write the rules of ``css`` into the ``style`` attributes of ``html``, a whole document made by template ``name``.

    What stands in a ``style`` attribute or element already stays as it is. Raises TemplateInvalid where the stylesheet
    breaks the lint, or the document is empty.
    """
    mistakes = lint_css(css)
    if mistakes:
        raise TemplateInvalid("digest/style.css", "; ".join(map(str, mistakes)))
    from lxml import etree

    # Without huge_tree, what follows 256 nested elements or stands in a text of 10 MB would vanish without a word.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    page = etree.fromstring(_PROLOGUE.sub("", html, count=1).encode(), parser)
    if page is None:
        raise TemplateInvalid(name, "makes no HTML: the mail would be empty")
    for style in page.iter("style"):
        style.set("data-premailer", "ignore")
    tree = _inliner(without_comments(css)).transform(page)
    return str(etree.tostring(tree, method="html", encoding="utf-8", doctype=DOCTYPE).decode())


@lru_cache(maxsize=16)
def _inliner(css: str) -> Any:
    """Return what inlines this sheet; reading it takes longer than inlining it."""
    # Its default cache of 128 rules thrashes on a digest; the size is read once, at import.
    os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "100000")
    import cssutils
    from premailer import Premailer, premailer

    cssutils.log.setLevel(logging.CRITICAL)
    premailer.merge_styles, premailer.csstext_to_pairs = _merged, _pairs

    class OwnSheetOnly(Premailer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(
                css_text=css,
                strip_important=False,
                disable_basic_attributes=_ATTRIBUTES_LEFT_ALONE,
                disable_validation=True,
                disable_leftover_css=True,
                align_floating_images=False,
                allow_network=False,
                allow_loading_external_files=False,
            )
            self._rules, _ = self._parse_style_rules(css, 0)

        def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:
            # allow_network=False alone still follows @import, even to file:.
            parser = cssutils.CSSParser(loglevel=logging.CRITICAL, fetcher=_fetch_nothing)
            return parser.parseString(css_body, validate=validate)

        def _process_css_text(self, _css_text: str, _index: int, rules: list[Any], _head: Any) -> None:
            rules.extend(self._rules)

    return OwnSheetOnly()


def _merged(given: str, styles: Iterable[Iterable[tuple[str, str]]], *_classes: object, **_options: object) -> str:
    """Merge what the rules for an element say, weakest first, with what its style attribute says already.

    premailer's own merging leaves a property where it first stood, so that a ``margin`` loses to an earlier rule's
    ``margin-left``; and it reads the attribute through a cache, in which a broken one spoils all later mails.
    """
    kept: dict[str, str] = {}
    for name, value in chain.from_iterable(styles):
        kept.pop(name, None)
        kept[name] = value
    said = [f"{name}:{value}" for name, value in kept.items()]
    return ";".join([*said, given] if given.strip() else said)


def _pairs(declarations: str, **_options: object) -> list[tuple[str, str]]:
    """Take apart what premailer joined; it would parse it again. The lint lets no value have a semicolon inside."""
    pairs = (declaration.partition(":") for declaration in declarations.split(";"))
    return [(name, value) for name, _, value in pairs]


def _fetch_nothing(_url: str) -> None:
    return None
