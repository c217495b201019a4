"""Renderings come back byte for byte, pieces that selections share are stored once, and none stays that nobody has.

Not here: what selections hold (test_editions).
"""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from feeds.model import whole
from feeds.store import editions, printed_editions, renderings
from feeds.store.schema import deliveries as ledger
from feeds.store.schema import renderings as table
from tests.store.givens import read, write
from tests.store.mail_givens import edition, selection

ONE, TWO = edition(1), edition(2)
PARTS = {"html": b"<p>\xff\x00", "text": "Zoë".encode(), "frame": b"{}"}
KEY = ("en", "plain")
LONG, OTHER, THIRD = (f"<tr>{name}</tr>".encode() * 20 for name in ("ferry", "harbour", "pier"))
PICTURE = bytes(range(256))


def pieced(*pieces, **parts):
    return {"html": pieces, "text": ("Zoë".encode(),), "picture/image/png/1@x": (PICTURE,)} | parts


@pytest.fixture
def shelf(store):
    """Give a store with two editions."""
    for one in (ONE, TWO):
        write(store, editions.add, one)
    return store


def get(shelf, held, **kept):
    return read(shelf, renderings.get, held.edition_id, held.id, **kept)


def put(shelf, held, parts, key=KEY):
    write(shelf, renderings.put, held, key=key, parts=parts)


def test_rendering_comes_back_byte_for_byte(shelf):
    held = selection("urn:pier")
    put(shelf, held, PARTS)
    assert get(shelf, held) == PARTS


def test_rendering_made_again_takes_the_place_of_the_first(shelf):
    held = selection("urn:pier")
    for parts in (PARTS, {"html": b"anew", "text": b"anew"}):
        put(shelf, held, parts)
    assert get(shelf, held) == PARTS | {"html": b"anew", "text": b"anew"}


@pytest.mark.parametrize("mark", ["sa", "s_", "s%", ""])
def test_two_selections_of_an_edition_have_renderings_apart(shelf, mark):
    ours, theirs = selection("urn:pier", mark="s"), selection("urn:ferry", mark=mark)
    put(shelf, theirs, {"html": b"theirs"})
    put(shelf, ours, {"text": b"ours"})
    assert get(shelf, ours) == {"text": b"ours"}
    assert get(shelf, theirs) == {"html": b"theirs"}


def test_selection_that_was_not_rendered_has_no_parts(shelf):
    assert get(shelf, selection("urn:pier", of=TWO)) == {}


# ---- in pieces ----


def test_pieces_come_back_in_their_order_and_as_often_as_they_were_given(shelf):
    held, parts = selection("urn:pier"), pieced(LONG, "é\n".encode(), LONG, b"", OTHER)
    put(shelf, held, parts)
    assert get(shelf, held) == parts
    assert whole(get(shelf, held))["html"] == LONG + "é\n".encode() + LONG + OTHER


def test_piece_that_selections_share_is_stored_once_in_an_edition(shelf):
    for mark, own in (("a", OTHER), ("b", THIRD)):
        put(shelf, selection("urn:pier", mark=mark), pieced(LONG, own))
    with shelf.reading() as tx:
        stored = list(tx.execute(select(table.c.data)).scalars())
    assert [stored.count(piece) for piece in (LONG, OTHER, THIRD, PICTURE)] == [1, 1, 1, 1]


def test_the_same_piece_of_another_edition_or_in_another_language_is_another_row(shelf):
    ours, theirs, french = selection("urn:pier"), selection("urn:pier", of=TWO), selection("urn:pier", mark="fr")
    put(shelf, ours, pieced(LONG))
    put(shelf, theirs, pieced(LONG))
    put(shelf, french, pieced(LONG, OTHER), key=("fr", "plain"))
    assert [get(shelf, one) for one in (ours, theirs)] == [pieced(LONG)] * 2
    assert get(shelf, french) == pieced(LONG, OTHER)


def test_kept_pieces_are_not_read_and_read_ones_are_kept(shelf):
    held, kept = selection("urn:pier"), {}
    put(shelf, held, pieced(LONG, b"short", OTHER))
    get(shelf, held, kept=kept)
    assert set(kept.values()) == {LONG, OTHER, PICTURE}
    (name,) = (name for name, data in kept.items() if data == LONG)
    assert get(shelf, held, kept=kept | {name: b"as kept"})["html"] == (b"as kept", b"short", OTHER)


def test_note_in_pieces_is_found_for_print(shelf):
    put(shelf, selection("urn:pier"), pieced(LONG, note=(b'{"html": ""}',)))
    assert read(shelf, printed_editions.list_notes, [ONE.id]) == {ONE.id: b'{"html": ""}'}


# ---- what nobody has any more ----


def deliver_another(store, old, new):
    with store.writing() as tx:
        tx.execute(update(ledger).where(ledger.c.selection_id == old.id).values(selection_id=new.id))


def test_rendering_that_no_delivery_has_goes_with_the_pieces_that_it_alone_had(queued):
    with queued.reading() as tx:
        (edition_id,) = tx.execute(select(ledger.c.about).distinct()).scalars()
        (old,) = editions.list_selections(tx, edition_id)
    new = replace(old, id=f"{edition_id}#new", hash="new")
    write(queued, editions.add_selection, new)
    put(queued, old, pieced(LONG, OTHER, subject=(b"Withdrawn",)))
    write(queued, renderings.drop_unused, edition_id)
    assert get(queued, old)  # its deliveries are still there
    put(queued, new, pieced(LONG, THIRD))
    deliver_another(queued, old, new)
    write(queued, renderings.drop_unused, edition_id)
    assert (get(queued, old), get(queued, new)) == ({}, pieced(LONG, THIRD))
    with queued.reading() as tx:
        assert OTHER not in set(tx.execute(select(table.c.data)).scalars())
        assert tx.execute(select(func.count()).select_from(table)).scalar_one() == 4  # a list, two pieces, a picture
