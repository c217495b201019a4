"""A served folder: the real server on loopback, a folder to put documents in, and a client that hides nothing.

Not here: what is expected of the answers.
"""

import gzip
import http.client
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest

from feeds.config import load_config
from feeds.store.engine import Store
from feeds.web import listen, web_app
from tests.site_fixtures import CONFIG
from tests.web.private_site import opened

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Answered:
    """An answer as it came over the wire; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def __getitem__(self, name: str) -> str | None:
        return self.headers.get(name)


class Client:
    """Sends requests as they are given: no header is added but Host, and no path is tidied.

    A header that comes twice has both values (RFC 9110 section 5.3), and so is seen.
    """

    def __init__(self, address: str, source: str = "127.0.0.1") -> None:
        self.address = address
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30, source_address=(source, 0))

    def ask(self, path: str, method: str = "GET", *, body: bytes = b"", **headers: str) -> Answered:
        """Send a request; in header names ``_`` stands for ``-``."""
        wire = self._connection
        host = headers.pop("host", urlsplit(self.address).netloc)
        wire.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        wire.putheader("Host", host)
        for name, value in headers.items():
            wire.putheader(name.replace("_", "-"), value)
        wire.endheaders(body or None)
        came = wire.getresponse()
        names = {name.lower(): ", ".join(came.headers.get_all(name)) for name in came.headers}
        return Answered(came.status, names, came.read())

    def close(self) -> None:
        self._connection.close()


class Public:
    """The output folder of a site, filled by hand as publish fills it."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def put(self, path: str, data: bytes | str, *, at: datetime = NOON, coded: bool = False) -> bytes:
        """Swap a document in, dated, with its coded forms if asked; return its bytes."""
        data = data.encode() if isinstance(data, str) else data
        forms = {path: data}
        if coded:
            forms |= {f"{path}.gz": gzip.compress(data, 6, mtime=0), f"{path}.br": brotli.compress(data, quality=5)}
        for name, form in forms.items():
            target = self.place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            part.write_bytes(form)
            os.utime(part, (at.timestamp(), at.timestamp()))
            part.replace(target)
        return data


class WebSite:
    """A site whose folder is served while a ``with`` block of :meth:`serving` runs; it has no store."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.public = folder, Public(folder / "public")
        (folder / "var").mkdir(parents=True)
        self.public.place.mkdir()
        self.configure()

    def configure(self, web: str = "", *, url: str = "https://gazette.example/") -> None:
        config = CONFIG.replace("https://gazette.example/", url)
        (self.folder / "config.toml").write_text(f"{config}\n[web]\n{web}\n")

    @property
    def store(self) -> Store:
        return Store(f"sqlite:///{self.folder}/var/pressrun.db")

    @contextmanager
    def serving(self):
        """Serve the folder; give a client of it."""
        config, store = load_config(self.folder / "config.toml", {}), self.store
        server = listen(web_app(config, store), "127.0.0.1", 0)
        client = Client(server.address)
        try:
            yield client
        finally:
            client.close()
            server.stop()
            store.close()


@pytest.fixture
def web_site(tmp_path):
    return WebSite(tmp_path / "site")


@pytest.fixture
def public(web_site):
    """Give the folder that ``client`` is served from."""
    return web_site.public


@pytest.fixture
def client(web_site):
    with web_site.serving() as client:
        yield client


@pytest.fixture
def inside(site):
    """Give a site with a private feed, one article for members and one for everyone."""
    return opened(site)
