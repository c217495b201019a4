"""The figures as a monitoring system reads them, after pollers, press runs and services that read feeds for others.

Not here: who may read them (test_watching), each service's way to say it (tests/rules/test_reader_agents.py).
"""

import asyncio
import re
from datetime import timedelta

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as families

from feeds.app.press_run import press_run
from feeds.config import load_config
from feeds.rules.reader_agents import MOST_SUBSCRIBERS
from feeds.web.reported import KEPT, MOST_FEEDS, MOST_SERVICES, Reported
from feeds.web.watching import Watch, Watched
from tests.acceptance.mail_givens import cadence, join, readers
from tests.site_fixtures import ROOT
from tests.web.test_printed_site import serving

FEEDLY = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers; )"
FEEDBIN = "Feedbin feed-id:{} - {} subscribers"
DAYS = timedelta(days=1).total_seconds()


def figures(client, parse=families, **headers):
    """Return each sample's value by name and labels, in the order of their names."""
    text = client.ask("/metrics", **headers).body.decode()
    return {
        (sample.name.removeprefix("pressrun_"), *sample.labels.values()): sample.value
        for family in parse(text)
        for sample in family.samples
    }


def requests(client):
    return {key[1:]: value for key, value in figures(client).items() if key[0] == "requests_total"}


def test_requests_are_counted_by_kind_and_status(client, public):
    for name in ("rss.xml", "atom.xml", "feed.json", "index.html", "robots.txt"):
        public.put(name, "{}")
    public.put("media/a.jpg", b"x")
    tag = client.ask("/rss.xml")["etag"]
    client.ask("/rss.xml", if_none_match=tag)
    for path in ("/atom.xml", "/feed.json", "/", "/nowhere/", "/media/a.jpg", "/robots.txt", "/wp-login.php"):
        client.ask(path)
    client.ask("/media/a.jpg", range="bytes=0-0")
    client.ask("/readers/", "POST", content_length="0")
    assert requests(client) == {
        ("rss", "200"): 1,
        ("rss", "304"): 1,
        ("atom", "200"): 1,
        ("json", "200"): 1,
        ("page", "200"): 1,
        ("page", "404"): 1,
        ("media", "200"): 1,
        ("media", "206"): 1,
        ("other", "200"): 1,
        ("other", "404"): 1,
        ("readers", "405"): 1,
    }


def test_whoever_watches_is_not_counted(client):
    for path in ("/healthz", "/readyz", "/metrics"):
        client.ask(path)
    assert requests(client) == {}


def test_addresses_that_strangers_make_up_make_no_new_figures(client):
    for number in range(200):
        client.ask(f"/{number}/x{number}", user_agent=FEEDBIN.format(number, number))
        client.ask(f"/{number}/rss.xml", user_agent=FEEDBIN.format(number, number))
    assert requests(client) == {("other", "404"): 200, ("rss", "404"): 200}


@pytest.mark.rule("T83")
def test_private_address_is_counted_and_named_nowhere(inside):
    from tests.web.private_feed_givens import addresses, path

    url = path(addresses(inside)["rss"])
    with serving(inside) as client:
        assert client.ask(url, user_agent=FEEDLY.format(5)).status == 200
        assert requests(client) == {("private", "200"): 1}
        told = client.ask("/metrics").body.decode()
    assert url.split("/")[2] not in told
    assert 'feed="' not in told


@pytest.fixture
def printed(site):
    """Give a site with two editions' worth of articles, printed."""
    site.configure(cadence("monday"))
    site.articles(3)
    site.print()
    return site


def test_subscribers_of_a_feed_are_those_of_all_services_each_as_it_said_last(printed):
    with serving(printed) as client:
        tag = client.ask("/rss.xml", user_agent=FEEDLY.format(12))["etag"]
        for agent in (FEEDLY.format(14), FEEDBIN.format(1, 7), FEEDBIN.format(2, 1), "newsboat/2.32"):
            assert client.ask("/rss.xml", user_agent=agent, if_none_match=tag).status == 304
        client.ask("/atom.xml", user_agent=FEEDLY.format(3))
        client.ask("/index.html", user_agent=FEEDLY.format(1000))
        found = figures(client)
    assert found["feed_subscribers", "site"] == 14 + 7 + 1 + 3
    assert len([key for key in found if key[0] == "feed_subscribers"]) == 1


def test_subscribers_of_a_newsletters_feed_are_told_by_its_folder(printed):
    with serving(printed) as client:
        assert client.ask("/newsletters/weekly/rss.xml", user_agent=FEEDLY.format(4)).status == 200
        assert figures(client)["feed_subscribers", "newsletters/weekly"] == 4


def test_figures_are_whole_in_both_forms(printed):
    with serving(printed) as client:
        client.ask("/rss.xml", user_agent=FEEDLY.format(4))
        plain = client.ask("/metrics")
        accept = "application/openmetrics-text;version=1.0.0"
        assert plain["content-type"].startswith("text/plain; version=")
        assert client.ask("/metrics", accept=accept)["content-type"].startswith("application/openmetrics-text")
        assert figures(client).keys() <= figures(client, open_metrics, accept=accept).keys()


def test_post_and_runs_are_told_as_they_stand(printed):
    press(printed)
    join(printed, *readers(2))
    printed.article("gale.md", date="2024-11-23 08:00")
    printed.now += timedelta(days=3)
    press(printed)
    with serving(printed) as client:
        found = figures(client)
    assert found["store_up",] == 1
    assert found["editions", "weekly", "composed"] == 1
    assert (found["deliveries", "sent"], found["deliveries", "queued"]) == (2, 0)
    assert found["queue_age_seconds",] == 0
    jobs = {key[1]: key[3] for key in found if key[0] == "job_last_outcome"}
    assert jobs == dict.fromkeys(("run", "sync", "publish", "compose", "deliver"), "done")
    assert found["job_last_end_timestamp_seconds", "run", ""] == printed.now.timestamp()
    assert ("job_last_end_timestamp_seconds", "compose", "weekly") in found


def press(site):
    with site.app() as app:
        outcome = press_run(app)
    assert outcome.is_clean
    return outcome


def test_docs_tell_of_each_figure_and_of_no_other(printed):
    told = set(re.findall(r"pressrun_[a-z_]+[a-z]", (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")))
    with serving(printed) as client:
        ours = {
            line.split()[2] for line in client.ask("/metrics").body.decode().splitlines() if line.startswith("# TYPE")
        }
    assert told == {name for name in ours if name.startswith("pressrun")}


def test_without_a_store_requests_are_told_all_the_same(client, public):
    public.put("rss.xml", "<rss/>")
    client.ask("/rss.xml")
    found = figures(client)
    assert (found["store_up",], found["requests_total", "rss", "200"]) == (0, 1)
    assert [key for key in found if key[0].startswith(("deliveries", "editions", "job"))] == []


def test_request_that_fails_is_counted_as_500(web_site):
    async def broken(scope, receive, send):
        raise ZeroDivisionError

    watch = Watch(load_config(web_site.folder / "config.toml", {}), web_site.store)
    scope = {"path": "/rss.xml", "method": "GET", "headers": [], "client": None}
    with pytest.raises(ZeroDivisionError):
        asyncio.run(Watched(broken, watch)(scope, None, None))
    assert watch.requests == {("rss", 500): 1}


# ---- what services said ----


def test_service_is_forgotten_after_some_days():
    said = Reported()
    said.note("rss.xml", FEEDLY.format(5), now=0)
    said.note("rss.xml", FEEDBIN.format(1, 3), now=6 * DAYS)
    assert said.totals(now=KEPT.total_seconds()) == {"rss.xml": 8}
    assert said.totals(now=KEPT.total_seconds() + 1) == {"rss.xml": 3}
    assert said.totals(now=99 * DAYS) == {}


def test_liar_counts_for_a_million():
    said = Reported()
    said.note("rss.xml", FEEDLY.format(10**12), now=0)
    assert said.totals(now=0) == {"rss.xml": MOST_SUBSCRIBERS}


def test_flood_of_services_and_feeds_fills_no_memory():
    said = Reported()
    for number in range(MOST_SERVICES + 10):
        said.note("rss.xml", FEEDBIN.format(number, 1), now=0)
    assert said.totals(now=0) == {"rss.xml": MOST_SERVICES}
    for number in range(MOST_FEEDS + 10):
        said.note(f"{number}/rss.xml", FEEDLY.format(1), now=0)
    assert len(said.totals(now=0)) == MOST_FEEDS
