"""The client: fetches an address or posts a form, within its limits, and gives back the answer or a named error.

No cookies, no proxies from the environment, at most three redirects, http and https only; every connection passes the
guard (connecting). Not here: what an answer means (rules, formats.check).
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import httpcore
import httpx

from feeds import __version__
from feeds.errors import AddressRefused, AnswerTooLarge, RequestFailed
from feeds.model.answers import Answer, Move
from feeds.outgoing.connecting import Backend, Deadline, Resolve, resolve
from feeds.outgoing.inflating import Inflater, TooLarge
from feeds.outgoing.networks import PUBLIC, Allowed

MOST_REDIRECTS = 3
_MOVED = {301, 302, 303, 307, 308}
_PLAIN, _PACKED = {"", "identity"}, {"gzip", "x-gzip", "deflate"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may cost: bytes of its body, seconds in all."""

    max_bytes: int = 10_000_000
    seconds: float = 20.0


class Client:
    """Asks other machines. ``allowed`` says where a request may go beyond the public networks.

    ``site`` is the address that we name ourselves by; ``certificates`` are trusted in place of the usual ones.
    """

    def __init__(
        self,
        site: str = "",
        *,
        allowed: Allowed = PUBLIC,
        limits: Limits | None = None,
        resolve: Resolve = resolve,
        certificates: ssl.SSLContext | None = None,
    ) -> None:
        self._agent = f"Pressrun/{__version__}" + (f" (+{site})" if site else "")
        self._allowed, self._limits, self._resolve = allowed, limits or Limits(), resolve
        self._given_certificates = certificates

    def fetch(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch an address, following its redirects.

        Raises AddressRefused where the guard says no, RequestFailed where there is no answer within the limits.
        """
        return self._follow("GET", address, headers)

    def head(self, address: str) -> Answer:
        """Ask what stands at an address without fetching it, following its redirects; raises as ``fetch`` does."""
        return self._follow("HEAD", address)

    def _follow(self, method: str, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        asked = {"accept": "*/*", "accept-encoding": "gzip", **{name.lower(): v for name, v in (headers or {}).items()}}
        deadline, moves = Deadline(self._limits.seconds), list[Move]()
        while True:
            answer = self._send(method, address, headers=asked, deadline=deadline)
            target = answer.headers.get("location", "") if answer.status in _MOVED else ""
            if not target:
                return replace(answer, moves=tuple(moves))
            if len(moves) == MOST_REDIRECTS:
                raise RequestFailed(address, f"it is the end of {len(moves)} redirects, and redirects again")
            address = _joined(address, target)
            moves.append(Move(answer.status, address))

    def post(self, address: str, form: Mapping[str, str]) -> Answer:
        """Post a form; a redirect is an answer like another, since who moved must be named in the settings anew.

        Raises as ``fetch`` does.
        """
        deadline = Deadline(self._limits.seconds)
        return self._send("POST", address, headers={"accept-encoding": "gzip"}, deadline=deadline, form=form)

    def _send(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str],
        deadline: Deadline,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        named = dict(headers) | {"user-agent": self._agent}
        request = httpx.Request(method, _vetted(address), headers=named, data=form)
        try:
            with _Transport(Backend(self._allowed, self._resolve, deadline), self._certificates) as transport:
                return self._read(address, transport.handle_request(request), deadline)
        except TooLarge as error:
            raise AnswerTooLarge(address, str(error)) from error
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise RequestFailed(address, f"no whole answer within {self._limits.seconds:g} seconds") from error
        except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
            raise RequestFailed(address, str(error) or type(error).__name__) from error

    def _read(self, address: str, response: httpx.Response, deadline: Deadline) -> Answer:
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in _PLAIN | _PACKED:
            raise ValueError(f"its content encoding {encoding!r} was not asked for")
        inflater, pieces, wire_length = Inflater(self._limits.max_bytes, plain=encoding in _PLAIN), list[bytes](), 0
        for piece in response.iter_raw():
            deadline.left()
            wire_length += len(piece)
            pieces.append(inflater.feed(piece))
        if wire_length:
            inflater.close()
        names = dict.fromkeys(name.lower() for name in response.headers)
        told = {name: ", ".join(response.headers.get_list(name)) for name in names}
        data = b"".join(pieces)
        return Answer(address=address, status=response.status_code, headers=told, data=data, wire_length=wire_length)

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        return self._given_certificates or httpx.create_ssl_context(trust_env=False)


class _Transport(httpx.BaseTransport):
    """httpx over our own network: a connection for each request, closed after it."""

    def __init__(self, backend: Backend, certificates: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=certificates, network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, content=request.read())
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from cast(Iterable[bytes], self._answer.stream)

    def close(self) -> None:
        self._answer.close()


def _vetted(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(address, f"it is no web address: {error}") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise AddressRefused(address, "only http and https addresses are fetched")
    if url.userinfo:
        raise AddressRefused(address, "it holds a user name or password")
    return url


def _joined(address: str, target: str) -> str:
    try:
        return str(httpx.URL(address).join(target))
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(target, f"a redirect leads to what is no web address: {error}") from error
