"""The site's own templates over ours: copied to be changed, and compared when an upgrade changes ours beneath them.

What a copy was made from is kept beside the copies, in ``.ours``: only so can a later version tell what it changed.
Not here: finding and rendering templates (loading, environment).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches, unified_diff
from pathlib import Path, PurePosixPath

from jinja2 import Environment, TemplateError
from jinja2.meta import find_referenced_templates

from feeds.errors import OutputRefused, UsageWrong
from feeds.rendering.loading import templates_root

OURS = ".ours"  # below the site's folder of templates
ROOMS = ("digest", "notices", "pages")
_NEAR, _ALIKE = 0.6, 0.8  # of a name's characters: outside the rooms other files may stand too
_LEFT = ("~", ".bak", ".orig", ".rej", ".swp", ".tmp")
_SYNTAX = Environment(autoescape=True)


@dataclass(frozen=True, slots=True)
class Override:
    """A template of ours, by its name, and how the site's own stands to it.

    ``upgrade`` is what changed in ours since it was copied, ``own`` what is different in the site's, both as unified
    diffs, "" for nothing. ``is_known`` tells whether it is known what was copied: where it is not, ``upgrade`` is "".
    """

    name: str
    is_known: bool
    upgrade: str
    own: str


def list_names() -> list[str]:
    """Return the names of all files that a site can put its own in place of."""
    root = templates_root()
    found = (path.relative_to(root).as_posix() for room in ROOMS for path in (root / room).rglob("*") if path.is_file())
    return sorted(found)


def list_overrides(folder: Path) -> list[Override]:
    """Return what a site's folder of templates has in place of ours, by name."""
    if folder.resolve() == templates_root().resolve():
        return []
    return [_override(folder, name) for name in list_names() if (folder / name).is_file()]


def list_strangers(folder: Path) -> list[str]:
    """Return what a site's folder has that ours has not: parts of its own, or of a version before."""
    known = set(list_names())
    found = (
        path.relative_to(folder).as_posix() for room in ROOMS for path in (folder / room).rglob("*") if path.is_file()
    )
    return sorted(name for name in found if name not in known)


def stray_templates(folder: Path) -> list[str]:
    """Return what is wrong with files of a site's folder that nothing uses: misspelt, in the wrong place, or left over.

    They are in place of none of ours, and no other template includes them. What an editor leaves is passed over.
    """
    if not folder.is_dir() or folder.resolve() == templates_root().resolve():
        return []
    used = _used_names(folder)
    found = ((name, _meant(name)) for name in _own_names(folder) if name not in used)
    return [
        f"{folder / name}: overrides nothing, and no template uses it" + (f'; nearest: "{meant}"' if meant else "")
        for name, meant in found
        if meant or PurePosixPath(name).parts[0] in ROOMS
    ]


def _own_names(folder: Path) -> list[str]:
    """Return the names of a site's files that are in place of none of ours, but for words and what editors leave."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    names = (path.as_posix() for path in found if not (_is_left(path) or path.parts[0] == "words"))
    return sorted(name for name in names if not (templates_root() / name).is_file())


def _is_left(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts) or path.name.endswith(_LEFT)


def _used_names(folder: Path) -> set[str]:
    """Return the names that a site's own templates include, import or extend; any may be where one is computed."""
    used: set[str] = set()
    for path in (path for path in folder.rglob("*") if path.is_file() and not _is_left(path.relative_to(folder))):
        with suppress(OSError, UnicodeDecodeError, TemplateError):  # `check` says what is wrong with it
            named = set(find_referenced_templates(_SYNTAX.parse(path.read_text(encoding="utf-8"))))
            used |= {name for name in named if name} if None not in named else set(_own_names(folder))
    return used


def _meant(name: str) -> str:
    """Return the name of ours that a name was probably meant to be, "" where none is near."""
    path, names = PurePosixPath(name), list_names()
    likeness = _NEAR if name.partition("/")[0] in ROOMS else _ALIKE
    stems = get_close_matches(path.stem, {PurePosixPath(one).stem for one in names}, n=1, cutoff=likeness)
    alike = [one for one in names if PurePosixPath(one).stem in stems]
    return max(alike, key=lambda one: SequenceMatcher(None, name, one).ratio(), default="")


def copy(folder: Path, name: str) -> Path:
    """Copy one of our templates into a site's folder, to be changed there; raise UsageWrong where one is there."""
    ours, path = _ours(name), folder / name
    if path.exists():
        raise UsageWrong(f"{path} is there already; `pressrun templates diff {name}` compares it with ours")
    _write(path, ours)
    mark_merged(folder, name)
    return path


def mark_merged(folder: Path, name: str) -> None:
    """Remember that a site's template is up to date with ours of now."""
    ours = _ours(name)
    if not (folder / name).is_file():
        raise UsageWrong(f"{folder / name}: the site has no such template; `pressrun templates copy {name}` makes one")
    _write(folder / OURS / name, ours)


def _override(folder: Path, name: str) -> Override:
    ours, base = _ours(name), folder / OURS / name
    is_known = base.is_file()
    copied = base.read_text(encoding="utf-8") if is_known else ours
    own = (folder / name).read_text(encoding="utf-8", errors="replace")
    upgrade = _diff(copied, ours, names=(f"{name} as copied", f"{name} now"))
    own = _diff(ours, own, names=(f"ours: {name}", str(folder / name)))
    return Override(name, is_known, upgrade, own)


def _ours(name: str) -> str:
    if name not in list_names():
        meant = _meant(name)
        near = f'nearest: "{meant}"; ' if meant else ""
        raise UsageWrong(f"{name!r} is no template of ours; {near}`pressrun templates list` names them")
    return (templates_root() / name).read_text(encoding="utf-8")


def _diff(old: str, new: str, *, names: tuple[str, str]) -> str:
    return "".join(_lines(unified_diff(old.splitlines(), new.splitlines(), *names, lineterm="")))


def _lines(lines: Iterator[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputRefused(path, f"cannot be written: {error.strerror}") from error
