"""A token in a reader's link opens one thing for one purpose, and nothing else can be made of it.

Not here: what it opens (jobs), its page (web).
"""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.reader_tokens import (
    Purpose,
    about_selection,
    is_signed,
    read_token,
    reader_token,
    reader_url,
    selection_in,
)

KEY, OTHER = (3, b"k" * 32), b"o" * 32
ANN = ("00ff00ff00ff00ff", "weekly")


def made(purpose=Purpose.LEAVE, about=ANN, state="0", key=KEY):
    return read_token(reader_token(purpose, about, state=state, key=key))


def test_token_says_what_it_is_about_and_which_key_signed_it():
    assert (made().about, made().key) == (ANN, 3)


@pytest.mark.rule("T80")
def test_token_is_good_for_its_purpose_state_and_key_alone():
    assert is_signed(made(), Purpose.LEAVE, state="0", secret=KEY[1])
    assert not any(is_signed(made(), other, state="0", secret=KEY[1]) for other in Purpose if other != Purpose.LEAVE)
    assert not is_signed(made(), Purpose.LEAVE, state="1", secret=KEY[1])
    assert not is_signed(made(), Purpose.LEAVE, state="0", secret=OTHER)


@pytest.mark.rule("T80")
def test_token_of_one_newsletter_is_none_of_another():
    theirs = reader_token(Purpose.LEAVE, ANN, state="0", key=KEY).replace("weekly", "daily")
    assert not is_signed(read_token(theirs), Purpose.LEAVE, state="0", secret=KEY[1])


@pytest.mark.parametrize("slot", ["2026-11-23T07:00", "2026-10-25T02:30+01:00", "0a1b2c3d4e5f6071"])
def test_token_about_a_selection_says_which_and_of_what_edition(slot):
    selection = f"weekly--month--pt-br/{slot}#0a1b2c3d4e5f"
    token = made(Purpose.EDITION, about_selection(selection), state="")
    assert selection_in(token.about) == (f"weekly--month--pt-br/{slot}", selection)
    url = reader_url("https://gazette.example/", Purpose.EDITION, ".".join(token.about))
    assert urlsplit(url).geturl() == url
    assert not (urlsplit(url).query or urlsplit(url).fragment)


@pytest.mark.rule("T80")
@given(st.text() | st.from_regex(r"[0-9a-f.-]{0,90}"))
def test_what_nobody_signed_is_no_token_or_not_vouched_for(text):
    token = read_token(text)
    assert token is None or not is_signed(token, Purpose.CONFIRM, state="", secret=OTHER)


def test_address_of_a_token_is_a_plain_one():
    url = reader_url(
        "https://gazette.example/", Purpose.CONFIRM, reader_token(Purpose.CONFIRM, ("00ff",), state="", key=KEY)
    )
    assert urlsplit(url).path.startswith("/readers/confirm/00ff.3.")
    assert url.isascii()
