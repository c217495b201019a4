"""The section [bounces]: how much is borne, and a mailbox that cannot be read in circles or in the clear.

Not here: reading it (tests/jobs/test_bounce_imap.py).
"""

from datetime import timedelta

import pytest

from feeds.rules.bounces import Patience

IMAP = '[bounces.imap]\nhost = "imap.gazette.example"\nusername = "bounces"\npassword = "env:IMAP_PASSWORD"\n'
AROUND = {"IMAP_PASSWORD": "a canary"}


def test_seven_days_within_sixty_are_borne_unless_said_otherwise(read):
    assert read().bounces.patience == Patience(7, timedelta(days=60))
    assert read('[bounces]\nlimit = 3\nwithin = "2 weeks"\n').bounces.patience == Patience(3, timedelta(weeks=2))


def test_mailbox_is_read_over_tls_and_kept_unless_said_otherwise(read):
    imap = read(IMAP, environ=AROUND).bounces.imap
    assert (imap.port, imap.mailbox, imap.done, imap.delete) == (993, "INBOX", "Processed", False)
    assert imap.password.reveal() == "a canary"
    assert read().bounces.imap is None


@pytest.mark.rule("T99")
def test_password_is_a_secret(mistakes, read):
    literal = IMAP.replace("env:IMAP_PASSWORD", "a canary")
    (mistake,) = mistakes(literal)
    assert mistake.startswith("bounces.imap.password: stands here in the clear")
    assert "a canary" not in mistake + repr(read(IMAP, environ=AROUND))


def test_reports_are_not_moved_to_where_they_come_to(mistakes):
    (mistake,) = mistakes(f'{IMAP}done = "INBOX"\n', environ=AROUND)
    assert mistake.startswith("bounces.imap.done: is the mailbox that reports come to, too")


@pytest.mark.parametrize("name", ["Zurückgekommen", "A&-B"])
def test_mailbox_is_named_in_plain_ascii(mistakes, name):
    (mistake,) = mistakes(f'{IMAP}done = "{name}"\n', environ=AROUND)
    assert "holds more than plain ASCII" in mistake


def test_mistakes_are_told_each_with_its_key(mistakes):
    found = mistakes('[bounces]\nlimit = 0\nwithin = "soon"\n[bounces.imap]\nhost = "x"\n')
    keys = ["bounces.imap.password", "bounces.imap.username", "bounces.limit", "bounces.within"]
    assert sorted(one.partition(":")[0] for one in found) == keys
