"""Subscribe readers, one by hand or many from a file; let them choose, leave or rest. Each consent is recorded.

Not here: what consent does (rules), reading a file of readers (sources), mailing anybody.
"""

from feeds.jobs.subscribe.choosing import ChoiceReport, Wish, choose
from feeds.jobs.subscribe.forgetting import ForgetReport, forget, held_of
from feeds.jobs.subscribe.joining import Terms, import_subscribers, subscribe, terms_of
from feeds.jobs.subscribe.leaving import pause, unsubscribe
from feeds.jobs.subscribe.naming import known_newsletters, list_subscribers, mailbox_of
from feeds.jobs.subscribe.report import LeaveReport, PauseReport, SubscribeReport

__all__ = [
    "ChoiceReport",
    "ForgetReport",
    "LeaveReport",
    "PauseReport",
    "SubscribeReport",
    "Terms",
    "Wish",
    "choose",
    "forget",
    "held_of",
    "import_subscribers",
    "known_newsletters",
    "list_subscribers",
    "mailbox_of",
    "pause",
    "subscribe",
    "terms_of",
    "unsubscribe",
]
