"""The form to subscribe by, as it was posted, and what is chosen in it: all but newsletter and address may lack.

Pure. Not here: what comes of it (jobs.subscribe), answering (reader_answers).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from feeds.config import NewsletterConfig
from feeds.jobs.subscribe.topics import Topics
from feeds.rendering.reader_pages import Choice, Form, choice_of, topic_options, zones
from feeds.rendering.words import Words
from feeds.rules.mailboxes import LONGEST_ADDRESS
from feeds.web.reader_forms import Fields


def form_of(
    newsletters: Collection[NewsletterConfig],
    fields: Fields,
    words: Words,
    *,
    topics: Topics,
    problems: tuple[str, ...] = (),
    guess: str = "",
) -> Form:
    """Return the form as it was filled in; ``guess`` is the time zone of who did not say."""
    ticked = fields.get("newsletter", ()) or (tuple(one.slug for one in newsletters) if len(newsletters) == 1 else ())
    follow, mute = fields.get("follow", ()), fields.get("mute", ())
    offered = topics.offered({*follow, *mute} & topics.names.keys())

    def choice(one: NewsletterConfig) -> Choice:
        cadence, language = _of(fields, "cadence", one.slug), _of(fields, "tongue", one.slug)
        return choice_of(one, words, is_ticked=one.slug in ticked, cadence=cadence, language=language)

    return Form(
        choices=tuple(map(choice, newsletters)),
        follow=topic_options(offered, follow),
        mute=topic_options(offered, mute),
        address=_first(fields, "address")[: LONGEST_ADDRESS + 1],
        has_hour=any(one.cadence.local for one in newsletters),
        timezone=_first(fields, "timezone") if "timezone" in fields else guess,
        problems=problems,
    )


def problems_of(fields: Fields, *, has_newsletter: bool, has_address: bool) -> tuple[str, ...]:
    """Return the names of the fields that are not right."""
    found = {"newsletters": not has_newsletter, "address": not has_address, "topics": is_torn(fields)}
    return tuple(name for name, is_wrong in found.items() if is_wrong)


def is_torn(fields: Fields) -> bool:
    """Tell whether a topic is both followed and left out."""
    return not set(fields.get("follow", ())).isdisjoint(fields.get("mute", ()))


def zone_of(fields: Fields) -> str | None:
    """Return the time zone that was chosen, None for none."""
    zone = _first(fields, "timezone")
    return zone if zone in zones() else None


def choices_of(fields: Fields, newsletters: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return newsletter → what is chosen of it; ``cadence`` alone is of each, ``cadence-weekly`` of that one."""
    topics = {name: fields.get(name, ()) for name in ("follow", "mute")}
    return {
        slug: {"cadence": _of(fields, "cadence", slug), "language": _of(fields, "tongue", slug), **topics}
        for slug in newsletters
    }


def _of(fields: Fields, name: str, newsletter: str) -> str:
    return _first(fields, f"{name}-{newsletter}") or _first(fields, name)


def _first(fields: Fields, name: str) -> str:
    return fields.get(name, ("",))[0]
