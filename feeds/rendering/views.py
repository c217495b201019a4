"""What the templates are given: small frozen pictures of the site, a listing and a digest.

Values only. Not here: how they look (templates), where they come from (the store, the config).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feeds.model import NoticeKind, Printed
from feeds.rules.printing import direction_of


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed document to advertise: the title people see, its media type, its absolute address.

    ``label`` is the format's own name ("RSS"), for where the feed's title stands above it.
    """

    title: str
    media_type: str
    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A named address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An e-mail address with the name shown beside it, which may be empty."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What a digest is coloured and set with; colours are ``#rrggbb``, ``radius`` is in pixels.

    The type is ``serif`` or ``sans``. ``logo_url`` is absolute, "" for none; its size is in pixels.
    """

    paper: str = "#fffefb"
    canvas: str = "#f1eee6"
    ink: str = "#191c1e"
    accent: str = "#0b5563"
    dark_paper: str = "#151b1e"
    dark_canvas: str = "#0c1012"
    dark_ink: str = "#e9e5dc"
    dark_accent: str = "#7fc6d2"
    headings: str = "serif"
    text: str = "serif"
    radius: int = 0
    logo_url: str = ""
    logo_width: int = 0
    logo_height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """The site as every page shows it.

    ``url`` is absolute and ends in a slash; ``language`` is a BCP 47 tag, ``direction`` ``ltr`` or ``rtl``,
    ``time_zone`` an IANA name: days are shown in it. ``feeds`` are the whole site's, ``sections`` its navigation: they
    are given on the front page alone, so that a new section has no other page printed anew.
    ``opml_url`` is where all feeds stand in one file; ``readers_url`` where one subscribes to newsletters, "" where
    there are no pages for that; ``rights`` a licence's address or a line of text. ``theme`` is
    that of its digests.
    """

    title: str
    url: str
    language: str = "en"
    direction: str = "ltr"
    time_zone: str = "UTC"
    description: str = ""
    author: str = ""
    postal_address: str = ""
    feeds: tuple[FeedLink, ...] = ()
    sections: tuple[Link, ...] = ()
    opml_url: str = ""
    readers_url: str = ""
    icon_url: str = ""
    rights: str = ""
    theme: Theme = Theme()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A newsletter that the front page offers: ``when`` says how often it comes, "" where that is hard to say.

    ``editions_url`` is where its past editions are listed, "" where none is in print; ``newest`` is the latest of them,
    its title its subject, and ``number`` its number.
    """

    title: str
    when: str = ""
    description: str = ""
    editions_url: str = ""
    newest: Link | None = None
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the front page leads to beside its stories: tags, the most used first, newsletters, the pages of feeds.

    ``tags_url`` and ``feeds_url`` are where all of them stand, "" where these are all.
    """

    tags: tuple[Link, ...] = ()
    tags_url: str = ""
    newsletters: tuple[Offer, ...] = ()
    feeds: tuple[Link, ...] = ()
    feeds_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingView:
    """A page that lists entries, newest first: the index, the page of a tag, an author, a section or a feed.

    ``heading`` is the page's h1 and ``kicker`` the small label above it ("Tag", "Author"); ``url`` is the page's own
    canonical address. ``page`` is None for the front, which is open and holds the newest; closed pages count from 1,
    the oldest, so that none ever changes; ``front_url`` is given for those. ``feeds`` are this listing's own, told of
    before the site's. With ``subscribe`` the page says how; ``subscribe_first`` puts that above the stories: on the
    page that a feed has of its own it is what people come for. ``contents`` are given on the front page.
    """

    title: str
    heading: str
    url: str
    entries: tuple[Printed, ...]
    kicker: str = ""
    description: str = ""
    page: int | None = None
    front_url: str | None = None
    newer_url: str | None = None
    older_url: str | None = None
    feeds: tuple[FeedLink, ...] = ()
    subscribe: bool = False
    subscribe_first: bool = False
    contents: Contents | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the sitemap: its address, and when it last changed."""

    url: str
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction to an entry that readers had before: what was wrong, in plain text, and when it was put right."""

    headline: str
    url: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class MailPicture:
    """A picture made for mail: ``address`` is absolute or ``cid:``, its size in pixels as it is shown at most."""

    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """An edition as it is to be rendered: who prints it, when, and the entries, newest first.

    ``date`` is aware and shown in ``time_zone``. ``reply_to`` takes requests to leave. ``more_count`` entries did not
    fit and stand at ``more_url``. ``subject`` and ``preheader`` None: they are made by their templates. ``edition`` is
    a short line such as "No. 12", shown beside the date. ``description`` says what the newsletter is, for "why you get
    this". ``layout`` is the name of a template, ``group_by`` is ``section``, ``tag`` or "". ``note`` is the editor's,
    as clean HTML. ``pictures`` are those made for mail, by the address that an entry's picture has. ``mark`` is what
    the merge fields of all selections of an edition are known by, "" where there is but one. ``preferences_url`` None:
    readers have no pages. ``page_url`` is the public page that shows the same, "" where a selection has a page of its
    own for that, and None where there is neither.
    """

    site: SiteView
    slug: str
    title: str
    date: datetime
    entries: tuple[Printed, ...]
    reply_to: str
    description: str = ""
    edition: str = ""
    language: str = "en"
    direction: str = "ltr"
    time_zone: str = "UTC"
    more_count: int = 0
    more_url: str | None = None
    subject: str | None = None
    preheader: str | None = None
    layout: str = "front-page"
    group_by: str = ""
    note: str = ""
    corrections: tuple[Corrected, ...] = ()
    pictures: Mapping[str, MailPicture] = field(default_factory=dict)
    preferences_url: str | None = None
    page_url: str | None = None
    theme: Theme = Theme()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class NoticeTopic:
    """A newsletter that a notice is about: its title, the address of its page, and when it comes, in words."""

    title: str
    url: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest edition of a newsletter: "No. 12", when it was due, its page or "", what of it is public now."""

    edition: str
    at: datetime
    url: str
    entries: tuple[Printed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A notice as it is to be rendered; it has all that the parts which it shares with digests ask of a view.

    ``address`` is whom it is for. ``action_url`` is where its button leads, None for no button; ``good_until`` how long
    that is good. ``wording`` is what one agrees to. ``reply_to`` takes requests to leave. ``date`` is aware.
    ``page_url`` is None, since a notice stands on no page. ``latest`` is the edition that it carries.
    """

    site: SiteView
    kind: NoticeKind
    date: datetime
    address: str
    reply_to: str
    language: str = "en"
    newsletters: tuple[NoticeTopic, ...] = ()
    action_url: str | None = None
    good_until: datetime | None = None
    wording: str = ""
    preferences_url: str | None = None
    page_url: None = None
    latest: Latest | None = None
    edition: str = ""
    description: str = ""

    @property
    def title(self) -> str:
        """Whose paper it looks like: the one newsletter's that it is about, or the site's."""
        return self.newsletters[0].title if len(self.newsletters) == 1 else self.site.title

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``, as its language is written."""
        return direction_of(self.language)

    @property
    def time_zone(self) -> str:
        """The zone that days are shown in."""
        return self.site.time_zone

    @property
    def theme(self) -> Theme:
        """What it is coloured and set with."""
        return self.site.theme


@dataclass(frozen=True, slots=True)
class Digest:
    """An edition as mail content: subject, preheader, HTML with every style inline, and plain text.

    ``shown`` is how many entries stand in it; the others are among those counted as "more on the web". ``mark`` is what
    its merge fields are known by. Where it is known in pieces that other selections of its edition have too, they
    stand beside the whole; ``is_joined`` tells that each of them stood in another digest before.
    """

    subject: str
    preheader: str
    html: str
    text: str
    shown: int = 0
    mark: str = ""
    html_pieces: tuple[str, ...] = ()
    text_pieces: tuple[str, ...] = ()
    is_joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every message of an edition has at its head, whoever it goes to.

    ``list_id`` comes without angle brackets; it is "" in a notice that is one person's own affair, and then nothing at
    the head speaks of a list. ``return_path`` is where bounces go. ``leave_url`` is a mailto link, for readers who have
    none of their own. ``mark`` is the digest's, "" in what was fixed before there were merge fields.
    ``readers_at`` is the site's address where readers have their own pages below it, "" where they have none.
    """

    sender: Mailbox
    list_id: str
    leave_url: str
    feedback_id: str
    return_path: str
    reply_to: Mailbox | None = None
    mark: str = ""
    readers_at: str = ""
