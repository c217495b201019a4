"""A mail server's log as tests write it: what Postfix says of a message that it takes, or that breaks off.

Not here: what lines mean (tests/rules/test_mail_log.py).
"""

from datetime import timedelta

from feeds.rules.message_identity import message_id
from tests.acceptance.mail_givens import deliveries

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def name_for(site, address):
    """Return the Message-ID of the one delivery to an address."""
    (one,) = (listed.delivery for listed in deliveries(site) if listed.address == address)
    return message_id(one.about, one.subscriber_id, generation=one.generation, host="gazette.example")


def quiet(at):
    """Return a line of something else."""
    return f"{at.isoformat()} mx postfix/anvil[7]: statistics: max cache size 1 at {at}"


def taken(name, at, queue_id="1BD482267F7", status="sent (250 2.0.0 Ok)"):
    """Return the lines of a message that the server took."""
    head, tail = f"{at.isoformat()} mx postfix", f"[7]: {queue_id}:"
    return [
        f"{head}/smtpd{tail} client=localhost[127.0.0.1]",
        f"{head}/cleanup{tail} message-id=<{name}>",
        f"{head}/qmgr{tail} from=<weekly@gazette.example>, size=342, nrcpt=1 (queue active)",
        f"{head}/smtp{tail} to=<x@inbox.example>, relay=mx.example, delay=0, dsn=2.0.0, status={status}",
        f"{head}/qmgr{tail} removed",
    ]


def broken(name, at, queue_id="1BD482267F7"):
    """Return the lines of a message that broke off within it."""
    return [
        *taken(name, at, queue_id)[:2],
        f"{at.isoformat()} mx postfix/smtpd[7]: lost connection after DATA (9 bytes) from localhost[127.0.0.1]",
    ]


def write_log(site, *lines, name="mail.log"):
    """Write a log beside a site; return its path."""
    path = site.folder / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
