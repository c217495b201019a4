"""Column types that mean the same in SQLite and in PostgreSQL.

Not here: the tables that use them (schema).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_LENGTH = len("2026-01-31 12:00:00.000000")  # without the zone, as SQLAlchemy writes it


class Json(TypeDecorator[Any]):
    """Whatever JSON can say: JSONB in PostgreSQL, whose dialect is heavy and is loaded only there."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that this database keeps it in."""
        if dialect.name != "postgresql":
            return super().load_dialect_impl(dialect)
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB())


class Instant(TypeDecorator[datetime]):
    """A point in time: aware and in UTC outside, whatever the database makes of it inside.

    In SQLite that is text. Every entry has several, so there each is read and written in one step, without the
    general way through SQLAlchemy's types, which comes to the same and takes three times as long.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Write the instant in UTC; a naive time is a mistake of ours and is refused."""
        return _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read it back aware: SQLite keeps no zone, and PostgreSQL gives the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return what writes an instant."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what reads an instant back."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _as_text(value: datetime | None) -> str | None:
    utc = _in_utc(value)
    return utc.isoformat(" ", "microseconds")[:_LENGTH] if utc else None


def _from_text(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text + "+00:00") if text else None


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError(f"a naive time may not enter the store: {value!r}")
    return value.astimezone(UTC)
