"""``pressrun serve`` as a process: HTTP and the clock, each without the other, and how it ends.

Not here: what is answered (tests/web), the beat (test_cli_run).
"""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.acceptance.mail_givens import letters_in
from tests.site_fixtures import ROOT
from tests.web.reader_givens import ANN, PAGES

SERVING = re.compile(r'serving The Harbour Gazette at (http://[^\s"]+)')


@contextmanager
def serve(site, *options):
    """Run ``pressrun serve`` on a port of its own; give the process and its address."""
    command = [sys.executable, "-m", "feeds", "serve", "--port", "0", *options]
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=site.folder, env=env, stderr=subprocess.PIPE, text=True) as daemon:
        try:
            line = next(line for line in daemon.stderr if SERVING.search(line) or "Traceback" in line)
            yield daemon, SERVING.search(line)[1]
        finally:
            daemon.kill()


def put(site, name, words):
    (site.public / name).parent.mkdir(parents=True, exist_ok=True)
    (site.public / name).write_text(words)


def ended(daemon):
    daemon.send_signal(signal.SIGTERM)
    said = daemon.stderr.read()
    return daemon.wait(60), said


def test_serve_without_its_clock_serves_and_prints_nothing(site):
    put(site, "rss.xml", "<rss/>")
    site.article("a.md")
    with serve(site, "--no-schedule") as (daemon, address):
        with urlopen(address + "rss.xml", timeout=30) as answer:
            assert (answer.status, answer.read()) == (200, b"<rss/>")
        code, said = ended(daemon)
    assert (code, "Traceback" in said, sorted(site.documents())) == (0, False, ["rss.xml"])


@pytest.mark.parametrize("typo", ["", "proof = [\n"])
def test_serve_without_its_clock_sends_what_a_reader_waits_for_also_while_a_mistake_is_in_its_config(site, typo):
    site.configure(PAGES)
    site.print()
    with serve(site, "--no-schedule") as (daemon, address):
        site.configure(PAGES + typo)
        form = urlencode({"address": ANN, "newsletter": "daily"}).encode()
        urlopen(address + "readers/subscribe", form, timeout=30).close()
        sent = next(line for line in daemon.stderr if "sent" in line or "Traceback" in line)
        code, _ = ended(daemon)
    assert (code, "1 sent" in sent) == (0, True)
    assert [letter.recipient for letter in letters_in(site.folder / "var" / "maildir")] == [ANN]


def test_serve_logs_who_asks_only_where_it_is_told_to(site):
    put(site, "rss.xml", "<rss/>")
    for options, logged in ((), False), (("--access-log",), True):
        with serve(site, "--no-schedule", *options) as (daemon, address):
            urlopen(address + "rss.xml", timeout=30).close()
            assert ("127.0.0.1 GET '/rss.xml' 200" in ended(daemon)[1]) is logged


def test_serve_without_http_listens_nowhere(bare_site):
    bare_site.configure("[web]\nport = 1\n")
    command = [sys.executable, "-m", "feeds", "serve", "--no-web", "--beat", "1"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=bare_site.folder, env=env, stderr=subprocess.PIPE, text=True) as daemon:
        assert "a beat every 1 seconds" in daemon.stderr.readline()
        code, said = ended(daemon)
    assert (code, "serving" in said) == (0, False)


def test_serve_says_that_its_port_is_taken_and_ends(site):
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = site.process("serve", "--port", str(other.getsockname()[1]))
    assert (done.code, "choose another [web] port" in done.err, "Traceback" in done.err) == (2, True, False)


def test_serve_with_neither_has_nothing_to_do(site):
    done = site.process("serve", "--no-web", "--no-schedule")
    assert (done.code, "there is nothing to do" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("web", "said"),
    [
        ('host = "gazette.example"', "is no IP address"),
        pytest.param("max_age_seconds = 60", "expected 900 or more", marks=pytest.mark.rule("F15")),
        pytest.param("max_age_seconds = 3601", "expected 3600 or less", marks=pytest.mark.rule("F15")),
        ('trusted_proxies = ["everybody"]', '"everybody" is neither address nor network'),
        ('trusted_proxies = "10.0.0.1"', "expected a list"),
        ("port = 0", "0 is too small"),
        ("requests_per_minute = -1", "-1 is too small"),
        ("hots = 1", "unknown key"),
    ],
)
def test_mistake_in_web_is_named_before_anything_happens(site, web, said):
    site.configure(f"[web]\n{web}\n")
    done = site.run("serve")
    assert (done.code, said in done.err) == (2, True)


def test_moved_documents_are_listed_as_a_map_for_nginx(site):
    put(site, "old/index.html.moved", "https://gazette.example/new/?a=$b\n")
    put(site, "other/rss.xml.moved", "nowhere")
    done = site.run("config", "moved")
    assert (done.code, done.out.splitlines()) == (
        0,
        [f'"{path}" "https://gazette.example/new/?a=%24b";' for path in ("/old/index.html", "/old/")],
    )
    assert site.run("config", "moved", "--json").json["/old/"] == "https://gazette.example/new/?a=$b"


def test_settings_that_the_docs_show_are_settings(site):
    shown = re.search(r"```toml\n(.+?)```", (ROOT / "docs" / "serving.md").read_text(), flags=re.DOTALL)[1]
    site.configure(shown)
    assert site.run("config", "show", "--json").json["web"]["trusted_proxies"] == ["127.0.0.0/8", "::1/128"]
