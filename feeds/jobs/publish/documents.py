"""Documents ready to be written, and the sheet of all that one reprint comes to.

Values only. Not here: making them (entry_pages, listings, feed_documents, fixed), writing them (press, output).
"""

from __future__ import annotations

from dataclasses import dataclass

from feeds.store.reprints import Reprint

HTML = "text/html; charset=utf-8"
GONE, MOVED = ".gone", ".moved"  # beside a document: it is answered with 410, or with 301 to the address in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file of the output: ``held`` are (entry id, change) in order, ``left_out`` (entry id, reason).

    ``title`` is that of a feed to subscribe to, or what others lead to the page by. ``is_versioned`` documents are
    remembered, so that a reader who has one can be given what is newer.
    """

    feed: str
    format: str
    part: str
    path: str
    media_type: str
    data: bytes
    title: str = ""
    held: tuple[tuple[str, int], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    is_versioned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that one reprint comes to: the documents to write, the paths to clear, and what else is then to print.

    ``due`` is None where more of that reprint is to come.
    """

    due: Reprint | None
    documents: tuple[Document, ...] = ()
    cleared: tuple[str, ...] = ()
    then: tuple[Reprint, ...] = ()


def gone_marker(document: Document) -> Document:
    """Return the file that has a document's address answered with 410."""
    return _marker(document, GONE, b"Printed by Pressrun: gone for good\n")


def moved_marker(document: Document, address: str) -> Document:
    """Return the file that has a document's address answered with 301, to ``address``."""
    return _marker(document, MOVED, f"{address}\n".encode())


def _marker(document: Document, suffix: str, data: bytes) -> Document:
    return Document(
        feed=document.feed,
        format=suffix,
        part=document.path,
        path=document.path + suffix,
        media_type="text/plain; charset=utf-8",
        data=data,
    )
