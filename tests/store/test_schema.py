"""Every table takes a row on both databases, and the keys that make it safe refuse a second one.

Not here: the statements of each noun.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, inspect
from sqlalchemy.exc import IntegrityError

from feeds.store.schema import metadata
from tests.store.givens import MONDAY, add, entry, read

# A row of every table, in an order in which each finds what it refers to; the entry is added first.
ROWS = {
    "entry_revisions": {
        "entry_id": "urn:ferry",
        "revision": 1,
        "article": {},
        "content_hash": "c",
        "updated_at": MONDAY,
        "replaced_at": MONDAY,
    },
    "entry_aliases": {"kind": "slug", "value": "old", "entry_id": "urn:ferry", "created_at": MONDAY},
    "entry_authors": {"entry_id": "urn:ferry", "author": "ann-lee", "name": "Ann Lee", "position": 0},
    "tags": {"slug": "ferry", "name": "Ferry", "created_at": MONDAY},
    "tag_aliases": {"slug": "boat", "tag": "ferry", "created_at": MONDAY},
    "entry_tags": {"entry_id": "urn:ferry", "position": 0, "name": "Ferry", "tag": "ferry"},
    "documents": {
        "feed": "site",
        "format": "rss",
        "part": "",
        "path": "rss.xml",
        "media_type": "application/rss+xml",
        "hash": "00ff",
        "etag": '"00ff"',
        "length": 7,
        "published_at": MONDAY,
    },
    "feed_entries": {
        "feed": "site",
        "entry_id": "urn:ferry",
        "sequence": 1,
        "published_at": MONDAY,
    },
    "entry_links": {"entry_id": "urn:ferry", "target": "articles/pier.md"},
    "entry_files": {"entry_id": "urn:ferry", "name": "00ff.png"},
    "reprints": {"subject": "site", "part": 0},
    "marks": {"name": "planned", "value": "1"},
    "document_versions": {"path": "rss.xml", "etag": '"00ff"', "held": [["urn:ferry", 1]], "published_at": MONDAY},
    "pings": {
        "topic": "https://x.example/rss.xml",
        "hub": "https://hub.example/",
        "state": "queued",
        "attempts": 0,
        "queued_at": MONDAY,
        "due_at": MONDAY,
    },
    "subscribers": {
        "id": "r1",
        "address": "Ann@x.example",
        "address_key": "ann@x.example",
        "name": "",
        "generation": 0,
        "created_at": MONDAY,
    },
    "fed_entries": {"subscriber_id": "r1", "newsletter": "weekly", "entry_id": "e1", "given_at": MONDAY},
    "private_addresses": {"id": 1, "feed": "members", "subscriber_id": "r1", "created_at": MONDAY},
    "subscriptions": {
        "subscriber_id": "r1",
        "newsletter": "weekly",
        "state": "active",
        "preferences": {},
        "generation": 0,
        "created_at": MONDAY,
    },
    "consent_events": {
        "subscriber_id": "r1",
        "newsletter": "weekly",
        "event": "confirmed",
        "at": MONDAY,
        "origin": "form",
        "wording": "Yes, please.",
    },
    "newsletters_seen": {"slug": "weekly", "first_seen_at": MONDAY},
    "turns_seen": {"series": "weekly--day", "zone": "Asia/Tokyo", "newsletter": "weekly", "begun_at": MONDAY},
    "editions": {
        "id": "e1",
        "newsletter": "weekly",
        "series": "weekly/monday/en",
        "slot": "2026-03-02T07:00",
        "due_at": MONDAY,
        "number": 1,
        "state": "composed",
        "composed_at": MONDAY,
    },
    "selections": {"id": "s1", "edition_id": "e1", "hash": "00ff"},
    "selection_entries": {
        "selection_id": "s1",
        "entry_id": "urn:ferry",
        "revision": 1,
        "position": 0,
        "named_only": False,
    },
    "selection_corrections": {
        "selection_id": "s1",
        "position": 0,
        "entry_id": "urn:ferry",
        "revision": 2,
        "corrected_at": MONDAY,
        "text": "The ferry leaves at 7.",
    },
    "renderings": {"edition_id": "e1", "language": "en", "layout": "plain", "part": "html", "data": b"\x00\xff"},
    "edition_files": {"edition_id": "e1", "entry_id": "urn:ferry", "name": "00ff.jpg"},
    "notices": {
        "id": "n1",
        "kind": "confirm",
        "newsletter": "weekly",
        "subscriber_id": "r1",
        "created_at": MONDAY,
        "data": b"{}",
    },
    "deliveries": {
        "kind": "edition",
        "about": "e1",
        "subscriber_id": "r1",
        "selection_id": "s1",
        "transport": "maildir",
        "domain": "x.example",
        "state": "queued",
        "generation": 0,
        "attempts": 0,
        "queued_at": MONDAY,
        "due_at": MONDAY,
    },
    "destinations": {"transport": "smtp", "domain": "x.example", "window": 4, "failures": 0, "changed_at": MONDAY},
    "given": {"transport": "smtp", "begun_at": MONDAY, "number": 3},
    "bounces": {"report_id": "b1", "received_at": MONDAY, "kind": "hard", "reason": "user unknown", "data": b"\xe9"},
    "suppressions": {
        "address_key": "gone@x.example",
        "reason": "hard",
        "evidence": "550 5.1.1",
        "report_id": "b1",
        "created_at": MONDAY,
    },
    "asked": {"what": "subscribe:192.0.2.0/24", "begun_at": MONDAY, "number": 1},
    "keys": {"id": 1, "secret": b"k", "created_at": MONDAY},
    "runs": {"job": "compose", "subject": "weekly", "due_at": MONDAY, "started_at": MONDAY, "report": {}},
}
# What differs in a second row that a key must refuse all the same. ``runs`` has its key in its primary key, and so on.
SAFE = {
    "subscribers": {"id": "r2", "address": "ann@x.example"},
    "subscriptions": {"state": "pending"},
    "newsletters_seen": {"first_seen_at": MONDAY + timedelta(days=7)},
    "turns_seen": {"newsletter": "daily"},
    "editions": {"id": "e2", "number": 2},
    "selections": {"id": "s2"},
    "renderings": {"data": b"another"},
    "deliveries": {"generation": 1, "state": "sent", "selection_id": None},
    "destinations": {"window": 1},
    "given": {"number": 4},
    "asked": {"number": 2},
    "bounces": {"kind": "soft"},
    "suppressions": {"reason": "complaint"},
    "runs": {"started_at": MONDAY + timedelta(hours=1)},
    "documents": {"path": "elsewhere.xml"},
    "feed_entries": {"sequence": 2},
    "document_versions": {"held": []},
    "marks": {"value": "2"},
    "pings": {"state": "sent"},
    "entry_revisions": {"content_hash": "another"},
    "entry_aliases": {"created_at": MONDAY + timedelta(days=1)},
    "tags": {"name": "FERRY"},
}


@pytest.fixture
def full_store(store):
    add(store, entry())
    with store.writing() as tx:
        for name, row in ROWS.items():
            tx.execute(insert(metadata.tables[name]).values(**row))
    return store


def refuses(store, table, row):
    with pytest.raises(IntegrityError), store.writing() as tx:
        tx.execute(insert(metadata.tables[table]).values(**row))


def test_there_is_a_row_here_for_every_table():
    assert ROWS.keys() | {"entries"} == metadata.tables.keys()


def test_every_table_takes_a_row_and_gives_it_back(full_store):
    with full_store.reading() as tx:
        found = {name: tx.execute(metadata.tables[name].select()).one()._asdict() for name in ROWS}
    assert {name: {key: found[name][key] for key in row} for name, row in ROWS.items()} == ROWS


def test_keys_refuse_what_would_be_twice(full_store):
    for table, change in SAFE.items():
        refuses(full_store, table, ROWS[table] | change)


def test_number_of_an_edition_is_given_once_in_a_series(full_store):
    refuses(full_store, "editions", ROWS["editions"] | {"id": "e2", "slot": "2026-03-09T07:00"})


def test_path_belongs_to_one_document(full_store):
    refuses(full_store, "documents", ROWS["documents"] | {"format": "atom"})


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("entry_tags", "tag"),
        ("feed_entries", "entry_id"),
        ("subscriptions", "subscriber_id"),
        ("selections", "edition_id"),
        ("edition_files", "edition_id"),
        ("deliveries", "subscriber_id"),
        ("deliveries", "selection_id"),
        ("suppressions", "report_id"),
    ],
)
def test_row_may_not_refer_to_what_is_not_there(full_store, table, column):
    apart = {"position": 9, "about": "e9", "hash": "9", "id": "x9", "newsletter": "other", "address_key": "x"}
    row = {key: apart.get(key, value) for key, value in ROWS[table].items()}
    refuses(full_store, table, row | {column: "nothing"})


def test_what_a_claim_looks_for_is_indexed(store):
    wanted = "SELECT id FROM deliveries WHERE state = 'queued' ORDER BY id LIMIT 500"

    def plan(tx):
        if store.file is None:
            tx.exec_driver_sql("SET enable_seqscan = off")  # an empty table is read whole otherwise
            return str(tx.exec_driver_sql(f"EXPLAIN {wanted}").all())
        return str(tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {wanted}").all())

    assert "ix_deliveries_queued" in read(store, plan)


def test_partial_indexes_have_their_conditions_on_both_databases(store):
    indexes = [index for table in metadata.tables.values() for index in table.indexes]
    wanted = {index.name: index.dialect_options["sqlite"]["where"] for index in indexes}
    wanted = {name: values(where) for name, where in wanted.items() if where is not None}

    def conditions(tx):
        key = f"{tx.dialect.name}_where"
        found = [one for table in metadata.tables for one in inspect(tx).get_indexes(table)]
        options = {one["name"]: one.get("dialect_options", {}) for one in found}
        return {name: values(given[key]) for name, given in options.items() if key in given}

    assert read(store, conditions) == wanted
    assert "ix_deliveries_queued" in wanted


def values(condition):
    """Return what a condition compares with; PostgreSQL sets the rest of it in its own way."""
    return re.findall(r"'\w+'", str(condition))
