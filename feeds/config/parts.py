"""What all sections of the config are made of: the frozen base, and the kinds of value that a key may hold.

Not here: the sections themselves (schema, feeds), what one value may look like (values, places, times).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationInfo

from feeds.config.places import as_feed_path, as_path, as_secret, as_store_url
from feeds.config.podcasts import as_category
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
    as_web_address,
    as_zone_name,
)


def _path_here(value: object, info: ValidationInfo[Any]) -> Path:
    return as_path(value, info.context.folder)


def _secret_here(value: object, info: ValidationInfo[Any]) -> Secret:
    return as_secret(value, info.context)


def _store_url_here(value: object, info: ValidationInfo[Any]) -> Secret:
    return as_store_url(value, info.context)


def _as_several(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(as_text)]
Lines = Annotated[str, BeforeValidator(as_lines)]
Slug = Annotated[str, BeforeValidator(as_slug)]
Language = Annotated[str, BeforeValidator(as_language)]
ZoneName = Annotated[str, BeforeValidator(as_zone_name)]
WebAddress = Annotated[str, BeforeValidator(as_web_address)]
SiteUrl = Annotated[str, BeforeValidator(as_site_url)]
FeedPath = Annotated[str, BeforeValidator(as_feed_path)]
SiteId = Annotated[UUID, BeforeValidator(as_uuid)]
Mailbox = Annotated[Address, BeforeValidator(as_address), PlainSerializer(str)]
CadenceWord = Annotated[str, BeforeValidator(as_cadence_word)]
CadenceWords = Annotated[tuple[CadenceWord, ...], Field(strict=False)]
Clock = Annotated[str, BeforeValidator(as_clock)]
CronLine = Annotated[str, BeforeValidator(as_cron_line)]
Day = Annotated[date, BeforeValidator(as_day)]
Duration = Annotated[timedelta, BeforeValidator(as_duration), PlainSerializer(duration_text)]
Place = Annotated[Path, BeforeValidator(_path_here)]
Hidden = Annotated[Secret, BeforeValidator(_secret_here), PlainSerializer(str)]
StoreUrl = Annotated[Secret, BeforeValidator(_store_url_here), PlainSerializer(str)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
WebAddresses = Annotated[tuple[WebAddress, ...], Field(strict=False)]
FeedPaths = Annotated[tuple[FeedPath, ...], BeforeValidator(_as_several), Field(strict=False)]
Category = Annotated[str, BeforeValidator(as_category)]
Languages = Annotated[tuple[Language, ...], Field(strict=False)]
Renames = Annotated[Mapping[Text, Text], AfterValidator(MappingProxyType), PlainSerializer(dict)]


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
