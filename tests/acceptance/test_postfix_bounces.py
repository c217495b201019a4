"""What a real postfix makes of mail that it cannot deliver, handed to a pipe as docs/bounces.md sets it up.

Not here: reports as other mail systems write them (tests/jobs/test_bounce.py).
"""

import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from feeds.app.bounces import Bounces
from feeds.model.bounces import Kind, Reason
from feeds.rules.message_identity import leave_url, message_id, return_path
from feeds.store import keys
from tests.acceptance.mail_givens import deliveries
from tests.jobs.post_givens import ANN, MONDAY, delivered, fixed
from tests.judges import judge

PATIENCE = 30
BASE = "weekly@gazette.example"
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
myhostname = mail.gazette.example
mydestination =
relay_domains = inbox.example, full.example, gazette.example
transport_maps = inline:{{ {{ inbox.example = error:5.1.1 no such user here }},
    {{ full.example = error:5.2.2 mailbox full }}, {{ gazette.example = bounces: }} }}
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
bounces unix - n n - - pipe
  flags=DORXhu user=nobody argv=/bin/sh -c {{cat > {folder}/out/part && mv {folder}/out/part {folder}/out/whole}}
"""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="postfix must be started by root")


class Postfix:
    """A mail server of its own; ``send`` hands it a message, ``piped`` waits for what it hands to the pipe."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port

    def send(self, sender: str, recipient: str, text: str) -> None:
        with smtplib.SMTP("127.0.0.1", self._port, timeout=PATIENCE) as server:
            server.sendmail(sender, [recipient], text)

    def piped(self) -> bytes:
        deadline, file = time.monotonic() + PATIENCE, self._folder / "out" / "whole"
        while not file.exists():
            assert time.monotonic() < deadline, (self._folder / "mail.log").read_text()
            time.sleep(0.05)
        data = file.read_bytes()
        file.unlink()
        return data


@contextmanager
def running_postfix():
    program = judge("postfix")
    folder = Path(tempfile.mkdtemp(prefix="pressrun-postfix-"))  # its processes are other users: none of pytest's
    folder.chmod(0o755)
    for name in ("conf", "queue", "data", "out"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "out", "nobody")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name, text in (("main.cf", MAIN), ("master.cf", MASTER)):
        (folder / "conf" / name).write_text(text.format(folder=folder, port=port))
    command = [program, "-c", str(folder / "conf")]
    try:
        started = subprocess.run([*command, "start"], capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert started.returncode == 0, started.stderr
        yield Postfix(folder, port)
    finally:
        subprocess.run([*command, "abort"], capture_output=True, timeout=PATIENCE, check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def postfix():
    with running_postfix() as server:
        yield server


@pytest.fixture
def desk(site):
    """Give a site whose edition was sent."""
    fixed(site)
    delivered(site)
    return site


def names(site, address=ANN):
    """Return the return path, leave address and Message-ID of the delivery to an address."""
    (one,) = (listed.delivery for listed in deliveries(site) if listed.address == address)
    with site.app() as app, app.store.writing() as tx:
        key = keys.current(tx, at=MONDAY)
    name = message_id(one.about, one.subscriber_id, generation=one.generation, host="gazette.example")
    how = {"delivery": one.id, "message": name, "key": key}
    leaving = leave_url("", base=BASE, **how).removeprefix("mailto:").partition("?")[0]
    return return_path(BASE, **how), leaving, name


def taken(site, data):
    with site.app() as app:
        return Bounces(app).take(data)


@pytest.mark.rule("M4")
@pytest.mark.parametrize(
    ("recipient", "kind", "reason"),
    [
        (ANN, Kind.HARD, Reason.USER_UNKNOWN),
        ("ann@full.example", Kind.SOFT, Reason.MAILBOX_FULL),
    ],
)
def test_bounce_of_postfix_is_understood(desk, postfix, recipient, kind, reason):
    sender, _, name = names(desk)
    postfix.send(sender, recipient, f"Message-ID: <{name}>\r\nSubject: Weekly 1\r\n\r\nWords.\r\n")
    found = taken(desk, postfix.piped())
    assert (found.kind, found.reason, found.address, found.suppressed) == (kind, reason, ANN, kind is Kind.HARD)


def test_mail_to_the_leave_address_through_postfix_ends_the_subscription(desk, postfix):
    _, leaving, _ = names(desk)
    postfix.send(ANN, leaving, "Subject: unsubscribe\r\n\r\n")
    found = taken(desk, postfix.piped())
    assert (found.kind, found.left) == (Kind.LEAVE, True)
