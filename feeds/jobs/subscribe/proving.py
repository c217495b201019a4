"""The sum that the form to subscribe asks for, where the site wants one: what is to be proven, and whether it was.

Nothing is kept of it. Not here: what makes a proof good (rules.proof_of_work).
"""

from __future__ import annotations

from datetime import datetime

from feeds.jobs.subscribe.desk import Desk
from feeds.rules.proof_of_work import challenge, is_proven, key_of
from feeds.store import keys

NO_KEY = "0"  # a site that never signed anything has none before somebody asks of it what needs one


def to_prove(desk: Desk, *, now: datetime, is_asking: bool) -> str:
    """Return what a form has to prove, "" where nothing is. Only for who is ``is_asking`` the first key is made."""
    if not desk.config.readers.proof_of_work:
        return ""
    with desk.store.writing() if is_asking else desk.store.reading() as tx:
        key = keys.current(tx, at=now) if is_asking else keys.find_current(tx)
        return challenge(key, now=now) if key else NO_KEY


def has_proven(desk: Desk, proof: str, address: str, *, now: datetime) -> bool:
    """Tell whether a form may be taken, with a proof for an address as it was typed."""
    bits, number = desk.config.readers.proof_of_work, key_of(proof)
    if not bits:
        return True
    if number is None:
        return False
    with desk.store.reading() as tx:
        secret = keys.find(tx, number, now=now)
    return secret is not None and is_proven(proof, address, bits=bits, secret=secret, now=now)
