"""SPF records: read, evaluated for an address, and advised on.

Not here: agreement with another implementation (tests/acceptance/test_spf_judge.py).
"""

from ipaddress import ip_address

import pytest

from feeds.rules.checkup import Grade
from feeds.rules.spf import SpfInvalid, read_spf
from feeds.rules.spf_advice import Senders, examine_spf
from feeds.rules.spf_check import check_host, walk
from feeds.rules.spf_macros import Circumstances, expand
from tests.rules.given_names import SILENT, answered

PATH = "weekly@gazette.example"
OURS = ip_address("192.0.2.25")
NAMED = Senders((OURS,))


def record(text):
    """Return a DNS in which our domain has this record."""
    return {"gazette.example TXT": [text]}


def checked(names, address="192.0.2.25"):
    return answered(check_host(ip_address(address), "gazette.example", PATH), names)


def result(names, address="192.0.2.25"):
    return checked(names, address).result


def findings(names, senders=NAMED):
    return answered(examine_spf(PATH, senders), names)[0]


def troubles(names, senders=NAMED):
    """Return grade and text of what is not well."""
    return [(one.grade, one.what) for one in findings(names, senders) if one.grade is not Grade.OK]


def lines(names, senders=NAMED):
    return [line for one in findings(names, senders) for line in one.lines]


def chain(length):
    """Return a record that takes so many look-ups, each include leading to the next."""
    names = {f"s{n}.example TXT": [f"v=spf1 include:s{n + 1}.example ?all"] for n in range(1, length)}
    names |= {f"s{length}.example TXT": ["v=spf1 ip4:198.51.100.1 ?all"]}
    return names | record("v=spf1 ip4:192.0.2.0/24 include:s1.example -all")


# ---- reading ----


@pytest.mark.parametrize(
    "term",
    [
        *("ip4:192.0.2", "ip4:192.0.2.1/33", "ip4:192.0.2.1,ip4:192.0.2.2", "ip6:192.0.2.1", "ipv4:192.0.2.1"),
        *("include", "include:", "include:localhost", "all:x", "-al", "a/33", "a//129", "a:%{x}.example", "mx:-"),
        *("exists", "redirect:other.example", "redirect=", "exists:%{t}.example", "ip4:192.0.2.1/024", "v=spf1"),
    ],
)
def test_term_that_is_none_is_named(term):
    if term == "v=spf1":  # a modifier that nobody knows, and everybody ignores
        read_spf("v=spf1 v=spf1 -all")
        return
    with pytest.raises(SpfInvalid) as refused:
        read_spf(f"v=spf1 a {term} -all")
    assert term in str(refused.value)


def test_redirect_may_stand_once():
    with pytest.raises(SpfInvalid, match="twice"):
        read_spf("v=spf1 redirect=a.example redirect=b.example")


def test_prefixes_of_both_kinds_of_address_are_read():
    (mechanism,) = read_spf("v=spf1 mx:a.example/24//64").mechanisms
    assert (mechanism.domain, mechanism.lengths) == ("a.example", (24, 64))


# The examples of RFC 7208 section 7.4.
@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{d2r}", "example.email"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%%{d}%_%-", "%{d} %20"),
    ],
)
def test_macros_are_replaced(text, expanded):
    about = Circumstances(ip_address("192.0.2.3"), "strong-bad@email.example.com", "email.example.com")
    assert expand(text, about) == expanded


def test_macro_of_an_address_of_the_newer_kind_is_in_nibbles():
    about = Circumstances(ip_address("2001:db8::cb01"), "strong-bad@email.example.com", "email.example.com")
    nibbles = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"
    assert expand("%{ir}.%{v}._spf.%{d2}", about) == f"{nibbles}.ip6._spf.example.com"


def test_name_that_grows_too_long_loses_labels_from_the_left():
    about = Circumstances(ip_address("192.0.2.3"), "a@b.example", "gazette.example")
    assert expand("0123456789." * 30 + "%{d}", about) == "0123456789." * 21 + "gazette.example"


# ---- evaluating ----


def test_first_mechanism_that_matches_decides():
    assert result(record("v=spf1 -ip4:192.0.2.25 ip4:192.0.2.0/24 ~all")) == "fail"


def test_host_and_mail_servers_of_the_domain_are_looked_up():
    names = record("v=spf1 a mx -all") | {
        "gazette.example A": ["192.0.2.1"],
        "gazette.example MX": ["mx.gazette.example"],
        "mx.gazette.example A": ["192.0.2.25"],
        "mx.gazette.example AAAA": ["2001:db8::25"],
    }
    assert [result(names, one) for one in ("192.0.2.1", "192.0.2.25", "2001:db8::25", "192.0.2.3")] == [
        *("pass", "pass", "pass", "fail")
    ]


def test_included_record_counts_only_where_it_lets_pass():
    names = record("v=spf1 include:s.example ~all") | {"s.example TXT": ["v=spf1 ip4:192.0.2.25 -all"]}
    assert [result(names), result(names, "192.0.2.26")] == ["pass", "softfail"]


def test_redirect_stands_in_where_nothing_matches():
    names = record("v=spf1 redirect=s.example") | {"s.example TXT": ["v=spf1 ip4:192.0.2.25 -all"]}
    assert [result(names), result(names, "192.0.2.26")] == ["pass", "fail"]


def test_name_of_the_address_counts_where_it_leads_back():
    names = record("v=spf1 ptr -all") | {"25.2.0.192.in-addr.arpa PTR": ["mx.gazette.example"]}
    assert result(names) == "fail"
    assert result(names | {"mx.gazette.example A": ["192.0.2.25"]}) == "pass"


@pytest.mark.parametrize("missing", ["include:gone.example", "redirect=gone.example"])
def test_other_record_that_is_not_there_is_a_permanent_error(missing):
    assert result(record(f"v=spf1 {missing}")) == "permerror"


def test_tenth_look_up_is_the_last():
    assert [result(chain(length), "203.0.113.1") for length in (10, 11)] == ["fail", "permerror"]


def test_ring_of_includes_ends():
    assert result(record("v=spf1 include:gazette.example -all"), "203.0.113.1") == "permerror"


def test_third_look_up_that_finds_nothing_is_a_permanent_error():
    assert [result(record(f"v=spf1 {' '.join(['a:gone.example'] * n)} -all")) for n in (2, 3)] == ["fail", "permerror"]


def test_mail_server_with_more_than_ten_hosts_is_a_permanent_error():
    names = record("v=spf1 mx -all") | {"gazette.example MX": [f"mx{n}.example" for n in range(11)]}
    assert result(names) == "permerror"


def test_name_that_cannot_be_looked_up_is_a_passing_error():
    names = record("v=spf1 include:s.example -all") | {"s.example TXT": SILENT}
    assert result(names) == "temperror"


def test_whole_record_is_walked_for_an_address_that_nothing_names():
    asked = []
    names = record("v=spf1 ip4:0.0.0.0/0 a:a.example include:s.example -all")
    names |= {
        "a.example A": ["192.0.2.1"],
        "s.example TXT": ["v=spf1 exists:e.example ?all"],
        "e.example A": ["127.0.0.2"],
    }
    found = answered(walk("gazette.example", PATH), names, asked)
    assert (found.result, found.look_ups) == ("fail", 3)
    assert list(dict.fromkeys(asked)) == ["gazette.example TXT", "a.example A", "s.example TXT", "e.example A"]


def test_host_with_an_address_of_the_newer_kind_alone_is_no_name_that_is_gone():
    names = record("v=spf1 ip4:192.0.2.25 a:six.example -all") | {"six.example AAAA": ["2001:db8::6"]}
    assert troubles(names) == []


# ---- advice ----


def test_address_that_is_named_is_well():
    found, passes = answered(examine_spf(PATH, NAMED), record("v=spf1 ip4:192.0.2.25 ~all"))
    assert ([one.grade for one in found], passes) == ([Grade.OK], True)


def test_without_a_record_the_one_to_add_names_what_sends():
    assert lines({}) == ['gazette.example. IN TXT "v=spf1 ip4:192.0.2.25 ~all"']
    assert findings({})[0].grade is Grade.ERROR


def test_address_that_is_not_named_is_put_before_the_end():
    names = record("v=spf1 mx -all") | {"gazette.example MX": ["mx.example"], "mx.example A": ["192.0.2.1"]}
    assert lines(names) == ['gazette.example. IN TXT "v=spf1 mx ip4:192.0.2.25 -all"']
    ((grade, what),) = troubles(names)
    assert (grade, what) == (Grade.ERROR, "192.0.2.25 may not send: fail, -all in the record of gazette.example")


def test_address_is_put_before_a_redirect_too():
    names = record("v=spf1 redirect=s.example") | {"s.example TXT": ["v=spf1 -all"]}
    assert lines(names) == ['gazette.example. IN TXT "v=spf1 ip4:192.0.2.25 redirect=s.example"']


def test_address_that_is_only_assumed_is_a_warning_and_says_so():
    senders = Senders((OURS,), "that of the mail server smtp.example", "smtp.example")
    ((grade, what),) = troubles(record("v=spf1 -all"), senders)
    assert (grade, "assumed: that of the mail server smtp.example" in what) == (Grade.WARNING, True)
    assert lines(record("v=spf1 -all"), senders) == ['gazette.example. IN TXT "v=spf1 a:smtp.example -all"']


def test_what_sends_by_several_mail_servers_is_all_to_be_named():
    first = Senders((OURS,), "that of the mail server smtp.example", "smtp.example")
    other = Senders((ip_address("198.51.100.7"), ip_address("198.51.100.8")), "this machine's own")
    assert given_lines({}, first, other) == [
        'gazette.example. IN TXT "v=spf1 a:smtp.example ip4:198.51.100.7 ip4:198.51.100.8 ~all"'
    ]
    names = record("v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 -all")
    assert given_lines(names, first, other) == [
        'gazette.example. IN TXT "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 ip4:198.51.100.8 -all"'
    ]
    assert [passes_by(names, one) for one in (first, other)] == [True, False]
    assert not passes_by(names, first, other)
    assert not passes_by(names, first, Senders(()))


def given_lines(names, *senders):
    return [line for one in answered(examine_spf(PATH, *senders), names)[0] for line in one.lines]


def passes_by(names, *senders):
    return answered(examine_spf(PATH, *senders), names)[1]


def test_several_records_become_one_that_says_the_same():
    names = {"gazette.example TXT": ["v=spf1 mx -all", "v=spf1 mx ip4:192.0.2.25 ~all", "another text"]}
    assert lines(names) == ['gazette.example. IN TXT "v=spf1 mx ip4:192.0.2.25 -all"']


def test_record_that_cannot_be_read_is_told_with_its_term():
    ((grade, what),) = troubles(record("v=spf1 ipv4:192.0.2.25 -all"))
    assert (grade, "ipv4:192.0.2.25" in what) == (Grade.ERROR, True)


def test_dns_that_is_down_is_not_taken_for_a_record_that_is_not_there():
    ((grade, what),) = troubles({"gazette.example TXT": SILENT})
    assert (grade, "could not be looked up" in what, lines({"gazette.example TXT": SILENT})) == (Grade.ERROR, True, [])


def test_record_that_takes_too_much_is_an_error_also_where_our_address_comes_first():
    assert result(chain(11)) == "pass"
    assert [grade for grade, _ in troubles(chain(11))] == [Grade.ERROR]
    assert [grade for grade, _ in troubles(chain(9))] == [Grade.WARNING]
    assert troubles(chain(8)) == []


def test_included_record_that_is_gone_is_found_also_where_our_address_comes_first():
    ((grade, what),) = troubles(record("v=spf1 ip4:192.0.2.25 include:gone.example -all"))
    assert (grade, "include:gone.example" in what) == (Grade.ERROR, True)


@pytest.mark.parametrize(
    ("ending", "grade", "mended"),
    [
        (" +all", Grade.ERROR, "ip4:192.0.2.25 ~all"),
        (" all", Grade.ERROR, "ip4:192.0.2.25 ~all"),
        (" ?all", Grade.WARNING, "ip4:192.0.2.25 ~all"),
        ("", Grade.WARNING, "ip4:192.0.2.25 ~all"),
        (" -all a:b.example", Grade.WARNING, None),
    ],
)
def test_ending_is_judged(ending, grade, mended):
    names = record(f"v=spf1 ip4:192.0.2.25{ending}")
    assert [one for one, _ in troubles(names)] == [grade]
    assert lines(names) == ([f'gazette.example. IN TXT "v=spf1 {mended}"'] if mended else [])


def test_names_that_are_gone_and_ptr_are_told():
    names = record("v=spf1 ip4:192.0.2.25 a:gone.example ptr -all")
    assert [what.partition(",")[0] for _, what in troubles(names)] == [
        "1 of its look-ups find nothing",
        "it relies on ptr",
    ]


def test_without_an_address_it_is_told_that_nothing_is_known_of_it():
    ((grade, what),) = troubles(record("v=spf1 -all"), Senders(()))
    assert (grade, "not known" in what) == (Grade.WARNING, True)
