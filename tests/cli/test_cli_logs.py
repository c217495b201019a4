"""Logs for machines: one JSON object a line, and one run id through all that a press run does.

Not here: what the lines for people say (test_cli_run, test_cli_serve).
"""

import json
import logging
import signal
from urllib.request import urlopen

import pytest

from feeds import logs
from feeds.config import load_config
from feeds.store import runs
from feeds.store.engine import Store
from feeds.store.locking import only_run
from tests.acceptance.mail_givens import by_smtp, edition_for, mail_server, readers, site_in
from tests.cli.test_cli_serve import ended, put, serve

JSON = ("--log-format", "json")
PASSWORD = "canary-9c1d"


def read(text):
    """Return the records; each line must be one."""
    return [json.loads(line) for line in text.splitlines()]


def of_jobs(records):
    return [
        (one["logger"].rpartition(".")[2], one["message"].partition(" in ")[0])
        for one in records
        if "jobs" in one["logger"]
    ]


def stored(site, job):
    store = Store(f"sqlite:///{site.folder}/var/pressrun.db")
    with store.reading() as tx:
        run = runs.find_last(tx, job)
    store.close()
    return run


def test_run_logs_what_each_job_did_under_one_id_that_its_records_have_too(site):
    site.article("a.md")
    done = site.process("run", *JSON, "--json")
    records = read(done.err)
    assert of_jobs(records) == [("sync", "begins"), ("sync", "done"), ("publish", "begins"), ("publish", "done")]
    assert "articles: 1 new" in [one["message"] for one in records]
    assert {one["run"] for one in records} == {done.json["run"]}
    assert {stored(site, job).report["run"] for job in ("run", "sync", "publish")} == {done.json["run"]}
    assert records[0].keys() == {"time", "level", "logger", "message", "process", "run"}
    assert (done.code, site.process("run", *JSON).out) == (0, "")


def test_each_run_has_an_id_of_its_own(site):
    site.article("a.md")
    first, second = (site.process("run", "--json").json["run"] for _ in range(2))
    assert first != second
    assert stored(site, "run").report == {"run": second}


def test_run_logs_what_needs_a_person_and_what_ends_it(site):
    site.write("b.md", b"\x00\x01\x02" * 50)
    done = site.process("run", *JSON)
    warned = [one["message"] for one in read(done.err) if one["level"] == "warning"]
    assert (done.code, len(warned), "it is binary data" in warned[0]) == (1, 1, True)
    with only_run(Store(f"sqlite:///{site.folder}/var/pressrun.db")):
        busy = site.process("run", *JSON)
    (record,) = read(busy.err)
    assert (busy.code, record["level"], "run" in record) == (6, "error", True)
    site.configure("[web]\nhots = 1")
    broken = site.process("run", *JSON)
    assert (broken.code, ["unknown key" in one["message"] for one in read(broken.err)]) == (2, [True])


def test_lines_for_people_are_as_they_were(site):
    site.article("a.md")
    done = site.process("run", "--verbose")
    assert (done.code, done.err, "jobs" in done.out, done.out.startswith("articles: 1 new\n")) == (0, "", False, True)


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


def test_run_id_goes_through_composing_delivering_and_each_worker_process(request, server):
    site = site_in(request, "sqlite", by_smtp(server) + "workers = 2\n")
    edition_for(site, *readers(2000))
    done = site.process("run", *JSON)
    records = read(done.err)
    workers = [one for one in records if one["message"].startswith("a worker is done")]
    assert done.code == 0, done.err
    assert len({one["process"] for one in workers}) == 2
    assert len({one["run"] for one in records}) == 1
    assert stored(site, "deliver").report == {"run": records[0]["run"]}
    assert stored(site, "deliver").outcome == "done"


def test_serve_logs_requests_and_runs_each_line_an_object(site):
    put(site, "rss.xml", "<rss/>")
    site.article("a.md")
    with serve(site, *JSON, "--access-log", "--no-schedule") as (daemon, address):
        urlopen(address + "rss.xml", timeout=30).close()
        daemon.send_signal(signal.SIGTERM)
        records = read(daemon.stderr.read())
        assert daemon.wait(60) == 0
    asked = [one for one in records if one["logger"] == "pressrun.access"]
    assert ["GET '/rss.xml' 200" in one["message"] for one in asked] == [True]
    assert [one for one in records if "run" in one] == []


def test_beats_of_the_daemon_are_runs_each_with_an_id(site):
    site.article("a.md")
    with serve(site, *JSON, "--beat", "1") as (daemon, _):
        lines = []
        for line in daemon.stderr:
            lines.append(json.loads(line))
            if "written" in lines[-1]["message"]:
                break
        code, _said = ended(daemon)
    assert code == 0
    assert len({one["run"] for one in lines if "run" in one}) == 1


# ---- the lines themselves ----


@pytest.mark.parametrize("text", ["one\ntwo", '"quoted" \\', "\u2028 \x1b[31m \x00", "Ünï \ud800", "💌"])
def test_record_is_one_line_of_ascii_whatever_is_in_it(text):
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "said: %s", (text,), None)
    line = logs.JsonLines().format(record)
    assert (line.isascii(), line.isprintable(), json.loads(line)["message"]) == (True, True, f"said: {text}")


def test_traceback_goes_with_its_record():
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "broke", (), (type(error), error, None))
    assert json.loads(logs.JsonLines().format(record))["traceback"] == "ZeroDivisionError: division by zero"


def test_run_within_a_run_is_the_same_one_and_after_it_there_is_none():
    with logs.running() as outer, logs.running() as inner:
        assert outer == inner
        assert logs.run_mark() == {"run": outer}
    assert logs.run_mark() == {}


@pytest.mark.rule("T99")
def test_secrets_are_in_no_line(site):
    (site.folder / "token").write_text(PASSWORD * 2)
    (site.folder / "token").chmod(0o600)
    site.configure(
        '[web]\nmetrics_token = "file:token"\n[transport]\nkind = "smtp"\nhost = "127.0.0.1"\nport = 9\n'
        'username = "x"\npassword = "file:token"\n'
    )
    site.article("a.md")
    done = site.process("run", *JSON, "--json")
    assert load_config(site.folder / "config.toml", {}).web.metrics_token.reveal() == PASSWORD * 2
    assert PASSWORD not in done.out + done.err


def test_token_that_could_be_guessed_is_refused_without_being_told(site):
    (site.folder / "token").write_text(PASSWORD)
    (site.folder / "token").chmod(0o600)
    site.configure('[web]\nmetrics_token = "file:token"\n')
    done = site.run("check")
    assert (done.code, PASSWORD in done.err) == (2, False)
    assert "could be guessed; expected 20 ASCII characters or more" in done.err
