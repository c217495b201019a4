"""A year of newsletters in three time zones, by cron and by the daemon: one edition a slot, whatever the clocks do.

The digests have next to no style here, which makes a year short. Not here: slots by the thousand
(tests/rules/test_cadence.py).
"""

import logging
from bisect import bisect
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, count, pairwise
from random import Random
from threading import Event
from zoneinfo import ZoneInfo

import pytest
import time_machine

from feeds.app import App
from feeds.app.post import Post
from feeds.app.press_run import press_run
from feeds.app.readers import Readers
from feeds.config import load_config
from feeds.errors import ConfigInvalid, Mistake, PressBusy
from feeds.model import State
from feeds.scheduler import beat_until
from feeds.store import entries
from tests.site_fixtures import CONFIG
from tests.store.givens import entry

pytestmark = pytest.mark.once

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
HOUR, DAY, QUARTER = timedelta(hours=1), timedelta(days=1), timedelta(minutes=15)
TWO_DAYS = 2 * DAY
DUBLIN, NEW_YORK, LORD_HOWE = ZoneInfo("Europe/Dublin"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
SUNDAY, OTHER_SUNDAYS = {n for n in range(400) if n % 7 == 3}, {n for n in range(400) if n % 14 == 10}
EVERY_DAY = {*range(400)}  # these are days of the year, counted from 0; the first one is a Thursday
# Clocks change on Sundays: in Dublin at one, in New York at two, on Lord Howe at two, by half an hour.
YEARLONG = {
    "dublin": ('every = "sunday"\nat = "01:30"', DUBLIN, SUNDAY, "01:30"),
    "new-york": ('cron = "30 1 * * 0"', NEW_YORK, SUNDAY, "01:30"),
    "lord-howe": ('every = "2 weeks"\nat = "02:00"\nfrom = 2026-01-11', LORD_HOWE, OTHER_SUNDAYS, "02:00"),
    "lord-howe-early": ('every = "2 weeks"\nat = "01:45"\nfrom = 2026-01-11', LORD_HOWE, OTHER_SUNDAYS, "01:45"),
}
DAILY = {
    "dublin": ('every = "day"\nat = "01:30"', DUBLIN, EVERY_DAY, "01:30"),
    "new-york": ('every = "day"\nat = "02:30"', NEW_YORK, EVERY_DAY, "02:30"),
    "lord-howe": ('cron = "0 2 * * *"', LORD_HOWE, EVERY_DAY, "02:00"),
}
CHANGES = {  # the day on which the clock is set forward, and the one on which it is set back
    "dublin": (date(2026, 3, 29), date(2026, 10, 25)),
    "new-york": (date(2026, 3, 8), date(2026, 11, 1)),
    "lord-howe": (date(2026, 10, 4), date(2026, 4, 5)),
}
HEAD = (
    CONFIG.partition("[[newsletters]]")[0] + '[lint]\nM13 = "off"\nM14 = "off"\nM18 = "off"\n'
)  # plain, and soon made
NEWSLETTER = """
[[newsletters]]
slug = "{slug}"
title = "The {slug}"
from = "{slug}@gazette.example"
maximum = 1
[newsletters.cadence]
timezone = "{zone}"
{cadence}
"""


class Paper:
    """A site that brings something new at every tick, and takes back what is some days old, with one reader of all."""

    def __init__(self, site, newsletters):
        self.site, self.newsletters = site, newsletters
        told = (NEWSLETTER.format(slug=s, cadence=c, zone=z.key) for s, (c, z, _, _) in newsletters.items())
        site.configure(config=HEAD + "".join(told))
        (site.folder / "templates" / "digest").mkdir(parents=True)
        (site.folder / "templates" / "digest" / "style.css").write_text("p { margin: 0 }\n")
        self.numbers, self.live = count(1), []

    def begin(self, app):
        """Take note of the newsletters, and subscribe the reader."""
        Post(app).compose()
        Readers(app).add("ann@x.example", list(self.newsletters), consent="At the fair.")

    def tick(self, app):
        """Bring an entry, then do what a press run does about mail; printing would take the year's longest part."""
        now, number = app.clock(), next(self.numbers)
        times = dict.fromkeys(("live_at", "published_at", "updated_at", "first_seen_at"), now)
        self.live.append(entry(f"e{number}", sequence=number, **times))
        with app.store.writing() as tx:
            entries.add(tx, self.live[-1], reading="r1")
            for old in self.live[:-20]:
                entries.replace(tx, old, replace(old, state=State.WITHDRAWN, withdrawn_at=now), reading="r1", at=now)
        del self.live[:-20]
        if any(report.edition for report in Post(app).compose().reports):
            Post(app).deliver()

    def editions(self):
        """Return newsletter → the slots that have editions, in the order of their numbers."""
        with self.site.app() as app:
            found = [edition for edition, _ in Post(app).editions()]
        by_number = {(edition.newsletter, edition.number): edition.due_at for edition in found}
        assert len(by_number) == len({edition.id for edition in found}) == len(found)
        return {slug: [due for (of, _), due in sorted(by_number.items()) if of == slug] for slug in self.newsletters}

    def messages(self):
        """Return newsletter → how many messages the reader got."""
        names = (file.name for file in (self.site.folder / "var" / "maildir" / "new").iterdir())
        return Counter(name.partition("-")[2].partition(".")[0] for name in names)  # a hash stands before


@pytest.fixture
def yearlong(site):
    """Give a paper whose newsletters come on Sundays, when clocks change, and one every month."""
    return Paper(site, YEARLONG)


@pytest.fixture
def daily(site):
    """Give a paper whose newsletters come every day."""
    return Paper(site, DAILY)


def slots(newsletter, start=START, end=END):
    """Return when the clock of a newsletter's zone first shows its time, or more, on each of its days."""
    _, zone, its_days, at = newsletter
    found = {}
    for number in range((end - start + DAY) // QUARTER):  # from a day before, so that the first day begins as it does
        instant = start - DAY + number * QUARTER
        local = instant.astimezone(zone)
        if (local.date() - START.date()).days in its_days and local.time() >= time.fromisoformat(at):
            found.setdefault(local.date(), instant)
    return sorted(instant for instant in found.values() if instant >= start)


def newest_at(instants, due):
    """Return those slots that were the newest at one of the instants."""
    return sorted({due[bisect(due, instant) - 1] for instant in instants if instant >= due[0]})


def clock_changes(zone):
    """Return when in the year the clock of a zone is set, to the hour."""
    hours = [START + number * HOUR for number in range((END - START) // HOUR)]
    return [after for before, after in pairwise(hours) if offset(before, zone) != offset(after, zone)]


def offset(instant, zone):
    return instant.astimezone(zone).utcoffset()


def cron_ticks(due):
    """Yield the ticks of a cron that is not to be relied on, but for some minutes around slots and clock changes."""
    chance = Random(1)
    days = (START + (n + chance.random()) * DAY for n in range(0, (END - START) // DAY, 2))
    around = (slot + timedelta(minutes=m) for slot in due for m in (-1, chance.randrange(15), chance.randrange(16, 90)))
    changes = chain(*map(clock_changes, (DUBLIN, NEW_YORK, LORD_HOWE)))
    dense = (change + n * QUARTER for change in changes for n in range(-6, 7))
    return sorted(tick for tick in {*days, *around, *dense} if START < tick < END)


# ---- a year ----


@pytest.mark.rule("T53")
@pytest.mark.rule("T54")
def test_year_of_cron_gives_every_slot_one_edition_and_the_reader_one_message(yearlong):
    due, site = {slug: slots(newsletter) for slug, newsletter in YEARLONG.items()}, yearlong.site
    site.now = START
    with site.app() as app:
        yearlong.begin(app)
        for site.now in cron_ticks(chain(*due.values())):
            yearlong.tick(app)
    assert yearlong.editions() == due
    assert yearlong.messages() == {slug: len(slots) for slug, slots in due.items()}
    assert [len(slots) for slots in due.values()] == [52, 52, 26, 26]


class Snooze(Event):
    """Stands in for waiting: moves the machine's clock on instead, by as much as it is told."""

    def __init__(self, clock, naps=lambda: timedelta(minutes=1), last=None):
        super().__init__()
        self.clock, self.naps, self.last = clock, naps, last

    def wait(self, timeout=None):
        nap = self.naps()
        if nap is None or (self.last and datetime.now(UTC) >= self.last):
            self.set()
        else:
            self.clock.shift(nap)
        return self.is_set()


@contextmanager
def machine_clock(start):
    """Set the machine's clock, and let it stand; it shows the time of Dublin, as a daemon's does there."""
    with time_machine.travel(start.astimezone(DUBLIN), tick=False) as clock:
        yield clock


@contextmanager
def daemon(paper):
    """Give an app that goes by the machine's clock."""
    app = App(load_config(paper.site.folder / "config.toml", {}))
    try:
        yield app
    finally:
        app.close()


@pytest.mark.rule("D13")
def test_year_of_the_daemon_gives_one_edition_to_the_newest_slot_of_each_beat(yearlong):
    beats, chance = [], Random(2)
    changes = [*chain(*map(clock_changes, (DUBLIN, NEW_YORK, LORD_HOWE)))]

    def nap():
        """Return how long the machine is asleep: for minutes about the clock changes, else for hours."""
        is_near = any(abs(datetime.now(UTC) - change) < 8 * HOUR for change in changes)
        return chance.random() * (HOUR if is_near else 30 * HOUR)

    def beat():
        yearlong.tick(app)
        beats.append(datetime.now(UTC))

    with machine_clock(START) as clock, daemon(yearlong) as app:
        yearlong.begin(app)
        beat_until(Snooze(clock, nap, END - DAY), beat, seconds=60)
    due = {slug: slots(newsletter) for slug, newsletter in YEARLONG.items()}
    newest = {slug: newest_at(beats, found) for slug, found in due.items()}
    assert yearlong.editions() == newest
    assert yearlong.messages() == {slug: len(slots) for slug, slots in newest.items()}
    assert (len(newest["dublin"]), len(beats) > 500) == (52, True)


# ---- the clock of the machine is set, by two days, about the time when the zone's is ----


def ticks_between(start, end):
    """Return a tick every three hours, at some odd minute."""
    return [start + timedelta(minutes=7) + number * HOUR for number in range(0, (end - start) // HOUR, 3)]


@pytest.fixture(params=[(slug, day) for slug, days in CHANGES.items() for day in days], ids=lambda p: f"{p[0]}-{p[1]}")
def change(request):
    """Give a newsletter, and noon of a day on which its zone's clock was set early in the morning."""
    slug, day = request.param
    return slug, datetime.combine(day, time(12), DAILY[slug][1]).astimezone(UTC)


def lived_through(paper, ticks, start):
    paper.site.now = start
    with paper.site.app() as app:
        paper.begin(app)
        for paper.site.now in ticks:
            paper.tick(app)
    return paper.editions()


@pytest.mark.rule("T55")
def test_clock_set_back_two_days_makes_no_second_edition(daily, change):
    slug, noon = change
    start, end = noon - 3 * DAY, noon + 2 * DAY
    ticks = [*ticks_between(start, noon), *ticks_between(noon - TWO_DAYS, end)]
    assert lived_through(daily, ticks, start)[slug] == slots(DAILY[slug], start, end)


@pytest.mark.rule("T56")
def test_clock_set_forward_two_days_makes_one_edition_to_catch_up(daily, change):
    slug, noon = change
    start, end = noon - 3 * DAY, noon + 2 * DAY
    ticks = [*ticks_between(start, noon - TWO_DAYS), *ticks_between(noon, end)]
    missed = slots(DAILY[slug], noon - TWO_DAYS, noon)
    assert len(missed) == 2
    assert lived_through(daily, ticks, start)[slug] == [s for s in slots(DAILY[slug], start, end) if s != missed[0]]


@pytest.mark.rule("T55")
def test_press_run_says_once_that_the_clock_went_back_and_goes_on_printing(daily):
    site = daily.site
    site.now = START
    with site.app() as app:
        daily.begin(app)
        site.articles(1)
        site.now += TWO_DAYS
        assert [len(press_run(app).compose.reports), len(daily.editions()["dublin"])] == [3, 1]
        site.now -= TWO_DAYS
        site.article("new.md")
        back = press_run(app)
        assert (back.is_clean, [line.split(":")[0] for line in back.alarms]) == (False, ["clock_went_back"])
        assert (len(back.sync.sources[0].added), "new/index.html" in site.documents()) == (1, True)
        site.now += HOUR
        assert press_run(app).is_clean
    assert {slug: len(found) for slug, found in daily.editions().items()} == dict.fromkeys(DAILY, 1)


# ---- the beat ----


def beats(clock, naps, *, seconds=60, beat=lambda _number: None):
    """Beat until the naps are over; return when each beat came."""
    found, left = [], iter(naps)

    def one_beat():
        found.append(datetime.now(UTC))
        beat(len(found))

    beat_until(Snooze(clock, lambda: next(left, None)), one_beat, seconds=seconds)
    return found


@pytest.mark.rule("D13")
@pytest.mark.parametrize("step", [-TWO_DAYS, TWO_DAYS, -HOUR, HOUR], ids=str)
def test_beat_goes_on_at_once_when_the_clock_is_set(step):
    minute = timedelta(minutes=1)
    with machine_clock(START) as clock:
        came = beats(clock, [minute, minute, step, minute, minute])
    before, after = START + 2 * minute, START + 2 * minute + step
    assert came == [START, START + minute, before, after, after + minute, after + 2 * minute]


@pytest.mark.rule("D13")
@pytest.mark.parametrize("change", [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)])
def test_beat_keeps_its_pace_when_the_zone_of_the_machine_sets_its_clock(change):
    naps = [timedelta(minutes=10)] * 12
    with machine_clock(change - HOUR) as clock:
        came = beats(clock, naps, seconds=600)
    assert came == [change - HOUR + number * timedelta(minutes=10) for number in range(13)]


@pytest.mark.rule("D13")
def test_clock_set_while_the_daemon_beats_makes_no_second_edition_and_one_to_catch_up(daily):
    naps = [*[HOUR] * 48, -TWO_DAYS, *[HOUR] * 60, TWO_DAYS, *[HOUR] * 24]
    left = iter(naps)
    with machine_clock(START) as clock, daemon(daily) as app:
        daily.begin(app)
        beat_until(Snooze(clock, lambda: next(left, None)), lambda: daily.tick(app), seconds=60)
    jumped = slots(DAILY["dublin"], START + 60 * HOUR, START + 108 * HOUR)
    assert len(jumped) == 2
    whole = slots(DAILY["dublin"], START, START + 132 * HOUR)
    assert daily.editions()["dublin"] == [slot for slot in whole if slot != jumped[0]]


@pytest.mark.rule("D13")
def test_beat_that_raises_is_logged_with_its_traceback_and_the_next_one_comes(caplog):
    def beat(number):
        if number == 2:
            raise ZeroDivisionError("by nought")

    with machine_clock(START) as clock:
        assert len(beats(clock, [timedelta(minutes=1)] * 3, beat=beat)) == 4
    (said,) = caplog.records
    assert (said.levelno, said.exc_info[0]) == (logging.ERROR, ZeroDivisionError)
    assert "by nought" in caplog.text


def test_what_a_person_must_mend_is_logged_once_until_it_is_mended_and_comes_again(caplog, tmp_path):
    mistake = ConfigInvalid((Mistake(tmp_path / "config.toml", 3, "site.url", "an address"),))

    def beat(number):
        if number != 4:
            raise mistake

    with machine_clock(START) as clock:
        assert len(beats(clock, [timedelta(minutes=1)] * 5, beat=beat)) == 6
    assert [(r.levelname, r.getMessage(), r.exc_info) for r in caplog.records] == [("ERROR", str(mistake), None)] * 2


def test_beat_beside_another_run_says_so_and_is_no_error(caplog):
    def beat(_number):
        raise PressBusy("4711")

    caplog.set_level(logging.INFO)
    with machine_clock(START) as clock:
        assert len(beats(clock, [timedelta(minutes=1)], beat=beat)) == 2
    assert [(r.levelname, r.exc_info) for r in caplog.records] == [("INFO", None)] * 2


def test_stop_that_is_asked_for_during_a_beat_ends_it():
    came, stop = [], Event()

    def beat():
        came.append(1)
        stop.set()

    beat_until(stop, beat, seconds=3600)
    assert came == [1]
