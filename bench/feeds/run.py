"""Measure what publishing costs, beside feedgen used plainly, Pelican and Hugo, in one run on one machine.

    python -m bench.feeds.run --entries 10000 --changed 1000 10000 100000 --archived 100000

Not here: whether what is printed is right (tests), how the parts of a publish are told apart (stages).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.feeds import peers
from bench.feeds.measuring import Cost, Row, Table, measure, median
from bench.feeds.stages import LISTINGS, NOT_FEEDS, PACKING, PAGES
from bench.feeds.stocking import Site, differences

PRESSRUN = (sys.executable, "-m", "feeds")
LIBRARIES = ("feedgen", "lxml", "sqlalchemy", "jinja2", "pydantic", "brotli")


def main() -> None:
    """Measure what was asked for, and end with the table as Markdown."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--entries", type=int, default=1000, help="of the rows that print everything; 0 leaves them out")
    asked.add_argument("--changed", type=int, nargs="*", default=[1000], help="sizes of sites in which one is changed")
    asked.add_argument("--archived", type=int, default=0, help="of the rows with a large archive; 0 leaves them out")
    asked.add_argument("--rounds", type=int, default=9, help="how often a small run is measured; the median counts")
    asked.add_argument("--no-peers", action="store_true", help="leave Pelican and Hugo out")
    asked.add_argument("--scratch", type=Path, help="where the sites are made, on a disk and not in memory")
    how = asked.parse_args()
    table = Table()
    print(_machine())
    try:
        measure_all(how, table)
    finally:  # what was measured before it was stopped is not lost
        print(f"\n{_machine()}\n\n{table.markdown()}")


def measure_all(how: argparse.Namespace, table: Table) -> None:
    """Fill the table with what was asked for."""
    with tempfile.TemporaryDirectory(dir=how.scratch, prefix="pressrun-bench-") as folder:
        bench = Bench(Path(folder), table, rounds=how.rounds)
        if how.entries:
            bench.everything(how.entries)
        if how.entries and not how.no_peers:
            bench.compare_peers(how.entries)
        for size in sorted(how.changed):
            bench.change(size)
        if how.archived:
            bench.archive(how.archived)


class Bench:
    """The measurements, each on a site of its own in the scratch folder."""

    def __init__(self, scratch: Path, table: Table, *, rounds: int) -> None:
        self._scratch, self._table, self._rounds = scratch, table, rounds
        self._sites: dict[int, Site] = {}
        self._first: dict[str, Cost] = {}

    def everything(self, count: int) -> None:
        """Sync and publish all of a new site, stage by stage."""
        synced = Site(self._scratch / "synced")
        synced.write_files(count)
        plain, documents = self._plain(count)
        against = {"against": plain, "named": "plain feedgen"}
        self._add(f"feedgen used plainly: RSS, Atom; {count:,} entries, tags", plain, documents)
        site = self._stocked(count)
        stages, written = self._stages(site)
        self._add(
            "our feeds: RSS, Atom, JSON, archives; cleaned, checked", stages["feeds"], written["feeds"], **against
        )
        self._add("entry pages", stages[PAGES], written["pages"], **against)
        self._add("listings, pages of feeds, sitemap, OPML", stages[LISTINGS], written["listings"], **against)
        self._add("compression of all of it", stages[PACKING], None, **against)
        sync, _ = measure(*PRESSRUN, "sync", cwd=synced.folder)
        self._add("sync: files read, cleaned, stored", sync, None, **against)
        self._add("sync, nothing changed", measure(*PRESSRUN, "sync", cwd=synced.folder)[0], None, **against)
        if different := list(differences(site, synced)):
            sys.exit("the made-up store is not as a sync makes it:\n" + "\n".join(different[:5]))
        whole, _ = measure(*PRESSRUN, "publish", cwd=synced.folder)
        self._add("publish, all of it, as a process", whole, synced.documents, **against)
        self._first = {"sync": sync, "publish": whole}

    def compare_peers(self, count: int) -> None:
        """Build the same articles with Pelican and Hugo, all and with one changed."""
        programs = peers.install(self._scratch)
        sync, publish = self._first["sync"], self._first["publish"]
        ours = Cost(sync.cpu + publish.cpu, sync.wall + publish.wall)
        for name in ("Pelican", "Hugo"):
            peer = peers.Peer(name, self._scratch / name, programs)
            peer.write(count)
            whole = peer.build()
            self._add(f"{name}: {count:,} entries, pages, RSS, Atom", whole, peer.documents, against=ours, named="ours")
            peer.edit(count // 2)
            self._add(f"{name}: one edited", peer.build(), None, against=whole, named=f"{name}, all")

    def change(self, count: int) -> None:
        """Print a site once; then change one entry again and again, then nothing."""
        if (site := self._sites.get(count)) is None:
            site = self._stocked(count)
            measure(*PRESSRUN, "publish", cwd=site.folder)
        edits = [count * place // self._rounds for place in range(self._rounds)]
        edited = self._publishes(site, (lambda number=number: site.edit(number) for number in edits))
        self._repeated(f"one of {count:,} edited", edited, "one edited")
        added = self._publishes(
            site, (lambda number=number: site.add(count + number) for number in range(self._rounds))
        )
        self._repeated(f"one added to {count:,}", added, "one added")
        idle = self._publishes(site, (lambda: None for _ in range(self._rounds)))
        self._repeated(f"nothing of {count:,} changed", idle, "nothing changed")

    def archive(self, count: int) -> None:
        """Print one feed of many entries, with all of them in its archives; no feeds of tags on either side."""
        plain, documents = self._plain(count, "--no-tags")
        self._add(f"feedgen used plainly: RSS, Atom; {count:,} entries", plain, documents)
        site = Site(self._scratch / f"archived{count}", with_tags=False)
        site.stock(count)
        stages, written = self._stages(site)
        against = {"against": plain, "named": "plain feedgen"}
        self._add(
            f"our feed: RSS, Atom, JSON, archives; {count:,} entries", stages["feeds"], written["feeds"], **against
        )

    def _publishes(self, site: Site, changes: Iterable[Callable[[], None]]) -> list[tuple[Cost, int]]:
        found = []
        for change in changes:
            change()
            cost, said = measure(*PRESSRUN, "publish", "--json", cwd=site.folder)
            found.append((cost, len(json.loads(said)["written"])))
        return found

    def _repeated(self, name: str, found: list[tuple[Cost, int]], kind: str) -> None:
        """Add the median of several; the first size of its kind is what the others are compared with."""
        cost = median([cost for cost, _ in found])
        first = self._first.setdefault(kind, cost)
        most = max(count for _, count in found)
        same = {} if first is cost else {"against": first, "named": "the smallest site"}
        self._add(f"{name}: publish (median of {len(found)})", cost, most, **same)

    def _stages(self, site: Site) -> tuple[dict[str, Cost], dict[str, int]]:
        _, said = measure(sys.executable, "-m", "bench.feeds.stages", site.folder, cwd=site.folder)
        told = json.loads(said)
        cost = {name: Cost(told["cpu"][name], told["wall"][name]) for name in NOT_FEEDS if name in told["cpu"]}
        own = [name for name in told["cpu"] if name not in NOT_FEEDS]
        cost["feeds"] = Cost(
            sum(told["cpu"][name] for name in own), sum(told["wall"].get(name, 0) for name in own), told["memory"]
        )
        for name in own:
            print(f"{'':6}{name:60}{told['cpu'][name]:9.2f} {told['wall'].get(name, 0):9.2f}")
        feeds = sum(path.endswith(("rss.xml", "atom.xml", "feed.json")) for path in told["documents"])
        pages = sum(path.startswith("report-") for path in told["documents"])
        written = {"feeds": feeds, "pages": pages, "listings": len(told["documents"]) - feeds - pages}
        return cost, written

    def _plain(self, count: int, *options: str) -> tuple[Cost, int]:
        folder = self._scratch / f"plain{count}{''.join(options)}"
        folder.mkdir()
        _, said = measure(sys.executable, "-m", "bench.feeds.plain", count, *options, cwd=folder)
        told = json.loads(said)
        return Cost(told["cpu"], told["wall"], told["memory"]), told["documents"]

    def _stocked(self, count: int) -> Site:
        self._sites[count] = site = Site(self._scratch / f"site{count}")
        site.stock(count)
        return site

    def _add(self, name: str, cost: Cost, count: int | None, *, against: Cost | None = None, named: str = "") -> None:
        self._table.add(Row(name, cost, count, against, named))


def _machine() -> str:
    """Return what was measured with, where and when."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return f"{_cpu()}, {load}; Python {platform.python_version()}; {libraries}; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.platform()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
