"""Programs beside one another on one site, and programs that are asked to stop: no doubles, and nothing stuck.

Not here: programs that are killed (test_killed_delivery).
"""

import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from feeds.model import DeliveryState
from tests.acceptance.mail_givens import (
    CONNECTIONS,
    PATIENCE,
    by_smtp,
    cadence,
    deliver,
    edition_for,
    join,
    mail_server,
    program,
    readers,
    site_in,
    standing,
)

SECONDS = 6  # for how long programs run into one another
BUSY, STOPPED = 6, 128 + signal.SIGTERM


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def on_either(request):
    """Give a way to configure a site on either database."""
    return partial(site_in, request, request.param)


# ---- at once ----


def started(site, server):
    """Give the site 40 readers who are mailed each article, and a first run that has seen it."""
    join(site, *readers(40))
    assert site.process("run").code == 0
    assert server.taken == []


def again_and_again(site, deadline):
    """Run the press until a deadline; return the exit codes."""
    codes = []
    while time.monotonic() < deadline:
        with program(site, "run") as press:
            pass
        codes.append(press.returncode)
    return codes


def write_until(site, deadline):
    """Write an article now and then, each whole at once, as an editor's program does; return their slugs."""
    slugs = []
    while time.monotonic() < deadline:
        slugs.append(f"news-{len(slugs):02}")
        site.article(f"../{slugs[-1]}.md", title=f"News {len(slugs)}")
        site.move(f"../{slugs[-1]}.md", f"{slugs[-1]}.md")
        time.sleep(1.5)
    return slugs


def check_nothing_is_doubled_or_stuck(site, server, slugs):
    last = site.process("run")
    assert last.code == 0, last.err
    got = Counter((letter.recipient, slug) for letter in server.taken for slug in letter.entries)
    assert got == Counter((reader, slug) for reader in readers(40) for slug in slugs)
    assert standing(site) == {DeliveryState.SENT: 40 * len(slugs)}


def test_two_runs_again_and_again_mail_each_article_once(on_either, server):
    site = on_either(cadence("article") + by_smtp(server))
    started(site, server)
    deadline = time.monotonic() + SECONDS
    with ThreadPoolExecutor() as pool:
        loops = [pool.submit(again_and_again, site, deadline) for _ in range(2)]
        slugs = write_until(site, deadline)
    codes = Counter(code for loop in loops for code in loop.result())
    print(codes)
    assert codes.keys() <= {0, BUSY}
    assert codes[0]
    check_nothing_is_doubled_or_stuck(site, server, slugs)


def test_run_again_and_again_beside_serve_mails_each_article_once(site, server):
    site.configure(cadence("article") + by_smtp(server))
    started(site, server)
    deadline = time.monotonic() + SECONDS
    with program(site, "serve", "--beat", "1", "--port", "0") as daemon:
        with ThreadPoolExecutor() as pool:
            loop = pool.submit(again_and_again, site, deadline)
            slugs = write_until(site, deadline)
        daemon.terminate()
    assert daemon.returncode == 0, daemon.said
    assert set(loop.result()) <= {0, BUSY}
    assert "Traceback" not in daemon.said
    check_nothing_is_doubled_or_stuck(site, server, slugs)


def test_three_deliver_at_once_and_nobody_is_mailed_twice(on_either, server):
    site = on_either(by_smtp(server))
    everyone = readers(120)
    edition_for(site, *everyone)
    server.seconds = 0.01
    with program(site, "deliver") as one, program(site, "deliver") as two, program(site, "deliver") as three:
        pass
    assert [each.returncode for each in (one, two, three)] == [0, 0, 0]
    assert sorted(letter.recipient for letter in server.taken) == everyone
    assert standing(site) == {DeliveryState.SENT: 120}


@pytest.mark.rule("T121")
def test_second_run_ends_at_once_with_a_code_of_its_own(on_either, server):
    site = on_either(by_smtp(server))
    everyone = readers(3)
    edition_for(site, *everyone)
    server.stalls.add(everyone[1])
    with program(site, "run") as first:
        assert server.stalled.wait(PATIENCE)
        second = site.process("run")
        server.stalls.clear()
    assert (second.code, "another run is at work" in second.err) == (BUSY, True)
    assert first.returncode == 0, first.said
    assert sorted(letter.recipient for letter in server.taken) == everyone


# ---- asked to stop ----


@pytest.mark.rule("T122")
@pytest.mark.parametrize(
    ("command", "code"), [(("deliver",), STOPPED), (("run",), STOPPED), (("serve", "--beat", "1", "--port", "0"), 0)]
)
def test_asked_to_stop_what_is_in_flight_is_finished_and_the_rest_given_back(site, server, command, code):
    site.configure(by_smtp(server))
    everyone = readers(40)
    edition_for(site, *everyone)
    server.seconds = 0.2
    with program(site, *command) as sender:
        server.wait_for(20)
        before, asked_at = len(server.taken), time.monotonic()
        sender.terminate()
    assert time.monotonic() - asked_at < 30
    assert sender.returncode == code, sender.said
    sent = len(server.taken)
    assert sent <= before + 2 * CONNECTIONS  # one on each, and one that waits for it
    assert standing(site) == {DeliveryState.SENT: sent, DeliveryState.QUEUED: 40 - sent}
    server.seconds = 0
    deliver(site)
    assert sorted(letter.recipient for letter in server.taken) == everyone


@pytest.mark.rule("T122")
@pytest.mark.parametrize("command", ["deliver", "run"])
def test_asked_twice_it_leaves_at_once_and_claims_are_given_back(site, server, command):
    site.configure(by_smtp(server))
    everyone = readers(3)
    edition_for(site, *everyone)
    server.stalls.update(everyone)
    with program(site, command) as sender:
        assert server.stalled.wait(PATIENCE)
        sender.terminate()
        time.sleep(0.3)
        assert sender.poll() is None  # it waits for the server's answer
        sender.terminate()
        assert sender.wait(5) == STOPPED
    assert standing(site) == {DeliveryState.QUEUED: 3}
    assert list((site.folder / "var").glob("*.worker-*")) == []
