"""Questions to the DNS, put to a real name server on this machine.

Not here: what an answer means for mail (tests/rules).
"""

import socket
import time

import pytest

from feeds.model.names import AnswerState, Question, RecordKind
from feeds.outgoing.dns import Resolver, server_of
from tests.zones import HERE, serving

ZONE = (
    "a.example. IN A 192.0.2.1",
    "a.example. IN A 192.0.2.2",
    "six.example. IN AAAA 2001:db8::1",
    "alias.example. IN CNAME a.example.",
    'text.example. IN TXT "v=spf1 " "-all"',
    r'text.example. IN TXT "odd \228"',
    "m.example. IN MX 20 Second.example.",
    "m.example. IN MX 10 first.example.",
    "null.example. IN MX 0 .",
    "1.2.0.192.in-addr.arpa. IN PTR A.example.",
    *(f'large.example. IN TXT "{n} {"x" * 200}"' for n in range(40)),
)


@pytest.fixture(scope="module")
def resolver(tmp_path_factory):
    """Give a resolver that asks a server of these names, one of whose zones is broken."""
    with serving(tmp_path_factory.mktemp("dns"), *ZONE, broken=("broken.example",)) as port:
        yield Resolver([(HERE, port)])


@pytest.fixture
def mute():
    """Give the port of a server that never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HERE, 0))
        yield sock.getsockname()[1]


@pytest.mark.parametrize(
    ("name", "kind", "records"),
    [
        ("a.example", "A", ("192.0.2.1", "192.0.2.2")),
        ("A.EXAMPLE.", "A", ("192.0.2.1", "192.0.2.2")),
        ("six.example", "AAAA", ("2001:db8::1",)),
        ("alias.example", "A", ("192.0.2.1", "192.0.2.2")),
        ("text.example", "TXT", ("odd \ufffd", "v=spf1 -all")),
        ("m.example", "MX", ("first.example", "second.example")),
        ("null.example", "MX", ("",)),
        ("1.2.0.192.in-addr.arpa", "PTR", ("a.example",)),
    ],
)
def test_records_come_as_plain_text(resolver, name, kind, records):
    answer = resolver.ask(Question(name, RecordKind(kind)))
    assert (answer.state, answer.records) == (AnswerState.FOUND, records)


def test_answer_that_is_too_large_for_a_packet_comes_whole(resolver):
    assert len(resolver.ask(Question("large.example", RecordKind.TXT)).records) == 40


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("a.example", AnswerState.EMPTY),
        ("gone.example", AnswerState.ABSENT),
        ("broken.example", AnswerState.SILENT),
        ("double..dot.example", AnswerState.ABSENT),
        (f"{'a' * 64}.example", AnswerState.ABSENT),
        (".".join(["a" * 60] * 5), AnswerState.ABSENT),
    ],
)
def test_what_is_not_there_is_told_from_what_is_not_known(resolver, name, state):
    assert resolver.ask(Question(name, RecordKind.MX)).state is state


def test_server_that_cannot_say_is_quoted(resolver):
    assert "SERVFAIL" in resolver.ask(Question("broken.example", RecordKind.A)).problem


def test_server_that_never_answers_is_asked_once_and_no_longer_than_so(mute):
    resolver, begun = Resolver([(HERE, mute)], seconds=0.3), time.monotonic()
    answers = [resolver.ask(Question(f"a{n}.example", RecordKind.A)) for n in range(20)]
    assert {answer.state for answer in answers} == {AnswerState.SILENT}
    assert "0.3 seconds" in answers[-1].problem
    assert time.monotonic() - begun < 3


def test_server_that_falls_silent_is_waited_for_so_long_altogether(tmp_path):
    with serving(tmp_path / "dns", *ZONE) as port:
        resolver = Resolver([(HERE, port)], seconds=0.7, all_seconds=1.6)
        assert resolver.ask(Question("a.example", RecordKind.A)).records
    begun = time.monotonic()
    answers = [resolver.ask(Question(f"b{n}.example", RecordKind.A)) for n in range(20)]
    assert {answer.state for answer in answers} == {AnswerState.SILENT}
    assert "took too long" in answers[-1].problem
    assert time.monotonic() - begun < 10


def test_server_that_is_not_there_is_no_reason_to_raise():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HERE, 0))
        port = sock.getsockname()[1]
    answer = Resolver([(HERE, port)], seconds=0.3).ask(Question("a.example", RecordKind.A))
    assert (answer.state, bool(answer.problem)) == (AnswerState.SILENT, True)


def test_answer_is_remembered(tmp_path):
    with serving(tmp_path / "dns", *ZONE) as port:
        resolver = Resolver([(HERE, port)], seconds=0.3)
        asked = resolver.ask(Question("a.example", RecordKind.A))
    assert resolver.ask(Question("a.example", RecordKind.A)) == asked


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("127.0.0.1", ("127.0.0.1", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]:54", ("2001:db8::1", 54)),
    ],
)
def test_server_is_named_by_address_and_port(text, server):
    assert server_of(text) == server


@pytest.mark.parametrize("text", ["", "ns.example", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:x", "[::1"])
def test_what_is_no_server_is_refused(text):
    with pytest.raises(ValueError, match="no name server"):
        server_of(text)
