"""The one door to jinja2: templates run in a sandbox, with strict names and a cap on what they can grow.

Articles are values here, never templates. Not here: what is rendered (pages, digest), limits of time (the caller).
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import GeneratorType
from typing import Any

from jinja2 import Template, TemplateError, TemplateNotFound, TemplateSyntaxError, nodes, select_autoescape
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feeds.errors import TemplateInvalid
from feeds.rendering.loading import UNKNOWN, RootedLoader, templates_root
from feeds.rendering.marking import begin, end, with_marks, without_marks
from feeds.rendering.syntax import unreadable
from feeds.rendering.text import columns, wrap
from feeds.rendering.unknown_names import (
    NameUnknown,
    Place,
    Unknown,
    nearest_of,
    unknown_name,
    unknown_word,
    without_classes,
)
from feeds.rendering.wording import day, file_size, instant, names

LARGEST_TEXT = 1 << 20  # characters that one expression of a template may make
LARGEST_DOCUMENT = 32 << 20  # characters that a template may make in all
LARGEST_NUMBER = 4096  # bits

# Each of these makes a text of any length out of one small number.
_PADDING_FILTERS = ("center", "format", "indent", "wordwrap", "pprint")
_PADDING_METHODS = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map"})
_GLOBALS = ("range", "dict")


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._judged: dict[tuple[type, str], bool] = {}
        self.stopped: dict[str, tuple[str, str]] = {}  # by file: the place where its time was up, and what is said

    def get_template(self, name: Any, *args: Any, **named: Any) -> Template:
        """Return a template, as includes ask for it too; raise TemplateInvalid where it has run out of time before."""
        template = super().get_template(name, *args, **named)
        if template.filename in self.stopped:
            raise TemplateInvalid(*self.stopped[template.filename]) from TimeoutError()
        return template

    def begin_part(self, value: object) -> str:
        """Return what stands before what a part makes of a value, as parsed templates ask for it."""
        return begin(value)

    def end_part(self, value: object) -> str:
        """Return what stands behind it."""
        return end(value)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return with_marks(super()._parse(source, name, filename), self)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        # The verdict hangs on the type and the name alone, and a page asks for hundreds: each is judged once.
        key = type(obj), attr
        if key not in self._judged:
            is_padding = isinstance(obj, str) and attr in _PADDING_METHODS
            self._judged[key] = not is_padding and super().is_safe_attribute(obj, attr, value)
        return self._judged[key]

    def getattr(self, obj: Any, attribute: str) -> Any:
        try:
            value = getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)
        return value if self._judged.get((type(obj), attribute)) else super().getattr(obj, attribute)

    def wrap_str_format(self, value: Any) -> None:  # noqa: ARG002
        # jinja2 would allow str.format in a sandbox of its own, where "{:9999999999}" still fills the memory.
        return None

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        _refuse_growth(operator, left, right)
        return super().call_binop(context, operator, left, right)


class _TimeUp(TimeoutError):
    """A template was asked to stop: ``place`` is the innermost that was at work."""

    def __init__(self, said: str, place: str) -> None:
        super().__init__(said)
        self.place = place


class Templates:
    """The templates of a site, ready to render; ``is_confined`` where that is done under limits already.

    ``time_up`` says why whatever is being rendered is to stop, "" while it may go on.
    """

    def __init__(self, roots: tuple[Path, ...], *, is_confined: bool = False) -> None:
        self.is_confined = is_confined
        self.time_up = ""
        self._loader = RootedLoader(roots)
        self._environment = _Sandbox(
            loader=self._loader,
            undefined=Unknown,
            autoescape=select_autoescape(enabled_extensions=("html", "xml"), default=False),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        _furnish(self._environment)

    def render(self, name: str, **context: object) -> str:
        """Render the template ``name``; raise TemplateInvalid with the file, the line and what is wrong.

        A template that ran out of time in mail is not tried again: the next newsletter's would take as long.
        """
        try:
            return self._collected(self._environment.get_template(name).generate(**context))
        except TemplateInvalid:
            raise
        except Exception as error:
            invalid = self._invalid(name, error)
            if isinstance(error, TimeoutError) and name.startswith(("digest/", "notices/")):
                self._environment.stopped[invalid.place.rpartition(":")[0]] = (invalid.place, str(error))
            raise invalid from error

    def render_document(self, name: str, **context: object) -> str:
        """Render a whole document as ``render`` does; raise TemplateInvalid too where nothing comes of it."""
        made = self.render(name, **context)
        if not without_marks(made).strip():
            raise TemplateInvalid(str(self.path(self._frame_of(name))), "makes nothing: the document would be empty")
        return made

    def compile(self, name: str) -> None:
        """Read and compile a template without rendering it; raise TemplateInvalid where that fails."""
        try:
            self._environment.get_template(name)
        except Exception as error:
            raise self._invalid(name, error) from error

    def text(self, name: str) -> str:
        """Return a file of the templates folders as it stands, such as a stylesheet; raise TemplateInvalid."""
        try:
            return self._loader.read(name)
        except (TemplateError, OSError, ValueError) as error:
            raise self._invalid(name, error) from error

    def find_text(self, name: str) -> str | None:
        """Return a file of the templates folders as it stands, None where none has it; raise TemplateInvalid."""
        try:
            is_there = self._loader.has(name)
        except OSError as error:
            raise self._invalid(name, error) from error
        return self.text(name) if is_there else None

    def path(self, name: str) -> Path:
        """Return where a file of the templates folders lies; raise TemplateInvalid."""
        try:
            return self._loader.find(name)
        except TemplateError as error:
            raise self._invalid(name, error) from error

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders that templates are looked for in, in that order."""
        return self._loader.roots

    @property
    def has_own(self) -> bool:
        """Whether the site has templates of its own, before those that come with the program."""
        return len(self.roots) > 1

    @cached_property
    def has_own_pages(self) -> bool:
        """Whether any page is made by a template of the site's own."""
        return self.has_own and any((self.roots[0] / "pages").rglob("*.html"))

    def names(self) -> list[str]:
        """Return the names of all templates, sorted."""
        return self._loader.list_templates()

    def _frame_of(self, name: str) -> str:
        """Return the template that makes what stands around ``name``: the one that it extends in the end, or itself."""
        for tag in self._environment.parse(self.text(name)).find_all(nodes.Extends):
            if isinstance(tag.template, nodes.Const):
                return self._frame_of(tag.template.value)
        return name

    def _collected(self, pieces: Iterator[str]) -> str:
        """Return what a template makes; where that is far too much or takes too long, tell the line that was at it."""
        kept, size = [], 0
        for piece in pieces:
            kept.append(piece)
            size += len(piece)
            if self.time_up:
                raise _TimeUp(self.time_up, _at_work(pieces))
            if size > LARGEST_DOCUMENT:
                raise TemplateInvalid(_at_work(pieces), f"makes more than {LARGEST_DOCUMENT:,} characters in all")
        return "".join(kept)

    def _invalid(self, name: str, error: Exception) -> TemplateInvalid:
        if isinstance(error, _TimeUp):
            return TemplateInvalid(error.place, str(error))
        if isinstance(error, TemplateSyntaxError):
            line, what = unreadable(error, self._environment.parse)
            return TemplateInvalid(f"{error.filename or error.name or name}:{line}", self._known(what))
        walked = (
            (frame.f_code.co_filename, line, frame.f_locals) for frame, line in traceback.walk_tb(error.__traceback__)
        )
        places = [Place(*one) for one in walked if self._is_template(one[0])]
        if isinstance(error, NameUnknown) and places:
            return TemplateInvalid(*unknown_name(error, places))
        return TemplateInvalid(str(places[-1]) if places else name, self._said(error))

    def _said(self, error: Exception) -> str:
        if isinstance(error, MemoryError):
            return "needs more memory than it may have"
        if isinstance(error, RecursionError):
            return "never ends: it includes, extends or calls itself, or another that does"
        said = (error.message if isinstance(error, TemplateError) else str(error)) or type(error).__name__
        if isinstance(error, TemplateNotFound) and said.startswith(UNKNOWN):
            return said + nearest_of(str(error.name), self.names())
        if isinstance(error, TypeError):
            return without_classes(said)
        return self._known(said)

    def _known(self, said: str) -> str:
        return unknown_word(said, {"filter": self._environment.filters, "test": self._environment.tests})

    def _is_template(self, filename: str) -> bool:
        return any(Path(filename).is_relative_to(root) for root in self._loader.roots)


def open_templates(site_folder: Path | None = None) -> Templates:
    """Return the templates that come with the program, behind those of ``site_folder`` where it has any."""
    ours = templates_root()
    if site_folder is None or not (site_folder.exists() or site_folder.is_symlink()):
        return Templates((ours,))
    return Templates((ours,) if site_folder.resolve() == ours.resolve() else (site_folder, ours))


def _furnish(environment: _Sandbox) -> None:
    environment.globals = {name: environment.globals[name] for name in _GLOBALS}
    for name in _PADDING_FILTERS:
        del environment.filters[name]
    environment.filters |= {
        "day": day,
        "file_size": file_size,
        "instant": instant,
        "names": names,
        "wrap": wrap,
        "columns": columns,
    }


def _at_work(pieces: Any) -> str:
    """Return the file and line of the innermost template that a piece came from: of an include or a block, if any."""
    inner = pieces
    while isinstance(inner, GeneratorType) and inner.gi_frame:
        frame = inner.gi_frame
        inner = inner.gi_yieldfrom or frame.f_locals.get("gen")  # the first runs a block, the second an include
    line = frame.f_globals["__jinja_template__"].get_corresponding_lineno(frame.f_lineno)
    return f"{frame.f_code.co_filename}:{line}"


def _refuse_growth(operator: str, left: Any, right: Any) -> None:
    sizes = [_size(left), _size(right)]
    if operator == "%" and sizes[0] is not None:
        raise SecurityError("% does not format text here: join with ~")
    if operator == "+" and None not in sizes:
        _cap(sum(size or 0 for size in sizes), LARGEST_TEXT)
    if operator in {"*", "**"}:
        _cap_product(operator, left, right)


def _cap_product(operator: str, left: Any, right: Any) -> None:
    for value, times in ((left, right), (right, left)):
        size = _size(value)
        if size is not None and isinstance(times, int):
            _cap(size * times, LARGEST_TEXT)
    if isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length()
        _cap(bits * right if operator == "**" else bits + right.bit_length(), LARGEST_NUMBER)


def _size(value: Any) -> int | None:
    return len(value) if isinstance(value, str | bytes | list | tuple) else None


def _cap(size: int, most: int) -> None:
    if size > most:
        raise OverflowError(f"the result would be too large: {size:,} where {most:,} is the most")
