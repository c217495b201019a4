"""Serve two pages from memory, and take RFC 8058's one click, as plainly as Starlette can: what ours is held against.

    python -m bench.serve.bare PORT FOLDER

It listens with our own settings of uvicorn. A click asks what ours must ask (the newsletter's present name, the
subscription, the key, the subscriber), checks the signature, and writes where the subscription has not ended. Not here:
measuring it (pages).
"""

from __future__ import annotations

import hmac
import sqlite3
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from feeds.store.engine import sqlite_module
from feeds.web.listening import listen

HELD = threading.local()
WRITER = threading.Lock()  # else SQLite has threads that write keep one another asleep


class Clicks:
    """Takes one-click posts."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def take(self, request: Request) -> Response:
        """End the subscription that a token is about."""
        form = await request.form()
        if form.get("List-Unsubscribe") != "One-Click":
            return PlainTextResponse("No.\n", 400)
        is_good = await run_in_threadpool(self._end, request.path_params["token"])
        return PlainTextResponse("Unsubscribed.\n" if is_good else "No.\n", 200 if is_good else 410)

    def _end(self, token: str) -> bool:
        who, newsletter, key, signature = token.split(".")
        store = self._connection()
        store.execute("BEGIN")
        row = _asked(store, who, newsletter, key=int(key))
        store.execute("COMMIT")
        if row is None:
            return False
        state, generation, secret = row
        said = f"reader|leave|{who}|{newsletter}|{generation}"
        is_good = hmac.compare_digest(hmac.digest(secret, said.encode(), "sha256").hex()[:40], signature)
        if is_good and state != "ended":
            with WRITER:
                _write(store, who, newsletter)
        return is_good

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(HELD, "store"):
            HELD.store = sqlite_module().connect(str(self._file), timeout=30, isolation_level=None)
            HELD.store.execute("PRAGMA synchronous = FULL")
        return HELD.store  # type: ignore[no-any-return]


def _asked(store: sqlite3.Connection, who: str, newsletter: str, *, key: int) -> tuple[str, int, bytes] | None:
    renamed = dict(store.execute("SELECT slug, renamed_to FROM newsletters_seen").fetchall())
    now_called = renamed.get(newsletter) or newsletter
    query = "SELECT state, generation FROM subscriptions WHERE subscriber_id = ? AND newsletter = ?"
    held = store.execute(query, (who, now_called)).fetchone()
    secret = store.execute("SELECT secret FROM keys WHERE id = ? AND retired_at IS NULL", (key,)).fetchone()
    person = store.execute("SELECT id FROM subscribers WHERE id = ? AND forgotten_at IS NULL", (who,)).fetchone()
    return (*held, *secret) if held and secret and person else None


def _write(store: sqlite3.Connection, who: str, newsletter: str) -> None:
    at = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
    store.execute("BEGIN IMMEDIATE")
    store.execute(
        "UPDATE subscriptions SET state = 'ended', ended_at = ?, ended_by = 'reader'"
        " WHERE subscriber_id = ? AND newsletter = ?",
        (at, who, newsletter),
    )
    store.execute(
        "INSERT INTO consent_events (subscriber_id, newsletter, event, at, origin, wording)"
        " VALUES (?, ?, 'ended', ?, 'one click', '')",
        (who, newsletter, at),
    )
    store.execute("COMMIT")


def main() -> None:
    """Serve until it is ended."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    public = folder / "public"
    pages = {f"/{file.parent.relative_to(public)}/".replace("/./", "/"): file for file in public.rglob("index.html")}

    def route(path: str, file: Path) -> Route:
        data = file.read_bytes()

        async def page(_request: Request) -> Response:
            return Response(data, media_type="text/html")

        return Route(path, page)

    clicks = Clicks(folder / "var" / "pressrun.db")
    routes = [route(path, file) for path, file in pages.items() if path in {"/", "/newsletters/weekly/1/"}]
    click = Route("/readers/leave/{token}", clicks.take, methods=["POST"])
    listen(Starlette(routes=[*routes, click]), "127.0.0.1", port)
    Event().wait()


if __name__ == "__main__":
    main()
