"""A preview that is made anew while somebody writes, as a process of its own.

Not here: the page (tests/rendering), how it is served (tests/web).
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from queue import Empty, Queue
from threading import Thread

import httpx
import pytest

from feeds.store.locking import only_run
from tests.site_fixtures import ROOT

PATIENCE = 30  # seconds


class Watched:
    """A preview under watch: what it says, line by line, and the page that it serves."""

    def __init__(self, process):
        self._lines = Queue()
        Thread(target=lambda: [self._lines.put(line) for line in process.stdout], daemon=True).start()
        self.begun = self.says(" shows it, and each change")
        self.url = re.search(r"http://\S+", self.begun)[0]

    def says(self, words):
        """Return all that is said up to a line with these words."""
        heard = []
        try:
            while not heard or words not in heard[-1]:
                heard.append(self._lines.get(timeout=PATIENCE))
        except Empty:
            pytest.fail(f"{words!r} was not said after {heard}")
        return "".join(heard)

    def shows(self, words):
        """Wait until the page itself says something while it stays."""
        until = time.monotonic() + PATIENCE
        while words not in (said := httpx.get(f"{self.url}version").text):
            assert time.monotonic() < until, said
            time.sleep(0.02)


@contextmanager
def watch(site, *more):
    command = [sys.executable, "-m", "feeds", "preview", "weekly", "--watch", "--port", "0", *more]
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # what runs in the background ignores it, its children too
    process = subprocess.Popen(
        command,
        cwd=site.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    signal.signal(signal.SIGINT, before)
    try:
        yield Watched(process)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == 0
        process.stdout.close()


@pytest.fixture
def printed(site):
    site.article("a.md", title="Alpha", date="2024-07-01 00:30")
    site.print()
    return site


def test_port_that_is_taken_is_told_before_anything_is_made(printed):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = printed.run("preview", "weekly", "--watch", "--port", str(port))
    assert (ended.code, f"127.0.0.1 port {port}" in ended.err, "rendering" in ended.out) == (2, True, False)
    assert not (printed.folder / "var" / "preview").exists()


def test_edited_and_new_articles_are_synced_and_shown(printed):
    with watch(printed) as watched:
        assert "“Alpha”" in watched.begun
        assert re.search(r"^rendering … \d+\.\d s$", watched.begun, re.MULTILINE)
        version = httpx.get(f"{watched.url}version").text
        printed.edit("a.md", "Alpha", "Alpha, put right")
        assert "articles: 1 edited\nrendering … " in watched.says("“Alpha, put right”")
        watched.shows("1\n")
        printed.article("b.md", title="Beta", date="2024-07-02 00:30")
        watched.says("“Beta, and 1 more”")
        watched.shows("2\n")
        assert "Beta" in httpx.get(watched.url).text
        assert httpx.get(f"{watched.url}version").text != version


def test_note_is_seen_wherever_the_config_has_it(printed):
    printed.configure('notes = "desk/weekly"')
    place = printed.run("status", "--json").json["newsletters"][0]["note"]["place"]
    with watch(printed) as watched:
        (printed.folder / place).parent.mkdir(parents=True)
        (printed.folder / place).write_text("Good morning.")
        watched.says(", a note, ")


def test_mistake_is_told_on_the_page_until_it_is_mended(printed):
    footer = printed.folder / "templates" / "digest" / "parts" / "footer.html"
    with watch(printed) as watched:
        footer.parent.mkdir(parents=True)
        footer.write_text("<tr><td>{{ lead.hedline }}</td></tr>")
        watched.says('lead.hedline: a story has no "hedline"; nearest: "headline"')
        watched.shows("lead.hedline: a story has no")
        footer.write_text("<tr><td>{{ lead.headline }}</td></tr>")
        watched.shows("1\n")


def test_while_another_run_is_at_work_it_goes_on_and_catches_up(printed):
    printed.article("b.md", title="Beta", date="2024-07-02 00:30")
    with printed.app() as app, ExitStack() as other_run:
        other_run.enter_context(only_run(app.store))
        with watch(printed) as watched:
            assert "articles are shown as they were synced last: another run is at work" in watched.begun
            assert "“Alpha”" in watched.begun
            other_run.close()
            assert "articles: 1 new\n" in watched.says("“Beta, and 1 more”")
