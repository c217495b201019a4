"""A site that is served by the web application at the address that its config names, and curl to ask it with.

Not here: what is expected of the answers.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import parse_headers
from io import BytesIO

from feeds.config import load_config
from feeds.store.engine import Store
from feeds.web import listen, web_app
from tests.judges import judge
from tests.site_fixtures import CONFIG, Site


@contextmanager
def served(site: Site, *, before=lambda app: app) -> Iterator[str]:
    """Serve a site from where it then says that it is; give the address. ``before`` may wrap the app."""
    store = Store(f"sqlite:///{site.folder}/var/pressrun.db")
    app = web_app(load_config(site.folder / "config.toml", {}), store)
    server = listen(before(app), "127.0.0.1", 0)
    site.configure(config=config_at(server.address))
    try:
        yield server.address
    finally:
        server.stop()
        store.close()


def config_at(address: str, more: str = "") -> str:
    """Return the config of the small site at an address; ``more`` are settings of [site]."""
    config = CONFIG.replace("https://gazette.example/", address)
    return config.replace('author = "The desk"\n', f'author = "The desk"\n{more}\n')


@dataclass(frozen=True, slots=True)
class Answer:
    """What curl got; header names are in any case."""

    status: int
    headers: dict[str, str]
    body: bytes


def curl(address: str, *options: str) -> Answer:
    """Ask with curl, as anybody would."""
    command = [judge("curl"), "--silent", "--show-error", "--include", "--max-time", "60", *options, address]
    data = BytesIO(subprocess.run(command, capture_output=True, check=True).stdout)
    status, headers = _head(data)
    while "--location" in options and 300 <= status < 400:
        status, headers = _head(data)
    return Answer(status, headers, data.read())


def _head(data: BytesIO) -> tuple[int, dict[str, str]]:
    status = int(data.readline().split()[1])
    return status, {name.lower(): value for name, value in parse_headers(data).items()}
