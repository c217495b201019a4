"""The fixed words of digests and pages ("Read on", "By …") in the language of their readers, by their English text.

The site's own catalogues come before ours, text by text. Not here: dates, numbers, names (wording), which words
stand where (templates).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.core import get_global
from markupsafe import Markup

from feeds.errors import TemplateInvalid
from feeds.rendering import catalogues
from feeds.rendering.catalogues import PLACEHOLDER, Catalogue, Message, read_catalogue
from feeds.rendering.environment import Templates
from feeds.rendering.loading import is_hidden
from feeds.rendering.reader_words import OF_READERS
from feeds.rendering.wording import find_locale, number

FOLDER = "words"
_OF_DIGESTS: tuple[Message, ...] = (
    "In brief",
    "Read on",
    "Read on: {headline}",
    "By {names}",
    "No. {number}",
    "From the editor",
    "Corrections",
    "Correction, {day}",
    ("{num} more on the web", "{num} more on the web"),
    "You get {newsletter} because you asked for it at {site}.",
    "Unsubscribe",
    "by sending the message that this opens, as it is.",
    "To unsubscribe, send the message that this opens, as it is:",
    "Preferences",
    "View in browser",
    ("{num} min read", "{num} min read"),
    ("{subject}, and {num} more", "{subject}, and {num} more"),
    "Untitled",
    "Other news",
)
_OF_PAGES: tuple[Message, ...] = (
    "Skip to the text",
    "Sections",
    "Feeds",
    "Follow by feed",
    "All feeds in one file (OPML)",
    "Licence",
    "All editions, and how to follow them",
    "Also in print",
    ("{num} more on the front page", "{num} more on the front page"),
    "Updated {day}",
    "About the author",
    "Correction",
    "With this story",
    "Filed under",
    "Tags",
    "Authors",
    "All tags",
    "All sections",
    "All feeds",
    "A feed for each tag",
    "A feed for each author",
    "A feed for each section",
    "Past editions",
    "Newer stories",
    "Newest stories",
    "Older stories",
    "Newer editions",
    "Newest editions",
    "Older editions",
    "Archive page {number}",
    "{title}, archive page {number}",
    "Pages",
    "Tag",
    "Author",
    "Section",
    "Feed",
    "Follow {title}",
    "Copy one of these addresses into a feed reader, and every new story comes to you by itself.",
    "Copy one of these addresses into a feed reader, and every new edition comes to you by itself.",
    "There is nothing to sign up for, and you stop by taking it out again.",
    "Where you have the choice, take the first.",
    "Every feed of {site} in one file (OPML)",
    "Nothing has been printed here yet. The first story will stand here.",
    "Newsletter",
    "Editions",
    "None of the editions that were listed here is in print any more.",
    "No edition has been sent yet. The first will be kept here to read.",
    "There is no page here",
    "The address may be mistyped, or the story was withdrawn.",
    "To the front page",
    "Withdrawn",
    "What stood here was withdrawn",
    "It was taken out of print on {day}.",
    "This page has moved",
    "It is now at {address}.",
    "Moved",
    "Not found",
)
_OF_NOTICES: tuple[Message, ...] = (
    "Please confirm your subscription",
    "Somebody, we hope you, asked us to send this to {address}:",
    "What you agree to",
    "Confirm",
    "This link is good until {day}.",
    "If it was not you, do nothing: you will hear no more of us.",
    "You are subscribed to {newsletters}",
    "From now on this comes to {address}:",
    "The latest edition",
    "Your subscriptions at {site}",
    "Somebody, we hope you, asked for a link by which to see and change all that we send to {address}.",
    "See my subscriptions",
    "If it was not you, do nothing: nothing has been changed.",
    "Please confirm your new address",
    "Somebody, we hope you, wants all that we send to come to {address} from now on.",
    "You are unsubscribed from {newsletters}",
    "Nothing more of it will be sent to {address}.",
    "If that was a mistake, you can take it back.",
    "Subscribe again",
    "You get this once, because of a request made at {site} for {address}.",
)
WORDS = (*_OF_DIGESTS, *_OF_PAGES, *_OF_NOTICES, *OF_READERS)

_OURS = Path(catalogues.__file__).parent
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")  # no language of RFC 5646 has a longer name as yet
_NAME = re.compile("[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,7}")  # as RFC 5646 shapes a tag, and short enough for a file


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language: the catalogues that have them, the nearest first.

    What none has is said in English, with the numbers of ``english``, a language tag too.
    """

    language: str
    english: str
    catalogues: tuple[Catalogue, ...]

    def text(self, message: str, /, **values: object) -> str:
        """Say a text, with ``values`` in place of its ``{placeholders}``, whole numbers as the language writes them.

        A value is shown as it is, braces and all. Markup among the values makes the result Markup, all else in it
        escaped. Raises LookupError for a placeholder without a value.
        """
        found = self._find(message, 1)
        return _fill(found or message, values, self.language if found else self.english)

    def count(self, singular: str, plural: str, num: int, /, **values: object) -> str:
        """Say a text about ``num`` things, in the plural form that the language has for it; ``{num}`` is its value."""
        found = self._find((singular, plural), num)
        source = singular if num == 1 else plural
        return _fill(found or source, {"num": num} | values, self.language if found else self.english)

    def _find(self, message: Message, num: int) -> str | None:
        said = (catalogue.find(message, num) for catalogue in self.catalogues)
        return next(filter(None, said), None)


def words_for(language: str, templates: Templates | None = None) -> Words:
    """Return the words of a language (BCP 47), those of a region or script before those of the language alone.

    A catalogue ``words/LANGUAGE.po`` of ``templates`` comes before ours; raises TemplateInvalid where it is wrong.
    """
    names = catalogue_names(language)
    own = [_own(name, templates) for name in names] if templates else []
    locale = find_locale(language)
    english = language if locale and locale.language == "en" else "en"
    return Words(language, english, tuple(found for found in [*own, *map(_ours, names)] if found))


@lru_cache(maxsize=256)
def catalogue_names(language: str) -> tuple[str, ...]:
    """Return the names that a catalogue for a language may have, the nearest first: for "de-AT", "de-AT" and "de".

    A script that the language is not commonly written in stays: "zh-TW" leads to "zh-Hant", and not to "zh".
    """
    locale = find_locale(language)
    names = [language, *(_lineage(locale) if locale else [language.partition("-")[0]])]
    return tuple(dict.fromkeys(name for name in names if _NAME.fullmatch(name)))


def words_mistakes(site_folder: Path, templates: Templates) -> list[str]:
    """Return what is wrong in the catalogues of a site's templates folder, and which texts of theirs nothing says."""
    mistakes = []
    found = (path.relative_to(site_folder) for path in site_folder.rglob("*.po"))
    for name in sorted(name for name in found if not is_hidden(name)):
        path = site_folder / name
        if misplaced := _misplaced(name):
            mistakes.append(f"{path}: {misplaced}")
            continue
        try:
            catalogue = _own(path.stem, templates)
        except TemplateInvalid as error:
            mistakes.append(str(error))
            continue
        unsaid = [text for text in _texts(catalogue) if not _is_said(text, templates)]
        mistakes += [f'{path}: nothing says "{text}"; is it spelt as in English?' for text in unsaid]
    return mistakes


def _misplaced(path: Path) -> str:
    """Return why no words are read from a file of a site's templates folder, "" where they are."""
    if path.parent != Path(FOLDER):
        return f"no words are read from here; move it to {FOLDER}/{path.name}"
    if not _LANGUAGE.fullmatch(path.stem):
        return "is not named after a language; call it by its tag, like de.po or pt-BR.po"
    return ""


def _lineage(locale: Locale) -> Iterator[str]:
    name: str = str(locale)
    while name:
        yield name.replace("_", "-")
        name = _parent(name)


def _parent(name: str) -> str:
    if exception := get_global("parent_exceptions").get(name):
        return str(exception)
    rest, _, last = name.rpartition("_")
    is_script = len(last) == 4 and last.isalpha()
    usual = str(get_global("likely_subtags").get(rest, "")).split("_")
    return "" if is_script and last not in usual else rest


def _own(name: str, templates: Templates) -> Catalogue | None:
    file = f"{FOLDER}/{name}.po"
    text = templates.find_text(file)
    return None if text is None else _read(text, str(templates.path(file)), name)


@lru_cache(maxsize=64)
def _ours(name: str) -> Catalogue | None:
    path = _OURS / f"{name}.po"
    return read_catalogue(path.read_text(encoding="utf-8"), str(path), name) if path.is_file() else None


_read = lru_cache(maxsize=64)(read_catalogue)


def _texts(catalogue: Catalogue | None) -> list[str]:
    return [message if isinstance(message, str) else message[1] for message in catalogue.forms] if catalogue else []


def _is_said(text: str, templates: Templates) -> bool:
    ours = {message if isinstance(message, str) else message[1] for message in WORDS}
    return text in ours or any(text in templates.text(name) for name in templates.names())


def _fill(text: str, values: Mapping[str, object], language: str) -> str:
    # Odd pieces are names of placeholders. A value is put in whole and never looked at again.
    pieces = PLACEHOLDER.split(text)
    for name in pieces[1::2]:
        if name not in values:
            raise LookupError(f'"{text}" is given no {{{name}}}')
    pieces[1::2] = [_written(values[name], language) for name in pieces[1::2]]
    is_markup = any(isinstance(piece, Markup) for piece in pieces)
    return Markup("").join(pieces) if is_markup else "".join(pieces)


def _written(value: object, language: str) -> str:
    if isinstance(value, int):
        return number(value, language)
    return value if isinstance(value, Markup) else str(value)
