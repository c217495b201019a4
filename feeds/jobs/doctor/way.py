"""The way to where messages go: a mail server is connected to, and a login tried; a folder is looked at.

No message goes out. Not here: opening a connection (transports), what is right (rules.transport_advice).
"""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime

from feeds.config import TransportConfig, TransportKind
from feeds.errors import TransportUnusable
from feeds.model import Reply
from feeds.rules.checkup import Finding, Spot
from feeds.rules.transport_advice import judge_certificate, judge_turned_away, judge_way
from feeds.transports.opening import open_connection
from feeds.transports.smtp import IMPLICIT_TLS_PORT


def examine_way(transport: TransportConfig, *, now: datetime) -> list[Finding]:
    """Judge whether messages can be handed over."""
    if transport.kind is not TransportKind.SMTP:
        return [_folder(transport)]
    where = f"{transport.host}:{transport.port}"
    try:
        opened = open_connection(transport, implicit_tls=transport.port == IMPLICIT_TLS_PORT)
    except TransportUnusable as error:
        problem, _, remedy = str(error).removeprefix(f"{where}: ").rpartition("; ")
        return [Spot("transport", where).error(problem or remedy, remedy=remedy)]
    if isinstance(opened, Reply):
        return [judge_turned_away(where, opened)]
    try:
        sock = opened.sock
        tls = (sock.version() or "") if isinstance(sock, ssl.SSLSocket) else ""
        ends_at = _end_of_certificate(sock) if isinstance(sock, ssl.SSLSocket) else None
    finally:
        opened.leave()
    found = judge_way(where, tls=tls, username=transport.username or "")
    return found + ([judge_certificate(where, ends_at=ends_at, now=now)] if ends_at else [])


def _end_of_certificate(sock: ssl.SSLSocket) -> datetime | None:
    ends = (sock.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None


def _folder(transport: TransportConfig) -> Finding:
    spot = Spot("transport", str(transport.path))
    there = next(place for place in (transport.path, *transport.path.parents) if place.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return spot.error(f"messages cannot be put there: {there} may not be written to", remedy="mend its permissions")
    what = "messages are put into this folder, and nobody is mailed"
    lines = ("[transport]", 'kind = "smtp"', 'host = "the mail server"')
    return spot.warning(what, *lines, remedy="to send for real, name a mail server in the config")
