"""The pages by which people subscribe, choose and leave: the site's own frame, in the reader's language, no script.

Pure. Not here: answering with them (web), what is done (jobs.subscribe), how they look (templates/pages/readers).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from babel import Locale
from markupsafe import Markup

from feeds.config.schema import NewsletterConfig
from feeds.model import Tag
from feeds.rendering.cadences import cadence_words
from feeds.rendering.environment import Templates
from feeds.rendering.pages import page_frame, render_page
from feeds.rendering.palette import dark_palette, light_palette
from feeds.rendering.views import SiteView, Theme
from feeds.rendering.wording import listed
from feeds.rendering.words import Words, catalogue_names, words_for
from feeds.rules.preferences import SECTION
from feeds.rules.printing import direction_of

# What the pages are said in: each has a catalogue, but for English.
LANGUAGES = ("ar", "de", "en", "es", "fr", "he", "ja", "ko", "pt", "pt-PT", "zh", "zh-Hant")
# Of the database's names those that are places: no old abbreviations.
_CITY = re.compile("(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several things to choose among; ``is_section`` tells a section from a tag."""

    value: str
    text: str
    is_chosen: bool = False
    is_section: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A newsletter that can be ticked: how often it comes in words, "" where that is hard to say.

    ``cadences`` and ``languages`` are what there is to choose among, empty where there is no choice.
    """

    slug: str
    title: str
    description: str
    cadence: str
    is_ticked: bool
    cadences: tuple[Option, ...] = ()
    languages: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form to subscribe by, as it was filled in; ``problems`` names the fields that are not right.

    ``has_hour`` tells whether a newsletter comes at the reader's own hour, so that their ``timezone`` matters.
    ``proof`` is what a script of the page is to prove, by a sum of so many ``bits``, "" for nothing; who has no script
    may write to ``write_to``.
    """

    choices: tuple[Choice, ...]
    follow: tuple[Option, ...] = ()
    mute: tuple[Option, ...] = ()
    address: str = ""
    has_hour: bool = False
    timezone: str = ""
    problems: tuple[str, ...] = ()
    proof: str = ""
    bits: int = 0
    write_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The form by which one chooses what a newsletter brings; what there is no choice of is empty.

    ``timezone`` is the reader's, ``has_hour`` tells whether it matters. ``paused_until`` is a day, or "".
    """

    cadences: tuple[Option, ...] = ()
    languages: tuple[Option, ...] = ()
    follow: tuple[Option, ...] = ()
    mute: tuple[Option, ...] = ()
    has_hour: bool = False
    timezone: str = ""
    earliest: str = ""
    latest: str = ""
    paused_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of a list on a page, which may be a link, with a note behind it and more links below.

    Of the newsletter ``slug``, ``doors`` are the buttons for how it comes, (value, text); ``feeds`` the addresses of
    the private feed that brings it, (format, address).
    """

    text: str
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()
    slug: str = ""
    doors: tuple[tuple[str, str], ...] = ()
    feeds: tuple[tuple[str, str], ...] = ()


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
    wishes: Wishes | None = None


def spoken(tag: str) -> str | None:
    """Return the language that the pages are said in to who asks for one (BCP 47), None where they know it not."""
    return next((name for name in catalogue_names(tag) if name in LANGUAGES), None)


def in_language(site: SiteView, language: str) -> SiteView:
    """Return the site as its pages are said in a language; its own region or script of that stays."""
    if spoken(site.language) == language:
        return site
    return replace(site, language=language, direction=direction_of(language))


def choice_of(
    newsletter: NewsletterConfig, words: Words, *, is_ticked: bool, cadence: str = "", language: str = ""
) -> Choice:
    """Return a newsletter as it can be ticked, with the cadence and the language that were chosen of it."""
    return Choice(
        slug=newsletter.slug,
        title=newsletter.title,
        description=newsletter.description or "",
        cadence=cadence_words(newsletter.cadence, words),
        is_ticked=is_ticked,
        cadences=cadence_options(newsletter, words, chosen=cadence),
        languages=language_options(newsletter, words, chosen=language),
    )


def cadence_options(newsletter: NewsletterConfig, words: Words, *, chosen: str) -> tuple[Option, ...]:
    """Return how often a newsletter may come, its own cadence first; none where there is but that."""
    own = cadence_words(newsletter.cadence, words) or newsletter.title
    said = {"": own} | {
        word: cadence_words(newsletter.cadence.model_copy(update={"every": word, "cron": None}), words)
        for word in newsletter.cadences
        if newsletter.cadence.cron or word != newsletter.cadence.every
    }
    return _options(said, {chosen}) if len(said) > 1 else ()


def language_options(newsletter: NewsletterConfig, words: Words, *, chosen: str) -> tuple[Option, ...]:
    """Return the languages that a newsletter may come in, each as it calls itself."""
    known = dict(languages())
    said = {code: known.get(code, code) for code in newsletter.digest_languages}
    return _options({"": words.text("In any language")} | said, {chosen}) if said else ()


def topic_options(topics: Iterable[Tag], chosen: Collection[str]) -> tuple[Option, ...]:
    """Return topics to tick."""
    return tuple(
        Option(value=tag.slug, text=tag.name, is_chosen=tag.slug in chosen, is_section=tag.slug.startswith(SECTION))
        for tag in topics
    )


def _options(said: Mapping[str, str], chosen: Collection[str]) -> tuple[Option, ...]:
    return tuple(Option(value=value, text=text, is_chosen=value in chosen) for value, text in said.items())


def agreed(site: SiteView, templates: Templates, newsletters: Sequence[str] = ()) -> str:
    """Return the words that one agrees to by subscribing, in the language of the page; of these titles once known."""
    words = words_for(site.language, templates)
    if newsletters:
        return words.text(
            "You agree that {site} mails you {newsletters}. You can leave at any time, by a link in each mail.",
            site=site.title,
            newsletters=listed(newsletters, words.language),
        )
    return words.text(
        "You agree that {site} mails you the newsletters ticked. You can leave each at any time, by a link in it.",
        site=site.title,
    )


def subscribe_page(form: Form, site: SiteView, templates: Templates, *, here: str) -> bytes:
    """Render the page to subscribe on; raise TemplateInvalid."""
    words = words_for(site.language, templates)
    script = proof_script(templates) if form.proof else ""
    more = {
        "form": form,
        "wording": agreed(site, templates),
        "zones": zones(),
        "script": Markup(script),
    }  # our own file
    return _page("subscribe", site, templates, title=words.text("Subscribe"), here=here, **more)


def proof_script(templates: Templates) -> str:
    """Return the one script that there is on these pages: it does the sum of a form."""
    return templates.text("pages/readers/proof.js")


def said_page(said: Said, site: SiteView, templates: Templates, *, here: str) -> bytes:
    """Render a page that says something; raise TemplateInvalid."""
    return _page("message", site, templates, title=said.heading, here=here, said=said, zones=zones())


def reader_policy(site: SiteView, script: str = "") -> str:
    """Return the security policy of these pages: nothing runs but a script; what is filled in is the site's alone."""
    return _policy(site.url, _theme_css(site.theme), script)


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Return the time zones that people can choose among."""
    return tuple(sorted(zone for zone in available_timezones() if _CITY.match(zone)))


def _page(name: str, site: SiteView, templates: Templates, *, title: str, here: str, **more: object) -> bytes:
    css, policy = _theme_css(site.theme), reader_policy(site, str(more.get("script", "")))
    frame = replace(page_frame(site, title=title, url=None), policy=policy, referrer="no-referrer")
    given = {"here": here, "theme_css": Markup(css), "languages": languages(), **more}  # of colours and numbers alone
    return render_page(f"readers/{name}", templates, site=site, page=frame, **given)


@lru_cache(maxsize=1)
def languages() -> tuple[tuple[str, str], ...]:
    """Return the languages of the pages, each with what it calls itself."""
    found = ((code, Locale.parse(code, sep="-")) for code in LANGUAGES)
    return tuple((code, _capital(locale.get_display_name() or code)) for code, locale in found)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=8)
def _policy(site_url: str, css: str, script: str) -> str:
    address = urlsplit(site_url)
    own = f"'self' {address.scheme}://{address.netloc}"
    runs = f"script-src {_hashed(script)}; " if script else ""
    style = f" {_hashed(css)}" if css else ""
    return f"default-src 'none'; {runs}img-src {own}; style-src {own}{style}; base-uri 'none'; form-action {own}"


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


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
