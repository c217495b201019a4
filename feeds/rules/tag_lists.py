"""Lists of tags, ``v=DKIM1; k=rsa; p=…``, as the records of DKIM and DMARC are written (RFC 6376 section 3.2).

Not here: what the tags mean (dkim_records, dmarc).
"""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class BadTagList(ValueError):
    """A text is no list of tags; it says what is wrong with it."""


def read_tags(text: str) -> dict[str, str]:
    """Return the tags in their order, names as they are spelt, no blanks around values; raise BadTagList."""
    tags: dict[str, str] = {}
    pieces = text.split(";")
    for piece in pieces if pieces[-1].strip() else pieces[:-1]:
        name, equals, value = piece.partition("=")
        name = name.strip()
        if not equals or not _NAME.fullmatch(name):
            raise BadTagList(f"{piece.strip()[:40]!r} is no tag; expected name=value between semicolons")
        if name in tags:
            raise BadTagList(f"{name}= stands in it twice")
        tags[name] = value.strip()
    return tags
