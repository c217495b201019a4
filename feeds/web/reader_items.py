"""A reader's subscription as a line of their pages: how it stands, its own pages, and by which way it comes.

Pure. Not here: answering (reader_answers), changing it (jobs.subscribe).
"""

from __future__ import annotations

from datetime import datetime

from feeds.jobs.subscribe.doors import Door
from feeds.jobs.subscribe.leaving_by_link import LinkStanding
from feeds.rendering.reader_pages import Item
from feeds.rendering.wording import day
from feeds.rendering.words import Words


def item_of(found: LinkStanding, words: Words, *, now: datetime, zone: str, is_whole: bool) -> Item:
    """Return the line; ``is_whole`` where the reader alone can see it, with all that may be changed."""
    if not found.is_active:
        back = ((words.text("Subscribe again"), found.back_url),) if found.back_url else ()
        return Item(text=found.title, note=words.text("Ended"), links=back)
    links: tuple[tuple[str, str], ...] = ((words.text("Unsubscribe"), found.leave_url),)
    if is_whole:
        links = ((words.text("Preferences"), found.preferences_url), *links)
    return Item(
        text=found.title,
        note=_note(found, words, now=now, zone=zone),
        links=links,
        slug=found.newsletter,
        doors=_doors(found, words) if is_whole else (),
        feeds=found.feed_urls if is_whole else (),
    )


def door_words(door: Door, title: str, words: Words) -> str:
    """Say by which way a newsletter comes from now on."""
    if door is Door.MAIL:
        return words.text("{newsletter} comes to you as before.", newsletter=title)
    return words.text(
        "{newsletter} comes to your feed reader from now on, and no more by mail.",
        newsletter=title,
    )


def _note(found: LinkStanding, words: Words, *, now: datetime, zone: str) -> str:
    if found.is_by_feed:
        return words.text("By private feed")
    if found.paused_until and found.paused_until > now:
        return words.text("Paused until {day}", day=day(found.paused_until, words.language, zone))
    return ""


def _doors(found: LinkStanding, words: Words) -> tuple[tuple[str, str], ...]:
    if not found.is_confirmed:
        return ()
    if not found.is_by_feed:
        return ((Door.FEED, words.text("Get it as a private feed, not by mail")),)
    anew = words.text("End these addresses and get new ones")
    return ((Door.MAIL, words.text("Go back to mail")), (Door.ANEW, anew))
