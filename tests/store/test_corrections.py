"""Which entries were edited since they were brought, and what each selection told, on both databases.

Not here: who is owed what (tests/rules/test_corrections.py).
"""

from dataclasses import replace

import pytest

from feeds.model import Access, Correction, State
from feeds.rules.corrections import Amended, Brought, Told
from feeds.store import corrections, editions
from tests.store.givens import DAY, MONDAY, PLAIN, add, change, entry, read, write
from tests.store.mail_givens import add_readers, compose, edition, selection

LATE, WRONG = Correction(MONDAY, "It leaves at 7."), Correction(MONDAY + DAY, "The captain is Ann Lee.")
ONE = edition(1)


@pytest.fixture
def brought(store):
    """Give a store in which an edition brought the ferry, in full, and the pier, only named."""
    add(store, entry("pier"))
    add_readers(store, "ann")
    of = compose(store, "ann", of=ONE)
    write(store, editions.add_selection, selection("urn:ferry", named=["urn:pier"], of=of, mark="n"))
    return store


def corrected(store, *found, name="ferry", old=None, at=MONDAY + DAY, **facts):
    """Write the next revision of an entry, which bears these corrections; return it."""
    old = old or entry(name)
    article = replace(PLAIN, corrections=found)
    return change(store, old, article=article, revision=old.revision + 1, at=at, **facts)


def amended(store, newsletter="weekly", *, since=MONDAY):
    return read(store, corrections.list_amended, newsletter, since=since)


def test_entry_that_was_corrected_after_it_was_brought_is_amended(brought):
    assert amended(brought) == []
    corrected(brought, LATE, WRONG)
    assert amended(brought) == [Amended("urn:ferry", 2, (LATE, WRONG))]
    assert amended(brought, "daily") == []


def test_entry_that_was_edited_and_bears_no_correction_is_none(brought):
    corrected(brought)
    assert amended(brought) == []


def test_entry_that_was_only_named_is_none(brought):
    corrected(brought, LATE, name="pier")
    assert amended(brought) == []


def test_edit_from_before_the_instant_is_none(brought):
    corrected(brought, LATE)
    assert amended(brought, since=MONDAY + DAY) == []


@pytest.mark.parametrize("facts", [{"state": State.WITHDRAWN}, {"state": State.DRAFT}])
def test_entry_that_is_public_no_more_is_none(brought, facts):
    corrected(brought, LATE, **facts)
    assert amended(brought) == []


def test_entry_for_members_is_none(brought):
    change(brought, entry(), article=replace(PLAIN, corrections=(LATE,), access=Access.MEMBERS), revision=2)
    assert amended(brought) == []


def test_selection_that_brought_it_as_it_stands_owes_nothing(brought):
    second = corrected(brought, LATE)
    two = edition(2)
    write(brought, editions.add, two)
    held = editions.Selected("urn:ferry", second.revision, False)
    write(brought, editions.add_selection, replace(selection(of=two), entries=(held,)))
    corrected(brought, LATE, WRONG, old=second, at=MONDAY + 2 * DAY)
    assert read(brought, corrections.list_brought, "weekly", amended(brought)) == {
        f"{ONE.id}#s": Brought(ONE.id, {"urn:ferry": ()}),
        f"{ONE.id}#n": Brought(ONE.id, {"urn:ferry": ()}),
        f"{two.id}#s": Brought(two.id, {"urn:ferry": (LATE.text,)}),
    }


def test_revision_that_is_not_kept_is_taken_for_what_stands_now(brought):
    held = editions.Selected("urn:ferry", 0, False)
    write(brought, editions.add_selection, replace(selection(of=ONE, mark="0"), entries=(held,)))
    corrected(brought, LATE)
    found = read(brought, corrections.list_brought, "weekly", amended(brought))
    assert found[f"{ONE.id}#0"] == Brought(ONE.id, {"urn:ferry": (LATE.text,)})


def test_selection_comes_back_with_the_corrections_that_it_tells(brought):
    told = (Told("urn:ferry", 2, LATE.at, LATE.text), Told("urn:ferry", 2, WRONG.at, WRONG.text))
    two = edition(2)
    write(brought, editions.add, two)
    telling = replace(selection("urn:pier", of=two), corrections=told)
    write(brought, editions.add_selection, telling)
    write(brought, editions.add_selection, telling)  # it is there: nothing is told twice
    assert read(brought, editions.get_selection, telling.id) == telling
    corrected(brought, LATE, WRONG)
    found = read(brought, corrections.list_brought, "weekly", amended(brought))
    assert found[telling.id] == Brought(two.id, {}, (("urn:ferry", LATE.text), ("urn:ferry", WRONG.text)))
