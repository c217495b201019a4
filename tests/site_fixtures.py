"""A small site in a folder of its own, for tests that run the program itself: in this process, or as a new one.

Loaded by tests/conftest.py. Not here: what is expected of it.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from feeds.app import App
from feeds.cli import main
from feeds.config import load_config
from feeds.rendering.environment import open_templates

ROOT = Path(__file__).parents[1]
NOON = datetime(2024, 11, 23, 12, tzinfo=UTC)
TEMPLATES = open_templates()  # compiled once for all sites: it takes longer than a small site
ATOM = "{http://www.w3.org/2005/Atom}"
CODED = {".gz", ".br"}
CONFIG = """\
[site]
id = "7f0f8b5e-6a57-4a0b-9a0e-3d2c4b1f6e21"
title = "The Harbour Gazette"
url = "https://gazette.example/"
timezone = "Europe/Dublin"
author = "The desk"

[[newsletters]]
slug = "weekly"
title = "The Harbour Weekly"
from = "weekly@gazette.example"
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


def pressrun(*arguments: str) -> Ended:
    """Run a command of the command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        main(arguments)
    return Ended(int(left.value.code or 0), out.getvalue(), err.getvalue())


class Site:
    """A site, the clock that its jobs go by, and short words for what people do with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOON
        (folder / "articles").mkdir(parents=True)
        self.configure()

    @property
    def public(self) -> Path:
        return self.folder / "public"

    def configure(self, more: str = "", *, config: str = CONFIG) -> None:
        (self.folder / "config.toml").write_text(f"{config}\n{more}", encoding="utf-8")

    # ---- the editor ----

    def path(self, key: str) -> Path:
        return self.folder / "articles" / key

    def write(self, key: str, text: str | bytes) -> None:
        self.path(key).parent.mkdir(parents=True, exist_ok=True)
        self.path(key).write_bytes(text.encode() if isinstance(text, str) else text)

    def article(self, key: str, body: str = "Some words.", **front: object) -> None:
        """Write a Markdown article; its date is the 20th unless it is given."""
        lines = {"title": key, "date": "2024-11-20 08:00"} | front
        self.write(key, "---\n" + "".join(f"{k}: {v}\n" for k, v in lines.items()) + f"---\n{body}\n")

    def articles(self, count: int) -> None:
        for n in range(1, count + 1):
            self.article(f"a{n:02}.md", f"Words of article {n}.", title=f"Article {n:02}", date=f"2024-11-{n:02} 08:00")

    def remove(self, *keys: str) -> None:
        for key in keys:
            self.path(key).unlink()

    def move(self, key: str, new_key: str) -> None:
        self.path(new_key).parent.mkdir(parents=True, exist_ok=True)
        self.path(key).rename(self.path(new_key))

    def edit(self, key: str, old: str, new: str) -> None:
        text = self.path(key).read_text(encoding="utf-8")
        assert old in text
        self.path(key).write_text(text.replace(old, new), encoding="utf-8")

    # ---- the program, in this process ----

    @contextmanager
    def app(self) -> Iterator[App]:
        app = App(load_config(self.folder / "config.toml", {}), lambda: self.now, TEMPLATES)
        try:
            yield app
        finally:
            app.close()

    def sync(self, **how):
        """Sync an hour later than whatever was before; return the report of the articles folder."""
        self.now += timedelta(hours=1)
        with self.app() as app:
            return app.sync(**how).sources[0]

    def publish(self, **how):
        with self.app() as app:
            return app.publish(**how)

    def copied(self, folder: Path) -> Self:
        """Return a site that is this one to the byte, in another folder."""
        copy = object.__new__(type(self))
        copy.folder, copy.now = shutil.copytree(self.folder, folder), self.now
        return copy

    def print(self):
        """Sync and publish, where both are to go well."""
        synced, published = self.sync(), self.publish()
        assert (synced.is_clean, published.is_clean) == (True, True), (synced, published)
        return published

    def entry(self, name: str):
        with self.app() as app:
            return app.entry(name)

    def entries(self):
        with self.app() as app:
            return {entry.key: entry for entry in app.entries()}

    def run(self, *arguments: str) -> Ended:
        """Run a command of the command line in this process, on this site."""
        return pressrun(*arguments, "--config", str(self.folder / "config.toml"))

    def process(self, *arguments: str, **env: str) -> Ended:
        """Run a command of the command line as a process of its own."""
        command = [sys.executable, "-m", "feeds", *arguments]
        around = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=around | {"PYTHONPATH": str(ROOT)} | env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    # ---- what was printed ----

    def documents(self) -> dict[str, bytes]:
        """Return every file of the output by its path, hidden ones too, but for the compressed forms of others."""
        files = (file for file in sorted(self.public.rglob("*")) if not file.is_dir() and file.suffix not in CODED)
        found: dict[str, bytes] = {}
        for file in files:
            with suppress(FileNotFoundError):  # a press at work swapped it away
                found[file.relative_to(self.public).as_posix()] = file.read_bytes()
        return found

    def times(self) -> dict[str, int]:
        return {path: (self.public / path).stat().st_mtime_ns for path in self.documents()}

    def holding(self, *words: str) -> set[str]:
        """Return the paths of the documents in which one of the words stands."""
        return {path for path, data in self.documents().items() if any(word.encode() in data for word in words)}

    def feeds(self, folder: str = ".") -> dict[str, list[dict[str, str]]]:
        """Return what each format says: id, title, link and updated of its entries, in order."""
        return {
            "rss": _rss((self.public / folder / "rss.xml").read_bytes()),
            "atom": _atom((self.public / folder / "atom.xml").read_bytes()),
            "json": _json((self.public / folder / "feed.json").read_bytes()),
        }

    def ids(self, folder: str = ".") -> list[str]:
        """Return the ids in a feed, on which all three formats must agree."""
        formats = [[entry["id"] for entry in entries] for entries in self.feeds(folder).values()]
        assert formats[0] == formats[1] == formats[2]
        return formats[0]


@pytest.fixture
def bare_site(tmp_path: Path) -> Site:
    """Give a site that has never been printed."""
    return Site(tmp_path / "site")


def new_site(folder: Path, migrated: Path) -> Site:
    """Return a site whose store is empty, and copied: making one takes longer than most tests."""
    site = Site(folder)
    (folder / "var").mkdir()
    shutil.copyfile(migrated, folder / "var" / "pressrun.db")
    return site


@pytest.fixture
def site(tmp_path: Path, migrated_sqlite: Path) -> Site:
    """Give a site whose store is empty."""
    return new_site(tmp_path / "site", migrated_sqlite)


def _rss(data: bytes) -> list[dict[str, str]]:
    names = {"id": "guid", "title": "title", "link": "link", "updated": f"{ATOM}updated"}
    return [
        {what: item.findtext(name) for what, name in names.items()} for item in ET.fromstring(data).iterfind(".//item")
    ]


def _atom(data: bytes) -> list[dict[str, str]]:
    return [
        {what: entry.findtext(ATOM + what) for what in ("id", "title", "updated")}
        | {"link": entry.find(f"{ATOM}link[@rel='alternate']").get("href")}
        for entry in ET.fromstring(data).iterfind(f"{ATOM}entry")
    ]


def _json(data: bytes) -> list[dict[str, str]]:
    names = {"id": "id", "title": "title", "link": "url", "updated": "date_modified"}
    return [{what: item.get(name) for what, name in names.items()} for item in json.loads(data)["items"]]
