"""Markdown to HTML (CommonMark with tables, strikethrough and footnotes). What comes out is cleaned like any HTML.

Pure. Not here: front matter (meta), cleaning (html).
"""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

DEEPEST = 90  # the parser recurses, and drops in silence what is nested deeper than its own limit
_DEEP_QUOTE = re.compile(r"^(?:[ \t]*>){25}", re.MULTILINE)  # every line behind it is tried at every depth


def markdown_to_html(text: str) -> str | None:
    """Return the text as HTML, or None where it is nested so deeply that the parser would lose or crawl."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if _DEEP_QUOTE.search(text):
        return None
    tokens = _parser().parse(text)
    if any(token.level >= DEEPEST for token in tokens):
        return None
    return str(_parser().renderer.render(tokens, _parser().options, {}))


@cache
def _parser() -> MarkdownIt:
    options = {"maxNesting": DEEPEST + 4, "html": True, "linkify": False, "typographer": False}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).use(footnote_plugin)
    # Cleaning takes every id, and so its link, from the arrow that leads back.
    parser.add_render_rule("footnote_anchor", lambda *_: "")
    return parser
