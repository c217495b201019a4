"""What may not stand beside what in [[feeds]]: places that collide, families without a mark, keys that need others.

The checks read the raw data, as checks does. Not here: single values (values, places), other sections (checks).
"""

from __future__ import annotations

from collections.abc import Iterator

from feeds.config.defaults import Data, tables
from feeds.config.feeds import NAME_MARK
from feeds.config.places import LISTING_FOLDERS, PRIVATE_FOLDER, SLUG_MARK, as_feed_path, same_folder
from feeds.config.positions import Finding, Where
from feeds.config.words import quietly, quoted
from feeds.rules.families import Each

_A = {Each.TAG: "a tag", Each.AUTHOR: "an author", Each.SECTION: "a section"}
_EACH = " or ".join(quoted(str(each)) for each in Each)


def feed_findings(data: Data) -> list[Finding]:
    """Return everything that is wrong between the keys of feeds in ``data``, which has its defaults already."""
    return [
        *_families(data),
        *_titles(data),
        *_stray_names(data),
        *_shared_paths(data),
        *_over_listings(data),
        *_former_paths(data),
        *_private(data),
        *_formats(data),
    ]


def _families(data: Data) -> Iterator[Finding]:
    for index, feed in tables(data, "feeds"):
        path = feed["path"]
        if not isinstance(path, str):
            continue
        if "each" in feed and SLUG_MARK not in path:
            yield (
                ("feeds", index, "path"),
                f'{quoted(path)} is one place for many feeds; expected {SLUG_MARK} in it, such as "tags/{SLUG_MARK}"',
            )
        if "each" not in feed and SLUG_MARK in path:
            yield (
                ("feeds", index, "path"),
                f"{quoted(path)} holds {SLUG_MARK}, but the feed is no family; expected each too: {_EACH}",
            )


def _titles(data: Data) -> Iterator[Finding]:
    for index, feed in tables(data, "feeds"):
        title = feed.get("title")
        if "each" in feed and isinstance(title, str) and title.strip() and NAME_MARK not in title:
            such = quoted(f"{title.strip()}: {NAME_MARK}")
            yield (
                ("feeds", index, "title"),
                f"{quoted(title)} is one title for many feeds; expected {NAME_MARK} in it, such as {such}",
            )


def _stray_names(data: Data) -> Iterator[Finding]:
    for index, feed in tables(data, "feeds"):
        for key in ("title", "description"):
            text = feed.get(key)
            if "each" not in feed and isinstance(text, str) and NAME_MARK in text:
                yield (
                    ("feeds", index, key),
                    f"{quoted(text)} holds {NAME_MARK}, but the feed is no family; expected each too: {_EACH}",
                )


def _shared_paths(data: Data) -> Iterator[Finding]:
    seen: list[tuple[int, str]] = []
    for index, feed in tables(data, "feeds"):
        path = quietly(as_feed_path, feed["path"])
        if path is None:
            continue
        other = next((place for place, taken in seen if same_folder(path, taken)), None)
        if other is not None:
            yield ("feeds", index, "path"), f"{quoted(path)} collides with feeds[{other}]; expected a folder of its own"
        seen.append((index, path))


def _over_listings(data: Data) -> Iterator[Finding]:
    """Find feeds whose page would stand where the listing of a tag, an author or a section does."""
    for index, feed in tables(data, "feeds"):
        path = quietly(as_feed_path, feed["path"])
        for folder, each in LISTING_FOLDERS.items():
            listing = f"{folder}/{SLUG_MARK}"
            if path is not None and same_folder(path, listing) and (path, feed.get("each")) != (listing, each):
                yield (
                    ("feeds", index, "path"),
                    f"{quoted(path)} is where the page of {_A[each]} stands; expected a folder of its own",
                )


def _former_paths(data: Data) -> Iterator[Finding]:
    paths = [(index, path) for index, feed in tables(data, "feeds") if (path := quietly(as_feed_path, feed["path"]))]
    claimed: list[tuple[int, str]] = []
    for index, feed in tables(data, "feeds"):
        for where, old in _formers(index, feed):
            holder = next((place for place, path in paths if same_folder(path, old)), None)
            rival = next((place for place, path in claimed if same_folder(path, old)), None)
            if holder is not None:
                yield where, f"{quoted(old)} is where feeds[{holder}] stands; expected a folder that is left"
            elif rival is not None:
                yield where, f"{quoted(old)} is claimed by feeds[{rival}] too; expected it in one of them"
            elif ("each" in feed) != (SLUG_MARK in old):
                need = f"{SLUG_MARK} in it, as in path" if "each" in feed else f"it without {SLUG_MARK}"
                yield where, f"{quoted(old)} cannot lead to one place each; expected {need}"
            claimed.append((index, old))


def _formers(index: int, feed: Data) -> Iterator[tuple[Where, str]]:
    """Yield each former path that is one, with where it stands."""
    given = feed.get("moved_from")
    where: Where = ("feeds", index, "moved_from")
    listed = given if isinstance(given, list) else [given]
    for place, old in enumerate(listed):
        if (path := quietly(as_feed_path, old)) is not None:
            yield (*where, place) if isinstance(given, list) else where, path


def _private(data: Data) -> Iterator[Finding]:
    for index, feed in tables(data, "feeds"):
        where, path = ("feeds", index), quietly(as_feed_path, feed["path"])
        is_within = path is not None and path.casefold().split("/")[0] == PRIVATE_FOLDER
        if feed.get("private") is not True:
            if is_within:
                yield (*where, "path"), f"{quoted(path)} is where private feeds stand; expected another folder"
            if feed.get("members") is True:
                yield (*where, "members"), "true would show members-only entries to everyone; expected private = true"
            continue
        if path is not None and not is_within:
            yield (*where, "path"), "a private feed stands in no folder; expected no path: each reader has an address"
        for key in ("each", "moved_from"):
            if key in feed:
                yield (*where, key), f"a private feed is one feed without a place; expected no {key} beside private"


def _formats(data: Data) -> Iterator[Finding]:
    for index, feed in tables(data, "feeds"):
        where, formats = ("feeds", index, "formats"), feed.get("formats")
        if not isinstance(formats, list):
            continue
        repeated = (place for place, name in enumerate(formats) if name in formats[:place])
        for place in repeated:
            yield (*where, place), f"{quoted(formats[place])} stands there already; expected each once"
        if formats == ["json"]:
            yield where, '["json"] alone cannot be read by every reader; expected "rss" or "atom" beside it'
        if "podcast" in feed and "rss" not in formats:
            yield where, 'a podcast is read as RSS alone; expected "rss" among them'
