"""The one door to premailer: puts our own stylesheet for mail into style attributes.

Only the stylesheet given as text is read: no address and no file is ever opened. Not here: rendering the mail (digest).
"""

from __future__ import annotations

import logging
import os
import re
from functools import cache
from typing import Any

from feeds.errors import TemplateInvalid
from feeds.rendering.css_lint import lint_css

DOCTYPE = "<!DOCTYPE html>"
_ANY_DOCTYPE = re.compile(r"\s*<!doctype[^>]*>\s*", re.IGNORECASE)

# The templates set these themselves: premailer would write width="100%" and valign on pictures, which is invalid.
_ATTRIBUTES_LEFT_ALONE = ["width", "height", "align", "valign", "bgcolor"]


def inline(html: str, css: str) -> str:
    """Write the rules of ``css`` into the ``style`` attributes of ``html``, a whole document.

    A ``<style data-premailer="ignore">`` stays as it is. Raises TemplateInvalid where the stylesheet breaks the lint.
    """
    mistakes = lint_css(css)
    if mistakes:
        raise TemplateInvalid("digest/style.css", "; ".join(mistakes))
    body = _ANY_DOCTYPE.sub("", html, count=1)
    return str(_inliner()(css_text=css).transform(f"{DOCTYPE}\n{body}", pretty_print=False))


@cache
def _inliner() -> Any:
    # Its default cache of 128 rules thrashes on a digest; the size is read once, at import.
    os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "100000")
    import cssutils
    from premailer import Premailer

    cssutils.log.setLevel(logging.CRITICAL)
    parser = cssutils.CSSParser(loglevel=logging.CRITICAL, fetcher=_fetch_nothing)

    class OwnSheetOnly(Premailer):  # type: ignore[misc]
        def __init__(self, css_text: str) -> None:
            super().__init__(
                css_text=css_text,
                strip_important=False,
                disable_basic_attributes=_ATTRIBUTES_LEFT_ALONE,
                disable_validation=True,
                disable_leftover_css=True,
                align_floating_images=False,
                allow_network=False,
                allow_loading_external_files=False,
            )

        def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:
            # allow_network=False alone still follows @import, even to file:.
            return parser.parseString(css_body, validate=validate)

    return OwnSheetOnly


def _fetch_nothing(_url: str) -> None:
    return None
