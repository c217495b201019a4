"""The bytes that selections were rendered to. A piece that several selections of an edition have is stored once.

A piece is named by its hash; a selection has the list of its own. Not here: what the parts are (rendering), which
entries a selection holds (editions).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, MutableMapping

from sqlalchemy import bindparam, delete, insert, select, tuple_

from feeds.model import Part
from feeds.store.batches import batches
from feeds.store.editions import Selection
from feeds.store.engine import Transaction
from feeds.store.schema import deliveries, renderings

_LIST = "pieces"  # the part of a selection that lists the pieces of all others
_NAMED, _SAID = "#", "="  # in that list: the name of a piece, which no selection's begins like; a short one itself
_SHORT = 120  # bytes: what takes no more room than its name and a row
_TEXTS = frozenset({"subject", "html", "text"})  # the parts of which short pieces stand in the list
_columns = renderings.c
_KEY = (_columns.language, _columns.layout)
# Both are asked for each message of an edition in which no reader has what another has: they are made once.
_OF_IT = _columns.edition_id == bindparam("edition")
_LIST_OF = select(*_KEY, _columns.data).where(_OF_IT, _columns.part == bindparam("list"))
# All but every edition has one key: with it the primary key leads straight to the row.
_LIST_UNDER_FIRST_KEY = _LIST_OF.where(
    tuple_(*_KEY) == select(*_KEY).where(_OF_IT).order_by(*_KEY).limit(1).scalar_subquery()
)


def put(tx: Transaction, selection: Selection, *, key: tuple[str, str], parts: Mapping[str, Part]) -> None:
    """Store what a selection was rendered to in a (language, layout): each part as bytes, or all by their pieces."""
    edition_id, own = selection.edition_id, f"{selection.id}/"
    lists, pieces = _in_pieces(parts) if tuple in map(type, parts.values()) else ({}, {})
    rows = {_LIST: json.dumps(lists, ensure_ascii=False).encode()} if lists else parts
    same = {"edition_id": edition_id, "language": key[0], "layout": key[1]}
    ours = [_columns[name] == value for name, value in same.items()]
    tx.execute(delete(renderings).where(*ours, _columns.part.in_([own + part for part in rows])))
    there = set(tx.execute(select(_columns.part).where(*ours, _columns.part.in_(pieces))).scalars()) if pieces else ()
    new = {own + part: data for part, data in rows.items()} | {
        name: data for name, data in pieces.items() if name not in there
    }
    tx.execute(insert(renderings), [same | {"part": part, "data": data} for part, data in new.items()])


def get(
    tx: Transaction, edition_id: str, selection_id: str, *, kept: MutableMapping[str, bytes] | None = None
) -> dict[str, Part]:
    """Return the parts that a selection was rendered to, as they were stored, none where it was not rendered.

    Pieces that are ``kept`` by their names are not read, and those that are read are kept. Served by the primary key.
    """
    found = _find_list(tx, edition_id, selection_id)
    if found is None:
        return _whole(tx, edition_id, selection_id)
    key, lists = found
    kept = {} if kept is None else kept
    wanted = [name for names in lists.values() for name in names if name[0] == _NAMED]
    pieces = {name: data for name in wanted if (data := kept.get(name)) is not None}
    for name, data in _read(tx, (edition_id, *key), {name for name in wanted if name not in pieces}):
        kept[name] = pieces[name] = data
    return {
        part: tuple(pieces[name] if name[0] == _NAMED else name[1:].encode() for name in names)
        for part, names in lists.items()
    }


def drop_unused(tx: Transaction, edition_id: str) -> None:
    """Remove what selections were rendered to that no delivery has any more, and the pieces that they alone had.

    So an entry that was taken out of an edition leaves no words behind.
    """
    ours = _columns.edition_id == edition_id
    held = set(
        tx.execute(select(deliveries.c.selection_id).where(deliveries.c.about == edition_id).distinct()).scalars()
    )
    parts = tx.execute(select(_columns.part).where(ours, ~_columns.part.startswith(_NAMED))).scalars()
    _delete(tx, edition_id, [part for part in parts if _selection_of(part) not in held])
    lists = tx.execute(select(_columns.data).where(ours, _columns.part.endswith(f"/{_LIST}"))).scalars()
    used = {name for data in lists for names in json.loads(data).values() for name in names}
    pieces = tx.execute(select(_columns.part).where(ours, _columns.part.startswith(_NAMED))).scalars()
    _delete(tx, edition_id, [name for name in pieces if name not in used])


def _in_pieces(parts: Mapping[str, Part]) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    """Return the list of each part's pieces, and by its name each that is too long to stand there itself."""
    lists: dict[str, list[str]] = {}
    named: dict[str, bytes] = {}
    for part, made in parts.items():
        lists[part] = []
        for piece in (made,) if isinstance(made, bytes) else made:
            is_short = part in _TEXTS and len(piece) <= _SHORT
            name = _SAID + piece.decode() if is_short else _name(part, piece)
            lists[part].append(name)
            if not is_short:
                named[name] = piece
    return lists, named


def _name(part: str, piece: bytes) -> str:
    return f"{_NAMED}{hashlib.sha256(piece).hexdigest()[:32]}/{part}"


def _find_list(
    tx: Transaction, edition_id: str, selection_id: str
) -> tuple[tuple[str, str], dict[str, list[str]]] | None:
    """Return the (language, layout) of a selection's pieces, and their names."""
    given = {"edition": edition_id, "list": f"{selection_id}/{_LIST}"}
    row = tx.execute(_LIST_UNDER_FIRST_KEY, given).one_or_none() or tx.execute(_LIST_OF, given).one_or_none()
    return ((row.language, row.layout), json.loads(row.data)) if row else None


def _read(tx: Transaction, key: tuple[str, str, str], names: Collection[str]) -> Iterable[tuple[str, bytes]]:
    if not names:
        return
    same = (_columns.edition_id, *_KEY)
    query = select(_columns.part, _columns.data).where(*(column == is_ for column, is_ in zip(same, key, strict=True)))
    for batch in batches(names):
        yield from ((row.part, row.data) for row in tx.execute(query.where(_columns.part.in_(batch))))


def _whole(tx: Transaction, edition_id: str, selection_id: str) -> dict[str, Part]:
    names = _columns.part.startswith(f"{selection_id}/", autoescape=True)
    rows = tx.execute(select(renderings).where(_columns.edition_id == edition_id, names))
    return {row.part.removeprefix(f"{selection_id}/"): row.data for row in rows}


def _selection_of(part: str) -> str:
    """Return the selection that a row is of: its id ends behind # without a slash."""
    before, _, behind = part.rpartition("#")
    return f"{before}#{behind.partition('/')[0]}"


def _delete(tx: Transaction, edition_id: str, parts: Iterable[str]) -> None:
    for batch in batches(parts):
        tx.execute(delete(renderings).where(_columns.edition_id == edition_id, _columns.part.in_(batch)))
