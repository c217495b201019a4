"""Connections opened beside the work, since a server may take its time to greet, encrypt and let us in.

Not here: the opening itself (opening), what goes over a connection (lane).
"""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable

from feeds.model import Reply
from feeds.transports.connection import Connection

Opened = Connection | Reply | Exception


class Opener:
    """Opens connections, each in a thread of its own. ``bell`` can be read as soon as one has come to its end."""

    def __init__(self, open_one: Callable[[], Connection | Reply]) -> None:
        self._open_one = open_one
        self._lock, self._found, self._is_closed = threading.Lock(), deque[Opened](), False
        self.bell, self._rope = socket.socketpair()
        self.under_way = 0

    def start(self) -> None:
        """Begin to open one more."""
        self.under_way += 1
        threading.Thread(target=self._open, daemon=True).start()

    def found(self) -> list[Opened]:
        """Return the connections that were opened since this was asked last, or why not."""
        self.bell.setblocking(False)
        with self._lock:
            found = [*self._found]
            self._found.clear()
            if found:
                self.bell.recv(len(found))
        self.under_way -= len(found)
        return found

    def close(self) -> None:
        """Let go of what was opened and not taken, also of what still will be."""
        with self._lock:
            self._is_closed = True
            for one in self._found:
                _let_go(one)
        self.bell.close()
        self._rope.close()

    def _open(self) -> None:
        try:
            opened: Opened = self._open_one()
        except Exception as error:  # raised where the work is done
            opened = error
        with self._lock:
            if self._is_closed:
                _let_go(opened)
                return
            self._found.append(opened)
            self._rope.send(b"!")


def _let_go(opened: Opened) -> None:
    if isinstance(opened, Connection):
        opened.close()
