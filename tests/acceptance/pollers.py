"""Real readers that poll one feed: each is the program that people use, and keeps what it wants to keep.

``poll`` is one visit, and gives what the reader complains of; ``taken`` is (id, words) of each entry, as often as it
was taken for a new one. Not here: what is expected of them, and what they are answered (test_readers_poll).
"""

import os
import sqlite3
import subprocess
import urllib.request
from collections import Counter
from configparser import ConfigParser
from contextlib import closing, contextmanager
from mailbox import Maildir
from pathlib import Path

import feedparser

from tests.judges import judge, verdict

# reader brings a feedparser of its own, which wants a module that the newest feedparser has done away with.
os.environ.setdefault("READER_NO_VENDORED_FEEDPARSER", "1")
Taken = list[tuple[str, str]]


class Newsboat:
    """A reader for terminals. It keeps a feed's validators from its second visit on: it sends them at its third."""

    def __init__(self, folder: Path, address: str) -> None:
        self._cache, self._env = folder / "cache.db", _at_home(folder)
        (folder / "urls").write_text(f"{address}\n")
        (folder / "config").touch()
        files = ("-C", str(folder / "config"), "-u", str(folder / "urls"), "-c", str(self._cache))
        self._reload = ("newsboat", *files, "-x", "reload")

    def poll(self) -> str:
        return verdict(*self._reload, env=self._env)

    def taken(self) -> Taken:
        with closing(sqlite3.connect(self._cache)) as cache:
            return cache.execute("SELECT guid, content FROM rss_item").fetchall()


class Rss2email:
    """Mails each new entry, here into a maildir. It says what went wrong, and then ends as if nothing had.

    feedparser asks for deltas in its name; up to 3.14 it calls the answer, 226, an error, and keeps nothing of it.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self._env, self._mail = _at_home(folder), folder / "mail"
        self._r2e = (judge("r2e"), "-c", str(folder / "config"), "-d", str(folder / "data.json"))
        self._run("new", "nell@inbox.example")
        config = ConfigParser(interpolation=None)
        config.read(folder / "config")
        config["DEFAULT"].update({"email-protocol": "maildir", "maildir-path": str(folder), "maildir-mailbox": "mail"})
        with (folder / "config").open("w") as file:
            config.write(file)
        self._run("add", "paper", address)

    def poll(self) -> str:
        return "".join(line for line in self._run("run").splitlines(keepends=True) if "[INFO]" not in line)

    def taken(self) -> Taken:
        return [(one["X-RSS-ID"], str(one.get_payload(decode=True))) for one in Maildir(self._mail, create=False)]

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [*self._r2e, *command], env=self._env, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stderr


class Sfeed:
    """Shell and curl: it sends no validators, merges what comes with what it has, and has no User-Agent."""

    def __init__(self, folder: Path, address: str) -> None:
        self._env, self._rc, self._file = _at_home(folder), folder / "sfeedrc", folder / "feeds" / "paper"
        self._rc.write_text(f'sfeedpath="{folder}/feeds"\nfeeds() {{\n\tfeed "paper" "{address}"\n}}\n')

    def poll(self) -> str:
        return verdict("sfeed_update", str(self._rc), env=self._env)

    def taken(self) -> Taken:
        rows = [line.split("\t") for line in self._file.read_text().splitlines()]
        return [(row[5], row[3]) for row in rows]


class Reader:
    """The library reader, with its own store. It reads JSON Feed too.

    It keeps validators only where an entry is new or changed. After a withdrawal it asks as before until the next news.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self._store, self._new = str(folder / "reader.sqlite"), Counter()
        with self._opened() as reader:
            reader.add_feed(address)

    def poll(self) -> str:
        with self._opened() as reader:
            # Its own clock would not let a day pass in seconds.
            found = [one.value for one in reader.update_feeds_iter(scheduled=False)]
        return "".join(str(value) for value in found if isinstance(value, Exception))

    def taken(self) -> Taken:
        with self._opened() as reader:
            words = {one.id: one.content[0].value if one.content else one.summary for one in reader.get_entries()}
        return [(id, words[id]) for id in self._new.elements()]

    @contextmanager
    def _opened(self):
        from reader import make_reader

        with closing(make_reader(self._store)) as reader:
            reader.after_entry_update_hooks.append(self._count)
            yield reader

    def _count(self, reader, entry, status) -> None:
        self._new[entry.id] += status.value == "new"


class Feedparser:
    """A script around feedparser: it keeps validators and entries by itself, and may take away the wish for deltas."""

    def __init__(self, folder: Path, address: str, *, deltas: bool = True) -> None:
        self._address, self._had, self._last = address, {}, {}
        self._handlers = [] if deltas else [_NoDeltas()]

    def poll(self) -> str:
        kept = {name: self._last.get(name) for name in ("etag", "modified")}
        self._last = feedparser.parse(self._address, agent="script", handlers=self._handlers, **kept)
        self._had |= {one["id"]: one["content"][0]["value"] for one in self._last["entries"]}
        return str(self._last["bozo_exception"]) if self._last["bozo"] else ""

    def taken(self) -> Taken:
        return list(self._had.items())


class _NoDeltas(urllib.request.BaseHandler):
    """Takes away what feedparser asks for in everybody's name."""

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        request.remove_header("A-im")
        return request


def _at_home(folder: Path) -> dict[str, str]:
    """Return the environment of a program whose home is the folder."""
    return os.environ | dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder))
