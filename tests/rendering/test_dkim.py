"""Signatures as two verifiers read them that know nothing of ours: dkimpy and opendkim.

Not here: keys and their files (test_dkim_keys).
"""

import re
from datetime import UTC, datetime
from itertools import count

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from feeds.rendering.dkim import Algorithm, Signer, generate_key, txt_record
from feeds.rendering.dkim.relaxing import relaxed_field, relaxed_lines
from feeds.rendering.galley import galley_from
from feeds.rendering.lint import judge_message
from feeds.rendering.views import Digest, Mailbox
from tests.judges import opendkim
from tests.rendering import message_givens
from tests.rendering.givens import digest, entries
from tests.rendering.message_givens import OWN_LEAVE, header, names, parts

MONDAY = datetime(2024, 11, 25, 7, tzinfo=UTC)  # verifiers refuse what is signed in the future
OWN = message_givens.OWN | {"date": MONDAY}
SIGNERS = [Signer(generate_key(Algorithm.RSA), "press"), Signer(generate_key(Algorithm.ED25519), "press-ed")]
RECORDS = {f"{one.selector}._domainkey.harbour.example": txt_record(one.key) for one in SIGNERS}
REPLY_TO = {"reply_to": Mailbox("Newsroom", "desk@harbour.example")}
GALLEY = galley_from(parts(digest(entries=entries(3)), **REPLY_TO), signers=SIGNERS)
GOOD = GALLEY.fill(**OWN | {"leave_url": OWN_LEAVE, "recipient": Mailbox("Größe, Ann", "ann@inbox.example")})
HEAD = GOOD.index(b"\r\n\r\n") + 2
SIGNED = [*("From", "Reply-To", "To", "Subject", "Date", "Message-ID"), "List-Id", "List-Unsubscribe"]
SIGNED += ["MIME-Version", "Content-Type"]
OVER_SIGNED = ["From", "To", "Cc", "Subject", "Date", "Reply-To", "Content-Type", "Message-ID", "List-Unsubscribe"]
OVER_SIGNED += ["List-Unsubscribe-Post"]


def accepted(data, index=0):
    """Tell whether dkimpy takes a signature of a message."""

    def record(name, timeout=5):
        return RECORDS[name.decode().removesuffix(".")].encode()

    try:
        return dkim.DKIM(data, minkey=2048).verify(idx=index, dnsfunc=record)
    except dkim.DKIMException:
        return False


def tags(data, index=0):
    fields = re.findall(rb"^DKIM-Signature: ([^\r]*(?:\r\n[ \t][^\r]*)*)", data, re.MULTILINE)
    value = re.sub(r"\s+", "", fields[index].decode())
    return dict(tag.split("=", 1) for tag in value.split(";"))


def judged(messages, folder):
    return opendkim({f"{number}.eml": data for number, data in enumerate(messages)}, RECORDS, folder)


def places():
    """Return where the octets stand that are vouched for: the signed fields, and the body."""
    found = [*range(HEAD + 2, len(GOOD))]
    for name in SIGNED:
        field = re.search(rf"^{name}:[^\r]*(?:\r\n[ \t][^\r]*)*".encode(), GOOD, re.MULTILINE)
        found += range(field.start(), field.end())
    return found


PLACES = places()


def changed(place, letter):
    """Return the message with one octet changed to a letter that it was not, in neither case."""
    letter = letter if GOOD[place : place + 1].lower() != letter else b"q"
    return GOOD[:place] + letter + GOOD[place + 1 :]


@pytest.mark.rule("M7")
def test_both_verifiers_take_the_signatures(tmp_path):
    assert accepted(GOOD, 0)
    assert accepted(GOOD, 1)
    assert judged([GOOD], tmp_path) == {"0.eml": {"press": "pass", "press-ed": "pass"}}


@pytest.mark.rule("M7")
def test_signature_says_what_it_is_and_nothing_that_weakens_it():
    one, other = tags(GOOD), tags(GOOD, 1)
    assert (one["a"], other["a"]) == ("rsa-sha256", "ed25519-sha256")
    for found in (one, other):
        assert [*found] == ["v", "a", "c", "d", "s", "h", "t", "bh", "b"]  # neither l= nor x=
        assert (found["v"], found["c"], found["d"]) == ("1", "relaxed/relaxed", "harbour.example")
        assert int(found["t"]) == MONDAY.timestamp()
        assert sorted(found["h"].split(":")) == sorted(SIGNED + OVER_SIGNED)


@pytest.mark.rule("M7")
def test_field_that_may_be_added_is_named_too_where_there_is_none():
    data = galley_from(parts(), signers=SIGNERS).fill(**OWN)
    signed = tags(data)["h"].split(":")
    assert "Reply-To" not in names(data)
    assert [signed.count(name) for name in ("Reply-To", "Cc", "List-Unsubscribe-Post")] == [1, 1, 1]
    assert accepted(data)


@pytest.mark.rule("D2")
def test_signed_message_has_the_same_bytes_when_it_is_made_again():
    again = galley_from(parts(digest(entries=entries(3)), **REPLY_TO), signers=SIGNERS)
    assert again.fill(**OWN) == GALLEY.fill(**OWN)
    assert len(header(galley_from(parts(), signers=SIGNERS[:1]).fill(**OWN), "DKIM-Signature")) > 500


def test_head_has_the_signatures_and_no_other_field_more():
    assert names(GOOD) == ["DKIM-Signature"] * 2 + names(galley_from(parts(**REPLY_TO)).fill(**OWN))
    assert max(map(len, GOOD[:HEAD].split(b"\r\n"))) <= 78 + len(OWN_LEAVE)


@pytest.mark.rule("M7")
def test_our_own_lint_has_nothing_against_the_signatures():
    assert [finding for finding in judge_message(GOOD).findings if finding.rule == "M7"] == []


def test_signature_is_of_the_senders_domain_or_of_the_one_that_is_named():
    signer = Signer(SIGNERS[0].key, "press", "news.example")
    data = galley_from(parts(), signers=[signer]).fill(**OWN)
    assert tags(data)["d"] == "news.example"
    assert tags(GOOD)["d"] == "harbour.example"


@settings(max_examples=300, deadline=None)
@given(some.sampled_from(PLACES), some.sampled_from([b"x", b"z", b"0"]))
@pytest.mark.rule("M7")
def test_any_octet_that_is_changed_is_noticed(place, letter):
    assert not accepted(changed(place, letter))


@pytest.mark.rule("M7")
def test_opendkim_notices_a_change_in_every_signed_field_and_all_over_the_body(tmp_path):
    sender = GOOD.index(b"\r\nFrom:") + 2  # of a message that names none opendkim says nothing at all
    sampled = [place for place in PLACES[:-1:97] if place not in range(sender, sender + len(b"From:"))]
    spoilt = [changed(place, b"x") for place in [*sampled, *range(PLACES[-1] - 9, PLACES[-1] - 1)]]
    starts = {name: re.search(rf"^{name}: ".encode(), GOOD, re.MULTILINE).end() for name in SIGNED}
    spoilt += [changed(start, b"x") for start in starts.values()]
    found = judged(spoilt, tmp_path)
    assert len(found) > 100
    assert {name: one for name, one in found.items() if "pass" in one.values()} == {}


@pytest.mark.rule("M7")
@pytest.mark.parametrize("name", OVER_SIGNED)
def test_field_that_is_added_is_noticed(name, tmp_path):
    added = f"{name}: <https://evil.example/>\r\n".encode()
    both = [added + GOOD, GOOD[:HEAD] + added + GOOD[HEAD:]]
    assert [accepted(data) for data in both] == [False, False]
    assert all("pass" not in one.values() for one in judged(both, tmp_path).values())


@pytest.mark.rule("M7")
@pytest.mark.parametrize("added", [b"<p>More</p>\r\n", b"\r\n--\r\n", b"x"])
def test_body_that_goes_on_is_noticed(added):
    assert not accepted(GOOD + added)


@pytest.mark.parametrize(
    "harmless",
    [
        lambda data: data.replace(b"Subject: ", b"subject:\r\n  ", 1),
        lambda data: b"Received: from a.example by b.example; " + b"x" * 90 + b"\r\n" + data,
        lambda data: data + b"\r\n\r\n",
        lambda data: data.replace(b" </p>", b"  </p>").replace(b">\r\n", b"> \t\r\n"),
    ],
)
def test_what_servers_on_the_way_may_change_breaks_no_signature(harmless):
    assert harmless(GOOD) != GOOD
    assert accepted(harmless(GOOD))


_RUNS = some.text(" \tab.=", max_size=40).map(str.encode)


@given(some.lists(_RUNS, min_size=1, max_size=6))
def test_relaxed_body_is_what_dkimpy_makes_of_it(lines):
    body = b"".join(line + b"\r\n" for line in [*lines, b"end"])
    theirs = dkim.canonicalization.Relaxed.canonicalize_body(body)
    assert relaxed_lines(body) == theirs


@given(some.lists(_RUNS, min_size=1, max_size=4))
def test_relaxed_field_is_what_dkimpy_makes_of_it(lines):
    value = b"\r\n ".join(lines)
    ((name, theirs),) = dkim.canonicalization.Relaxed.canonicalize_headers([(b"Subject", value + b"\r\n")])
    assert relaxed_field(b"Subject:" + value + b"\r\n") == name + b":" + theirs


def test_texts_of_every_length_verify(tmp_path):
    made = []
    for length, number in zip(range(60, 90), count()):
        text = "é" * number + "x" * length + "  \n" * 3 + " " * number
        galley = galley_from(parts(Digest("x" * length, "", f"<p>{text}", text)), signers=SIGNERS)
        made.append(galley.fill(**OWN | {"recipient": Mailbox("n" * length, "a@b.example")}))
    assert all(map(accepted, made))
    assert {tuple(one.values()) for one in judged(made, tmp_path).values()} == {("pass", "pass")}
