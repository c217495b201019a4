"""How often a newsletter comes, in words.

Not here: when it is due (rules), what readers may choose (reader_pages).
"""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

from babel import Locale
from babel.dates import format_date

from feeds.config.schema import CadenceConfig
from feeds.rendering.wording import find_locale
from feeds.rendering.words import Words
from feeds.rules.cadence import WEEKDAYS

_MONDAY = date(2026, 11, 23)
_SAID = MappingProxyType({"article": "With each article", "day": "Daily", "weekday": "On weekdays", "month": "Monthly"})


def cadence_words(cadence: CadenceConfig, words: Words) -> str:
    """Say how often a newsletter comes; "" where that is hard to say."""
    word = cadence.every
    if cadence.cron:
        return ""
    if word in WEEKDAYS:
        locale = find_locale(words.language) or Locale("en")
        day = format_date(_MONDAY + timedelta(days=WEEKDAYS.index(word)), "EEEE", locale=locale)
        return words.text("Weekly, on {day}", day=day)
    if word in _SAID:
        return words.text(_SAID[word])
    return words.count("Every {num} weeks", "Every {num} weeks", int(word.partition(" ")[0]))
