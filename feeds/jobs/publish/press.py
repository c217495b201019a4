"""The press: plan what the changes touch, then print it: pages first, then the feeds that point to them, removals last.

Not here: making documents (entry_pages, listings, feed_documents, fixed), writing them (writing).
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from feeds.config import Config, Content
from feeds.errors import TemplateInvalid
from feeds.jobs.publish.directories import Directories
from feeds.jobs.publish.documents import Sheet
from feeds.jobs.publish.elements import ElementStock, Manner
from feeds.jobs.publish.entry_pages import EntryPages
from feeds.jobs.publish.feed_documents import FeedDocuments
from feeds.jobs.publish.feed_pages import FeedPages
from feeds.jobs.publish.fixed import Fixed, site_view
from feeds.jobs.publish.listings import Listings
from feeds.jobs.publish.media import Media
from feeds.jobs.publish.output import Output
from feeds.jobs.publish.planning import Plan, plan
from feeds.jobs.publish.report import PublishReport
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.stock import Stock
from feeds.jobs.publish.subjects import DIRECTORIES, FEED_PAGE, INDEX, SITE, SITEMAP, Subjects
from feeds.jobs.publish.writing import Writer
from feeds.model import Tag
from feeds.rendering.environment import Templates
from feeds.store import entries, reprints, tags
from feeds.store.engine import Store
from feeds.store.media import Shelf
from feeds.store.reprints import NEWSLETTER, Reprint

if TYPE_CHECKING:
    from feeds.jobs.publish.edition_feeds import EditionFeeds
    from feeds.jobs.publish.edition_pages import EditionPages

PRINTING = "printing"  # set while a publish is at work: found by the next, that one was killed or broke off
MANY_VALUES = 20_000  # made and not let go of, before Python looks for rings among them
Progress = Callable[[str], None]


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Have Python look less often for values that hold one another: it looks at every few hundred new ones.

    A publish makes them by the million, and hardly one such ring: the looking took a second for 10,000 articles.
    """
    usual = gc.get_threshold()
    gc.set_threshold(MANY_VALUES, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a publish works with; ``materials`` is the mark of its settings and templates.

    ``newsletters`` gives what prints editions, with all that mail is written with: most edits of an article touch none.
    """

    config: Config
    store: Store
    shelf: Shelf
    templates: Templates
    materials: str
    newsletters: Callable[[Room], tuple[EditionPages, EditionFeeds]]


@_seldom_collected()
def publish(
    press: Press, *, now: datetime, anew: bool = False, progress: Progress = lambda _path: None
) -> PublishReport:
    """Print what changed since the last publish, as of ``now``; ``anew`` prints everything, as does an emptied folder.

    A document that cannot be written is reported, and the others go on. Raises OutputRefused where the output folder
    as a whole is refused. TemplateInvalid is raised last: feeds need no template, and what was withdrawn goes even
    where no page can be printed.
    """
    report, store = PublishReport(), press.store
    output = Output(press.config.output.path)
    anew = anew or not press.config.output.front.is_file()
    with store.reading() as tx:
        aliases, named = tags.list_aliases(tx), tags.list_all(tx)
        was_killed = reprints.find_mark(tx, PRINTING) is not None
    output.open(clear_scraps=was_killed)
    with store.writing() as tx:
        report.went_live = entries.mark_live(tx, now)
        reprints.set_mark(tx, PRINTING, now.isoformat())
    subjects = Subjects(press.config, aliases)
    names = Names(named, aliases)
    planned = plan(store, subjects, press.config.site.press, materials=press.materials, now=now, anew=anew)
    run = _PressRun(press, output, planned, subjects=subjects, names=names, report=report, now=now)
    broken = run.print_all(progress)
    with store.writing() as tx:
        reprints.drop_mark(tx, PRINTING)
    if broken is not None:
        raise broken
    return report


@dataclass(frozen=True, slots=True)
class Names:
    """What tags are called: all of them by their slugs, and old slugs by those of now."""

    tags: dict[str, Tag]
    aliases: dict[str, str]


class _PressRun:
    """One publish: its parts, and what is due by subject."""

    def __init__(
        self,
        press: Press,
        output: Output,
        planned: Plan,
        *,
        subjects: Subjects,
        names: Names,
        report: PublishReport,
        now: datetime,
    ) -> None:
        config, store = press.config, press.store
        self._store, self.report = store, report
        self._entries = [one.subject[1:] for one in planned.due if one.subject[0] == "="]
        self._due = _by_subject(one for one in planned.due if one.subject[0] != "=")
        self._writer = Writer(store, output, report, config=config, plan=planned, now=now)
        self._media = Media(store, press.shelf, output, report=report)
        stock = Stock(store, config.site.press)
        self._elements = ElementStock(stock, output, planned.materials)
        room = Room(
            config=config,
            store=store,
            subjects=subjects,
            stock=stock,
            elements=self._elements,
            site=site_view(config),
            templates=press.templates,
            tags=names.tags,
            tag_aliases=names.aliases,
        )
        self._pages = EntryPages(room, manners=manners(config), show_files=self._media.show)
        self._listings, self._directories, self._fixed = Listings(room), Directories(room), Fixed(room)
        self._feeds, self._feed_pages = FeedDocuments(room), FeedPages(room)
        self._editions: EditionPages | None = None
        self._edition_feeds: EditionFeeds | None = None
        if any(map(_is_newsletter, self._due)):
            self._editions, self._edition_feeds = press.newsletters(room)

    def print_all(self, progress: Progress) -> TemplateInvalid | None:
        """Print all that is due; return what is wrong with a template where that held something back."""
        with closing(self._elements):
            write = self._writer.write_all
            write(self._pages.pages(self._entries), progress)
            broken = self._pages.broken or self._attempt(self._listed(), progress)
            write(self._of(lambda name: name[0] not in "@%", self._feeds.sheets), progress)
            if self._edition_feeds is not None:
                self._edition_feeds.pages_stand = broken is None
                write(self._of(_is_newsletter, self._edition_feeds.sheets), progress)
            broken = broken or self._attempt(self._on_feeds(), progress)
            broken = broken or self._attempt(self._standing(), progress)
            write(self._pages.rest(), progress)
            write(self._media.settled([subject for subject in self._due if subject[0] == "%"]), progress)
        self.report.notes += self._pages.notes
        self.report.notes += [note for notes in self._elements.notes.values() for note in notes]
        self.report.removed.sort()
        return broken

    def _attempt(self, sheets: Iterable[Sheet], progress: Progress) -> TemplateInvalid | None:
        """Write sheets that need templates; return what is wrong with one where that stopped it."""
        try:
            self._writer.write_all(sheets, progress)
        except TemplateInvalid as error:
            return error
        return None

    def _listed(self) -> Iterator[Sheet]:
        yield from self._of(_is_listing, self._listings.sheets)
        if self._editions is not None:
            yield from self._of(_is_newsletter, self._editions.sheets)

    def _on_feeds(self) -> Iterator[Sheet]:
        self._look_again()
        yield from self._of(lambda name: name.startswith(FEED_PAGE), self._feed_pages.sheets)

    def _standing(self) -> Iterator[Sheet]:
        """Yield what leads to all the rest: directories, the front page, what stands once."""
        self._look_again()
        yield from self._of(lambda name: name in DIRECTORIES, self._directories.sheets)
        yield from self._of(lambda name: name == INDEX, self._listings.sheets)
        yield from self._of(lambda name: name in {SITEMAP, SITE}, self._fixed.sheets)

    def _look_again(self) -> None:
        """Take note of what printing the rest has made due."""
        with self._store.reading() as tx:
            self._due |= _by_subject(one for one in reprints.list_listed(tx) if _is_last(one.subject))

    def _of(
        self, wanted: Callable[[str], bool], sheets: Callable[[str, Iterable[int]], Iterator[Sheet]]
    ) -> Iterator[Sheet]:
        for name in sorted(filter(wanted, self._due)):
            yield from sheets(name, self._due[name])


def manners(config: Config) -> set[Manner]:
    """Return the manners in which most entries are written; others are built where they are needed."""
    return {
        Manner(feed.content is Content.FULL, config.site.language)
        for feed in config.feeds
        if not feed.private and feed.language is None
    }


def _is_last(name: str) -> bool:
    """Tell whether something is printed after the feeds, which may have made it due."""
    return name in {SITE, SITEMAP, INDEX, *DIRECTORIES} or name.startswith(FEED_PAGE)


def _is_newsletter(name: str) -> bool:
    return name.startswith(NEWSLETTER)


def _is_listing(name: str) -> bool:
    return name[0] == "@" and not (_is_last(name) or _is_newsletter(name))


def _by_subject(due: Iterable[Reprint]) -> dict[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for one in due:
        found[one.subject].add(one.part)
    return dict(found)
