"""Catalogues of translated words (``.po``, as gettext has them), held to the English texts that they translate.

The files beside this one are ours, one a language. Not here: which catalogues speak to whom, and how (words).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from gettext import c2py
from typing import TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from feeds.errors import TemplateInvalid

Message: TypeAlias = str | tuple[str, str]
"""A text in English; one that counts things is its singular and its plural."""

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
COUNTED = 1000  # numbers that a plural rule is tried with

# What Babel would read wrongly without a word: a string that is not quoted, or not closed.
_LINE = re.compile(
    r"""\s*(\#.*
    | ((msgid | msgid_plural | msgstr | msgstr\[\d\])\s+)? "([^"\\] | \\[nrt"\\])*"\s*
    )?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What texts are called in one language, in each of its plural forms, and which form a number takes."""

    forms: Mapping[Message, tuple[str, ...]]
    form_of: Callable[[int], int]

    def find(self, message: Message, number: int = 1) -> str | None:
        """Return the translation of a text, for a number of things where it counts them; None where there is none."""
        forms = self.forms.get(message)
        if forms is None:
            return None
        return forms[0 if isinstance(message, str) else self.form_of(number)]


def read_catalogue(text: str, place: str, language: str) -> Catalogue:
    """Read a catalogue; ``place`` is its file. A text that is fuzzy or not translated is as if it were not there.

    Raises TemplateInvalid, with the line, where it is malformed or a translation has other placeholders than its text.
    """
    try:
        read = _read(text, language)
        form_of = c2py(read.plural_expr)
        numbers = Counter(form_of(number) for number in range(COUNTED))
    except PoFileError as error:
        raise TemplateInvalid(f"{place}:{error.lineno + 1}", str(error).rpartition(" on ")[0]) from error
    except Exception as error:
        raise TemplateInvalid(place, f"cannot be read: {error}") from error
    if not set(numbers) <= set(range(read.num_plurals)):
        raise TemplateInvalid(place, f"Plural-Forms names a form beyond its nplurals={read.num_plurals}")
    for line, fault in _faults(read, numbers):
        raise TemplateInvalid(f"{place}:{line}", fault)
    return Catalogue({message: forms for _, message, forms in _translated(read)}, form_of)


def _read(text: str, language: str) -> Catalog:
    lines = text.split("\n")
    catalog = Catalog(language.replace("-", "_"))
    for number, line in enumerate(lines):
        if not _LINE.fullmatch(line):
            raise PoFileError('expected msgid, msgid_plural or msgstr and a text in "quotes"', catalog, line, number)
    return read_po(lines, locale=language.replace("-", "_"), ignore_obsolete=True, abort_invalid=True)


def _translated(read: Catalog) -> Iterator[tuple[int, Message, tuple[str, ...]]]:
    for message in read:
        string = message.string or ""
        forms = (string,) if isinstance(string, str) else tuple(string)
        if message.id and not message.fuzzy and any(forms):
            source = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
            yield message.lineno or 0, source, forms


def _faults(read: Catalog, numbers: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    for line, message, forms in _translated(read):
        source = message if isinstance(message, str) else message[1]
        for index, form in enumerate(forms):
            # A form for one number alone may say it in words: "another article".
            spared = {"num"} if not isinstance(message, str) and numbers.get(index, 0) <= 1 else set()
            if fault := _fault(source, form, spared):
                yield line, fault


def _fault(source: str, form: str, spared: set[str]) -> str:
    if not form:
        return f'"{source}" lacks one of its plural forms'
    wanted, found = set(PLACEHOLDER.findall(source)), set(PLACEHOLDER.findall(form))
    if missing := wanted - found - spared:
        return f'"{form}" lacks {{{min(missing)}}} of "{source}"'
    if strange := found - wanted:
        return f'"{form}" has {{{min(strange)}}}, and "{source}" has not'
    if any(PLACEHOLDER.sub("", form).count(brace) > PLACEHOLDER.sub("", source).count(brace) for brace in "{}"):
        return f'"{form}" has a brace that closes no placeholder'
    return ""
