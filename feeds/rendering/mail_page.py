"""A mail as a page: what was stored of it, without the links that are one reader's own, and its pictures within it.

Nothing is rendered. Pure. Not here: who may see it (jobs.subscribe), answering with it (web).
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from feeds.model import Part, whole_part
from feeds.rendering.edition import embedded_from, frame_from
from feeds.rendering.fields import EDITION_PAGE, filled, values_of

_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_HEAD_END = "</head>"
# The row that leads here, which the digest's part of that name sets.
_HIDDEN = "<style>.in-browser { display: none; }</style>\n"


@dataclass(frozen=True, slots=True)
class MailPage:
    """A mail as a page, and the security policy that it is shown under."""

    html: bytes
    policy: str


def mail_page(parts: Mapping[str, Part], *, here: str, manage_url: str) -> MailPage:
    """Return the stored parts of a selection as a page at an address.

    Where a reader's own links stood is the page by which anybody asks for theirs: whom it is forwarded to can do no
    more with it.
    """
    values = values_of(manage_url, None) | {EDITION_PAGE: here}
    page = filled(whole_part(parts["html"]).decode(), frame_from(parts).mark, html.escape, values=values)
    for picture in embedded_from(parts):
        within = f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"
        page = page.replace(f'src="cid:{picture.cid}"', f'src="{within}"')
    page = page.replace(_HEAD_END, _HIDDEN + _HEAD_END, 1)
    return MailPage(page.encode(), _policy(page, here))


def _policy(page: str, here: str) -> str:
    """Return a policy under which nothing runs, and no style sheet but the mail's own counts.

    Styles in attributes are those that were inlined: articles bring none. Pictures may be on other sites.
    """
    address = urlsplit(here)
    sheets = (hashlib.sha256(sheet.encode()).digest() for sheet in _STYLE.findall(page))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in sheets)
    return (
        f"default-src 'none'; img-src {address.scheme}://{address.netloc} https: data:; style-src 'unsafe-inline'; "
        f"style-src-elem {hashes}; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
