"""A reader leaves one newsletter by the link in its mail, and takes it back; old and foreign links do nothing.

Not here: which links are good in general (test_asking), the pages (tests/web).
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from feeds.jobs.subscribe import mailbox_of, unsubscribe
from feeds.jobs.subscribe.leaving_by_link import come_back, leave, leave_in_one_click, standing
from feeds.model import NoticeKind
from feeds.rules.reader_tokens import Purpose
from tests.jobs import reader_givens
from tests.jobs.reader_givens import ANN, HOME, desk_in, joins, link, mailed, steps, token_of
from tests.store.givens import DAY, MONDAY

LEFT = NoticeKind.LEFT


@pytest.fixture
def desk(tmp_path, store):
    """Give a site of which Ann reads both newsletters; the link is to leave the weekly."""
    made = desk_in(tmp_path, store)
    joins(made)
    joins(made, "daily", at=MONDAY + 2 * DAY)
    return made


def leaves(desk, token=None, *, at=MONDAY + 3 * DAY):
    return leave(desk, token or token_of(desk, Purpose.LEAVE), network=HOME, now=at)


def clicks(desk):
    return leave_in_one_click(desk, token_of(desk, Purpose.LEAVE), network=HOME, now=MONDAY + 3 * DAY)


@pytest.mark.rule("T81")
def test_looking_at_the_page_to_leave_ends_nothing(desk):
    seen = standing(desk, token_of(desk, Purpose.LEAVE), purpose=Purpose.LEAVE, now=MONDAY)
    assert (seen.newsletter, seen.is_active, seen.back_url) == ("weekly", True, "")
    assert set(reader_givens.standing(desk).values()) == {"active"}


@pytest.mark.rule("T86")
def test_link_ends_its_own_newsletter_alone_and_the_reader_hears_of_it(desk):
    assert not leaves(desk).is_active
    assert reader_givens.standing(desk) == {"weekly": "ended", "daily": "active"}
    assert len(mailed(desk, LEFT)) == 1
    assert steps(desk)[-1] == ("weekly", "ended", f"web, from {HOME}")


@pytest.mark.rule("T81")
def test_one_click_ends_it_once_and_again_and_nothing_is_mailed(desk):
    assert clicks(desk)
    assert clicks(desk)
    assert reader_givens.standing(desk) == {"weekly": "ended", "daily": "active"}
    assert mailed(desk, LEFT) == []
    assert [step for step in steps(desk) if step[1] == "ended"] == [("weekly", "ended", f"one click, web, from {HOME}")]


@pytest.mark.rule("T81")
def test_clicks_at_the_same_time_end_it_once(desk):
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(lambda _: clicks(desk), range(24)))
    assert [step for _, step, _ in steps(desk)].count("ended") == 1


@pytest.mark.rule("T86")
def test_leaving_is_undone_by_the_page_and_by_the_mail_that_told_of_it(desk):
    back = leaves(desk).back_url.rpartition("/")[2]
    assert come_back(desk, back, network=HOME, now=MONDAY + 4 * DAY).is_active
    assert steps(desk)[-1][:2] == ("weekly", "returned")
    leaves(desk, at=MONDAY + 5 * DAY)
    assert come_back(desk, link(desk, LEFT, "back"), network=HOME, now=MONDAY + 6 * DAY).is_active


def test_mail_of_before_still_leaves_after_an_undo(desk):
    come_back(desk, leaves(desk).back_url.rpartition("/")[2], network=HOME, now=MONDAY + 4 * DAY)
    assert not leaves(desk, at=MONDAY + 5 * DAY).is_active


def test_leaving_cannot_be_undone_after_a_month_or_where_the_operator_ended_it(desk):
    back = leaves(desk).back_url.rpartition("/")[2]
    assert come_back(desk, back, network=HOME, now=MONDAY + 40 * DAY) is None
    unsubscribe(desk.store, mailbox_of(ANN), ["daily"], now=MONDAY, by="operator")
    daily = token_of(desk, Purpose.LEAVE, "daily")
    assert leaves(desk, daily).back_url == ""


@pytest.mark.rule("T84")
def test_link_from_before_a_new_subscription_ends_it_not(desk):
    old = token_of(desk, Purpose.LEAVE)
    leaves(desk)
    joins(desk, at=MONDAY + 10 * DAY)
    assert leaves(desk, old, at=MONDAY + 11 * DAY) is None
    assert reader_givens.standing(desk)["weekly"] == "active"


def test_reader_is_told_once_a_day_that_they_left(desk):
    for hour in range(3):
        back = leaves(desk, at=MONDAY + 3 * DAY + timedelta(hours=hour)).back_url.rpartition("/")[2]
        come_back(desk, back, network=HOME, now=MONDAY + 3 * DAY + timedelta(hours=hour))
    assert len(mailed(desk, LEFT)) == 1


def test_reader_is_told_in_their_own_language_that_they_left(tmp_path, store):
    desk = desk_in(tmp_path, store)
    joins(desk, language="de")
    leaves(desk, at=MONDAY + DAY)
    assert "Sie" in mailed(desk, LEFT)[0].parts["text"].decode()
