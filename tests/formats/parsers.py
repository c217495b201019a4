"""Three parsers that know nothing of this project: feedparser, reader, and feedsmith for Node.

reader cleans what feedparser reads, and reads JSON by itself; feedsmith shares nothing with either. Each says the same
facts of an entry, where it can. Not here: what they are to agree on (agreement).
"""

from __future__ import annotations

import html
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser

from tests.judges import judge, node_modules

# reader brings a feedparser of its own, which wants a module that the newest feedparser has done away with.
os.environ.setdefault("READER_NO_VENDORED_FEEDPARSER", "1")
Facts = Mapping[str, object]


def by_feedparser(files: Sequence[Path]) -> list[list[Facts]]:
    """Read RSS and Atom (it knows no JSON Feed), without its own cleaning."""
    found = []
    for file in files:
        parsed = feedparser.parse(file.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
        assert not parsed.bozo, parsed.bozo_exception
        found.append([_of_feedparser(dict(one)) for one in parsed.entries])  # a plain dict has no made-up keys
    return found


def by_reader(files: Sequence[Path], folder: Path) -> list[list[Facts]]:
    """Read any format as a user of reader has it, cleaned by it; of tags it keeps nothing."""
    from reader import make_reader

    reader = make_reader(":memory:", feed_root=str(folder))
    names = [file.relative_to(folder).as_posix() for file in files]
    try:
        for name in names:
            reader.add_feed(name)
        reader.update_feeds()
        return [[_of_reader(one) for one in reader.get_entries(feed=name)] for name in names]
    finally:
        reader.close()


def by_feedsmith(files: Sequence[Path]) -> list[list[Facts]]:
    """Read any format with a parser for Node."""
    script = node_modules("feedsmith").parent / "read.mjs"
    command = [judge("node"), str(script), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=300)
    return [[_of_feedsmith(one) for one in json.loads(line)] for line in done.stdout.splitlines()]


def _of_feedparser(one: Mapping[str, object]) -> Facts:
    content = one["content"][0] if "content" in one else one["summary_detail"]
    return {
        "id": one["id"],
        "link": one["link"],
        "title": _plain(one["title_detail"]),
        "published": one["published_parsed"][:6],
        "updated": one.get("updated_parsed", one["published_parsed"])[:6],
        "authors": [author["name"] for author in one.get("authors", []) if author.get("name")],
        "tags": [tag["label"] or tag["term"] for tag in one.get("tags", [])],
        "files": [(link["href"], link["type"], int(link["length"])) for link in one["links"] if "length" in link],
        "content": content["value"],
    }


def _plain(detail: Mapping[str, str]) -> str:
    return html.unescape(detail["value"]) if detail["type"] == "text/html" else detail["value"]


def _of_reader(one) -> Facts:
    return {
        "id": one.id,
        "link": one.link,
        "title": one.title,
        "published": _parts(one.published),
        "updated": _parts(one.updated or one.published),
        "authors": [author.name for author in one.authors],
        "files": [(file.href, file.type, file.length) for file in one.enclosures],
        "content": one.content[0].value if one.content else one.summary,
    }


def _of_feedsmith(one: Mapping[str, object]) -> Facts:
    times = {name: _parts(_time(one[name])) for name in ("published", "updated")}
    return {**one, **times, "files": [tuple(file) for file in one["files"]]}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)


def _parts(at: datetime) -> tuple[int, ...]:
    return at.astimezone(UTC).timetuple()[:6]
