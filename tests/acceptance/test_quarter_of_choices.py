"""A quarter of a newsletter whose hundred readers choose as they please, and change their minds at any time.

Each gets each entry that they chose exactly once, at their own hour, and at no other, by mail or by the feed that they
have in its place. What they should get is worked out anew here, by clocks and calendars alone. Not here: single choices
(tests/jobs/test_reader_choices.py).
"""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from feeds.app.post import Post
from feeds.app.readers import Readers
from feeds.jobs.private_feeds import note_given, open_feed
from feeds.jobs.subscribe import Wish
from feeds.jobs.subscribe.doors import Door, change_door, own_address
from feeds.model import DeliveryState
from feeds.rules.private_tokens import private_token
from feeds.store import keys, runs, schema, subscribers
from tests.acceptance.mail_givens import join

pytestmark = pytest.mark.once

BEGIN = datetime(2025, 2, 1, 12, tzinfo=UTC)  # both Americas and Europe change their clocks within the quarter
DAYS, READERS, LATE, ENTRIES, CHANGES = 89, 100, 20, 36, 250
ZONES = ("Europe/Dublin", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland")
SEVEN = time(7)
TOPICS = ("ferry", "quays", "fish", "weather")
FAILS = 0.03  # of the deliveries
LOOKS = 0.01  # of the feed readers, at each step
CONFIG = """
maximum = 50
layout = "reading-list"
pictures = "none"
cadences = ["article", "day", "month"]
digest_languages = ["de", "en"]
[newsletters.cadence]
every = "monday"
local = true
"""


@dataclass(frozen=True)
class News:
    """An entry as this test knows it."""

    key: str
    at: datetime
    tags: frozenset[str]
    language: str


@dataclass
class Person:
    """What a reader chose, what they have had, and what was there for them to have when they did not want it."""

    address: str
    floor: datetime
    zone: str = ZONES[0]
    cadence: str = ""
    language: str = ""
    follow: tuple[str, ...] = ()
    mute: tuple[str, ...] = ()
    paused_until: datetime = BEGIN
    is_by_feed: bool = False
    had: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    editions: set[str] = field(default_factory=set)

    def wants(self, news):
        return (
            (not self.follow or news.tags.intersection(self.follow))
            and not news.tags.intersection(self.mute)
            and self.language in {"", news.language}
        )

    def edition_at(self, now):
        """Return the edition that goes to them at an instant, None where it is not their hour; "" for an article's."""
        local = now.astimezone(ZoneInfo(self.zone))
        days = {"": local.weekday() == 0, "day": True, "month": local.day == 1}
        if self.cadence == "article":
            return ""
        if local.time() != SEVEN or not days[self.cadence]:
            return None
        return f"{'--'.join(filter(None, ('weekly', self.cadence, self.language)))}/{local:%Y-%m-%dT%H:%M}"


class Quarter:
    """The site, its readers, and a clock that goes from one thing that happens to the next."""

    def __init__(self, site, seed):
        self.site, self.random = site, random.Random(seed)
        self.people, self.news, self.last_id, self.kinds = {}, [], 0, Counter()
        site.configure(CONFIG)
        site.now = BEGIN

    def run(self):
        with self.site.app() as self.app:
            self.post, self.readers = Post(self.app), Readers(self.app)
            self.step(BEGIN, ())
            self.welcome(READERS - LATE)
            for _ in range(2 * len(self.people)):
                self.change()
            entries = self.written()
            slots = self.slots()
            between = [self.moment() for _ in range(CHANGES + LATE)]
            joining = set(self.random.sample(between, LATE))
            for now in sorted({*slots, *(news.at for news in entries), *between}):
                fresh = [news for news in entries if news.at == now]
                if now in between:
                    self.site.now = now
                    self.welcome(1) if now in joining else self.change()
                if fresh or now in slots:
                    self.step(now, fresh)

    def moment(self):
        return BEGIN + timedelta(minutes=self.random.randrange(DAYS * 24 * 60), seconds=30)

    def slots(self):
        """Return every instant at which it is seven o'clock in some zone."""
        quarters = (BEGIN + timedelta(minutes=15 * n) for n in range(DAYS * 96))
        return {now for now in quarters if any(_is_seven(now, zone) for zone in ZONES)}

    def written(self):
        """Write the articles of the quarter; each goes live at its date."""
        found = []
        for n in range(ENTRIES):
            at = (BEGIN + timedelta(minutes=self.random.randrange(10, DAYS * 24 * 60))).replace(second=20)
            tags, language = self.random.sample(TOPICS, self.random.randrange(3)), self.random.choice(("de", "en"))
            date = f"{at:%Y-%m-%dT%H:%M:%SZ}"
            front = {"title": f"News {n}", "date": date, "tags": f"[{', '.join(tags)}]", "language": language}
            self.site.article(f"news-{n}.md", **front)
            found.append(News(f"news-{n}.md", at, frozenset(tags), language))
        return found

    def welcome(self, count):
        addresses = [f"reader-{len(self.people) + n}@inbox.example" for n in range(count)]
        join(self.site, *addresses)
        floor = self.site.now - timedelta(weeks=1)
        self.people |= {address: Person(address, floor) for address in addresses}

    def change(self):
        """Let one reader change their mind in one way, or their address."""
        person = self.random.choice(list(self.people.values()))
        kinds = ("cadence", "cadence", "topics", "topics", "zone", "language", "pause", "address", "door", "door")
        what = self.random.choice(kinds)
        self.kinds[what] += 1
        if what == "pause":
            person.paused_until = self.site.now + timedelta(days=self.random.randrange(1, 30))
            self.readers.pause(person.address, ["weekly"], until=person.paused_until)
        elif what == "address":
            self.move(person)
        elif what == "door":
            self.go_by(person)
        else:
            self.decide(person, what)
            chosen = {name: getattr(person, name) for name in ("cadence", "language", "follow", "mute")}
            self.readers.choose(person.address, "weekly", Wish(preferences=chosen, timezone=person.zone))

    def decide(self, person, what):
        pick = self.random.choice
        if what == "cadence":
            person.cadence = pick(("", "", "day", "month", "article"))
        elif what == "topics":
            topics = self.random.sample(TOPICS, 3)
            tastes = ((), ()), (topics[:2], ()), ((), topics[:1]), (topics[:1], topics[1:2])
            person.follow, person.mute = pick(tastes)
        elif what == "zone":
            person.zone = pick(ZONES)
        else:
            person.language = pick(("", "", "de", "en"))

    def move(self, person):
        """Do as a change of address does: the subscriber stays who they are."""
        new = f"moved-{self.random.randrange(10**9)}@inbox.example"
        with self.app.store.writing() as tx:
            known = subscribers.get_by_key(tx, person.address)
            subscribers.replace(tx, replace(known, address=new, address_key=new))
        self.people[new] = self.people.pop(person.address)
        person.address = new

    def go_by(self, person):
        """Let a reader have it by a feed in place of mail, or go back; feed readers may have looked or not."""
        with self.app.store.writing() as tx:
            pair = subscribers.get_by_key(tx, person.address).id, "weekly"
            held = subscribers.list_subscriptions(tx, pair[:1])[pair]
            change_door(tx, held, Door.MAIL if person.is_by_feed else Door.FEED, now=self.site.now)
        person.is_by_feed = not person.is_by_feed

    def look(self, person, now):
        """Let a feed reader fetch a feed: it holds all that its reader lacks, and nothing that they do not want."""
        with self.app.store.writing() as tx:
            pair = subscribers.get_by_key(tx, person.address).id, "weekly"
            own = own_address(tx, subscribers.list_subscriptions(tx, pair[:1])[pair])
            text = private_token(own, keys.current(tx, at=now))
        opened = open_feed(self.app.config, self.app.store, text, now=now)
        note_given(self.app.store, opened, now=now)
        names = {entry.id: entry.key for entry in self.site.entries().values()}
        held = {names[entry_id] for entry_id, _ in opened.held}
        wanted = {n.key for n in self.news if person.wants(n)}
        lacking = {n.key for n in self.news if n.key in wanted - person.had - person.refused and n.at > person.floor}
        assert lacking <= held <= wanted, (now, person)
        person.had |= held
        self.kinds["look"] += 1

    def step(self, now, fresh):
        """Do what a press run does of this, and hold what came of it against what was to come."""
        self.site.now = now
        if fresh:
            self.app.sync()
            self.news += fresh
        outcome = self.post.compose()
        assert outcome.failed == []
        with self.app.store.writing() as tx:
            runs.replace(tx, job=runs.PRESS_RUN, at=now, outcome="done", report={})
        got = self.got()
        assert set(got) <= set(self.people)
        for address, person in self.people.items():
            self.judge(person, got.get(address, []), now, fresh)
        self.deliver(got)
        for person in self.people.values():
            if person.is_by_feed and self.random.random() < LOOKS:
                self.look(person, now)

    def got(self):
        """Return the new deliveries by address: (id, edition, keys of the entries)."""
        table, held, entries = schema.deliveries, schema.selection_entries, schema.entries
        query = (
            select(table.c.id, table.c.about, schema.subscribers.c.address, entries.c.key)
            .join(schema.subscribers, schema.subscribers.c.id == table.c.subscriber_id)
            .join(held, held.c.selection_id == table.c.selection_id)
            .join(entries, entries.c.id == held.c.entry_id)
            .where(table.c.id > self.last_id)
        )
        found = {}
        with self.app.store.reading() as tx:
            for row in tx.execute(query):
                found.setdefault(row.address, {}).setdefault((row.id, row.about), []).append(row.key)
        self.last_id = max((id for each in found.values() for id, _ in each), default=self.last_id)
        return {address: [(id, about, keys) for (id, about), keys in each.items()] for address, each in found.items()}

    def judge(self, person, got, now, fresh):
        due = person.edition_at(now)
        lacking = {n.key for n in self.news if n.at > person.floor and n.key not in person.had}
        wanted = {n.key for n in self.news if n.key in lacking and person.wants(n)}
        is_theirs = due is not None if due != "" else any(news.key in wanted for news in fresh)
        keys = [key for _, _, held in got for key in held]
        said = (now, person, got)
        if not is_theirs or person.paused_until > now or person.is_by_feed or due in person.editions:
            assert got == [], said
        else:
            assert len(keys) == len(set(keys)) and wanted - person.refused <= set(keys) <= wanted, said
            assert due == "" or {about for _, about, _ in got} <= {due}, said
        if due is not None and (due or fresh):
            person.refused |= lacking - wanted
        person.editions |= {about for _, about, _ in got}
        person.had |= set(keys)

    def deliver(self, got):
        """Let what is queued be sent, but for some that fails: that was not had."""
        failed = {id for each in got.values() for id, _, _ in each if self.random.random() < FAILS}
        for address, each in got.items():
            lost = {key for id, _, keys in each if id in failed for key in keys}
            self.people[address].had -= lost
        table = schema.deliveries
        with self.app.store.writing() as tx:
            for state, ours in (
                (DeliveryState.EXPIRED, table.c.id.in_(failed)),
                (DeliveryState.SENT, table.c.state == DeliveryState.QUEUED),
            ):
                tx.execute(update(table).where(ours).values(state=state, ended_at=self.site.now))


def _is_seven(now, zone):
    return now.astimezone(ZoneInfo(zone)).time() == SEVEN


@pytest.mark.parametrize("seed", [1])
def test_hundred_readers_get_what_they_chose_once_and_at_their_hour(site, seed):
    quarter = Quarter(site, seed)
    quarter.run()
    assert len(quarter.people) == READERS
    assert min(quarter.kinds.values()) > 20
    assert sum(len(person.had) for person in quarter.people.values()) > 1_000
