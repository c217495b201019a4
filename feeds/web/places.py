"""Which file of the output folder an address means, and which files no address may mean.

Pure: it reads no disk. Not here: links that lead out of the folder (files looks where a file really is).
"""

from __future__ import annotations

from functools import lru_cache

from feeds.formats import FORMATS

INDEX = "index.html"
GONE, MOVED = ".gone", ".moved"  # signs beside a document: it ended, it has another address
OURS = (GONE, MOVED, ".part")
CODED = (".gz", ".br")  # beside a document its coded forms, else a file like any other
_KINDS = {"media": "media", "private": "private", "readers": "readers"}  # by the folder at the top
FEEDS = {format.filename: format for format in FORMATS.values()}  # by the names of their documents


def place_of(path: str) -> str | None:
    """Return the path below the output folder that a request's path, decoded, means; None where it means none.

    ``/x/`` means ``x/index.html``. Hidden files, steps up, and our own signs mean none.
    """
    steps = path.removeprefix("/").split("/")
    if not path.startswith("/") or "\0" in path or any(_is_odd(step) for step in steps[:-1]):
        return None
    name = steps[-1]
    if not name:
        return path[1:] + INDEX
    return None if _is_odd(name) or name.endswith(OURS) else path[1:]


def within(base: str, path: str) -> str:
    """Return a request's path without the site's own first part, where it lies below a host as ``/news/``.

    A proxy in front may have taken it off already.
    """
    return path[len(base) - 1 :] if len(base) > 1 and path.startswith(base) else path


def is_feed(place: str) -> bool:
    """Tell whether a document is a feed, by its name."""
    return place.rpartition("/")[2] in FEEDS


@lru_cache(maxsize=4096)
def kind_of(path: str) -> str:
    """Return what is counted together with a path: a format of feeds, pages, media, or what is for one reader alone."""
    top, slash, _ = path[1:].partition("/")
    if slash and top in _KINDS:
        return _KINDS[top]
    name = path.rpartition("/")[2]
    if name in FEEDS:
        return FEEDS[name].name
    return "page" if not name or name.endswith(".html") else "other"


def _is_odd(step: str) -> bool:
    return not step or step.startswith(".")
