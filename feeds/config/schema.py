"""The settings as the rest of the program reads them: one frozen model for each section of the config.

Not here: reading the file (reading), what one key may hold (values, places), what two keys may not (checks).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo

from pydantic import Field, field_serializer

from feeds.config.bounces import BouncesConfig
from feeds.config.dkim import DkimConfig
from feeds.config.feeds import FeedConfig, Query
from feeds.config.lint import LintConfig
from feeds.config.parts import (
    CadenceWord,
    CadenceWords,
    Clock,
    CronLine,
    Day,
    Duration,
    Hidden,
    Language,
    Languages,
    Lines,
    Mailbox,
    Part,
    Place,
    Renames,
    SiteId,
    SiteUrl,
    Slug,
    StoreUrl,
    Text,
    WebAddress,
    WebAddresses,
    ZoneName,
)
from feeds.config.places import sqlite_path
from feeds.config.readers import ReadersConfig
from feeds.config.serving import WebConfig
from feeds.config.theme import ThemeConfig
from feeds.rules.allowance import Limits
from feeds.rules.cadence import DEFAULT_AT, Cadence, cron, every
from feeds.rules.delivering import InDoubt
from feeds.rules.due import CatchUp
from feeds.rules.preferences import Allowed
from feeds.rules.printing import Press
from feeds.rules.series import Turn

_DATABASE: Any = "var/pressrun.db"  # validation makes a Secret of it


class SourceKind(StrEnum):
    """What a source reads from."""

    FOLDER = "folder"


class Layout(StrEnum):
    """How a digest is laid out."""

    FRONT_PAGE = "front-page"
    READING_LIST = "reading-list"
    FULL_TEXT = "full-text"


class Grouping(StrEnum):
    """What the stories of a digest are grouped by."""

    SECTION = "section"
    TAG = "tag"


class Pictures(StrEnum):
    """How a digest brings its pictures: from the site, within the message, or not at all."""

    LINKED = "linked"
    EMBEDDED = "embedded"
    NONE = "none"


class TransportKind(StrEnum):
    """What carries messages."""

    MAILDIR = "maildir"
    SMTP = "smtp"


class Tls(StrEnum):
    """Whether the way to the mail server must be encrypted."""

    REQUIRED = "required"
    NONE = "none"


class SiteConfig(Part):
    """Who publishes: the name, address and time zone that everything printed carries."""

    id: SiteId = Field(description="a UUID; `pressrun init` mints it, and entry ids are made from it")
    title: Text = Field(description="the site's name")
    url: SiteUrl = Field(description="where the output is served: http:// or https://, with no query")
    language: Language = Field("en", description="the language of entries that say nothing else, BCP 47")
    timezone: ZoneName = Field("UTC", description="the IANA time zone of dates that name none")
    author: Text | None = Field(None, description="the author of entries that name none")
    postal_address: Lines | None = Field(None, description="the publisher's postal address, for the foot of mail")
    description: Text | None = Field(None, description="one line on what the site is")
    rights: Text | None = Field(None, description="who holds the rights, or the address of a licence")
    icon: WebAddress | None = Field(None, description="the address of a square picture of the site")
    hubs: WebAddresses = Field((), description="the WebSub hubs that are told of changes")

    @property
    def zone(self) -> ZoneInfo:
        """Return the site's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def press(self) -> Press:
        """Return what print needs to know of the site, without the address of any page."""
        return Press(site_url=self.url, language=self.language, author=self.author or "", zone=self.zone)


class StoreConfig(Part):
    """Where articles are kept."""

    url: StoreUrl = Field(_DATABASE, description='a path, "sqlite:///PATH", "postgresql://…", or a secret')
    media: Place = Field(Path("var/media"), description="the folder of pictures and enclosures")

    @property
    def sqlite_path(self) -> Path | None:
        """Return the database's file, None where it is PostgreSQL."""
        return sqlite_path(self.url.reveal())


class SourceConfig(Part):
    """Where articles are read from."""

    kind: SourceKind = Field(SourceKind.FOLDER, strict=False, description="what kind of source it is")
    slug: Slug = Field("articles", description="the source's short name, part of its entries' identity")
    path: Place = Field(Path("articles"), description="the folder of articles")
    language: Language | None = Field(None, description="the language of its entries, if not the site's")


class TagsConfig(Part):
    """How tags are spelt."""

    aliases: Renames = Field(default_factory=dict, description="old spelling = new spelling")


class CadenceConfig(Part):
    """How often a newsletter is due: ``every`` and ``at``, or ``cron`` in their place."""

    every: CadenceWord = Field("monday", description="on which days it is due")
    at: Clock = Field(DEFAULT_AT, description="at what time of day it is due")
    since: Day | None = Field(None, alias="from", description="the day that it starts, and that weeks count from")
    timezone: ZoneName | None = Field(None, description="the IANA time zone of its clock, if not the site's")
    cron: CronLine | None = Field(None, description="a cron line of five fields in place of every and at")
    local: bool = Field(False, description="whether its hour is that of each reader's own time zone")

    @field_serializer("every", "at")
    def _unless_cron(self, value: str) -> str | None:
        return None if self.cron else value

    def in_zone(self, site_zone: str, *, word: str = "") -> Cadence:
        """Return the cadence, in the site's time zone where it names none of its own; that of another ``word``."""
        zone = self.timezone or site_zone
        if self.cron and not word:
            return cron(self.cron, since=self.since, zone=zone)
        return every(word or self.every, at=self.at, since=self.since, zone=zone)


class NewsletterConfig(Query):
    """Who is mailed about which entries."""

    slug: Slug = Field(description="the newsletter's short name")
    title: Text = Field(description="the newsletter's name, as its readers see it")
    sender: Mailbox = Field(alias="from", description='the sender: "address" or "Name <address>"')
    reply_to: Mailbox | None = Field(None, description="where answers go, if not to the sender")
    return_path: Mailbox | None = Field(None, description="where bounces go, if not to the sender")
    minimum: int = Field(1, ge=1, le=50, description="how many entries an edition needs")
    maximum: int = Field(12, ge=1, le=50, description="how many entries a digest holds at most")
    layout: Layout = Field(Layout.FRONT_PAGE, strict=False, description="how its digests are laid out")
    pictures: Pictures = Field(Pictures.LINKED, strict=False, description="where its pictures are: linked or embedded")
    group_by: Grouping | None = Field(None, strict=False, description="what its stories are grouped by: section or tag")
    notes: Place = Field(Path("notes"), description="the folder of its editor's notes")
    language: Language | None = Field(None, description="the language of its own words, if not the site's")
    description: Text | None = Field(None, description="one line on what it is; says why the reader gets it")
    cadence: CadenceConfig = Field(
        default_factory=lambda: CadenceConfig.model_validate({}), description="how often it is due"
    )
    cadences: CadenceWords = Field((), description="the cadences that its readers may choose beside its own")
    digest_languages: Languages = Field((), description="the languages of which its readers may choose one")
    catch_up: CatchUp = Field(CatchUp.ONCE, strict=False, description="what becomes of a slot that was missed")
    lateness: Duration | None = Field(None, description="how late an edition may be, before it is skipped")
    renamed_from: Slug | None = Field(None, description="the slug that it had before")
    feed: bool = Field(True, description="whether its editions are a feed too")
    welcome_edition: bool = Field(False, description="whether who confirms is given the latest edition at once")

    def cadence_in(self, site_zone: str) -> Cadence:
        """Return how often it is due, on the site's clock where it has none of its own."""
        return self.cadence.in_zone(site_zone)

    def cadence_of(self, turn: Turn, site_zone: str) -> Cadence:
        """Return how often it is due for the readers of a turn."""
        return replace(self.cadence.in_zone(site_zone, word=turn.series.cadence), zone=turn.zone)

    def allowed_in(self, site_zone: str) -> Allowed:
        """Return what its readers may choose."""
        return Allowed(
            newsletter=self.slug,
            zone=self.cadence.timezone or site_zone,
            every="" if self.cadence.cron else self.cadence.every,
            cadences=self.cadences,
            languages=self.digest_languages,
            is_local=self.cadence.local,
        )


class TransportConfig(Part):
    """What carries messages away."""

    slug: Slug | None = Field(None, description="the name by which deliveries and limits remember it, if not its kind")
    kind: TransportKind = Field(TransportKind.MAILDIR, strict=False, description="maildir (a folder) or smtp")
    path: Place = Field(Path("var/maildir"), description="the maildir's folder")
    host: Text | None = Field(None, description="the mail server's name; smtp needs it")
    port: int = Field(587, ge=1, le=65535, description="the mail server's port")
    username: Text | None = Field(None, description="the name to log in with")
    password: Hidden | None = Field(None, description="the password to log in with: a secret")
    tls: Tls = Field(Tls.REQUIRED, strict=False, description='"none" only towards this machine itself')
    certificates: Place | None = Field(None, description="a file of CA certificates in place of the system's")
    timeout_seconds: int = Field(60, ge=5, le=600, description="how long the mail server's answer is waited for")
    connections: int = Field(4, ge=1, le=100, description="how many connections are kept open to the mail server")
    workers: int = Field(1, ge=1, le=64, description="how many processes send where there is much to send")
    per_second: float | None = Field(None, gt=0, le=10_000, description="the most messages a second")
    per_hour: int | None = Field(None, ge=1, description="the most messages in any hour")
    per_day: int | None = Field(None, ge=1, description="the most messages in any 24 hours")
    ramp: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(strict=False)] = Field(
        (), description="the most messages of a new sender's first days, one number a day"
    )
    verp: bool = Field(True, description="whether each message has a return path of its own")
    in_doubt: InDoubt = Field(InDoubt.HOLD, strict=False, description="what becomes of mail that may have gone out")

    @property
    def name(self) -> str:
        """Return the name by which it is remembered."""
        return self.slug or self.kind

    @property
    def section(self) -> str:
        """Return where in the config its server, its login and its certificates stand."""
        return "[transport]"

    @property
    def limits(self) -> Limits:
        """Return how many messages it may be given."""
        return Limits(per_second=self.per_second, per_hour=self.per_hour, per_day=self.per_day, ramp=self.ramp)


class StandIn(TransportConfig):
    """A transport that is made of a fallback."""

    @property
    def section(self) -> str:
        """Return where in the config it stands."""
        return f'[[fallbacks]] "{self.slug}"'


class FallbackConfig(Part):
    """A mail server to go to where the one before it cannot be used; all else is as [transport] says."""

    slug: Slug = Field(description="the name by which deliveries and limits remember it")
    host: Text = Field(description="the mail server's name")
    port: int = Field(587, ge=1, le=65535, description="the mail server's port")
    username: Text | None = Field(None, description="the name to log in with")
    password: Hidden | None = Field(None, description="the password to log in with: a secret")
    tls: Tls = Field(Tls.REQUIRED, strict=False, description='"none" only towards this machine itself')
    certificates: Place | None = Field(None, description="a file of CA certificates in place of the system's")

    def after(self, transport: TransportConfig) -> TransportConfig:
        """Return it as a transport, which is in all else like the one that it stands in for."""
        its, own = ({name: getattr(one, name) for name in type(one).model_fields} for one in (transport, self))
        return StandIn.model_construct(**its | own | {"kind": TransportKind.SMTP})


class ScheduleConfig(Part):
    """How `pressrun serve` keeps time."""

    beat_seconds: int = Field(60, ge=5, le=3600, description="how often it looks for what is due")


class OutputConfig(Part):
    """Where documents are written."""

    path: Place = Field(Path("public"), description="the folder that is served")
    preview_path: Place = Field(Path("var/preview"), description="the folder of previewed digests")
    compress: bool = Field(True, description="whether each document stands there gzipped and in brotli too")
    page_size: int = Field(20, ge=1, le=500, description="how many entries an index page holds")

    @property
    def front(self) -> Path:
        """Return the front page's file: without it the folder was emptied, or its disk is not there."""
        return self.path / "index.html"


class RetentionConfig(Part):
    """How long things are kept."""

    runs_days: int = Field(400, ge=1, description="how many days the record of a run is kept")
    bounces_days: int = Field(400, ge=1, description="how many days a report of what came back is kept")
    notices_days: int = Field(90, ge=60, description="how many days mail that is no edition is kept")
    backups: int = Field(5, ge=1, description="how many backups made before a migration are kept")


class Sections(Part):
    """All that a config file can hold."""

    site: SiteConfig
    store: StoreConfig
    sources: Annotated[tuple[SourceConfig, ...], Field(strict=False)]
    feeds: Annotated[tuple[FeedConfig, ...], Field(strict=False)]
    tags: TagsConfig
    newsletters: Annotated[tuple[NewsletterConfig, ...], Field(strict=False)]
    theme: ThemeConfig
    lint: LintConfig
    transport: TransportConfig
    fallbacks: Annotated[tuple[FallbackConfig, ...], Field(strict=False)]
    dkim: DkimConfig
    bounces: BouncesConfig
    schedule: ScheduleConfig
    web: WebConfig
    readers: ReadersConfig
    output: OutputConfig
    retention: RetentionConfig


class Config(Sections):
    """All settings, checked and resolved; ``file`` is where they were read, absolute."""

    file: Path

    @property
    def transports(self) -> tuple[TransportConfig, ...]:
        """Return what carries messages, in the order in which it is tried."""
        return (self.transport, *(fallback.after(self.transport) for fallback in self.fallbacks))

    @property
    def folder(self) -> Path:
        """Return the folder that relative paths start from."""
        return self.file.parent


SECTIONS: Mapping[str, type[Part]] = MappingProxyType(
    {
        "site": SiteConfig,
        "store": StoreConfig,
        "sources": SourceConfig,
        "feeds": FeedConfig,
        "tags": TagsConfig,
        "newsletters": NewsletterConfig,
        "theme": ThemeConfig,
        "lint": LintConfig,
        "transport": TransportConfig,
        "fallbacks": FallbackConfig,
        "dkim": DkimConfig,
        "bounces": BouncesConfig,
        "schedule": ScheduleConfig,
        "web": WebConfig,
        "readers": ReadersConfig,
        "output": OutputConfig,
        "retention": RetentionConfig,
    }
)
REPEATED = frozenset({"sources", "feeds", "newsletters", "fallbacks"})


def part_at(section: str, *tables: str) -> type[Part]:
    """Return the model of a section, or of a table within it."""
    part = SECTIONS[section]
    for table in tables:
        field = part.model_fields.get(table)
        kinds = (field.annotation, *get_args(field.annotation)) if field else ()
        part = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Part)), part)
    return part


def keys_of(section: str, *tables: str) -> tuple[str, ...]:
    """Return the keys that a section, or a table within it, knows, as they stand in the file."""
    return tuple(field.alias or name for name, field in part_at(section, *tables).model_fields.items())


def shown(config: Config) -> dict[str, Any]:
    """Return the settings in effect as plain data for people: defaults included, paths absolute, secrets masked."""
    return config.model_dump(mode="json", by_alias=True)
