"""Who asks for mail gets one link to confirm, and becomes a reader by it alone; nobody learns whom we know.

Not here: leaving (test_leaving_by_link), the pages (tests/web).
"""

from datetime import timedelta

import pytest

from feeds.jobs.subscribe import unsubscribe
from feeds.jobs.subscribe.asking import ask_to_manage
from feeds.jobs.subscribe.confirming import confirm, offered
from feeds.jobs.subscribe.leaving_by_link import leave, leave_in_one_click
from feeds.model import NoticeKind
from feeds.rules.mailboxes import read_mailbox
from feeds.rules.reader_tokens import Purpose
from feeds.store import keys, newsletters, subscribers, suppressions
from feeds.store.suppressions import Suppression
from tests.jobs.reader_givens import ANN, HOME, WORDING, asks, desk_in, joins, link, mailed, standing, steps, token_of
from tests.store.givens import DAY, MONDAY, read, write

CONFIRM, MANAGE, WELCOME = NoticeKind.CONFIRM, NoticeKind.MANAGE, NoticeKind.WELCOME
WEB = f"web, from {HOME}"
OFTEN = '[[newsletters]]\nslug = "often"\ntitle = "Often"\nfrom = "often@gazette.example"\n'


def kinds(desk):
    """Return what Ann was mailed, in the order in which it all begins."""
    return sorted((one.kind for one in mailed(desk)), key=[CONFIRM, WELCOME, MANAGE].index)


@pytest.fixture
def desk(tmp_path, store):
    return desk_in(tmp_path, store, "asks_per_network = 3\nasks_per_hour = 5\n")


def test_who_asks_is_mailed_a_link_and_nothing_else_until_it_is_confirmed(desk):
    assert asks(desk)
    assert kinds(desk) == [CONFIRM]
    assert (standing(desk), steps(desk)) == ({"weekly": "pending"}, [("weekly", "asked", WEB)])


def test_what_is_agreed_to_stands_in_the_mail_and_with_the_consent(desk):
    joins(desk)
    who = read(desk.store, subscribers.get_by_key, ANN)
    assert [one.wording for one in read(desk.store, subscribers.list_consent_events, who.id)] == [WORDING, WORDING]
    assert WORDING in " ".join(mailed(desk, CONFIRM)[0].parts["text"].decode().split())


@pytest.mark.rule("T82")
def test_looking_at_the_page_to_confirm_confirms_nothing(desk):
    asks(desk)
    offer = offered(desk, link(desk, CONFIRM, "confirm"), now=MONDAY)
    assert (offer.address, offer.newsletters, standing(desk)) == (ANN, ("weekly",), {"weekly": "pending"})


def test_who_confirms_is_a_reader_and_welcome_once(desk):
    asks(desk, "weekly", "daily")
    token = link(desk, CONFIRM, "confirm")
    first = confirm(desk, token, network=HOME, now=MONDAY)
    assert (first.newsletters, first) == (("weekly", "daily"), confirm(desk, token, network=HOME, now=MONDAY + DAY))
    assert standing(desk) == {"weekly": "active", "daily": "active"}
    assert kinds(desk) == [CONFIRM, WELCOME, WELCOME]
    assert [step for _, step, _ in steps(desk)] == ["asked", "asked", "confirmed", "confirmed"]


def test_link_to_confirm_is_good_for_so_many_days(desk):
    asks(desk)
    token = link(desk, CONFIRM, "confirm")
    assert offered(desk, token, now=MONDAY + 7 * DAY)
    assert confirm(desk, token, network=HOME, now=MONDAY + 7 * DAY + timedelta(seconds=1)) is None


@pytest.mark.rule("T84")
def test_link_to_confirm_wakes_nobody_who_has_left_since(desk):
    joins(desk)
    token = link(desk, CONFIRM, "confirm")
    leave(desk, token_of(desk, Purpose.LEAVE), network=HOME, now=MONDAY + DAY)
    assert confirm(desk, token, network=HOME, now=MONDAY + DAY) is None
    assert standing(desk) == {"weekly": "ended"}


def test_who_left_may_come_again(desk):
    joins(desk)
    leave(desk, token_of(desk, Purpose.LEAVE), network=HOME, now=MONDAY + DAY)
    joins(desk, at=MONDAY + 2 * DAY)
    assert standing(desk) == {"weekly": "active"}


@pytest.mark.rule("T80")
def test_forged_and_foreign_links_confirm_nothing(desk):
    asks(desk)
    token = link(desk, CONFIRM, "confirm")
    tampered = token[:-1] + ("0" if token[-1] != "0" else "1")
    for wrong in (tampered, token[:-1], "", "x" * 5000, token.replace(".1.", ".2.")):
        assert confirm(desk, wrong, network=HOME, now=MONDAY) is None
        assert not leave_in_one_click(desk, wrong, network=HOME, now=MONDAY)
    assert leave(desk, token, network=HOME, now=MONDAY) is None
    assert not leave_in_one_click(desk, token, network=HOME, now=MONDAY)


@pytest.mark.rule("T85")
def test_links_of_a_key_that_is_retired_are_good_for_its_time_of_grace(desk):
    asks(desk)
    token = link(desk, CONFIRM, "confirm")
    write(desk.store, keys.rotate, at=MONDAY, until=MONDAY + DAY)
    assert offered(desk, token, now=MONDAY)
    assert offered(desk, token, now=MONDAY + DAY) is None


@pytest.mark.rule("T89")
def test_who_has_all_that_they_ask_for_is_mailed_the_link_to_it(desk):
    joins(desk)
    assert asks(desk, at=MONDAY + 2 * DAY)
    assert kinds(desk) == [CONFIRM, WELCOME, MANAGE]


def test_suppressed_address_is_mailed_nothing_and_who_asks_is_told_the_same(desk):
    write(
        desk.store, suppressions.add, Suppression(address_key=ANN, reason="complaint", evidence="", created_at=MONDAY)
    )
    assert asks(desk)
    assert mailed(desk) == []


@pytest.mark.rule("T88")
def test_address_is_mailed_once_a_day_however_often_it_is_asked_for(desk):
    assert all(asks(desk, network=f"203.0.113.{n}") for n in range(5))
    assert len(mailed(desk)) == 1
    assert asks(desk, at=MONDAY + 2 * DAY)
    assert len(mailed(desk)) == 2


@pytest.mark.rule("T88")
def test_network_and_all_together_are_braked_and_nobody_is_mailed_then(desk):
    asked = [asks(desk, address=f"r{n}@x.example") for n in range(4)]
    assert asked == [True, True, True, False]
    others = [asks(desk, address=f"s{n}@x.example", network=f"203.0.113.{n}") for n in range(3)]
    assert others == [True, True, False]
    assert asks(desk, address="late@x.example", at=MONDAY + DAY)


def test_link_to_all_that_there_is_goes_to_readers_alone(desk):
    joins(desk)
    later = MONDAY + 2 * DAY
    for address in (ANN, "nobody@x.example"):
        assert ask_to_manage(desk, read_mailbox(address), language="en", network=HOME, now=later)
    assert [len(mailed(desk, MANAGE, address)) for address in (ANN, "nobody@x.example")] == [1, 0]
    assert read(desk.store, subscribers.find_by_key, "nobody@x.example") is None


def test_newsletter_that_is_renamed_is_left_by_the_links_of_before(desk):
    write(desk.store, newsletters.add, "weekly", at=MONDAY, floor_at=MONDAY)
    joins(desk)
    token = token_of(desk, Purpose.LEAVE)
    write(desk.store, newsletters.rename, "weekly", "sunday")
    assert leave_in_one_click(desk, token, network=HOME, now=MONDAY)
    assert standing(desk) == {"sunday": "ended"}


def chosen(desk):
    who = read(desk.store, subscribers.get_by_key, ANN).id
    return dict(read(desk.store, subscribers.list_subscriptions, [who])[who, "often"].preferences)


def test_choices_wait_with_what_was_asked_for_and_who_subscribes_anew_begins_anew(tmp_path, store):
    desk = desk_in(tmp_path, store, f'{OFTEN}cadences = ["day"]\n')
    asks(desk, "often", preferences={"often": {"cadence": "day", "mute": ["there is no such topic"]}})
    assert chosen(desk) == {}
    assert confirm(desk, link(desk, NoticeKind.CONFIRM, "confirm"), network=HOME, now=MONDAY)
    assert chosen(desk) == {"cadence": "day"}
    unsubscribe(desk.store, read_mailbox(ANN), ["often"], now=MONDAY + DAY, by="reader")
    joins(desk, "often", at=MONDAY + 2 * DAY)
    assert chosen(desk) == {}
