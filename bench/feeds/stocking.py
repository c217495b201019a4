"""A site of made-up articles: as a folder to sync, or written straight into its store, as a sync would have.

Reading 100,000 files takes a while, and is not what is measured. ``differences`` proves that the two come to the same.
Not here: the articles (synthetic).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.feeds.synthetic import PICTURE_FOLDER, Article, articles, write_pictures
from feeds.app import App
from feeds.config import load_config
from feeds.jobs.sync import settle_tags
from feeds.model import Article as Content
from feeds.model import Block, Image, LocalFile, Person, RawEntry, Role, Tag
from feeds.rules.articles import SUMMARY_LENGTH, Reading
from feeds.rules.identity import new_id
from feeds.rules.instants import Instants
from feeds.rules.revising import Taken, new_entry, revised
from feeds.rules.slugs import slug_of
from feeds.rules.text import cut
from feeds.sources.folder import FolderSource
from feeds.store import entries, tags
from feeds.store.engine import Transaction

SOURCE, BATCH = "articles", 500
CONFIG = """\
[site]
id = "7f0f8b5e-6a57-4a0b-9a0e-3d2c4b1f6e21"
title = "The Bench"
url = "https://bench.example/"
author = "The desk"

[[feeds]]
slug = "site"
title = "The Bench"
path = "."
limit = 50
"""
TAGS = """

[[feeds]]
slug = "tags"
title = "The Bench: {name}"
each = "tag"
path = "tags/{slug}"
limit = 20
"""


class Site:
    """A site in a folder of its own."""

    def __init__(self, folder: Path, *, with_tags: bool = True) -> None:
        self.folder = folder
        self.source = FolderSource(folder / "articles")
        self._tags: set[str] = set()
        (folder / "articles").mkdir(parents=True)
        (folder / "config.toml").write_text(CONFIG + TAGS * with_tags, encoding="utf-8")
        write_pictures(folder / "articles" / PICTURE_FOLDER)

    def app(self) -> App:
        return App(load_config(self.folder / "config.toml", {}), lambda: datetime.now(UTC))

    @property
    def documents(self) -> int:
        """How many files the output holds, their compressed forms not counted."""
        files = (self.folder / "public").rglob("*")
        return sum(file.is_file() and file.suffix not in {".gz", ".br"} for file in files)

    def write_files(self, count: int) -> None:
        """Write the articles as files."""
        write_files(self.folder / "articles", ((one.key, one.file()) for one in articles(count)))

    def stock(self, count: int) -> None:
        """Write the articles straight into the store."""
        app, instants = self.app(), Instants(set())
        now = app.clock()
        for first in range(0, count, BATCH):
            with app.store.writing() as tx:
                for number in range(first, min(first + BATCH, count)):
                    self._add(tx, app, Article(number), instants=instants, now=now)
        with app.store.writing() as tx:
            entries.mark_live(tx, now)
        settle_tags(app.store, {}, now=now)
        for picture in (self.folder / "articles" / PICTURE_FOLDER).iterdir():
            app.shelf.put(self._file(f"{PICTURE_FOLDER}/{picture.name}").name, picture)
        app.close()

    def edit(self, number: int) -> None:
        """Change one article in the store, as a sync does that finds its file changed."""
        app = self.app()
        now = app.clock()
        with app.store.writing() as tx:
            old = entries.find_by_name(tx, f"{SOURCE}/{Article(number).key}")
            assert old is not None
            more = f"<p>Edited at {now:%H:%M:%S.%f}.</p>"
            reading = Reading(replace(old.article, html=f"{old.article.html}\n{more}"), ())
            taken = Taken(set(), Instants(set()))
            entry = revised(old, _raw(Article(number), more), reading, taken=taken, now=now)
            entries.replace(tx, old, entry, reading="", at=now)
        app.close()

    def add(self, number: int) -> None:
        """Add one article to the store, newer than all, as a sync does that finds its file."""
        app = self.app()
        now = app.clock()
        with app.store.writing() as tx:
            self._add(tx, app, Article(number), instants=Instants(set()), now=now)
            entries.mark_live(tx, now)
        app.close()

    def _add(self, tx: Transaction, app: App, article: Article, *, instants: Instants, now: datetime) -> None:
        raw, reading = _raw(article), Reading(self._content(article), ())
        id_ = new_id(app.config.site.id, SOURCE, raw, taken=())
        entry = new_entry(raw, reading, id=id_, source=SOURCE, taken=Taken((), instants), now=now)
        instants.add(entry.updated_at)
        entries.add(tx, entry, reading="")
        tag = slug_of(article.tag, signs=True)
        if tag not in self._tags:
            tags.put(tx, Tag(tag, article.tag), at=now)
            self._tags.add(tag)
        tags.set_for_entry(tx, entry.id, [(article.tag, tag)])

    def _content(self, article: Article) -> Content:
        file = self._file(article.picture) if article.picture else None
        return Content(
            title=article.title,
            blocks=(Block(Role.TITLE, article.title), Block(Role.BODY, article.html, is_html=True)),
            html=article.html,
            summary=cut(article.text, SUMMARY_LENGTH),
            authors=(Person(article.author),),
            tags=(Tag(slug_of(article.tag), article.tag),),
            image=_image(file) if file else None,
            published_at=article.at,
            files=((article.picture, file.name),) if article.picture and file else (),
        )

    def _file(self, path: str) -> LocalFile:
        file = self.source.find_file(path)
        assert isinstance(file, LocalFile), file
        return file


def write_files(folder: Path, files: Iterable[tuple[str, str]]) -> None:
    """Write files into a folder, by their paths."""
    for path, text in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def differences(one: Site, other: Site) -> Iterator[str]:
    """Name the columns in which the entries of two stores differ, but for when each was first read, and how."""
    passing = {"first_seen_at", "live_at", "reading", "change"}
    found = [_rows(site, "SELECT * FROM entries ORDER BY id") for site in (one, other)]
    if len(found[0]) != len(found[1]):
        yield f"{len(found[0])} entries, and {len(found[1])}"
    for mine, theirs in zip(*found, strict=False):
        yield from (
            f"{mine['key']}: {name}: {mine[name]!r} and {theirs[name]!r}"
            for name in mine.keys() - passing
            if mine[name] != theirs[name]
        )
    for table in ("entry_tags", "entry_authors", "tags"):
        columns = "slug, name" if table == "tags" else "*"
        if len({str(_rows(site, f"SELECT {columns} FROM {table} ORDER BY 1, 2")) for site in (one, other)}) > 1:
            yield f"{table} differ"


def _rows(site: Site, query: str) -> list[dict[str, object]]:
    store = sqlite3.connect(site.folder / "var" / "pressrun.db")
    store.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in store.execute(query)]
    finally:
        store.close()


def _raw(article: Article, extra: str = "") -> RawEntry:
    meta: dict[str, object] = {
        "title": article.title,
        "date": f"{article.at:%Y-%m-%dT%H:%M:%SZ}",
        "author": article.author,
        "tags": [article.tag],
    }
    if article.picture:
        meta["image"] = f"/{article.picture}"
    hashed = hashlib.sha256(article.file().encode()).hexdigest()
    return RawEntry(
        key=article.key, media_type="text/markdown", text=article.markdown + extra, meta=meta, source_hash=hashed
    )


def _image(file: LocalFile) -> Image:
    return Image(
        address=f"media:{file.name}",
        width=file.width,
        height=file.height,
        media_type=file.media_type,
        length=file.length,
    )
