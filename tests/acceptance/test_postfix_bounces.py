"""What a real postfix makes of mail that it cannot deliver, handed to a pipe as docs/bounces.md sets it up.

Not here: reports as other mail systems write them (tests/jobs/test_bounce.py).
"""

import smtplib
import time
from pathlib import Path

import pytest

from feeds.app.bounces import Bounces
from feeds.model.bounces import Kind, Reason
from feeds.rules.message_identity import leave_url, message_id, return_path
from feeds.store import keys
from tests.acceptance.mail_givens import PATIENCE, deliveries
from tests.acceptance.postfix_givens import as_root, running_postfix
from tests.jobs.post_givens import ANN, MONDAY, delivered, fixed

BASE = "weekly@gazette.example"
MAIN = """\
relay_domains = inbox.example, full.example, gazette.example
transport_maps = inline:{{ {{ inbox.example = error:5.1.1 no such user here }},
    {{ full.example = error:5.2.2 mailbox full }}, {{ gazette.example = bounces: }} }}
smtpd_reject_unlisted_recipient = no
"""
MASTER = """\
error unix - - n - - error
bounces unix - n n - - pipe
  flags=DORXhu user=nobody argv=/bin/sh -c {{cat > {folder}/out/part && mv {folder}/out/part {folder}/out/whole}}
"""

pytestmark = as_root


class Postfix:
    """A mail server of its own; ``send`` hands it a message, ``piped`` waits for what it hands to the pipe."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port

    def send(self, sender: str, recipient: str, text: str) -> None:
        with smtplib.SMTP("127.0.0.1", self._port, timeout=PATIENCE) as server:
            server.sendmail(sender, [recipient], text)

    def piped(self) -> bytes:
        deadline, file = time.monotonic() + PATIENCE, self._folder / "out" / "whole"
        while not file.exists():
            assert time.monotonic() < deadline, (self._folder / "mail.log").read_text()
            time.sleep(0.05)
        data = file.read_bytes()
        file.unlink()
        return data


@pytest.fixture(scope="module")
def postfix():
    with running_postfix(MAIN, MASTER) as (folder, port):
        yield Postfix(folder, port)


@pytest.fixture
def desk(site):
    """Give a site whose edition was sent."""
    fixed(site)
    delivered(site)
    return site


def names(site, address=ANN):
    """Return the return path, leave address and Message-ID of the delivery to an address."""
    (one,) = (listed.delivery for listed in deliveries(site) if listed.address == address)
    with site.app() as app, app.store.writing() as tx:
        key = keys.current(tx, at=MONDAY)
    name = message_id(one.about, one.subscriber_id, generation=one.generation, host="gazette.example")
    how = {"delivery": one.id, "message": name, "key": key}
    leaving = leave_url("", base=BASE, **how).removeprefix("mailto:").partition("?")[0]
    return return_path(BASE, **how), leaving, name


def taken(site, data):
    with site.app() as app:
        return Bounces(app).take(data)


@pytest.mark.rule("M4")
@pytest.mark.parametrize(
    ("recipient", "kind", "reason"),
    [
        (ANN, Kind.HARD, Reason.USER_UNKNOWN),
        ("ann@full.example", Kind.SOFT, Reason.MAILBOX_FULL),
    ],
)
def test_bounce_of_postfix_is_understood(desk, postfix, recipient, kind, reason):
    sender, _, name = names(desk)
    postfix.send(sender, recipient, f"Message-ID: <{name}>\r\nSubject: Weekly 1\r\n\r\nWords.\r\n")
    found = taken(desk, postfix.piped())
    assert (found.kind, found.reason, found.address, found.suppressed) == (kind, reason, ANN, kind is Kind.HARD)


def test_mail_to_the_leave_address_through_postfix_ends_the_subscription(desk, postfix):
    _, leaving, _ = names(desk)
    postfix.send(ANN, leaving, "Subject: unsubscribe\r\n\r\n")
    found = taken(desk, postfix.piped())
    assert (found.kind, found.left) == (Kind.LEAVE, True)
