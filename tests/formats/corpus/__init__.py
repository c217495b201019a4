"""Hostile articles, theme by theme, each with what is to become of it.

Not here: the judging (tests/formats/test_corpus.py).
"""

from tests.formats.corpus import (
    characters,
    dates,
    encodings,
    files,
    front_matter,
    identities,
    languages,
    links,
    payloads,
    people,
    plain,
    sizes,
    tags,
    titles,
)

_MODULES = (
    *(characters, dates, encodings, files, front_matter, identities, languages, links, payloads, people, plain),
    *(sizes, tags, titles),
)
THEMES = {module.__name__.rpartition(".")[2]: module.THEME for module in _MODULES}
