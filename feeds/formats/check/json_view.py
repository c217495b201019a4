"""What a JSON Feed says, as the checks see it. A value of another type than it should have counts as not there.

Not here: what only JSON Feed has to do right (json_feed), its types among it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from feeds.formats.check.findings import Spot
from feeds.formats.check.json_lines import Path
from feeds.formats.check.opening import Opened
from feeds.formats.check.views import MOST_JUDGED, Document, File, Part, Said, shortened

Lines = Mapping[Path, int]


def view_json(opened: Opened) -> Document:
    """Take a JSON Feed apart."""
    root, lines = opened.root, opened.lines
    says = _Says(root, (), "the feed", lines=lines)
    items = [(number, item) for number, item in enumerate(root["items"]) if isinstance(item, dict)]
    hubs = root.get("hubs") if isinstance(root.get("hubs"), list) else []
    return Document(
        kind=opened.kind,
        feed=Part(
            spot=Spot(line=1),
            node=root,
            title=says.one("title"),
            link=says.one("home_page_url", rule="F5"),
            addresses=tuple(says.each("icon", "favicon", rule="F5")),
            language=says.one("language"),
        ),
        entries=tuple(_item(item, ("items", number), lines=lines) for number, item in items[:MOST_JUDGED]),
        held=len(items),
        selves=tuple(says.each("feed_url", rule="F5")),
        hubs=tuple(
            Said("hubs", hub["url"], Spot(line=lines.get(("hubs", number))), "F26")
            for number, hub in enumerate(hubs or [])
            if isinstance(hub, dict) and isinstance(hub.get("url"), str)
        ),
        older=tuple(says.each("next_url", rule="F24")),
        lines=lines,
    )


def _item(item: Mapping[str, Any], path: Path, *, lines: Lines) -> Part:
    named = item.get("id") or item.get("url") or item.get("title")
    says = _Says(item, path, shortened(named) if named else "an entry", lines=lines)
    return Part(
        spot=Spot(says.where, lines.get(path)),
        node=item,
        path=path,
        id=says.one("id"),
        title=says.one("title"),
        link=says.one("url", rule="F23"),
        published=says.one("date_published"),
        updated=says.one("date_modified"),
        addresses=tuple(says.each("external_url", "image", "banner_image", rule="F19")),
        files=tuple(_files(item, path, where=says.where, lines=lines)),
        contents=tuple(says.each("content_html", rule="F19")),
        language=says.one("language"),
    )


def _files(item: Mapping[str, Any], path: Path, *, where: str, lines: Lines) -> Iterator[File]:
    listed = item.get("attachments")
    for number, file in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(file, dict):
            spot = Spot(where, lines.get((*path, "attachments", number)))
            address, media_type = (_text(file.get(key)) for key in ("url", "mime_type"))
            yield File(address, file.get("size_in_bytes"), media_type, spot)


class _Says:
    """Asks an object for its texts."""

    def __init__(self, node: Mapping[str, Any], path: Path, where: str, *, lines: Lines) -> None:
        self._node, self._path, self.where, self._lines = node, path, where, lines

    def one(self, key: str, *, rule: str = "") -> Said | None:
        value = _text(self._node.get(key))
        return None if value is None else Said(key, value, Spot(self.where, self._lines.get((*self._path, key))), rule)

    def each(self, *keys: str, rule: str) -> Iterator[Said]:
        for key in keys:
            said = self.one(key, rule=rule)
            if said is not None:
                yield said


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
