"""What every transport promises, asked of each that is listed.

Not here: what is special to one of them.
"""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from feeds.transports import ONCE_ONLY, TRANSPORTS
from tests.transports.givens import (
    ENVELOPE,
    HERE,
    MESSAGE,
    Begin,
    hand_over,
    messages_in,
    real_server,
    refusal,
    settings,
    smtp_settings,
)

OTHER = replace(ENVELOPE, name="weekly.2026-11-23.bob.0", recipient="bob@reader.example")


@contextmanager
def maildir(folder):
    """Give the settings of a maildir, and a way to see what has arrived."""
    yield settings(folder, path="mail"), lambda: list(messages_in(folder / "mail").values())


@contextmanager
def smtp(folder):
    """Give the settings of a real mail server, and a way to see what has arrived."""
    with real_server() as server:
        yield (
            smtp_settings(folder, server),
            lambda: [one.original_content.replace(b"\r\n", b"\n") for one in server.taken],
        )


GIVEN = {"maildir": maildir, "smtp": smtp}
ARRIVED = MESSAGE.replace(b"\r\n", b"\n")


@pytest.fixture(params=TRANSPORTS)
def way(request, tmp_path):
    """Give each transport in turn, with its way to see what has arrived."""
    with GIVEN[request.param](tmp_path) as (config, arrived):
        transport = TRANSPORTS[request.param](config)
        yield transport, arrived
        transport.close()


def test_transports_are_listed_under_their_names(tmp_path):
    made = {name: make(settings(tmp_path, host=HERE)) for name, make in TRANSPORTS.items()}
    assert {name: transport.name for name, transport in made.items()} == {name: name for name in GIVEN}


def test_message_arrives_and_the_reply_says_so(way):
    transport, arrived = way
    reply = hand_over(transport, MESSAGE, ENVELOPE, Begin())
    assert (reply.code, reply.phase, arrived()) == (250, "end", [ARRIVED])


def test_sending_is_stored_once_and_before_anything_is_in_sight(way):
    transport, arrived = way
    begin = Begin(look=arrived)
    hand_over(transport, MESSAGE, ENVELOPE, begin)
    assert (begin.calls, begin.seen) == (1, [])


def test_worker_that_lost_its_hold_sends_nothing(way):
    transport, arrived = way
    assert hand_over(transport, MESSAGE, ENVELOPE, Begin(False)) is None
    assert arrived() == []
    assert hand_over(transport, MESSAGE, OTHER, Begin()).code == 250


@pytest.mark.parametrize("error", [OSError("the ledger's disk is full"), KeyError("lost"), ValueError("odd")])
def test_what_fails_while_sending_is_stored_goes_through_and_sends_nothing(way, error):
    transport, arrived = way
    with pytest.raises(type(error)) as raised:
        hand_over(transport, MESSAGE, ENVELOPE, Begin(error))
    assert raised.value is error
    assert arrived() == []
    assert hand_over(transport, MESSAGE, OTHER, Begin()).code == 250


def test_repeated_delivery_leaves_as_many_messages_as_the_transport_says(way):
    transport, arrived = way
    for _ in range(2):
        assert hand_over(transport, MESSAGE, ENVELOPE, Begin()).code == 250
    assert len(arrived()) == (2 if transport.repeats else 1)
    assert (transport.name in ONCE_ONLY) == (not transport.repeats)


def test_two_deliveries_are_two_messages(way):
    transport, arrived = way
    for envelope in (ENVELOPE, OTHER):
        hand_over(transport, MESSAGE, envelope, Begin())
    assert arrived() == [ARRIVED, ARRIVED]


@pytest.mark.rule("T114")
@pytest.mark.parametrize(
    "body",
    [b"a\nb\r\n", b"a\rb\r\n", b"a\r", b"\r\n.\nMAIL FROM:<x@evil.example>\r\n", b"x" * 999, b"\xe9", b"\0"],
)
def test_message_that_smtp_does_not_carry_never_leaves(way, body):
    transport, arrived = way
    begin = Begin()
    with pytest.raises(ValueError, match="the message has"):
        hand_over(transport, MESSAGE + body, ENVELOPE, begin)
    assert (begin.calls, arrived()) == (0, [])


@pytest.mark.parametrize("address", ["b@x>\r\nRCPT TO:<evil@x", "b@x> SIZE=1", "bjö@x.example", "a b@x", ""])
def test_address_with_more_in_it_than_an_address_never_leaves(way, address):
    transport, _ = way
    with pytest.raises(ValueError, match=r"the recipient .* is no address"):
        hand_over(transport, MESSAGE, replace(ENVELOPE, recipient=address), Begin())
    with pytest.raises(ValueError, match="is no address"):
        hand_over(transport, MESSAGE, replace(ENVELOPE, sender=address or " "), Begin())


@pytest.mark.rule("T115")
def test_leading_dots_arrive_as_they_were_written(way):
    transport, arrived = way
    dots = MESSAGE + b".\r\n..\r\n.hidden\r\nend.\r\n"
    hand_over(transport, dots, ENVELOPE, Begin())
    assert arrived() == [dots.replace(b"\r\n", b"\n")]


def test_transport_that_was_closed_opens_again(way):
    transport, arrived = way
    for _ in range(2):
        hand_over(transport, MESSAGE, ENVELOPE, Begin())
        transport.close()
        transport.close()
    assert arrived()


def test_transport_that_cannot_be_used_says_where_and_what_to_do(tmp_path):
    (tmp_path / "file").touch()
    at = {"maildir": settings(tmp_path, path="file"), "smtp": settings(tmp_path, kind="smtp", host=HERE, port=1)}
    said = {name: refusal(make(at[name])) for name, make in TRANSPORTS.items()}
    assert said["maildir"].startswith(f"{tmp_path / 'file'}: nothing can be stored there (")
    assert said["smtp"].startswith(f"{HERE}:1: cannot be reached (Connection refused); ")
    assert all("[transport]" in text for text in said.values())
