"""Measure whether the times of a thousand answers tell whom the site knows: by subscribe, by manage, by a forged link.

For each standing beside an address that is unknown: the middle time, how many steps it took, and the area under the
curve (AUC): 0.5 where the times tell nothing, 1 where they tell all. Run it as ``python -m bench.serve.enumeration``.
Not here: that the answers are alike (tests/acceptance/test_enumeration.py).
"""

import argparse
import math
import tempfile
from bisect import bisect_left, bisect_right
from collections import Counter
from pathlib import Path
from statistics import median

from feeds.rules.asking import STEP
from tests.acceptance.asking_givens import LIMITS, STANDINGS, asked, people
from tests.cli.test_cli_serve import serve
from tests.site_fixtures import Site
from tests.web.reader_givens import PAGES, tables


def main() -> None:
    how = argparse.ArgumentParser(description=__doc__)
    how.add_argument("--each", type=int, default=200, help="questions for each of the five standings")
    how.add_argument("--workers", type=int, default=8, help="questions at once")
    told = how.parse_args()
    for path, fields in (("/readers/subscribe", {"newsletter": "weekly"}), ("/readers/manage", {}), ("leave", None)):
        with tempfile.TemporaryDirectory() as folder:
            report(path, measure(Site(Path(folder) / "site"), path, fields, told))


def measure(site, path, fields, how):
    site.configure(PAGES + LIMITS)
    assert site.run("migrate").code == 0
    with site.app() as app, serve(site, "--no-schedule") as (_, served):
        found = people(app.store, how.each)
        if fields is None:
            return asked(served, "/readers/leave/{}", list(forged(app.store, how.each)), workers=how.workers)
        of_all = [(standing, one, fields | {"address": one}) for standing in STANDINGS for one in found[standing]]
        return asked(served, path, of_all, workers=how.workers)


def forged(store, each):
    ids = [row.split("'")[1] for row in tables(store)["subscribers"]]
    for number in range(each * 5):
        who = ids[number // 2 % len(ids)]
        standing, name = ("known", who) if number % 2 else ("unknown", who[::-1])
        yield standing, f"{name}.weekly.1.{'0' * 40}", {"x": ""}


def report(path, told) -> None:
    times = {standing: sorted(one.seconds for one in told if one.standing == standing) for standing in STANDINGS}
    alike = {(one.status, one.headers, one.body) for one in told}
    print(f"{path}: {len(told)} questions, {len(alike)} kind of answer")
    for standing, seconds in times.items():
        if seconds:
            steps = dict(sorted(Counter(math.floor(one / STEP + 0.02) for one in seconds).items()))
            area = auc(seconds, times["unknown"])
            print(f"  {standing:12} {median(seconds) * 1000:8.1f} ms  steps {steps}  AUC {area:.3f}")


def auc(ours, others) -> float:
    """Return how often one of ours took longer than one of the others, ties by half (Mann and Whitney's U, scaled)."""
    below = sum(bisect_left(others, one) + bisect_right(others, one) for one in ours) / 2
    return below / (len(ours) * len(others))


if __name__ == "__main__":
    main()
