"""Take in what comes back: bounces, complaints, and mail by which readers leave; from a pipe, a maildir or a mailbox.

Not here: what a report says and means (rules.bounces), what is sent (deliver).
"""

from feeds.jobs.bounce.boxes import take_all
from feeds.jobs.bounce.imap import ImapBox
from feeds.jobs.bounce.maildir import MaildirBox
from feeds.jobs.bounce.report import BounceReport, Taken
from feeds.jobs.bounce.taking import Desk, take

__all__ = ["BounceReport", "Desk", "ImapBox", "MaildirBox", "Taken", "take", "take_all"]
