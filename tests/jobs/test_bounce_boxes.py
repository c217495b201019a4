"""A mailbox is taken in whole: what was read is put away, what cannot be read stays, and a killed run is repeated.

Not here: one report (test_bounce.py), a mailbox on a server (test_bounce_imap.py).
"""

import os

import pytest

from feeds.errors import MailboxUnusable, StoreUnreadable, UsageWrong
from feeds.jobs.bounce import MaildirBox, take_all
from feeds.model import DeliveryState
from feeds.model.bounces import Kind
from feeds.store import bounces
from tests.jobs.bounce_givens import ANN, DESK, LATER, about, sent_to_ann, state, subscription, suppression
from tests.store.givens import read
from tests.store.mail_givens import edition, put


@pytest.fixture
def sent(sqlite_store):
    return sent_to_ann(sqlite_store)


@pytest.fixture
def maildir(tmp_path):
    """Give an empty maildir, as a mail server makes it."""
    for place in ("new", "cur", "tmp"):
        (tmp_path / "bounces" / place).mkdir(parents=True)
    return tmp_path / "bounces"


def put_in(maildir, name, data, place="new"):
    (maildir / place / name).write_bytes(data)


def run(store, maildir, **how):
    return take_all(store, DESK, MaildirBox(maildir), clock=lambda: LATER, **how)


def files(maildir):
    """Return the files of a maildir, but for the mark of its folder."""
    found = (file for file in maildir.rglob("*") if file.is_file() and file.name != "maildirfolder")
    return sorted(str(file.relative_to(maildir)) for file in found)


def test_reports_are_taken_in_and_put_away(sent, maildir):
    put_in(maildir, "1.dead", about(sent, "postfix-user-unknown"))
    put_in(maildir, "2.leave:2,S", about(sent, "leave-by-mail", "bob"), "cur")
    put_in(maildir, "3.human", about(sent, "human-answer"))
    report = run(sent, maildir)
    assert report.kinds == {"hard": 1, "leave": 1, "unclear": 1}
    assert [address for address, _ in report.suppressed] == [ANN]
    assert report.left == [("bob@inbox.example", edition().id)]
    assert report.unclear == [("new/3.human", "Re: Weekly 12: The ferry runs again")]
    done = ["1.dead:2,S", "2.leave:2,S", "3.human:2,FS"]
    assert files(maildir) == [f".Processed/cur/{name}" for name in done]
    assert (state(sent), subscription(sent, "bob").state) == ("bounced", "ended")


def test_what_was_put_away_is_looked_at_no_more(sent, maildir):
    put_in(maildir, "1.dead", about(sent, "postfix-user-unknown"))
    run(sent, maildir)
    assert (run(sent, maildir).kinds, run(sent, maildir).known_before) == ({}, 0)


def test_run_that_was_killed_before_it_put_a_report_away_is_repeated_without_harm(sent, maildir):
    data = about(sent, "postfix-mailbox-full")
    put_in(maildir, "1.full", data)
    run(sent, maildir)
    put_in(maildir, "1.full", data)
    report = run(sent, maildir)
    assert (report.kinds, report.known_before, report.is_clean) == ({}, 1, True)
    assert len(read(sent, bounces.list_all)) == 1
    assert files(maildir) == [".Processed/cur/1.full:2,S"]


@pytest.mark.rule("T122")
def test_run_that_is_asked_to_stop_leaves_the_rest(sent, maildir):
    for n in (1, 2, 3):
        put_in(maildir, f"{n}.x", about(sent, "postfix-mailbox-full") + b"\n" * n)
    asked = iter([False, True])
    report = run(sent, maildir, should_stop=lambda: next(asked))
    assert (report.stopped, report.kinds) == (True, {"soft": 1})
    assert files(maildir) == [".Processed/cur/1.x:2,S", "new/2.x", "new/3.x"]


def test_what_cannot_be_read_stays_and_is_named_and_the_others_go_on(sent, maildir):
    (maildir / "new" / "1.folder").mkdir()
    (maildir / "new" / "2.link").symlink_to("/etc/passwd")
    os.mkfifo(maildir / "new" / "3.pipe")  # from which nothing ever comes
    put_in(maildir, "4.dead", about(sent, "postfix-user-unknown"))
    report = run(sent, maildir)
    assert [name for name, _ in report.failed] == ["new/1.folder", "new/2.link"]
    assert report.kinds["hard"] == 1
    assert not report.is_clean
    assert (maildir / "new" / "2.link").is_symlink()


def test_file_of_fifty_megabytes_is_read_as_far_as_it_is_looked_at(sent, maildir):
    put_in(maildir, "1.huge", about(sent, "postfix-user-unknown"))
    with (maildir / "new" / "1.huge").open("ab") as file:
        file.truncate(50_000_000)
    assert len(MaildirBox(maildir).read("new/1.huge")) < 2_000_000
    assert run(sent, maildir).kinds == {"hard": 1}


def test_report_of_what_is_under_way_stays_until_it_is_sent(sent, maildir):
    put(sent, "ann", state=DeliveryState.SENDING, worker="w1")
    put_in(maildir, "1.dead", about(sent, "postfix-user-unknown"))
    report = run(sent, maildir)
    assert (report.waiting, report.kinds, files(maildir)) == (1, {}, ["new/1.dead"])
    put(sent, "ann", state=DeliveryState.SENT, worker=None)
    assert run(sent, maildir).kinds == {"hard": 1}


def test_store_that_fails_ends_the_run_and_loses_nothing(sent, maildir):
    put_in(maildir, "1.dead", about(sent, "postfix-user-unknown"))
    sent.close()
    sent.file.write_bytes(b"garbage" * 1000)
    for more in ("-wal", "-shm"):
        sent.file.with_name(sent.file.name + more).unlink(missing_ok=True)
    with pytest.raises(StoreUnreadable):
        run(sent, maildir)
    assert files(maildir) == ["new/1.dead"]


def test_message_that_another_run_took_is_passed_over(sent, maildir):
    put_in(maildir, "1.dead", about(sent, "postfix-user-unknown"))
    box = MaildirBox(maildir)
    (maildir / "new" / "1.dead").unlink()
    assert box.read("new/1.dead") is None
    box.put_away("new/1.dead", flagged=False)


def test_folder_that_is_no_maildir_is_refused(tmp_path):
    with pytest.raises(UsageWrong, match="no maildir"):
        MaildirBox(tmp_path)


def test_place_that_cannot_be_written_is_named(sent, maildir):
    put_in(maildir, "1.dead", about(sent, "postfix-user-unknown"))
    (maildir / ".Processed").write_text("in the way")
    with pytest.raises(MailboxUnusable, match=r"\.Processed"):
        run(sent, maildir)
    assert suppression(sent) is not None
    (maildir / ".Processed").unlink()
    assert run(sent, maildir).known_before == 1


def test_many_forged_reports_are_counted_and_change_nothing(sent, maildir):
    for n in range(30):
        data = about(sent, "postfix-user-unknown", message=f"{n}@gazette.example", key=(1, b"k"))
        put_in(maildir, f"{n:02}.forged", data)
    report = run(sent, maildir)
    assert (report.kinds, report.is_clean) == ({"unproven": 30}, True)
    assert [one.kind for one in read(sent, bounces.list_all)] == [Kind.UNPROVEN] * 30
