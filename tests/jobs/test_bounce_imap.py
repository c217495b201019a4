"""A mailbox on a real IMAP server: read over TLS, put away, and nothing lost whatever the server can do.

Not here: one report (test_bounce.py).
"""

import os

import pytest

from feeds.config import ImapConfig, Secret
from feeds.errors import MailboxUnusable
from feeds.jobs.bounce import ImapBox, take_all
from tests.jobs.bounce_givens import DESK, LATER, about, sent_to_ann, state
from tests.jobs.imap_server import imap_server

SEEN, FLAGGED, DELETED = r"\Seen", r"\Flagged", r"\Deleted"
FAILED, ANSWER = "Undelivered Mail Returned to Sender", "Re: Weekly 12: The ferry runs again"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="dovecot must be started by root")


@pytest.fixture(scope="module")
def running():
    with imap_server() as server:
        yield server


@pytest.fixture
def server(running):
    """Give a server whose mailboxes are empty."""
    with running.connection() as connection:
        connection.delete("Processed")
        connection.select("INBOX")
        connection.uid("STORE", "1:*", "+FLAGS", DELETED)
        connection.expunge()
    return running


@pytest.fixture
def sent(sqlite_store):
    return sent_to_ann(sqlite_store)


def run(store, config):
    with ImapBox(config) as box:
        return take_all(store, DESK, box, clock=lambda: LATER)


def test_reports_are_taken_in_and_moved(sent, server):
    server.put_in(about(sent, "postfix-user-unknown"), about(sent, "human-answer"))
    report = run(sent, server.config())
    assert report.kinds == {"hard": 1, "unclear": 1}
    assert (server.listed(), state(sent)) == ([], "bounced")
    assert server.listed("Processed") == [(FAILED, {SEEN}), (ANSWER, {SEEN, FLAGGED})]


def test_empty_mailbox_is_nothing_to_do(sent, server):
    assert run(sent, server.config()).kinds == {}


def test_run_that_was_killed_before_it_moved_a_report_is_repeated_without_harm(sent, server):
    server.put_in(about(sent, "postfix-user-unknown"))
    with ImapBox(server.config()) as box:
        box.put_away = lambda name, *, flagged: None
        take_all(sent, DESK, box, clock=lambda: LATER)
    assert server.listed() == [(FAILED, set())]
    assert run(sent, server.config()).known_before == 1
    assert server.listed("Processed") == [(FAILED, {SEEN})]


def test_reports_are_deleted_where_the_config_says_so_but_for_what_a_person_must_see(sent, server):
    server.put_in(about(sent, "postfix-user-unknown"), about(sent, "human-answer"))
    run(sent, server.config(delete=True))
    assert (server.listed(), server.listed("Processed")) == ([], [(ANSWER, {SEEN, FLAGGED})])


def test_what_somebody_deleted_is_not_looked_at(sent, server):
    server.put_in(about(sent, "postfix-user-unknown"))
    with server.connection() as connection:
        connection.select("INBOX")
        connection.store("1", "+FLAGS", DELETED)
    assert run(sent, server.config()).kinds == {}
    assert server.listed() == [(FAILED, {DELETED})]


def test_large_report_is_fetched_as_far_as_it_is_looked_at(sent, server):
    server.put_in(about(sent, "postfix-user-unknown") + b"x" * 70 * 100_000)
    with ImapBox(server.config()) as box:
        (name,) = box.names()
        assert len(box.read(name)) < 2_000_000


def test_same_report_from_a_pipe_and_from_a_server_is_one(sent, server):
    data = about(sent, "postfix-user-unknown")
    server.put_in(data)
    with ImapBox(server.config()) as box:
        (name,) = box.names()
        fetched = box.read(name)
    assert b"\r\n" in fetched
    assert fetched.replace(b"\r\n", b"\n") == data


@pytest.mark.rule("T103")
def test_certificate_that_is_not_trusted_is_refused(sent, server):
    with pytest.raises(MailboxUnusable, match="certificate"):
        run(sent, server.config(certificates=None))


@pytest.mark.rule("T99")
def test_wrong_password_is_said_without_it(sent, server):
    with pytest.raises(MailboxUnusable) as refused:
        run(sent, server.config(password=Secret("a canary", shown="")))
    assert "localhost" in str(refused.value)
    assert "a canary" not in "".join(map(str, (refused.value, refused.value.__cause__, refused.value.__context__)))


def test_mailbox_that_is_not_there_is_named(sent, server):
    with pytest.raises(MailboxUnusable, match="Nowhere"):
        run(sent, server.config(mailbox="Nowhere"))


def test_server_that_is_not_there_is_named(sent):
    nowhere = {"host": "127.0.0.1", "port": 1, "certificates": None, "timeout_seconds": 5, "mailbox": "INBOX"}
    with pytest.raises(MailboxUnusable, match=r"127\.0\.0\.1 port 1"):
        run(sent, ImapConfig.model_construct(**nowhere, username="x", password=Secret("x", shown="")))


# ---- a server that can do little ----


@pytest.fixture(scope="module")
def running_simple():
    with imap_server(capability="IMAP4rev1") as server:
        yield server


def test_server_without_move_keeps_no_report_that_comes_again(sent, running_simple):
    running_simple.put_in(about(sent, "postfix-user-unknown"), about(sent, "human-answer"))
    assert run(sent, running_simple.config()).kinds == {"hard": 1, "unclear": 1}
    assert running_simple.listed("Processed") == [(FAILED, {SEEN}), (ANSWER, {SEEN, FLAGGED})]
    # It is only marked: to remove it would remove what others marked, too.
    assert [flags >= {DELETED} for _, flags in running_simple.listed()] == [True, True]
    assert (run(sent, running_simple.config()).kinds, run(sent, running_simple.config()).known_before) == ({}, 0)
