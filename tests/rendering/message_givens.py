"""Messages to look at: a frame, a digest's parts, and what a reader's message is read back with.

Not here: what is expected of them (the tests).
"""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import compat32, default

from feeds.rendering.edition import parts_of
from feeds.rendering.galley import galley_from
from feeds.rendering.views import Digest, Frame, Mailbox
from tests.rendering.givens import MONDAY

NAMES = ["From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe"]
NAMES += ["Auto-Submitted", "Precedence", "Feedback-ID", "MIME-Version", "Content-Type"]
LEAVE = "mailto:weekly@harbour.example?subject=unsubscribe"
OWN_LEAVE = "mailto:weekly+u12-1-5f0c5f0c5f0c5f0c@harbour.example?subject=unsubscribe"
FRAME = Frame(
    sender=Mailbox("The Harbour Weekly", "weekly@harbour.example"),
    list_id="weekly.harbour.example",
    leave_url=LEAVE,
    feedback_id="12:weekly:digest:7f0f8b5e6a57",
    return_path="weekly@harbour.example",
)
READER = Mailbox("Ann", "ann@inbox.example")
OWN = {"recipient": READER, "date": MONDAY, "message_id": "weekly.12.ab@harbour.example", "leave_url": LEAVE}


def parts(digest=None, frame=FRAME, **differences):
    """Return what is stored of a digest, a plain one where none is given, under a frame with these differences."""
    return parts_of(digest or Digest("Monday", "", "<p>x</p>", "x"), replace(frame, **differences))


def message(digest=None, frame=FRAME, **own):
    """Return one reader's message of a digest, unsigned."""
    return galley_from(parts(digest, frame)).fill(**(OWN | own))


def names(data):
    return message_from_bytes(data, policy=compat32).keys()


def read(data):
    return message_from_bytes(data, policy=default)


def written(data, kind):
    """Return what stands in a part, "plain" or "html", with its lines ended by LF."""
    return read(data).get_body((kind,)).get_content().replace("\r\n", "\n")


def header(data, name):
    """Return a field's value as its bytes say it, folds and all; it stands there once."""
    head = data.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n", "\n")
    (value,) = re.findall(rf"^{name}: (.*(?:\n[ \t].*)*)", head, re.MULTILINE)
    return value
