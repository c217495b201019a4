"""A document ready to be written: its place, its bytes, and the entries it holds.

A value only. Not here: making one (feed_documents, pages), writing it (output).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file of the output: ``held`` are (entry id, revision) in order, ``left_out`` (entry id, reason)."""

    feed: str
    format: str
    part: str
    path: str
    media_type: str
    data: bytes
    held: tuple[tuple[str, int], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
