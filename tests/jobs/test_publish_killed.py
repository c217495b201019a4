"""A publish or a sync killed at any instant: readers see whole documents, and the next run ends as if nothing was.

Not here: what a single write does (test_publish_output.py).
"""

import os
import random
import shutil
import signal
import time
from contextlib import suppress
from functools import partial

import pytest

from tests.site_fixtures import Site

TRIES = 20


def killed(site, job, wait):
    """Run a job in a process of its own, and kill it after ``wait``. Tell whether it was still running."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException), site.app() as app:
            getattr(app, job)()
        os._exit(0)
    wait()
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def written(path):
    """Return a wait until a document is written anew."""
    before = stamp(path)

    def wait():
        limit = time.monotonic() + 5
        while stamp(path) == before and time.monotonic() < limit:
            pass

    return wait


def stamp(path):
    return path.stat().st_mtime_ns if path.exists() else None


def timed(job):
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def copied(site, folder):
    shutil.copytree(site.folder, folder)
    copy = Site.__new__(Site)
    copy.folder, copy.now = folder, site.now
    return copy


@pytest.fixture
def edited(site):
    """Give a site that is printed, and then edited, so that all feeds and some pages are to be printed anew."""
    site.articles(5)
    site.print()
    site.remove("a01.md")
    for n in range(2, 4):
        site.edit(f"a{n:02}.md", "Words", "Other words")
    site.article("new.md")
    return site


@pytest.mark.rule("T78")
def test_killed_at_any_instant_of_a_publish_every_document_is_whole(edited, tmp_path):
    old = edited.documents()
    edited.sync()
    ended = copied(edited, tmp_path / "unkilled")
    changed = ended.publish().written
    new, chance, half_way = ended.documents(), random.Random(78), 0
    for number in range(TRIES):
        site = copied(edited, tmp_path / f"try-{number}")
        killed(site, "publish", written(site.public / chance.choice(changed)))
        found = site.documents()
        half_way += found not in (old, new)
        assert [p for p, data in found.items() if data not in (old.get(p), new.get(p)) and not is_scrap(p)] == []
        site.publish()
        assert site.documents() == new
    assert half_way >= TRIES // 2


def is_scrap(path):
    return path.rpartition("/")[2].startswith(".") and path.endswith(".part")


@pytest.mark.rule("F12")
def test_page_written_by_a_killed_publish_leaves_when_its_article_is_withdrawn_before_the_next(site):
    site.articles(12)
    site.sync()
    assert killed(site, "publish", written(site.public / "a07" / "index.html"))
    assert site.holding("Words of article 7.") != set()
    shutil.rmtree(site.folder / "articles")
    (site.folder / "articles").mkdir()
    site.sync(accept_withdrawals=True)
    site.publish()
    assert site.holding("Words of article") == set()
    assert [path for path in site.documents() if path.startswith(("a0", "a1"))] == []


def test_killed_at_any_instant_of_a_sync_the_next_ends_in_the_same_store(edited, tmp_path):
    for n in range(20, 29):
        edited.article(f"more-{n}.md", f"More of {n}.", tags="[ferry]")
    ended, chance, kills = copied(edited, tmp_path / "unkilled"), random.Random(78), 0
    length = timed(ended.sync)
    ended.publish()
    for number in range(TRIES // 4):
        site = copied(edited, tmp_path / f"try-{number}")
        site.now = ended.now
        kills += killed(site, "sync", partial(time.sleep, chance.uniform(0, length)))
        with site.app() as app:
            app.sync()
        site.publish()
        assert site.entries() == ended.entries()
        assert site.documents() == ended.documents()
    assert kills >= 2
