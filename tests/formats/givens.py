"""Feeds and entries to print, in words: what a test does not name is plain and the same everywhere.

Not here: what is expected of the documents made of them.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feeds.formats import FORMATS, render_clean
from feeds.formats.parsing import parse_json, parse_xml
from feeds.model import Enclosure, Feed, Image, Person, Printed, Tag

SITE = "https://harbour.example/"
NOON = datetime(2024, 3, 2, 12, 0, tzinfo=UTC)
ANN, BO = Person("Ann Lee"), Person("Bo Ek", "bo@harbour.example", "https://bo.example/")
SOUND = Enclosure(address=SITE + "media/a.mp3", media_type="audio/mpeg", length=1234, title="Listen")
MAP = Enclosure(address=SITE + "media/b.pdf", media_type="application/pdf", length=99)
PICTURE = Image(
    address=SITE + "media/c.png",
    alt="A ferry",
    caption="The ferry at noon",
    credit="Harbour Pictures",
    width=800,
    height=600,
    media_type="image/png",
    length=4321,
)

FEED = Feed(
    id="urn:uuid:0b9f2a16-0000-4000-8000-0000000000fe",
    title="Harbour & Shore",
    description="News from the waterfront",
    home_url=SITE,
    language="en-GB",
    author=Person("The Harbour desk"),
    addresses={name: SITE + format.filename for name, format in FORMATS.items()},
    updated_at=NOON + timedelta(days=9),
    icon_url=SITE + "icon.png",
)

PLAIN = Printed(
    id="urn:uuid:6f1c8a4e-0000-4000-8000-0000000000aa",
    url=SITE + "ferry/",
    title="The ferry is late",
    summary="It waits for the tide.",
    html="<p>It <em>waits</em> for the tide.</p>",
    blocks=(),
    authors=(ANN,),
    tags=(),
    section="",
    language="en-GB",
    direction="ltr",
    image=None,
    enclosures=(),
    corrections=(),
    published_at=NOON,
    updated_at=NOON,
)


def entry(number=1, **changes):
    numbered = {"id": f"urn:uuid:6f1c8a4e-0000-4000-8000-{number:012d}", "url": f"{SITE}{number}/"}
    return replace(PLAIN, **(numbered | changes))


def varied():
    """Return entries of many kinds, newest first."""
    later = NOON + timedelta(hours=1)
    kinds = [
        {"title": "Café “Früh” — naïve", "authors": (ANN, BO), "updated_at": later},
        {"title": "Fish & <b>chips</b>", "tags": (Tag("c", "C"), Tag("cpp", "C++")), "tag_urls": {"c": SITE + "t/c/"}},
        {"title": "صباح الخير", "language": "ar", "direction": "rtl", "html": "<p>صباح الخير</p>"},
        {"title": "Listen", "enclosures": (SOUND, MAP), "image": PICTURE},
        {"title": "No author, no summary", "authors": (), "summary": ""},
        {"title": "By mail", "authors": (BO,), "summary": "5 < 6 & 7 > 6"},
        {"title": "Old", "published_at": datetime(1066, 10, 14, 9, tzinfo=UTC)},
    ]
    dated = [{"published_at": NOON - timedelta(days=number)} | kind for number, kind in enumerate(kinds)]
    return [entry(number, **({"updated_at": kind["published_at"]} | kind)) for number, kind in enumerate(dated, 1)]


def written(name, *entries, **changes):
    return render_clean(FORMATS[name], replace(FEED, **changes), entries).data


def rss(*entries, **changes):
    """Return the channel of an RSS document."""
    return parse_xml(written("rss", *entries, **changes)).find("channel")


def atom(*entries, **changes):
    """Return the root of an Atom document."""
    return parse_xml(written("atom", *entries, **changes))


def json_feed(*entries, **changes):
    """Return a JSON Feed as the object it is."""
    return parse_json(written("json", *entries, **changes))
