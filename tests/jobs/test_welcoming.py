"""Who confirms is given the latest edition with the welcome: each entry once, none missed, none that is not public.

Not here: confirming itself (tests/web/test_readers.py), how the mail looks (tests/rendering/test_notices.py).
"""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from feeds.app.post import Post
from feeds.app.readers import Readers
from feeds.config import load_config
from feeds.jobs.publish.fixed import site_view
from feeds.jobs.subscribe.confirming import confirm
from feeds.jobs.subscribe.desk import Desk
from feeds.model import DeliveryState, NoticeKind
from feeds.rendering.environment import open_templates
from feeds.store import deliveries as ledger
from feeds.store import fed_entries, notices, subscribers
from tests.acceptance.mail_givens import by_smtp, cadence, deliveries, join, run
from tests.jobs.post_givens import ANN, BACKENDS, DAY, HOUR, MONDAY, WEEK, composed, delivered, printed, site_on
from tests.jobs.reader_givens import HOME, asks, joins, link
from tests.jobs.withdraw_givens import withdraw
from tests.site_fixtures import NOON

BEN, CY = "ben@inbox.example", "cy@inbox.example"
TUESDAY = MONDAY + DAY
PAGES = "[readers]\npages = true\n"


@pytest.fixture(params=BACKENDS)
def paper(request, server):
    """Give a site, on either database, of which Ann was sent an edition of two articles."""
    site, store = site_on(request.param, request)
    return begun(site, server, store)


@pytest.fixture
def weekly(site, server):
    return begun(site, server)


def begun(site, server, more="", **newsletter):
    settings = {"welcome_edition": "true"} | newsletter
    site.configure(f"{cadence('monday', **settings)}{by_smtp(server)}{PAGES}{more}")
    run(site, NOON)
    join(site, ANN)
    write(site, "ferry", "2024-11-23 14:00", tags="[boats]")
    write(site, "quay", "2024-11-23 15:00")
    printed(site, MONDAY)
    composed(site, MONDAY)
    delivered(site)
    return site


def write(site, key, date, **front):
    site.article(f"{key}.md", title=f"All about the {key}", date=date, **front)


@contextmanager
def desk_of(site):
    config = load_config(site.folder / "config.toml", {})
    with site.app() as app:
        yield Desk(config=config, store=app.store, templates=open_templates(), site=site_view(config))


def welcomed(site, server, at=TUESDAY):
    """Let Ben subscribe and confirm, and send what is queued; return the text of his welcome."""
    with desk_of(site) as desk:
        joins(desk, address=BEN, at=at)
    delivered(site, at)
    return said(server, "You are subscribed")


def said(server, subject, to=BEN):
    found = [one.text for one in server.taken if one.recipient == to and one.message["Subject"].startswith(subject)]
    return found[-1] if found else None


def next_edition(site, at=MONDAY + WEEK):
    """Print one article more, and send what is due."""
    write(site, "gulls", f"{at - HOUR:%Y-%m-%d %H:%M}")
    printed(site, at)
    composed(site, at)
    delivered(site, at)


def told(text):
    """Return which articles a mail tells of."""
    return {key for key in ("ferry", "quay", "gulls") if f"All about the {key}" in (text or "")}


def test_welcome_carries_the_latest_edition_and_none_of_it_comes_again(paper, server):
    text = welcomed(paper, server)
    assert told(text) == {"ferry", "quay"}
    assert "https://gazette.example/newsletters/weekly/1/" in text
    assert "No. 1 · " in text
    next_edition(paper)
    assert told(said(server, "All about the gulls")) == {"gulls"}
    assert told(said(server, "All about the gulls", ANN)) == {"gulls"}


def test_without_the_key_the_next_edition_brings_what_was_of_the_last_days(site, server):
    begun(site, server, welcome_edition="false")
    assert told(welcomed(site, server)) == set()
    next_edition(site)
    assert told(said(server, "All about the gulls")) == {"ferry", "quay", "gulls"}


def test_confirming_again_brings_nothing_again(weekly, server):
    welcomed(weekly, server)
    with desk_of(weekly) as desk:
        assert confirm(desk, link(desk, NoticeKind.CONFIRM, "confirm", BEN), network=HOME, now=TUESDAY)
    delivered(weekly, TUESDAY)
    assert [one.message["Subject"] for one in server.taken if one.recipient == BEN].count(
        "You are subscribed to The Harbour Weekly"
    ) == 1


def test_what_a_welcome_did_not_bring_home_comes_with_the_next_edition(weekly, server):
    with desk_of(weekly) as desk:
        joins(desk, address=BEN, at=TUESDAY)
        with desk.store.writing() as tx:
            (one,) = [each for each in deliveries(weekly) if each.notice == NoticeKind.WELCOME]
            ledger.take(tx, [ledger.deliveries.c.id == one.delivery.id], worker="w", limit=1)
            ending = ledger.Ending(delivery_id=one.delivery.id, state=DeliveryState.BOUNCED)
            assert ledger.mark_left(tx, [ending], worker="w", at=TUESDAY)
    next_edition(weekly)
    assert told(said(server, "All about the gulls")) == {"ferry", "quay", "gulls"}


def test_memory_of_a_welcome_outlives_the_mail(weekly, server):
    welcomed(weekly, server)
    with weekly.app() as app, app.store.writing() as tx:
        assert notices.drop_before(tx, TUESDAY + DAY) == 2
    next_edition(weekly)
    assert told(said(server, "All about the gulls")) == {"gulls"}


def test_what_was_withdrawn_is_not_in_a_welcome(weekly, server):
    withdraw(weekly, "ferry")
    assert told(welcomed(weekly, server)) == {"quay"}


def test_what_is_withdrawn_before_a_welcome_is_sent_leaves_it(paper, server):
    with desk_of(paper) as desk:
        joins(desk, address=BEN, at=TUESDAY)
    withdraw(paper, "ferry")
    with paper.app() as app, app.store.writing() as tx:
        held = notices.claim(tx, worker="w", now=TUESDAY, limit=9)
        assert NoticeKind.WELCOME not in {one.notice.kind for one in held}
        ledger.release(tx, "w")
    delivered(paper, TUESDAY)
    assert told(said(server, "You are subscribed")) == {"quay"}
    withdraw(paper, "quay")
    next_edition(paper)
    assert told(said(server, "All about the gulls")) == {"gulls"}


def test_welcome_is_plain_where_all_of_the_edition_is_gone(weekly, server):
    with desk_of(weekly) as desk:
        joins(desk, address=BEN, at=TUESDAY)
    withdraw(weekly, "ferry", "quay")
    delivered(weekly, TUESDAY)
    text = said(server, "You are subscribed")
    assert told(text) == set()
    assert "The latest edition" not in text


def test_who_comes_back_is_not_given_what_they_had(weekly, server):
    with weekly.app() as app:
        Readers(app).remove(ANN, ["weekly"])
    with desk_of(weekly) as desk:
        assert asks(desk, address=ANN, at=TUESDAY + timedelta(days=2))
        token = link(desk, NoticeKind.CONFIRM, "confirm", ANN)
        assert confirm(desk, token, network=HOME, now=TUESDAY + timedelta(days=2))
    delivered(weekly, TUESDAY + timedelta(days=2))
    assert told(said(server, "You are subscribed", ANN)) == set()


def test_who_comes_back_is_not_given_what_a_private_feed_gave_them(weekly, server):
    ids = {entry.key: entry.id for entry in weekly.entries().values()}
    with weekly.app() as app:
        Readers(app).add(CY, ["weekly"], consent="paper form")
        with app.store.writing() as tx:
            who = subscribers.get_by_key(tx, CY).id
            fed_entries.add(tx, who, "weekly", entry_ids=[ids["ferry.md"]], at=TUESDAY)
        Readers(app).remove(CY, ["weekly"])
    with desk_of(weekly) as desk:
        joins(desk, address=CY, at=TUESDAY + DAY)
    delivered(weekly, TUESDAY + DAY)
    assert told(said(server, "You are subscribed", CY)) == {"quay"}


def test_edition_that_is_not_there_yet_leaves_the_welcome_plain(site, server):
    site.configure(f"{cadence('monday', welcome_edition='true')}{by_smtp(server)}{PAGES}")
    run(site, NOON)
    assert "The latest edition" not in welcomed(site, server, NOON + HOUR)


def test_welcome_of_an_edition_that_is_cancelled_has_no_part_of_it(weekly, server):
    write(weekly, "gulls", "2024-12-01 12:00")
    printed(weekly, MONDAY + WEEK)
    composed(weekly, MONDAY + WEEK)
    with weekly.app() as app:
        Post(app).cancel("weekly/2")
    assert told(welcomed(weekly, server, MONDAY + WEEK + HOUR)) == {"ferry", "quay"}
