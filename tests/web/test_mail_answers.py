"""A mail as a page over HTTP: for whoever has the link, kept and told nowhere, with nothing to do on it.

Not here: which mail is shown (tests/jobs/test_viewing.py), what stands in the page (tests/rendering/test_mail_page.py).
"""

import logging
import re
from datetime import UTC, datetime

import pytest

from feeds.app.post import Post
from feeds.rules.reader_tokens import Purpose, about_selection, reader_token
from feeds.store import editions, keys
from tests.acceptance.mail_givens import join
from tests.jobs.withdraw_givens import withdraw
from tests.web.reader_givens import ANN, reading


@pytest.fixture
def seen(site):
    """Serve a site of which an edition was fixed; give a browser, and the path of that mail's page."""
    with reading(site) as reader:
        join(site, ANN)
        with site.app() as app:
            Post(app).compose("weekly", at=site.now)
        yield reader, path_of(reader)


def path_of(reader, purpose=Purpose.EDITION):
    with reader.store.writing() as tx:
        (edition,) = editions.list_all(tx)
        (selection,) = editions.list_selections(tx, edition.id)
        key = keys.current(tx, at=datetime.now(UTC))
    token = reader_token(purpose, about_selection(selection.id), state="", key=key)
    return f"/readers/{Purpose.EDITION}/{token}"


@pytest.mark.rule("T83")
def test_page_is_shown_and_neither_kept_nor_indexed_nor_told_to_others(seen):
    reader, path = seen
    answer = reader.ask(path)
    assert answer.status == 200
    assert "The ferry runs again" in answer.body.decode()
    assert answer["cache-control"] == "no-store"
    assert answer["referrer-policy"] == "no-referrer"
    assert answer["x-robots-tag"] == "noindex, nofollow"
    assert "default-src 'none'" in answer["content-security-policy"]
    assert answer["set-cookie"] is None


@pytest.mark.rule("T81")
def test_looking_at_it_changes_nothing_in_whatever_way(seen):
    reader, path = seen
    before = reader.tables()
    for method in ("GET", "HEAD", "OPTIONS", "PUT"):
        assert reader.ask(path, method).status < 500
    assert reader.post(path).status == 200
    assert reader.tables() == before


@pytest.mark.rule("T86")
def test_whom_it_was_forwarded_to_finds_no_link_of_the_readers_own(seen):
    reader, path = seen
    page = reader.ask(path).body.decode()
    theirs = {link for link in re.findall(r'href="([^"]*)"', page) if "/readers/" in link}
    assert theirs == {"https://gazette.example/readers/manage"}


@pytest.mark.rule("T80")
def test_link_that_is_forged_cut_or_of_another_purpose_is_answered_like_any_other(seen):
    reader, path = seen
    bad = [path[:-1], path[:-1] + ("0" if path[-1] != "0" else "1"), path.replace("weekly", "daily"), f"{path}/x"]
    bad += [path.replace("/edition/", "/leave/"), path_of(reader, Purpose.LEAVE), "/readers/edition/nobody"]
    found = [reader.ask(one) for one in bad]
    assert {answer.status for answer in found} == {410}
    assert len({re.sub(rb'"(\.\./)*', b'"', answer.body) for answer in found}) == 1


def test_mail_of_what_was_withdrawn_says_so_and_leads_to_the_editions_page_and_to_the_others(seen, site):
    reader, path = seen
    site.print()
    withdraw(site, "ferry")
    answer = reader.ask(path)
    assert answer.status == 410
    page = answer.body.decode()
    assert "<h1>This mail is shown no more</h1>\n<p>An article in it was withdrawn.</p>" in page
    assert "The ferry runs again" not in page
    assert re.findall(r'href="(\S*newsletters/\S*)"', page) == [
        "../../newsletters/weekly/1/",
        "../../newsletters/weekly/",
    ]
    assert "Diese E-Mail wird nicht mehr gezeigt" in reader.ask(f"{path}?lang=de").body.decode()


def test_mail_of_a_cancelled_edition_says_that_and_leads_to_the_others_alone(seen, site):
    reader, path = seen
    with site.app() as app:
        Post(app).cancel("weekly/1")
    site.print()
    page = reader.ask(path).body.decode()
    assert "<p>Its edition was withdrawn.</p>" in page
    assert re.findall(r'href="(\S*newsletters/\S*)"', page) == ["../../newsletters/weekly/"]


@pytest.mark.rule("T83")
def test_log_tells_no_token(seen, caplog):
    caplog.set_level(logging.INFO, "pressrun.access")
    reader, path = seen
    reader.ask(path)
    assert path.rpartition("/")[2] not in caplog.text
    assert "/readers/edition/…" in caplog.text
