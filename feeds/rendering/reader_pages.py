"""The pages by which people subscribe, choose and leave: the site's own frame, in the reader's language, no script.

Pure. Not here: answering with them (web), what is done (jobs.subscribe), how they look (templates/pages/readers).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import format_date
from markupsafe import Markup

from feeds.config.schema import CadenceConfig, NewsletterConfig
from feeds.rendering.environment import Templates
from feeds.rendering.pages import page_frame, render_page
from feeds.rendering.palette import dark_palette, light_palette
from feeds.rendering.views import SiteView, Theme
from feeds.rendering.wording import find_locale
from feeds.rendering.words import Words, catalogue_names, words_for
from feeds.rules.cadence import WEEKDAYS
from feeds.rules.printing import direction_of

# What the pages are said in: each has a catalogue, but for English.
LANGUAGES = ("ar", "de", "en", "es", "fr", "he", "ja", "ko", "pt", "pt-PT", "zh", "zh-Hant")
# Of the database's names those that are places: no old abbreviations.
_CITY = re.compile("(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/")
_MONDAY = date(2026, 11, 23)
_SAID = MappingProxyType({"article": "With each article", "day": "Daily", "weekday": "On weekdays", "month": "Monthly"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A newsletter that can be ticked: how often it comes in words, "" where that is hard to say."""

    slug: str
    title: str
    description: str
    cadence: str
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form to subscribe by, as it was filled in; ``problems`` names the fields that are not right."""

    choices: tuple[Choice, ...]
    address: str = ""
    timezone: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of a list on a page, which may be a link, with a note behind it and more links below."""

    text: str
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A page that says something: headline, sentences, a list, and at most one button, which posts to ``action``.

    ``action`` "" is the page's own address. ``asks`` shows the form by which one gets a link by mail, which ``problem``
    says was filled in wrongly.
    """

    heading: str
    lines: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    button: str = ""
    action: str = ""
    asks: bool = False
    problem: bool = False
    manages: bool = False


def spoken(tag: str) -> str | None:
    """Return the language that the pages are said in to who asks for one (BCP 47), None where they know it not."""
    return next((name for name in catalogue_names(tag) if name in LANGUAGES), None)


def in_language(site: SiteView, language: str) -> SiteView:
    """Return the site as its pages are said in a language; its own region or script of that stays."""
    if spoken(site.language) == language:
        return site
    return replace(site, language=language, direction=direction_of(language))


def choice_of(newsletter: NewsletterConfig, words: Words, *, is_ticked: bool) -> Choice:
    """Return a newsletter as it can be ticked."""
    cadence = cadence_words(newsletter.cadence, words)
    return Choice(newsletter.slug, newsletter.title, newsletter.description or "", cadence, is_ticked)


def cadence_words(cadence: CadenceConfig, words: Words) -> str:
    """Say how often a newsletter comes."""
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


def agreed(site: SiteView, templates: Templates) -> str:
    """Return the words that one agrees to by subscribing, in the language of the page."""
    words = words_for(site.language, templates)
    return words.text(
        "You agree that {site} mails you the newsletters ticked. You can leave each at any time, by a link in it.",
        site=site.title,
    )


def subscribe_page(form: Form, site: SiteView, templates: Templates, *, here: str) -> bytes:
    """Render the page to subscribe on; raise TemplateInvalid."""
    words = words_for(site.language, templates)
    more = {"form": form, "wording": agreed(site, templates), "zones": zones()}
    return _page("subscribe", words.text("Subscribe"), site, templates, here=here, **more)


def said_page(said: Said, site: SiteView, templates: Templates, *, here: str) -> bytes:
    """Render a page that says something; raise TemplateInvalid."""
    return _page("message", said.heading, site, templates, here=here, said=said)


def reader_policy(site: SiteView) -> str:
    """Return the security policy of these pages: nothing runs, and what is filled in goes to the site alone."""
    return _policy(site.url, _theme_css(site.theme))


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Return the time zones that people can choose among."""
    return tuple(sorted(zone for zone in available_timezones() if _CITY.match(zone)))


def _page(name: str, title: str, site: SiteView, templates: Templates, *, here: str, **more: object) -> bytes:
    css = _theme_css(site.theme)
    frame = replace(page_frame(site, title=title, url=None), policy=reader_policy(site))
    given = {"here": here, "theme_css": Markup(css), "languages": languages(), **more}  # of colours and numbers alone
    return render_page(f"readers/{name}", templates, site=site, page=frame, **given)


@lru_cache(maxsize=1)
def languages() -> tuple[tuple[str, str], ...]:
    """Return the languages of the pages, each with what it calls itself."""
    found = ((code, Locale.parse(code, sep="-")) for code in LANGUAGES)
    return tuple((code, (locale.get_display_name() or code).capitalize()) for code, locale in found)


@lru_cache(maxsize=8)
def _policy(site_url: str, css: str) -> str:
    address = urlsplit(site_url)
    own = f"'self' {address.scheme}://{address.netloc}"
    style = f" 'sha256-{base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()}'" if css else ""
    return f"default-src 'none'; img-src {own}; style-src {own}{style}; base-uri 'none'; form-action {own}"


@lru_cache(maxsize=8)
def _theme_css(theme: Theme) -> str:
    """Return the site's own colours and type for the sheet of all pages, "" where it has none of its own."""
    if replace(theme, logo_url="", logo_width=0, logo_height=0) == Theme():
        return ""
    light, dark = light_palette(theme), dark_palette(theme)
    schemes = [
        f"--paper:{one.paper};--tint:{one.canvas};--ink:{one.ink};--soft:{one.muted};--line:{one.line};"
        f"--accent:{one.accent}"
        for one in (light, dark)
    ]
    faces = "".join(
        f"{name}:var(--sans);" for name, face in (("--head", theme.headings), ("--serif", theme.text)) if face == "sans"
    )
    light_css = f":root{{{faces}--radius:{theme.radius}px;{schemes[0]}}}"
    return f"{light_css}@media (prefers-color-scheme: dark){{:root{{{schemes[1]}}}}}"


def listed_items(titles: Sequence[str]) -> tuple[Item, ...]:
    """Return newsletters' titles as the lines of a list."""
    return tuple(Item(text=title) for title in titles)
