"""What podcast directories ask of an RSS feed: Apple's elements and those of Podcasting 2.0.

feedgen's own extension writes yes and no, where true and false are asked for. Not here: the recording (an enclosure).
"""

from __future__ import annotations

from typing import Any

from feeds.formats.frame import add
from feeds.formats.names import ITUNES, PODCAST
from feeds.model import Episode, Image, Podcast

_COVERS = {"image/jpeg", "image/png"}  # Apple takes no others


def add_podcast(channel: Any, podcast: Podcast) -> None:
    """Add to a channel what makes it a podcast."""
    add(channel, ITUNES + "author", podcast.author)
    add(channel, ITUNES + "type", "serial" if podcast.serial else "episodic")
    add(channel, ITUNES + "explicit", _truth(podcast.explicit))
    if podcast.image_url:
        add(channel, ITUNES + "image", href=podcast.image_url)
    for steps in podcast.categories:
        place = channel
        for step in steps:  # the narrower one stands in the wider one
            place = add(place, ITUNES + "category")
            place.set("text", step)
    if podcast.owner:
        owner = add(channel, ITUNES + "owner")
        add(owner, ITUNES + "name", podcast.owner.name)
        if podcast.owner.email:
            add(owner, ITUNES + "email", podcast.owner.email)
    add(channel, PODCAST + "guid", podcast.guid)
    if podcast.locked is not None:
        email = podcast.owner.email if podcast.owner else None
        add(channel, PODCAST + "locked", "yes" if podcast.locked else "no", owner=email)


def add_episode(item: Any, episode: Episode, image: Image | None) -> None:
    """Add to an item what it is in a podcast."""
    said = {
        "duration": episode.duration,
        "season": episode.season,
        "episode": episode.number,
        "episodeType": episode.kind,
        "explicit": None if episode.explicit is None else _truth(episode.explicit),
    }
    for name, value in said.items():
        if value is not None:
            add(item, ITUNES + name, str(value))
    if image and _is_cover(image):
        add(item, ITUNES + "image", href=image.address)


def _is_cover(image: Image) -> bool:
    # The directories refuse a feed with a cover that is not square: a photograph stays in media:content only.
    return image.media_type in _COVERS and image.width is not None and image.width == image.height


def _truth(value: bool) -> str:
    return "true" if value else "false"
