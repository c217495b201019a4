"""A mail of an edition is seen as a page, by the link in it; nothing changes, and nobody is told whose mail it was.

What was withdrawn since is not shown again. Not here: the newsletter's own pages on the site (jobs.publish).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feeds.jobs.subscribe.desk import Desk
from feeds.jobs.subscribe.links import find_selection
from feeds.model import Edition, EditionState, Part
from feeds.rules.series import folder_of
from feeds.store import delivery_changes, documents, editions, renderings
from feeds.store.engine import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMail:
    """What a link shows: the stored ``parts`` of a mail, none where it is shown no more.

    That is so where its edition ``is_cancelled``, or something in it was withdrawn. ``edition_url`` is the page of the
    edition on the site, with what is public of it, ``archive_url`` where the newsletter's are listed; each is "" where
    there is none. ``language`` is the newsletter's.
    """

    title: str
    language: str
    is_cancelled: bool
    edition_url: str
    archive_url: str
    parts: Mapping[str, Part]


def seen_mail(desk: Desk, text: str, *, now: datetime) -> SeenMail | None:
    """Return the mail that a link shows; None where the link is not good."""
    with desk.store.reading() as tx:
        found = find_selection(tx, text, now=now)
        edition = next(iter(editions.list_with(tx, [found[0]])), None) if found else None
        newsletter = desk.newsletter(edition.newsletter) if edition else None
        if found is None or edition is None or newsletter is None:
            return None
        folder = f"{folder_of(edition.series)}/{edition.number}/"
        has_page = newsletter.feed and documents.find(tx, f"{folder}index.html") is not None
        return SeenMail(
            title=newsletter.title,
            language=newsletter.language or desk.site.language,
            is_cancelled=edition.state is EditionState.CANCELLED,
            edition_url=f"{desk.site.url}{folder}" if has_page else "",
            archive_url=f"{desk.site.url}{folder_of(newsletter.slug)}/" if newsletter.feed else "",
            parts=renderings.get(tx, edition.id, found[1]) if _may_be_seen(tx, edition, found[1]) else {},
        )


def _may_be_seen(tx: Transaction, edition: Edition, selection_id: str) -> bool:
    return edition.state is not EditionState.CANCELLED and not delivery_changes.is_stale(tx, selection_id)
