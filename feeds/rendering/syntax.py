"""What is said of a template that cannot be read: which tag, on which line, and what to write instead.

Not here: names that a template uses and nobody knows (unknown_names), reading templates (environment).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from jinja2 import TemplateSyntaxError

from feeds.rendering.text import cut, one_line
from feeds.rendering.unknown_names import CLOSED, TAGS

_SHOWN = 60  # characters of a tag
_RAW = r"\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}"
_NO_CODE = re.compile(rf"\{{#.*?#\}}|{_RAW}", re.DOTALL)
_MARK = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_TAG = re.compile(r"\{%[-+]?\s*(\w+)(.*?)[-+]?%\}", re.DOTALL)
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_NESTING = re.compile(rf"Unexpected end|Missing end of raw|Encountered unknown tag '({'|'.join(TAGS)}|end)'")
_TAG_IN_PRINT = re.compile(rf"\{{\{{[-+]?\s*((?:{'|'.join(TAGS)})\b.*?)\s*[-+]?\}}\}}", re.DOTALL)
_ALTERNATIVES = {"else": ("if", "for"), "elif": ("if",)}
_TOKENS = {
    "end of statement block": '"%}"',
    "end of print statement": '"}}"',
    "name": "a name",
    "string": "a text in quotes",
    "integer": "a number",
    "float": "a number",
}

# What jinja2 says, the code that it says it of, and what a writer of templates is told; the first that fits.
_TOLD: tuple[tuple[str, str, str], ...] = (
    (r"Encountered unknown tag '(?:elseif|elsif)'", "", 'write "elif"'),
    (r"expected token .*, got 'if'", r"\{%[-+]?\s*else", 'write "elif"'),
    (r"expected token .*, got '='", r"\{%[-+]?\s*(?:if|elif)", 'to compare, write "=="'),
    (r"unexpected char '&'", "", 'write "and"'),
    (r"expected token .*, got '\|'", r"\|\|", 'write "or"'),
    (r"unexpected char '!'", "", 'write "not"'),
    (r"unexpected char '\?'", "", 'to choose, write "{{ this if that else other }}"'),
    (r"unexpected char (?:'\"'|\"'\")", "", "a quote is not closed"),
    (r"unexpected char '(.)'", "", r"\1 means nothing here"),
    (r"expected token 'in'", "", 'write "{% for story in stories %}"'),
    (r"expected token 'as'", "", 'write "{% import … as parts %}", and use what it has as "parts.name"'),
    (r"expected token '\('", r"macro", 'write "()" behind its name'),
    (r"expected token .*, got", r"\{%[-+]?\s*end", "an end tag stands alone; take out what follows its name"),
    (
        r"expected token 'end of .*', got '(.*)'",
        "",
        r'it cannot be read from \1 on; values are joined by "~", and filters stand behind "|"',
    ),
    (r"expected token '(.*)', got '(.*)'", "", r"\1 is missing before \2"),
    (r"unexpected '.*', expected '([)\]}])'", "", r"\1 is missing"),
    (r"unexpected '([)\]}])'", "", r"\1 closes nothing here"),
    (r"(?:Expected an expression, got|unexpected) '(end of .*)'", "", r"a value is missing before \1"),
    (r"expected name or number", "", 'a name is missing behind "."'),
    (r"tag name expected", "", 'the tag\'s name is missing behind "{%"'),
    (r"block '(.*)' defined twice", "", r"there are two blocks \1; give one another name"),
    (r"can't assign to", "", 'a name is missing before "="'),
    (r"invalid syntax for function call", "", 'values without a name come first: "f(2, a=1)"'),
)


@dataclass(frozen=True, slots=True)
class _Tag:
    word: str
    line: int
    text: str

    def __str__(self) -> str:
        return f'"{_shown(self.text)}"'


def unreadable(error: TemplateSyntaxError, parse: Callable[[str], object]) -> tuple[int, str]:
    """Return the line of what cannot be read, what is wrong there, and what to write; ``parse`` reads a template.

    An unknown tag that is near none is told as jinja2 tells it.
    """
    source = _NO_CODE.sub(lambda found: "\n" * found[0].count("\n"), error.source or "")
    said = error.message or ""
    found = _left_open(source, error.lineno)
    if not found and _NESTING.match(said):
        found = _misnested(source)
    return found or (error.lineno, _told(said, _code_at_fault(error, source, parse)))


def _left_open(source: str, last: int) -> tuple[int, str] | None:
    """Return the line of a mark, not below the last, that nothing closes before the next is opened, and what it is."""
    marks = list(_MARK.finditer(source))
    for mark, following in zip_longest(marks, marks[1:]):
        line = _line(mark)
        if line <= last and mark[0] in _CLOSERS and (not following or following[0] != _CLOSERS[mark[0]]):
            return line, f'"{mark[0]}" is not closed by "{_CLOSERS[mark[0]]}"'
    return None


def _misnested(source: str) -> tuple[int, str] | None:
    """Return the line of the first tag that is not closed, or closes nothing, and what to do."""
    opened: list[_Tag] = []
    for found in _TAG.finditer(source):
        tag = _Tag(found[1], _line(found), found[0])
        if tag.word in CLOSED and not (tag.word == "set" and "=" in found[2]):
            opened.append(tag)
        elif tag.word in _ALTERNATIVES or tag.word.startswith("end"):
            fitting = _ALTERNATIVES.get(tag.word) or (tag.word.removeprefix("end"),)
            if not opened or opened[-1].word not in fitting:
                return _unfitting(tag, fitting, opened)
            if tag.word not in _ALTERNATIVES:
                opened.pop()
    if not opened:
        return None
    return opened[-1].line, f'{opened[-1]} is not closed; write "{{% end{opened[-1].word} %}}" where it ends'


def _unfitting(tag: _Tag, fitting: tuple[str, ...], opened: list[_Tag]) -> tuple[int, str]:
    last = opened[-1] if opened else None
    if last and any(each.word in fitting for each in opened):
        return last.line, f'{last} is not closed; write "{{% end{last.word} %}}" before {tag} of line {tag.line}'
    what = f"{tag} closes nothing here" if tag.word.startswith("end") else f"{tag} stands in no tag that it belongs to"
    if last:
        return tag.line, f'{what}; {last} of line {last.line} is closed by "{{% end{last.word} %}}"'
    wanted = " or ".join(f'"{{% {word} … %}}"' for word in fitting if word)
    return tag.line, f"{what}; take it out" + (f", or write {wanted} before it" if wanted else "")


def _code_at_fault(error: TemplateSyntaxError, source: str, parse: Callable[[str], object]) -> str:
    """Return the code after which a template can no longer be read."""
    for code in _CODE.finditer(source):
        if source.count("\n", 0, code.end()) + 1 < error.lineno:
            continue
        try:
            parse(source[: code.end()])
        except TemplateSyntaxError as again:
            if again.message == error.message:
                return code[0]
    return ""


def _told(said: str, code: str) -> str:
    if found := _TAG_IN_PRINT.fullmatch(code):
        return f'"{_shown(code)}": a tag stands between other marks; write "{{% {_shown(found[1])} %}}"'
    for pattern, around, words in _TOLD:
        if (match := re.match(pattern, said)) and re.search(around, code):
            what = re.sub(r"\\(\d)", lambda place, match=match: _token(match[int(place[1])]), words)  # type: ignore[misc]
            return f'"{_shown(code)}": {what}' if code else what
    return said


def _token(token: str) -> str:
    return _TOKENS.get(token, f'"{token}"')


def _shown(code: str) -> str:
    return cut(one_line(code), _SHOWN)


def _line(found: re.Match[str]) -> int:
    return found.string.count("\n", 0, found.start()) + 1
