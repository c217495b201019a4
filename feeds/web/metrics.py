"""What is counted and where things stand, written as a monitoring system reads it: few names, few labels.

The one door to prometheus_client. Not here: who may read it (watching), what the store tells (standing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from feeds import __version__
from feeds.store.reprints import NEWSLETTER
from feeds.web.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is told: ``requests`` by kind and status, ``subscribers`` by document; no ``standing`` without a store."""

    requests: Mapping[tuple[str, int], int]
    subscribers: Mapping[str, int]
    standing: Standing | None
    now: datetime


def written(figures: Figures, accept: str) -> tuple[bytes, str]:
    """Return the figures in a form that the client accepts, and its media type."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Once(figures))
    encode, kind = choose_encoder(accept)
    return encode(registry), kind


class _Once(Collector):
    """Gives figures to a registry."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Yield each metric with its samples."""
        figures, standing = self._figures, self._figures.standing
        yield InfoMetricFamily("pressrun", "The program.", {"version": __version__})
        yield _requests(figures.requests)
        yield GaugeMetricFamily("pressrun_store_up", "Whether the store can be read.", float(standing is not None))
        if standing is not None:
            yield _subscribers(figures.subscribers, standing.feeds)
            yield from _mail(standing, figures.now)
            yield from _runs(standing)


def _requests(requests: Mapping[tuple[str, int], int]) -> Metric:
    labels = ["kind", "status"]
    family = CounterMetricFamily("pressrun_requests", "Requests answered, by what was asked for.", labels=labels)
    for (kind, status), number in sorted(requests.items()):
        family.add_metric([kind, str(status)], number)
    return family


def _subscribers(subscribers: Mapping[str, int], feeds: Mapping[str, str]) -> Metric:
    """Return the subscribers of each feed, those of its formats together."""
    totals: dict[str, int] = {}
    for place in feeds.keys() & subscribers.keys():
        feed = feeds[place].replace(NEWSLETTER, "newsletters/", 1)
        totals[feed] = totals.get(feed, 0) + subscribers[place]
    said = "Subscribers of a feed, as services that read it for others report them."
    family = GaugeMetricFamily("pressrun_feed_subscribers", said, labels=["feed"])
    for feed, number in sorted(totals.items()):
        family.add_metric([feed], number)
    return family


def _mail(standing: Standing, now: datetime) -> Iterator[Metric]:
    labels = ["newsletter", "state"]
    editions = GaugeMetricFamily("pressrun_editions", "Editions in the store, by where they stand.", labels=labels)
    for (newsletter, edition_state), number in standing.editions.items():
        editions.add_metric([newsletter, edition_state], number)
    deliveries = GaugeMetricFamily("pressrun_deliveries", "Deliveries, by where they stand.", labels=["state"])
    for state, number in standing.deliveries.items():
        deliveries.add_metric([state], number)
    oldest = standing.oldest_due_at
    age = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    yield from (editions, deliveries)
    yield GaugeMetricFamily("pressrun_queue_age_seconds", "For how long the oldest delivery that is due waits.", age)


def _runs(standing: Standing) -> Iterator[Metric]:
    labels = ["job", "newsletter"]
    name, outcome = "pressrun_job_last_end_timestamp_seconds", [*labels, "outcome"]
    ended = GaugeMetricFamily(name, "When a job last came to its end.", labels=labels)
    came = GaugeMetricFamily("pressrun_job_last_outcome", "How a job last ended: always 1.", labels=outcome)
    for run in standing.runs:
        ended.add_metric([run.job, run.subject], run.ended_at.timestamp() if run.ended_at else 0.0)
        came.add_metric([run.job, run.subject, run.outcome or ""], 1)
    yield from (ended, came)
