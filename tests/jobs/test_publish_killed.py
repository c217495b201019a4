"""A publish or a sync killed at any instant: readers see whole documents, and the next run ends as if nothing was.

Not here: what a single write does (test_publish_output.py).
"""

import os
import random
import shutil
import signal
import sys
from contextlib import suppress
from itertools import count

import pytest

TRIES = 20
RENAME = "_rename"  # called for each file that takes the place of the old one: a document and its compressed forms


def killed_at(site, job, call, *, of=None):
    """Run a job in a process of its own, killed at the n-th call of a function, any or the one of this name."""
    child = os.fork()
    if child == 0:
        calls = count(1)
        sys.setprofile(lambda frame, event, _: _counts(frame, event, of) and next(calls) == call and _die())
        with suppress(BaseException), site.app() as app:
            getattr(app, job)()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def calls_of(job, *, of=None):
    """Return how many calls a job makes, of any function or of the one of this name."""
    calls = count()
    sys.setprofile(lambda frame, event, _: _counts(frame, event, of) and next(calls))
    try:
        job()
    finally:
        sys.setprofile(None)
    return next(calls)


def _counts(frame, event, of):
    return event == "call" and of in (None, frame.f_code.co_name)


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


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
    ended = edited.copied(tmp_path / "unkilled")
    flushes = calls_of(ended.publish, of=RENAME)
    new, chance, half_way = ended.documents(), random.Random(78), 0
    for number in range(TRIES):
        site = edited.copied(tmp_path / f"try-{number}")
        assert killed_at(site, "publish", chance.randrange(flushes) + 1, of=RENAME)
        found = site.documents()
        half_way += found not in (old, new)
        assert [p for p, data in found.items() if data not in (old.get(p), new.get(p)) and not is_scrap(p)] == []
        site.publish()
        assert site.documents() == new
    assert half_way >= TRIES * 3 // 4  # at the first and the last there is no way yet, or none left


@pytest.mark.rule("F13")
def test_killed_at_any_instant_what_leads_to_a_new_page_is_printed_by_the_next(site):
    site.article("a.md", tags="[pier]")
    site.print()
    for call in range(1, 55, 6):
        site.article(f"b{call}.md", tags=f"[tag-{call}]", section=f"S{call}", author=f"Author {call}")
        site.sync()
        assert killed_at(site, "publish", call, of=RENAME)
        site.publish()
        before = site.documents()
        assert f">tag-{call}</a>" in before["tags/index.html"].decode()
        assert (site.publish(anew=True).written, site.documents()) == ([], before)


def is_scrap(path):
    return path.rpartition("/")[2].startswith(".") and path.endswith(".part")


@pytest.mark.rule("F12")
def test_page_written_by_a_killed_publish_leaves_when_its_article_is_withdrawn_before_the_next(site):
    site.articles(12)
    site.sync()
    assert killed_at(site, "publish", 30, of=RENAME)
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
    ended, chance, kills = edited.copied(tmp_path / "unkilled"), random.Random(78), 0
    length = calls_of(ended.sync)
    ended.publish()
    for number in range(TRIES // 4):
        site = edited.copied(tmp_path / f"try-{number}")
        site.now = ended.now
        kills += killed_at(site, "sync", chance.randrange(length))
        with site.app() as app:
            app.sync()
        site.publish()
        assert site.entries() == ended.entries()
        assert site.documents() == ended.documents()
    assert kills >= TRIES // 4 - 1  # a call more or less at the very end
