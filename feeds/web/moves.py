"""The addresses that documents used to have, listed for web servers that cannot read the signs beside them.

Not here: the signs, which publish writes; how ``serve`` answers for them (site).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from feeds.web.headers import ADDRESS
from feeds.web.places import INDEX, MOVED


def list_moves(root: Path) -> dict[str, str]:
    """Return the address that each path of an output folder has now, where that is another; by path."""
    moves: dict[str, str] = {}
    for sign in sorted(root.rglob(f"*{MOVED}")):
        target = sign.read_text(encoding="utf-8", errors="replace").strip()
        path = f"/{sign.relative_to(root).as_posix().removesuffix(MOVED)}"
        if not ADDRESS.fullmatch(target):
            continue
        moves[path] = target
        if path.endswith(f"/{INDEX}"):
            moves[path.removesuffix(INDEX)] = target
    return moves


def map_lines(moves: Mapping[str, str]) -> Iterator[str]:
    """Yield a line of nginx's ``map`` for each path that moved."""
    # nginx would take what follows a dollar sign for a variable, and knows no way to write one.
    return (f"{_quoted(path)} {_quoted(target.replace('$', '%24'))};\n" for path, target in moves.items())


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
