"""The settings as the rest of the program reads them: one frozen model for each section of the config.

Not here: reading the file (reading), what one key may hold (values, places), what two keys may not (checks).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    field_serializer,
)

from feeds.config.places import SLUG_MARK, as_feed_path, as_path, as_secret, as_store_url, sqlite_path
from feeds.config.secrets import Secret
from feeds.config.times import as_cadence_word, as_clock, as_cron_line, as_day, as_duration, duration_text
from feeds.config.values import (
    Address,
    as_address,
    as_language,
    as_lines,
    as_site_url,
    as_slug,
    as_text,
    as_uuid,
    as_zone_name,
)
from feeds.rules.cadence import DEFAULT_AT, Cadence, cron, every
from feeds.rules.delivering import InDoubt
from feeds.rules.due import CatchUp

NAME_MARK = "{name}"
_DATABASE: Any = "var/pressrun.db"  # validation makes a Secret of it


def _path_here(value: object, info: ValidationInfo[Any]) -> Path:
    return as_path(value, info.context.folder)


def _secret_here(value: object, info: ValidationInfo[Any]) -> Secret:
    return as_secret(value, info.context)


def _store_url_here(value: object, info: ValidationInfo[Any]) -> Secret:
    return as_store_url(value, info.context)


Text = Annotated[str, BeforeValidator(as_text)]
Lines = Annotated[str, BeforeValidator(as_lines)]
Slug = Annotated[str, BeforeValidator(as_slug)]
Language = Annotated[str, BeforeValidator(as_language)]
ZoneName = Annotated[str, BeforeValidator(as_zone_name)]
SiteUrl = Annotated[str, BeforeValidator(as_site_url)]
FeedPath = Annotated[str, BeforeValidator(as_feed_path)]
SiteId = Annotated[UUID, BeforeValidator(as_uuid)]
Mailbox = Annotated[Address, BeforeValidator(as_address), PlainSerializer(str)]
CadenceWord = Annotated[str, BeforeValidator(as_cadence_word)]
Clock = Annotated[str, BeforeValidator(as_clock)]
CronLine = Annotated[str, BeforeValidator(as_cron_line)]
Day = Annotated[date, BeforeValidator(as_day)]
Duration = Annotated[timedelta, BeforeValidator(as_duration), PlainSerializer(duration_text)]
Place = Annotated[Path, BeforeValidator(_path_here)]
Hidden = Annotated[Secret, BeforeValidator(_secret_here), PlainSerializer(str)]
StoreUrl = Annotated[Secret, BeforeValidator(_store_url_here), PlainSerializer(str)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Renames = Annotated[Mapping[Text, Text], AfterValidator(MappingProxyType), PlainSerializer(dict)]


class SourceKind(StrEnum):
    """What a source reads from."""

    FOLDER = "folder"


class Each(StrEnum):
    """What a family of feeds has one member for."""

    TAG = "tag"
    AUTHOR = "author"


class Content(StrEnum):
    """How much of an entry a feed holds."""

    FULL = "full"
    SUMMARY = "summary"


class FormatName(StrEnum):
    """The formats that a feed can be written in."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


class Layout(StrEnum):
    """How a digest is laid out."""

    FRONT_PAGE = "front-page"


class TransportKind(StrEnum):
    """What carries messages."""

    MAILDIR = "maildir"
    SMTP = "smtp"


class Tls(StrEnum):
    """Whether the way to the mail server must be encrypted."""

    REQUIRED = "required"
    NONE = "none"


class Part(BaseModel):
    """Base of all sections: frozen, exact in its types, and closed to keys that it does not know."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        validate_default=True,
        hide_input_in_errors=True,
    )


class Query(Part):
    """Which entries are chosen: one of each list that is given must fit; lists left empty ask nothing."""

    tags: Texts = Field((), description="entries must have one of these tags")
    authors: Texts = Field((), description="entries must be by one of these authors")
    sections: Texts = Field((), description="entries must stand in one of these sections")


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

    @property
    def zone(self) -> ZoneInfo:
        """Return the site's time zone."""
        return ZoneInfo(self.timezone)


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


class FeedConfig(Query):
    """A feed, or with ``each`` a family of feeds: one for every tag or author."""

    slug: Slug = Field(description="the feed's short name")
    title: Text = Field(description="the feed's title; in a family {name} stands for the tag or author")
    each: Each | None = Field(None, strict=False, description="one feed for each tag or author")
    path: FeedPath = Field(description="the feed's folder in the output; in a family it holds {slug}")
    limit: int = Field(50, ge=1, le=100, description="how many entries the feed holds at most")
    content: Content = Field(Content.FULL, strict=False, description="full text or summaries")
    formats: tuple[Annotated[FormatName, Field(strict=False)], ...] = Field(
        tuple(FormatName), strict=False, min_length=1, description="the formats it is written in"
    )

    @property
    def query(self) -> Query:
        """Return which entries the feed asks for."""
        return Query(tags=self.tags, authors=self.authors, sections=self.sections)

    def title_for(self, name: str) -> str:
        """Return the title of the family's member for a tag or author called ``name``."""
        return self.title.replace(NAME_MARK, name)

    def path_for(self, slug: str) -> str:
        """Return the folder, below the output, of the family's member with ``slug``."""
        return self.path.replace(SLUG_MARK, slug)


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

    @field_serializer("every", "at")
    def _unless_cron(self, value: str) -> str | None:
        return None if self.cron else value

    def in_zone(self, site_zone: str) -> Cadence:
        """Return the cadence, in the site's time zone where it names none of its own."""
        zone = self.timezone or site_zone
        if self.cron:
            return cron(self.cron, since=self.since, zone=zone)
        return every(self.every, at=self.at, since=self.since, zone=zone)


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
    language: Language | None = Field(None, description="the language of its own words, if not the site's")
    description: Text | None = Field(None, description="one line on what it is; says why the reader gets it")
    cadence: CadenceConfig = Field(
        default_factory=lambda: CadenceConfig.model_validate({}), description="how often it is due"
    )
    catch_up: CatchUp = Field(CatchUp.ONCE, strict=False, description="what becomes of a slot that was missed")
    lateness: Duration | None = Field(None, description="how late an edition may be, before it is skipped")
    renamed_from: Slug | None = Field(None, description="the slug that it had before")

    @property
    def query(self) -> Query:
        """Return which entries the newsletter asks for."""
        return Query(tags=self.tags, authors=self.authors, sections=self.sections)

    def cadence_in(self, site_zone: str) -> Cadence:
        """Return how often it is due, on the site's clock where it has none of its own."""
        return self.cadence.in_zone(site_zone)


class TransportConfig(Part):
    """What carries messages away."""

    kind: TransportKind = Field(TransportKind.MAILDIR, strict=False, description="maildir (a folder) or smtp")
    path: Place = Field(Path("var/maildir"), description="the maildir's folder")
    host: Text | None = Field(None, description="the mail server's name; smtp needs it")
    port: int = Field(587, ge=1, le=65535, description="the mail server's port")
    username: Text | None = Field(None, description="the name to log in with")
    password: Hidden | None = Field(None, description="the password to log in with: a secret")
    tls: Tls = Field(Tls.REQUIRED, strict=False, description='"none" only towards this machine itself')
    certificates: Place | None = Field(None, description="a file of CA certificates in place of the system's")
    timeout_seconds: int = Field(60, ge=5, le=600, description="how long the mail server's answer is waited for")
    verp: bool = Field(True, description="whether each message has a return path of its own")
    in_doubt: InDoubt = Field(InDoubt.HOLD, strict=False, description="what becomes of mail that may have gone out")


class ScheduleConfig(Part):
    """How `pressrun serve` keeps time."""

    beat_seconds: int = Field(60, ge=5, le=3600, description="how often it looks for what is due")


class OutputConfig(Part):
    """Where documents are written."""

    path: Place = Field(Path("public"), description="the folder that is served")
    preview_path: Place = Field(Path("var/preview"), description="the folder of previewed digests")
    page_size: int = Field(20, ge=1, le=500, description="how many entries an index page holds")


class RetentionConfig(Part):
    """How long things are kept."""

    runs_days: int = Field(400, ge=1, description="how many days the record of a run is kept")
    backups: int = Field(5, ge=1, description="how many backups made before a migration are kept")


class Sections(Part):
    """All that a config file can hold."""

    site: SiteConfig
    store: StoreConfig
    sources: Annotated[tuple[SourceConfig, ...], Field(strict=False)]
    feeds: Annotated[tuple[FeedConfig, ...], Field(strict=False)]
    tags: TagsConfig
    newsletters: Annotated[tuple[NewsletterConfig, ...], Field(strict=False)]
    transport: TransportConfig
    schedule: ScheduleConfig
    output: OutputConfig
    retention: RetentionConfig


class Config(Sections):
    """All settings, checked and resolved; ``file`` is where they were read, absolute."""

    file: Path

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
        "transport": TransportConfig,
        "schedule": ScheduleConfig,
        "output": OutputConfig,
        "retention": RetentionConfig,
    }
)
REPEATED = frozenset({"sources", "feeds", "newsletters"})


def part_at(section: str, *tables: str) -> type[Part]:
    """Return the model of a section, or of a table within it."""
    part = SECTIONS[section]
    for table in tables:
        field = part.model_fields.get(table)
        inner = field.annotation if field else None
        part = inner if isinstance(inner, type) and issubclass(inner, Part) else part
    return part


def keys_of(section: str, *tables: str) -> tuple[str, ...]:
    """Return the keys that a section, or a table within it, knows, as they stand in the file."""
    return tuple(field.alias or name for name, field in part_at(section, *tables).model_fields.items())


def shown(config: Config) -> dict[str, Any]:
    """Return the settings in effect as plain data for people: defaults included, paths absolute, secrets masked."""
    return config.model_dump(mode="json", by_alias=True)
