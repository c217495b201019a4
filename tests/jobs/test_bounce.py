"""A report changes what it proves, once, in one transaction; what proves nothing changes nothing.

Not here: reading a report (tests/rules), mailboxes (test_bounce_boxes.py, test_bounce_imap.py).
"""

import re
import threading

import pytest

from feeds.jobs.subscribe import forget, mailbox_of
from feeds.model import DeliveryState, SubscriptionState
from feeds.model.bounces import Kind, Reason
from feeds.rules.selecting import Reader
from feeds.store import audience, bounces, subscribers, suppressions
from feeds.store.audience import Asked
from feeds.store.schema import bounces as reports
from tests.jobs.bounce_givens import (
    ANN,
    LATER,
    about,
    name_of,
    sent_to_ann,
    state,
    subscription,
    suppression,
    taken,
)
from tests.rules.bounce_givens import NAMES
from tests.rules.test_bounces_reading import FAILURES, SORTS, Sort
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import compose, edition, put, row, rows

HOUR = DAY / 24
NO_TOKEN = {"key": (1, b"another site's key, of 32 octets")}


@pytest.fixture
def sent(store):
    """Give a store with an edition that was sent to Ann and to Bob."""
    return sent_to_ann(store)


def everything(store):
    """Return what a report could change: the ledger, suppressions, subscriptions, consent."""
    with store.reading() as tx:
        people = subscribers.list_subscriptions(tx, ["ann", "bob"])
        consent = [subscribers.list_consent_events(tx, name) for name in ("ann", "bob")]
        return rows(store), suppressions.list_all(tx, lifted=True), people, consent


# ---- every dialect ----


@pytest.mark.parametrize("name", FAILURES)
def test_every_failure_of_the_corpus_ends_the_delivery_and_suppresses_where_it_proves(sqlite_store, name):
    sent_to_ann(sqlite_store)
    found = taken(sqlite_store, about(sqlite_store, name))
    kind, reason = FAILURES[name]
    assert (found.kind, found.reason, found.address) == (kind, reason, ANN)
    assert (state(sqlite_store), state(sqlite_store, "bob")) == ("bounced", "sent")
    assert found.suppressed == (suppression(sqlite_store) is not None) == (kind is Kind.HARD)


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(FAILURES) - set(SORTS[Sort.COMPLAINT])))
def test_every_other_report_of_the_corpus_leaves_delivery_and_address_alone(sqlite_store, name):
    sent_to_ann(sqlite_store)
    taken(sqlite_store, about(sqlite_store, name))
    assert (state(sqlite_store), suppression(sqlite_store)) == ("sent", None)


@pytest.mark.parametrize("name", sorted({*FAILURES, *SORTS[Sort.COMPLAINT]}))
def test_no_report_of_the_corpus_changes_anything_without_a_proof(sqlite_store, name):
    sent_to_ann(sqlite_store)
    before = everything(sqlite_store)
    found = taken(
        sqlite_store, about(sqlite_store, name, message="weekly.202603.0123456789abcdef01234567@gazette.example")
    )
    assert (found.kind, found.address) == (Kind.UNPROVEN, None)
    assert everything(sqlite_store) == before


# ---- proofs ----


@pytest.mark.rule("M4")
def test_token_alone_proves_a_report(sent):
    data = about(sent, "postfix-user-unknown").replace(name_of(sent).encode(), b"gone@gazette.example")
    assert taken(sent, data).suppressed


def test_message_id_alone_proves_a_report(sent):
    assert taken(sent, about(sent, "postfix-user-unknown", **NO_TOKEN)).suppressed


def test_message_id_proves_a_report_that_names_another_address(sent):
    data = about(sent, "exchange-forwarded", **NO_TOKEN).replace(b"ann@inbox.example", b"x@elsewhere.example")
    assert taken(sent, data).address == ANN


@pytest.mark.rule("T80")
def test_address_alone_never_suppresses(sent):
    data = about(sent, "postfix-user-unknown", **NO_TOKEN).replace(name_of(sent).encode(), b"x@gazette.example")
    assert ANN.encode() in data
    assert taken(sent, data).kind is Kind.UNPROVEN
    assert (suppression(sent), state(sent)) == (None, "sent")


@pytest.mark.rule("T80")
@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-1] + (b"0" if token[-1:] != b"0" else b"1"),
        lambda token: token.replace(b"+b", b"+u"),
        lambda token: re.sub(rb"\+b\d+", b"+b999999", token),
        lambda token: re.sub(rb"\+b\d+", b"+b999999999999999999", token),
        lambda token: re.sub(rb"-\d+-", b"-77-", token),
        lambda token: token[:-4],
    ],
)
def test_forged_token_changes_nothing(sent, forge):
    data = about(sent, "postfix-user-unknown").replace(name_of(sent).encode(), b"x@gazette.example")
    token = re.search(rb"\+b[0-9a-f-]+(?=@)", data)[0]
    before = everything(sent)
    assert taken(sent, data.replace(token, forge(token))).kind is Kind.UNPROVEN
    assert everything(sent) == before


def test_token_of_one_reader_does_not_touch_another(sent):
    taken(sent, about(sent, "postfix-user-unknown", "bob").replace(b"ann@", b"bob@"))
    assert (state(sent), state(sent, "bob")) == ("sent", "bounced")


def test_unproven_report_is_counted(sent):
    taken(sent, about(sent, "postfix-user-unknown", message="x@gazette.example", **NO_TOKEN))
    assert [one.kind for one in read(sent, bounces.list_all)] == [Kind.UNPROVEN]


# ---- what becomes of the delivery ----


def test_reader_has_not_had_what_bounced(sent):
    selection = {f"{edition().id}#s": edition().id}
    assert read(sent, audience.list_had, selection, among=["ann"])["ann"] == {f"{edition().id}#s"}
    taken(sent, about(sent, "postfix-mailbox-full"))
    assert "ann" not in read(sent, audience.list_had, selection, among=["ann"])


def test_who_is_suppressed_is_mailed_no_more(sent):
    taken(sent, about(sent, "postfix-user-unknown"))
    assert [one.subscriber_id for one in read(sent, audience.list_readers, Asked("weekly"), now=LATER)] == ["bob"]


def test_delivery_tells_what_was_said(sent):
    taken(sent, about(sent, "postfix-mailbox-full"))
    found = row(sent)
    assert (found.reply_enhanced, found.ended_at) == ("5.2.2", LATER)
    assert found.reply_text == "552 5.2.2 <ann@inbox.example>: Mailbox full, over quota"


@pytest.mark.parametrize("held", [DeliveryState.CLAIMED, DeliveryState.SENDING])
def test_report_that_is_quicker_than_its_worker_waits(sent, held):
    put(sent, "ann", state=held, worker="w1")
    data = about(sent, "postfix-user-unknown")
    assert taken(sent, data).waits
    assert (suppression(sent), read(sent, bounces.list_all)) == (None, [])
    put(sent, "ann", state=DeliveryState.SENT, worker=None)
    assert taken(sent, data, at=LATER + HOUR).suppressed


def test_report_of_what_was_sent_before_says_something_of_the_address_alone(sent):
    data = about(sent, "postfix-user-unknown", generation=0)
    put(sent, "ann", generation=1)
    assert taken(sent, data).suppressed
    assert state(sent) == "sent"


def test_who_was_forgotten_is_not_written_down_again(sent):
    data = about(sent, "postfix-user-unknown")
    forget(sent, mailbox_of(ANN), now=MONDAY)
    write(sent, suppressions.lift, ANN, at=MONDAY)
    assert not taken(sent, data).suppressed
    assert suppression(sent) is None
    assert [(one.address_key, one.data) for one in read(sent, bounces.list_all)] == [(None, b"")]


# ---- again and again ----


def test_same_report_again_changes_nothing(sent):
    data = about(sent, "postfix-user-unknown")
    taken(sent, data)
    write(sent, suppressions.lift, ANN, at=LATER)
    before = everything(sent)
    again = taken(sent, data, at=LATER + DAY)
    assert (again.was_known, again.suppressed) == (True, False)
    assert everything(sent) == before


def test_report_that_two_take_in_at_once_is_taken_in_once(sent):
    data, done = about(sent, "postfix-user-unknown"), []
    both = [threading.Thread(target=lambda: done.append(taken(sent, data))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(one.was_known for one in done) == [False, True]


def test_report_is_taken_in_whole_or_not_at_all(sent):
    """Let the last of its steps fail: none of the others stays."""
    data = about(sent, "yahoo-complaint")
    with sent.writing() as tx:
        tx.exec_driver_sql("DROP TABLE consent_events")
    before = rows(sent)
    with pytest.raises(Exception, match="consent_events"):
        taken(sent, data)
    assert (rows(sent), suppression(sent), read(sent, bounces.list_all)) == (before, None, [])


def test_soft_bounces_of_three_editions_suppress_and_tell_of_the_last(sent):
    for n in (2, 3):
        compose(sent, "ann", of=edition(n))
        put(sent, "ann", edition(n), state=DeliveryState.SENT)
    for n in (1, 2):
        assert not taken(sent, about(sent, "gmail-over-quota", of=edition(n)), at=MONDAY + n * DAY).suppressed
    assert taken(sent, about(sent, "gmail-over-quota", of=edition(3)), at=MONDAY + 3 * DAY).suppressed
    assert suppression(sent).reason == Reason.MAILBOX_FULL
    assert suppression(sent).evidence.startswith("3 bounces since 2026-03-03, the last: weekly/2026-03-02T07:03: ")


# ---- complaints ----


@pytest.mark.parametrize("name", SORTS[Sort.COMPLAINT])
def test_complaint_suppresses_the_address_and_ends_the_subscription(sqlite_store, name):
    sent_to_ann(sqlite_store)
    found = taken(sqlite_store, about(sqlite_store, name))
    assert (found.kind, found.suppressed, found.left) == (Kind.COMPLAINT, True, True)
    assert suppression(sqlite_store).reason == Reason.COMPLAINT
    ended = subscription(sqlite_store)
    assert (ended.state, ended.ended_by, ended.ended_at) == (SubscriptionState.ENDED, "complaint", LATER)
    assert state(sqlite_store) == "sent"


def test_lift_after_a_complaint_does_not_subscribe(sent):
    taken(sent, about(sent, "yahoo-complaint"))
    write(sent, suppressions.lift, ANN, at=LATER)
    assert [one.subscriber_id for one in read(sent, audience.list_readers, Asked("weekly"), now=LATER)] == ["bob"]


def test_lift_after_a_bounce_lets_the_reader_be_mailed(sent):
    taken(sent, about(sent, "postfix-user-unknown"))
    write(sent, suppressions.lift, ANN, at=LATER)
    readers = read(sent, audience.list_readers, Asked("weekly"), now=LATER)
    assert Reader("ann", MONDAY) in readers


# ---- leaving ----


@pytest.mark.parametrize("name", ["leave-by-mail", "leave-by-robot"])
def test_mail_to_the_leave_address_ends_that_one_subscription(sent, name):
    with sent.writing() as tx:
        subscribers.add_active(tx, [("ann", "daily")], at=MONDAY, floors={"daily": MONDAY})
    found = taken(sent, about(sent, name))
    assert (found.kind, found.left, found.edition) == (Kind.LEAVE, True, edition().id)
    there = read(sent, subscribers.list_subscriptions, ["ann"])
    assert {pair[1]: one.state for pair, one in there.items()} == {"weekly": "ended", "daily": "active"}
    (step,) = read(sent, subscribers.list_consent_events, "ann")
    assert (step.event, step.origin, step.at) == ("ended", f"mail about {edition().id}", LATER)
    assert (suppression(sent), state(sent)) == (None, "sent")


def test_leaving_twice_is_leaving_once(sent):
    taken(sent, about(sent, "leave-by-mail"))
    again = taken(sent, about(sent, "leave-by-robot"), at=LATER + DAY)
    assert (again.kind, again.left, subscription(sent).ended_at) == (Kind.LEAVE, False, LATER)
    assert len(read(sent, subscribers.list_consent_events, "ann")) == 1


@pytest.mark.rule("T84")
def test_leave_address_from_before_a_new_subscription_does_not_end_it(sent):
    with sent.writing() as tx:
        subscribers.end(tx, ("ann", "weekly"), at=LATER, by="mail")
        subscribers.mark_active(tx, [("ann", "weekly")], at=LATER + HOUR, floors={"weekly": LATER})
    assert not taken(sent, about(sent, "leave-by-mail"), at=LATER + DAY).left
    assert subscription(sent).state is SubscriptionState.ACTIVE


@pytest.mark.rule("T80")
def test_return_path_is_no_leave_address_and_a_forged_one_neither(sent):
    answer = about(sent, "human-answer")
    forged = about(sent, "leave-by-mail", **NO_TOKEN)
    assert [taken(sent, one).kind for one in (answer, forged)] == [Kind.UNCLEAR, Kind.UNPROVEN]
    assert subscription(sent).state is SubscriptionState.ACTIVE


# ---- what is kept ----


def test_report_is_kept_as_evidence_and_the_words_of_people_are_not(sent):
    for name in ("postfix-user-unknown", "human-answer", "vacation-german", "leave-by-mail"):
        taken(sent, about(sent, name))
    with sent.reading() as tx:
        kept = {row.kind: bytes(row.data) for row in tx.execute(reports.select())}
    assert kept["automatic"] == kept["leave"] == b""
    assert b"User unknown" in kept["hard"]
    assert b"Lovely issue" in kept["unclear"]
