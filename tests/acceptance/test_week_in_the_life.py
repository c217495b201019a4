"""Weeks of a small paper, with the time passed in: each reader has had each live entry exactly once, in order.

Not here: programs killed half-way (test_killed_delivery), a year of slots (test_year_of_editions).
"""

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from feeds.app.post import Post
from feeds.model import DeliveryState, EditionState
from tests.acceptance.mail_givens import (
    by_reader,
    by_smtp,
    cadence,
    join,
    leave,
    mail_server,
    pause,
    run,
    states,
)
from tests.site_fixtures import NOON, ROOT

SEED = 58
WEEKS, MISSED = 6, 2
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MONDAY = datetime(2024, 11, 25, 7, 5, tzinfo=UTC)  # five minutes behind the slot
ANN, BOB = "ann@inbox.example", "bob@inbox.example"
NEVER, LATER = "550 5.6.0 not this message", "451 4.2.1 come back later"


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


@pytest.fixture
def paper(site, server):
    """Give a site that mails on Mondays, which a first run has seen on the Saturday before, with two readers."""
    return started(site, server)


def started(site, server, **more):
    # Without addresses that are signed for each: what two readers have can then be compared.
    site.configure(cadence("monday", **more) + by_smtp(server) + "verp = false\n")
    join(site, ANN, BOB)
    run(site, NOON)
    return site


# ---- a life, and a plain model of it ----


class Life:
    """A paper lived through day by day; beside it stands what each reader should have got by then."""

    def __init__(self, site, server):
        self.site, self.server, self.chance = site, server, random.Random(SEED)
        self.dated, self.brought, self.public, self.gone = {}, {}, set(), {}
        self.floors, self.rests, self.left = {}, {}, set()
        self.had, self.expected, self.done = defaultdict(set), defaultdict(list), Counter()

    # what people do

    def write(self, *, dated=None):
        slug = f"a{len(self.dated):03}"
        self.dated[slug] = dated or self.site.now - timedelta(minutes=len(self.dated))
        self.site.article(f"{slug}.md", title=f"About {slug}", date=f"{self.dated[slug]:%Y-%m-%d %H:%M}")
        self.public.add(slug)

    def back_date(self):
        self.write(dated=self.site.now - 60 * DAY - timedelta(minutes=len(self.dated)))

    def edit(self):
        key = f"{self.any(self.public)}.md"
        self.site.write(key, self.site.path(key).read_bytes() + b"\nMore words.\n")

    def withdraw(self):
        slug = self.any(self.public)
        self.gone[slug] = self.site.path(f"{slug}.md").read_bytes()
        self.site.remove(f"{slug}.md")
        self.public.remove(slug)

    def bring_back(self):
        slug = self.any(self.gone)
        self.site.write(f"{slug}.md", self.gone.pop(slug))
        self.public.add(slug)

    def join(self):
        address = f"reader-{len(self.floors) + len(self.left):03}@inbox.example"
        join(self.site, address)
        self.floors[address] = self.site.now - WEEK

    def leave(self):
        address = self.any(self.floors)
        leave(self.site, address)
        del self.floors[address]
        self.left.add(address)

    def pause(self):
        address = self.any(self.floors)
        self.rests[address] = self.site.now + self.chance.randrange(1, 12) * DAY
        pause(self.site, address, self.rests[address])

    def any(self, found):
        return self.chance.choice(sorted(found))

    # what time does

    def noon(self, day):
        """Let some things happen at noon, and the press run after them."""
        self.site.now = day
        ways = [self.write] * 5 + [self.back_date, self.edit, self.withdraw, self.bring_back, self.join, self.leave]
        for happen in self.chance.sample([*ways, self.pause], 6):
            if (happen != self.bring_back or self.gone) and (happen != self.leave or len(self.floors) > 4):
                happen()
                self.done[happen.__name__] += 1
        self.run(day)

    def run(self, at):
        run(self.site, at)
        self.brought = dict.fromkeys(self.public, at) | self.brought

    def monday(self, at):
        """Let an edition go out while the server refuses some for good and some for now."""
        bounced, deferred = self.chance.sample(sorted(self.floors), 2)
        self.server.refuses = {bounced: NEVER, deferred: LATER}
        self.run(at)
        self.server.refuses = {}
        self.run(at + timedelta(minutes=20))
        for reader, floor in self.floors.items():
            if reader == bounced or self.rests.get(reader, at) > at:
                continue
            fresh = {slug for slug in self.public - self.had[reader] if self.brought[slug] > floor}
            if fresh:
                self.expected[reader].append(sorted(fresh, key=self.dated.get, reverse=True))
                self.had[reader] |= fresh


def test_each_reader_has_had_each_live_entry_once_and_in_order_through_weeks_of_change(site, server):
    print(f"seed {SEED}")
    site.configure(cadence("monday", maximum=50) + by_smtp(server))
    life = Life(site, server)
    for _ in range(6):
        life.join()
    life.write()
    life.run(NOON)
    for number in range(WEEKS):
        monday = MONDAY + number * WEEK
        life.monday(monday + DAY if number == MISSED else monday)
        for day in (1, 3, 5):
            life.noon(monday.replace(hour=12, minute=0) + day * DAY)
    found = {reader: [letter.entries for letter in letters] for reader, letters in by_reader(server.taken).items()}
    assert found == life.expected
    assert Counter(edition.state for edition in editions(site)) == {EditionState.COMPOSED: WEEKS}
    assert min(life.done.values()) > 1, life.done


def editions(site):
    with site.app() as app:
        return [edition for edition, _ in Post(app).editions()]


# ---- what happens between the freeze and the sending ----


def frozen(site, server):
    """Let Monday's edition go out to Ann, while Bob's mail has to wait."""
    server.refuses[BOB] = LATER
    run(site, MONDAY)
    assert states(site) == {ANN: DeliveryState.SENT, BOB: DeliveryState.DEFERRED}


def thawed(site, server):
    """Let Bob's mail be tried again, and return what each of them has got."""
    server.refuses.clear()
    run(site, MONDAY + timedelta(minutes=20))
    return by_reader(server.taken)


def test_entry_edited_after_the_freeze_goes_as_it_was_fixed(paper, server):
    paper.article("ferry.md", title="The ferry runs")
    frozen(paper, server)
    paper.edit("ferry.md", "The ferry runs", "The ferry sank")
    got = thawed(paper, server)
    ((first,), (second,)) = got[ANN], got[BOB]
    assert paper.entries()["ferry.md"].article.title == "The ferry sank"
    assert (second.text, second.message["Subject"]) == (first.text, first.message["Subject"])
    assert "The ferry runs" in second.text


def test_entry_withdrawn_after_the_freeze_is_not_in_what_was_unsent_and_comes_when_it_is_back(paper, server):
    paper.article("ferry.md", date="2024-11-23 09:00")
    paper.article("quay.md", date="2024-11-23 08:00")
    frozen(paper, server)
    text = paper.path("ferry.md").read_bytes()
    paper.remove("ferry.md")
    got = thawed(paper, server)
    assert [letter.entries for letter in got[ANN] + got[BOB]] == [["ferry", "quay"], ["quay"]]
    assert b"ferry" not in got[BOB][0].data
    paper.write("ferry.md", text)
    run(paper, MONDAY + WEEK)
    assert [letter.entries for letter in server.taken[2:]] == [["ferry"]]
    assert server.taken[2].recipient == BOB


def test_entry_that_comes_back_weeks_after_it_was_withdrawn_reaches_who_lacked_it(paper, server):
    paper.article("ferry.md")
    server.refuses[BOB] = NEVER
    run(paper, MONDAY)
    server.refuses.clear()
    text = paper.path("ferry.md").read_bytes()
    paper.remove("ferry.md")
    for number, key in enumerate(["quay.md", "pier.md"], start=1):
        paper.article(key)
        run(paper, MONDAY + number * WEEK)
    paper.write("ferry.md", text)
    run(paper, MONDAY + 3 * WEEK)
    got = by_reader(server.taken)
    assert [letter.entries for letter in got[ANN]] == [["ferry"], ["quay"], ["pier"]]
    assert [letter.entries for letter in got[BOB]] == [["quay"], ["pier"], ["ferry"]]


def test_edition_of_which_nothing_is_left_is_cancelled(paper, server):
    paper.article("ferry.md")
    server.refuses = {ANN: LATER, BOB: LATER}
    run(paper, MONDAY)
    paper.remove("ferry.md")
    assert thawed(paper, server) == {}
    assert states(paper) == {ANN: DeliveryState.CANCELLED, BOB: DeliveryState.CANCELLED}
    assert [edition.state for edition in editions(paper)] == [EditionState.CANCELLED]


def test_who_left_after_the_freeze_is_not_mailed(paper, server):
    paper.article("ferry.md")
    frozen(paper, server)
    leave(paper, BOB)
    assert thawed(paper, server).keys() == {ANN}
    assert states(paper)[BOB] is DeliveryState.CANCELLED


def test_template_changed_after_the_freeze_changes_the_next_edition_only(paper, server):
    paper.article("ferry.md")
    frozen(paper, server)
    own = paper.path("../templates/digest/base.txt")
    own.parent.mkdir(parents=True)
    own.write_text((ROOT / "templates/digest/base.txt").read_text() + "\nA new last line.\n")
    got = thawed(paper, server)
    assert got[BOB][0].text == got[ANN][0].text
    paper.article("quay.md")
    run(paper, MONDAY + WEEK)
    assert ["A new last line." in letter.text for letter in server.taken] == [False, False, True, True]


# ---- how much an edition holds ----


def test_beyond_the_maximum_entries_are_counted_and_never_come_later(site, server):
    started(site, server, maximum=3)
    site.articles(5)
    run(site, MONDAY)
    site.article("new.md")
    run(site, MONDAY + WEEK)
    first, second = by_reader(server.taken)[ANN]
    assert (first.entries, second.entries) == (["a05", "a04", "a03"], ["new"])
    assert "2 more on the web" in first.text
    assert first.message["Subject"] == "Article 05, and 4 more"


def test_below_the_minimum_entries_wait_for_a_later_slot(site, server):
    started(site, server, minimum=3)
    site.articles(2)
    run(site, MONDAY)
    assert server.taken == []
    site.articles(3)
    run(site, MONDAY + DAY)
    assert server.taken == []
    run(site, MONDAY + WEEK)
    assert [letter.entries for letter in server.taken] == [["a03", "a02", "a01"]] * 2


@pytest.mark.rule("T58")
def test_known_entry_with_a_newer_updated_changes_the_feed_and_is_not_mailed_again(paper, server):
    paper.article("ferry.md", updated="2024-11-22 09:00")
    run(paper, MONDAY)
    before = paper.feeds()["atom"]
    paper.article("ferry.md", "Other words.", updated="2024-11-26 09:00")
    for later in (DAY, WEEK, 2 * WEEK):
        run(paper, MONDAY + later)
    assert len(server.taken) == 2
    assert [entry["updated"] for entry in before] < [entry["updated"] for entry in paper.feeds()["atom"]]
