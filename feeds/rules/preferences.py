"""What a reader chose of a newsletter, as far as it lets them: cadence, language, topics to follow and to mute.

A topic is a tag's slug, or ``section/`` and a section's. Pure. Not here: writing it down (store), when to mail (due).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from feeds.rules.queries import Facts, is_within, section_slug
from feeds.rules.series import Series, Turn
from feeds.rules.slugs import slug_of

MOST_TOPICS = 200  # that a reader may name: a form may send anything
LONGEST_TOPIC = 200
ARTICLE = "article"
SECTION = "section/"  # before the slug of a section; no slug holds a slash
_LISTS = ("follow", "mute")
_KEYS = ("cadence", "language", *_LISTS)
_NO_ALIASES: Mapping[str, str] = {}


class BadPreference(ValueError):
    """What a reader may not choose. ``key`` names the preference."""

    def __init__(self, key: str, problem: str) -> None:
        self.key = key
        super().__init__(f"{key}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What a newsletter lets its readers choose.

    ``every`` is its own cadence, "" where that is a cron line; ``cadences`` are those beside it. ``is_local`` tells
    whether its hour is that of the reader's zone; ``zone`` is its own.
    """

    newsletter: str
    zone: str
    every: str = ""
    cadences: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    is_local: bool = False

    @property
    def home(self) -> Turn:
        """Return the turn of those who chose neither cadence nor language, and have no other zone."""
        return Turn(Series(self.newsletter), self.zone)

    def turns(self, zones: Collection[str]) -> Iterator[Turn]:
        """Yield every turn that there may be beside its home, where readers' clocks are of these zones."""
        clocks = (self.zone, *sorted(set(zones) - {self.zone})) if self.is_local else (self.zone,)
        for language in ("", *self.languages):
            for cadence in ("", *(one for one in self.cadences if one != self.every)):
                has_hour = (cadence or self.every) != ARTICLE
                turns = (Turn(Series(self.newsletter, cadence, language), zone) for zone in clocks)
                yield from (turn for turn in turns if turn != self.home and (has_hour or turn.zone == self.zone))


@dataclass(frozen=True, slots=True)
class Taste:
    """Which entries a reader wants: of the topics followed, or any where there are none; of none that is muted.

    ``language`` narrows it to one, in lower case.
    """

    follow: frozenset[str] = frozenset()
    mute: frozenset[str] = frozenset()
    language: str = ""

    def wants(self, topics: Collection[str], language: str) -> bool:
        """Tell whether an entry is wanted, by its topics and its language in lower case."""
        return (
            (not self.follow or not self.follow.isdisjoint(topics))
            and self.mute.isdisjoint(topics)
            and (not self.language or is_within(language, self.language))
        )


EVERYTHING = Taste()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a reader chose; "" and no topics mean what the newsletter does of itself."""

    cadence: str = ""
    language: str = ""
    follow: tuple[str, ...] = ()
    mute: tuple[str, ...] = ()

    def turn(self, allowed: Allowed, timezone: str | None) -> Turn:
        """Return whose turn is theirs, whose clock is of ``timezone``; the newsletter's zone where that says nothing.

        Where each article is an edition there is no hour, and so but one turn.
        """
        series = Series(allowed.newsletter, self.cadence, self.language)
        is_local = allowed.is_local and (self.cadence or allowed.every) != ARTICLE and is_zone(timezone)
        return Turn(series, timezone if is_local and timezone else allowed.zone)

    def taste(self, tag_aliases: Mapping[str, str]) -> Taste:
        """Return which entries they want; ``tag_aliases`` maps the slug of a tag's old spelling to that of now."""
        follow, mute = (frozenset(tag_aliases.get(topic, topic) for topic in one) for one in (self.follow, self.mute))
        return Taste(follow, mute, self.language.lower()) if follow or mute or self.language else EVERYTHING


def read_preferences(stored: object, allowed: Allowed) -> Preferences:
    """Return what was chosen, as far as the newsletter still allows it; whatever else stands there is passed over."""
    chosen = stored if isinstance(stored, Mapping) else {}
    cadence, language = chosen.get("cadence"), str(chosen.get("language") or "").lower()
    return Preferences(
        cadence=cadence if cadence in allowed.cadences and cadence != allowed.every else "",
        language=next((one for one in allowed.languages if one.lower() == language), ""),
        **{name: _stored_topics(chosen.get(name)) for name in _LISTS},
    )


def chooser(
    allowed: Allowed, tag_aliases: Mapping[str, str] = _NO_ALIASES
) -> Callable[[str, str | None], tuple[Turn, Taste]]:
    """Return what tells of preferences, as JSON, and a time zone whose turn that reader is in, and their taste.

    Of many readers most chose the same, and are answered from memory.
    """

    @lru_cache(maxsize=4096)
    def chosen(stored: str, timezone: str | None) -> tuple[Turn, Taste]:
        found = read_preferences(json.loads(stored), allowed)
        return found.turn(allowed, timezone), found.taste(tag_aliases)

    return chosen


def clean_preferences(given: Mapping[str, Any], allowed: Allowed) -> dict[str, Any]:
    """Return what a reader sends, as it is stored: only what differs from the newsletter's own.

    Tags and sections may be spelt in any way. Raises BadPreference.
    """
    for key in given:
        if key not in _KEYS:
            raise BadPreference(key, "there is nothing of that name to choose")
    cadence, language = _one_of(given, "cadence", allowed.cadences, own=allowed.every), _language(given, allowed)
    lists = {name: _given_topics(name, given.get(name) or ()) for name in _LISTS}
    if twice := sorted(set(lists["follow"]) & set(lists["mute"])):
        raise BadPreference("mute", f"{twice[0]!r} is followed too; choose one of both")
    found = {"cadence": cadence, "language": language} | lists
    return {key: value for key, value in found.items() if value}


def fitting_preferences(given: Mapping[str, Any], allowed: Allowed, *, known: Collection[str]) -> dict[str, Any]:
    """Return what a stranger's form asks for, as it is stored: what is not to be had, or no topic, is passed over.

    ``known`` are the topics that there are: what a stranger writes is mailed to nobody. Raises BadPreference for a
    topic that is followed and muted.
    """
    cadence, language = given.get("cadence"), str(given.get("language") or "").lower()
    had = {one.lower() for one in allowed.languages}
    fitting = {
        "cadence": cadence if cadence in allowed.cadences else "",
        "language": language if language in had else "",
        **{name: [one for one in given.get(name) or () if one in known] for name in _LISTS},
    }
    return clean_preferences(fitting, allowed)


def topics_of(facts: Facts) -> frozenset[str]:
    """Return the topics of an entry: its tags, and its section."""
    return frozenset(facts.tags) | ({SECTION + facts.section} if facts.section else frozenset())


@lru_cache(maxsize=1024)
def is_zone(name: str | None) -> bool:
    """Tell whether a name is that of a time zone which this machine knows."""
    try:
        return bool(name) and ZoneInfo(str(name)).key == name
    except (KeyError, ValueError, OSError):  # OSError: "Europe" is a folder of the database
        return False


def _stored_topics(value: object) -> tuple[str, ...]:
    return tuple(sorted({one for one in value if isinstance(one, str)})) if isinstance(value, list | tuple) else ()


def _one_of(given: Mapping[str, Any], key: str, known: Collection[str], *, own: str) -> str:
    value = given.get(key) or ""
    if isinstance(value, str) and value in {"", own}:
        return ""
    if not isinstance(value, str) or value not in known:
        choices = ", ".join(filter(None, (own, *known))) or "nothing else"
        raise BadPreference(key, f"{_shown(value)} is not to be had of this newsletter; known are: {choices}")
    return value


def _language(given: Mapping[str, Any], allowed: Allowed) -> str:
    value = str(given.get("language") or "").lower()
    by_name = {language.lower(): language for language in allowed.languages}
    return by_name.get(value) or _one_of(given, "language", allowed.languages, own="")


def _given_topics(key: str, given: object) -> list[str]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise BadPreference(key, "expected a list of tags and sections")
    found = {_topic(key, one) for one in given}
    if len(found) > MOST_TOPICS:
        raise BadPreference(key, f"{len(found)} topics are too many; expected {MOST_TOPICS} or fewer")
    return sorted(found)


def _topic(key: str, given: str) -> str:
    if given.startswith(SECTION):
        name, topic = given.removeprefix(SECTION), SECTION + section_slug(given.removeprefix(SECTION))
    else:
        name = topic = slug_of(given, signs=True)
    if not name.strip() or len(given) > LONGEST_TOPIC:
        raise BadPreference(key, f"{_shown(given)} is no tag, and no section such as {SECTION}harbour")
    return topic


def _shown(value: object) -> str:
    return repr(str(value)[:60])
