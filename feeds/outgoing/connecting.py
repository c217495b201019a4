"""Opens connections: to an address that was vetted and to no other, and each step within what is left of the time.

The names of hosts are resolved here, once a connection, so that nothing resolves them again and finds another
address. Not here: which addresses are refused (networks), HTTP (client).
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from queue import Empty, SimpleQueue
from typing import Any

import httpcore

from feeds.errors import AddressRefused
from feeds.outgoing.networks import Allowed

Resolve = Callable[[str, int], Sequence[str]]  # the network addresses of a host, in the order to try them


def resolve(host: str, port: int) -> Sequence[str]:
    """Ask this machine's resolver. Raises OSError where it knows no such host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Deadline:
    """The instant, by the machine's steady clock, at which a request must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return how many seconds are left. Raises TimeoutError where none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return left


class Backend(httpcore.NetworkBackend):
    """The network as the client sees it: every connection is vetted, whichever URL it is for."""

    def __init__(self, allowed: Allowed, resolve: Resolve, deadline: Deadline) -> None:
        self._allowed, self._resolve, self._deadline = allowed, resolve, deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers; raise AddressRefused where one is not allowed."""
        refused: Exception = OSError("it has no address")
        addresses = self._vetted(host, port)
        for number, address in enumerate(addresses):
            # An address where nothing answers must not take the time of those after it.
            share = self._deadline.left() / (len(addresses) - number)
            try:
                stream = self._sockets.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                refused = error
            else:
                return Stream(stream, self._deadline)
        raise refused

    def _vetted(self, host: str, port: int) -> Sequence[str]:
        addresses = self._resolved(host, port)
        for address in addresses:  # all of them, also those that are not tried
            bare, _, _zone = address.partition("%")
            if why := self._allowed.refusal(bare):
                raise AddressRefused(host, f"it leads to {address}, which is no public address ({why})")
        return addresses

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        # The system's resolver knows no time-out: it is asked on a thread, which is left behind when it is too slow.
        answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()
        threading.Thread(target=_ask, args=(self._resolve, (host, port), answers), daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except Empty:
            raise TimeoutError(f"no name server answers for {host}") from None
        if isinstance(answer, Exception):
            raise OSError(f"its host {host} is not known: {answer}") from answer
        return answer


class Stream(httpcore.NetworkStream):
    """A connection whose every step has only what is left of the whole request's time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Read what has come."""
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Write all of it."""
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Encrypt it; the certificate must be the host's that was asked for, whatever its address."""
        return Stream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection knows of itself."""
        return self._stream.get_extra_info(info)


def _ask(resolve: Resolve, place: tuple[str, int], answers: SimpleQueue[Sequence[str] | Exception]) -> None:
    try:
        answers.put(resolve(*place))
    except (OSError, UnicodeError) as error:  # a label that is too long is a UnicodeError
        answers.put(error)
