"""The sum that a browser does before the form to subscribe is taken, where the site wants one.

Each waits for the store. Not here: what is to be proven (jobs.subscribe.proving), the page (rendering.reader_pages).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from feeds.jobs.subscribe.desk import Desk
from feeds.jobs.subscribe.proving import has_proven, to_prove
from feeds.rendering.reader_pages import Form, proof_script

__all__ = ["has_proven", "script_of", "with_sum"]


def with_sum(form: Form, desk: Desk, *, now: datetime, is_asking: bool) -> Form:
    """Return a form with what it has to prove; ``is_asking`` tells whether somebody posted one."""
    readers = desk.config.readers
    if not readers.proof_of_work:
        return form
    write_to = (readers.sender or desk.config.newsletters[0].sender).email
    proof = to_prove(desk, now=now, is_asking=is_asking)
    return replace(form, proof=proof, bits=readers.proof_of_work, write_to=write_to)


def script_of(form: Form, desk: Desk) -> str:
    """Return the script that a form needs, "" for none."""
    return proof_script(desk.templates) if form.proof else ""
