"""Made-up entries that use every part a template can show, and the least an entry can be.

For checking templates before anything is printed. Not here: the checks themselves (checking), anything of a real site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feeds.model import Block, Correction, Enclosure, Image, NoticeKind, Person, Printed, Role, Tag
from feeds.rendering.edition_pages import EditionView, NewsletterView
from feeds.rendering.reader_pages import Choice, Form, Item, Said
from feeds.rendering.views import (
    Contents,
    Corrected,
    DigestView,
    FeedLink,
    Latest,
    Link,
    ListingView,
    MailPicture,
    NoticeTopic,
    NoticeView,
    Offer,
    SiteView,
    Theme,
)

URL = "https://sample.example/"
SAMPLE_LOGO = f"{URL}logo.png"
READERS = f"{URL}readers/"
MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

SITE = SiteView(
    title="The Sample",
    url=URL,
    language="en",
    time_zone="Europe/Dublin",
    description="A paper that only templates read",
    author="The Sample",
    postal_address="1 Sample Street",
    feeds=(FeedLink("The Sample", "application/rss+xml", f"{URL}rss.xml", "RSS"),),
    sections=(Link("Harbour", f"{URL}tags/harbour/"),),
    opml_url=f"{URL}feeds.opml",
    readers_url=READERS,
    icon_url=f"{URL}icon.png",
    rights="The Sample's own",
)
BARE_SITE = SiteView(title="Bare", url=URL)

PICTURE = Image(address=f"{URL}media/a.jpg", alt="A quay", caption="The quay.", credit="Sample", width=900, height=600)

FULL = Printed(
    id="urn:sample:full",
    url=f"{URL}full/",
    title="A sample with every part <&>",
    summary="What the sample says, in a sentence that is long enough to be shown beside the subject.",
    html=(
        "<p>The body, <strong>strong</strong>, with a <a href='https://sample.example/'>link to the front</a>,"
        " <code>a</code>.</p>"
        "<h2>A heading</h2><ul><li>One</li><li>Two</li></ul><h3>A smaller one</h3><blockquote><p>Said.</p></blockquote>"
        "<figure><img src='https://sample.example/b.jpg' alt='A crane'><figcaption>The crane.</figcaption></figure>"
        "<pre><code>a = 1</code></pre><table><tr><th>Pier</th><td>3</td></tr></table><hr>"
        "<p><em>Ann Lee writes samples.</em></p>"
    ),
    blocks=(Block(Role.STANDFIRST, "The standfirst."), Block(Role.AUTHORS_NOTE, "Ann Lee writes samples.")),
    authors=(Person("Ann Lee"), Person("Bo Ek", url=f"{URL}bo/"), Person("Cy Ruiz")),
    tags=(Tag("harbour", "Harbour"), Tag("quay", "Quay")),
    section="Harbour",
    language="en",
    direction="ltr",
    image=PICTURE,
    enclosures=(
        Enclosure(address=f"{URL}media/a.mp3", media_type="audio/mpeg", length=48_000, title="Listen"),
        Enclosure(address=f"{URL}media/a.pdf", media_type="application/pdf", length=0),
    ),
    corrections=(Correction(MORNING + timedelta(days=1), "A number was put right."),),
    published_at=MORNING,
    updated_at=MORNING + timedelta(days=1),
    author_urls={"Ann Lee": f"{URL}authors/ann-lee/"},
    tag_urls={"harbour": f"{URL}tags/harbour/"},
    section_url=f"{URL}sections/harbour/",
)
BARE = Printed(
    id="urn:sample:bare",
    url=f"{URL}bare/",
    title="",
    summary="",
    html="",
    blocks=(),
    authors=(),
    tags=(),
    section="",
    language="",
    direction="ltr",
    image=None,
    enclosures=(),
    corrections=(),
    published_at=MORNING,
    updated_at=MORNING,
)

_HARBOUR = FeedLink("Harbour", "application/atom+xml", f"{URL}tags/harbour/atom.xml", "Atom")
LISTING = ListingView(
    title="Harbour",
    heading="Harbour",
    kicker="Tag",
    description="All that happens there",
    url=f"{URL}tags/harbour/page/2/",
    entries=(FULL, BARE),
    page=2,
    front_url=f"{URL}tags/harbour/",
    newer_url=f"{URL}tags/harbour/page/3/",
    older_url=f"{URL}tags/harbour/page/1/",
    feeds=(_HARBOUR, replace(_HARBOUR, label="")),
    subscribe=True,
)
FEED_PAGE = ListingView(
    title="Harbour",
    heading="Harbour",
    kicker="Feed",
    url=f"{URL}tags/harbour/",
    entries=(FULL, BARE),
    older_url=f"{URL}tags/harbour/page/2/",
    feeds=(_HARBOUR,),
    subscribe=True,
    subscribe_first=True,
)
EMPTY_LISTING = ListingView(title="Bare", heading="Bare", url=URL, entries=())
LINKS = (Link("Harbour", f"{URL}tags/harbour/"), Link("Quay <&>", f"{URL}tags/quay/"))
FRONT_PAGE = ListingView(
    title="The Sample",
    heading="The Sample",
    url=URL,
    entries=(FULL, BARE),
    feeds=SITE.feeds,
    subscribe=True,
    contents=Contents(
        tags=LINKS,
        tags_url=f"{URL}tags/",
        newsletters=(
            Offer(
                title="The Sample Weekly",
                when="Weekly, on Monday",
                description="The week, on Monday.",
                editions_url=f"{URL}newsletters/weekly/",
                newest=Link("A sample with every part <&>, and 59 more", f"{URL}newsletters/weekly/12/"),
                number=12,
            ),
            Offer(title="Bare"),
        ),
        feeds=(Link("The Sample", "#follow"), *LINKS),
        feeds_url=f"{URL}feeds/",
    ),
)

EDITION = EditionView(
    title="The Sample Weekly",
    newsletter_url=f"{URL}newsletters/weekly/",
    url=f"{URL}newsletters/weekly/1/",
    number=1,
    subject="A sample with every part <&>, and 59 more",
    subject_language="en",
    at=MORNING,
    language="en",
    shown=(FULL, BARE),
    named=(FULL, BARE) * 29,
    feeds=(_HARBOUR,),
    note="<p>A word to <em>every</em> reader.</p>",
)
BARE_EDITION = replace(EDITION, subject_language="", shown=(BARE,), named=(), feeds=(), note="")
NEWSLETTER = NewsletterView(
    heading="The Sample Weekly",
    description="The week, on Monday.",
    url=f"{URL}newsletters/weekly/",
    editions=(EDITION, BARE_EDITION),
    older_url=f"{URL}newsletters/weekly/page/2/",
    feeds=(_HARBOUR,),
)
CLOSED_NEWSLETTER = replace(
    NEWSLETTER,
    url=f"{URL}newsletters/weekly/page/2/",
    page=2,
    front_url=f"{URL}newsletters/weekly/",
    newer_url=f"{URL}newsletters/weekly/",
    older_url=f"{URL}newsletters/weekly/page/1/",
)
FORMS = (
    Form(
        choices=(
            Choice("weekly", "The Sample Weekly", "The week, on Monday.", "Weekly, on Monday", is_ticked=True),
            Choice("bare", "Bare", "", "", is_ticked=False),
        ),
        address="ann@sample",
        timezone="Europe/Dublin",
        problems=("newsletters", "address"),
    ),
    Form(choices=()),
    Form(choices=(), problems=("proof",), proof="1.1.0", bits=16, write_to="ann@sample"),
)
SAYINGS = (
    Said(
        heading="A page with every part <&>",
        lines=("A line.",),
        items=(Item(text="The Sample Weekly", note="Paused", links=(("Unsubscribe", f"{READERS}leave/x"),)),),
        button="Confirm",
        action=f"{READERS}back/x",
        asks=True,
        problem=True,
        manages=True,
    ),
    Said(heading="Bare"),
)
EMPTY_NEWSLETTER = NewsletterView(heading="Bare", url=f"{URL}newsletters/bare/", editions=())

ARABIC = replace(
    FULL,
    id="urn:sample:arabic",
    url=f"{URL}arabic/",
    title="نموذج بكل الأجزاء",
    summary="ما يقوله النموذج في جملة طويلة بما يكفي لتظهر بجانب الموضوع.",
    section="الميناء",
    language="ar",
    direction="rtl",
)
UNSAID = replace(ARABIC, section_url="", image=replace(PICTURE, alt="", caption=""))
CAPTIONED = replace(ARABIC, image=replace(PICTURE, alt=""))

DIGEST = DigestView(
    site=SITE,
    slug="weekly",
    title="The Sample Weekly",
    date=MORNING,
    entries=(FULL, FULL, ARABIC, BARE, FULL, FULL, FULL, BARE, replace(FULL, section="Quay", tags=FULL.tags[1:])),
    reply_to="weekly@sample.example",
    description="The week, on Monday.",
    edition="No. 1",
    more_count=3,
    more_url=URL,
    note="<p>What the editor says, with a <a href='https://sample.example/'>link to the front</a>.</p>",
    corrections=(Corrected(FULL.title, FULL.url, MORNING, "A number was put right."),),
    pictures={f"{URL}media/a.jpg": MailPicture(f"{URL}media/mail/a.jpg", 544, 363)},
    preferences_url=READERS,
    page_url=f"{URL}newsletters/weekly/1/",
)
THEMED_DIGEST = replace(
    DIGEST,
    group_by="section",
    theme=Theme(
        headings="sans",
        text="sans",
        radius=8,
        logo_url=SAMPLE_LOGO,
        logo_width=120,
        logo_height=40,
        accent="#7a1f3d",
    ),
)
MIRRORED_DIGEST = replace(
    DIGEST,
    entries=(ARABIC, FULL, UNSAID, CAPTIONED, *(ARABIC,) * 4),
    language="ar",
    direction="rtl",
    title="أسبوعية",
    group_by="tag",
)
_NOTICE = NoticeView(
    site=SITE,
    kind=NoticeKind.CONFIRM,
    date=MORNING,
    address="ann@sample.example",
    reply_to="weekly@sample.example",
    newsletters=(NoticeTopic("The Sample Weekly", f"{URL}newsletters/weekly/", "Monday, 07:00"),),
    action_url=f"{URL}readers/confirm/sample",
    good_until=MORNING + timedelta(days=7),
    wording="I want this by e-mail, and may stop it at any time.",
    preferences_url=f"{URL}readers/preferences/sample",
)
_MIRRORED_NOTICE = replace(_NOTICE, language="ar", newsletters=(*_NOTICE.newsletters, NoticeTopic("أسبوعية", URL)))
_BARE_NOTICE = NoticeView(
    site=BARE_SITE, kind=NoticeKind.CONFIRM, date=MORNING, address="ann@sample.example", reply_to="bare@sample.example"
)
_LATEST = Latest("No. 1", MORNING, f"{URL}newsletters/weekly/1/", (FULL, ARABIC, BARE))
_CARRYING = replace(_NOTICE, kind=NoticeKind.WELCOME, latest=_LATEST)
NOTICES = (
    *(replace(notice, kind=kind) for kind in NoticeKind for notice in (_NOTICE, _MIRRORED_NOTICE, _BARE_NOTICE)),
    _CARRYING,
    replace(_MIRRORED_NOTICE, kind=NoticeKind.WELCOME, latest=replace(_LATEST, url="")),
)
BARE_DIGEST = DigestView(
    site=BARE_SITE, slug="bare", title="Bare", date=MORNING, entries=(BARE,), reply_to="bare@sample.example"
)
DIGESTS = (DIGEST, THEMED_DIGEST, MIRRORED_DIGEST, BARE_DIGEST)


def digests(layouts: Iterable[str]) -> Iterator[DigestView]:
    """Yield every sample digest in each of these layouts."""
    for layout in layouts:
        yield from (replace(digest, layout=layout) for digest in DIGESTS)


def editions_like(view: DigestView) -> tuple[DigestView, DigestView]:
    """Return sample editions of a newsletter, set as this view of it is: one with every part, and the least one."""
    full = replace(
        view,
        entries=tuple(_printed_in(entry, view) for entry in DIGEST.entries),
        more_count=DIGEST.more_count,
        more_url=DIGEST.more_url,
        note=DIGEST.note,
        corrections=DIGEST.corrections,
        pictures=DIGEST.pictures,
        page_url=DIGEST.page_url,
    )
    return full, replace(view, entries=(_printed_in(BARE, view),))


def notices_like(site: SiteView) -> Iterator[NoticeView]:
    """Yield sample notices of a site, of each kind one with every part."""
    for kind in NoticeKind:
        notice = _CARRYING if kind is NoticeKind.WELCOME else replace(_NOTICE, kind=kind)
        yield replace(notice, site=site, language=site.language)


def site_like(site: SiteView) -> SiteView:
    """Return a site as the samples stand on: named and coloured as this one, and with every address a sample."""
    logo = SAMPLE_LOGO if site.theme.logo_url else ""
    return replace(
        SITE,
        title=site.title,
        language=site.language,
        direction=site.direction,
        time_zone=site.time_zone,
        description=site.description,
        author=site.author,
        postal_address=site.postal_address,
        readers_url=READERS if site.readers_url else "",
        theme=replace(site.theme, logo_url=logo),
    )


def _printed_in(entry: Printed, view: DigestView) -> Printed:
    """Return an entry that says of what language it is, as all do when they are printed."""
    return entry if entry.language else replace(entry, language=view.language, direction=view.direction)
