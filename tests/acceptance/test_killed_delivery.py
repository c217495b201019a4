"""Deliveries killed with SIGKILL again and again: nobody is lost, and nobody is mailed twice beyond what is allowed.

Not here: each step of the ledger (tests/store), servers that fail (tests/transports).
"""

import random
import time
from collections import Counter
from datetime import UTC, datetime
from functools import partial

import pytest

from feeds.model import DeliveryState
from tests.acceptance.mail_givens import (
    CONNECTIONS,
    PATIENCE,
    addresses_in,
    by_reader,
    by_smtp,
    copies,
    deliver,
    deliver_to_the_end,
    deliveries,
    delivering,
    edition_for,
    letters_in,
    mail_server,
    program,
    readers,
    site_in,
    standing,
    states,
    was_killed,
)
from tests.jobs.notice_givens import notified

pytestmark = pytest.mark.once

SEED = 119
LATEST = 0.02  # seconds after the step at which a kill may come: about as long as two messages take


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def on_either(request):
    """Give a way to configure a site on either database."""
    return partial(site_in, request, request.param)


@pytest.fixture
def on_sqlite(request):
    """Give a way to configure a site that has its store in SQLite."""
    return partial(site_in, request, "sqlite")


@pytest.fixture
def on_postgres(request):
    """Give a way to configure a site that has its store in PostgreSQL."""
    return partial(site_in, request, "postgresql")


def points(number, of):
    """Return random points of a send, each a step and the seconds behind it, and print what they are drawn from."""
    print(f"seed {SEED}: {number} points of {of}")
    chance = random.Random(SEED)
    return [(step, chance.uniform(0, LATEST)) for step in sorted(chance.sample(range(1, of), number))]


def kill_at_each(site, server, kills, *, send):
    """Deliver, killed at random points, and once more to the end; return who was being sent to at each kill."""
    interrupted = Counter()
    for step, behind in points(kills, 2 * send - 2 * send // 20):
        with delivering(site) as child:
            server.wait_for(step)
            time.sleep(behind)
            child.kill()
        assert was_killed(child)
        interrupted.update(addresses_in(site, DeliveryState.SENDING))
    deliver_to_the_end(site)
    return interrupted


@pytest.mark.rule("T119")
def test_after_50_kills_everyone_has_it_and_only_who_was_in_hand_has_it_twice(on_sqlite, server):
    interrupted = check_resent(on_sqlite(by_smtp(server, "resend")), server, everyone=readers(500), kills=50)
    assert interrupted.total() > 0


@pytest.mark.rule("T119")
def test_after_kills_on_postgresql_everyone_has_it_and_only_who_was_in_hand_has_it_twice(on_postgres, server):
    check_resent(on_postgres(by_smtp(server, "resend")), server, everyone=readers(60), kills=5)


def check_resent(site, server, *, everyone, kills):
    edition_for(site, *everyone)
    interrupted = kill_at_each(site, server, kills, send=len(everyone))
    got = by_reader(server.taken)
    repeats = Counter({address: len(letters) - 1 for address, letters in got.items() if len(letters) > 1})
    print(f"{interrupted.total()} kills found a message in hand, {repeats.total()} messages came twice")
    assert sorted(got) == everyone
    assert repeats.total() <= kills * CONNECTIONS  # at most one a connection
    assert repeats <= interrupted
    assert len(copies(server.taken)) == len(everyone)  # a repeat has the Message-ID of the first
    assert standing(site) == {DeliveryState.SENT: len(everyone)}
    return interrupted


@pytest.mark.rule("T119")
@pytest.mark.rule("D4")
def test_held_in_doubt_nobody_has_it_twice_and_who_may_lack_it_is_listed_and_settled(on_sqlite, server):
    check_held(on_sqlite(by_smtp(server, "hold")), server, everyone=readers(500), kills=50)


@pytest.mark.rule("T119")
@pytest.mark.rule("D4")
def test_held_in_doubt_on_postgresql_nobody_has_it_twice(on_postgres, server):
    check_held(on_postgres(by_smtp(server, "hold")), server, everyone=readers(60), kills=5)


def check_held(site, server, *, everyone, kills):
    edition = edition_for(site, *everyone)
    kill_at_each(site, server, kills, send=len(everyone))
    listed = site.run("deliveries", "list", "--state", "in_doubt", "--json").json["deliveries"]
    in_doubt, got = {one["address"] for one in listed}, by_reader(server.taken)
    print(f"{len(in_doubt)} are in doubt, {len(in_doubt & got.keys())} of them have it")
    assert len(in_doubt) <= kills * CONNECTIONS
    assert got.keys() | in_doubt == set(everyone)
    assert set(copies(server.taken).values()) == {1}
    settle(site, edition, {address: address in got for address in in_doubt})
    assert set(copies(server.taken).values()) == {1}
    assert sorted(by_reader(server.taken)) == everyone
    assert standing(site) == {DeliveryState.SENT: len(everyone)}


def settle(site, edition, found):
    """Do what an operator does who looks into the mail server's log: address → whether the message is in it."""
    for address, is_there in found.items():
        how = "--arrived" if is_there else "--resend"
        assert site.run("deliveries", "resolve", edition, address, how).code == 0
    site.now = datetime.now(UTC)
    deliver(site)


@pytest.mark.rule("T119")
def test_killed_while_notices_and_an_edition_go_each_came_once_or_is_listed_by_name(on_either, server):
    site = on_either(by_smtp(server, "hold"))
    subscribed, strangers = readers(15), [f"stranger{number}@inbox.example" for number in range(15)]
    edition = edition_for(site, *subscribed)
    for address in strangers:
        notified(site, address)
    kill_at_each(site, server, 4, send=30)
    listed = site.run("deliveries", "list", "--state", "in_doubt", "--json").json["deliveries"]
    in_doubt, got = {one["address"]: one["notice"] for one in listed}, by_reader(server.taken)
    assert got.keys() | in_doubt.keys() == {*subscribed, *strangers}
    assert {*in_doubt.values()} <= {None, "confirm"}
    for address, notice in in_doubt.items():
        settle(site, "notices/confirm" if notice else edition, {address: address in got})
    assert set(copies(server.taken).values()) == {1}
    assert by_reader(server.taken).keys() == {*subscribed, *strangers}
    assert standing(site) == {DeliveryState.SENT: 30}


@pytest.mark.rule("T119")
def test_maildir_holds_each_message_once_after_any_kill_also_where_a_mail_program_took_it(site):
    everyone, maildir = readers(500), site.folder / "var" / "maildir"
    edition_for(site, *everyone)
    for step, behind in points(50, 490):
        with delivering(site) as child:
            wait_for_files(maildir, step)
            time.sleep(behind)
            child.kill()
        assert was_killed(child)
        see_all(maildir)
    deliver_to_the_end(site)
    assert sorted(letter.recipient for letter in letters_in(maildir)) == everyone
    assert standing(site) == {DeliveryState.SENT: 500}


def wait_for_files(maildir, number):
    deadline = time.monotonic() + PATIENCE
    while sum(1 for place in ("new", "cur") for _ in (maildir / place).glob("*")) < number:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def see_all(maildir):
    """Do what a mail program does with new mail: it is put where what was seen is, under a name with flags."""
    for file in (maildir / "new").iterdir():
        file.rename(maildir / "cur" / f"{file.name}:2,S")


@pytest.mark.rule("T120")
@pytest.mark.rule("D4")
def test_killed_between_claim_and_data_a_message_is_sent_once_and_never_in_doubt(on_either, server):
    site = on_either(by_smtp(server, "hold", connections=1))
    everyone = readers(8)
    edition_for(site, *everyone)
    server.stalls.add(everyone[3])
    with delivering(site) as child:
        assert server.stalled.wait(PATIENCE)
        found = states(site)[everyone[3]]
        child.kill()
    assert (was_killed(child), found) == (True, DeliveryState.CLAIMED)
    server.stalls.clear()
    deliver_to_the_end(site)
    assert sorted(letter.recipient for letter in server.taken) == everyone
    assert {listed.delivery.attempts for listed in deliveries(site)} == {1}


@pytest.mark.rule("D3")
def test_sending_is_stored_before_data_and_sent_before_the_data_of_the_next_message(on_either, server):
    site = on_either(by_smtp(server, connections=1))
    everyone, seen = readers(6), []
    edition_for(site, *everyone)
    server.look = lambda phase, address: seen.append((phase, address, states(site)))
    deliver(site)
    expected = {"RCPT": DeliveryState.CLAIMED, "DATA": DeliveryState.SENDING, "DOT": DeliveryState.SENDING}
    done = []
    for phase, address, found in seen:
        assert found.pop(address) == expected[phase]
        last = {found.pop(other) for other in done[-1:]}
        assert last <= ({DeliveryState.SENT, DeliveryState.SENDING} if phase == "RCPT" else {DeliveryState.SENT})
        assert {found.pop(other) for other in done[:-1]} <= {DeliveryState.SENT}
        assert set(found.values()) <= {DeliveryState.CLAIMED, DeliveryState.QUEUED}
        done += [address] if phase == "DOT" else []
    assert [phase for phase, _, _ in seen] == ["RCPT", "DATA", "DOT"] * 6


@pytest.mark.rule("D3")
def test_on_each_of_several_connections_one_message_at_most_is_being_sent(on_either, server):
    site = on_either(by_smtp(server))
    everyone, most = readers(40), []
    edition_for(site, *everyone)
    server.look = lambda _phase, _address: most.append(standing(site)[DeliveryState.SENDING])
    deliver(site)
    assert 1 < max(most) <= CONNECTIONS
    assert sorted(letter.recipient for letter in server.taken) == everyone


@pytest.mark.rule("T119")
def test_program_that_was_killed_goes_on_when_it_is_run_again(site, server):
    site.configure(by_smtp(server, "resend"))
    everyone = readers(60)
    edition_for(site, *everyone)
    with program(site, "deliver") as first:
        server.wait_for(55)
        first.kill()
    assert was_killed(first)
    with program(site, "deliver") as second:
        pass
    assert second.returncode == 0, second.said
    assert sorted(by_reader(server.taken)) == everyone
    assert len(server.taken) <= 60 + CONNECTIONS
    assert standing(site) == {DeliveryState.SENT: 60}
    assert list((site.folder / "var").glob("*.worker-*")) == []  # the locks of the dead one are cleared away too
