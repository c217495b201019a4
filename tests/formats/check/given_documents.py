"""Sound documents to spoil: in each format one with everything in it, and one that is an archive.

Not here: how they are spoilt (test_planted_faults).
"""

from datetime import timedelta

from feeds.formats import FORMATS
from feeds.model import Tag, Tombstone
from tests.formats.givens import BO, MAP, NOON, PICTURE, SITE, SOUND, entry, written

HUB = "https://hub.example/"
GONE = "urn:uuid:6f1c8a4e-0000-4000-8000-00000000dead"
FIRST, SECOND = entry(1).id, entry(2).id
ENTRIES = (
    entry(1, title="Listen", enclosures=(SOUND, MAP), image=PICTURE, tags=(Tag("c", "C"),), authors=(BO,)),
    entry(2, published_at=NOON - timedelta(days=1), updated_at=NOON - timedelta(hours=3)),
)


def address(name):
    return SITE + FORMATS[name].filename


def sound(name):
    """Return a document that people subscribe to."""
    older = {each: f"{SITE}archive/1/{FORMATS[each].filename}" for each in FORMATS}
    stones = (Tombstone(GONE, NOON),)
    return written(name, *ENTRIES, hubs=(HUB,), previous=older, tombstones=stones)


def archive(name):
    """Return a closed archive."""
    addresses = {each: f"{SITE}archive/1/{format.filename}" for each, format in FORMATS.items()}
    return written(name, *ENTRIES, addresses=addresses, current={each: address(each) for each in FORMATS})
