"""Run a command as a process and say what it cost; medians of several; the lines of the table.

Not here: which commands (run).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Cost:
    """What something took: seconds of CPU (user and system), seconds by the wall, peak memory in MB."""

    cpu: float
    wall: float
    memory: float = 0.0


@dataclass(frozen=True)
class Row:
    """A line of the table: ``count`` documents or files written, ``against`` another cost, called ``named``."""

    name: str
    cost: Cost
    count: int | None = None
    against: Cost | None = None
    named: str = ""

    @property
    def cells(self) -> list[str]:
        cost, ratio = self.cost, self.cost.cpu / self.against.cpu if self.against and self.against.cpu else None
        return [
            self.name,
            f"{cost.cpu:.2f}",
            f"{cost.wall:.2f}",
            f"{cost.memory:.0f}" if cost.memory else "",
            "" if self.count is None else f"{self.count:,}",
            "" if ratio is None else f"{ratio:.2f} × {self.named}",
        ]


@dataclass
class Table:
    """The table as it grows: each line is shown when it is known, all again as Markdown at the end."""

    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> Cost:
        """Add a line, show it, and return its cost."""
        self.rows.append(row)
        name, *cells = row.cells
        print(f"{name:66}" + "".join(f"{cell:>9} " for cell in cells), flush=True)
        return row.cost

    def markdown(self) -> str:
        """Return all lines as a Markdown table."""
        head = ["what", "CPU s", "wall s", "peak MB", "documents", "ratio of CPU"]
        lines = [head, ["---", *["--:"] * 4, "---"], *(row.cells for row in self.rows)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def measure(*command: object, cwd: Path) -> tuple[Cost, str]:
    """Run a command; return its cost and what it wrote to standard output. What fails ends the measurement."""
    with tempfile.NamedTemporaryFile() as report, tempfile.TemporaryFile() as out:
        spawn = [sys.executable, "-S", Path(__file__).with_name("spawn.py"), report.name, *map(str, command)]
        subprocess.run(spawn, cwd=cwd, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=out, check=True)
        out.seek(0)
        said, told = out.read().decode("utf-8", "replace"), json.load(report)
    if code := told.pop("code"):
        sys.exit(f"{' '.join(map(str, command))}: ended with {code}\n{said[-2000:]}")
    return Cost(**told), said


def median(costs: list[Cost]) -> Cost:
    """Return the median of each number."""
    middle = statistics.median
    return Cost(middle(c.cpu for c in costs), middle(c.wall for c in costs), middle(c.memory for c in costs))
