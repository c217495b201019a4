"""The token of a private address: signed by the site, for one row and one purpose.

Not here: what it opens (tests/web/test_private_feeds.py).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.model.private_addresses import PrivateAddress
from feeds.rules.private_tokens import BLANK, NO_TOKEN, is_signed, private_token, private_url, read_token

MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)
ANNS = PrivateAddress(id=7, feed="inside", subscriber_id="a1", created_at=MONDAY)
SECRET = bytes(range(32))
TOKEN = private_token(ANNS, (3, SECRET))


def opens(text, address=ANNS, secret=SECRET):
    return is_signed(read_token(text), address, secret)


def test_token_says_its_row_and_key_and_is_the_same_each_time():
    token = read_token(TOKEN)
    assert (token.address, token.key, private_token(ANNS, (3, SECRET))) == (7, 3, TOKEN)
    assert opens(TOKEN)


@pytest.mark.rule("F30")
def test_what_nobody_can_guess_is_160_bits_long():
    assert len(read_token(TOKEN).signature) * 4 == 160


@pytest.mark.rule("T80")
@pytest.mark.parametrize(
    "other",
    [
        {"id": 8},
        {"feed": "outside"},
        {"subscriber_id": "b2"},
        {"created_at": MONDAY + timedelta(seconds=1)},  # the same row number in a store from a backup
    ],
    ids=str,
)
def test_token_of_one_address_opens_no_other(other):
    assert not opens(TOKEN, replace(ANNS, **other))


@pytest.mark.rule("T80")
def test_who_knows_the_row_but_not_the_key_makes_no_token():
    assert not opens(private_token(ANNS, (3, b"guessed")))
    assert not opens(TOKEN, secret=b"")


@pytest.mark.rule("T80")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "7-3-",
        BLANK,
        TOKEN[:-1],
        TOKEN + "0",
        TOKEN.upper(),
        f" {TOKEN}",
        f"{TOKEN}\n",
        f"0{TOKEN}",
        f"٧{TOKEN[1:]}",  # a seven in Arabic digits
        f"{10**9}{TOKEN[1:]}",
        f"-1{TOKEN[1:]}",
        "../etc/passwd",
        "7-3-" + "\0" * 40,
    ],
    ids=repr,
)
def test_what_is_no_token_is_read_as_none(text):
    assert read_token(text) == NO_TOKEN
    assert not opens(text)


def test_signature_shows_in_no_representation():
    assert TOKEN[-40:] not in repr(read_token(TOKEN))


def test_address_is_below_the_site_wherever_that_is():
    assert private_url("https://a.example/news/", "7-3-ab") == "https://a.example/news/private/7-3-ab/"
