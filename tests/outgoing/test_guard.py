"""The guard: where no request goes, however the address is written and whatever a name leads to.

Each against a real socket: the server says whether anybody came. Not here: what an answer is (test_client).
"""

from ipaddress import ip_network

import pytest

from feeds.errors import AddressRefused
from feeds.outgoing import PUBLIC, Allowed, Client
from tests.outgoing.web import moves, says, web

FIRST, SECOND = "127.0.0.1", "127.0.0.2"  # both are this machine; the tests let requests go to the first only
FIRST_ONLY = Allowed((ip_network(FIRST),))


def names(**known):
    """Return a resolver that knows these names, ``a_example`` for a.example; others are what they are."""
    return lambda host, _port: known.get(host.replace(".", "_"), [host])


def refused(address, **settings):
    with pytest.raises(AddressRefused) as error:
        Client(**settings).fetch(address)
    return error.value.reason


@pytest.mark.rule("T68")
@pytest.mark.parametrize("host", [
    "127.0.0.1", "127.1", "0x7f000001", "2130706433", "017700000001", "0", "0.0.0.0",
    "①②⑦.⓪.⓪.①", "localhost", "[::1]", "[::]",
])  # fmt: skip
def test_loopback_in_disguise_is_refused(host):
    with web(says()) as server:
        refused(server.url(host=host))
        assert server.asked == []


@pytest.mark.rule("T69")
@pytest.mark.parametrize("address", [
    "64:ff9b::7f00:1", "64:ff9b:1::1", "224.0.0.1", "2002:7f00:1::", "192.0.0.8", "2001::1", "2001:db8::1", "ff02::1",
    "198.18.0.1", "203.0.113.9", "192.0.2.1", "198.51.100.1", "240.0.0.1", "255.255.255.255", "192.88.99.1", "3fff::1",
    "::7f00:1", "::", "fec0::1", "100::1",
])  # fmt: skip
def test_translated_multicast_and_tunnelled_addresses_are_refused(address):
    assert f"it leads to {address}" in refused("http://news.example/", resolve=names(news_example=[address]))


@pytest.mark.rule("T70")
@pytest.mark.parametrize("address", [
    "::ffff:169.254.169.254", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "100.64.0.1", "100.127.255.254",
    "169.254.169.254", "fe80::1", "fe80::1%1", "fc00::1", "fd12::1", "10.1.2.3", "172.16.0.1", "172.31.255.255",
    "192.168.1.1",
])  # fmt: skip
def test_mapped_shared_private_and_link_local_addresses_are_refused(address):
    assert "no public address" in refused("http://news.example/", resolve=names(news_example=[address]))


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1",
                                     "2606:2800:21f::1", "2a00:1450::1", "::ffff:8.8.8.8"])  # fmt: skip
def test_public_address_is_allowed(address):
    assert PUBLIC.refusal(address) == ""


@pytest.mark.rule("T71")
@pytest.mark.parametrize("target", [
    "file:///etc/passwd", "ftp://files.example/", "gopher://a.example/", "javascript:x()", "data:,x",
    "http://user:word@news.example/", "http://[::1/", f"http://{SECOND}:1/", "//localhost6.example:1/",
])  # fmt: skip
def test_redirect_is_vetted_like_an_address(target):
    known = names(localhost6_example=["::1"])
    with web(moves(target)) as server:
        refused(server.url(), allowed=FIRST_ONLY, resolve=known)
        assert len(server.asked) == 1


@pytest.mark.rule("T71")
def test_redirect_to_a_private_address_is_refused_after_two_that_are_none():
    with web(says(), host=SECOND) as inside, web(moves("/b"), moves("/c"), moves(inside.url())) as server:
        refused(server.url(), allowed=FIRST_ONLY)
        assert (len(server.asked), inside.asked) == (3, [])


@pytest.mark.rule("T71")
@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a.example/", "news.example", "", "http:///x", "//x/"])
def test_only_addresses_of_the_web_are_fetched(address):
    refused(address)


@pytest.mark.rule("T72")
def test_connection_goes_to_the_address_that_was_vetted():
    answers = iter([[FIRST], [SECOND], [SECOND]])
    with web(says(b"vetted")) as server:
        ours = Client(allowed=FIRST_ONLY, resolve=lambda _host, _port: next(answers))
        assert ours.fetch(server.url(host="rebinding.example")).data == b"vetted"
    assert b"\r\nhost: rebinding.example:" in server.asked[0].lower()
    assert next(answers) == [SECOND]  # the name was asked for once


@pytest.mark.rule("T72")
def test_name_that_comes_to_lead_inside_is_refused_at_the_next_connection():
    answers = iter([[FIRST], [SECOND]])
    with web(moves("/again")) as server:
        refused(server.url(host="rebinding.example"), allowed=FIRST_ONLY, resolve=lambda _host, _port: next(answers))
        assert len(server.asked) == 1


@pytest.mark.rule("T72")
def test_name_with_one_address_inside_is_refused_whole():
    both = names(mixed_example=[FIRST, SECOND])
    with web(says()) as server:
        assert SECOND in refused(server.url(host="mixed.example"), allowed=FIRST_ONLY, resolve=both)
        assert server.asked == []


def test_next_address_is_tried_where_the_first_does_not_answer():
    both = names(two_example=[SECOND, FIRST])
    with web(says(b"second")) as server:
        ours = Client(allowed=Allowed((ip_network("127.0.0.0/8"),)), resolve=both)
        assert ours.fetch(server.url(host="two.example")).data == b"second"
