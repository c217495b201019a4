"""What is due to be printed again is noted once, and crossed off; idle is when nothing is.

Not here: what makes it due (tests/jobs).
"""

from feeds.store import entries, reprints
from feeds.store.reprints import MATERIALS, PLANNED, Reprint
from tests.store.givens import DAY, MONDAY, add, entry, read, write

SITE, ARCHIVE, PAGE = Reprint("site"), Reprint("site", 2), Reprint("=urn:one")


def test_what_is_due_is_noted_once_and_in_order(store):
    write(store, reprints.add, [ARCHIVE, PAGE, SITE, SITE])
    write(store, reprints.add, [SITE])
    assert read(store, reprints.list_all) == [PAGE, SITE, ARCHIVE]
    assert read(store, reprints.list_listed) == [SITE, ARCHIVE]


def test_what_is_printed_is_crossed_off_alone(store):
    write(store, reprints.add, [ARCHIVE, SITE])
    write(store, reprints.remove, [SITE, PAGE])
    assert read(store, reprints.list_all) == [ARCHIVE]
    assert read(store, reprints.any_due)


def test_mark_is_what_was_set_last_until_it_is_dropped(store):
    assert read(store, reprints.find_mark, PLANNED) is None
    write(store, reprints.set_mark, PLANNED, "1")
    write(store, reprints.set_mark, PLANNED, "2")
    assert read(store, reprints.find_mark, PLANNED) == "2"
    write(store, reprints.drop_mark, PLANNED)
    assert read(store, reprints.find_mark, PLANNED) is None


def is_idle(store, materials="m", now=MONDAY):
    with store.reading() as tx:
        return reprints.is_idle(tx, materials=materials, now=now)


def test_press_is_idle_when_all_is_planned_and_printed_by_the_settings_of_now(store):
    add(store, entry("one"))
    write(store, entries.mark_live, MONDAY)
    write(store, reprints.set_mark, MATERIALS, "m")
    assert not is_idle(store)
    write(store, reprints.set_mark, PLANNED, str(read(store, entries.last_change)))
    assert is_idle(store)
    assert not is_idle(store, materials="other")
    write(store, reprints.add, [SITE])
    assert not is_idle(store, now=MONDAY + DAY)
