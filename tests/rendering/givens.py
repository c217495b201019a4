"""Entries, a site and an edition to render, in words: what a test does not name is plain and the same everywhere.

Not here: what is expected of the pages and the mail made of them.
"""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

from feeds.model import Image, Person, Printed, Tag
from feeds.rendering.digest import render_digest
from feeds.rendering.environment import open_templates
from feeds.rendering.views import DigestView, FeedLink, SiteView

URL = "https://harbour.example/"
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TEMPLATES = open_templates()

SITE = SiteView(
    title="The Harbour Gazette",
    url=URL,
    language="en-GB",
    time_zone="Europe/Dublin",
    description="News from the islands",
    postal_address="3 Pier Road",
    feeds=(
        FeedLink("Gazette (RSS)", "application/rss+xml", URL + "rss.xml"),
        FeedLink("Gazette (Atom)", "application/atom+xml", URL + "atom.xml"),
        FeedLink("Gazette (JSON)", "application/feed+json", URL + "feed.json"),
    ),
)
PICTURE = Image(
    address=URL + "media/a.jpg", alt="A ferry", caption="The ferry at noon.", credit="Ann Lee", width=1200, height=800
)
PLAIN = Printed(
    id="urn:test:ferry",
    url=URL + "ferry/",
    title="The ferry sails",
    summary="It left pier three at ten past six with a piano on its foredeck.",
    html="<p>It left pier three.</p>",
    blocks=(),
    authors=(Person("Ann Lee"), Person("Bo Ek")),
    tags=(Tag("ferry", "Ferry"),),
    section="Harbour",
    language="en",
    direction="ltr",
    image=None,
    enclosures=(),
    corrections=(),
    published_at=MONDAY,
    updated_at=MONDAY,
    author_urls={"Ann Lee": URL + "authors/ann-lee/"},
    tag_urls={"ferry": URL + "tags/ferry/"},
)
ARABIC = replace(
    PLAIN,
    url=URL + "mina/",
    title="مهرجان الميناء يعود",
    summary="عاد مهرجان الميناء السنوي إلى المدينة القديمة هذا الأسبوع.",
    language="ar",
    direction="rtl",
    section="ثقافة",
)


def entry(**differences):
    return replace(PLAIN, **differences)


def entries(count, **differences):
    return tuple(entry(**{"url": f"{URL}{n}/", "title": f"Story {n}"} | differences) for n in range(1, count + 1))


def edition(**differences):
    view = DigestView(
        site=SITE,
        slug="weekly",
        title="The Harbour Weekly",
        date=MONDAY,
        entries=(PLAIN,),
        reply_to="weekly@harbour.example",
        description="The week on the quays.",
        edition="No. 12",
        language="en-GB",
        time_zone="Europe/Dublin",
    )
    return replace(view, **differences)


def digest(**differences):
    return render_digest(edition(**differences), TEMPLATES)


class Page(HTMLParser):
    """The elements of a page in order, each as its name and its attributes; and the text of some of them."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts, self._open = [], {}, []
        self.feed(html if isinstance(html, str) else html.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_data(self, data):
        self.texts.setdefault(self._open[-1] if self._open else "", []).append(data)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def all(self, tag, **wanted):
        found = (attributes for name, attributes in self.elements if name == tag)
        return [each for each in found if wanted.items() <= each.items()]

    def text(self, tag):
        return "".join(self.texts.get(tag, [])).strip()
