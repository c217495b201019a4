"""An edition that a person pauses stops at once, and goes on where it was when it is resumed.

Not here: the commands (tests/cli/test_cli_deliveries.py), cancelling (test_deliver.py).
"""

import pytest

from feeds.app.post import Post
from feeds.errors import UsageWrong
from feeds.model import DeliveryState
from tests.acceptance.mail_givens import by_reader, by_smtp, readers, run, standing
from tests.jobs.post_givens import ANN, BACKENDS, DAY, EDITION, HOUR, MONDAY, delivered, delivery, fixed, site_on

SENT, QUEUED, DEFERRED = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.DEFERRED


@pytest.fixture(params=BACKENDS)
def paper(request, server):
    """Give what starts a site on either database, with an edition that is fixed and not sent."""
    site, store = site_on(request.param, request)
    return lambda *addresses: fixed(site, by_smtp(server, connections=1) + store, *addresses)


def do(site, what):
    with site.app() as app:
        return getattr(Post(app), what)(EDITION)[1]


def test_paused_edition_is_not_sent_and_resumed_it_is(paper):
    site = paper(*readers(3))
    assert do(site, "pause") == 3
    report = delivered(site)
    assert (report.counts, report.halted, report.is_clean) == ({}, {EDITION: 3}, True)
    assert do(site, "resume") == 3
    assert delivered(site).counts == {SENT: 3}


def test_pause_stops_a_run_that_is_sending_and_nobody_is_lost_or_mailed_twice(paper, server):
    site = paper(*readers(60))
    paused = []

    def look(phase, _address):
        if phase == "DOT" and len(server.taken) == 3 and not paused:
            paused.append(do(site, "pause"))

    server.look = look
    report = delivered(site)
    assert sum(report.counts.values()) <= 6  # what was being handed over when it was paused
    assert standing(site) == {SENT: len(server.taken), QUEUED: 60 - len(server.taken)}
    assert paused[0] >= 54
    do(site, "resume")
    delivered(site)
    assert {address: len(letters) for address, letters in by_reader(server.taken).items()} == dict.fromkeys(
        readers(60), 1
    )


def test_beat_finds_nothing_to_do_while_an_edition_is_paused(paper):
    site = paper(ANN)
    do(site, "pause")
    with site.app() as app:
        assert not Post(app).has_work()
    do(site, "resume")
    with site.app() as app:
        assert Post(app).has_work()


def test_deferred_delivery_of_a_paused_edition_waits_too(paper, server):
    server.refuses[ANN] = "451 4.2.1 come back later"
    site = paper(ANN)
    delivered(site)
    assert do(site, "pause") == 1
    assert delivered(site, MONDAY + HOUR).counts == {}
    do(site, "resume")
    assert delivered(site, MONDAY + HOUR).counts == {DEFERRED: 1}
    assert delivery(site, ANN).attempts == 2


def test_paused_edition_stays_on_the_site_and_may_be_cancelled(paper):
    site = paper(ANN)
    do(site, "pause")
    run(site, MONDAY + DAY)
    assert (site.public / "newsletters/weekly/1/index.html").exists()
    assert do(site, "cancel") == 1
    for what in ("pause", "resume"):
        with pytest.raises(UsageWrong, match="was cancelled"):
            do(site, what)
