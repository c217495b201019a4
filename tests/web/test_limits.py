"""Who a client is, and how much one client may ask.

Not here: the answer to one that asks too much (test_answers).
"""

from ipaddress import ip_network

import pytest

from feeds.web.clients import client_of
from feeds.web.keeping import OVERHEAD, Keeping
from feeds.web.limits import MOST_CLIENTS, Limits

TRUSTED = (ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"), ip_network("2001:db8:ff::/48"))


@pytest.mark.rule("T91")
@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),  # no proxy of ours says so
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.0.0.9", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.7, 198.51.100.1", "198.51.100.1"),  # what stands before is the client's own word
        ("127.0.0.1", "10.0.0.1, 10.0.0.9", "10.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, nonsense", "198.51.100.1"),
        ("127.0.0.1", ",,", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8:1:2::3]:4711", "2001:db8:1:2::/64"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("2001:db8:ff::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::3", "", "2001:db8:1:2::/64"),
        ("", "", ""),
    ],
)
def test_client_is_who_the_last_trusted_proxy_says(peer, forwarded, client):
    assert client_of(peer, forwarded, TRUSTED) == client


def test_bucket_holds_a_minute_of_requests_and_fills_as_time_goes_by():
    limits = Limits(60)
    assert [limits.take("a", now=0) for _ in range(61)] == [0] * 60 + [1]
    assert [limits.take("a", now=1.5) for _ in range(2)] == [0, 1]
    assert limits.take("b", now=1.5) == 0


def test_wait_is_as_long_as_the_next_token_takes():
    limits = Limits(2)
    assert [limits.take("a", now=0) for _ in range(3)] == [0, 0, 30]
    assert limits.take("a", now=29) == 1
    assert limits.take("a", now=30) == 0


def test_clock_that_steps_back_takes_nothing_away():
    limits = Limits(2)
    limits.take("a", now=100)
    assert limits.take("a", now=0) == 0


def test_cheap_answer_gives_most_of_its_token_back_and_never_more_than_there_were():
    limits = Limits(1)
    for _ in range(10):
        assert limits.take("a", now=0) == 0
        for _ in range(2):
            limits.give_back("a")
    limits.give_back("unknown")
    assert [bool(limits.take("a", now=0)) for _ in range(2)] == [False, True]


def test_nobody_is_held_where_the_limit_is_0():
    limits = Limits(0)
    assert {limits.take("a", now=0) for _ in range(5000)} == {0}


def test_flood_of_clients_does_not_fill_the_memory():
    limits = Limits(60)
    for number in range(MOST_CLIENTS + 50):
        limits.take(str(number), now=0)
    assert len(limits._left) == MOST_CLIENTS


def test_memory_lets_go_of_what_was_asked_for_least_recently():
    kept = Keeping(3 * OVERHEAD)
    for name in "abc":
        kept.keep(name, name, 0)
    kept.find("a")
    kept.keep("d", "d", 0)
    assert [kept.find(name) for name in "abcd"] == ["a", None, "c", "d"]


def test_memory_counts_what_is_replaced_once_and_keeps_nothing_too_large():
    kept = Keeping(2 * OVERHEAD)
    for number in range(10):
        kept.keep("a", number, 0)
    assert kept.find("a") == 9
    kept.keep("b", "large", 2 * OVERHEAD)
    assert (kept.find("a"), kept.find("b")) == (None, None)
