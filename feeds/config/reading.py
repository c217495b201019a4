"""Reading the config: from a file to checked settings, or to every mistake in it at once.

Nothing is created or written by reading. Not here: what is right or wrong (schema, values, places, checks).
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from feeds.config.checks import findings
from feeds.config.defaults import with_defaults
from feeds.config.mistakes import key_text, sentence
from feeds.config.places import Surroundings
from feeds.config.positions import Finding, Where, line_of, lines_of
from feeds.config.schema import Config, Sections
from feeds.errors import ConfigInvalid, Mistake

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def load_config(path: Path, environ: Mapping[str, str]) -> Config:
    """Read the config at ``path``, all its relative paths resolved against its folder.

    Secrets come from ``environ`` or from files. Raises ConfigInvalid with every mistake there is.
    """
    text = _text(path)
    data = _parsed(text, path)
    file = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    around = Surroundings(file.parent, environ)
    full = with_defaults(data)
    sections, complaints = _validated(full, around)
    found = _once([*((error["loc"], sentence(error)) for error in complaints), *findings(full, around.folder)])
    if sections is None or found:
        raise ConfigInvalid(_placed(found, path, text))
    return Config.model_construct(file=file, **dict(sections))


def _text(path: Path) -> str:
    line = None
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        problem = "not found; `pressrun init DIR` writes a new site, and --config names another file"
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = "holds bytes that are no UTF-8; save the file as UTF-8"
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    raise ConfigInvalid((Mistake(path, line, "", problem),))


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
    except RecursionError:
        raise ConfigInvalid((Mistake(path, None, "", "is no config: its brackets are nested too deeply"),)) from None
    place = _PLACE.search(said)
    line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
    problem = _PLACE.sub("", said)
    raise ConfigInvalid((Mistake(path, line, "", f"is no TOML from here on: {problem[:1].lower()}{problem[1:]}"),))


def _validated(data: dict[str, Any], around: Surroundings) -> tuple[Sections | None, list[ErrorDetails]]:
    # The complaints are handed back, not raised: the schema's exception holds what was typed, secrets included.
    try:
        return Sections.model_validate(data, context=around), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _once(found: list[Finding]) -> list[Finding]:
    first: dict[Where, str] = {}
    for where, what in found:
        first.setdefault(where, what)
    return list(first.items())


def _placed(found: list[Finding], path: Path, text: str) -> tuple[Mistake, ...]:
    lines = lines_of(text)
    mistakes = [Mistake(path, line_of(where, lines), key_text(where), what) for where, what in found]
    return tuple(sorted(mistakes, key=lambda mistake: (mistake.line or 0, mistake.key)))
