"""Pings: one for each document and hub, however often it is queued, and a record of what became of it.

Not here: sending them (tests/jobs/test_announce).
"""

from datetime import timedelta

from feeds.model.pings import PingState
from feeds.store import pings
from tests.store.givens import DAY, MONDAY, read, write

RSS, ATOM = "https://gazette.example/rss.xml", "https://gazette.example/atom.xml"
HUB, OTHER = "https://hub.example/", "https://other.example/"
LATER = MONDAY + timedelta(minutes=1)


def queue(store, topic=RSS, hub=HUB, *, now=MONDAY):
    write(store, pings.queue, topic, hub, now=now)


def due(store, now=MONDAY):
    return read(store, pings.list_due, now)


def test_ping_is_due_at_once(store):
    assert not read(store, pings.has_due, MONDAY)
    queue(store)
    (ping,) = due(store)
    assert (ping.topic, ping.hub, ping.state, ping.attempts) == (RSS, HUB, PingState.QUEUED, 0)
    assert read(store, pings.has_due, MONDAY)


def test_document_changed_twice_is_told_of_once(store):
    queue(store)
    queue(store, now=LATER)
    (ping,) = due(store, LATER)
    assert ping.queued_at == LATER


def test_pings_of_one_hub_stand_together(store):
    for topic, hub in ((RSS, OTHER), (ATOM, HUB), (ATOM, OTHER), (RSS, HUB)):
        queue(store, topic, hub)
    assert [(ping.hub, ping.topic) for ping in due(store)] == [(HUB, ATOM), (HUB, RSS), (OTHER, ATOM), (OTHER, RSS)]


def test_sent_ping_is_due_no_more_and_keeps_the_reply(store):
    queue(store)
    write(store, pings.mark_sent, due(store)[0], reply="204", now=LATER)
    assert due(store, LATER + DAY) == []
    (ping,) = read(store, pings.list_all)
    assert (ping.state, ping.attempts, ping.reply, ping.ended_at) == (PingState.SENT, 1, "204", LATER)


def test_deferred_ping_is_due_when_its_time_has_come(store):
    queue(store)
    write(store, pings.mark_deferred, due(store)[0], reply="503", due_at=LATER)
    assert due(store) == []
    (ping,) = due(store, LATER)
    assert (ping.state, ping.attempts, ping.reply) == (PingState.DEFERRED, 1, "503")


def test_failed_ping_is_due_no_more(store):
    queue(store)
    write(store, pings.mark_failed, due(store)[0], reply="no answer", now=LATER)
    assert due(store, LATER + DAY) == []
    assert read(store, pings.count_by_state) == {"failed": 1}


def test_ping_queued_anew_while_the_last_one_was_on_its_way_is_still_due(store):
    queue(store)
    (first,) = due(store)
    queue(store, now=LATER)
    write(store, pings.mark_sent, first, reply="204", now=LATER)
    assert [ping.queued_at for ping in due(store, LATER)] == [LATER]


def test_pings_of_hubs_that_are_no_more_are_forgotten(store):
    queue(store, hub=HUB)
    queue(store, hub=OTHER)
    assert write(store, pings.drop_of_other_hubs, [HUB]) == 1
    assert [ping.hub for ping in due(store)] == [HUB]
    assert write(store, pings.drop_of_other_hubs, []) == 1


def test_record_of_what_ended_is_kept_for_a_time(store):
    queue(store)
    queue(store, ATOM)
    write(store, pings.mark_sent, due(store)[0], reply="204", now=MONDAY)
    assert write(store, pings.drop_ended_before, MONDAY) == 0
    assert write(store, pings.drop_ended_before, LATER) == 1
    assert [ping.topic for ping in read(store, pings.list_all)] == [RSS]
