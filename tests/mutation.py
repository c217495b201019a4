"""Change what decides about deliveries, a little at a time, and count what no test notices (`make mutation`).

mutmut does it, on a copy of the project and beside its virtualenv, so that nothing of either is touched.
Not here: the tests themselves, which stand with their rooms.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
MUTMUT = "mutmut==3.8.1"
CHANGED = ("rules/replies", "rules/delivering", "transports/conversation", "store/deliveries")
TESTS = (
    *("rules/test_replies", "rules/test_delivering", "transports/test_conversation", "store/test_deliveries"),
    *("store/test_claiming", "store/test_deliveries_left_alone", "store/test_recovery", "store/test_delivery_changes"),
)
COPIED = ("feeds", "tests", "templates", "articles", "docs", "main.py", "config.toml", "pyproject.toml")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "node_modules", "data")
# What is called while its module is read, which mutmut does once for all: each such change gets a Python of its own.
AT_IMPORT = "feeds.store.deliveries.x__leaving__"
NOTICED = {"killed", "timeout", "suspicious", "segfault"}


def settings() -> str:
    changed = [f"feeds/{name}.py" for name in CHANGED]
    tests = [f"tests/{name}.py" for name in TESTS]
    return (
        f'\n[tool.mutmut]\nsource_paths = ["feeds"]\nonly_mutate = {changed}\nalso_copy = {list(COPIED[2:7])}\n'
        f"pytest_add_cli_args_test_selection = {tests}\n"
        'pytest_add_cli_args = ["-k", "not postgresql"]\n'
    )


def prepare(folder: Path) -> Path:
    """Copy the project, and install mutmut beside what its virtualenv has; return the command."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, folder / name, **({"ignore": NOT_COPIED} if copy is shutil.copytree else {}))
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", MUTMUT], check=True)
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    (site / "project.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python.with_name("mutmut")


def run(mutmut: Path, folder: Path) -> None:
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings())
    with (folder / "log").open("w", encoding="utf-8") as log:
        subprocess.run([mutmut, "run", "--max-children", "1"], cwd=folder, stdout=log, stderr=log, check=True)


def run_alone(mutmut: Path, folder: Path, name: str) -> str:
    """Run the tests of the ledger with one change, up to the first that fails; return what became of it."""
    tests = [f"tests/{one}.py" for one in TESTS if one.startswith("store/")]
    command = [mutmut.with_name("python"), "-m", "pytest", "-x", "-k", "not postgresql", *tests]
    given = os.environ | {"MUTANT_UNDER_TEST": name}
    done = subprocess.run(command, cwd=folder / "mutants", env=given, capture_output=True, check=False)
    return "killed" if done.returncode else "survived"


def results(mutmut: Path, folder: Path) -> dict[str, str]:
    """Return what became of each change, by its name."""
    said = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    return dict(line.strip().rsplit(": ", 1) for line in said.splitlines() if ": " in line)


def show(mutmut: Path, folder: Path, found: dict[str, str]) -> None:
    for name, became in found.items():
        if became not in NOTICED:
            shown = subprocess.run([mutmut, "show", name], cwd=folder, capture_output=True, text=True, check=False)
            lines = [line for line in shown.stdout.splitlines() if line.startswith(("-", "+")) and line[1:2] == " "]
            print(f"{name}: {became}", *lines, sep="\n")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pressrun-mutation-"))
    mutmut = prepare(folder)
    run(mutmut, folder)
    found = results(mutmut, folder)
    found |= {name: run_alone(mutmut, folder, name) for name in found if name.startswith(AT_IMPORT)}
    show(mutmut, folder, found)
    total, noticed = Counter(), Counter()
    for name, became in found.items():
        room = next(path for path in CHANGED if name.startswith(f"feeds.{path.replace('/', '.')}."))
        total[room] += 1
        noticed[room] += became in NOTICED
    for room in CHANGED:
        print(f"{room}.py: {noticed[room]} of {total[room]} noticed, {noticed[room] / total[room]:.0%}")
    print(f"all: {noticed.total()} of {total.total()}, {noticed.total() / total.total():.1%}")
    shutil.rmtree(folder)
    sys.exit(noticed.total() < 0.85 * total.total())


if __name__ == "__main__":
    main()
