"""Each system call by which a delivery reaches the disk or the server, made to fail or to be its last.

Not here: a power cut (test_power_cut), kills at any other instant (test_kill_at_random_points).
"""

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

import pytest

from feeds.model import DeliveryState
from tests.acceptance.mail_givens import CONNECTIONS, by_smtp, deliver, edition_for, letters_in, readers
from tests.acceptance.reliability.ledger import fault_in, opened, rows
from tests.acceptance.reliability.scale import SEED, either, tell
from tests.acceptance.reliability.sink import Arrival, sink
from tests.acceptance.reliability.tracing import KILL, NO_DISK, NO_ROOM, SAID, Fault, counted, fail

EVERYONE = readers(24)
FAULTS = either(30, 300)  # of a kind
SCHEMES = ("hold", "resend", "maildir")


@pytest.fixture
def server():
    with sink() as server:
        yield server


@pytest.fixture
def site(site):
    """Give a site with an edition that is to be sent; how is said later."""
    edition_for(site, *EVERYONE)
    return site


@pytest.fixture
def points(site, server, tmp_path):
    """Give (scheme, call, number) for every call that a delivery makes, in a random order in which calls take turns."""
    found, chance = defaultdict(list), random.Random(SEED)
    for scheme in SCHEMES:
        copy = prepared(site, server, scheme, tmp_path / f"counted-{scheme}")
        for call, number in sorted(counted(copy, tmp_path / "strace").items()):
            found[call] += [(scheme, call, nth) for nth in range(1, number + 1)]
    turns = [chance.sample(of_it, len(of_it)) for of_it in found.values()]
    return [point for turn in zip_longest(*turns) for point in turn if point]


def prepared(site, server, scheme, folder):
    """Return a copy of the site that delivers by a scheme."""
    copy = site.copied(folder)
    copy.configure("" if scheme == "maildir" else by_smtp(server, scheme))
    return copy


def got(site, server, scheme, since):
    """Return what has arrived of a site's edition."""
    if scheme != "maildir":
        return server.arrivals[since:]
    return [Arrival(letter.recipient, letter.name) for letter in letters_in(site.folder / "var" / "maildir")]


@pytest.mark.rule("T125")
@pytest.mark.rule("T126")
@pytest.mark.rule("D4")
@pytest.mark.rule("D6")
@pytest.mark.parametrize("how", [KILL, NO_DISK, NO_ROOM])
def test_whichever_call_fails_nobody_is_lost_and_the_next_run_ends_well(site, server, points, tmp_path, how):
    struck, repeated, doubtful, calls = 0, 0, 0, Counter()
    for number, (scheme, call, nth) in enumerate((points * FAULTS)[:FAULTS]):
        fault = Fault(call, nth, how)
        copy, since = prepared(site, server, scheme, tmp_path / f"{number}"), len(server.arrivals)
        code, has_struck = fail(copy, fault, tmp_path / "strace")
        struck += has_struck
        calls[call] += has_struck
        check_ledger(copy, f"{scheme}, {fault}, at once ({code})")
        assert "Traceback" not in (said := (copy.folder / SAID).read_text()), said
        copy.now = datetime.now(UTC) + timedelta(days=1)  # when what was deferred is due again
        deliver(copy)
        arrived = got(copy, server, scheme, since)
        repeats, held = check_ends(copy, arrived, scheme, f"{scheme}, {fault}")
        repeated, doubtful = repeated + repeats, doubtful + held
    tell(
        how,
        f"{FAULTS} faults in {len(points)} calls",
        f"{struck} struck: {dict(sorted(calls.items()))}",
        f"lost 0 | repeated {repeated} | in doubt {doubtful}",
    )
    assert struck > FAULTS * 0.8


def check_ledger(site, where):
    with opened(site.folder / "var" / "pressrun.db") as store:
        assert fault_in(store) == "", where


def check_ends(site, arrived, scheme, where):
    """Check that everyone has it or is listed, and nobody has it twice unless the scheme says so; return how many."""
    check_ledger(site, where)
    with opened(site.folder / "var" / "pressrun.db") as store:
        states = {address: row.state for address, row in rows(store).items()}
    copies = Counter(arrival.recipient for arrival in arrived)
    held = {address for address, state in states.items() if state == DeliveryState.IN_DOUBT}
    assert {*states.values()} <= {DeliveryState.SENT, DeliveryState.IN_DOUBT}, (where, states)
    assert copies.keys() | held == {*EVERYONE}, where
    assert {*EVERYONE} - held <= copies.keys(), where
    repeats = copies.total() - len(copies)
    assert repeats <= (CONNECTIONS if scheme == "resend" else 0), (where, copies)
    assert len(held) <= (CONNECTIONS if scheme == "hold" else 0), (where, held)
    assert len({*arrived}) == len(copies), where  # a repeat has the Message-ID of the first
    return repeats, len(held)
