"""The addresses for whoever watches: who is answered there, and what it costs the others.

Not here: the figures (test_metrics).
"""

import shutil

import pytest
from sqlalchemy import text

from feeds.store.migrating import migrate
from feeds.web.clients import is_this_machine
from feeds.web.standing import Held
from feeds.web.watching import ANOTHER_SCHEMA, NO_FOLDER, NO_STORE

TOKEN = "canary-3b8f1d6c90ab7"
HERE = {b"host": b"localhost:8000"}


@pytest.fixture
def watched(web_site):
    """Give a site with a store, whose monitoring system bears a token."""
    (web_site.folder / "token").write_text(TOKEN)
    (web_site.folder / "token").chmod(0o600)
    web_site.configure('requests_per_minute = 2\nmetrics_token = "file:token"')
    migrate(web_site.store, keep_backups=0)
    return web_site


def test_process_that_answers_is_healthy_whatever_becomes_of_its_store(web_site):
    shutil.rmtree(web_site.folder / "public")
    with web_site.serving() as client:
        answer = client.ask("/healthz")
        assert (answer.status, answer.body, answer["cache-control"]) == (200, b"ok\n", "no-store")
        assert (client.ask("/healthz", "HEAD").status, client.ask("/healthz", "HEAD").body) == (200, b"")


def ready(site):
    with site.serving() as client:
        answer = client.ask("/readyz")
    return answer.status, answer.body.decode().strip()


def test_site_is_ready_with_a_store_of_this_schema_and_its_folder(watched):
    assert ready(watched) == (200, "ready")
    shutil.rmtree(watched.public.place)
    assert ready(watched) == (503, NO_FOLDER)


def test_store_of_another_schema_is_not_ready(watched):
    store = watched.store
    with store.writing() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    assert ready(watched) == (503, ANOTHER_SCHEMA)
    (watched.folder / "var/pressrun.db").unlink()
    assert ready(watched) == (503, ANOTHER_SCHEMA)


@pytest.mark.rule("T99")
def test_store_that_cannot_be_used_is_named_to_nobody_but_the_log(watched, caplog):
    (watched.folder / "var/pressrun.db").write_bytes(b"no database")
    with watched.serving() as client:
        said = [client.ask("/readyz").body.decode().strip() for _ in range(3)]
    assert said == [NO_STORE] * 3
    (logged,) = [one.getMessage() for one in caplog.records if "not ready" in one.getMessage()]
    assert "pressrun.db: it is no database" in logged


def test_no_limit_holds_whoever_watches_and_they_use_up_nobodys(watched):
    watched.public.put("rss.xml", "<rss/>")
    with watched.serving() as client:
        asked = [client.ask(path).status for _ in range(5) for path in ("/healthz", "/readyz", "/metrics")]
        assert (set(asked), client.ask("/rss.xml").status) == ({200}, 200)


def test_documents_keep_their_addresses(watched):
    for name in ("healthz", "metrics"):
        watched.public.put(f"{name}/index.html", f"<p>An article of {name}</p>")
    with watched.serving() as client:
        assert client.ask("/healthz/").body == b"<p>An article of healthz</p>"
        answer = client.ask("/metrics", x_forwarded_for="192.0.2.1")
        assert (answer.status, answer["location"]) == (301, "./metrics/")
        assert client.ask("/healthz", "POST", content_length="0").status == 405


def test_site_below_a_path_is_watched_with_and_without_it(watched):
    watched.configure(url="https://gazette.example/news/")
    with watched.serving() as client:
        assert [client.ask(f"{base}/healthz").status for base in ("", "/news", "/other")] == [200, 200, 404]


# ---- who may read the figures ----


@pytest.mark.rule("T91")
@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "192.0.2.1"},
        {"x_forwarded_for": "127.0.0.1"},
        {"x_forwarded_for": ""},
        {"forwarded": "for=127.0.0.1"},
        {"x_real_ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "gazette.example"},
        {"host": "localhost.evil.example"},
        {"host": "localhost.evil.example:8000"},
        {"host": ""},
        {"authorization": "Bearer"},
        {"authorization": f"Bearer {TOKEN[:-1]}", "via": "1.1 proxy"},
        {"authorization": f"Bearer {TOKEN}x", "via": "1.1 proxy"},
        {"authorization": f"Basic {TOKEN}", "via": "1.1 proxy"},
    ],
)
def test_what_came_through_a_proxy_reads_no_figures_and_is_told_of_none(watched, headers):
    with watched.serving() as client:
        answer, nowhere = client.ask("/metrics", **headers), client.ask("/nowhere", **headers)
    if headers == {"authorization": "Bearer"}:
        assert answer.status == 200
    else:
        assert (answer.status, answer.body, answer["www-authenticate"]) == (404, nowhere.body, None)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_who_bears_the_token_reads_them_from_anywhere(watched, scheme):
    with watched.serving() as client:
        answer = client.ask("/metrics", host="gazette.example", via="1.1 x", authorization=f"{scheme} {TOKEN}")
    assert (answer.status, answer["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", [b"localhost", b"localhost:80", b"127.0.0.1:8000", b"[::1]:8000", b"[::1]"])
def test_program_on_this_machine_is_one(peer, host):
    assert is_this_machine(peer, {b"host": host})


@pytest.mark.parametrize("peer", ["192.0.2.1", "10.0.0.1", "::", "2001:db8::1", "", "testclient"])
def test_client_from_elsewhere_is_none_whatever_it_says(peer):
    assert not is_this_machine(peer, HERE)


@pytest.mark.rule("T99")
@pytest.mark.rule("T83")
def test_token_is_in_no_log_and_in_no_answer(watched, caplog):
    caplog.set_level("DEBUG")
    with watched.serving() as client:
        answers = [client.ask(path, authorization=f"Bearer {TOKEN}") for path in ("/metrics", "/readyz", "/nowhere")]
    assert [answer for answer in answers if TOKEN in str(answer.headers) or TOKEN.encode() in answer.body] == []
    assert [one for one in caplog.records if TOKEN in one.getMessage() + str(one.args)] == []


def test_value_is_held_for_as_long_as_it_was_dear():
    made = iter("abc")
    held = Held(least_seconds=3600)
    assert [held.get(lambda: next(made)) for _ in range(2)] == ["a", "a"]
    fleeting = Held(least_seconds=-1)
    fleeting._until = 0.0
    assert fleeting.get(lambda: next(made)) == "b"
