"""Hold the house to its ceilings: sizes, nesting, docstrings, and where a function may import.

Not here: which room may import which (import-linter holds it, see pyproject.toml).
"""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
FILES = [*sorted(file.relative_to(ROOT) for file in (ROOT / "feeds").rglob("*.py")), Path("main.py")]
SOURCES = {file: (ROOT / file).read_text(encoding="utf-8") for file in FILES}
TREES = {file: ast.parse(source) for file, source in SOURCES.items()}

BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
HEAVY = {
    "alembic",
    "brotli",
    "charset_normalizer",
    "email_validator",
    "cryptography",
    "cssutils",
    "feedgen",
    "lxml",
    "PIL",
    "premailer",
    "rich",
    "sqlalchemy.dialects.postgresql",
}
OPTIONAL = {"pysqlite3"}  # no wheel on every machine
LAZY_ROOMS = {"app", "cli"}  # they start with little, and fetch a room when a command needs it

type_of_function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> list[tuple[str, type_of_function]]:
    return [
        (f"{file}:{node.lineno} {node.name}", node)
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, type_of_function)
    ]


def length(function: type_of_function) -> int:
    """Count the lines of a function from its ``def``, its docstring aside."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - (docstring.end_lineno - docstring.lineno + 1)


def share(limit: int) -> float:
    lengths = [length(function) for _, function in functions()]
    return sum(size <= limit for size in lengths) / len(lengths)


def depth(node: ast.AST, *, is_elif: bool = False) -> int:
    """Return how many blocks stand inside one another; an ``elif`` is no deeper than its ``if``."""
    if isinstance(node, type_of_function | ast.ClassDef | ast.Lambda):
        return 0  # measured on its own
    below = max((depth(child, is_elif=_is_elif(node, child)) for child in ast.iter_child_nodes(node)), default=0)
    return below + (isinstance(node, BLOCKS) and not is_elif)


def _is_elif(parent: ast.AST, child: ast.AST) -> bool:
    return isinstance(parent, ast.If) and isinstance(child, ast.If) and parent.orelse == [child]


def by_place(function: type_of_function) -> list[str]:
    given = [argument.arg for argument in function.args.posonlyargs + function.args.args]
    return [name for name in given if name not in {"self", "cls"}]


def inherited() -> set[ast.AST]:
    """Return the methods of classes that have a base: the base may own their signature."""
    classes = (node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return {method for made in classes if made.bases for method in made.body}


def parameters(function: type_of_function) -> list[str]:
    by_name = [*function.args.kwonlyargs, function.args.vararg, function.args.kwarg]
    return by_place(function) + [argument.arg for argument in by_name if argument]


def public_names(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield the public functions and classes of a module, and the public methods of those classes."""
    for node in tree.body:
        if isinstance(node, type_of_function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (item for item in node.body if isinstance(item, type_of_function) and item.name[0] != "_")


def imports_inside_functions() -> Iterator[tuple[Path, int, str]]:
    for file, tree in TREES.items():
        inside = (node for node in ast.walk(tree) if isinstance(node, type_of_function))
        for node in {statement for function in inside for statement in ast.walk(function)}:
            if isinstance(node, ast.Import):
                yield from ((file, node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield file, node.lineno, "feeds" if node.level else str(node.module)


def may_wait(file: Path, module: str) -> bool:
    top = module.partition(".")[0]
    return not HEAVY.isdisjoint({top, module}) or top in OPTIONAL or (top == "feeds" and file.parts[1] in LAZY_ROOMS)


def purpose(tree: ast.Module) -> list[str]:
    """Return the lines of a module's docstring; blank and indented ones (a drawing) do not count."""
    lines = inspect.cleandoc(ast.get_docstring(tree) or "").splitlines()
    return [line for line in lines if line and not line.startswith(" ")]


def test_no_file_is_longer_than_400_lines():
    assert [file for file, source in SOURCES.items() if len(source.splitlines()) > 400] == []


def test_half_of_the_files_have_at_most_130_lines():
    assert median(len(source.splitlines()) for source in SOURCES.values()) <= 130


def test_no_function_is_longer_than_50_lines():
    assert [name for name, function in functions() if length(function) > 50] == []


def test_half_of_the_functions_have_at_most_8_lines():
    assert share(8) >= 0.5


def test_nine_in_ten_functions_have_at_most_30_lines():
    assert share(30) >= 0.9


def test_no_function_takes_more_than_7_parameters():
    assert [name for name, function in functions() if len(parameters(function)) > 7] == []


def test_beyond_three_parameters_the_rest_are_keyword_only():
    theirs = inherited()
    assert [name for name, node in functions() if len(by_place(node)) > 3 and node not in theirs] == []


def test_no_function_nests_deeper_than_three_blocks():
    assert [n for n, f in functions() if max(depth(statement) for statement in f.body) > 3] == []


def test_functions_import_only_what_is_heavy():
    assert [found for found in imports_inside_functions() if not may_wait(found[0], found[2])] == []


def test_every_module_opens_with_what_it_is_for():
    assert [file for file, tree in TREES.items() if len(purpose(tree)) not in {2, 3}] == []


def test_every_module_says_what_it_is_not_for():
    said = {file: " ".join(purpose(tree)) for file, tree in TREES.items()}
    assert [file for file, text in said.items() if "Not here: " not in text and "nothing else" not in text] == []


def test_public_functions_and_classes_carry_a_docstring():
    bare = [(f, node.name) for f, tree in TREES.items() for node in public_names(tree) if not ast.get_docstring(node)]
    assert bare == []
