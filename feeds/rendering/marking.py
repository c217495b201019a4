"""Marks in what templates make: where that begins and ends which an include or a macro makes of one story.

Templates need not know of it. What is kept in a variable, or goes through a filter, is not marked. Not here: cutting
at the marks (cutting), running templates (environment).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from jinja2 import Environment, nodes
from markupsafe import Markup

ITEM = "item"  # what a part calls the story that it shows
BEGIN, END = "begin_part", "end_part"  # methods of the environment
# Statements whose body is put out where they stand; all else keeps or changes it.
_BODIES = ("body", "elif_", "else_")
_OPEN = (nodes.Template, nodes.Block, nodes.For, nodes.If, nodes.With, nodes.Scope)


@dataclass(slots=True)
class _Marks:
    mark: str
    kind: type
    depth: int = 0


_marks: ContextVar[_Marks | None] = ContextVar("marks", default=None)


@contextmanager
def marking(mark: str, kind: type) -> Iterator[None]:
    """Have what is made of values of a kind stand between marks; of a part within a part only the outer is marked."""
    token = _marks.set(_Marks(mark, kind))
    try:
        yield
    finally:
        _marks.reset(token)


def begin(value: object) -> str:
    """Return what stands before what a part makes of a value."""
    marks = _marks.get()
    if marks is None or not isinstance(value, marks.kind):
        return ""
    marks.depth += 1
    return Markup(marks.mark if marks.depth == 1 else "")


def end(value: object) -> str:
    """Return what stands behind it."""
    marks = _marks.get()
    if marks is None or not isinstance(value, marks.kind):
        return ""
    marks.depth -= 1
    return Markup("" if marks.depth else marks.mark)


def without_marks(made: str) -> str:
    """Return what templates made without the marks in it."""
    marks = _marks.get()
    return made if marks is None else made.replace(marks.mark, "")


def with_marks(tree: nodes.Template, environment: Environment) -> nodes.Template:
    """Return a template that marks what its includes and macros make of a story; its lines are the same."""
    _mark_within(tree)
    tree.set_environment(environment)
    return tree


def _mark_within(statement: nodes.Node) -> None:
    for name in _BODIES:
        body = getattr(statement, name, None)
        if isinstance(body, list):
            setattr(statement, name, [one for inner in body for one in _marked(inner)])


def _marked(statement: nodes.Node) -> Iterable[nodes.Node]:
    if isinstance(statement, nodes.Include):
        item = nodes.Name(ITEM, "load", lineno=statement.lineno)
        return [_output(BEGIN, item), statement, _output(END, item)]
    if isinstance(statement, nodes.Output):
        statement.nodes = [one for said in statement.nodes for one in _around(said)]
    elif isinstance(statement, _OPEN):
        _mark_within(statement)
    return [statement]


def _around(said: nodes.Expr) -> list[nodes.Expr]:
    if isinstance(said, nodes.Call) and said.args and isinstance(said.args[0], nodes.Name):
        return [_call(BEGIN, said.args[0]), said, _call(END, said.args[0])]
    return [said]


def _output(method: str, item: nodes.Name) -> nodes.Output:
    return nodes.Output([_call(method, item)], lineno=item.lineno)


def _call(method: str, item: nodes.Name) -> nodes.Call:
    asked = nodes.Name(item.name, "load", lineno=item.lineno)
    which = nodes.EnvironmentAttribute(method, lineno=item.lineno)
    return nodes.Call(which, [asked], [], None, None, lineno=item.lineno)
