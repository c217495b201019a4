"""The tables of readers: subscribers, subscriptions, consent, what feeds gave, what was asked, newsletters.

Not here: statements (the module of each noun).
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from feeds.store.columns import Instant, Json
from feeds.store.schema.base import metadata, subscriber_id

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", String, primary_key=True),  # random: it stands in Message-IDs and tokens
    Column("address", String, nullable=False),
    Column("address_key", String, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("language", String),
    Column("timezone", String, index=True),
    Column("generation", Integer, nullable=False),  # raised to revoke all tokens given out before
    Column("created_at", Instant, nullable=False),
    Column("forgotten_at", Instant),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    subscriber_id(primary_key=True),
    Column("newsletter", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("preferences", Json, nullable=False),  # the reader's own cadence and language, topics followed and muted
    Column("generation", Integer, nullable=False),
    Column("paused_until", Instant),
    Column("by_feed_since", Instant),  # since when a private feed brings it in place of mail
    Column("floor_at", Instant),  # entries from before it are never brought
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("ended_at", Instant),
    Column("ended_by", String),
    Index(None, "newsletter", "state"),
)

consent_events = Table(
    "consent_events",
    metadata,
    Column("id", Integer, primary_key=True),
    subscriber_id(),
    Column("newsletter", String, nullable=False),
    Column("event", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("origin", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Index(None, "subscriber_id"),
)

fed_entries = Table(
    "fed_entries",
    metadata,
    subscriber_id(primary_key=True),
    Column("newsletter", String, primary_key=True),
    Column("entry_id", String, primary_key=True),
    Column("given_at", Instant, nullable=False),  # when a reader's private feed first held it in place of mail
)

asked = Table(
    "asked",
    metadata,
    Column("what", String, primary_key=True),  # what was asked for, and by whom or for whom: what a limit is on
    Column("begun_at", Instant, primary_key=True),  # of a span of time
    Column("number", Integer, nullable=False),  # how often in that span
)

newsletters_seen = Table(
    "newsletters_seen",
    metadata,
    Column("slug", String, primary_key=True),
    Column("first_seen_at", Instant, nullable=False),
    Column("renamed_to", String),
    Column("gone_at", Instant),
    Column("floor_at", Instant),  # entries from before it are brought to nobody
    Column("slot_at", Instant),  # the last slot that was decided, whatever came of it
    Column("cadence", String),  # the cadence that it was decided by
)

turns_seen = Table(
    "turns_seen",
    metadata,
    Column("series", String, primary_key=True),
    Column("zone", String, primary_key=True),
    Column("newsletter", String, nullable=False),
    Column("begun_at", Instant, nullable=False),  # no slot from before it is due
    Column("slot_at", Instant),  # the last slot that was decided, whatever came of it
    Column("cadence", String),  # the cadence that it was decided by
)
