"""Announcing: hubs hear of what changed and of nothing else, and one that is down hears of it later.

Against a real hub and subscriber over HTTP. Not here: when a ping is tried again (tests/rules/test_pinging).
"""

from datetime import timedelta

import pytest

from feeds.app.press_run import press_run
from feeds.errors import RequestFailed
from feeds.formats.check import judge
from feeds.jobs.announce import announce
from feeds.model.answers import Answer
from feeds.model.pings import PingState
from feeds.store import pings
from tests.jobs.feed_server import served
from tests.jobs.hub import hub_at_work, subscriber_at_work
from tests.site_fixtures import CONFIG
from tests.store.givens import MONDAY, read, write

HUB, OTHER = "https://hub.example/", "https://other.example/"
TOPICS = [f"https://gazette.example/{name}" for name in ("atom.xml", "feed.json", "rss.xml")]


@pytest.fixture
def hub():
    with hub_at_work() as one:
        yield one


@pytest.fixture
def feeds(site, hub):
    """Serve a site with one feed that names the hub, from where it says that it is."""
    site.public.mkdir()
    with served(site.public) as server:
        config = CONFIG.partition("[[newsletters]]")[0].replace("https://gazette.example/", server.url)
        config += f'hubs = ["{hub.url}"]\n'
        site.configure('[[feeds]]\nslug = "site"\ntitle = "All"\npath = "."\n', config=config)
        yield server


def run(site, *, later=timedelta(hours=1)):
    site.now += later
    with site.app() as app:
        return press_run(app)


def recorded(site):
    with site.app() as app, app.store.reading() as tx:
        return pings.list_all(tx)


@pytest.mark.rule("F26")
def test_subscriber_gets_what_was_published_by_way_of_the_hub(site, hub, feeds):
    site.article("one.md", title="First")
    run(site)
    document = judge((site.public / "rss.xml").read_bytes()).document
    (hub_link,), (self_link,) = document.hubs, document.selves
    with subscriber_at_work() as subscriber:
        assert subscriber.subscribe(hub_link.value, self_link.value) == 202
        site.article("two.md", title="Second, and new")
        outcome = run(site)
        ((media_type, content),) = subscriber.received
    assert (outcome.announce.sent, outcome.is_clean) == (3, True)
    assert media_type.startswith("application/rss+xml")
    assert b"Second, and new" in content
    assert content == (site.public / "rss.xml").read_bytes()


@pytest.mark.rule("F26")
def test_hub_hears_of_each_document_that_changed_once(site, hub, feeds):
    site.article("one.md")
    run(site)
    assert sorted(hub.pings) == [f"{feeds.url}{name}" for name in ("atom.xml", "feed.json", "rss.xml")]


@pytest.mark.rule("F26")
def test_hub_hears_nothing_where_nothing_changed(site, hub, feeds):
    site.article("one.md")
    run(site)
    hub.pings.clear()
    assert run(site).announce is None
    site.run("publish", "--all")
    assert hub.pings == []


def test_command_publish_tells_the_hub_and_says_so(site, hub, feeds):
    site.article("one.md")
    site.sync()
    assert "3 pings sent to hubs" in site.run("publish").out
    assert len(hub.pings) == 3


@pytest.mark.rule("F26")
def test_hub_that_is_down_is_told_later_and_its_answer_is_kept(site, hub, feeds):
    hub.answers = 503
    site.article("one.md")
    outcome = run(site)
    assert (outcome.announce.sent, len(outcome.announce.deferred), outcome.is_clean) == (0, 3, True)
    assert len(hub.pings) == 1  # the others would have been refused too
    assert {ping.reply for ping in recorded(site)} == {"503 out of order"}
    assert "hubs:       3 pings deferred\n" in site.run("status").out
    hub.answers = 202
    assert run(site, later=timedelta(seconds=30)).announce is None
    assert run(site, later=timedelta(seconds=40)).announce.sent == 3
    assert {(ping.state, ping.attempts) for ping in recorded(site)} == {(PingState.SENT, 2)}


def test_hub_that_nobody_answers_for_stops_nothing(site, hub, feeds):
    site.configure(config=(site.folder / "config.toml").read_text().replace(hub.url, "http://127.0.0.1:9/"))
    site.article("one.md")
    outcome = run(site)
    assert (outcome.publish.is_clean, outcome.is_clean, len(outcome.announce.deferred)) == (True, True, 3)


def test_hub_that_is_down_for_a_day_is_given_up_and_named(site, hub, feeds):
    hub.answers = 500
    site.article("one.md")
    run(site)
    outcome = run(site, later=timedelta(hours=25))
    assert (len(outcome.announce.failed), outcome.is_clean) == (3, False)
    assert run(site).is_clean


def test_pings_of_a_hub_taken_out_of_the_config_are_forgotten(site, hub, feeds):
    hub.answers = 503
    site.article("one.md")
    run(site)
    site.configure(config=(site.folder / "config.toml").read_text().replace(f'"{hub.url}"', ""))
    run(site)
    assert recorded(site) == []


# ---- the job alone ----


def queued(store, *hubs):
    for hub in hubs or (HUB,):
        for topic in TOPICS:
            write(store, pings.queue, topic, hub, now=MONDAY)


def says(*statuses):
    """Return a way to post that answers with these statuses, one after the other, and remembers what was posted."""
    left, posted = list(statuses), []

    def post(hub, form):
        posted.append((hub, dict(form)))
        status = left.pop(0)
        if status is None:
            raise RequestFailed(hub, "no answer\x1b within 10 seconds")
        return Answer(address=hub, status=status, headers={}, data=b"\xffsaid\n" * 100)

    post.posted = posted
    return post


def told(store, post, *, hubs=(HUB, OTHER), stop=lambda: False):
    return announce(store, hubs, post, clock=lambda: MONDAY, should_stop=stop)


def test_ping_names_the_document_as_every_hub_reads_it(store):
    queued(store)
    post = says(204, 204, 204)
    assert told(store, post).sent == 3
    assert post.posted[0] == (HUB, {"hub.mode": "publish", "hub.url": TOPICS[0], "hub.topic": TOPICS[0]})


def test_refusal_of_one_document_defers_that_one_alone(store):
    queued(store)
    report = told(store, says(404, 204, 202))
    assert (report.sent, [topic for topic, _, _ in report.deferred]) == (2, TOPICS[:1])


def test_hub_without_an_answer_does_not_hold_up_the_others(store):
    queued(store, HUB, OTHER)
    post = says(None, 204, 204, 204)
    report = told(store, post)
    assert (report.sent, len(report.deferred), len(post.posted)) == (3, 3, 4)


def test_reply_is_kept_short_and_clean(store):
    queued(store)
    told(store, says(404, None))
    replies = [ping.reply for ping in read(store, pings.list_all)]
    assert replies[0].startswith("404 \ufffdsaid \ufffdsaid")
    assert all(len(reply) < 350 and reply.isprintable() for reply in replies)


def test_job_that_is_asked_to_stop_leaves_the_rest_due(store):
    queued(store)
    asked = iter([False, True])
    report = told(store, says(204), stop=lambda: next(asked))
    assert (report.sent, report.stopped, len(read(store, pings.list_due, MONDAY))) == (1, True, 2)
