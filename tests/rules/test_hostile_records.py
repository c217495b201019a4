"""Records that anybody may have written: whatever stands in them, something is said of it, and soon.

Not here: what is said (test_spf, test_dkim_records, test_dmarc).
"""

import time
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.rules.dkim_records import PublicKey, examine_dkim
from feeds.rules.dmarc_advice import Identity, examine_dmarc
from feeds.rules.spf_advice import Senders, examine_spf
from tests.rules.given_names import answered

KEY = PublicKey("gazette.example", "autumn", "v=DKIM1; k=rsa; p=QUJD")
WHO = Identity(sender="weekly@gazette.example", path="gazette.example", signer="", passes_spf=False, passes_dkim=False)
SENDERS = Senders((ip_address("192.0.2.25"), ip_address("2001:db8::25")))

pieces = st.sampled_from(
    [
        *("v=spf1", "v=DMARC1", "v=DKIM1", " ", ";", "=", ":", "/", "//", "%", "{", "}", "%{d}", "%{ir}", "%{s1r+-}"),
        *("include:", "gazette.example", "redirect=", "exp=", "exists:", "a", "mx", "ptr", "ip4:", "ip6:", "all", "-"),
        *("p=", "sp", "np", "psd=y", "rua=", "mailto:", "@", ",", "!10m", "k=", "t=y", '"', "\\", "1", "192.0.2.25"),
    ]
)
texts = st.lists(st.one_of(pieces, st.text(max_size=6)), max_size=25).map("".join)
names = st.sampled_from(
    ["gazette.example", "_dmarc.gazette.example", "_dmarc.example", KEY.name, "a.example", "example"]
)


@settings(deadline=None)
@given(
    st.dictionaries(names, st.lists(texts, min_size=1, max_size=2), max_size=4),
    st.sampled_from(["v=spf1 ", "v=DMARC1; ", "v=DKIM1; ", ""]),
)
def test_something_is_said_of_every_record(found, opening):
    known = {f"{name} TXT": [opening + text for text in several] for name, several in found.items()}
    known |= {"gazette.example MX": ["a.example", ""], "a.example A": ["192.0.2.25"]}
    for asking in (examine_spf("weekly@gazette.example", SENDERS), examine_dkim(KEY)):
        assert answered(asking, known)[0]
    assert answered(examine_dmarc(WHO), known)


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1 a:" + "%{d" * 20_000,
        "v=spf1 exists:" + "%{ir}." * 9_000 + "example",
        "v=spf1 a:" + "a." * 30_000 + "-",
        "v=spf1 " + "include:gazette.example " * 2_500,
        "v=spf1 " + "x" * 60_000 + "=",
        "v=spf1 ip4:" + "1" * 60_000,
    ],
)
def test_long_record_is_judged_within_a_second(text):
    begun = time.monotonic()
    assert answered(examine_spf("weekly@gazette.example", SENDERS), {"gazette.example TXT": [text]})[0]
    assert time.monotonic() - begun < 1
