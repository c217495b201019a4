"""Where the addresses in an article lead: to another article, to a file beside it, to the site, or away.

Pure, but for asking the given ``find_file``. ``media:`` and ``entry:`` stand for addresses that only print settles.
Not here: the addresses that those become in print (printing).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import quote, unquote, urljoin, urlsplit

import idna

from feeds.model import LocalFile
from feeds.rules.html import Picture, is_safe_address

ARTICLE_SUFFIXES = (".md", ".markdown", ".html", ".htm", ".txt", ".text")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST = re.compile(rb"(?:[\w.~%-]+|\[[0-9A-Fa-f:.]+\])(?::\d*)?")  # what no format refuses (RFC 3986 section 3.2.2)
_URL_CHARACTERS = ";/?:@&=+$,#%!~*'()[]"

FindFile = Callable[[str], LocalFile | str]


class AddressBook:
    """Resolves the addresses in one article, and keeps a record of the files, articles and dead ends it met.

    ``find_file`` is asked with a path inside the source; it gives the file, or the reason why there is none.
    """

    def __init__(self, *, source: str, key: str, site_url: str, base: str | None, find_file: FindFile) -> None:
        self._source, self._folder = source, posixpath.dirname(key)
        self._site_url, self._base, self._find_file = site_url, base, find_file
        self.files: dict[str, str] = {}
        self.entries: list[str] = []
        self.notes: list[str] = []

    def link(self, address: str) -> str | None:
        """Return where a link is to lead, or None where it leads nowhere (its text stays)."""
        if not address or address.startswith("#") or not is_safe_address(address):
            return None
        if _SCHEME.match(address):
            return absolute(address)
        if address.startswith("/"):
            return absolute(urljoin(self._site_url, address))
        path = self._inside(address)
        if path is not None and path.lower().endswith(ARTICLE_SUFFIXES) and self._base is None:
            self.entries.append(f"{self._source}/{path}")
            return f"entry:{quote(f'{self._source}/{path}')}"
        return self._file_or_base(address, path, "link")

    def show(self, address: str) -> Picture | None:
        """Return the picture at an address, or None where there is none to show (its alt text stays)."""
        if not is_safe_address(address):
            return None
        if _SCHEME.match(address):
            url = absolute(address)
            return Picture(url) if url and url.startswith("http") else None
        file = self.file(address)
        if isinstance(file, LocalFile):
            if file.media_type.startswith("image/"):
                return Picture(f"media:{file.name}", file.width, file.height)
            self.notes.append(f"{address}: is no picture")
            return None
        url = self._elsewhere(address)
        if url is None:
            self.notes.append(f"picture {address}: {file}; its alt text is shown")
        return Picture(url) if url else None

    def file(self, address: str) -> LocalFile | str:
        """Return the file that an address names beside the article or from the source's root, or why there is none."""
        path = self._inside(address)
        if path is None:
            return "lies outside the articles folder"
        found = self._find_file(path)
        self.files[path] = found.name if isinstance(found, LocalFile) else ""
        return found

    def _inside(self, address: str) -> str | None:
        try:
            path = unquote(urlsplit(address).path)
        except ValueError:
            return None
        joined = path.lstrip("/") if path.startswith("/") else posixpath.join(self._folder, path)
        normal = posixpath.normpath(joined)
        return None if normal in {".", ".."} or normal.startswith("../") or "\0" in normal else normal

    def _file_or_base(self, address: str, path: str | None, what: str) -> str | None:
        found = self.file(address) if path is not None else "lies outside the articles folder"
        if isinstance(found, LocalFile):
            return f"media:{found.name}"
        url = self._elsewhere(address)
        if url is None:
            self.notes.append(f"{what} {address}: {found}; its text is kept without the link")
        return url

    def _elsewhere(self, address: str) -> str | None:
        if self._base is not None:
            return absolute(urljoin(self._base, address))
        return absolute(urljoin(self._site_url, address)) if address.startswith("/") else None


def absolute(url: str) -> str | None:
    """Return an http, https or mailto URL in ASCII (RFC 3986), or None where it is none."""
    url = re.sub(r"[\t\n\r]", "", url.strip())
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() == "mailto":
            return quote(url, safe=_URL_CHARACTERS) if "@" in parts.path or parts.query else None
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or not is_safe_address(url):
            return None
        host = parts.netloc.encode("ascii") if parts.netloc.isascii() else _ascii_host(parts.netloc)
        if parts.port == 0 or not _HOST.fullmatch(host):  # to ask for a port that is none raises ValueError
            return None
    except (ValueError, UnicodeError):
        return None
    rest = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", url[url.index("//") + 2 + len(parts.netloc) :])
    rest = quote(rest, safe=_URL_CHARACTERS)
    return f"{parts.scheme.lower()}://{host.decode()}{rest}"


def _ascii_host(netloc: str) -> bytes:
    host, colon, port = netloc.partition(":")
    return idna.encode(host, uts46=True) + (colon + port).encode("ascii")  # the standard library's IDNA is of 2003
