"""A line to a PostgreSQL server that breaks at a commit: before the server hears of it, or before its answer is heard.

Not here: what is expected of who loses it.
"""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from sqlalchemy import URL

HERE = "127.0.0.1"
COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"  # a simple query, as PostgreSQL's protocol has it
PATIENCE = 20  # seconds


class Loss(StrEnum):
    """What is lost at the commit."""

    COMMIT = "the commit"
    ANSWER = "the answer to it"


class Line:
    """Carries connections to a server, in the clear; ``commits`` counts the commits that came by."""

    def __init__(self, server: URL) -> None:
        self.commits, self._server, self._loss = 0, server, None
        self._listener, self._lock = socket.create_server((HERE, 0)), threading.Lock()

    @property
    def url(self) -> str:
        """The server's address by way of this line."""
        port = self._listener.getsockname()[1]
        query = {"sslmode": "disable", "gssencmode": "disable"}
        return self._server.set(host=HERE, port=port, query=query).render_as_string(hide_password=False)

    def break_at(self, number: int, loss: Loss) -> None:
        """Break at the commit of that number, counted from now."""
        self.commits, self._loss = 0, (number, loss)

    def serve(self) -> None:
        """Carry connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _carry(self, client: socket.socket) -> None:
        with client, self._connected() as server, selectors.DefaultSelector() as ready, suppress(OSError):
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(65536)
                    loss = self._loss_of(data) if key.fileobj is client else None
                    if loss is Loss.COMMIT or not data:
                        return
                    key.data.sendall(data)
                    if loss is Loss.ANSWER:
                        server.recv(65536)
                        return

    def _connected(self) -> socket.socket:
        folder, port = self._server.query.get("host"), self._server.port or 5432
        if folder:
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{folder}/.s.PGSQL.{port}")
            return server
        return socket.create_connection((self._server.host, port), PATIENCE)

    def _loss_of(self, data: bytes) -> Loss | None:
        if COMMIT not in data:
            return None
        with self._lock:
            self.commits += 1
            return self._loss[1] if self._loss and self._loss[0] == self.commits else None


@contextmanager
def line_to(server: URL) -> Iterator[Line]:
    """Give a line to a server for as long as the block takes."""
    line = Line(server)
    thread = threading.Thread(target=line.serve)
    thread.start()
    try:
        yield line
    finally:
        line.close()
        thread.join(PATIENCE)
