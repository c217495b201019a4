"""What several tests of the ledger begin with.

Not here: the facts that they put in themselves (mail_givens), the databases (store_fixtures).
"""

import pytest

from tests.store.mail_givens import READERS, add_readers, compose


@pytest.fixture
def queued(store):
    """Give a store with one edition queued for three readers."""
    add_readers(store, *READERS)
    compose(store, *READERS)
    return store
