"""A send on four connections, killed with SIGKILL at random points: who got what, who did not, and what a log settles.

Not here: workers that are killed one by one (test_killed_workers), single steps of a send (test_killed_delivery).
"""

from collections import Counter
from datetime import UTC, datetime

import pytest

from feeds.model import DeliveryState
from tests.acceptance.mail_givens import CONNECTIONS, by_smtp, deliver_to_the_end, edition_for, readers, standing
from tests.acceptance.reliability.killing import kill_again_and_again
from tests.acceptance.reliability.scale import either, tell
from tests.acceptance.reliability.sink import sink

NUMBER, KILLS = either(1000, 10_000), either(20, 200)
EVERYONE = readers(NUMBER)


@pytest.fixture
def server():
    with sink() as server:
        yield server


def prepared(site, server, in_doubt):
    """Fix an edition for everyone, to be sent by one process over four connections."""
    site.configure(by_smtp(server, in_doubt) + "workers = 1\n")
    edition_for(site, *EVERYONE)


def copies(server):
    """Count each reader's copies."""
    return Counter(arrival.recipient for arrival in server.arrivals)


def names(server):
    """Return each (reader, Message-ID) that arrived."""
    return {(arrival.recipient, arrival.name) for arrival in server.arrivals}


def row(scheme, kills, server, *, doubtful=()):
    """Tell what became of everyone: lost is who has nothing, and is not in doubt either."""
    got = copies(server)
    lost, repeated = len({*EVERYONE} - got.keys() - {*doubtful}), len(server.arrivals) - len(got)
    found = f"{kills.in_hand.total()} in hand, at most {kills.most} at a kill, {kills.idle} kills while none was"
    ends = f"lost {lost} | repeated {repeated} | in doubt {len(doubtful)}"
    tell(scheme, f"{NUMBER} readers", f"{kills.number} kills", found, ends)


@pytest.mark.rule("T119")
def test_resent_nobody_is_lost_and_a_kill_repeats_one_message_a_connection_at_most(site, server):
    prepared(site, server, "resend")
    kills = kill_again_and_again(site, server, KILLS, readers=NUMBER)
    deliver_to_the_end(site)
    row("resend", kills, server)
    repeats = copies(server) - Counter(EVERYONE)
    assert kills.in_hand.total() > KILLS / 2
    assert kills.most <= CONNECTIONS
    assert copies(server).keys() == {*EVERYONE}
    assert repeats <= kills.in_hand
    assert len(names(server)) == NUMBER  # a repeat has the Message-ID of the first
    assert standing(site) == {DeliveryState.SENT: NUMBER}


@pytest.mark.rule("T119")
@pytest.mark.rule("D4")
def test_held_nobody_has_it_twice_and_the_log_settles_all_that_is_in_doubt(site, server, tmp_path):
    prepared(site, server, "hold")
    kills = kill_again_and_again(site, server, KILLS, readers=NUMBER)
    deliver_to_the_end(site)
    listed = site.run("deliveries", "list", "--state", "in_doubt", "--json").json["deliveries"]
    doubtful, got = {one["address"] for one in listed}, copies(server)
    row("hold", kills, server, doubtful=doubtful)
    assert kills.most <= CONNECTIONS
    assert doubtful == set(kills.in_hand)
    assert got.keys() | doubtful == set(EVERYONE)
    assert set(got.values()) == {1}

    log = str(server.write_log(tmp_path / "mail.log"))
    done = site.run("deliveries", "reconcile", "--log", log, "--complete-until", "now", "--json")
    settled = {one["address"]: one["state"] for one in done.json["report"]["settled"]}
    tell("reconciled", f"{len(settled)} of {len(doubtful)} settled, {len(doubtful & got.keys())} of them had it")
    assert done.code == 0, done.err
    assert settled == {one: "sent" if one in got else "queued" for one in doubtful}
    site.now = datetime.now(UTC)
    deliver_to_the_end(site)
    assert copies(server) == Counter(EVERYONE)
    assert len(names(server)) == NUMBER
    assert standing(site) == {DeliveryState.SENT: NUMBER}
