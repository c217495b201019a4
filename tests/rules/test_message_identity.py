"""The names that mail goes by: the same for the same thing, and never the same for two.

Not here: the headers that carry them (tests/rendering/test_message.py).
"""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.rules.message_identity import (
    Purpose,
    Token,
    edition_id,
    leave_url,
    list_id,
    message_id,
    read_token,
    return_path,
    vouches,
)

WEEKLY = "weekly/2026-11-23T07:00"
READER = "5c1f0a"
BASE = "bounces@gazette.example"
ONE, OTHER = (1, b"k" * 32), (1, b"l" * 32)
# RFC 5322 section 3.2.3: atoms joined by single dots, before and behind one @; we use fewer characters than it allows.
DOTTED = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
SLUGS = some.from_regex(r"[a-z0-9]([a-z0-9-]{0,78}[a-z0-9])?", fullmatch=True)
ENTRY_IDS = [
    "urn:uuid:6f1c2ad3-8f6e-4a2b-9a53-0d7a1c1b8a11",
    "https://gazette.example/2026/ferry?a=1&b=<2>#é",
    "tag:gazette.example,2026:ferry",
    "2026-11-23T07:00 and all that @ \r\nBcc: x@y.example",
    "２０２６-１１-２３T",
    "ferry",
    "",
]
HOSTILE = some.sampled_from(ENTRY_IDS) | some.text()


def name_of(edition=WEEKLY, subscriber=READER, generation=0):
    return message_id(edition, subscriber, generation=generation, host="gazette.example")


def path_of(base=BASE, *, delivery=7, message="m@gazette.example", key=ONE):
    return return_path(base, delivery=delivery, message=message, key=key)


# ---- editions ----


@pytest.mark.parametrize("slot", ["2026-11-23T07:00", "2026-10-25T01:30+00:00"])
def test_edition_is_named_by_newsletter_and_slot(slot):
    assert edition_id("weekly", slot) == f"weekly/{slot}"


@pytest.mark.parametrize("entry_id", ENTRY_IDS)
def test_edition_of_one_article_has_a_short_plain_name(entry_id):
    assert re.fullmatch(r"each/[0-9a-f]{16}", edition_id("each", entry_id))


def test_two_articles_have_two_editions():
    assert len({edition_id("each", entry_id) for entry_id in ENTRY_IDS}) == len(ENTRY_IDS)


# ---- messages ----


@pytest.mark.rule("D2")
def test_message_has_the_same_id_on_each_attempt():
    assert name_of() == name_of()
    assert name_of() == "weekly.20261123T0700.e7c31aa7b72113d5b2c5d40b@gazette.example"  # for good: servers remember it


@pytest.mark.rule("D2")
@pytest.mark.parametrize(
    "other",
    [
        {"generation": 1},
        {"subscriber": "5c1f0b"},
        {"edition": "weekly/2026-11-30T07:00"},
        {"edition": "daily/2026-11-23T07:00"},
        {"edition": "weekly/2026-11-23T07:00+00:00"},
    ],
)
def test_another_message_has_another_id(other):
    assert name_of(**other) != name_of()


def test_parts_of_the_id_do_not_run_into_one_another():
    assert name_of(subscriber="a1", generation=1) != name_of(subscriber="a", generation=11)
    assert name_of(edition="weekly/2026-1", subscriber="1a") != name_of(edition="weekly/2026-11", subscriber="a")


@pytest.mark.rule("D2")
@given(SLUGS, HOSTILE, some.text(min_size=1), some.integers(0, 9))
def test_id_of_a_message_is_one_plain_address_whatever_it_is_made_of(newsletter, slot, subscriber, generation):
    found = message_id(edition_id(newsletter, slot), subscriber, generation=generation, host="gazette.example")
    assert DOTTED.fullmatch(found)
    assert len(found) <= 250


def test_list_is_named_within_the_site():
    assert list_id("weekly", "gazette.example") == "weekly.gazette.example"


# ---- return paths ----


@pytest.mark.rule("M4")
def test_return_path_is_the_deliverys_own_and_carries_a_keyed_token():
    assert re.fullmatch(r"bounces\+b7-1-[0-9a-f]{16}@gazette\.example", path_of())
    assert path_of() == path_of()


@pytest.mark.rule("M4")
@pytest.mark.parametrize(
    "other", [{"key": OTHER}, {"key": (2, b"k" * 32)}, {"message": "n@gazette.example"}, {"delivery": 8}]
)
def test_return_path_changes_with_key_message_and_delivery(other):
    assert path_of(**other) != path_of()


@pytest.mark.parametrize("other", [{"key": OTHER}, {"message": "n@gazette.example"}, {"delivery": 8}])
def test_token_is_signed_over_all_that_it_vouches_for(other):
    ours, others = (re.search(r"-([0-9a-f]{16})@", path)[1] for path in (path_of(), path_of(**other)))
    assert ours != others


def test_key_does_not_show():
    assert ONE[1].hex()[:8] not in path_of()


@given(some.integers(1, 64), some.integers(1, 2**40), some.integers(1, 2**20))
def test_local_part_never_has_more_than_64_octets(length, delivery, number):
    path = path_of(f"{'b' * length}@gazette.example", delivery=delivery, key=(number, b"k"))
    local, _, domain = path.rpartition("@")
    assert len(local.encode()) <= 64
    assert domain == "gazette.example"


def test_return_path_that_would_be_too_long_is_the_base_as_it_is():
    fits = f"{'b' * 42}@gazette.example"
    assert path_of(fits).startswith(f"{'b' * 42}+b7-1-")
    assert path_of(f"b{fits}") == f"b{fits}"


def test_token_stands_behind_a_plus_that_was_there():
    assert path_of("post+bounces@gazette.example").startswith("post+bounces+b7-1-")


# ---- leaving ----

PLAIN = "mailto:newsroom@gazette.example?subject=unsubscribe"


def leave_of(base=BASE, *, delivery=7, message="m@gazette.example", key=ONE):
    return leave_url(PLAIN, base=base, delivery=delivery, message=message, key=key)


def test_link_to_leave_is_the_deliverys_own():
    assert re.fullmatch(r"mailto:bounces\+u7-1-[0-9a-f]{16}@gazette\.example\?subject=unsubscribe", leave_of())
    others = {"key": OTHER}, {"message": "n@gazette.example"}, {"delivery": 8}
    assert len({leave_of(), *(leave_of(**other) for other in others)}) == 4


def test_link_to_leave_is_the_one_that_all_share_where_a_token_would_not_fit():
    assert leave_of(f"{'b' * 43}@gazette.example") == PLAIN


def test_address_in_a_link_is_percent_encoded():
    assert leave_of("a&b%c@gazette.example").startswith("mailto:a%26b%25c+u7-1-")


# ---- tokens that come back ----


@given(some.integers(1, 10**18 - 1), some.integers(1, 10**6), some.text())
def test_token_is_read_back_and_vouched_for(delivery, number, message):
    key = (number, b"k" * 32)
    found = read_token(return_path("b@gazette.example", delivery=delivery, message=message, key=key))
    assert (found.purpose, found.delivery, found.key) == (Purpose.BOUNCE, delivery, number)
    assert vouches(found, message, key[1])
    assert not vouches(found, f"{message}x", key[1])
    assert not vouches(found, message, b"l" * 32)


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_token_is_read_in_any_letter_case(change):
    assert read_token(change(path_of())) == read_token(path_of())


def test_token_to_leave_does_not_stand_for_a_bounce_nor_the_other_way_round():
    bounce, leave = read_token(path_of()), read_token(leave_of().removeprefix("mailto:").partition("?")[0])
    assert (bounce.purpose, leave.purpose) == (Purpose.BOUNCE, Purpose.LEAVE)
    assert vouches(leave, "m@gazette.example", ONE[1])
    for token, other in ((bounce, Purpose.LEAVE), (leave, Purpose.BOUNCE)):
        forged = Token(other, token.delivery, token.key, token.signature)
        assert not vouches(forged, "m@gazette.example", ONE[1])


@pytest.mark.parametrize("change", [{"delivery": 8}, {"signature": "0" * 16}, {"signature": ""}])
def test_token_that_was_changed_is_not_vouched_for(change):
    assert not vouches(replace(read_token(path_of()), **change), "m@gazette.example", ONE[1])


SIGNATURE = "0123456789abcdef"


@pytest.mark.parametrize(
    "address",
    [
        *(BASE, "", "@", "+@", f"b7-1-{SIGNATURE}@gazette.example", f"bounces+b7-1-{SIGNATURE}"),
        *(f"bounces+x7-1-{SIGNATURE}@x.example", f"bounces+b7-{SIGNATURE}@x.example", f"a+b-1-{SIGNATURE}@x.example"),
        *(f"a+b7-1-{SIGNATURE}0@x.example", f"a+b７-1-{SIGNATURE}@x.example", f"a+b7-1-{SIGNATURE}\n@x.example"),
        *(
            f"a+b7-1-{SIGNATURE}+more@x.example",
            f"a+b{'9' * 19}-1-{SIGNATURE}@x.example",
            f"a+b7-1-{SIGNATURE[:-1]}g@x",
        ),
    ],
)
def test_address_without_a_whole_token_has_none(address):
    assert read_token(address) is None


def test_token_stands_behind_the_last_plus():
    assert read_token(f"a+b1-1-{SIGNATURE}+b7-2-{SIGNATURE}@x.example") == Token(Purpose.BOUNCE, 7, 2, SIGNATURE)


@given(some.text())
def test_any_address_is_read_without_an_error(address):
    assert read_token(address) is None or "+" in address
