"""A day of polls by the readers that people use: each entry taken once, and next to nothing sent while nothing changes.

All poll one site, each hour once, beside a script that asks for no deltas. Not here: the readers themselves (pollers).
"""

import shutil
from collections import Counter
from functools import partial

import pytest

from tests.acceptance.http_givens import served
from tests.acceptance.pollers import Feedparser, Newsboat, Reader, Rss2email, Sfeed
from tests.judges import judge
from tests.site_fixtures import new_site

pytestmark = pytest.mark.once

HOURS = 24
FIRST, NEW, EDITED, WITHDRAWN, BUSY = 0, 5, 10, 14, 19
CHANGES = {FIRST, NEW, EDITED, WITHDRAWN, BUSY}
EDIT = "Words that were mended."
BASELINE = "feedparser without deltas"
READERS = {
    "newsboat": (Newsboat, "rss.xml"),
    "r2e": (Rss2email, "rss.xml"),
    "sfeed_update": (Sfeed, "atom.xml"),
    "reader of RSS": (Reader, "rss.xml"),
    "reader of Atom": (Reader, "atom.xml"),
    "reader of JSON": (Reader, "feed.json"),
    "feedparser of RSS": (Feedparser, "rss.xml"),
    "feedparser of Atom": (Feedparser, "atom.xml"),
    BASELINE: (partial(Feedparser, deltas=False), "atom.xml"),
}
PROGRAMS = ("newsboat", "r2e", "sfeed_update")  # the others come with the tests
LIBRARY = ("reader of RSS", "reader of Atom", "reader of JSON")
KEEPS_UP = [name for name in READERS if name not in {"r2e", "sfeed_update"}]  # with edits of what it has had
ASKS_IF = [name for name in READERS if name != "sfeed_update"]  # and sends its validators

# What each is answered where that is not 304. A withdrawal brings nothing new, so that it is told by the whole.
DELTAS = {FIRST: 200, NEW: 226, EDITED: 226, WITHDRAWN: 200, BUSY: 226}
WHOLES = dict.fromkeys(CHANGES, 200)
NEWSBOAT_LEARNS = {1: 200}  # it keeps validators from its second visit on
READER_FORGETS = dict.fromkeys(range(WITHDRAWN + 1, BUSY), 200)  # it keeps none of an answer without news
REFUSED = {NEW: 226, NEW + 1: 200}  # to rss2email up to 3.14 a 226 is an error: it gets one, then wholes for good
EXPECTED = dict.fromkeys(READERS, DELTAS) | {
    "newsboat": DELTAS | NEWSBOAT_LEARNS,
    "sfeed_update": dict.fromkeys(range(HOURS), 200),  # it sends no validators
    **dict.fromkeys(LIBRARY, DELTAS | READER_FORGETS),
    BASELINE: WHOLES,
}
LAGGING = {  # hours in which nothing changes, and the reader still lacks, or says that it lacks, what changed before
    "newsboat": set(NEWSBOAT_LEARNS),
    "r2e": {NEW + 1},
    **{name: set(READER_FORGETS) for name in LIBRARY},
}


# ---- a site that is served, and who was answered what ----


class Answers:
    """The web application behind a witness: who was answered what. ``reader`` is who polls now."""

    def __init__(self):
        self.reader, self.statuses = "", {name: [] for name in READERS}

    def of(self, app):
        async def witnessed(scope, receive, send):
            await app(scope, receive, lambda message: self._tell(message, send))

        return witnessed

    async def _tell(self, message, send):
        if message["type"] == "http.response.start":
            self.statuses[self.reader].append(int(message["status"]))
        await send(message)


# ---- a day ----


def begin(site):
    site.articles(6)
    site.article("later.md", "Waited for its hour.", title="Later", date="2024-11-24 07:30")


def write(site):
    site.article("new.md", "Words.", title="New")


def edit(site):
    site.edit("a02.md", "Words of article 2.", EDIT)


def withdraw(site):
    with site.app() as app:
        app.withdraw(["a03"], reason="Asked for.")


def be_busy(site):
    """Bring two, edit one and take one away in the hour in which another goes live by itself."""
    site.article("last.md", "Words.", title="Last")
    site.article("old.md", "Words.", title="Back-dated", date="2019-01-01 08:00")
    site.edit("a01.md", "Words of article 1.", EDIT)
    site.remove("a04.md")


def rest(site):
    pass


HAPPENS = {FIRST: begin, NEW: write, EDITED: edit, WITHDRAWN: withdraw, BUSY: be_busy}


class Day:
    """A day as it was lived: what each reader was answered, what it took, and what it complained of."""

    def __init__(self, site, answers, readers):
        self.site, self.answers, self._readers, self.complaints = site, answers, readers, {}

    def live(self):
        """Let each hour bring something or nothing; then the press runs, and everybody polls."""
        for hour in range(HOURS):
            HAPPENS.get(hour, rest)(self.site)
            self.site.print()
            for name, reader in self._readers.items():
                self.answers.reader = name
                self._note(name, hour, reader.poll())

    def taken(self, name):
        return self._readers[name].taken()

    def statuses(self, name):
        return dict(enumerate(self.answers.statuses[name]))

    def _note(self, name, hour, complaint):
        if complaint:
            self.complaints.setdefault(name, {})[hour] = complaint


def begun(name, folder, address):
    make, feed = READERS[name]
    home = folder / name
    home.mkdir()
    return make(home, address + feed)


@pytest.fixture(scope="module")
def day(tmp_path_factory, migrated_sqlite):
    folder = tmp_path_factory.mktemp("day")
    site = new_site(folder / "site", migrated_sqlite)
    here = [name for name in READERS if name not in PROGRAMS or shutil.which(name)]
    answers = Answers()
    with served(site, before=answers.of) as address:
        day = Day(site, answers, {name: begun(name, folder, address) for name in here})
        day.live()
        yield day


@pytest.fixture(params=READERS)
def name(request):
    if request.param in PROGRAMS:
        judge(request.param)
    return request.param


# ---- what is expected of it ----


@pytest.mark.rule("F2")
@pytest.mark.rule("F17")
def test_each_reader_takes_each_entry_once(day, name):
    ids = [id for id, _words in day.taken(name)]
    assert Counter(ids) == Counter(entry.id for entry in day.site.entries().values())


@pytest.mark.rule("F17")
@pytest.mark.parametrize("name", KEEPS_UP, indirect=True)
def test_reader_that_takes_deltas_has_the_words_of_one_that_does_not(day, name):
    had = dict(day.taken(name))
    assert had == dict(day.taken(BASELINE))
    assert sum(EDIT in words for words in had.values()) == 2


@pytest.mark.rule("F9")
@pytest.mark.rule("F17")
def test_each_reader_is_answered_with_no_more_than_it_lacks(day, name):
    answers = WHOLES | REFUSED if day.complaints.get(name) else EXPECTED[name]
    assert day.statuses(name) == {hour: answers.get(hour, 304) for hour in range(HOURS)}


@pytest.mark.rule("F9")
@pytest.mark.parametrize("name", ASKS_IF, indirect=True)
def test_nineteen_of_twenty_polls_are_answered_304_while_nothing_changes(day, name):
    quiet = set(range(HOURS)) - CHANGES - LAGGING.get(name, set())
    told = Counter(day.statuses(name)[hour] for hour in quiet)
    assert told[304] >= 0.95 * told.total()


def test_no_reader_complains_but_rss2email_of_its_first_delta(day, name):
    said = day.complaints.get(name, {})
    assert set(said) <= ({NEW} if name == "r2e" else set())
    assert all("HTTP status 226" in words for words in said.values())
