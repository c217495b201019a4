"""Where things are: folders beside the config, a feed's place in the output, the store's address.

Not here: whether two places collide (checks); nothing is created, opened or followed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from feeds.config.secrets import REMEDY, Secret, is_reference, read_secret
from feeds.config.values import as_text
from feeds.config.words import Wrong, quoted
from feeds.rules.families import Each

# Pictures and files, the stylesheet, the parts of the sitemap, the editions of newsletters, what readers do.
RESERVED_FOLDERS = ("media", "assets", "sitemaps", "newsletters", "readers")
NUMBERED_FOLDERS = ("page", "archive")  # in any feed's folder: the pages of its listing, its closed archives
LISTING_FOLDERS = {"tags": Each.TAG, "authors": Each.AUTHOR, "sections": Each.SECTION}  # a page for each
PRIVATE_FOLDER = "private"  # nothing is written there: each reader has an address of their own below it
SLUG_MARK = "{slug}"
LONGEST_FEED_PATH = 100
_SQLITE = "sqlite:///"
_ADDRESSES = 'a path, "sqlite:///PATH" or "postgresql://user@host/name"'
_PASSWORD_ASKED = re.compile(r"(password=)[^&]*", re.IGNORECASE)
# No folder may be called what a document is called, or its coded form or its sign: "feeds/rss.xml" would stand in the
# way of the feed at "feeds".
_SEGMENT = re.compile(
    r"(?!.*\.(?:xml|json|html|txt|opml|gz|br|gone|moved)$)[A-Za-z0-9_~-][A-Za-z0-9._~-]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a config is read in: the folder that relative paths start from, and the environment."""

    folder: Path
    environ: Mapping[str, str]


def as_path(value: object, folder: Path) -> Path:
    """Return an absolute path; a relative one starts at ``folder``. Links are not followed."""
    text = str(value) if isinstance(value, Path) else as_text(value)
    if text.startswith("~"):
        raise Wrong(f'{quoted(text)} begins with "~", which only a shell understands; expected the path in full')
    return Path(os.path.normpath(folder / text))


def as_feed_path(value: object) -> str:
    """Return a feed's folder in the output, ``.`` being the output itself; raise Wrong where it leaves it."""
    text = as_text(value)
    if text.startswith("/") or ".." in re.split(r"[/\\]", text):
        raise Wrong(f'{quoted(text)} leaves the output folder; expected a path below it, such as "feeds/harbour"')
    path = PurePosixPath(text)
    odd = next((part for part in path.parts if part != SLUG_MARK and not _SEGMENT.fullmatch(part)), None)
    if odd:
        raise Wrong(
            f"{quoted(odd)} is no folder's name; expected letters, digits, dots and hyphens, or {SLUG_MARK} alone"
        )
    if len(text) > LONGEST_FEED_PATH:
        raise Wrong(f"{quoted(text[:40])}… is too long for a folder; expected {LONGEST_FEED_PATH} characters at most")
    taken = next((name for name in RESERVED_FOLDERS if same_folder(name, "/".join(path.parts[:1]))), None)
    taken = taken or next((name for name in NUMBERED_FOLDERS if name in str(path).casefold().split("/")), None)
    if taken:
        raise Wrong(f'{quoted(text)} can come to stand in "{taken}", where the site keeps its own; expected another')
    return str(path)


def same_folder(one: str, other: str) -> bool:
    """Return whether two feed paths can come to the same folder, ``{slug}`` standing for any name.

    Case is ignored since some file systems ignore it: "Ferry" and "ferry" would overwrite each other there.
    """
    pairs = zip_longest(PurePosixPath(one.casefold()).parts, PurePosixPath(other.casefold()).parts)
    return all(a == b or (a and b and SLUG_MARK in (a, b)) for a, b in pairs)


def as_store_url(value: object, around: Surroundings) -> Secret:
    """Return the database's address: a path becomes ``sqlite:////absolute/path``, a password is never shown.

    Raises Wrong for other databases, and for one in memory, which would forget every article.
    """
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f"is no address; expected {_ADDRESSES}")
    if not is_reference(value):
        return _database(value, around.folder)
    secret = read_secret(value, folder=around.folder, environ=around.environ)
    try:
        return Secret(_database(secret.reveal(), around.folder).reveal(), shown=str(secret))
    except Wrong:
        problem = f"{value} holds no address of a database; expected {_ADDRESSES}"
    raise Wrong(problem)  # without the context, which may hold the secret


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite address, None for a database that is no file."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def as_secret(value: object, around: Surroundings) -> Secret:
    """Return the secret that ``value`` refers to; raise Wrong for a literal one, without repeating it."""
    if not isinstance(value, str) or not is_reference(value):
        raise Wrong(f"stands here in the clear; expected {REMEDY}")
    return read_secret(value, folder=around.folder, environ=around.environ)


def _database(text: str, folder: Path) -> Secret:
    if text.startswith("postgresql://"):
        return Secret(text, shown=_masked(text))
    name = text.removeprefix(_SQLITE)
    scheme, colon, _rest = name.partition(":")
    if colon and "/" not in scheme:
        raise Wrong(f"{quoted(scheme + ':…')} is no database that is known; expected {_ADDRESSES}")
    path = as_path(name, folder)
    return Secret(f"{_SQLITE}{path}", shown=str(path))


def _masked(url: str) -> str:
    try:
        parts = urlsplit(url)
        _port = parts.port  # a bad port is noticed when it is asked for
    except ValueError:
        parts = None
    if parts is None or not parts.path.strip("/"):
        raise Wrong('is no address of a database; expected "postgresql://user@host:port/name"')
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _password = user.partition(":")
    query = _PASSWORD_ASKED.sub(r"\1***", parts.query)
    return f"postgresql://{name}{colon and ':***'}{at}{host}{parts.path}{query and '?'}{query}"
