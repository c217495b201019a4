"""The keys of front matter: one spelling of each, what other programs call it, and which unknown one is a slip.

Pure. Not here: what the values mean (meta), who may read an article (holding).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from feeds.errors import ArticleRefused
from feeds.rules.text import cut, scalar

# These may name a later day than "date" does, and then the later one counts.
EMBARGOES = ("publishdate", "publish_date", "publish_on", "publish_at", "publication_date", "scheduled", "embargo")
# One key of ours, and what other programs call the same thing.
ALSO = {
    "title": ("title", "headline"),
    "standfirst": ("standfirst", "subtitle", "dek"),
    "summary": ("summary", "description", "excerpt"),
    "date": ("date", "published", "publish", "published_at", "published_on", "pubdate"),
    "updated": ("updated", "updated_at", "lastmod", "modified", "last_modified_at"),
    "authors": ("authors", "author", "byline"),
    "tags": ("tags", "tag", "keywords", "categories"),
    "section": ("section", "category"),
    "language": ("language", "lang"),
    "image": ("image", "cover", "featured_image"),
    "enclosures": ("enclosures", "enclosure", "audio"),
    "url": ("external_url", "url", "link"),
    "aliases": ("aliases", "redirect_from"),
    "rights": ("rights", "license", "licence", "copyright"),
    "duration": ("duration", "itunes_duration"),
    "episode": ("episode", "itunes_episode", "episode_number"),
    "season": ("season", "itunes_season", "season_number"),
    "episode_type": ("episode_type", "itunes_episode_type", "itunes_episodetype"),
    "explicit": ("explicit", "itunes_explicit"),
}
# What says that an article is not for everyone, or not yet.
DRAFT_KEYS = ("draft", "is_draft", "isdraft", "private", "unlisted", "hidden")
MEMBERS_KEYS = ("members_only", "membersonly", "subscribers_only")
HOLDING = frozenset([*DRAFT_KEYS, *MEMBERS_KEYS, "access", "published", "publish", "status", "visibility", *EMBARGOES])
_KNOWN = sorted(
    {name for names in ALSO.values() for name in names}
    | HOLDING
    | {"id", "slug", "corrections", "image_alt", "image_caption", "image_credit"}
)
_MUST_BE_RIGHT = frozenset({"access", "draft", "published"})
_OTHERS_WORDS = frozenset({"publisher", "accessed", "images", "linked", "links", "dated"})  # near ours, and no slips
_CLOSE = 0.8  # one wrong letter in five
MOST_KEYS = 1000


def meta_key(key: object) -> str:
    """Return a key of front matter in the one spelling that is looked for: what cannot be seen makes no other key."""
    shown = unicodedata.normalize("NFKC", scalar(key))
    visible = "".join(character for character in shown if unicodedata.category(character) != "Cf")
    return visible.strip().lower().replace("-", "_")


def by_key(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return front matter by its keys in one spelling.

    Raises ArticleRefused for two that are one (``draft`` and ``Draft``): they may contradict one another.
    """
    if len(meta) > MOST_KEYS:
        raise ArticleRefused(f"its front matter has more than {MOST_KEYS:,} keys")
    given: dict[str, Any] = {}
    for written, value in meta.items():
        key = meta_key(written)
        if key in given:
            raise ArticleRefused(f"{cut(key, 40)}: is given twice in its front matter; keep one", hides=key in HOLDING)
        given[key] = value
    return given


def slips_in(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a note for each key that looks like one of ours misspelt; what others call theirs is passed over.

    Raises ArticleRefused where it looks like one that decides who may read the article.
    """
    notes = []
    for key in given:
        meant = _nearest(key)
        if meant in _MUST_BE_RIGHT:
            raise ArticleRefused(f"{key}: is unknown and may be meant for {meant}: spell it so", hides=True)
        if meant:
            notes.append(f"{key}: is unknown and passed over; nearest: {meant}")
    return tuple(notes)


def _nearest(key: str) -> str:
    """Return the known key that an unknown one is nearest to, first of those that must be right; "" if none is near."""
    if key in _KNOWN or key in _OTHERS_WORDS:
        return ""
    near = [(ratio, known) for known in _KNOWN if (ratio := _likeness(key, known)) >= _CLOSE]
    return max(near, key=lambda one: (one[1] in _MUST_BE_RIGHT, *one))[1] if near else ""


def _likeness(key: str, known: str) -> float:
    if abs(len(key) - len(known)) > 2 or min(len(key), len(known)) < 4:
        return 0.0
    pairs = SequenceMatcher(None, key, known)
    return pairs.ratio() if pairs.quick_ratio() >= _CLOSE else 0.0
