"""Measure ``sync`` and ``publish`` of N entries as processes, against a plain feedgen loop in the same run.

Not here: whether what is printed is right (tests).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIRST = datetime(2024, 1, 1, 7, tzinfo=UTC)
PARAGRAPH = "The harbour office said on {day} that the ferry would run, whatever the **weather** – and it [did](https://example.org/{n})."


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds by the wall, seconds of CPU, peak memory in MB."""

    wall: float
    cpu: float
    memory: float


def measure(*command: object, cwd: Path) -> Cost:
    """Run a command and return its cost; end the measurement where it fails."""
    begun = time.perf_counter()
    shell = ["/bin/sh", "-c", 'cd "$0" && exec "$@" >/dev/null', str(cwd), *map(str, command)]
    pid = os.posix_spawn(shell[0], shell, os.environ | {"PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(map(str, command))}: ended with {os.waitstatus_to_exitcode(status)}")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux kilobytes
    return Cost(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def article(n: int) -> str:
    """Return an article of about 1,500 characters in Markdown, the same for the same number."""
    day = FIRST + timedelta(hours=n)
    front = [f"title: Ferry report {n}", f"date: {day:%Y-%m-%dT%H:%M:%SZ}", f"author: Ann Lee {n % 7}"]
    body = [PARAGRAPH.format(day=f"{day:%A}", n=f"{n}/{i}") for i in range(12)]
    return "\n".join(["---", *front, f"tags: [ferry, pier-{n % 20}]", "---", ""]) + "\n" + "\n\n".join(body) + "\n"


def make_site(site: Path, count: int) -> None:
    """Write a new site with ``count`` articles beside those that it starts with."""
    measure(sys.executable, "-m", "feeds", "init", site, cwd=site.parent)
    (site / "articles").mkdir(exist_ok=True)
    for n in range(count):
        (site / "articles" / f"report-{n:06}.md").write_text(article(n), encoding="utf-8")


def plain(count: int) -> None:
    """Write RSS and Atom of ``count`` entries with feedgen, as directly as can be."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.id("https://example.org/")
    feed.title("Ferry reports")
    feed.description("Every report")
    feed.link(href="https://example.org/", rel="alternate")
    for n in range(count):
        entry = feed.add_entry(order="append")
        entry.id(f"https://example.org/{n}")
        entry.title(f"Ferry report {n}")
        entry.link(href=f"https://example.org/{n}")
        entry.updated(FIRST + timedelta(hours=n))
        entry.content(article(n), type="html")
    feed.rss_file("rss.xml")
    feed.atom_file("atom.xml")


def show(name: str, cost: Cost, against: Cost) -> None:
    ratios = (cost.wall / against.wall, cost.cpu / against.cpu, cost.memory / against.memory)
    print(f"{name:26} {cost.wall:8.2f} {cost.cpu:8.2f} {cost.memory:8.0f}   " + " ".join(f"{r:7.2f}" for r in ratios))


def compare(count: int) -> None:
    """Print the cost of each step for ``count`` entries, and its ratio to the plain loop."""
    print(f"{count} entries{'':14} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}   {'ratio to the plain loop':>23}")
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / "site"
        make_site(site, count)
        against = measure(sys.executable, __file__, "--plain", count, cwd=Path(scratch))
        show("plain feedgen loop", against, against)
        for step in ("sync", "publish", "sync, nothing changed", "publish, nothing changed"):
            show(step, measure(sys.executable, "-m", "feeds", step.partition(",")[0], cwd=site), against)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--plain"]:
        plain(int(sys.argv[2]))
    else:
        compare(int(sys.argv[1]) if sys.argv[1:] else 500)
