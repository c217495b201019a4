"""The sync of one source: read, match with what is known, write what changed, withdraw what vanished.

Killed half-way and run again it ends in the same state. Not here: what an article says, or which entry it is (rules).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from feeds.errors import ArticleRefused, SourceUnreadable
from feeds.jobs.sync.matching import Matching
from feeds.jobs.sync.report import SyncReport
from feeds.model import Article, Entry, RawEntry, Refusal, State, WithdrawnBy
from feeds.rules.articles import READING, Desk, Reading, content_hash, read_article
from feeds.rules.identity import declared_id, new_id, withdrawals_are_suspicious
from feeds.rules.instants import Instants
from feeds.rules.meta_keys import HOLDING, meta_key
from feeds.rules.revising import Taken, new_entry, revised, what_changed
from feeds.rules.slugs import slug_of
from feeds.sources import Source
from feeds.store import entries, tags, withdrawals
from feeds.store.engine import Store, Transaction
from feeds.store.media import Shelf

BATCH = 100  # entries written in one transaction: others wait no longer than that takes

_KEPT_OUT = "which an operator withdrew; take this file away, or run `pressrun entries restore` for that one"
_REMEDY = "give this file another id, or take the line out; if it was moved here, sync once more"


@dataclass(slots=True)
class _Pending:
    """An article read and waiting to be written; ``known`` is the entry that it is, None for a new one."""

    raw: RawEntry
    reading: Reading
    known: entries.Known | None


class SourceSync:
    """One sync of one source at one instant. Call :meth:`run` once. No new entry takes a slug that is ``reserved``."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        source: Source,
        *,
        desk: Desk,
        site_id: UUID,
        now: datetime,
        reserved: Collection[str] = (),
    ) -> None:
        self._store, self._shelf, self._source, self._reserved = store, shelf, source, reserved
        self._desk, self._site_id, self._now = desk, site_id, now
        self._report = SyncReport(desk.source)
        self._pending: list[_Pending] = []

    def run(
        self, *, accept_withdrawals: bool = False, progress: Callable[[str], None] = lambda _key: None
    ) -> SyncReport:
        """Read all, write what changed, withdraw what vanished, unless so much did that it looks like a mistake."""
        with self._store.reading() as tx:
            self._matching = Matching(self._site_id, self._desk.source, entries.list_known(tx))
            self._tags = set(tags.list_all(tx))
            self._slugs, self._ids = entries.slugs(tx) | set(self._reserved), entries.ids(tx)
            self._instants = Instants(entries.updated_instants(tx))
            self._kept_out = withdrawals.list_kept_out(tx)
        try:
            for item in self._source.entries():
                progress(item.key)
                self._take(item)
        except SourceUnreadable as error:
            self._report.problem = f"{error}; nothing was withdrawn"
            return self._report
        for raw in self._matching.changed_places(self._source):
            self._read(raw, self._matching.known[raw.key])
        self._flush()
        self._settle_unknown()
        self._flush()
        self._withdraw(accept_withdrawals)
        with self._store.writing() as tx:
            self._report.went_live = entries.mark_live(tx, self._now)
        return self._report

    # ---- reading ----

    def _take(self, item: RawEntry | Refusal) -> None:
        stays = self._matching.take(item)
        entry = self._matching.known.get(item.key)
        if isinstance(item, Refusal):
            self._refuse(item, entry)
        elif stays and entry is not None and not self._is_unchanged(item, entry):
            self._read(item, entry)

    def _refuse(self, refusal: Refusal, entry: entries.Known | None) -> None:
        """Report what cannot be read, and hide what was public if it may say that it is so no more."""
        reason, is_out = refusal.reason, entry is not None and entry.state in {State.LIVE, State.SCHEDULED}
        if entry is not None and is_out and refusal.hides:
            with self._store.writing() as tx:
                entries.mark_withdrawn(tx, [entry.id], at=self._now, by="source", reason=reason)
            self._report.hidden.append((refusal.key, reason))
        elif entry is not None and entry.state is State.LIVE:
            self._report.stale.append(refusal.key)
            reason += "; what was published before is still public"
        self._report.refused.append((refusal.key, reason))

    def _is_unchanged(self, raw: RawEntry, entry: entries.Known) -> bool:
        if entry.is_gone or entry.source_hash != raw.source_hash:
            return False
        with self._store.reading() as tx:
            article = entries.get(tx, entry.id).article
        on_shelf = all(self._shelf.path(name).is_file() for _, name in article.files if name)
        same = on_shelf and entry.reading == self._mark(article)
        self._report.unchanged += same
        return same

    def _read(self, raw: RawEntry, entry: entries.Known | None) -> None:
        try:
            reading = read_article(raw, self._desk)
        except ArticleRefused as error:
            self._refuse(Refusal(raw.key, error.reason, hides=error.hides), entry)
            return
        except Exception as error:  # a fault of ours that this article met: it must not stop the others
            told = f"it cannot be read, which is a fault of Pressrun's, not yours ({type(error).__name__}: {error})"
            self._refuse(Refusal(raw.key, told, hides=any(meta_key(key) in HOLDING for key in raw.meta)), entry)
            return
        original = self._kept_out_original(raw, reading, entry)
        if original is not None:
            self._refuse(Refusal(raw.key, f"it says word for word what {original} said, {_KEPT_OUT}"), entry)
            return
        declared = declared_id(self._site_id, raw)
        if entry is not None and declared not in {None, entry.id}:
            note = f"its id {declared} is not the one it was published under; it stays {entry.id}"
            reading = replace(reading, notes=(*reading.notes, note))
        self._report.notes += [(raw.key, note) for note in reading.notes]
        self._pending.append(_Pending(raw, reading, entry))
        if len(self._pending) >= BATCH:
            self._flush()

    def _kept_out_original(self, raw: RawEntry, reading: Reading, entry: entries.Known | None) -> str | None:
        """Return the source/key of what an operator withdrew, where a file brings its very words under another name."""
        # What is in print with the same words is an entry of its own, for an operator to withdraw by its name.
        stays = entry is not None and not entry.is_gone and entry.source_hash == raw.source_hash
        if not self._kept_out or stays or (entry is not None and entry.withdrawn_by == WithdrawnBy.OPERATOR):
            return None
        return self._kept_out.get(content_hash(raw, reading.article.files))

    def _mark(self, article: Article) -> str:
        """Return the mark of how an article was read: the reader's version, the desk, the files beside it."""
        files = [(path, self._source.stamp(path)) for path, _ in article.files]
        said = repr((READING, str(self._desk.zone), self._desk.site_url, self._desk.language, files))
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]

    # ---- files under keys that the store does not know ----

    def _settle_unknown(self) -> None:
        """Find out which unknown files are entries that moved, which are new, and which nobody may have."""
        settlement = self._matching.settle(self._source)
        self._move(self._matching.mark_moved(settlement.moved))
        for key in settlement.new:
            self._read(self._matching.unknown[key], self._matching.entry_at(key))
        for key, reason in settlement.clashes.items():
            self._refuse(Refusal(key, f"{reason}; {_REMEDY}"), self._matching.entry_at(key))

    def _move(self, moved: Mapping[str, entries.Known]) -> None:
        source = self._desk.source
        with self._store.writing() as tx:
            entries.free_keys(tx, source, moved.keys())
            for key, entry in moved.items():
                entries.move(tx, entry, key=key, source=source, at=self._now)
        for key, entry in moved.items():
            if entry.source != source:
                self._report.moved.append(f"{entry.source}/{entry.key} → {source}/{key}")
            elif key != entry.key:
                self._report.moved.append(f"{entry.key} → {key}")
            self._read(self._matching.unknown[key], entry)

    # ---- writing ----

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        for path, name in (file for one in pending for file in one.reading.article.files):
            if name:
                self._shelf.put(name, self._source.original(path))
        if pending:
            with self._store.writing() as tx:
                for one in pending:
                    self._write(tx, one)

    def _write(self, tx: Transaction, one: _Pending) -> None:
        own = entries.own_slugs(tx, one.known.id) if one.known else set()
        self._slugs -= own  # an entry may go back to a slug that it had
        taken = Taken(self._slugs, self._instants)
        reading = self._mark(one.reading.article)
        if one.known is None:
            id_ = new_id(self._site_id, self._desk.source, one.raw, taken=self._ids)
            entry = new_entry(one.raw, one.reading, id=id_, source=self._desk.source, taken=taken, now=self._now)
            entries.add(tx, entry, reading=reading)
            self._report.added.append(entry.key)
        else:
            old = entries.get(tx, one.known.id)
            entry = revised(old, one.raw, one.reading, taken=taken, now=self._now)
            entries.replace(tx, old, entry, reading=reading, at=self._now)
            self._record_change(what_changed(old, entry), entry.key)
        self._ids.add(entry.id)
        self._slugs |= own | {entry.slug}
        self._instants.add(entry.updated_at)
        self._write_tags(tx, entry)

    def _record_change(self, change: str, key: str) -> None:
        if change == "edited":
            self._report.edited.append(key)
        elif change == "restored":
            self._report.restored.append(key)
        else:
            self._report.unchanged += 1

    def _write_tags(self, tx: Transaction, entry: Entry) -> None:
        for tag in entry.article.tags:
            if tag.slug not in self._tags:
                tags.put(tx, tag, at=self._now)
                self._tags.add(tag.slug)
        tags.set_for_entry(tx, entry.id, [(tag.name, slug_of(tag.name, signs=True)) for tag in entry.article.tags])

    # ---- withdrawing ----

    def _withdraw(self, accept: bool) -> None:
        leaving = self._matching.gone(self._source)
        keys = [entry.key for entry in leaving]
        if withdrawals_are_suspicious(len(leaving), self._matching.there) and not accept:
            self._report.held = keys
            return
        with self._store.writing() as tx:
            ids = [entry.id for entry in leaving]
            entries.mark_withdrawn(tx, ids, at=self._now, by="source", reason="its file is gone")
        self._report.withdrawn = keys
