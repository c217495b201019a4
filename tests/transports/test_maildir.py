"""A maildir: what lies in it, what a mail program makes of it, and what happens when the disk says no.

Not here: what every transport promises (test_transport_contract).
"""

import os
import resource
import subprocess
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.transports.maildir import LONGEST_NAME, STALE, MaildirTransport, file_name
from tests.judges import judge
from tests.transports.givens import ENVELOPE, MESSAGE, Begin, hand_over, messages_in, refusal, settings

NAME = ENVELOPE.name


@pytest.fixture
def mail(tmp_path):
    """Give the folder of a maildir that is made with the first message."""
    return tmp_path / "var" / "mail"


@pytest.fixture
def store(tmp_path, mail):
    """Give a way to store a message, by default through one transport that stays open."""
    kept = MaildirTransport(settings(tmp_path, path=str(mail)))

    def send(message=MESSAGE, *, name=NAME, begin=None, transport=kept):
        return hand_over(transport, message, replace(ENVELOPE, name=name), begin or Begin())

    return send


@pytest.fixture
def another(tmp_path, mail):
    """Give a second transport on the same folder, as a later run has it."""
    return MaildirTransport(settings(tmp_path, path=str(mail)))


@contextmanager
def files_limited_to(octets):
    """Let the system refuse to write more than so many octets into a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def mutt(maildir, work):
    """Let mutt open a maildir, in a terminal that script makes; return its first message as mutt writes it out."""
    (work / "Mail").mkdir()  # or mutt asks whether to make it
    orders = f"""-e 'push "<pipe-message>cat > {work / "seen"}<enter><exit>"' -e 'set wait_key=no'"""
    command = f"{judge('mutt')} -n -F /dev/null -R -f {maildir} {orders}"
    env = os.environ | {"TERM": "xterm", "HOME": str(work)}
    given = {"stdin": subprocess.DEVNULL, "capture_output": True, "env": env, "timeout": 20}
    subprocess.run([judge("script"), "-qec", command, "/dev/null"], check=True, **given)
    return (work / "seen").read_bytes()


def test_message_is_a_file_named_by_its_delivery(store, mail):
    assert store().text == f"stored as {NAME}"
    assert messages_in(mail) == {NAME: MESSAGE.replace(b"\r\n", b"\n")}
    assert sorted(file.name for file in mail.iterdir()) == ["cur", "new", "tmp"]
    assert list((mail / "tmp").iterdir()) == []


def test_mail_is_nobody_elses_to_read(store, mail):
    store()
    modes = {path.stat().st_mode & 0o777 for path in (mail, mail / "new", mail / "cur", mail / "tmp")}
    assert (modes, (mail / "new" / NAME).stat().st_mode & 0o777) == ({0o700}, 0o600)


def test_mutt_reads_it(store, mail, tmp_path):
    store()
    seen = mutt(mail, tmp_path)
    assert seen.startswith(b"Subject: The ferry runs again\n")
    assert b"From Monday.\n" in seen
    assert b"\r" not in seen


def test_repeated_delivery_replaces_its_file(store, mail, another):
    store()
    store(MESSAGE + b"Again.\r\n", transport=another)
    assert messages_in(mail) == {NAME: MESSAGE.replace(b"\r\n", b"\n") + b"Again.\n"}


@pytest.mark.parametrize("flags", ["", ":2,", ":2,RS"])
def test_message_that_a_mail_program_has_seen_is_not_delivered_again(store, mail, another, flags):
    store()
    (mail / "new" / NAME).rename(mail / "cur" / f"{NAME}{flags}")
    for transport in (another, another):
        begin = Begin()
        assert store(transport=transport, begin=begin).text == f"stored as {NAME}"
        assert begin.calls == 1
    assert list(messages_in(mail)) == [f"{NAME}{flags}"]


def test_message_that_is_seen_between_two_attempts_of_one_run_is_not_delivered_again(store, mail):
    store()
    store(name="other")
    (mail / "new" / NAME).rename(mail / "cur" / f"{NAME}:2,S")
    store()
    assert set(messages_in(mail)) == {"other", f"{NAME}:2,S"}


def test_change_is_noticed_in_a_folder_that_was_quiet_for_long(store, mail):
    store()
    os.utime(mail / "cur", (1, 1))
    store(name="other")
    (mail / "new" / NAME).rename(mail / "cur" / f"{NAME}:2,S")
    store()
    assert set(messages_in(mail)) == {"other", f"{NAME}:2,S"}


def test_worker_that_lost_its_hold_on_a_message_seen_already_says_nothing(store, mail):
    store()
    (mail / "new" / NAME).rename(mail / "cur" / NAME)
    assert store(begin=Begin(False)) is None


def test_full_disk_is_named_and_nothing_is_left_behind(tmp_path, store, mail):
    store(name="first")
    transport = MaildirTransport(settings(tmp_path, path=str(mail)))
    with files_limited_to(20):
        said = refusal(transport)
    assert said.startswith(f"{mail}: nothing can be stored there (File too large); make room")
    assert list(messages_in(mail)) == ["first"]
    assert list((mail / "tmp").iterdir()) == []


@pytest.mark.parametrize("in_the_way", ["new", "cur", "tmp", ""])
def test_folder_that_cannot_be_made_is_named(tmp_path, mail, in_the_way):
    (mail / in_the_way).parent.mkdir(parents=True)
    (mail / in_the_way).touch()
    assert refusal(MaildirTransport(settings(tmp_path, path=str(mail)))).startswith(f"{mail}: nothing can be stored")


def test_folder_that_vanishes_under_a_run_is_named_and_made_again_by_the_next(store, mail, another):
    store()
    (mail / "new" / NAME).rename(mail.parent / "kept")
    for folder in ("new", "cur", "tmp"):
        (mail / folder).rmdir()
    assert "No such file or directory" in refusal_of(store)
    assert store(transport=another).code == 250


def refusal_of(store):
    with pytest.raises(Exception, match="nothing can be stored there") as raised:
        store()
    return str(raised.value)


def test_message_that_cannot_be_put_in_sight_is_surely_not_sent(store, mail):
    store(name="first")
    begin = Begin(look=(mail / "new" / NAME).mkdir)
    reply = store(begin=begin)
    assert (reply.code, reply.phase) == (0, "body")
    assert list((mail / "tmp").iterdir()) == []


def test_what_a_killed_run_left_is_cleared_away_after_a_day_and_a_half(store, mail, another):
    store()
    for name, age in (("old", STALE + 60), ("young", STALE - 60)):
        (mail / "tmp" / name).touch()
        os.utime(mail / "tmp" / name, (time.time() - age,) * 2)
    store(transport=another)
    assert [file.name for file in (mail / "tmp").iterdir()] == ["young"]


def test_plain_names_are_kept():
    assert file_name(NAME) == NAME
    assert file_name("a" * LONGEST_NAME) == "a" * LONGEST_NAME


@given(some.text(max_size=300) | some.sampled_from(["", ".", "..", ".x", "a/b", "a:2,S", "../../x"]))
def test_any_name_becomes_a_file_name_that_mail_programs_see(name):
    made = file_name(name)
    assert set(made) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._=-")
    assert 0 < len(made) <= LONGEST_NAME
    assert not made.startswith(".")


@given(some.sets(some.text("ab/:.ä", min_size=1), min_size=2, max_size=5))
def test_two_deliveries_never_share_a_file_name(names):
    assert len({file_name(name) for name in names}) == len(names)
