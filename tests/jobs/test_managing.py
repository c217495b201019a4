"""By the link that was mailed for it a reader sees all that there is, moves to another address, and is forgotten.

Not here: asking for that link (test_asking), erasing (test_forgetting).
"""

import pytest

from feeds.jobs.subscribe.asking import ask_to_manage
from feeds.jobs.subscribe.managing import (
    NewAddress,
    ask_to_move,
    data_of,
    forget_by_link,
    move,
    new_address,
    overview,
)
from feeds.model import NoticeKind
from feeds.rules.mailboxes import read_mailbox
from feeds.store import subscribers
from tests.jobs.reader_givens import ANN, HOME, desk_in, joins, link, mailed, standing, steps
from tests.store.givens import DAY, MONDAY, read

MANAGE, MOVE = NoticeKind.MANAGE, NoticeKind.MOVE
NEW = "ann.lee@y.example"
LATER = MONDAY + 2 * DAY


@pytest.fixture
def desk(tmp_path, store):
    """Give a site that Ann reads, and that mailed her the link to all that she has."""
    made = desk_in(tmp_path, store)
    joins(made, "weekly", "daily")
    ask_to_manage(made, read_mailbox(ANN), language="en", network=HOME, now=LATER)
    return made


def token(desk):
    return link(desk, MANAGE, "manage")


def moves(desk, to=NEW, *, at=LATER):
    assert ask_to_move(desk, token(desk), read_mailbox(to), language="en", now=at)
    return link(desk, MOVE, "move", to)


def test_reader_sees_all_that_they_have(desk):
    seen = overview(desk, token(desk), now=LATER)
    assert (seen.address, {one.newsletter for one in seen.standings}) == (ANN, {"weekly", "daily"})


@pytest.mark.rule("T80")
def test_link_to_all_is_good_for_a_day_and_for_nothing_else(desk):
    assert overview(desk, token(desk), now=LATER + DAY)
    assert overview(desk, token(desk), now=LATER + 2 * DAY) is None
    assert move(desk, token(desk), network=HOME, now=LATER) is None
    assert not forget_by_link(desk, token(desk)[:-1] + "x", now=LATER)


def test_new_address_is_the_readers_once_it_is_confirmed_there(desk):
    wanted = moves(desk)
    assert (new_address(desk, wanted, now=LATER), mailed(desk, MOVE)) == (NewAddress(NEW, is_taken=False), [])
    assert read(desk.store, subscribers.find_by_key, NEW) is None
    assert [move(desk, wanted, network=HOME, now=LATER) for _ in range(2)] == [NEW, NEW]
    assert standing(desk, NEW) == {"weekly": "active", "daily": "active"}
    assert [one for one in steps(desk, NEW) if one[1] == "moved"] == [("", "moved", f"web, from {HOME}")]
    assert read(desk.store, subscribers.find_by_key, ANN) is None


@pytest.mark.rule("T84")
def test_link_in_the_mailbox_of_before_ends_where_its_reader_moves(desk):
    before = token(desk)
    assert move(desk, moves(desk), network=HOME, now=LATER) == NEW
    assert (overview(desk, before, now=LATER), data_of(desk, before, now=LATER)) == (None, None)
    assert not forget_by_link(desk, before, now=LATER)


def test_address_that_is_anothers_by_then_is_not_taken(desk):
    wanted = moves(desk)
    joins(desk, address=NEW, at=LATER + 2 * DAY)
    assert new_address(desk, wanted, now=LATER + 2 * DAY) == NewAddress(NEW, is_taken=True)
    assert move(desk, wanted, network=HOME, now=LATER + 2 * DAY) is None
    assert standing(desk, ANN) == {"weekly": "active", "daily": "active"}


@pytest.mark.rule("T88")
def test_new_address_is_mailed_once_a_day(desk):
    moves(desk)
    assert ask_to_move(desk, token(desk), read_mailbox(NEW), language="en", now=LATER) is False
    assert len(mailed(desk, MOVE, NEW)) == 1


def test_reader_has_their_data_and_is_forgotten(desk):
    wanted = token(desk)
    assert data_of(desk, wanted, now=LATER)["subscriber"]["address"] == ANN
    assert forget_by_link(desk, wanted, now=LATER)
    assert (data_of(desk, wanted, now=LATER), overview(desk, wanted, now=LATER)) == (None, None)
    assert read(desk.store, subscribers.find_by_key, ANN) is None
