"""What a reader chose of a newsletter, in a line of words: how often, in which language, about what, on whose clock.

Pure. Not here: the form to choose by (reader_pages), what may be chosen (rules.preferences).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feeds.config.schema import NewsletterConfig
from feeds.rendering.cadences import cadence_words
from feeds.rendering.wording import language_name, listed
from feeds.rendering.words import Words
from feeds.rules.preferences import SECTION, Preferences

BETWEEN = " · "


def choice_words(
    newsletter: NewsletterConfig, chosen: Preferences, words: Words, *, names: Mapping[str, str], timezone: str = ""
) -> str:
    """Say what will come; ``names`` maps topics to what they are called.

    Where nothing was chosen it is how often the newsletter comes, "" where that is hard to say.
    """
    cadence = newsletter.cadence
    if chosen.cadence:
        cadence = cadence.model_copy(update={"every": chosen.cadence, "cron": None})
    said = [
        cadence_words(cadence, words),
        language_name(chosen.language, words.language) if chosen.language else "",
        words.text("Only about {topics}", topics=_named(chosen.follow, names, words)) if chosen.follow else "",
        words.text("Nothing about {topics}", topics=_named(chosen.mute, names, words)) if chosen.mute else "",
        timezone if newsletter.cadence.local else "",
    ]
    return BETWEEN.join(filter(None, said))


def _named(topics: Iterable[str], names: Mapping[str, str], words: Words) -> str:
    return listed([names.get(topic, topic.removeprefix(SECTION)) for topic in topics], words.language)
