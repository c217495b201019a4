"""A browser proves that it did a sum: for one address, for an hour, against a key of ours.

Not here: the form and its script (tests/web/test_reader_sums.py).
"""

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.proof_of_work import GOOD_FOR, challenge, is_proven, key_of

KEY = (3, b"k" * 32)
NOON = datetime(2026, 11, 23, 12, 0, 0, 400_000, tzinfo=UTC)
ANN, BITS = "ann@x.example", 6


def solved(asked, address=ANN, bits=BITS):
    """Return a proof, found by trying."""
    tried = (f"{asked}.{number}" for number in count())
    return next(one for one in tried if _head(one.replace(asked, f"{asked}.{address}")) >> (256 - bits) == 0)


def _head(said):
    return int.from_bytes(hashlib.sha256(said.encode()).digest())


def good(proof, address=ANN, *, bits=BITS, secret=KEY[1], now=NOON):
    return is_proven(proof, address, bits=bits, secret=secret, now=now)


PROOF = solved(challenge(KEY, now=NOON))


@pytest.mark.rule("T88")
def test_sum_that_was_done_is_good_for_an_hour_and_no_longer():
    assert (key_of(PROOF), good(PROOF), good(PROOF, f" {ANN} ")) == (3, True, True)
    assert good(PROOF, now=NOON + GOOD_FOR - timedelta(seconds=2))
    assert not good(PROOF, now=NOON + GOOD_FOR)
    assert not good(PROOF, now=NOON - timedelta(minutes=1))


@pytest.mark.rule("T88")
def test_sum_for_one_address_is_none_for_others():
    others = [f"victim-{n}@x.example" for n in range(400)]
    assert sum(good(PROOF, address, bits=12) for address in others) < 4
    assert not all(good(PROOF, address) for address in others[:60])


@pytest.mark.rule("T88")
def test_challenge_of_nobody_or_of_another_time_is_no_challenge():
    assert not good(PROOF, secret=b"o" * 32)
    later = challenge(KEY, now=NOON + timedelta(hours=5))
    begun, rest = later.partition(".")[0], challenge(KEY, now=NOON).partition(".")[2]
    assert not good(solved(f"{begun}.{rest}"), now=NOON + timedelta(hours=5))


@pytest.mark.rule("T88")
def test_sum_that_was_not_done_is_not_enough():
    asked = challenge(KEY, now=NOON)
    assert not good(asked)
    assert sum(good(f"{asked}.{number}", bits=20) for number in range(1000)) <= 1


@given(st.text(max_size=80) | st.from_regex(r"[0-9]{1,20}\.[0-9]{1,12}\.[0-9a-f]{40}(\.[0-9]{1,20})?", fullmatch=True))
def test_what_is_no_proof_of_ours_is_refused_whatever_it_is(text):
    assert not good(text)
    assert key_of(text) is None or key_of(text) > 0
