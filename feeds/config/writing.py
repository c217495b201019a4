"""Writing a new site's config, once, from its template.

Not here: the template (templates/site), or creating the file (the init command).
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from urllib.parse import urlsplit
from uuid import UUID

from feeds.rules.mailboxes import BadMailbox, read_mailbox

_MARK = re.compile(r"\{\{ (site_id|title|url|timezone|domain) \}\}")


def new_config_text(template: str, *, site_id: UUID, title: str, url: str, timezone: str) -> str:
    """Return ``template`` with its marks, such as ``{{ title }}``, replaced by values fit for a TOML string.

    The marks stand between double quotes. All are replaced in one pass: a title may look like a mark.
    """
    values = {"site_id": str(site_id), "title": title, "url": url, "timezone": timezone, "domain": _mail_domain(url)}
    return _MARK.sub(lambda mark: _escaped(values[mark[1]]), template)


def _mail_domain(url: str) -> str:
    """Return the domain that mail of a site probably is sent from; one for examples where it can have none."""
    with suppress(BadMailbox, ValueError):
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        return read_mailbox(f"newsletter@{host}").address.rpartition("@")[2]
    return "news.example"


def _escaped(value: str) -> str:
    # JSON's escapes are TOML's too (TOML 1.0, "String"), but JSON lets DEL stand as it is.
    return json.dumps(value, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")
