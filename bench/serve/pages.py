"""Measure how often a second one process gives a page of the site, and takes RFC 8058's one click, with wrk.

    python -m bench.serve.pages [--seconds 4] [--rounds 5] [--connections 32] [--readers 30000]

Both servers stand at once, and are asked in turn: ``pressrun serve``, and a bare Starlette route (bare). The ratio is
the median of the rounds', which what else the machine does sways little. Not here: what is answered (tests/web).
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.delivery.send import CONFIG, pressrun, stocked
from bench.serve.run import free_port, rate_in, running, wait_for
from feeds.app import App
from feeds.config import load_config
from feeds.rules.reader_tokens import Purpose, reader_token
from feeds.store import keys
from feeds.store.engine import sqlite_module

NEWSLETTER = "weekly"
CLICK = """\
local tokens, number = {}, 0
function init(arguments)
  for line in io.lines(arguments[1]) do tokens[#tokens + 1] = line end
end
local headers = {["Content-Type"] = "application/x-www-form-urlencoded"}
function request()
  number = number + 1
  local path = "/readers/leave/" .. tokens[(number - 1) % #tokens + 1]
  return wrk.format("POST", path, headers, "List-Unsubscribe=One-Click")
end
"""


@dataclass(frozen=True)
class Case:
    """What is asked for: a path, or clicks with the tokens in a file; ``before`` makes all as it was."""

    name: str
    path: str = "/"
    tokens: Path | None = None
    before: Callable[[], None] = lambda: None


def main() -> None:
    """Measure, and print the table as Markdown."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=int, default=4, help="how long each measurement lasts")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--connections", type=int, default=32)
    asked.add_argument("--readers", type=int, default=30_000, help="more than leave in one measurement")
    asked.add_argument("--only", default="", help="cases whose name has this in it")
    how = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="pressrun-bench-") as scratch, ExitStack() as stack:
        folder = Path(scratch)
        cases = [case for case in made(folder, how.readers) if how.only in case.name]
        ports = [stack.enter_context(serving(folder, command)) for command in (bare, ours)]
        about = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        print(f"{about}, {datetime.now(UTC):%F}, load {os.getloadavg()[0]:.1f}")
        print(f"{how.connections} connections, median of {how.rounds} rounds of {how.seconds} s each in turn\n")
        print("| asked for | bare route, a second | pressrun serve | ratio |\n| --- | --: | --: | --: |")
        for case in cases:
            rounds = [[measured(case, port, how, folder) for port in ports] for _ in range(how.rounds)]
            theirs, our = (statistics.median(rates) for rates in zip(*rounds, strict=True))
            ratio = statistics.median(mine / other for other, mine in rounds)
            print(f"| {case.name} | {theirs:,.0f} | {our:,.0f} | {ratio:.2f} |", flush=True)
        print(f"\nload at the end {os.getloadavg()[0]:.1f}")


def made(folder: Path, readers: int) -> list[Case]:
    """Make a site with an edition in its archive, and say what is asked of it."""
    config = (
        CONFIG.format(port=1, connections=1, workers=1)
        + "\n[web]\nrequests_per_minute = 0\n\n[readers]\npages = true\n"
    )
    stocked(folder, config, readers)
    pressrun(folder, "publish")
    (folder / "click.lua").write_text(CLICK)
    many, one = folder / "many.txt", folder / "one.txt"
    many.write_text("\n".join(tokens(folder, readers)))
    one.write_text(many.read_text().partition("\n")[0])
    return [
        Case("front page", "/"),
        Case("archive page, a past edition", f"/newsletters/{NEWSLETTER}/1/"),
        Case("one click, again and again with one token", tokens=one, before=lambda: subscribe_all(folder)),
        Case("one click, of another reader each time", tokens=many, before=lambda: subscribe_all(folder)),
    ]


def tokens(folder: Path, readers: int) -> list[str]:
    """Return the tokens in all readers' mail."""
    app = App(load_config(folder / "config.toml", {}))
    with app.store.writing() as tx:
        key = keys.current(tx, at=datetime.now(UTC))
    app.close()
    return [reader_token(Purpose.LEAVE, (f"r{n:07}", NEWSLETTER), state="0", key=key) for n in range(readers)]


def subscribe_all(folder: Path) -> None:
    """Undo all clicks."""
    # The standard library's SQLite may be one that corrupts a store that others write too.
    with closing(sqlite_module().connect(str(folder / "var" / "pressrun.db"), timeout=30)) as store, store:
        store.execute("UPDATE subscriptions SET state = 'active', ended_at = NULL, ended_by = NULL")
        store.execute("DELETE FROM consent_events")


def measured(case: Case, port: int, how: argparse.Namespace, folder: Path) -> float:
    """Return how many requests a second were answered."""
    case.before()
    command = ["wrk", "-t1", f"-c{how.connections}", f"-d{how.seconds}s", "--timeout", "10s"]
    command += ["-s", str(folder / "click.lua")] if case.tokens else []
    command += [f"http://127.0.0.1:{port}{case.path}", *(["--", str(case.tokens)] if case.tokens else [])]
    rate = rate_in(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    if case.tokens and case.tokens.name == "many.txt" and rate * how.seconds > how.readers:
        raise SystemExit(f"{rate * how.seconds:,.0f} clicks, and {how.readers:,} readers: ask for more --readers")
    return rate


# ---- the servers ----


@contextmanager
def serving(folder: Path, command: Callable[[int, Path], list[str]]) -> Iterator[int]:
    """Run a server as a process; give its port."""
    port = free_port()
    with running([sys.executable, "-m", *command(port, folder)], folder):
        wait_for(port, "/")
        yield port


def bare(port: int, folder: Path) -> list[str]:
    """Return the command of the bare routes."""
    return ["bench.serve.bare", str(port), str(folder)]


def ours(port: int, _folder: Path) -> list[str]:
    """Return our command."""
    return ["feeds", "serve", "--no-schedule", "--port", str(port)]


if __name__ == "__main__":
    main()
