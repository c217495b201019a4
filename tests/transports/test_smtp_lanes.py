"""Several messages at once over several connections: none waits for another, and what a server refuses has to do.

Not here: one message at a time (test_smtp), what is said in which order (test_conversation).
"""

import pytest

from feeds.errors import TransportUnusable
from feeds.model import Envelope, Parcel
from feeds.transports.smtp import SmtpTransport
from tests.transports.givens import CLOSE, MESSAGE, PATIENCE, ScriptedServer, smtp_settings

PIPELINES = ("250-mx.example", "250 PIPELINING")
A_WHILE = 0.5  # seconds


def all_others_are_here(server):
    return len(server.bodies) == len(NAMES) - 1


def recipient_was_named(server):
    return "RCPT" in server.verbs


def second_sender_was_named(server):
    return server.verbs.count("MAIL") == 2


@pytest.fixture
def to(tmp_path):
    """Give a way to make a transport to a server."""
    made = []

    def make(server, connections=4):
        made.append(SmtpTransport(smtp_settings(tmp_path, server, connections=connections)))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


def parcel(name):
    return Parcel((MESSAGE,), Envelope("weekly@gazette.example", f"{name}@reader.example", name))


def hand_over_all(transport, *names):
    """Hand messages over as fast as they are taken; return name → the reply's code, in the order of the answers."""
    waiting, answered, go, under_way = list(map(parcel, names)), {}, [], 0
    while waiting or under_way:
        while waiting and transport.room:
            transport.take(waiting.pop(0))
            under_way += 1
        steps = transport.work(go, PATIENCE)
        go = [step.name for step in steps if step.reply is None]
        answered |= {step.name: step.reply.code for step in steps if step.reply is not None}
        under_way -= sum(step.reply is not None for step in steps)
    return answered


NAMES = [f"r{number:02}" for number in range(20)]


@pytest.mark.parametrize("script", [{}, {"EHLO": PIPELINES}], ids=["plain", "pipelining"])
@pytest.mark.parametrize("connections", [1, 4])
def test_every_message_arrives_once_over_no_more_connections_than_are_allowed(to, script, connections):
    with ScriptedServer(script) as server:
        assert hand_over_all(to(server, connections), *NAMES) == dict.fromkeys(NAMES, 250)
        assert (len(server.bodies), 1 <= server.connections <= connections) == (20, True)


def test_single_message_opens_a_single_connection(to):
    with ScriptedServer() as server:
        hand_over_all(to(server), "ann")
        assert server.connections == 1


def test_no_more_messages_are_taken_than_the_connections_that_a_server_gives_can_have(to):
    with ScriptedServer({}, {"BANNER": "421 4.7.0 too many connections"}) as server:
        transport, waiting, go, rooms, taken = to(server, 4), list(map(parcel, NAMES)), [], [], 0
        while waiting or taken:
            while waiting and transport.room:
                transport.take(waiting.pop(0))
                taken += 1
            rooms.append(transport.room)
            steps = transport.work(go, PATIENCE)
            go = [step.name for step in steps if step.reply is None]
            taken -= sum(step.reply is not None for step in steps)
        assert min(rooms) == 0


@pytest.mark.rule("D12")
def test_message_that_a_server_is_slow_about_holds_up_no_other(to):
    with ScriptedServer({"RCPT": (all_others_are_here, "250 ok")}, {}) as server:
        assert hand_over_all(to(server, 2), *NAMES) == dict.fromkeys(NAMES, 250)


def test_server_that_gives_one_connection_only_is_used_over_that_one(to):
    with ScriptedServer({}, {"BANNER": ("421 4.7.0 too many connections", CLOSE)}) as server:
        assert hand_over_all(to(server), *NAMES) == dict.fromkeys(NAMES, 250)


def test_connections_that_break_cost_the_message_in_hand_and_no_other(to):
    with ScriptedServer({"EHLO": PIPELINES, "DOT": CLOSE}, {"EHLO": PIPELINES}) as server:
        answered = hand_over_all(to(server, 1), *NAMES)
    assert answered == {name: 0 if name == NAMES[0] else 250 for name in NAMES}


def test_refusal_of_our_sender_on_one_connection_ends_what_is_under_way_and_begins_nothing(to):
    slow = {"RCPT": (second_sender_was_named, A_WHILE, "250 ok")}
    with ScriptedServer(slow, {"MAIL": (recipient_was_named, "530 5.7.0 log in first")}) as server:
        with pytest.raises(TransportUnusable, match="log in first"):
            hand_over_all(to(server, 2), *NAMES)
        assert len(server.bodies) == 1
