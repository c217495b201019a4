"""What a hostile case is: a file as an editor might leave it, and what is to become of it.

Data only, with short words to write it in. Not here: the cases (one file a theme), how they are judged (test_corpus).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A file, and what is expected of it: it is printed unless it is ``refused`` (a part of the reason) or ``held``.

    ``holds`` are pieces of HTML that its content has in each format, ``lacks`` are what no text and no attribute of it
    has, in any letter case, ``noted`` is a part of a note about it, ``says`` are facts that each format must agree on.
    """

    name: str
    data: bytes
    refused: str = ""
    held: bool = False
    noted: str = ""
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    says: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_printed(self) -> bool:
        """Tell whether it is to be in print."""
        return not self.refused and not self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Cases of one kind, and the files that lie beside them."""

    cases: tuple[Case, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)


def case(
    name: str,
    data: bytes | str,
    *,
    refused: str = "",
    held: bool = False,
    noted: str = "",
    holds: Iterable[str] | str = (),
    lacks: Iterable[str] | str = (),
    **says: object,
) -> Case:
    """Give a case of a file with just these bytes; text is written as UTF-8, lone surrogates as they would be."""
    return Case(
        name=name,
        data=data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data,
        refused=refused,
        held=held,
        noted=noted,
        holds=(holds,) if isinstance(holds, str) else tuple(holds),
        lacks=(lacks,) if isinstance(lacks, str) else tuple(lacks),
        says=says,
    )


def md(name: str, front: str = "", body: str = "Some plain words.", **expected: object) -> Case:
    """Give a Markdown article; a title and a date are put in front where the front matter given has none."""
    lines = [front] if front else []
    if "title:" not in front:
        lines.insert(0, f"title: Case {name.removesuffix('.md')}")
    if "date:" not in front:
        lines.append("date: 2024-11-20 08:00")
    return case(name, "---\n" + "\n".join(lines) + f"\n---\n{body}\n", **expected)  # type: ignore[arg-type]


def html(name: str, body: str, **expected: object) -> Case:
    """Give an article in HTML, without front matter."""
    return case(name, f"<h1>Case {name.removesuffix('.html')}</h1>\n{body}\n", **expected)  # type: ignore[arg-type]
