"""Front matter: YAML between ``---`` lines or TOML between ``+++`` lines at the head of a file.

Splits, parses, and writes an id into it. Not here: what its keys mean (rules.meta).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml
from frontmatter.default_handlers import BaseHandler

from feeds.errors import ArticleRefused

LONGEST = 65_536
_HEAD = re.compile(r"\s*(?P<fence>---|\+\+\+)[ \t]*\r?\n")


class _SafeYaml(yaml.SafeLoader):
    """YAML without what can only do harm here: aliases, by which ten lines make a billion."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias; compose anything else."""
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed in front matter")
        return super().compose_node(parent, index)


class _Yaml(BaseHandler):
    FM_BOUNDARY = re.compile(r"^-{3}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

    def load(self, fm: str, **_: object) -> Any:
        return yaml.load(fm, _SafeYaml)


class _Toml(BaseHandler):
    FM_BOUNDARY = re.compile(r"^\+{3}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str, **_: object) -> Any:
        return tomllib.loads(fm)


_HANDLERS = {"---": _Yaml(), "+++": _Toml()}


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """Return a file's front matter and the text behind it; an empty mapping where there is none.

    Raises ArticleRefused where it is malformed: it might say that the article is a draft or for members only.
    """
    head = _HEAD.match(text)
    if head is None:
        return {}, text
    handler = _HANDLERS[head["fence"]]
    try:
        front, body = handler.split(text.lstrip())
    except ValueError:
        # A line of dashes at the head of a text that never closes is a rule, not front matter, unless keys follow.
        if re.match(r"[A-Za-z_]+[ \t]*[:=]", text[head.end() :]):
            raise ArticleRefused(f"its front matter has no closing {head['fence']} line") from None
        return {}, text
    return _parsed(handler, front, first_line=text[: head.end()].count("\n")), body.lstrip("\n")


def with_id(text: str, entry_id: str) -> str:
    """Return a file's text with ``id`` as the first key of its front matter, made where there is none.

    Nothing else of the text changes, not even a space.
    """
    head = _HEAD.match(text)
    newline = "\r\n" if "\r\n" in text[:4096] else "\n"
    if head is None or not split_front_matter(text)[0]:
        return f'---{newline}id: "{entry_id}"{newline}---{newline}{text}'
    line = f'id = "{entry_id}"' if head["fence"] == "+++" else f'id: "{entry_id}"'
    return text[: head.end()] + line + newline + text[head.end() :]


def _parsed(handler: BaseHandler, front: str, *, first_line: int) -> Mapping[str, Any]:
    if len(front) > LONGEST:
        raise ArticleRefused(f"its front matter is over {LONGEST:,} characters long")
    try:
        meta = handler.load(front)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise ArticleRefused(f"its front matter is malformed: {_said(error, first_line)}") from None
    if meta is None:
        return {}
    if not isinstance(meta, dict):
        raise ArticleRefused("its front matter is malformed: it holds no keys")
    return meta


def _said(error: Exception, first_line: int) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"line {mark.line + first_line}: {problem}" if mark else problem
