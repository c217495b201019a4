"""Composing, from the due slot to the ledger: one transaction an edition, whatever becomes of its newsletter.

Not here: what is wrong with one (test_compose_faults.py), which slots are due (tests/rules/test_due.py), who gets what
(tests/rules/test_selecting.py), sending it (test_deliver.py).
"""

import pytest
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from feeds.app.post import Post
from feeds.errors import UsageWrong
from feeds.jobs.compose.report import Outcome
from feeds.model import DeliveryState, EditionState
from feeds.store import schema
from tests.acceptance.mail_givens import cadence, deliveries, join, leave, run
from tests.jobs.compose_givens import EVERY_DAY, begun, editions, held, last_run
from tests.jobs.post_givens import (
    ANN,
    BACKENDS,
    BOB,
    DAY,
    EDITION,
    HOUR,
    MONDAY,
    WEEK,
    composed,
    printed,
    site_on,
)
from tests.site_fixtures import NOON

OF_AN_EDITION = (schema.editions, schema.selections, schema.selection_entries, schema.renderings, schema.deliveries)
ROWS = 12  # of what its one selection was rendered to: the list of the pieces, and each that is no short one


@pytest.fixture(params=BACKENDS)
def paper(request):
    """Give a site that mails on Mondays, on either database, with two readers and two articles to bring."""
    site, store = site_on(request.param, request)
    site.configure(store)
    return begun(site)


@pytest.fixture
def desk(site):
    """Give such a site in SQLite."""
    return begun(site)


def rows(site, *tables):
    """Count the rows of tables."""
    with site.app() as app, app.store.reading() as tx:
        return [tx.execute(select(func.count()).select_from(table)).scalar() for table in tables]


# ---- an edition ----


@pytest.mark.rule("D1")
def test_edition_is_stored_with_its_selection_its_bytes_and_a_delivery_for_each_reader(paper):
    printed(paper, MONDAY)
    (report,) = composed(paper, MONDAY)
    assert (report.outcome, report.edition, report.number) == (Outcome.COMPOSED, EDITION, 1)
    assert (report.selections[0].entries, report.deliveries, report.subject[-6:]) == (2, 2, "1 more")
    assert rows(paper, *OF_AN_EDITION) == [1, 1, 2, ROWS, 2]
    assert {(one.address, one.delivery.state) for one in deliveries(paper)} == {
        (ANN, DeliveryState.QUEUED),
        (BOB, DeliveryState.QUEUED),
    }


@pytest.mark.rule("D1")
def test_failure_at_its_last_statement_leaves_nothing_of_an_edition(paper):
    printed(paper, MONDAY)
    with paper.app() as app, app.store.writing() as tx:
        last = tx.execute(select(func.max(schema.subscribers.c.id))).scalar()
        given = {"kind": "edition", "about": EDITION, "subscriber_id": last}
        rest = {"transport": "maildir", "domain": "inbox.example", "state": "cancelled", "generation": 0}
        times = {"queued_at": NOON, "due_at": NOON, "attempts": 0}
        tx.execute(insert(schema.deliveries).values(**given, **rest, **times))
    with pytest.raises(IntegrityError):
        composed(paper, MONDAY)
    assert rows(paper, *OF_AN_EDITION) == [0, 0, 0, 0, 1]
    with paper.app() as app, app.store.writing() as tx:
        tx.execute(delete(schema.deliveries))
    assert [report.outcome for report in composed(paper, MONDAY + HOUR)] == [Outcome.COMPOSED]


def test_edition_that_is_fixed_is_not_made_again(paper):
    run(paper, MONDAY)
    before = rows(paper, *OF_AN_EDITION)
    paper.article("new.md", date="2024-11-25 07:30")
    run(paper, MONDAY + HOUR)
    assert [report.outcome for report in composed(paper, MONDAY + DAY)] == [Outcome.WAITING]
    assert (rows(paper, *OF_AN_EDITION), before) == (before, [1, 1, 2, ROWS, 2])


def test_reader_who_joins_late_gets_a_selection_of_their_own(paper):
    run(paper, MONDAY)
    join(paper, "cara@inbox.example")
    paper.article("new.md", date="2024-11-26 09:00")
    run(paper, MONDAY + WEEK)
    assert held(paper, "weekly/2") == [["new"], ["new", "ferry", "pier"]]


def test_entries_beyond_the_maximum_are_only_named_and_do_not_come_again(desk):
    desk.configure(cadence("monday", maximum=1))
    run(desk, MONDAY)
    with desk.app() as app:
        _, (selection,), _ = Post(app).edition("weekly/1")
    assert [one.named_only for one in selection.entries] == [False, True]
    assert [report.outcome for report in composed(desk, MONDAY + WEEK)] == [Outcome.NOTHING_NEW]


# ---- no edition ----


def test_nothing_new_is_recorded_and_is_no_fault(paper):
    run(paper, MONDAY)
    outcome = run(paper, MONDAY + WEEK)
    assert (outcome.is_clean, [r.outcome for r in outcome.compose.reports]) == (True, [Outcome.NOTHING_NEW])
    assert (last_run(paper).report["outcome"], last_run(paper).outcome) == (Outcome.NOTHING_NEW, "done")
    paper.article("new.md", date="2024-12-02 09:00")
    assert run(paper, MONDAY + WEEK + HOUR).compose is None
    assert len(editions(paper)) == 1


def test_newsletter_without_readers_makes_no_edition(desk):
    leave(desk, ANN)
    leave(desk, BOB)
    outcome = run(desk, MONDAY)
    assert (outcome.is_clean, [r.outcome for r in outcome.compose.reports]) == (True, [Outcome.NO_READERS])
    assert editions(desk) == []


def test_too_few_entries_wait_for_the_next_slot(desk):
    desk.configure(cadence("monday", minimum=3))
    assert [r.outcome for r in run(desk, MONDAY).compose.reports] == [Outcome.TOO_FEW]
    desk.article("new.md", date="2024-11-26 09:00")
    run(desk, MONDAY + WEEK)
    assert held(desk, "weekly/1") == [["new", "ferry", "pier"]]


def test_missed_slot_is_skipped_for_good_where_the_config_says_so(paper):
    with paper.app() as app:
        url = app.config.store.url.reveal()
    paper.configure(f'{cadence("monday", catch_up=chr(34) + "skip" + chr(34))}[store]\nurl = "{url}"\n')
    assert [r.outcome for r in run(paper, MONDAY + 2 * HOUR).compose.reports] == [Outcome.SKIPPED]
    assert last_run(paper).report["outcome"] == Outcome.SKIPPED
    assert run(paper, MONDAY + 3 * HOUR).compose is None
    run(paper, MONDAY + WEEK + HOUR / 2)
    assert editions(paper) == [("weekly/2024-12-02T07:00", 1, EditionState.COMPOSED)]


def test_missed_slots_are_made_up_for_by_one_edition(desk):
    run(desk, MONDAY + 3 * WEEK + DAY)
    assert editions(desk) == [("weekly/2024-12-16T07:00", 1, EditionState.COMPOSED)]


# ---- asked for ----


def test_edition_asked_for_twice_is_made_once(paper):
    printed(paper, MONDAY - DAY)
    at = MONDAY - DAY - HOUR
    first, second = composed(paper, MONDAY - DAY, "weekly", at=at), composed(paper, MONDAY, "weekly", at=at)
    assert [report.outcome for report in first + second] == [Outcome.COMPOSED, Outcome.ALREADY]
    assert second[0].edition == first[0].edition == "weekly/2024-11-24T06:00"
    assert len(editions(paper)) == 1


def test_edition_asked_for_is_not_made_again_by_its_slot(desk):
    printed(desk, MONDAY)
    composed(desk, MONDAY, "weekly", at=MONDAY)
    desk.article("new.md", date="2024-11-25 07:01")
    assert [report.outcome for report in run(desk, MONDAY + HOUR).compose.reports] == [Outcome.WAITING]
    assert editions(desk) == [(EDITION, 1, EditionState.COMPOSED)]


def test_edition_asked_for_an_instant_to_come_is_refused(desk):
    with pytest.raises(UsageWrong, match="still to come"):
        composed(desk, NOON, "weekly", at=MONDAY)
    assert [report.outcome for report in composed(desk, NOON, "weekly", at=MONDAY, dry_run=True)] != []
    assert editions(desk) == []


def test_newsletter_that_is_not_there_is_answered_with_those_that_are(desk):
    with pytest.raises(UsageWrong, match="no newsletter 'dayly'; known are: weekly"):
        composed(desk, NOON, "dayly")


# ---- the config changes ----


def test_renamed_newsletter_keeps_its_readers_its_numbers_and_what_they_have_had(desk):
    run(desk, MONDAY)
    config = (desk.folder / "config.toml").read_text(encoding="utf-8")
    desk.configure('renamed_from = "weekly"\n', config=config.replace('slug = "weekly"', 'slug = "letter"'))
    desk.article("new.md", date="2024-11-25 09:00")
    outcome = run(desk, MONDAY + HOUR)
    assert (outcome.compose, outcome.is_clean) == (None, True)
    assert outcome.notes == ["newsletter weekly is now letter, with its readers and editions"]
    run(desk, MONDAY + WEEK)
    assert [(name, number) for name, number, _ in editions(desk, "letter")] == [
        (EDITION, 1),
        ("letter/2024-12-02T07:00", 2),
    ]
    assert held(desk, "letter/2") == [["new"]]


def gone(site):
    """Let the weekly's edition be fixed and not sent, and then its newsletter be gone from the config."""
    site.configure(EVERY_DAY)
    printed(site, MONDAY)
    composed(site, MONDAY, "weekly")
    config = (site.folder / "config.toml").read_text(encoding="utf-8")
    site.configure(config=config.partition("[[newsletters]]")[0] + EVERY_DAY)


def test_newsletter_that_is_gone_stops_its_queue_and_is_reported_until_it_is_back(desk):
    config = (desk.folder / "config.toml").read_text(encoding="utf-8")
    gone(desk)
    outcome = run(desk, MONDAY + HOUR)
    assert (outcome.is_clean, outcome.deliver.waiting) == (False, {EDITION: 2})
    assert [alarm.partition(";")[0] for alarm in outcome.alarms] == [
        "newsletter weekly is gone from the config, and its readers (2) are mailed nothing"
    ]
    assert {one.delivery.state for one in deliveries(desk)} == {DeliveryState.QUEUED}
    with desk.app() as app:
        assert Post(app).status()["gone"] == {"weekly": 2}
    desk.configure(config=config)
    assert run(desk, MONDAY + 2 * HOUR).deliver.counts == {"sent": 2}


def test_newsletter_that_is_gone_is_settled_by_cancelling_its_edition(desk):
    gone(desk)
    with desk.app() as app:
        _, ended = Post(app).cancel("weekly/1")
    run(desk, MONDAY + HOUR)  # says once that its readers wait
    outcome = run(desk, MONDAY + 2 * HOUR)
    assert (ended, outcome.is_clean, outcome.deliver) == (2, True, None)
    assert editions(desk) == [(EDITION, 1, EditionState.CANCELLED)]


def test_name_that_a_newsletter_had_may_be_told_after_a_run(desk):
    config = (desk.folder / "config.toml").read_text(encoding="utf-8").replace('slug = "weekly"', 'slug = "letter"')
    desk.configure(config=config)
    assert len(run(desk, NOON + HOUR).alarms) == 1
    desk.configure(config=config.replace('slug = "letter"', 'slug = "letter"\nrenamed_from = "weekly"'))
    outcome = run(desk, NOON + 2 * HOUR)
    assert outcome.notes == ["newsletter weekly is now letter, with its readers and editions"]
    with desk.app() as app:
        (standing,) = Post(app).status()["newsletters"]
        assert (standing["readers"], Post(app).status()["gone"]) == ({"active": 2}, {})


def test_edition_that_is_at_its_end_is_not_cancelled(desk):
    run(desk, MONDAY)
    with desk.app() as app:
        _, ended = Post(app).cancel("weekly/1")
    assert (ended, editions(desk)) == (0, [(EDITION, 1, EditionState.COMPOSED)])


# ---- each article is an edition ----


@pytest.fixture
def each(site):
    """Give a site in which each article is an edition, with an archive from before, and two readers."""
    site.configure(cadence("article"))
    site.article("old.md", date="2024-11-22 09:00")
    return begun(site)


def test_each_article_goes_out_once_in_the_order_in_which_they_went_live(each):
    outcome = run(each, MONDAY)
    assert [(r.number, r.subject) for r in outcome.compose.reports] == [
        (1, "The pier reopens"),
        (2, "The ferry runs again"),
    ]
    assert outcome.deliver.counts == {"sent": 4}
    assert held(each, "weekly/1") + held(each, "weekly/2") == [["pier"], ["ferry"]]
    assert run(each, MONDAY + HOUR).compose is None


def test_edited_article_is_no_second_edition(each):
    run(each, MONDAY)
    each.edit("pier.md", "Some", "Other")
    outcome = run(each, MONDAY + HOUR)
    assert (len(outcome.sync.sources[0].edited), len(editions(each))) == (1, 2)


def test_article_back_dated_is_an_edition_when_it_goes_live(each):
    run(each, MONDAY)
    each.article("found.md", date="2001-01-01 09:00")
    assert [r.subject for r in run(each, MONDAY + HOUR).compose.reports] == ["found.md"]
