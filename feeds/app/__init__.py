"""The fuse box: builds every part from the config, and runs each job with what it needs.

The only room that knows them all; it fetches a job when it is asked for, so that a beat with nothing to do stays light.
Not here: what the jobs do (jobs), how people ask for them (cli).
"""

from feeds.app.outcomes import ComposeOutcome, RunOutcome, SyncOutcome
from feeds.app.site import App

__all__ = ["App", "ComposeOutcome", "RunOutcome", "SyncOutcome"]
