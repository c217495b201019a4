"""Strict-Transport-Security on every answer of a site at https: browsers then never ask for it in the clear (RFC 6797).

Not here: TLS itself, which a web server in front has.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOR_A_YEAR = (b"strict-transport-security", b"max-age=31536000")


class Encrypted:
    """An application each answer of which binds browsers to https."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def bound(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], FOR_A_YEAR]}
            await send(message)

        await self._app(scope, receive, bound)
