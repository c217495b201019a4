"""The form by which a reader chooses what a newsletter brings: filled in with what was chosen, and read back.

Pure. Not here: keeping it (jobs.subscribe), answering (reader_answers).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feeds.errors import UsageWrong
from feeds.jobs.subscribe import Wish
from feeds.jobs.subscribe.choosing_by_link import Chosen
from feeds.rendering.reader_pages import Wishes, cadence_options, language_options, topic_options
from feeds.rendering.words import Words
from feeds.web.reader_forms import Fields

LONGEST_PAUSE = timedelta(days=731)


def wishes_of(found: Chosen, words: Words, zone: ZoneInfo, *, now: datetime, posted: Fields | None = None) -> Wishes:
    """Return the form as it stands, or where it could not be taken as it was ``posted``; days are those of a zone."""
    newsletter, today = found.newsletter, now.astimezone(zone)
    said = _stored(found, zone, now=now) if posted is None else posted
    first = {name: values[0] for name, values in said.items() if values}
    return Wishes(
        cadences=cadence_options(newsletter, words, chosen=first.get("cadence", "")),
        languages=language_options(newsletter, words, chosen=first.get("tongue", "")),
        follow=topic_options(found.topics, said.get("follow", ())),
        mute=topic_options(found.topics, said.get("mute", ())),
        has_hour=newsletter.cadence.local,
        timezone=first.get("timezone", ""),
        earliest=f"{today + timedelta(days=1):%Y-%m-%d}",
        latest=f"{today + LONGEST_PAUSE - timedelta(days=1):%Y-%m-%d}",
        paused_until=first.get("paused_until", ""),
    )


def _stored(found: Chosen, zone: ZoneInfo, *, now: datetime) -> Fields:
    """Return the fields as what was chosen fills them in."""
    chosen, until = found.preferences, found.standing.paused_until
    return {
        "cadence": (chosen.cadence,),
        "tongue": (chosen.language,),
        "follow": tuple(chosen.follow),
        "mute": tuple(chosen.mute),
        "timezone": (found.timezone,),
        "paused_until": (f"{until.astimezone(zone):%Y-%m-%d}",) if until and until > now else (),
    }


def wish_of(form: Fields) -> Wish:
    """Return what a form says that is wished; what it has no field for stays as it is, topics aside: none is ticked."""
    first = {name: values[0] for name, values in form.items() if values}
    fields = {"cadence": "cadence", "language": "tongue"}
    preferences = {name: first[field] for name, field in fields.items() if field in first} | {
        "follow": form.get("follow", ()),
        "mute": form.get("mute", ()),
    }
    return Wish(preferences=preferences, timezone=first.get("timezone"))


def day_of(text: str, zone: ZoneInfo, *, now: datetime) -> datetime | None:
    """Return when a day begins that a form names, None for none; raise UsageWrong for one that it does not offer."""
    if not text:
        return None
    try:
        begins = datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageWrong(f"{text!r} is no day") from None
    if begins > now + LONGEST_PAUSE:
        raise UsageWrong(f"{text} is too far ahead")
    return begins
