"""The press run as cron and an operator see it: quiet when all is well, light when there is nothing, clear when not.

Not here: the run itself (tests/acceptance, tests/jobs).
"""

import os
import signal
import subprocess
import sys
import time

import pytest

from feeds.store.engine import Store
from feeds.store.locking import only_run
from tests.site_fixtures import ROOT

HEAVY = "alembic premailer cssutils feedgen lxml PIL jinja2 babel nh3 markdown_it smtplib schedule rich cryptography"
HEAVY += " starlette uvicorn httpx brotli prometheus_client sqlalchemy.dialects.postgresql"
LOADED = """
import sys
from feeds.cli import main
try:
    main(["{command}"])
finally:
    print([name for name in {heavy!r} if name in sys.modules])
"""
MAIL = "feeds.jobs.publish.edition_stock feeds.rendering.digest feeds.rendering.message premailer"
DAEMON = [sys.executable, "-m", "feeds", "serve", "--beat", "1", "--port", "0"]
NO_SERVER = '[transport]\nkind = "smtp"\nhost = "127.0.0.1"\nport = 9\ntls = "none"\n'


def settled(site):
    """Let a run have been, and its files lie still for longer than a mark doubts them."""
    site.article("a.md")
    assert site.process("run").code == 0
    time.sleep(2.2)
    assert site.process("run").code == 0


def test_run_is_quiet_when_all_is_well(site):
    site.article("a.md")
    ended = site.process("run")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert "a/index.html" in site.documents()


def test_run_says_what_it_did_where_it_is_asked(site):
    site.article("a.md")
    ended = site.process("run", "--verbose")
    assert ended.out.startswith("articles: 1 new\n")
    assert " documents written, 0 removed\n" in ended.out
    assert site.process("run", "-v").out == ""


def test_run_tells_machines_what_each_job_did(site):
    site.article("a.md")
    told = site.process("run", "--json").json
    assert told["sync"]["sources"][0]["added"] == ["a.md"]
    assert (told["alarms"], told["errors"], told["deliver"]) == ([], [], None)


def loaded(site, command, heavy):
    """Return what a command says, then which of some modules its process has loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(command=command, heavy=heavy.split())],
        cwd=site.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_run_with_nothing_to_do_loads_nothing_heavy(site):
    settled(site)
    assert loaded(site, "run", HEAVY) == "[]\n"


def test_publish_that_prints_no_edition_loads_nothing_of_mail(site):
    settled(site)
    site.edit("a.md", "Some words.", "Other words.")
    assert site.process("sync").code == 0
    said = loaded(site, "publish", f"feeds.jobs.publish.press {MAIL}")
    assert "documents written" in said
    assert said.endswith("['feeds.jobs.publish.press']\n")


def test_edit_is_in_print_after_the_next_run(site):
    settled(site)
    site.edit("a.md", "Some words.", "Other words.")
    assert site.process("run").code == 0
    assert site.holding("Other words.") >= {"a/index.html", "rss.xml"}


def test_article_that_is_refused_is_named_at_each_run_and_the_others_are_printed(site):
    site.article("a.md")
    site.write("b.md", b"\x00\x01\x02" * 50)
    for _ in range(2):
        ended = site.process("run")
        assert (ended.code, ended.out) == (1, "")
        assert "articles/b.md: it is binary data" in ended.err
    assert "a/index.html" in site.documents()


@pytest.mark.rule("T121")
def test_second_run_at_the_same_time_does_nothing_and_ends_with_6(site):
    site.article("a.md")
    with only_run(Store(f"sqlite:///{site.folder}/var/pressrun.db")):
        ended = site.process("run")
    assert (ended.code, ended.out, site.documents()) == (6, "", {})


def test_mail_server_that_is_not_there_ends_the_run_with_7_and_blames_nobody(site):
    site.configure(NO_SERVER)
    site.article("a.md")
    site.process("run")
    site.run("subscribers", "add", "ann@x.example", "weekly", "--consent", "At the fair.")
    site.article("b.md", date=time.strftime("%Y-%m-%d 00:01"))
    site.process("run")
    assert site.process("compose", "weekly", "--at", "now").code == 0
    ended = site.process("run")
    assert (ended.code, "nothing can be delivered: 127.0.0.1:9" in ended.err) == (7, True)
    assert [one["state"] for one in site.run("deliveries", "list", "--json").json["deliveries"]] == ["queued"]


def test_daemon_prints_an_edit_and_mends_with_the_config_and_ends_when_asked(site):
    site.article("a.md")
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(DAEMON, cwd=site.folder, env=env, stderr=subprocess.PIPE, text=True) as daemon:
        try:
            _until(lambda: "a/index.html" in site.documents())
            config = (site.folder / "config.toml").read_text()
            (site.folder / "config.toml").write_text(config.replace("[site]", "[site]\ntitel = 1"))
            time.sleep(3)
            (site.folder / "config.toml").write_text(config)
            site.edit("a.md", "Some words.", "Other words.")
            _until(lambda: site.holding("Other words.") >= {"a/index.html"})
            daemon.send_signal(signal.SIGTERM)
            said = daemon.stderr.read()
        finally:
            daemon.kill()  # where it has ended already, nothing happens
    assert (daemon.returncode, said.count("unknown key"), "Traceback" in said) == (0, 1, False)


def _until(is_so, seconds=60):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.2)
