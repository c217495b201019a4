"""Whether a browser says that a form was sent by a page of somebody else's.

Pure. Not here: which forms may be (web): what a stranger's page may send changes nothing by itself.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_OWN = {"same-origin", "none"}  # "none": the person, by the address bar or a bookmark
_PORTS = {"http": 80, "https": 443}


def is_foreign(fetch_site: str, origin: str, *, site_url: str) -> bool:
    """Tell whether Sec-Fetch-Site, or Origin where a browser sends only that, names another site than ours.

    Programs send neither, and so are not foreign: what they hold is the token. Our pages give no referrer, so that
    their own forms have the origin "null" (Fetch section 3.1); to a site at http browsers say no more than that.
    """
    if fetch_site:
        return fetch_site.strip().lower() not in _OWN
    return bool(origin) and origin.strip().lower() != "null" and _origin(origin) != _origin(site_url)


def _origin(url: str) -> tuple[str, str, int | None] | None:
    try:
        found = urlsplit(url.strip())
        return found.scheme, found.hostname or "", found.port or _PORTS.get(found.scheme)
    except ValueError:
        return None
