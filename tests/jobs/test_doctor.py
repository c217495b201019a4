"""What doctor measures on this machine: which addresses send, what a path lies on, what the clock is said to be.

Not here: what is said of it (tests/rules/test_machine_advice.py), the command (tests/cli/test_cli_doctor.py).
"""

import sys
from ipaddress import ip_address

import pytest

from feeds.jobs.doctor.machine import clock
from feeds.jobs.doctor.senders import is_this_machine, own_addresses, senders_of
from feeds.outgoing.dns import Resolver
from feeds.rules.machine_advice import Clock
from feeds.rules.spf_advice import Senders
from tests.transports.givens import settings
from tests.zones import HERE, serving

OTHER = ip_address("45.79.0.99")


@pytest.fixture(scope="module")
def resolver(tmp_path_factory):
    """Give a resolver that knows one mail server, which has two addresses."""
    lines = (f"smtp.example. IN A {OTHER}", "smtp.example. IN AAAA 2600:3c00::99")
    with serving(tmp_path_factory.mktemp("dns"), *lines) as port:
        yield Resolver([(HERE, port)])


def sending_by(folder, resolver, host, named=()):
    """Return who sends by one mail server, and which addresses of it are ours."""
    (senders,), own = senders_of([settings(folder, kind="smtp", host=host)], named, resolver)
    return senders, [*own]


def test_addresses_that_the_operator_names_are_taken_at_their_word(tmp_path, resolver):
    senders, own = sending_by(tmp_path, resolver, "smtp.example", [ip_address("45.79.0.1")])
    assert (senders.addresses, senders.assumed, own) == ((ip_address("45.79.0.1"),), "", [ip_address("45.79.0.1")])


def test_those_of_another_mail_server_are_assumed_and_none_of_ours(tmp_path, resolver):
    senders, own = sending_by(tmp_path, resolver, "SMTP.example.")
    assert (senders.addresses, senders.host, own) == ((OTHER, ip_address("2600:3c00::99")), "smtp.example", [])
    assert "smtp.example" in senders.assumed


def test_mail_server_named_by_its_address_has_that_one(tmp_path, resolver):
    senders, _ = sending_by(tmp_path, resolver, str(OTHER))
    assert (senders.addresses, senders.terms([OTHER])) == ((OTHER,), (f"ip4:{OTHER}",))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_mail_server_here_sends_from_our_own_addresses_but_private_ones(tmp_path, resolver, host):
    senders, own = sending_by(tmp_path, resolver, host)
    assert own == own_addresses()
    assert senders.addresses == tuple(one for one in own if one.is_global)


def test_folder_sends_nothing(tmp_path, resolver):
    ((senders,), own) = senders_of([settings(tmp_path, kind="maildir")], (), resolver)
    assert (senders.addresses, own) == ((), {})


def test_each_mail_server_sends_from_its_own_addresses(tmp_path, resolver):
    ways = [
        settings(tmp_path, kind="smtp", host=host)
        for host in ("smtp.example", "127.0.0.1", "45.79.0.7", "smtp.example")
    ]
    senders, own = senders_of(ways, (), resolver)
    assert [one.host for one in senders] == ["smtp.example", "", ""]
    assert senders[2].addresses == (ip_address("45.79.0.7"),)
    assert own == dict.fromkeys(own_addresses(), "")


def test_addresses_that_the_operator_names_stand_for_all_mail_servers(tmp_path, resolver):
    ways = [settings(tmp_path, kind="smtp", host=host) for host in ("smtp.example", "localhost")]
    assert senders_of(ways, [OTHER], resolver) == ((Senders((OTHER,)),), {OTHER: ""})


def test_this_machine_is_known_by_its_own_names_alone():
    assert [is_this_machine(host) for host in ("localhost", "127.9.9.9", "::1", "localhost.example", "192.0.2.1")] == [
        *(True, True, True, False, False)
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has adjtimex")
def test_clock_is_asked_of_the_kernel():
    assert clock() in {Clock.SET, Clock.LEFT_ALONE}
