"""Listening: the web application in a thread of its own, beside whatever the process does.

The one door to uvicorn. Not here: what is answered (site), signals (they are the main thread's).
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from threading import Thread

import uvicorn
from h11 import LocalProtocolError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from feeds.errors import PortTaken

LOG = logging.getLogger("pressrun")
PATIENCE = 5  # seconds that answers in flight may take when it is asked to stop
KEEP_ALIVE = 20  # seconds that a client's connection is kept for its next request


class WebServer:
    """A server that listens from its start on; ``address`` is where."""

    def __init__(self, app: ASGIApp, opened: socket.socket, when_broken: Callable[[], None]) -> None:
        self._socket, self._when_broken = opened, when_broken
        self.address = _address(opened)
        config = uvicorn.Config(
            _Answering(app),
            http=_Calm,
            log_config=None,
            log_level="warning",
            access_log=False,  # ours knows who asks, and says so only where it is wanted
            proxy_headers=False,  # whose word is taken on clients is our own rule
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=PATIENCE,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._run, name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being answered, and listen no more."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except (Exception, SystemExit):
            LOG.exception("the web server broke")
        if not self._server.should_exit:
            self._when_broken()


class _Calm(H11Protocol):
    """The protocol, which breaks off where a request is broken that has its answer already."""

    def send_400_response(self, msg: str) -> None:
        try:
            super().send_400_response(msg)
        except LocalProtocolError:
            self.transport.close()


class _Answering:
    """An application that stays calm where the server has answered a request before it, since that broke HTTP."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_over = False

        async def sent(message: Message) -> None:
            nonlocal is_over
            try:
                if not is_over:
                    await send(message)
            except LocalProtocolError as error:
                # What it says of a state is about the connection; all else would be a fault of our answer.
                is_over = message["type"] == "http.response.start" and "state=" in str(error)
                if not is_over:
                    raise

        await self._app(scope, receive, sent)
        while is_over and (await receive())["type"] != "http.disconnect":
            pass


def listen(app: ASGIApp, host: str, port: int, *, when_broken: Callable[[], None] = lambda: None) -> WebServer:
    """Serve an application at an address of this machine, port 0 being any that is free; raise PortTaken if it is not.

    ``when_broken`` is called where the server ends though nobody stopped it.
    """
    try:
        opened = _open(host, port)
    except OSError as error:
        raise PortTaken(host, port, error.strerror or str(error)) from error
    return WebServer(app, opened, when_broken)


def _open(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048, dualstack_ipv6=host == "::")


def _address(opened: socket.socket) -> str:
    host, port = opened.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
