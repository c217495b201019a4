"""On which line of a TOML text each key stands: the parser of the standard library does not say.

Not here: the values, or whether the text is TOML at all; it has been parsed before it comes here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Where = tuple[str | int, ...]
Finding = tuple[Where, str]  # where, and what is wrong there

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\])*"' r"|'[^']*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\n\r]+")
_KEY_PART = re.compile(r"""[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*""")


def lines_of(text: str) -> Mapping[Where, int]:
    """Return the line, counted from 1, of each table, key and list item of a valid TOML ``text``."""
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.lines


def line_of(path: Where, lines: Mapping[Where, int]) -> int | None:
    """Return the line of ``path`` or else of what encloses it; None where nothing of it is in the text."""
    enclosing = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[part] for part in enclosing if part in lines), None)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Where, int] = {}
        self.sizes: dict[Where, int] = {}  # how many tables each array of tables has so far

    def scan(self) -> None:
        table: Where = ()
        self.skip_blank()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip_blank()

    def header(self) -> Where:
        is_array = self.text.startswith("[[", self.at)
        line = self.line()
        self.at += 2 if is_array else 1
        names = self.key()
        self.at += 2 if is_array else 1
        path = self.placed(names[:-1])
        path = self.next_of((*path, names[-1])) if is_array else self.placed(names)
        self.note(path, line)
        return path

    def placed(self, names: tuple[str, ...]) -> Where:
        """Put the index of the latest table after each name that is an array of tables."""
        path: Where = ()
        for name in names:
            path = (*path, name)
            if path in self.sizes:
                path = (*path, self.sizes[path] - 1)
        return path

    def next_of(self, array: Where) -> Where:
        index = self.sizes.get(array, 0)
        self.sizes[array] = index + 1
        return (*array, index)

    def pair(self, table: Where) -> None:
        line = self.line()
        path = (*table, *self.key())
        self.note(path, line)
        self.at += 1  # the equals sign
        self.value(path)

    def value(self, path: Where) -> None:
        self.skip_blank()
        opening = self.text[self.at]
        if opening == "[":
            self.array(path)
        elif opening == "{":
            self.inline_table(path)
        else:
            match = _STRING.match(self.text, self.at) or _PLAIN.match(self.text, self.at)
            self.at = match.end() if match else len(self.text)

    def array(self, path: Where) -> None:
        index = 0
        while self.another("]"):
            self.note((*path, index), self.line())
            self.value((*path, index))
            index += 1

    def inline_table(self, path: Where) -> None:
        while self.another("}"):
            self.pair(path)

    def another(self, closing: str) -> bool:
        """Step over an opening bracket or a comma; return False, the closing bracket stepped over, at the end."""
        self.skip_blank()
        if self.text[self.at] != closing:
            self.at += self.text[self.at] in "[{,"
            self.skip_blank()
        ended = self.text[self.at] == closing
        self.at += ended
        return not ended

    def key(self) -> tuple[str, ...]:
        names: list[str] = []
        while match := _KEY_PART.match(self.text, self.at):
            names.append(_bare(match[1]))
            self.at = match.end()
            if not self.text.startswith(".", self.at):
                break
            self.at += 1
        return tuple(names)

    def note(self, path: Where, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def skip_blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at


def _bare(key: str) -> str:
    if key.startswith("'"):
        return key[1:-1]
    return str(tomllib.loads(f"key = {key}")["key"]) if key.startswith('"') else key
