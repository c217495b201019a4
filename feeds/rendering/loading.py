"""Where templates are read from: the site's own folder first, then the ones that come with the program.

Nothing outside these folders can be reached by a name, an include or a symlink. Not here: rendering (environment).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import BaseLoader, Environment, TemplateNotFound, TemplateSyntaxError
from jinja2.loaders import split_template_path

SUFFIXES = frozenset({".html", ".txt", ".xml"})
UNKNOWN = "no template is called"


def templates_root() -> Path:
    """Return the folder of the program's own templates: inside the wheel, or beside the code of a checkout."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "templates"
    return packaged if packaged.is_dir() else package.parent / "templates"


class RootedLoader(BaseLoader):
    """Finds a template by name in the first root that has it; a path that leads out of its root is not found."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self.roots = tuple(root.resolve() for root in roots)

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return the template's text and path, as jinja2 asks for them."""
        return self.read(template), str(self.find(template)), lambda: True

    def read(self, name: str) -> str:
        """Return a file of the templates folders as text; raise ``TemplateNotFound``, or say where it is no UTF-8."""
        path = self.find(name)
        data = path.read_bytes()
        try:
            return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise TemplateSyntaxError("holds bytes that are no UTF-8", line, name, str(path)) from None

    def find(self, name: str) -> Path:
        """Return the file of a template; raise ``TemplateNotFound`` where there is none inside the roots."""
        steps = split_template_path(name)
        for root in self.roots:
            path = root.joinpath(*steps)
            if path.is_file():
                return _inside(path, root, name)
            # What the user put in its place and cannot be read is named, rather than passed over in silence.
            if not root.is_dir():
                raise TemplateNotFound(name, f"{root} is no folder of templates; move it away")
            if path.exists() or path.is_symlink():
                raise TemplateNotFound(name, f"{path} is no file; move it away")
        raise TemplateNotFound(name, f"{UNKNOWN} {name!r}")

    def has(self, name: str) -> bool:
        """Say whether anything stands at a name in any root, readable or not."""
        steps = split_template_path(name)
        paths = [root.joinpath(*steps) for root in self.roots]
        return any(path.exists() or path.is_symlink() for path in paths)

    def list_templates(self) -> list[str]:
        """Return the name of every template, sorted: pages, the digest, whatever the site adds."""
        found = {
            path.relative_to(root).as_posix()
            for root in self.roots
            for path in root.rglob("*")
            if path.suffix in SUFFIXES and path.is_file() and not is_hidden(path.relative_to(root))
        }
        return sorted(found)


def is_hidden(path: Path) -> bool:
    """Tell whether a file below a folder of templates is none of them: editors and version control keep theirs so."""
    return any(part.startswith(".") for part in path.parts)


def _inside(path: Path, root: Path, name: str) -> Path:
    if not path.resolve().is_relative_to(root):
        raise TemplateNotFound(name, f"{name!r} leads out of the templates folder {root}")
    return path
