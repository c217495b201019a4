"""The feeds' documents: what people subscribe to, and the archives behind it (RFC 5005), in each format.

Not here: which entries a feed holds (planning), their bytes (elements), writing to disk (press).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.config import Config, FeedConfig
from feeds.config.frames import NEVER, frame_of
from feeds.formats import FORMATS, KINDS, print_document
from feeds.jobs.publish.documents import GONE, Document, Sheet, gone_marker, moved_marker
from feeds.jobs.publish.elements import Manner
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.subjects import FEED_PAGE, SITE, is_listed
from feeds.model import Feed, Tombstone
from feeds.rendering.views import FeedLink
from feeds.rules.archives import archive_length, closings, fitting
from feeds.rules.families import Each, Member
from feeds.rules.queries import newest_first
from feeds.store import documents, feed_entries, reprints
from feeds.store.feed_entries import Member as Held
from feeds.store.reprints import OPEN, Reprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One feed as it is to be printed: its name among all, its settings, where it stands, its frame without entries.

    ``is_listed`` says that a listing stands in its folder, and is its page.
    """

    name: str
    config: FeedConfig
    path: str
    former: tuple[str, ...]
    frame: Feed
    manner: Manner
    is_listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store knows of a feed: its open entries, its newest, those that left, its documents but for archives.

    ``last`` is its newest archive; those from ``first_closed`` are new.
    """

    held: tuple[Held, ...]
    newest: tuple[Held, ...]
    left: tuple[tuple[str, datetime], ...]
    there: tuple[documents.Publication, ...]
    last: int
    first_closed: int

    @property
    def again(self) -> list[Held]:
        """The entries of archives that are newer by their dates than some that are open: they show among those."""
        open_ids = {one.entry_id for one in self.held}
        oldest = min((one.published_at for one in self.held), default=None)
        archived = (one for one in self.newest if one.entry_id not in open_ids)
        return [one for one in archived if oldest is None or one.published_at > oldest]


class FeedDocuments:
    """Prints feeds by their names."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._config, self._store, self._subjects = room.config, room.store, room.subjects
        self._elements, self._tag_aliases = room.elements, room.tag_aliases

    def sheets(self, name: str, parts: Iterable[int]) -> Iterator[Sheet]:
        """Yield what is to be printed of a feed: archives first, since what is open points to them."""
        config = self._subjects.feed(name)
        due = set(parts)
        if config is None or config.private:
            yield from self._ended(name, due)
            return
        known = self._known(name, config.limit)
        member = self._room.member(name, known.newest) if config.each else None
        if config.each and member is None:
            yield from self._empty(name, due)
            return
        issue = self._issue(name, config, member)
        if OPEN in due:
            known = self._close(issue, known)
            due |= set(range(known.first_closed, known.last + 1))
        elif self._shows_again(issue, known, due):
            due.add(OPEN)
        for part in sorted(due - {OPEN}):
            yield self._archive(issue, part)
        if OPEN in due:
            yield self._open(issue, known)

    def _known(self, name: str, limit: int) -> _Known:
        with self._store.reading() as tx:
            last, held = feed_entries.last_part(tx, name), feed_entries.list_part(tx, name, None)
            newest = feed_entries.list_newest(tx, name, limit) if last else newest_first(held)[:limit]
            return _Known(
                held=tuple(held),
                newest=tuple(newest),
                left=tuple(feed_entries.list_left(tx, name)),
                there=tuple(documents.list_open(tx, name)),
                last=last,
                first_closed=last + 1,
            )

    # ---- feeds that are no more ----

    def _ended(self, name: str, due: set[int]) -> Iterator[Sheet]:
        """Clear the documents of a feed that the config no longer has; their addresses say that it ended."""
        with self._store.reading() as tx:
            known = documents.list_of(tx, [name])
        there = [one for one in known if not one.format.startswith(".")]
        ended = [] if name.startswith("@") else [one.path for one in there if one.format in FORMATS]
        ended += [one.part for one in known if one.format == GONE]  # said before: its sign stays
        markers = [gone_marker(_document_at(name, path)) for path in sorted(set(ended))]
        yield from _cleared(name, due, [one.path for one in there], markers=markers)

    def _empty(self, name: str, due: set[int]) -> Iterator[Sheet]:
        """Clear a family's member without entries: it may come back, so nothing says that it ended."""
        with self._store.reading() as tx:
            there = documents.list_of(tx, [name])
        yield from _cleared(name, due, [one.path for one in there], markers=[])

    # ---- what is open, and what is closed ----

    def _close(self, issue: Issue, known: _Known) -> _Known:
        """Close what is due to be closed; return what is known then."""
        wanted = (*known.held, *known.again)
        self._elements.reuse([one for one in known.there if not one.part], wanted, issue.manner)
        self._elements.ensure(wanted, issue.manner)
        sizes = [self._elements.size(one.entry_id, issue.manner) for one in known.held]
        limit = issue.config.limit
        groups = closings(sizes, keep=limit, length=archive_length(limit))
        if not groups:
            return known
        closed = {entry_id: part for part, group in enumerate(groups, known.last + 1) for entry_id in group}
        with self._store.writing() as tx:
            feed_entries.close(tx, issue.name, closed.items())
            reprints.add(tx, (Reprint(issue.name, part) for part in closed.values()))
        held = tuple(one for one in known.held if one.entry_id not in closed)
        known = replace(known, held=held, last=known.last + len(groups))
        self._elements.ensure(known.again, issue.manner)
        return known

    def _shows_again(self, issue: Issue, known: _Known, parts: set[int]) -> bool:
        """Tell whether what is open is due too, since one of its newest by date stands in an archive that is."""
        with self._store.reading() as tx:
            closed = {one.entry_id for part in parts for one in feed_entries.list_part(tx, issue.name, part)}
        if closed.isdisjoint(one.entry_id for one in known.again):
            return False
        self._elements.ensure((*known.held, *known.again), issue.manner)
        return True

    def _archive(self, issue: Issue, part: int) -> Sheet:
        with self._store.reading() as tx:
            held = feed_entries.list_part(tx, issue.name, part)
            before = documents.list_of(tx, [issue.name], str(part))
        self._elements.reuse(before, held, issue.manner)
        path = _archive_path(issue.path, part)
        frame = replace(
            issue.frame,
            addresses=self._addresses(issue, path),
            current=issue.frame.addresses,
            tombstones=(),
            previous=self._addresses(issue, _archive_path(issue.path, part - 1)) if part > 1 else {},
        )
        printed = tuple(self._print(issue, newest_first(held), frame=frame, path=path, part=str(part)))
        wanted = {document.path for document in printed}
        stale = tuple(one.path for one in before if one.path not in wanted)
        return Sheet(due=Reprint(issue.name, part), documents=printed, cleared=stale)

    def _open(self, issue: Issue, known: _Known) -> Sheet:
        held = {one.entry_id: one for one in known.held}
        taken = sum(self._elements.size(entry_id, issue.manner).size for entry_id in held)
        again = fitting([self._elements.size(one.entry_id, issue.manner) for one in known.again], taken=taken)
        held |= {one.entry_id: one for one in known.again if one.entry_id in set(again)}
        frame = replace(
            issue.frame,
            previous=self._addresses(issue, _archive_path(issue.path, known.last)) if known.last else {},
            tombstones=tuple(Tombstone(entry_id, at) for entry_id, at in known.left),
        )
        printed = list(self._print(issue, newest_first(held.values()), frame=frame, path=issue.path, part=""))
        copies = [copy for document in printed for copy in self._former(issue, document)]
        wanted = {document.path for document in (*printed, *copies)}
        stale = [one.path for one in known.there if one.path not in wanted]
        named = {one.path: one.title for one in known.there}
        is_known = all(named.get(document.path) == document.title for document in printed)
        then = () if issue.is_listed else (Reprint(FEED_PAGE + issue.name),)
        then = then if is_known else (*then, Reprint(SITE))
        return Sheet(due=Reprint(issue.name), documents=(*printed, *copies), cleared=tuple(stale), then=then)

    def _print(self, issue: Issue, held: Sequence[Held], *, frame: Feed, path: str, part: str) -> Iterator[Document]:
        """Yield the documents of one part, in each format of the feed."""
        self._elements.ensure(held, issue.manner)
        times = [one.updated_at for one in held] + [stone.at for stone in frame.tombstones]
        frame = replace(frame, updated_at=max(times, default=NEVER))
        for name in issue.config.formats:
            format = FORMATS[name]
            found = [(one, self._elements.read(one.entry_id, issue.manner, name)) for one in held]
            kept = [(one, element) for one, element in found if element is not None]
            missing = [one.entry_id for one, element in found if element is None]
            yield Document(
                feed=issue.name,
                format=name,
                part=part,
                path=below(path, format.filename),
                media_type=format.media_type,
                title="" if part else frame.title,
                data=print_document(format, frame, [element for _, element in kept]),
                held=tuple((one.entry_id, one.change) for one, _ in kept),
                left_out=tuple((each, self._elements.refusal(each, issue.manner, name)) for each in missing),
                is_versioned=not part,
            )

    def _former(self, issue: Issue, document: Document) -> Iterator[Document]:
        """Yield a document once more for each folder where readers may still look for it, with a mark that it moved."""
        for path in issue.former:
            copy = replace(
                document,
                part=f"~{path}",
                title="",
                path=below(path, document.path.rpartition("/")[2]),
                left_out=(),
                is_versioned=False,
            )
            yield copy
            yield moved_marker(copy, self._config.site.url + document.path)

    # ---- frames ----

    def _issue(self, name: str, config: FeedConfig, member: Member | None) -> Issue:
        site, slug = self._config.site, member.slug if member else ""
        path = config.path_for(slug)
        home_url = site.url + ("" if path == "." else f"{path}/")
        frame = replace(frame_of(site, config, member), home_url=home_url, hubs=site.hubs)
        issue = Issue(
            name=name,
            config=config,
            path=path,
            former=tuple(self._former_paths(config, slug)),
            frame=frame,
            manner=Manner(frame.full_text, frame.language),
            is_listed=is_listed(config, slug),
        )
        return replace(issue, frame=replace(frame, addresses=self._addresses(issue, path)))

    def _former_paths(self, config: FeedConfig, slug: str) -> Iterator[str]:
        yield from config.moved_from_for(slug)
        if config.each is Each.TAG:
            yield from (config.path_for(old) for old, new in self._tag_aliases.items() if new == slug)

    def _addresses(self, issue: Issue, path: str) -> dict[str, str]:
        return {name: self._config.site.url + below(path, FORMATS[name].filename) for name in issue.config.formats}


def links_of(config: Config, feed: FeedConfig, member: Member | None = None) -> tuple[FeedLink, ...]:
    """Return what a page advertises of a feed, or of a family's member."""
    title, path = (feed.title_for(member.name), feed.path_for(member.slug)) if member else (feed.title, feed.path)
    return links_at(config, feed, path=path, title=title)


def links_at(config: Config, feed: FeedConfig, *, path: str, title: str) -> tuple[FeedLink, ...]:
    """Return the documents of the feed that stands in a folder."""
    return tuple(
        FeedLink(
            title=f"{title} ({KINDS[format].label})",
            media_type=FORMATS[format].media_type,
            url=config.site.url + below(path, FORMATS[format].filename),
            label=KINDS[format].label,
        )
        for format in feed.formats
    )


def below(path: str, filename: str) -> str:
    """Return the path of a file in a feed's folder, ``.`` being the output itself."""
    return filename if path == "." else f"{path}/{filename}"


def _archive_path(path: str, part: int) -> str:
    return below(path, f"archive/{part}")


def _cleared(name: str, due: set[int], paths: Sequence[str], *, markers: Sequence[Document]) -> Iterator[Sheet]:
    """Yield one sheet that clears all, under the open part, and empty ones for the others that were due."""
    yield from (Sheet(due=Reprint(name, part)) for part in sorted(due - {OPEN}))
    then = (Reprint(SITE), Reprint(FEED_PAGE + name)) if paths else ()
    yield Sheet(due=Reprint(name), documents=tuple(markers), cleared=tuple(paths), then=then)


def _document_at(feed: str, path: str) -> Document:
    return Document(feed=feed, format="", part="", path=path, media_type="", data=b"")
