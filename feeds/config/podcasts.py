"""The categories that podcasts are sorted into, as Apple lists them and as all directories read them.

Not here: the other keys of a podcast (feeds), how they are written into a feed (formats).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from feeds.config.values import as_text
from feeds.config.words import Wrong, nearest, quoted

WITHIN = " > "

# https://podcasters.apple.com/support/1691-apple-podcasts-categories
CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
        "Business": ("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
        "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
        "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
        "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
        "Government": (),
        "History": (),
        "Health & Fitness": ("Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"),
        "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
        "Leisure": (
            *("Animation & Manga", "Automotive", "Aviation", "Crafts"),
            *("Games", "Hobbies", "Home & Garden", "Video Games"),
        ),
        "Music": ("Music Commentary", "Music History", "Music Interviews"),
        "News": (
            *("Business News", "Daily News", "Entertainment News", "News Commentary"),
            *("Politics", "Sports News", "Tech News"),
        ),
        "Religion & Spirituality": (
            *("Buddhism", "Christianity", "Hinduism", "Islam"),
            *("Judaism", "Religion", "Spirituality"),
        ),
        "Science": (
            *("Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics"),
            *("Natural Sciences", "Nature", "Physics", "Social Sciences"),
        ),
        "Society & Culture": ("Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"),
        "Sports": (
            *("Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby"),
            *("Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling"),
        ),
        "Technology": (),
        "True Crime": (),
        "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    }
)


def as_category(value: object) -> str:
    """Return ``value`` if it names a category, as ``News`` or ``Arts > Books``; else raise Wrong, with the nearest."""
    text = as_text(value)
    wanted = WITHIN.join(part.strip() for part in text.split(">"))
    found = next((name for name in _names() if name.casefold() == wanted.casefold()), None)
    if found is not None:
        return found
    by_end = {name.rpartition(WITHIN)[2]: name for name in _names()}
    near = nearest(wanted.rpartition(WITHIN)[2], by_end)
    hint = (
        f"nearest: {quoted(by_end[near])}"
        if near
        else f"expected one such as {quoted('News')} or {quoted('Arts > Books')}"
    )
    raise Wrong(f"{quoted(text)} is no category of podcasts; {hint}")


def _names() -> Iterator[str]:
    for category, parts in CATEGORIES.items():
        yield category
        yield from (f"{category}{WITHIN}{part}" for part in parts)
