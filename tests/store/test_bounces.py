"""Reports are kept once, and make a suppression where their address has had enough; on both databases.

Not here: reading them (tests/rules), what else follows from one (tests/jobs/test_bounce.py).
"""

from datetime import timedelta

import pytest

from feeds.errors import UsageWrong
from feeds.model import Phase, Reply
from feeds.model.bounces import Bounce, Kind, Reason
from feeds.rules.bounces import Patience
from feeds.store import bounces, suppressions
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import add_readers, compose, delivery, put

ANN = "ann@x.example"
PATIENCE = Patience(limit=3, within=timedelta(days=30))
UNKNOWN = Reply(550, "5.1.1", "5.1.1 no such user", Phase.RECIPIENT)
FULL = Reply(552, "5.2.2", "5.2.2 mailbox full", Phase.RECIPIENT)


def bounce(name="r1", kind=Kind.SOFT, reason=Reason.MAILBOX_FULL, *, on=0, key=ANN, **facts):
    given = {"id": name, "received_at": MONDAY + on * DAY, "kind": kind, "reason": reason, "address_key": key}
    return Bounce(**given | {"data": b"Subject: failure\n\nfull"} | facts)


def take(store, *days, start=0, **facts):
    """Take in a bounce on each of some days; return the last suppression that came of one."""
    made = None
    for n, day in enumerate(days, start):
        one = bounce(f"r{n}", on=day, **facts)
        made = write(store, bounces.take, one, evidence=f"on day {day}", patience=PATIENCE) or made
    return made


# ---- keeping ----


def test_report_comes_back_as_it_was_kept(store):
    one = bounce(data=bytes(range(256)))
    write(store, bounces.add, one)
    assert read(store, bounces.get, "r1") == one
    assert read(store, bounces.find_kind, "r1") is Kind.SOFT
    assert read(store, bounces.find_kind, "r2") is None


def test_only_the_beginning_of_a_report_is_kept(store):
    write(store, bounces.add, bounce(data=b"x" * 1_000_000))
    assert read(store, bounces.get, "r1").data == b"x" * bounces.MOST_KEPT


@pytest.mark.parametrize("name", ["r", "s", "_1", ""])
def test_report_must_be_named_without_doubt(store, name):
    for one in ("r1", "r2"):
        write(store, bounces.add, bounce(one))
    with pytest.raises(UsageWrong):
        read(store, bounces.get, name)


def test_reports_are_listed_newest_first_by_address_and_kind(store):
    write(store, bounces.add, bounce("a"))
    write(store, bounces.add, bounce("b", Kind.HARD, Reason.USER_UNKNOWN, on=1, key="bob@x.example"))
    write(store, bounces.add, bounce("c", Kind.UNCLEAR, None, on=2, key=None))

    def listed(**how):
        return [one.id for one in read(store, bounces.list_all, **how)]

    assert listed() == ["c", "b", "a"]
    assert (listed(limit=2), listed(address_key=ANN), listed(kinds=[Kind.UNCLEAR])) == (["c", "b"], ["a"], ["c"])


def test_old_reports_are_dropped_but_for_evidence(store):
    write(store, bounces.add, bounce("old"))
    take(store, 0, kind=Kind.HARD, reason=Reason.USER_UNKNOWN)
    write(store, bounces.add, bounce("new", on=2))
    assert write(store, bounces.drop_before, MONDAY + DAY) == 1
    assert [one.id for one in read(store, bounces.list_all)] == ["new", "r0"]


# ---- what is enough ----


@pytest.mark.parametrize("kind", [Kind.HARD, Kind.COMPLAINT])
def test_proof_and_complaint_suppress_at_once_with_their_evidence(store, kind):
    made = take(store, 0, kind=kind, reason=Reason.USER_UNKNOWN)
    assert made == read(store, suppressions.find, ANN)
    assert (made.reason, made.evidence, made.report_id) == ("user unknown", "on day 0", "r0")


def test_what_is_about_us_never_suppresses(store):
    assert take(store, *range(20), kind=Kind.ABOUT_US, reason=Reason.SPAM) is None


def test_soft_bounces_suppress_when_there_are_so_many_within_the_time(store):
    assert take(store, 0, 7) is None
    made = take(store, 14, start=2)
    assert made.evidence == "3 bounces since 2026-03-02, the last: on day 14"


def test_soft_bounces_decay(store):
    assert take(store, 0, 20, 40, 60, 80) is None


def test_soft_bounces_count_afresh_when_a_suppression_was_lifted(store):
    assert take(store, 0, 1, 2)
    write(store, suppressions.lift, ANN, at=MONDAY + 2 * DAY + timedelta(hours=1))
    assert take(store, 3, 4, start=3) is None
    assert take(store, 5, start=5)


def test_soft_bounces_of_others_do_not_count(store):
    assert take(store, 0, 1) is None
    assert take(store, 2, start=2, key="bob@x.example") is None


# ---- refused at once ----


@pytest.fixture
def sent(store):
    """Give a store with an edition for Ann."""
    add_readers(store, "ann")
    compose(store, "ann")
    return store


def refuse(store, reply=UNKNOWN, *, on=0):
    how = {"address_key": ANN, "at": MONDAY + on * DAY, "patience": PATIENCE}
    return write(store, bounces.take_refusal, delivery(store), reply, **how)


@pytest.mark.rule("M8")
@pytest.mark.rule("T106")
def test_refusal_that_proves_a_dead_address_suppresses_it(sent):
    made = refuse(sent)
    assert made == read(sent, suppressions.find, ANN)
    assert made.evidence == "weekly/2026-03-02T07:01: 550 5.1.1 no such user"
    assert read(sent, bounces.get, made.report_id).delivery_id == delivery(sent).id


def test_refusal_counts_among_the_soft_bounces_of_its_address(sent):
    take(sent, 0, 1)
    assert refuse(sent, FULL, on=2)


def test_refusal_is_recorded_once_for_each_time_that_a_delivery_was_sent(sent):
    refuse(sent, FULL)
    refuse(sent, FULL, on=1)
    assert len(read(sent, bounces.list_all)) == 1
    put(sent, "ann", generation=1)
    refuse(sent, FULL, on=2)
    assert len(read(sent, bounces.list_all)) == 2


@pytest.mark.parametrize(
    "reply",
    [
        Reply(550, "5.7.1", "5.7.1 policy", Phase.RECIPIENT),
        Reply(451, "4.1.1", "later", Phase.RECIPIENT),
        Reply(250, None, "ok", Phase.END),
        Reply(550, "5.1.1", "5.1.1 sender unknown", Phase.SENDER),
    ],
)
def test_answer_that_says_nothing_of_the_reader_is_not_recorded(sent, reply):
    assert refuse(sent, reply) is None
    assert read(sent, bounces.list_all) == []
