"""Build the wheel, install it elsewhere, and print a new site with it: the templates must travel along.

Not here: what the documents hold (formats, rendering).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARTICLE = "---\ntitle: The ferry runs again\ndate: 2026-03-02\n---\n\nFrom Monday the ferry runs again.\n"


def run(*command: object, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that holds nothing but the installed wheel."""
    built, target = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("installed")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", built, cwd=ROOT)
    (wheel,) = built.glob("*.whl")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel, cwd=built)
    return target


def test_wheel_carries_program_templates_and_licence(installed):
    wanted = ["feeds/__main__.py", "feeds/templates/pages", "feeds/templates/digest", "bin/pressrun"]
    wanted.append("feeds/rendering/catalogues/de.po")
    assert [path for path in wanted if not (installed / path).exists()] == []
    assert list(installed.glob("pressrun-*.dist-info/licenses/LICENSE"))


def test_installed_program_prints_a_new_site(installed, tmp_path):
    site = tmp_path / "site"

    def pressrun(*arguments: object, cwd: Path) -> str:
        return run("-m", "feeds", *arguments, cwd=cwd, PYTHONPATH=str(installed))

    pressrun("init", site, cwd=tmp_path)
    (site / "articles").mkdir(exist_ok=True)
    (site / "articles" / "ferry.md").write_text(ARTICLE, encoding="utf-8")
    pressrun("sync", cwd=site)
    pressrun("publish", cwd=site)
    assert "The ferry runs again" in (site / "public" / "rss.xml").read_text(encoding="utf-8")
