"""``publish`` in a process that keeps time by its stages, since it makes feeds, pages and compressed forms all at once.

Each moment counts for one stage: the innermost. What no stage claims (start, plan, reading the store, recording) counts
for the feeds. Not here: the publish itself (feeds.jobs.publish), what it is compared with (plain, peers).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

START, PLAN, FETCH, ELEMENTS = "start", "plan", "entries from the store", "elements built and checked"
JOIN, WRITE, REST = "documents joined and checked", "feeds written and recorded", "the rest"
PAGES, LISTINGS, PACKING, MEDIA = "entry pages", "listings, sitemap and OPML", "compression", "media"
NOT_FEEDS = (PAGES, LISTINGS, PACKING, MEDIA)


class StageClock:
    """Shares the time of this process out to stages."""

    def __init__(self) -> None:
        self.cpu: Counter[str] = Counter({START: time.process_time()})
        self.wall: Counter[str] = Counter()
        self._stages = [REST]
        self._since = time.process_time(), time.perf_counter()

    @property
    def now(self) -> str:
        return self._stages[-1]

    def tick(self) -> None:
        """Give the time since the last tick to the stage of now."""
        cpu, wall = time.process_time(), time.perf_counter()
        self.cpu[self.now] += cpu - self._since[0]
        self.wall[self.now] += wall - self._since[1]
        self._since = cpu, wall

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self.tick()
        self._stages.append(name)
        try:
            yield
        finally:
            self.tick()
            self._stages.pop()

    def timed(self, owner: Any, name: str, stage: str | Callable[..., str]) -> None:
        """Let a function of a class or module count for a stage, or for the one that its arguments tell."""
        setattr(owner, name, self.timing(getattr(owner, name), stage))

    def timing(self, inner: Callable[..., Any], stage: str | Callable[..., str]) -> Callable[..., Any]:
        """Return a function that does the same, and counts for a stage."""

        def outer(*args: Any, **kwargs: Any) -> Any:
            with self.stage(stage if isinstance(stage, str) else stage(*args)):
                return inner(*args, **kwargs)

        return outer

    def timed_steps(self, owner: type, name: str, stage: str) -> None:
        """Let each step of a method that yields count for a stage."""
        inner = getattr(owner, name)

        def outer(*args: Any, **kwargs: Any) -> Iterator[Any]:
            steps = inner(*args, **kwargs)
            while True:
                with self.stage(stage):
                    try:
                        step = next(steps)
                    except StopIteration:
                        return
                yield step

        setattr(owner, name, outer)


def watch(clock: StageClock) -> None:
    """Have the publish keep time by this clock."""
    from feeds.jobs.publish import (
        elements,
        entry_pages,
        feed_documents,
        feed_pages,
        fixed,
        listings,
        media,
        output,
        press,
        stock,
        writing,
    )

    clock.timed(press, "plan", PLAN)
    clock.timed_steps(entry_pages.EntryPages, "pages", PAGES)
    clock.timed_steps(entry_pages.EntryPages, "rest", PAGES)
    clock.timed_steps(listings.Listings, "sheets", LISTINGS)
    clock.timed_steps(feed_pages.FeedPages, "sheets", LISTINGS)
    clock.timed_steps(fixed.Fixed, "sheets", LISTINGS)
    clock.timed_steps(feed_documents.FeedDocuments, "sheets", JOIN)
    clock.timed(elements.ElementStock, "build", ELEMENTS)
    # A feed needs its entries whether or not they have pages; a listing fetches for itself.
    clock.timed(stock.Stock, "_fetch", lambda *_: clock.now if clock.now == LISTINGS else FETCH)
    clock.timed(writing.Writer, "_write", lambda _self, batch: written_as(batch))
    output._PACKERS = {suffix: clock.timing(pack, PACKING) for suffix, pack in output._PACKERS.items()}
    clock.timed(media.Media, "show", MEDIA)


def written_as(batch: list[Any]) -> str:
    """Return for which stage it counts to write these sheets, all of one kind."""
    names = [document.feed for sheet in batch for document in sheet.documents]
    name = next(iter(names or [sheet.due.subject for sheet in batch if sheet.due]), "=")
    return {"=": PAGES, "@": LISTINGS, "%": MEDIA}.get(name[0], WRITE)


def main(site: Path) -> None:
    """Publish the site, and say what each stage cost."""
    clock = StageClock()
    with clock.stage(START):
        from feeds.app import App
        from feeds.config import load_config

        watch(clock)
        app = App(load_config(site / "config.toml", {}), lambda: datetime.now(UTC))
    report = app.publish()
    app.close()
    clock.tick()
    problems = [*report.failed, *report.left_out]
    if problems:
        sys.exit(f"not published: {problems[:5]}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"cpu": clock.cpu, "wall": clock.wall, "memory": peak / 1024, "documents": report.written}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
