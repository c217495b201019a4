"""What the mail of editions shows of the shelf: noted once, to be printed, and shown while its entry is public.

Not here: printing it (tests/jobs).
"""

from feeds.model import State
from feeds.store import edition_files, reprints
from feeds.store.edition_files import OWN
from feeds.store.reprints import Reprint
from tests.store.givens import change, entry, read, write
from tests.store.mail_givens import add_readers, compose, edition

QUAY, LOGO = "00ff.jpg", "11ee.png"
NAMES = [QUAY, LOGO, "none.jpg"]


def composed(store, *files, number=1):
    of = edition(number)
    if number == 1:
        add_readers(store, "ann")
    compose(store, "ann", of=of)
    write(store, edition_files.add, of.id, files)
    return of


def test_files_are_to_be_printed_once_they_are_noted(store):
    of = composed(store, ("urn:ferry", QUAY), (OWN, LOGO))
    assert read(store, edition_files.list_due) == [QUAY, LOGO]
    assert read(store, edition_files.list_unshown) == {of.id}
    assert read(store, edition_files.list_names) == {QUAY, LOGO}


def test_edition_whose_files_are_printed_waits_no_more(store):
    first = composed(store, ("urn:ferry", QUAY))
    write(store, reprints.remove, [Reprint(f"%{QUAY}")])
    second = composed(store, (OWN, LOGO), number=2)
    assert first.id != second.id
    assert read(store, edition_files.list_unshown) == {second.id}


def test_what_is_noted_already_is_not_printed_anew(store):
    of = composed(store, ("urn:ferry", QUAY))
    write(store, reprints.remove, [Reprint(f"%{QUAY}")])
    write(store, edition_files.add, of.id, [("urn:ferry", QUAY), (OWN, QUAY)])
    write(store, reprints.remove, [Reprint(f"%{QUAY}")])
    write(store, edition_files.add, of.id, [("urn:ferry", QUAY), (OWN, QUAY)])
    assert read(store, edition_files.list_due) == []


def test_other_things_to_print_are_no_files(store):
    write(store, reprints.add, [Reprint("site"), Reprint("=urn:50%off"), Reprint("%"), Reprint("%a_b.jpg")])
    assert read(store, edition_files.list_due) == ["", "a_b.jpg"]


def test_files_of_an_entry_are_shown_while_it_is_public(store):
    composed(store, ("urn:ferry", QUAY), (OWN, LOGO))
    assert read(store, edition_files.shown, NAMES) == {QUAY, LOGO}
    change(store, entry(), state=State.WITHDRAWN)
    assert read(store, edition_files.shown, NAMES) == {LOGO}
    assert read(store, edition_files.list_names_of, ["urn:ferry"]) == {QUAY}
