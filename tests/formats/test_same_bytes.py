"""The same content prints the same bytes, whatever surrounds the process, and leaves those surroundings alone.

Not here: which content there is (store), or whether it changed (rules).
"""

import locale
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.formats import FORMATS
from tests.formats.givens import FEED, entry, varied, written

ROOT = Path(__file__).parents[2]
PROGRAM = """
import hashlib
from tests.formats.givens import FORMATS, varied, written
print([hashlib.sha256(written(name, *varied())).hexdigest() for name in FORMATS])
"""
SURROUNDINGS = [("0", "UTC", "C"), ("1", "Asia/Kathmandu", "C.UTF-8"), ("4242", "America/St_Johns", "POSIX")]


def printed_under(seed, zone, language):
    env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", PROGRAM], env=env, cwd=ROOT, capture_output=True, check=True).stdout


@pytest.mark.rule("F13")
def test_bytes_depend_on_no_hash_seed_time_zone_or_locale():
    hashes = {printed_under(*surroundings) for surroundings in SURROUNDINGS}
    assert len(hashes) == 1
    assert hashes.pop().count(b"'") == 2 * len(FORMATS)


@pytest.mark.rule("F13")
@pytest.mark.parametrize("name", FORMATS)
def test_edit_changes_the_bytes_and_another_print_does_not(name):
    assert written(name, entry()) == written(name, entry())
    assert written(name, entry()) != written(name, entry(html="<p>It waits no longer.</p>"))


@pytest.mark.rule("F13")
@pytest.mark.parametrize("name", FORMATS)
def test_order_of_what_is_looked_up_by_name_does_not_matter(name):
    pages = {"cpp": "https://a.example/cpp", "c": "https://a.example/c"}
    first = replace(varied()[1], tag_urls=pages)
    second = replace(first, tag_urls=dict(reversed(pages.items())))
    assert written(name, first) == written(name, second)


@pytest.mark.rule("F4")
@pytest.mark.parametrize("name", FORMATS)
def test_printing_never_touches_the_locale_of_the_process(name):
    called = set()
    before = locale.setlocale(locale.LC_ALL)
    written(name)  # what is imported at the first print may do as it likes
    sys.setprofile(lambda _frame, event, function: called.add(function.__name__) if event == "c_call" else None)
    try:
        written(name, *varied())
    finally:
        sys.setprofile(None)
    assert called and "setlocale" not in called
    assert locale.setlocale(locale.LC_ALL) == before


def test_feedgen_is_imported_only_when_a_document_is_written():
    program = "import sys, feeds.formats; sys.exit('feedgen' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.mark.rule("T40")
def test_registry_names_the_three_files_of_a_feed():
    assert {name: (each.filename, each.media_type) for name, each in FORMATS.items()} == {
        "rss": ("rss.xml", "application/rss+xml"),
        "atom": ("atom.xml", "application/atom+xml"),
        "json": ("feed.json", "application/feed+json"),
    }
    assert set(FEED.addresses) == set(FORMATS)
