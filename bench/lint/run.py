"""What judging a message costs: python -m bench.lint.run; processor time, the best and the median of many.

The edition is made of the tests' own entries. Not here: making the message (bench/digest).
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

from feeds.rendering.lint import judge_message
from tests.rendering.givens import PICTURE, entries
from tests.rendering.lint.given_messages import message, view

TIMES = 30


def main() -> None:
    print("| entries | message | first | best | median |\n|---|---|---|---|---|")
    for count in (5, 20, 48):
        data = message(view(entries=tuple(replace(entry, image=PICTURE) for entry in entries(count))))
        spent = [_spent(data) for _ in range(TIMES)]
        first, best, median = (f"{1000 * one:.1f} ms" for one in (spent[0], min(spent), statistics.median(spent)))
        print(f"| {count} | {len(data):,} bytes | {first} | {best} | {median} |")


def _spent(data: bytes) -> float:
    start = time.process_time()
    judge_message(data)
    return time.process_time() - start


if __name__ == "__main__":
    main()
