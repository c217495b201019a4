"""A store that was restored from a backup is behind its witness, and no other is.

Not here: what is done about it (tests/jobs/test_reconcile.py).
"""

import threading

import pytest

from feeds.errors import LedgerBehind, StoreUnusable
from feeds.store.schema import marks
from feeds.store.witness import Witness
from tests.store.givens import DAY, MONDAY

LATER = MONDAY + DAY


@pytest.fixture
def witness(store, tmp_path):
    return Witness(store, tmp_path / "var")


def claim(witness, now=MONDAY):
    """Write a block down and tell of it, as a worker does that claims one."""
    with witness._store.writing() as tx:
        witness.advance(tx, now)
    witness.tell()


def restore(witness, value=None):
    """Set the store back to what a backup says of sending, or to a time at which there was nothing to say."""
    with witness._store.writing() as tx:
        tx.execute(marks.delete())
        if value:
            tx.execute(marks.insert().values(name="sending", value=value))


def saved(witness):
    with witness._store.reading() as tx:
        return tx.execute(marks.select()).one().value


def test_store_that_never_sent_anything_needs_no_witness(witness):
    witness.require()
    assert (witness.standing().store, witness.standing().witness, witness.path.exists()) == (None, None, False)


def test_both_say_how_far_sending_has_come(witness):
    claim(witness)
    witness.require()
    assert (witness.standing().store, witness.standing().witness) == (MONDAY, MONDAY)
    assert witness.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.rule("D9")
def test_store_that_was_restored_is_behind(witness):
    claim(witness)
    backup = saved(witness)
    claim(witness, LATER)
    restore(witness, backup)
    with pytest.raises(LedgerBehind, match=r"the store last sent 2026-03-02 .* tells of mail sent at 2026-03-03"):
        witness.require()
    assert LedgerBehind.exit_code == 8


@pytest.mark.rule("D9")
def test_store_restored_from_before_it_ever_sent_is_behind(witness):
    claim(witness)
    restore(witness)
    with pytest.raises(LedgerBehind, match="the store last sent never"):
        witness.require()


@pytest.mark.rule("D9")
def test_store_without_its_witness_is_behind_for_all_that_is_known(witness):
    claim(witness)
    witness.path.unlink()
    with pytest.raises(LedgerBehind, match="is missing"):
        witness.require()


def test_block_that_was_written_down_and_not_told_of_was_not_sent(witness):
    claim(witness)
    with witness._store.writing() as tx:
        witness.advance(tx, LATER)  # and here the worker is killed
    Witness(witness._store, witness.path.parent).require()


def test_first_block_that_was_written_down_and_not_told_of_was_not_sent_either(witness):
    with witness._store.writing() as tx:
        witness.advance(tx, MONDAY)  # and here the worker is killed
    other = Witness(witness._store, witness.path.parent)
    other.require()
    claim(other, LATER)
    assert other.standing().witness == LATER


def test_first_block_that_was_rolled_back_leaves_neither_behind(witness):
    with pytest.raises(ZeroDivisionError), witness._store.writing() as tx:
        witness.advance(tx, MONDAY)
        raise ZeroDivisionError
    witness.require()


def test_block_that_was_rolled_back_leaves_the_store_no_further(witness):
    claim(witness)
    with pytest.raises(ZeroDivisionError), witness._store.writing() as tx:
        witness.advance(tx, LATER)
        raise ZeroDivisionError
    assert witness.standing().store == MONDAY


@pytest.mark.rule("D9")
def test_copy_made_while_the_last_block_was_sent_is_behind_once_the_worker_is_done(witness):
    claim(witness)
    backup = saved(witness)
    witness.close_block(MONDAY)
    restore(witness, backup)
    assert witness.standing().is_behind


def test_worker_that_claimed_nothing_leaves_no_trace(witness):
    witness.close_block(MONDAY)
    assert (witness.standing().store, witness.path.exists()) == (None, False)


def test_clock_that_stands_still_or_goes_back_changes_nothing(witness):
    claim(witness, LATER)
    first = saved(witness)
    claim(witness, LATER)
    claim(witness, MONDAY)
    assert int(saved(witness)) == int(first) + 2
    witness.require()


def test_workers_may_tell_of_their_blocks_in_any_order(store, tmp_path, witness):
    slow = Witness(store, tmp_path / "var")
    with store.writing() as tx:
        slow.advance(tx, MONDAY)
    claim(witness, LATER)
    slow.tell()
    assert witness.standing().witness == LATER


def test_many_workers_at_once_never_leave_the_store_behind(store, tmp_path, witness):
    def work():
        own = Witness(store, tmp_path / "var")
        for _ in range(10):
            claim(own)
            assert not own.standing().is_behind

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    standing = witness.standing()
    assert standing.store == standing.witness


def test_store_that_is_accepted_is_behind_no_more_and_can_be_again(witness):
    claim(witness, LATER)
    restore(witness)
    witness.accept(MONDAY)
    witness.require()
    backup = saved(witness)
    claim(witness, LATER + DAY)
    restore(witness, backup)
    assert witness.standing().is_behind


@pytest.mark.parametrize("junk", [b"", b"12", b"no witness, whatever it is called"])
def test_file_that_is_no_witness_is_none_and_accepting_mends_it(witness, junk):
    claim(witness)
    witness.path.write_bytes(junk)
    assert witness.standing().is_behind
    witness.accept(LATER)
    witness.require()


def test_witness_that_cannot_be_told_stops_the_sending(witness):
    witness.path.parent.mkdir(exist_ok=True)
    witness.path.mkdir()
    with pytest.raises(StoreUnusable, match="nothing is sent"):
        claim(witness)
    with pytest.raises(StoreUnusable):
        witness.require()
