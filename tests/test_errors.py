"""Errors that cross from a worker process to the one that started it.

Not here: when they are raised (the tests of each room).
"""

import pickle
from pathlib import Path

from feeds.errors import ConfigInvalid, Mistake, StoreUnusable


def test_error_is_told_by_a_worker_process_as_it_was_raised():
    missing = Mistake(Path("config.toml"), 12, "dkim.key", "dkim.pem cannot be read")
    for error in (ConfigInvalid((missing, missing)), StoreUnusable("the disk is full")):
        told = pickle.loads(pickle.dumps(error))
        assert (type(told), str(told), vars(told)) == (type(error), str(error), vars(error))
