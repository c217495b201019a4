"""Articles as JSON, for the entries and their revisions: the same article comes back as went in.

Not here: statements (entries).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from feeds.model import Access, Article, Block, Correction, Enclosure, Episode, EpisodeKind, Image, Person, Role, Tag

_ROLES = {role.value: role for role in Role}


def to_json(article: Article) -> dict[str, Any]:
    """Return the article as JSON-able data; instants in ISO 8601."""
    return {key: _plain(value) for key, value in asdict(article).items()}


def from_json(data: dict[str, Any]) -> Article:
    """Return the article that :func:`to_json` was given, in this version or one that knew less of articles."""
    return Article(
        **data
        | {
            "blocks": tuple([Block(_ROLES[b["role"]], b["content"], b["is_html"]) for b in data["blocks"]]),
            "authors": tuple([Person(**person) for person in data["authors"]]),
            "tags": tuple([Tag(**tag) for tag in data["tags"]]),
            "image": Image(**data["image"]) if data["image"] else None,
            "enclosures": tuple([Enclosure(**enclosure) for enclosure in data["enclosures"]]),
            "access": Access(data["access"]),
            "corrections": tuple([Correction(datetime.fromisoformat(c["at"]), c["text"]) for c in data["corrections"]]),
            "published_at": _instant(data["published_at"]),
            "declared_updated_at": _instant(data["declared_updated_at"]),
            "former_addresses": tuple(data["former_addresses"]),
            "files": tuple([(path, name) for path, name in data["files"]]),
            "linked_entries": tuple(data["linked_entries"]),
            "episode": _episode(data["episode"]) if data.get("episode") else None,
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _episode(data: dict[str, Any]) -> Episode:
    return Episode(**data | {"kind": EpisodeKind(data["kind"]) if data["kind"] else None})


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
