"""How much is proven: a sample within the tests, all of it by ``make reliability``; and the rows of its table.

Not here: what is proven (the tests beside this).
"""

import os
import platform
from datetime import UTC, datetime

FULL = os.environ.get("RELIABILITY") == "full"
SEED = int(os.environ.get("SEED", "119"))


def either(sample, full):
    """Return how much of something to do: a sample, or all of it."""
    return full if FULL else sample


def tell(*cells):
    """Print a row of the table, with the day and the machine in front of a full one."""
    where = [f"{datetime.now(UTC):%Y-%m-%d}", f"{os.cpu_count()} cores", f"Python {platform.python_version()}"]
    print(f"\n| {' | '.join(str(cell) for cell in [*(where if FULL else []), f'seed {SEED}', *cells])} |", flush=True)
