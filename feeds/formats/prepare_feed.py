"""Makes what a document says of its feed ready to be written: clean text, whole times, addresses that lead somewhere.

Not here: the entries (prepare), writing (rss, atom, json_feed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from feeds.errors import PressrunError
from feeds.formats.prepare import clean_person, clean_rights, whole_second
from feeds.formats.text import is_iri, language_tag, web_address
from feeds.model import Feed, Podcast, Tombstone
from feeds.rules.text import clean_line, clean_text


def prepare_feed(feed: Feed) -> Feed:
    """Make the frame of a document fit for every format; a feed without a title goes by its address.

    Raises PressrunError where its id is no absolute IRI, its home no web address, or its time has no zone.
    """
    home = web_address(feed.home_url)
    if not home or not is_iri(feed.id):
        raise PressrunError(
            f"{clean_text(feed.id)}: a feed needs an absolute IRI as its id, and the address of its page"
        )
    title = clean_line(feed.title) or home
    author = clean_person(feed.author, {})
    return replace(
        feed,
        title=title,
        description=clean_line(feed.description) or title,
        home_url=home,
        language=language_tag(feed.language),
        author=author if author.name else replace(author, name=title),
        addresses=_leading(feed.addresses),
        updated_at=whole_second(feed.id, feed.updated_at),
        icon_url=web_address(feed.icon_url or "") or None,
        page_url=web_address(feed.page_url),
        previous=_leading(feed.previous),
        current=_leading(feed.current),
        tombstones=tuple(_tombstone(stone) for stone in feed.tombstones if is_iri(stone.entry_id)),
        hubs=tuple(found for hub in feed.hubs if (found := web_address(hub))),
        rights=clean_rights(feed.rights),
        podcast=_podcast(feed.podcast, title) if feed.podcast else None,
    )


def _leading(addresses: Mapping[str, str]) -> dict[str, str]:
    return {name: found for name, given in addresses.items() if (found := web_address(given))}


def _tombstone(stone: Tombstone) -> Tombstone:
    return Tombstone(stone.entry_id, whole_second(stone.entry_id, stone.at), clean_line(stone.comment))


def _podcast(podcast: Podcast, title: str) -> Podcast:
    owner = clean_person(podcast.owner, {}) if podcast.owner else None
    return replace(
        podcast,
        guid=clean_line(podcast.guid),
        author=clean_line(podcast.author) or title,
        image_url=web_address(podcast.image_url),
        categories=tuple(tuple(map(clean_line, steps)) for steps in podcast.categories),
        owner=replace(owner, name=owner.name or title) if owner else None,
    )
