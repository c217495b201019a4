"""What to say of the way to the mail server, once it was tried: encrypted, logged in, and for how long it stays so.

Pure. Not here: trying it (jobs.doctor).
"""

from __future__ import annotations

from datetime import datetime

from feeds.model import Reply
from feeds.rules.checkup import Finding, Spot

FEW_DAYS = 14  # a certificate that renews itself does so a month, or for the short-lived ones days, before
OLD_TLS = ("TLSv1", "TLSv1.1")  # RFC 8996


def judge_turned_away(where: str, reply: Reply) -> Finding:
    """Judge a server that asked to come later."""
    what = f"it asks to come back later: {reply.code} {reply.text}"
    return Spot("transport", where).warning(what, remedy="run this again later, or ask who runs it")


def judge_way(where: str, *, tls: str, username: str) -> list[Finding]:
    """Judge how an open connection is encrypted and logged in; ``tls`` is "" in the clear, ``username`` without one."""
    spot = Spot("transport", where)
    if not tls:
        found = [spot.ok("it is reached, in the clear, within this machine")]
    elif tls in OLD_TLS:
        found = [spot.warning(f"it speaks no newer encryption than {tls}", remedy="ask who runs it for TLS 1.2 or 1.3")]
    else:
        found = [spot.ok(f"it is reached by {tls}, and its certificate is trusted")]
    if username:
        found.append(spot.ok(f"it lets {username} in"))
    elif tls:
        found.append(spot.ok("no login is configured; `pressrun send-test` shows whether it takes mail without one"))
    return found


def judge_certificate(where: str, *, ends_at: datetime, now: datetime) -> Finding:
    """Judge how long the server's certificate still holds."""
    spot, days = Spot("transport", where), (ends_at - now).days
    what = f"its certificate holds for {days} more {'day' if days == 1 else 'days'}, until {ends_at:%Y-%m-%d}"
    if days < FEW_DAYS:
        remedy = "see that whoever runs it renews it: after that day nothing can be handed over"
        return spot.warning(what, remedy=remedy)
    return spot.ok(what)
