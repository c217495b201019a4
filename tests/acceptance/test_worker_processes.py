"""Several worker processes at one edition: each reader once, also where they are killed one after another.

Not here: one worker that is killed (test_killed_delivery).
"""

import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from feeds.model import DeliveryState
from tests.acceptance.mail_givens import (
    CONNECTIONS,
    PATIENCE,
    by_reader,
    by_smtp,
    copies,
    edition_for,
    mail_server,
    program,
    readers,
    site_in,
    standing,
    was_killed,
    workers_of,
)

NUMBER, WORKERS = 2000, 2  # as many as are worth two workers


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, server):
    """Give a site on either database with an edition for so many readers, to be sent by two workers."""
    site = site_in(request, request.param, by_smtp(server, "resend") + f"workers = {WORKERS}\n")
    edition_for(site, *readers(NUMBER))
    return site


def test_two_workers_send_an_edition_to_everyone_once(site, server):
    with program(site, "deliver", "--json") as sending:
        server.wait_for(100)
        assert len(workers_of(sending)) == WORKERS
    assert sending.returncode == 0, sending.said
    assert f'"sent": {NUMBER}' in sending.said
    assert (len(server.taken), len(by_reader(server.taken))) == (NUMBER, NUMBER)
    assert standing(site) == {DeliveryState.SENT: NUMBER}


@pytest.mark.rule("T119")
@pytest.mark.rule("D5")
def test_workers_that_are_killed_are_replaced_and_nobody_is_lost(site, server):
    chance, killed = random.Random(119), 0
    with program(site, "deliver") as sending:
        for step in range(200, 3400, 400):
            server.wait_for(step)
            if found := workers_of(sending):
                os.kill(chance.choice(found), signal.SIGKILL)
                killed += 1
    assert killed > 3
    assert "workers left when killed" in sending.said
    assert f"{standing(site)[DeliveryState.SENT]} sent" in sending.said  # what the dead ones sent is told too
    assert standing(site).keys() <= {DeliveryState.SENT, DeliveryState.IN_DOUBT}
    with program(site, "deliver") as again:  # what is in doubt is sent again by the next run
        pass
    assert again.returncode == 0, again.said
    assert len(by_reader(server.taken)) == NUMBER
    assert len(server.taken) - NUMBER <= killed * (CONNECTIONS // WORKERS)
    assert len(copies(server.taken)) == NUMBER  # a repeat has the Message-ID of the first
    assert standing(site) == {DeliveryState.SENT: NUMBER}


def test_workers_stop_when_the_program_that_started_them_is_killed(site, server):
    with program(site, "deliver") as sending:
        server.wait_for(300)
        found = workers_of(sending)
        sending.kill()
    assert was_killed(sending)
    deadline = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{one}").exists() for one in found):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert standing(site).keys() <= {DeliveryState.SENT, DeliveryState.QUEUED}
    assert "Traceback" not in sending.said


@pytest.mark.rule("T122")
def test_workers_that_are_asked_to_stop_bring_to_its_end_what_they_have_in_hand(site, server):
    with program(site, "deliver") as sending:
        server.wait_for(300)
        threading.Timer(0, sending.terminate).start()
    assert standing(site).keys() <= {DeliveryState.SENT, DeliveryState.QUEUED}
    assert len(server.taken) == standing(site)[DeliveryState.SENT] < NUMBER
