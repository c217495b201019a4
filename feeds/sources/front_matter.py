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
from feeds.rules.holding import check_head
from feeds.rules.meta_keys import HOLDING
from feeds.rules.text import clean_text

LONGEST = 65_536
# What cannot be seen, and would make a fence no fence: zero-width characters, marks of direction, stray BOMs.
_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_BLANK = rf"(?:[^\S\r\n]|[{_UNSEEN}])*"
_HEAD = re.compile(rf"[\s{_UNSEEN}]*(?P<fence>---|\+\+\+){_BLANK}\r?\n")
_KEY = re.compile(r"^[ \t{]*[\"']?[A-Za-z_][\w.-]*[\"']?[ \t]*[:=]", re.MULTILINE)
_UNREADABLE = (yaml.YAMLError, ValueError, RecursionError, LookupError, AttributeError, TypeError)
_TWICE = re.compile("is given twice|Cannot overwrite")
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
        """Refuse a key given twice: one of the two might say that the article is a draft; and one that hides others."""
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value == "<<" or key.tag == "tag:yaml.org,2002:merge":
                raise yaml.MarkedYAMLError(
                    problem="'<<' is not allowed: write each key out", problem_mark=key.start_mark
                )
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} is given twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Yaml(BaseHandler):
    FM_BOUNDARY = re.compile(rf"^[{_UNSEEN}]*-{{3}}{_BLANK}$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

    def load(self, fm: str, **_: object) -> Any:
        return yaml.load(fm, _SafeYaml)


class _Toml(BaseHandler):
    FM_BOUNDARY = re.compile(rf"^[{_UNSEEN}]*\+{{3}}{_BLANK}$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str, **_: object) -> Any:
        return tomllib.loads(fm)


_HANDLERS = {"---": _Yaml(), "+++": _Toml()}


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """Return a file's front matter and the text behind it; an empty mapping where there is none.

    Line ends are LF. Raises ArticleRefused where it is malformed, or stands where it is none: it might say that the
    article is a draft or for members only.
    """
    head = _HEAD.match(text)
    front = _front(text, head) if head else None
    if head is None or front is None:
        check_head(text)
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
    front, body = _HANDLERS[head["fence"]].split(text[head.start("fence") :])
    return str(front), str(body)


def _front(text: str, head: re.Match[str]) -> str | None:
    """Return what stands between the fences, or None where the first is a rule: no key follows it."""
    try:
        front = _split(text, head)[0]
    except ValueError:
        if _KEY.search(text[head.end() :].lstrip().partition("\n\n")[0]):
            raise ArticleRefused(f"its front matter has no closing {head['fence']} line") from None
        return None
    is_plain = _KEY.search(front) or not front.strip() or front.lstrip().startswith("#")
    return front if is_plain or _holds_keys(_HANDLERS[head["fence"]], front) else None


def _holds_keys(handler: BaseHandler, front: str) -> bool:
    """Tell whether what does not look like keys is read as such all the same (`? draft`, `&x draft`, `- draft`)."""
    if len(front) > LONGEST:
        return False
    try:
        found = handler.load(front)
    except _UNREADABLE as error:
        return "'<<'" in str(error)
    if isinstance(found, list):
        return any(isinstance(item, dict) for item in found)
    # Of words with a space between them, a colon makes a sentence and no key.
    return any(" " not in str(key).strip() for key in found) if isinstance(found, dict) else not _is_text(found)


def _may_hold(front: str) -> bool:
    return any(key in front.lower() for key in HOLDING)


def _is_text(found: Any) -> bool:
    return found is None or isinstance(found, str)


def _parsed(handler: BaseHandler, front: str, *, first_line: int) -> Mapping[str, Any]:
    if len(front) > LONGEST:
        raise ArticleRefused(f"its front matter is over {LONGEST:,} characters long")
    try:
        meta = handler.load(front)
    except _UNREADABLE as error:
        said = _said(error, first_line)
        hides = _TWICE.search(said) is not None and _may_hold(front)
        raise ArticleRefused(f"its front matter is malformed: {said}", hides=hides) from None
    if meta is None:
        return {}
    if not isinstance(meta, dict):
        raise ArticleRefused("its front matter is malformed: it holds no keys", hides=_may_hold(front))
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
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if not isinstance(error, yaml.YAMLError | tomllib.TOMLDecodeError):
        # Python's own words are for programmers.
        too_long = "digits" in str(error)
        return "a number in it has too many digits" if too_long else "a value in it is not of the type that it names"
    # A line without its colon is found out only on the next one.
    is_key = getattr(error, "context", None) == "while scanning a simple key"
    mark = getattr(error, "context_mark" if is_key else "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    if mark:
        return f"line {mark.line + first_line}: {problem}"
    return _TOML_LINE.sub(lambda found: f"at line {int(found[1]) + first_line - 1}", problem)
