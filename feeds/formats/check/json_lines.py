"""Tells on which line of a JSON document each value stands.

One pass over its tokens, no recursion. Not here: what the values are (opening).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

Path = tuple[str | int, ...]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n', re.DOTALL)
_MOST = 200_000  # lines that are kept: more than a feed of any size that is read has
_DEEPEST = 5  # feeds say nothing below: items, number, attachments, number, key


def json_lines(text: str) -> Mapping[Path, int]:
    """Map the path of each value of a well-formed document, made of keys and numbers, to its line; but no deep ones."""
    walk = _Walk()
    for match in _TOKEN.finditer(text):
        walk.take(match[0])
        if len(walk.lines) > _MOST:
            break
    return walk.lines


class _Walk:
    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self._line, self._path, self._open = 1, list[str | int](), list[str]()
        self._expects_key = False

    def take(self, token: str) -> None:
        if token == "\n":
            self._line += 1
        elif token in "}]":
            self._end()
        elif token == ",":
            self._next()
        elif token != ":":
            self._begin(token)
            self._line += token.count("\n")

    def _begin(self, token: str) -> None:
        if self._expects_key:
            self._path[-1], self._expects_key = json.loads(token, strict=False), False
            return
        if len(self._path) <= _DEEPEST:
            self.lines.setdefault(tuple(self._path), self._line)
        if token in "{[":
            self._open.append(token)
            self._path.append("" if token == "{" else 0)
            self._expects_key = token == "{"

    def _end(self) -> None:
        self._open.pop()
        self._path.pop()
        self._expects_key = False

    def _next(self) -> None:
        last = self._path[-1]
        self._expects_key = self._open[-1] == "{"
        if isinstance(last, int):
            self._path[-1] = last + 1
