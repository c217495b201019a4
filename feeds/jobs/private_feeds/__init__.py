"""Private feeds: each reader's own address, and what it leads to, printed when it is asked for.

Nothing of them is ever written to the output folder. Not here: which entries they hold (publish plans it), HTTP (web).
"""

from feeds.jobs.private_feeds.giving import PrivateReport, give, list_readers, revoke
from feeds.jobs.private_feeds.newsletter import note_given
from feeds.jobs.private_feeds.opened import Opened, Standing
from feeds.jobs.private_feeds.opening import open_feed
from feeds.jobs.private_feeds.printing import addressed, find_file, print_feed

__all__ = [
    "Opened",
    "PrivateReport",
    "Standing",
    "addressed",
    "find_file",
    "give",
    "list_readers",
    "note_given",
    "open_feed",
    "print_feed",
    "revoke",
]
