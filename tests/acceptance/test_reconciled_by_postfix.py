"""Killed again and again on its way to a real postfix, an edition is reconciled by that server's log: each reader once.

Not here: what lines of the log mean (tests/rules/test_mail_log.py), kills without a log (test_killed_delivery.py).
"""

import random
import re
import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from feeds.model import DeliveryState
from tests.acceptance.mail_givens import PATIENCE, by_smtp, deliveries, edition_for, program, readers, standing
from tests.acceptance.postfix_givens import as_root, running_postfix

READERS, KILLS = 400, 8
QUIET = 1.0  # seconds without a word, after which the server has done all that it was given
MAIN = """\
default_transport = discard:
smtpd_client_connection_count_limit = 0
"""
MASTER = "discard unix - - n - - discard\n"
_NAMED = re.compile(r"cleanup\[[0-9]+\]: (\w+): message-id=<([^>]+)>")
_DELIVERED = re.compile(r"discard\[[0-9]+\]: (\w+): to=<([^>]+)>")

pytestmark = as_root


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


@pytest.fixture
def postfix():
    with running_postfix(MAIN, MASTER) as (folder, port):
        yield Postfix(port, folder / "mail.log")


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
