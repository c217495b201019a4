"""Long lists of ids in lists that a statement takes.

Not here: the statements that ask so (test_entries, test_editions).
"""

from itertools import chain

import pytest

from feeds.store import editions, entries
from feeds.store.batches import MOST_VALUES, batches
from tests.store.givens import add, entry, read


@pytest.mark.parametrize(("number", "sizes"), [(0, []), (3, [3]), (4, [3, 1]), (6, [3, 3])])
def test_batches_hold_every_value_once_and_in_order(number, sizes):
    found = list(batches(range(number), 3))
    assert [len(batch) for batch in found] == sizes
    assert list(chain.from_iterable(found)) == list(range(number))


def test_more_ids_than_a_statement_takes_are_no_burden(store):
    add(store, entry())
    ids = [*(f"urn:{n}" for n in range(7 * MOST_VALUES)), "urn:ferry"]
    assert [one.id for one in read(store, entries.list_with, ids)] == ["urn:ferry"]
    assert read(store, editions.holding, ids, newsletter="weekly") == {}
