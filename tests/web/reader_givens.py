"""A site whose readers have pages, served, and what people do on them.

Not here: what comes of it (the tests).
"""

import re
from contextlib import contextmanager
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

from sqlalchemy import MetaData, select

from feeds.config import load_config
from feeds.rules.reader_tokens import Purpose, reader_token
from feeds.store import keys, subscribers
from feeds.store.engine import Store
from feeds.web import listen, web_app
from tests.site_fixtures import CONFIG
from tests.store.notice_givens import everything_written
from tests.web.conftest import Client

PAGES = """description = "The week on the quay."
[[newsletters]]
slug = "daily"
title = "Harbour Daily"
from = "daily@gazette.example"
[newsletters.cadence]
every = "day"
[readers]
pages = true
"""
ANN = "ann@x.example"
FORM = "application/x-www-form-urlencoded"


class Reader(Client):
    """A browser without script, and the store behind the site that it looks at."""

    def __init__(self, address, store):
        super().__init__(address)
        self.store, self.woken = store, []

    def post(self, path, *, kind=FORM, body=None, headers=MappingProxyType({}), **fields):
        """Post a form, or a body as it is given."""
        data = urlencode(fields, doseq=True).encode() if body is None else body
        return self.ask(path, "POST", body=data, Content_Type=kind, Content_Length=str(len(data)), **headers)

    def subscribe(self, address=ANN, newsletter="weekly", **more):
        return self.post("/readers/subscribe", address=address, newsletter=newsletter, **more)

    def link(self, purpose, kind=None):
        """Return the path of the newest link for a purpose that a notice carries."""
        written = everything_written(self.store)
        texts = [one.parts["text"].decode() for one in written if kind in {None, one.kind}]
        found = [path for text in texts for path in re.findall(rf"/readers/{purpose}/\S+", text)]
        return found[-1]

    def mailed(self):
        """Return (kind, address) of all notices."""
        return sorted((str(one.kind), one.address) for one in everything_written(self.store))

    def tables(self):
        """Return all that the store holds."""
        return tables(self.store)


def tables(store):
    """Return all that a store holds, by table."""
    with store.reading() as tx:
        found = MetaData()
        found.reflect(tx)
        return {name: sorted(map(repr, tx.execute(select(table)))) for name, table in found.tables.items()}


@contextmanager
def reading(site, more="", *, pages=PAGES, url="https://gazette.example/"):
    """Serve a site whose readers have pages; give one of them."""
    site.configure(pages + more, config=CONFIG.replace("https://gazette.example/", url))
    site.article("ferry.md", title="The ferry runs again")
    site.print()
    config = load_config(site.folder / "config.toml", {})
    store, woken = Store(config.store.url.reveal()), []
    server = listen(web_app(config, store, wake=lambda: woken.append(True)), "127.0.0.1", 0)
    reader = Reader(server.address, store)
    reader.woken = woken
    try:
        yield reader
    finally:
        reader.close()
        server.stop()
        store.close()


def page_of(reader, newsletter="weekly", *, address=ANN, purpose=Purpose.PREFERENCES):
    """Return the path of a reader's page for a newsletter, as its mail carries it."""
    with reader.store.reading() as tx:
        who = subscribers.get_by_key(tx, address)
        held, key = subscribers.list_subscriptions(tx, [who.id])[who.id, newsletter], keys.find_current(tx)
    token = reader_token(purpose, (who.id, newsletter), state=str(held.generation), key=key)
    return f"/readers/{purpose}/{token}"


def left_by(reader, address=ANN, newsletter="weekly"):
    """Return the path by which somebody leaves, as a message that is built for them has it."""
    return page_of(reader, newsletter, address=address, purpose=Purpose.LEAVE)


def action(answer, path):
    """Return where the only form with nothing to fill in posts to, on a page at ``path``."""
    page = answer.body.decode()
    (found,) = re.findall(r'<form method="post"(?: action="([^"]*)")?>\s*<p><button>', page)
    base = urlsplit(path).path.rpartition("/")[0].split("/")[1:]
    if not found:
        return path
    while found.startswith("../"):
        found, base = found[3:], base[:-1]
    return "/" + "/".join([*base, found.removeprefix("./")])


def joined(reader, address=ANN, newsletter="weekly"):
    """Let somebody subscribe and confirm; return the path of their link to leave, as the welcome has it."""
    reader.subscribe(address, newsletter)
    assert reader.post(reader.link("confirm")).status == 200
    return left_by(reader, address, newsletter)


def states(reader, address=ANN):
    """Return newsletter → how somebody stands with it."""
    with reader.store.reading() as tx:
        who = subscribers.get_by_key(tx, address)
        return {slug: str(one.state) for (_, slug), one in subscribers.list_subscriptions(tx, [who.id]).items()}
