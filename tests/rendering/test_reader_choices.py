"""What a reader chose is said in one line, in their language.

Not here: the mail and the pages that say it (tests/web/test_reader_asking.py).
"""

from feeds.config.schema import CadenceConfig, NewsletterConfig
from feeds.rendering.environment import open_templates
from feeds.rendering.reader_choices import choice_words
from feeds.rendering.words import words_for
from feeds.rules.preferences import Preferences

NAMES = {"ferry": "Ferry", "section/quays": "The Quays"}


def said(tongue="en", /, timezone="", **chosen):
    """Return what is said of a choice of a newsletter that comes on Mondays at the reader's own hour."""
    cadence = CadenceConfig(every="monday", local=True)
    newsletter = NewsletterConfig.model_construct(slug="weekly", title="Weekly", cadence=cadence)
    words = words_for(tongue, open_templates())
    return choice_words(newsletter, Preferences(**chosen), words, names=NAMES, timezone=timezone)


def test_who_chose_nothing_is_told_how_often_it_comes():
    assert said() == "Weekly, on Monday"
    assert said("de") == "Wöchentlich, am Montag"


def test_each_choice_is_named():
    chosen = {"cadence": "day", "language": "de", "follow": ("ferry",), "mute": ("section/quays", "section/gone")}
    assert (
        said(timezone="Asia/Tokyo", **chosen)
        == "Daily · German · Only about Ferry · Nothing about The Quays and gone · Asia/Tokyo"
    )
    assert said("fr", follow=("ferry",)) == "Chaque semaine, le lundi · Uniquement sur Ferry"
