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
# A process prints the same articles ten times, each time read and written in another order; it tells every hash.
PROGRAM = """
import hashlib, random, sys
from feeds.rules.printing import for_feeds, print_entry
from feeds.rules.queries import newest_first
from tests.formats.many_articles import article
from tests.formats.pipeline import PRESS, documents_of, elements_of, entry_of, raw_entry

numbers = list(range(30))
for order in range(10):
    random.Random(order + 10 * int(sys.argv[1])).shuffle(numbers)
    entries = newest_first(entry_of(raw_entry(f"a{number}.md", article(number))) for number in numbers)
    printed = {entry.id: for_feeds(print_entry(entry, PRESS, entry.article.tags)) for entry in entries}
    made = {element.entry_id: element for element in elements_of(printed[id] for id in sorted(printed, key=hash))}
    documents = documents_of([made[entry.id] for entry in entries])
    print(*(hashlib.sha256(data).hexdigest() for data in documents.values()))
"""
SEEDS = ("0", "1", "2", "7", "42", "999", "4242", "31337", "65537", "4294967295")
ZONES = (
    "UTC",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "XYZ+12:34",
)
LOCALES = ("C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "tr_TR.UTF-8")


def printed_under(number):
    """Return the hashes that a process prints which is started in surroundings of its own."""
    around = {
        "PYTHONHASHSEED": SEEDS[number],
        "TZ": ZONES[number % len(ZONES)],
        "LC_ALL": LOCALES[number % len(LOCALES)],
    }
    env = os.environ | around | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM, str(number)]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, check=True, text=True).stdout.splitlines()


@pytest.mark.rule("F13")
def test_hundred_runs_under_other_hash_seeds_zones_locales_and_orders_give_the_same_bytes():
    lines = [line for number in range(len(SEEDS)) for line in printed_under(number)]
    assert len(lines) == 100
    assert len(set(lines)) == 1
    assert len(set(lines[0].split())) == len(FORMATS)


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
