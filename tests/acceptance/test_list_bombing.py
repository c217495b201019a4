"""Somebody has a site mail people who never asked for it: as many mails are delivered as is promised, and no more.

Over real HTTP, with the program killed and started in between. Not here: the limits themselves (tests/rules).
"""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

import pytest

from feeds.app.post import Post
from tests.acceptance.mail_givens import letters_in
from tests.cli.test_cli_serve import serve
from tests.web.reader_givens import FORM, PAGES

pytestmark = pytest.mark.once

WORKERS = 50  # each answer takes its time
PROXY = '[web]\nrequests_per_minute = 0\ntrusted_proxies = ["127.0.0.1"]\n'


def bombed(site, asked, *, limits="", starts=2):
    """Post (address, network) for each, over so many starts of the program; count the answers' statuses."""
    site.configure(f"{PAGES}{limits}{PROXY}")
    site.article("ferry.md")
    site.print()
    statuses = Counter()
    for number in range(starts):
        with serve(site, "--no-schedule") as (_, served), ThreadPoolExecutor(WORKERS) as threads:
            statuses.update(threads.map(lambda one, served=served: _asks(served, *one), asked[number::starts]))
    return statuses


def _asks(served, address, network):
    form = urlencode({"address": address, "newsletter": "weekly"})
    with closing(http.client.HTTPConnection(urlsplit(served).netloc, timeout=60)) as wire:
        wire.request("POST", "/readers/subscribe", form, {"Content-Type": FORM, "X-Forwarded-For": network})
        answer = wire.getresponse()
        answer.read()
        return answer.status


def delivered(site):
    site.now = datetime.now(UTC)
    with site.app() as app:
        while Post(app).deliver().counts:
            pass
    return Counter(letter.recipient for letter in letters_in(site.folder / "var" / "maildir"))


@pytest.mark.rule("T88")
def test_network_that_asks_for_500_addresses_has_20_mailed(site):
    found = bombed(site, [(f"victim-{n}@inbox.example", "203.0.113.7") for n in range(500)])
    assert found == {200: 20, 429: 480}
    assert sorted(delivered(site).values()) == [1] * 20


@pytest.mark.rule("T88")
def test_address_that_is_asked_for_50_times_from_50_networks_is_mailed_once(site):
    asked = [(("Victim@Inbox.example", "victim@inbox.example")[n % 2], f"203.0.113.{n}") for n in range(50)]
    assert bombed(site, asked, starts=3) == {200: 50}
    assert sum(delivered(site).values()) == 1


@pytest.mark.rule("T88")
def test_many_networks_together_have_no_more_mailed_than_all_may(site):
    asked = [(f"victim-{n}@inbox.example", f"2001:db8:{n:x}::1") for n in range(120)]
    assert bombed(site, asked, limits="asks_per_hour = 30\n", starts=3) == {200: 30, 429: 90}
    assert sum(delivered(site).values()) == 30
