"""What a feed says of its past and of its hubs: archives (RFC 5005), tombstones (RFC 6721), WebSub.

Not here: the addresses being absolute (common), the HTTP headers that repeat them (answers).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feeds.formats.check.common import when
from feeds.formats.check.dates import read_rfc3339
from feeds.formats.check.findings import Finding, Spot, error, warning
from feeds.formats.check.opening import Kind
from feeds.formats.check.views import Document, shortened
from feeds.formats.check.xml_view import HISTORY, TOMBSTONE, atom_links
from feeds.formats.text import is_iri


def check_archives(document: Document) -> Iterator[Finding]:
    """F24: one link to what is older, and never to the document itself."""
    if len(document.older) > 1:
        what = f"{len(document.older)} links to older entries instead of one"
        yield error("F24", document.older[1].spot, what, remedy="name the next older archive only")
    selves = {link.value for link in document.selves}
    for link in document.older:
        if link.value in selves:
            what = f"{link.name} leads to the document itself"
            yield error("F24", link.spot, what, remedy="name the next older archive, or leave it out in the oldest")


def check_history(document: Document) -> Iterator[Finding]:
    """F24: the marks of RFC 5005 agree with one another. XML only."""
    if document.kind is Kind.JSON:
        return
    node = document.feed.node
    complete, archive = node.find(HISTORY + "complete"), node.find(HISTORY + "archive")
    if complete is not None and document.older:
        what = "it says that it is complete, and links to older entries"
        yield error("F24", Spot(line=complete.sourceline), what, remedy="leave fh:complete out")
    if complete is not None and archive is not None:
        what = "it says that it is complete, and that it is an archive"
        yield error("F24", Spot(line=complete.sourceline), what, remedy="leave one of the two out")
    if archive is not None and not list(atom_links(node, "current", "the feed", rule="F24")):
        what = "it is an archive that does not name the document to subscribe to"
        yield warning("F24", Spot(line=archive.sourceline), what, remedy='add a link with rel="current"')


def check_tombstones(document: Document) -> Iterator[Finding]:
    """F25: a tombstone names what went and when, and nothing that is still there. XML only."""
    if document.kind is Kind.JSON:
        return
    held = {entry.id.value: when(entry.updated) for entry in document.entries if entry.id}
    for stone in document.feed.node.findall(TOMBSTONE + "deleted-entry"):
        yield from _stone_faults(stone, held)


def _stone_faults(stone: Any, held: dict[str, Any]) -> Iterator[Finding]:
    spot, ref, at = Spot(line=stone.sourceline), stone.get("ref", ""), read_rfc3339(stone.get("when", ""))
    if not is_iri(ref):
        what = f"a tombstone's ref {shortened(ref)!r} is not an absolute IRI"
        yield error("F25", spot, what, remedy="give it the id of the entry")
    if at.at is None:
        what = f"a tombstone's when {shortened(stone.get('when', ''))!r} {at.problem}"
        yield error("F25", spot, what, remedy="say when the entry went, as in 2024-03-02T12:00:00Z")
    if ref in held and not (at.at and held[ref] and held[ref] > at.at):
        what = f"it holds both {shortened(ref)} and a tombstone of it"
        yield error("F25", spot, what, remedy="leave one of the two out")


def check_hubs(document: Document) -> Iterator[Finding]:
    """F26: a hub is of use only with the one address that it knows the feed by."""
    if document.hubs and len(document.selves) != 1:
        what = "it names a hub, and not its own address"
        yield error("F26", document.hubs[0].spot, what, remedy='add one link with rel="self"')


CHECKS = (check_archives, check_history, check_tombstones, check_hubs)
