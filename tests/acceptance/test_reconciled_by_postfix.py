"""Killed again and again on its way to a real postfix, an edition is reconciled by that server's log: each reader once.

Not here: what lines of the log mean (tests/rules/test_mail_log.py), kills without a log (test_killed_delivery.py).
"""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from feeds.model import DeliveryState
from tests.acceptance.mail_givens import PATIENCE, by_smtp, deliveries, edition_for, program, readers, standing
from tests.judges import judge

READERS, KILLS = 400, 8
QUIET = 1.0  # seconds without a word, after which the server has done all that it was given
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
myhostname = mail.gazette.example
mydestination =
default_transport = discard:
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
discard unix - - n - - discard
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
_NAMED = re.compile(r"cleanup\[[0-9]+\]: (\w+): message-id=<([^>]+)>")
_DELIVERED = re.compile(r"discard\[[0-9]+\]: (\w+): to=<([^>]+)>")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="postfix must be started by root")


@dataclass(frozen=True, slots=True)
class Postfix:
    """A mail server of its own that delivers into the void, and its log."""

    port: int
    log: Path

    def delivered(self):
        """Count what it delivered, by (message's name, reader)."""
        text = self.log.read_text()
        names = dict(_NAMED.findall(text))
        return Counter((names[queue_id], address) for queue_id, address in _DELIVERED.findall(text))

    def wait_for(self, number):
        """Wait until it has logged so many messages, or no more come."""
        deadline = time.monotonic() + PATIENCE
        while self.log.read_text().count("message-id=<") < number:
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def settle(self):
        """Wait until it has nothing more to say."""
        deadline, said = time.monotonic() + PATIENCE, ""
        while (text := self.log.read_text()) != said or text.count("(queue active)") != text.count(": removed"):
            assert time.monotonic() < deadline
            said = text
            time.sleep(QUIET)


@contextmanager
def running_postfix():
    command = judge("postfix")
    folder = Path(tempfile.mkdtemp(prefix="pressrun-postfix-"))  # its processes are other users: none of pytest's
    folder.chmod(0o755)
    for name in ("conf", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name, text in (("main.cf", MAIN), ("master.cf", MASTER)):
        (folder / "conf" / name).write_text(text.format(folder=folder, port=port))
    try:
        started = [command, "-c", str(folder / "conf"), "start"]
        subprocess.run(started, capture_output=True, timeout=PATIENCE, check=True)
        yield Postfix(port, folder / "mail.log")
    finally:
        stop = [command, "-c", str(folder / "conf"), "abort"]
        subprocess.run(stop, capture_output=True, timeout=PATIENCE, check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postfix():
    with running_postfix() as server:
        yield server


@pytest.mark.rule("D4")
def test_edition_whose_sender_is_killed_again_and_again_is_settled_by_the_log_of_a_real_postfix(site, postfix):
    site.configure(by_smtp(postfix) + "workers = 1\n")
    edition_for(site, *readers(READERS))
    chance, step = random.Random(4), READERS // KILLS
    for number in range(KILLS):
        with program(site, "deliver") as sending:
            postfix.wait_for(number * step + chance.randint(1, step // 2))
            sending.send_signal(signal.SIGKILL)
    assert site.run("deliver").code == 1  # what is in doubt waits
    doubtful = standing(site)[DeliveryState.IN_DOUBT]
    assert doubtful > 0
    postfix.settle()
    ended = site.run("deliveries", "reconcile", "--log", str(postfix.log), "--complete-until", "now", "--json")
    assert (ended.code, sum(ended.json["report"]["counts"].values())) == (0, doubtful), ended.err
    assert site.run("deliver").code == 0
    postfix.settle()
    found = postfix.delivered()
    assert {address for _, address in found} == set(readers(READERS))
    assert [copy for copy, times in found.items() if times > 1] == []
    assert len(found) == READERS
    assert standing(site) == {DeliveryState.SENT: READERS}
    assert len({listed.address for listed in deliveries(site)}) == READERS
