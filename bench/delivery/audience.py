"""Measure composing for many readers: an edition, and a second one when all have had the first; time and peak memory.

    python -m bench.delivery.audience [--readers 10000 100000] [--url postgresql://user@host/empty]

Each command is a process of its own; with ``--url``, and one number of readers, in that database.
Not here: sending (send), a selection for each reader (fragments).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from sqlalchemy import update

from bench.delivery.send import CONFIG, ENTRIES, pressrun, stocked
from bench.feeds.measuring import Cost
from bench.feeds.synthetic import Article
from feeds.app import App
from feeds.config import load_config
from feeds.model import DeliveryState
from feeds.store.schema import deliveries


def main() -> None:
    """Measure, and print the table as Markdown."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--readers", type=int, nargs="+", default=[10_000, 100_000])
    asked.add_argument("--url", default="var/pressrun.db", help="an empty database")
    given = asked.parse_args()
    print("| what | readers | wall s | CPU s | peak MB |\n| --- | --: | --: | --: | --: |")
    for readers in given.readers:
        with tempfile.TemporaryDirectory(prefix="pressrun-bench-") as scratch:
            folder = Path(scratch)
            config = CONFIG.format(port=25, connections=1, workers=1) + f'[store]\nurl = "{given.url}"\n'
            _add("the first edition", readers, stocked(folder, config, readers))
            _add("the second, to the same readers", readers, second(folder))


def _add(name: str, readers: int, cost: Cost) -> None:
    print(f"| {name} | {readers:,} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory:.0f} |", flush=True)


def second(folder: Path) -> Cost:
    """Compose of other articles for those who have had the first edition; return what it took."""
    app = App(load_config(folder / "config.toml", {}))
    with app.store.writing() as tx:
        tx.execute(update(deliveries).values(state=DeliveryState.SENT))
    app.close()
    for number in range(ENTRIES, 2 * ENTRIES):
        (folder / "articles" / f"{number}.md").write_text(Article(number).file(), encoding="utf-8")
    for command in ("sync", "publish"):
        pressrun(folder, command)
    time.sleep(60)  # a newsletter has but one edition a minute
    return pressrun(folder, "compose", "weekly", "--at", "now")


if __name__ == "__main__":
    main()
