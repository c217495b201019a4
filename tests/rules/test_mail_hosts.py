"""Hosts behind domains: does one take mail, does an address that sends have a name that leads back.

Not here: asking the DNS (tests/outgoing/test_dns.py).
"""

from ipaddress import ip_address

import pytest

from feeds.rules.checkup import Grade
from feeds.rules.mail_hosts import examine_mail_domain, examine_reverse
from tests.rules.given_names import SILENT, answered

OURS = ip_address("45.79.0.25")
PTR = "25.0.79.45.in-addr.arpa PTR"


def mail(names):
    (found,) = answered(examine_mail_domain("gazette.example", ("bounces", "answers")), names)
    return found


def reverse(names, address=OURS):
    (found,) = answered(examine_reverse(address, "mx.gazette.example"), names)
    return found


def test_domain_with_a_mail_server_that_is_there_is_well():
    names = {"gazette.example MX": ["gone.example", "mx.example"], "mx.example AAAA": ["2001:db8::1"]}
    assert mail(names).grade is Grade.OK


def test_domain_without_mx_takes_mail_at_its_own_address():
    assert mail({"gazette.example A": ["192.0.2.1"]}).grade is Grade.WARNING


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({}, "it takes no mail, and"),
        ({"gazette.example MX": [""], "gazette.example A": ["192.0.2.1"]}, "null MX"),
        ({"gazette.example MX": ["gone.example"], "gazette.example A": ["192.0.2.1"]}, "gone.example"),
    ],
)
def test_domain_that_takes_no_mail_is_told_with_what_would_go_there(names, said):
    found = mail(names)
    assert (found.grade, said in found.what, "bounces and answers" in found.what) == (Grade.ERROR, True, True)
    assert found.lines == ("gazette.example. IN MX 10 mail.gazette.example.",)


@pytest.mark.parametrize("silent", ["gazette.example MX", "mx.example AAAA"])
def test_mail_server_that_cannot_be_looked_up_is_not_taken_for_none(silent):
    found = mail({"gazette.example MX": ["mx.example"], silent: SILENT})
    assert (found.lines, "could not be looked up" in found.what) == ((), True)


def test_address_whose_name_leads_back_is_well():
    assert reverse({PTR: ["other.example", "mx.example"], "mx.example A": ["45.79.0.25"]}).grade is Grade.OK


def test_address_of_the_newer_kind_is_asked_for_by_its_nibbles():
    address = ip_address("2600:3c00::25")
    names = {f"{address.reverse_pointer} PTR": ["mx.example"], "mx.example AAAA": ["2600:3c00::25"]}
    assert reverse(names, address).grade is Grade.OK


def test_address_without_a_name_is_told_with_the_record():
    found = reverse({})
    assert (found.grade, found.lines) == (Grade.ERROR, ("25.0.79.45.in-addr.arpa. IN PTR mx.gazette.example.",))


def test_name_that_does_not_lead_back_is_told_with_the_record():
    found = reverse({PTR: ["mx.example"], "mx.example A": ["45.79.0.26"]})
    assert (found.grade, found.lines) == (Grade.ERROR, ("mx.example. IN A 45.79.0.25",))


@pytest.mark.parametrize("silent", [PTR, "mx.example A"])
def test_name_that_cannot_be_looked_up_is_not_taken_for_none(silent):
    found = reverse({PTR: ["mx.example"], silent: SILENT})
    assert (found.lines, "could not be looked up" in found.what) == ((), True)


def test_private_address_is_not_the_one_that_the_world_sees():
    found = reverse({}, ip_address("10.0.0.25"))
    assert (found.grade, "--sends-from" in found.remedy) == (Grade.WARNING, True)
