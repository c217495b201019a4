"""The feed formats: one file each, listed here, and the one safe way to render them.

Not here: which entries a feed holds (rules), where documents are written (jobs).
"""

from __future__ import annotations

from collections.abc import Mapping

from feeds.formats.atom import Atom
from feeds.formats.json_feed import JsonFeed
from feeds.formats.kinds import KINDS, Format
from feeds.formats.printing import (
    MAX_BYTES,
    Elements,
    Rendered,
    how_many_fit,
    print_document,
    print_elements,
    print_entry_elements,
    render_clean,
)
from feeds.formats.rss import Rss

FORMATS: Mapping[str, Format] = {format.name: format for format in (Rss(), Atom(), JsonFeed())}

__all__ = [
    "FORMATS",
    "KINDS",
    "MAX_BYTES",
    "Elements",
    "Format",
    "Rendered",
    "how_many_fit",
    "print_document",
    "print_elements",
    "print_entry_elements",
    "render_clean",
]
