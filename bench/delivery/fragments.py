"""Measure an edition in which every reader has a selection of their own: 20 of 200 entries, composed, stored, signed.

    python -m bench.delivery.fragments [--readers 2000] [--whole 60]

On one core but for the threads that sign, into a scratch database. Not here: sending over SMTP (send), one message that
all readers share (compose).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from sqlalchemy import delete, func, select

from bench.delivery.send import CONFIG, best, pressrun, sink, subscribe
from bench.feeds.synthetic import Article
from feeds.app import App
from feeds.app.post import Post
from feeds.config import load_config
from feeds.jobs.compose.pressroom import Common, Copy, fix
from feeds.jobs.deliver.building import Builder, Naming
from feeds.model import Edition, EditionState, Entry
from feeds.rendering.dkim import Algorithm, Signer, generate_key
from feeds.rendering.fields import mark_of
from feeds.rendering.galley import galley_from
from feeds.rendering.views import Mailbox
from feeds.store import deliveries, editions, entries, promises, renderings
from feeds.store.deliveries import Claimed
from feeds.store.engine import Store
from feeds.store.promises import Promise
from feeds.store.schema import deliveries as ledger
from feeds.store.schema import editions as schema_editions
from feeds.store.schema import renderings as table
from feeds.store.schema import selection_entries, selections

ENTRIES, CHOSEN = 200, 20
BLOCK = 32  # deliveries claimed at once
PREPARED = 200  # messages after which all pieces are coded
MONDAY = datetime(2024, 11, 25, 7, tzinfo=UTC)
EDITION = Edition(
    id="weekly/2024-11-25T07:00",
    newsletter="weekly",
    series="weekly",
    slot="2024-11-25T07:00",
    due_at=MONDAY,
    number=1,
    state=EditionState.COMPOSED,
    composed_at=MONDAY,
)


def main() -> None:
    """Measure, and print the tables as Markdown."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--readers", type=int, default=2000)
    asked.add_argument("--whole", type=int, default=100, help="how many selections are rendered whole, to compare")
    asked.add_argument("--layout", default="reading-list")
    given = asked.parse_args()
    with sink() as port, tempfile.TemporaryDirectory(prefix="pressrun-bench-") as scratch:
        folder = Path(scratch)
        config = CONFIG.format(port=port, connections=64, workers=1).replace("full-text", given.layout)
        app = _stocked(folder, config, given.readers)
        with app.store.reading() as tx:
            articles = list(entries.list_out_at(tx, datetime.now(UTC)))[:ENTRIES]
        chosen = [Random(number).sample(articles, CHOSEN) for number in range(given.readers)]
        print(
            f"{CHOSEN} of {len(articles)} entries to a reader, {given.layout}\n\n| what | a second | ms | KB stored |"
        )
        print("| --- | --: | --: | --: |")
        _composed(app, chosen[: given.whole], None, name="composed whole")
        _composed(app, chosen, Common(mark_of(articles)), name="composed of pieces")
        _built(app)
        app.close()
        pressrun(folder, "dkim", "keygen", "--out", "dkim.pem")
        (folder / "config.toml").write_text(config + '[dkim]\nkey = "dkim.pem"\n', encoding="utf-8")
        took = best(folder, 2).wall / given.readers
        print(f"| pressrun deliver, RSA-2048 | {1 / took:,.0f} | {took * 1000:.2f} | |")


def _stocked(folder: Path, config: str, readers: int) -> App:
    (folder / "config.toml").write_text(config, encoding="utf-8")
    (folder / "articles").mkdir()
    for number in range(ENTRIES):
        (folder / "articles" / f"{number}.md").write_text(Article(number).file(), encoding="utf-8")
    for command in ("migrate", "sync", "publish"):
        pressrun(folder, command)
    app = App(load_config(folder / "config.toml", {}))
    subscribe(app.store, readers, odd="")
    return app


def _composed(app: App, chosen: Sequence[Sequence[Entry]], common: Common | None, *, name: str) -> None:
    """Compose an edition with a selection for each reader, as the job does, and tell what it took."""
    _forget(app.store)
    newsletter, begun = app.config.newsletters[0], time.perf_counter()
    room = Post(app).room
    fixed = [
        fix(room, newsletter, EDITION, copy=Copy(shown=one), tags_of=lambda _: (), common=common) for one in chosen
    ]
    with app.store.writing() as tx:
        editions.add(tx, EDITION)
        for one in fixed:
            editions.add_selection(tx, one.selection)
            renderings.put(tx, one.selection, key=one.key, parts=one.parts)
        made = [Promise(subscriber_id=f"r{n:07}", selection_id=one.selection.id) for n, one in enumerate(fixed)]
        promises.add(tx, EDITION, made, transport="smtp")
    took = (time.perf_counter() - begun) / len(chosen)
    with app.store.reading() as tx:
        size = tx.execute(select(func.sum(func.length(table.c.data)))).scalar_one() / len(chosen) / 1000
    print(f"| {name} | {1 / took:,.0f} | {took * 1000:.2f} | {size:.1f} |", flush=True)


def _forget(store: Store) -> None:
    with store.writing() as tx:
        for each in (ledger, table, selection_entries, selections, schema_editions):
            tx.execute(delete(each))


def _claimed(store: Store) -> list[Claimed]:
    """Claim all that is queued, and tell what it takes for one block."""
    found, took = [], []
    while True:
        with store.writing() as tx:
            begun = time.process_time()
            block = deliveries.claim(tx, EDITION, worker="bench", now=datetime.now(UTC), limit=BLOCK)
            took.append(time.process_time() - begun)
        if not block:
            break
        found += block
    middle = median(took)
    print(f"| {BLOCK} deliveries claimed (CPU, the median) | {1 / middle:,.0f} | {middle * 1000:.2f} | |")
    return found


def _built(app: App) -> None:
    """Tell what it takes to build the messages, each of a selection that was not seen before."""
    signer = Signer(generate_key(Algorithm.RSA), "press")
    claimed = _claimed(app.store)
    with app.store.reading() as tx:
        stored = [renderings.get(tx, EDITION.id, str(one.delivery.selection_id)) for one in claimed]
    kept: dict[Any, Any] = {}
    to = {
        "recipient": Mailbox("", "a@b.example"),
        "date": MONDAY,
        "message_id": "1@b.example",
        "leave_url": "mailto:a@b",
    }
    for parts in stored[:PREPARED]:
        galley_from(parts, kept=kept)
    begun = time.process_time()
    for parts in stored[PREPARED:]:
        galley_from(parts, signers=(signer,), kept=kept).fill(**to)
    took = (time.process_time() - begun) / (len(stored) - PREPARED)
    print(f"| prepared pieces joined and signed, RSA-2048, on one core | {1 / took:,.0f} | {took * 1000:.2f} | |")
    for signers, what in (((), "unsigned"), ((signer,), "RSA-2048")):
        builder = Builder(app.store, Naming("bench.example", (1, b"k" * 32)), signers=signers)
        for one in claimed[:PREPARED]:
            builder.begin(one, now=MONDAY).result()
        begun, cpu = time.perf_counter(), time.process_time()
        made = [builder.begin(one, now=MONDAY) for one in claimed[PREPARED:]]
        size = sum(sum(map(len, one.result().parcel.pieces)) for one in made) / len(made) / 1000
        took, used = ((end - at) / len(made) for end, at in ((time.perf_counter(), begun), (time.process_time(), cpu)))
        builder.close()
        told = f"messages of {size:.0f} KB built, {what}; {used * 1000:.2f} ms of CPU"
        print(f"| {told} | {1 / took:,.0f} | {took * 1000:.2f} | |", flush=True)


if __name__ == "__main__":
    main()
