"""The doctor of a site: what it goes by is put together from the config and from what the operator says.

Not here: what is looked at (jobs.doctor).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from feeds.app.site import App
from feeds.errors import UsageWrong

if TYPE_CHECKING:
    from feeds.jobs.doctor import DoctorReport


def doctor(app: App, *, sends_from: Sequence[str] = (), resolvers: Sequence[str] = ()) -> DoctorReport:
    """Look at everything that sending needs. The store is looked at as it is: not made, and not migrated.

    ``sends_from`` are the addresses that mail leaves from, ``resolvers`` name servers in place of this machine's.
    """
    from feeds.jobs.doctor import Plan, examine
    from feeds.outgoing.dns import Resolver, server_of
    from feeds.store.engine import Store

    try:
        servers = [server_of(one) for one in resolvers]
    except ValueError as error:
        raise UsageWrong(f"--resolver: {error}") from error
    store = Store(app.config.store.url.reveal())
    try:
        plan = Plan(Resolver(servers), [_address(one) for one in sends_from])
        return examine(app.config, store, plan, now=app.clock())
    finally:
        store.close()


def _address(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text.strip())
    except ValueError as error:
        raise UsageWrong(f"--sends-from: {text!r} is no IP address; expected one such as 192.0.2.25") from error
