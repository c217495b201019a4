"""Facts that the store's tests begin with: an article with every field filled, and an entry that holds it.

Not here: the stores themselves (tests.store_fixtures).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feeds.model import (
    Access,
    Article,
    Block,
    Correction,
    Enclosure,
    Entry,
    Image,
    Person,
    Role,
    State,
    Tag,
)
from feeds.store import entries

MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)

PLAIN = Article(title="The ferry runs again", blocks=(), html="<p>From Monday.</p>")
FULL = Article(
    title="The ferry runs again",
    blocks=(Block(Role.TITLE, "The ferry runs again"), Block(Role.BODY, "<p>From Monday.</p>", is_html=True)),
    html="<p>From Monday.</p>",
    summary="After a winter of waiting.",
    authors=(Person("Ann Lee", "ann@gazette.example", "https://ann.example/"), Person("Zoë")),
    tags=(Tag("ferry", "Ferry"), Tag("c++", "C++")),
    section="Harbour",
    language="en-GB",
    image=Image(
        address="media:00ff.jpg",
        alt="A ferry",
        caption="At the pier",
        credit="Harbour Pictures",
        width=640,
        height=480,
        media_type="image/jpeg",
        length=12_345,
    ),
    enclosures=(Enclosure(address="media:ee.mp3", media_type="audio/mpeg", length=7, title="Listen"),),
    access=Access.MEMBERS,
    corrections=(Correction(MONDAY, "The ferry leaves at 7, not at 8."),),
    url="https://elsewhere.example/ferry",
    draft=True,
    declared_id="tag:gazette.example,2026:ferry",
    asked_slug="ferry",
    published_at=MONDAY,
    declared_updated_at=MONDAY + DAY,
    former_addresses=("/old/ferry", "/older/ferry"),
    files=(("pier.jpg", "00ff.jpg"), ("lost.jpg", "")),
    linked_entries=("folder/harbour.md",),
)


def entry(name="ferry", /, *, article=PLAIN, **facts):
    """Return a live entry whose id, key and slug are made of ``name``."""
    given = {"state": State.LIVE, "revision": 1, "content_hash": "c1", "source_hash": "s1", "source": "folder"}
    times = dict.fromkeys(("published_at", "updated_at", "first_seen_at"), MONDAY)
    names = {"id": f"urn:{name}", "key": f"{name}.md", "slug": name}
    return Entry(**(given | times | names | {"article": article} | facts))


def add(store, *given):
    """Put entries into a store."""
    with store.writing() as tx:
        for one in given:
            entries.add(tx, one, reading="r1")


def read(store, statement, *arguments, **named):
    """Run one reading statement in a transaction of its own; an iterator is read to its end."""
    with store.reading() as tx:
        found = statement(tx, *arguments, **named)
        return list(found) if hasattr(found, "__next__") else found


def write(store, statement, *arguments, **named):
    """Run one writing statement in a transaction of its own."""
    with store.writing() as tx:
        return statement(tx, *arguments, **named)


def change(store, old, *, at=MONDAY + DAY, **facts):
    """Write a new version of an entry, and return it."""
    new = replace(old, **facts)
    write(store, entries.replace, old, new, reading="r2", at=at)
    return new
