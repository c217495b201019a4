"""From what the schema complains of to what an operator can act on: one sentence that ends in the remedy.

Not here: finding mistakes (schema, checks) or their lines (positions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic_core import ErrorDetails

from feeds.config.positions import Where
from feeds.config.schema import REPEATED, SECTIONS, keys_of, part_at
from feeds.config.words import Wrong, kind_of, quoted, suggestion

_NOUNS = {"kind": "kind", "layout": "layout", "formats": "format"}  # keys whose values have a name of their own


def key_text(where: Where) -> str:
    """Return a key's path as it is written in mistakes: ``newsletters[0].layout``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in where if part != "[key]")
    return "".join(parts).removeprefix(".")


def sentence(error: ErrorDetails) -> str:
    """Return what is wrong, and what is expected, for one complaint of the schema."""
    say = _SENTENCES.get(error["type"], _by_default)
    return say(error)


def _by_default(error: ErrorDetails) -> str:
    return f"{quoted(error['input'])}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _own_words(error: ErrorDetails) -> str:
    wrong = error["ctx"]["error"]
    return str(wrong) if isinstance(wrong, Wrong) else _by_default(error)


def _missing(error: ErrorDetails) -> str:
    where = error["loc"]
    if len(where) == 1:
        return "the section is missing; `pressrun init DIR` writes a config that has it"
    return f"missing; expected {_description(where)}"


def _unknown(error: ErrorDetails) -> str:
    where = error["loc"]
    if len(where) == 1:
        return f"unknown section; {suggestion(str(where[-1]), SECTIONS)}"
    key, tables = str(where[-1]), _tables(where)
    inner = next((name for name in keys_of(*tables) if key in _keys_within(tables, name)), None)
    if inner:
        return f"unknown key; expected it in [{'.'.join([*tables, inner])}]"
    return f"unknown key; {suggestion(key, keys_of(*tables))}"


def _keys_within(tables: list[str], name: str) -> tuple[str, ...]:
    return keys_of(*tables, name) if part_at(*tables, name) is not part_at(*tables) else ()


def _no_member(error: ErrorDetails) -> str:
    where, given = error["loc"], error["input"]
    key = next(str(part) for part in reversed(where) if isinstance(part, str))
    known = [part.strip(" '") for part in error["ctx"]["expected"].replace(" or ", ",").split(",")]
    if not isinstance(given, str):
        return f"{quoted(given)} is {kind_of(given)}; expected one of {', '.join(known)}, in quotes"
    noun = _NOUNS.get(key, f"value of {key}")
    return f"{quoted(given)} is no {noun}; {suggestion(given, known)}"


def _no_table(error: ErrorDetails) -> str:
    where = error["loc"]
    if len(where) > 1 and isinstance(where[-1], str):
        return f"is {kind_of(error['input'])}; expected a table [{'.'.join([*_tables(where), where[-1]])}]"
    brackets = f"[[{where[0]}]], in double brackets" if where[0] in REPEATED else f"[{where[0]}], in single brackets"
    return f"is {kind_of(error['input'])}; expected a section {brackets}"


def _no_list(error: ErrorDetails) -> str:
    where, given = error["loc"], error["input"]
    if len(where) == 1:
        return _no_table(error)
    return f"{quoted(given)} is {kind_of(given)}; expected a list, such as [{quoted(given)}]"


def _no_renames(error: ErrorDetails) -> str:
    return f'{quoted(error["input"])} is {kind_of(error["input"])}; expected a table of lines, old = "new"'


def _no_number(error: ErrorDetails) -> str:
    return f"{quoted(error['input'])} is {kind_of(error['input'])}; expected a whole number without quotes"


def _no_boolean(error: ErrorDetails) -> str:
    return f"{quoted(error['input'])} is {kind_of(error['input'])}; expected true or false, without quotes"


def _too_small(error: ErrorDetails) -> str:
    return f"{error['input']} is too small; expected {error['ctx']['ge']} or more"


def _too_large(error: ErrorDetails) -> str:
    return f"{error['input']} is too large; expected {error['ctx']['le']} or less"


def _empty_list(error: ErrorDetails) -> str:
    return f"is empty; expected at least one of: {_description(error['loc'])}"


def _tables(where: Where) -> list[str]:
    """Return the section, and the table within it, that a key stands in."""
    return [step for step in where[:-1] if isinstance(step, str)]


def _description(where: Where) -> str:
    fields = part_at(*_tables(where)).model_fields.items()
    texts = (field.description for name, field in fields if (field.alias or name) == where[-1])
    return next(texts, None) or "a value"


_SENTENCES: Mapping[str, Callable[[ErrorDetails], str]] = {
    "value_error": _own_words,
    "missing": _missing,
    "extra_forbidden": _unknown,
    "enum": _no_member,
    "model_type": _no_table,
    "tuple_type": _no_list,
    "mapping_type": _no_renames,
    "dict_type": _no_renames,
    "int_type": _no_number,
    "bool_type": _no_boolean,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_large,
    "too_short": _empty_list,
}
"""What to say for each type of complaint; any other is passed on in the schema's own words."""
