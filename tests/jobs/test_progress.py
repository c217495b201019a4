"""How far a delivery run is: what is told of it, how often, and by several workers together.

Not here: what is shown (tests/cli/test_cli_progress.py).
"""

import time
from dataclasses import dataclass

from feeds.app.post import Post
from feeds.jobs.deliver import progress
from feeds.jobs.deliver.progress import MOST_NAMED, Sending, Tally, together
from feeds.model import DeliveryState
from tests.acceptance.mail_givens import readers
from tests.jobs.post_givens import MONDAY, fixed

SENT, DEFERRED = DeliveryState.SENT, DeliveryState.DEFERRED


@dataclass
class Held:
    domain: str


def tally(total=10):
    told = []
    return Tally(told.append, total), told


def test_what_is_done_is_counted_and_who_defers_is_named_the_most_first():
    one, told = tally()
    for address, state in (("a@x.example", DEFERRED), ("b@y.example", DEFERRED), ("c@y.example", DEFERRED)):
        one.note(address, address.partition("@")[2], state)
    one.note("d@z.example", "z.example", SENT)
    one.end()
    deferring = (("y.example", 2), ("x.example", 1))
    assert told == [Sending(done=4, total=10, address="d@z.example", deferring=deferring)]


def test_it_is_told_a_few_times_a_second_however_much_goes_out():
    one, told = tally()
    for _ in range(10_000):
        one.note("a@x.example", "x.example", SENT)
        one.beat({})
    assert 1 <= len(told) <= 5


def test_destination_that_does_not_answer_is_named_with_how_long(monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(progress, "monotonic", lambda: now)
    one, told = tally()
    for seconds, in_hand in (
        (0, {"1": Held("slow.example")}),
        (4, {"1": Held("slow.example"), "2": Held("x.example")}),
    ):
        now += seconds
        one.beat(in_hand)
    assert [said.slow for said in told] == [(), ()]
    now += 2
    one.beat({"1": Held("slow.example"), "2": Held("x.example")})
    ((domain, seconds),) = told[-1].slow
    assert (domain, round(seconds)) == ("slow.example", 6)
    now += 1
    one.beat({"2": Held("x.example")})
    assert told[-1].slow == ()  # that one was answered, and the other has waited for three seconds


def test_counting_and_asking_whether_to_tell_costs_next_to_nothing():
    one, _ = tally()
    begun = time.process_time()
    for _ in range(100_000):
        one.note("a@x.example", "x.example", SENT)
        one.beat({})
    assert time.process_time() - begun < 1


def test_several_workers_are_told_of_as_one():
    parts = [
        Sending(
            done=3, total=9, address="a@x.example", deferring=(("x.example", 1), ("y.example", 1)), slow=(("z", 6.0),)
        ),
        Sending(done=4, total=9, address="b@x.example", deferring=(("y.example", 2),), slow=(("z", 8.0), ("w", 5.0))),
    ]
    assert together(parts) == Sending(
        done=7,
        total=9,
        address="b@x.example",
        deferring=(("y.example", 3), ("x.example", 1)),
        slow=(("z", 8.0), ("w", 5.0)),
    )


def test_only_a_few_destinations_are_named():
    one, told = tally()
    for n in range(50):
        one.note(f"a@{n}.example", f"{n}.example", DEFERRED)
    one.end()
    assert len(told[0].deferring) == MOST_NAMED


def test_run_tells_how_far_it_is_to_its_end(site):
    fixed(site, "", *readers(30))
    told, site.now = [], MONDAY
    with site.app() as app:
        Post(app).deliver(progress=told.append)
    assert (told[-1].done, told[-1].total) == (30, 30)
    assert [one.done for one in told] == sorted(one.done for one in told)
