"""The form by which a reader chooses what a newsletter brings: filled in with what was chosen, and read back.

Pure. Not here: keeping it (jobs.subscribe), answering (reader_answers).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feeds.jobs.subscribe import Wish
from feeds.jobs.subscribe.choosing_by_link import Chosen
from feeds.rendering.reader_pages import Wishes, cadence_options, language_options, topic_options
from feeds.rendering.words import Words
from feeds.web.reader_forms import Fields

LONGEST_PAUSE = timedelta(days=731)


def wishes_of(found: Chosen, words: Words, *, now: datetime) -> Wishes:
    """Return the form as it stands."""
    newsletter, chosen, until = found.newsletter, found.preferences, found.standing.paused_until
    return Wishes(
        cadences=cadence_options(newsletter, words, chosen=chosen.cadence),
        languages=language_options(newsletter, words, chosen=chosen.language),
        follow=topic_options(found.topics, chosen.follow),
        mute=topic_options(found.topics, chosen.mute),
        has_hour=newsletter.cadence.local,
        timezone=found.timezone,
        earliest=f"{now + timedelta(days=1):%Y-%m-%d}",
        latest=f"{now + LONGEST_PAUSE - timedelta(days=1):%Y-%m-%d}",
        paused_until=f"{until:%Y-%m-%d}" if until and until > now else "",
    )


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
    """Return when a day begins that a form names, None for none; raise ValueError for what is no day."""
    if not text:
        return None
    begins = datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time(), zone).astimezone(UTC)
    if begins > now + LONGEST_PAUSE:
        raise ValueError("that is too far ahead")
    return begins
