"""Requests that leave this machine: one client behind one guard, which vets each address and each redirect.

Not here: what is asked for and why (jobs), mail (transports).
"""

from __future__ import annotations

from feeds.outgoing.client import Client, Limits
from feeds.outgoing.inflating import Inflater
from feeds.outgoing.networks import ANYWHERE, PUBLIC, Allowed

__all__ = ["ANYWHERE", "PUBLIC", "Allowed", "Client", "Inflater", "Limits"]
