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
from feeds.rules.text import clean_text

LONGEST = 65_536
_HEAD = re.compile(r"\s*(?P<fence>---|\+\+\+)[ \t]*\r?\n")
_KEY = re.compile(r"^[ \t{]*[\"']?[A-Za-z_][\w.-]*[\"']?[ \t]*[:=]", re.MULTILINE)
_TOML_LINE = re.compile(r"at line (\d+)")


class _SafeYaml(yaml.SafeLoader):
    """YAML as an author means it: a title of ``3.10`` or ``No`` is what was typed; the rules read dates and flags.

    Without what can only do harm: aliases, by which ten lines make a billion, and a key given twice.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012  (as the base class has it)
        first: [(tag, pattern) for tag, pattern in found if tag == "tag:yaml.org,2002:null"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias; compose anything else."""
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed in front matter")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Refuse a key given twice: one of the two might say that the article is a draft."""
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} is given twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


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

    Line ends are LF. Raises ArticleRefused where it is malformed: it might say that the article is a draft or for
    members only.
    """
    head = _HEAD.match(text)
    front = _front(text, head) if head else None
    if head is None or front is None:
        return {}, text
    meta = _parsed(_HANDLERS[head["fence"]], front, first_line=text[: head.end()].count("\n"))
    return meta, _split(text, head)[1].lstrip("\n")


def with_id(text: str, entry_id: str) -> str:
    """Return a file's text with ``id`` as the first key of its front matter, made where there is none.

    Nothing else of the text changes, not even a space. Raises ArticleRefused where the id cannot stand there.
    """
    mark, text = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    plain = clean_text(text)
    head = _HEAD.match(text)
    newline = "\r\n" if "\r\n" in text[:4096] else "\n"
    if head is None or not _fenced(plain):
        written = f'---{newline}id: "{entry_id}"{newline}---{newline}{text}'
    else:
        line = f'id = "{entry_id}"' if head["fence"] == "+++" else f'id: "{entry_id}"'
        written = text[: head.end()] + line + newline + text[head.end() :]
    _require_same(plain, clean_text(written), entry_id)
    return mark + written


def _fenced(text: str) -> bool:
    head = _HEAD.match(text)
    return head is not None and _front(text, head) is not None


def _require_same(before: str, after: str, entry_id: str) -> None:
    meta, body = split_front_matter(before)
    try:
        same = split_front_matter(after) == ({**meta, "id": entry_id}, body.lstrip("\n"))
    except ArticleRefused:
        same = False
    if not same:
        raise ArticleRefused("an id cannot be written into its front matter; add the line `id` by hand")


def _split(text: str, head: re.Match[str]) -> tuple[str, str]:
    front, body = _HANDLERS[head["fence"]].split(text.lstrip())
    return str(front), str(body)


def _front(text: str, head: re.Match[str]) -> str | None:
    """Return what stands between the fences, or None where the first is a rule: no key follows it."""
    try:
        front = _split(text, head)[0]
    except ValueError:
        if _KEY.search(text[head.end() :].lstrip().partition("\n\n")[0]):
            raise ArticleRefused(f"its front matter has no closing {head['fence']} line") from None
        return None
    return front if _KEY.search(front) or not front.strip() or front.lstrip().startswith("#") else None


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
    return {clean_text(str(key)): _clean(value) for key, value in meta.items()}


def _clean(value: Any) -> Any:
    """Clean what escapes (``\\0``) brought in behind the back of the text's own cleaning."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    if isinstance(value, dict):
        return {clean_text(str(key)): _clean(inner) for key, inner in value.items()}
    return value


def _said(error: Exception, first_line: int) -> str:
    # A line without its colon is found out only on the next one.
    is_key = getattr(error, "context", None) == "while scanning a simple key"
    mark = getattr(error, "context_mark" if is_key else "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    if mark:
        return f"line {mark.line + first_line}: {problem}"
    return _TOML_LINE.sub(lambda found: f"at line {int(found[1]) + first_line - 1}", problem)
