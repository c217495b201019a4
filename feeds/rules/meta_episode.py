"""What front matter says of an episode of a podcast: how long it is, its number, its season, its kind.

Pure. Not here: the recording itself (an enclosure), what makes a feed a podcast (config).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from feeds.model import Episode, EpisodeKind
from feeds.rules.holding import NO, YES
from feeds.rules.meta_keys import ALSO
from feeds.rules.text import clean_line, cut, scalar

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{2})(?:\.\d+)?", re.ASCII)  # 1:02:03, 62:03
_SECONDS = re.compile(r"(\d{1,7})(?:\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,7}", re.ASCII)


def read_episode(given: Mapping[str, Any], notes: list[str]) -> Episode | None:
    """Return what an article says of itself as an episode, None where it says nothing; what is unusable is noted."""
    said = {key: _said(given, ALSO[key]) for key in _EXPECTED}
    found: dict[str, Any] = {key: _READERS[key](value) for key, value in said.items() if value}
    for key in [key for key, value in found.items() if value is None]:
        notes.append(f"{key}: {cut(said[key], 40)!r} is {_EXPECTED[key]}")
    if all(value is None for value in found.values()):
        return None
    return Episode(
        duration=found.get("duration"),
        number=found.get("episode"),
        season=found.get("season"),
        kind=found.get("episode_type"),
        explicit=found.get("explicit"),
    )


def _said(given: Mapping[str, Any], names: tuple[str, ...]) -> str:
    values = (given.get(name) for name in names)
    return next((clean_line(scalar(value)) for value in values if isinstance(value, str | int | float)), "")


def _duration(text: str) -> int | None:
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds or None
    plain = _SECONDS.fullmatch(text)
    return int(plain[1]) or None if plain else None


def _number(text: str) -> int | None:
    return int(text) or None if _NUMBER.fullmatch(text) else None


def _kind(text: str) -> EpisodeKind | None:
    return next((kind for kind in EpisodeKind if kind == text.lower()), None)


def _is_explicit(text: str) -> bool | None:
    if text.lower() == "clean":  # as Apple once had it
        return False
    word = text.lower()
    return True if word in YES or word == "explicit" else False if word in NO else None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "duration": _duration,
    "episode": _number,
    "season": _number,
    "episode_type": _kind,
    "explicit": _is_explicit,
}
_EXPECTED = {
    "duration": "no length; write seconds, or 12:34 in quotes",
    "episode": "no number from 1 up",
    "season": "no number from 1 up",
    "episode_type": "none of full, trailer and bonus",
    "explicit": "neither true nor false",
}
