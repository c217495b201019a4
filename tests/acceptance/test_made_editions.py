"""Editions of every kind, signed by the program, as rspamd and opendkim judge them: 8 here, N by ``make editions``.

Not here: the sample paper's digests, which SpamAssassin judges too (test_spam_filters.py).
"""

import os
import re
from datetime import UTC, datetime
from random import Random

import pytest

from feeds.config.schema import Layout, Pictures
from tests.acceptance.made_editions import LENGTHS, SPEECH, delivered, kind_of, newsletter
from tests.acceptance.name_server import name_server
from tests.acceptance.sender_givens import SENDER, arrival, on_the_way, with_keys
from tests.acceptance.spam_filters import rspamd
from tests.judges import opendkim
from tests.site_fixtures import CONFIG, Site

pytestmark = pytest.mark.once

NUMBERS = range(int(os.environ.get("EDITIONS", "8")))
READERS = {number: f"nell.varley+{number}@reader.example" for number in NUMBERS}
SITE = CONFIG.partition("[[newsletters]]")[0]
ALLOWED = {"R_SPF_ALLOW", "R_DKIM_ALLOW", "DMARC_POLICY_ALLOW"}
FIELD = rb"^%s:[^\r]*(?:\r\n[ \t][^\r]*)*\r\n"
PLACES = 24  # in the body of each edition that is spoilt


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Give the message of each edition by its number, and what the DNS says of the sender."""
    site = Site(tmp_path_factory.mktemp("made") / "site")
    site.configure("".join(newsletter(number, sender=SENDER) for number in NUMBERS), config=SITE)
    names = with_keys(site, "--ed25519")
    letters = delivered(site, NUMBERS, readers=READERS, at=datetime.now(UTC))
    return {number: on_the_way(letters[READERS[number]]) for number in NUMBERS}, names


@pytest.fixture(scope="module")
def judged(world, tmp_path_factory):
    """Give a way to ask rspamd about a message for the reader of a number."""
    with name_server(world[1]) as port, rspamd(tmp_path_factory.mktemp("rspamd") / "here", port) as filter_:
        yield lambda number, data: filter_.judge(arrival(data, READERS[number]))


def kept_by_opendkim(messages, names, folder):
    """Return the names of the messages of which opendkim takes a signature."""
    keys = {name: record for (name, _), record in names.items() if "_domainkey" in name}
    records = {name: record.replace('" "', "").strip('"') for name, record in keys.items()}
    return {name for name, found in opendkim(messages, records, folder).items() if "pass" in found.values()}


def spoilt(number, data):
    """Return copies of a message: each signed field changed, each added that may not be, octets of the body changed."""
    head = data.index(b"\r\n\r\n") + 2
    signed = set(re.sub(rb"\s", b"", re.search(rb"h=([^;]*);", data[:head])[1]).split(b":"))
    there = {name: found for name in signed if (found := re.search(FIELD % name, data[:head], re.MULTILINE))}
    assert {b"From", b"To", b"Subject", b"Date", b"Message-ID", b"List-Id", b"List-Unsubscribe"} <= there.keys()
    copies = {f"{name.decode()}-changed": changed(data, field.end() - 3) for name, field in there.items()}
    # What may be missing is named as signed nevertheless, so that it cannot be added.
    extra = {name: re.search(FIELD % name, data[:head], re.MULTILINE) for name in signed - there.keys()}
    copies |= {f"{name.decode()}-added": name + b": <https://evil.example/>\r\n" + data for name in extra}
    for place in Random(f"places {number}").sample(range(head + 2, len(data) - 2), PLACES):
        copies[f"octet-{place}"] = changed(data, place)
    return copies


def changed(data, place):
    """Return a message with one octet changed to a letter that it was not, in neither case."""
    letter = b"x" if data[place : place + 1].lower() != b"x" else b"q"
    return data[:place] + letter + data[place + 1 :]


def points(one):
    """Return the rules that say something for or against a message."""
    return {name: score for name, score in one.rules.items() if score}


def test_editions_are_of_every_kind():
    layouts, pictures, languages = map(set, zip(*map(kind_of, range(50)), strict=True))
    assert (layouts, pictures, languages) == (set(Layout), set(Pictures), set(SPEECH))
    assert {1, 30} <= {LENGTHS[number % len(LENGTHS)] for number in NUMBERS}


@pytest.mark.rule("M7")
def test_sender_of_each_edition_is_known_and_it_scores_no_point(world, judged):
    found = {number: judged(number, data) for number, data in world[0].items()}
    assert len(found) == len(NUMBERS)
    assert {number: lacking for number, one in found.items() if (lacking := ALLOWED - one.rules.keys())} == {}
    assert {number: points(one) for number, one in found.items() if one.score > 0} == {}


@pytest.mark.rule("M7")
def test_opendkim_takes_each_edition(world, tmp_path):
    letters, names = world
    messages = {f"{number}.eml": data for number, data in letters.items()}
    assert kept_by_opendkim(messages, names, tmp_path) == messages.keys()


@pytest.mark.rule("M7")
@pytest.mark.parametrize("number", [0, 3, 7])
def test_edition_that_is_changed_on_the_way_is_rejected(world, judged, number, tmp_path):
    letters, names = world
    copies = spoilt(number, letters[number])
    found = {name: judged(number, data).rules.keys() for name, data in copies.items()}
    assert [name for name, rules in found.items() if "R_DKIM_ALLOW" in rules or "R_DKIM_REJECT" not in rules] == []
    assert kept_by_opendkim(copies, names, tmp_path) == set()
