"""A web server on loopback that does as a test says, well or badly; it remembers what it was asked.

Not here: what is expected of the client.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Reply = Callable[[socket.socket], None]


@dataclass
class Web:
    """A server: where it listens, and the requests that reached it, each as its bytes."""

    host: str
    port: int
    asked: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", host: str | None = None, scheme: str = "http") -> str:
        return f"{scheme}://{host or self.host}:{self.port}{path}"


def says(body: bytes = b"", status: str = "200 OK", **headers: str) -> Reply:
    """Answer with this body and hang up; ``a_b="c"`` is the header a-b."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return sends("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def moves(target: str, status: str = "302 Found") -> Reply:
    return says(status=status, location=target)


def sends(data: bytes) -> Reply:
    return lambda connection: connection.sendall(data)


@contextmanager
def web(*replies: Reply, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Serve the replies, one for each connection; the last is repeated."""
    with socket.create_server((host, 0)) as listening:
        server = Web(host, listening.getsockname()[1])
        serving = threading.Thread(target=_serve, args=(listening, server, replies, tls), daemon=True)
        serving.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)  # closing alone would leave the thread waiting, and the port open
            serving.join()


def _serve(listening: socket.socket, server: Web, replies: tuple[Reply, ...], tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        reply = replies[min(len(server.asked), len(replies) - 1)]
        try:
            with tls.wrap_socket(connection, server_side=True) if tls else connection as opened:
                server.asked.append(_request(opened))
                reply(opened)
        except OSError:
            continue  # the client went away, as it should from a bad server


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data and (piece := connection.recv(65_536)):
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
