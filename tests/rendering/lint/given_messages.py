"""A good message of ours to spoil: in its raw bytes, or in one part before that is encoded.

Not here: what is found in it (the tests).
"""

import re
from dataclasses import replace
from functools import cache

from feeds.config import Layout
from feeds.model import Person
from feeds.rendering.digest import leave_url, render_digest
from feeds.rendering.edition import parts_of
from feeds.rendering.galley import proof_message
from feeds.rendering.views import Frame, Mailbox
from tests.rendering.givens import MONDAY, PICTURE, TEMPLATES, URL, edition, entries, entry

LAYOUTS = [layout.value for layout in Layout]
READER = Mailbox("Nell Varley", "nell@reader.example")
FERRY, QUAY = f"{URL}ferry/", f"{URL}quay/"
STORIES = (
    entry(image=PICTURE),
    entry(url=QUAY, title="The quay is mended", image=replace(PICTURE, address=f"{URL}media/b.jpg", alt="The quay")),
    *entries(6, authors=(Person("Cy Ruiz"),)),
)


def view(**differences):
    return edition(**{"entries": STORIES, "more_count": 4, "more_url": f"{URL}newsletters/weekly/12/"} | differences)


def message(digest_view):
    """Return the message that carries an edition to a reader."""
    return message_of(render_digest(digest_view, TEMPLATES), leave_url(digest_view))


def message_of(digest, leave):
    frame = Frame(
        sender=Mailbox("The Harbour Gazette", "weekly@harbour.example"),
        reply_to=Mailbox("", "newsroom@harbour.example"),
        list_id="weekly.harbour.example",
        leave_url=leave,
        feedback_id="12:weekly:digest:3e5b2c1a9d1f",
        return_path="weekly@harbour.example",
    )
    parts = parts_of(digest, frame)
    return proof_message(parts, recipient=READER, date=MONDAY, message_id="e12.s7.0@harbour.example")


@cache
def good_digest():
    return render_digest(view(), TEMPLATES)


@cache
def good():
    """Return a message in which nothing is wrong."""
    return message_of(good_digest(), leave_url(view()))


def spoilt(part, old, new):
    """Return the good message with ``old`` replaced once: ``raw`` in its bytes, else in a part of its digest."""
    if part == "raw":
        return replaced(good().decode(), old, new).encode("utf-8", "surrogateescape")
    changed = replaced(getattr(good_digest(), part), old, new)
    return message_of(replace(good_digest(), **{part: changed}), leave_url(view()))


def replaced(text, old, new):
    """Return a text with the first that is ``old``, or that it fits as a pattern, replaced."""
    pattern = re.compile(re.escape(old)) if isinstance(old, str) else old
    assert pattern.search(text)
    return pattern.sub(lambda _found: new, text, count=1)
