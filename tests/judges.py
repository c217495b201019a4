"""Programs and schemas that judge documents and know nothing of this project.

A judge that is not installed skips its test by name; with REQUIRE_JUDGES=1 it fails it. Not here: what is judged.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest
from jsonschema import Draft202012Validator

DATA = Path(__file__).parent / "data"
ATOM_SCHEMA = DATA / "rfc4287.rnc"
JSON_FEED_SCHEMA = DATA / "json-feed-1.1.schema.json"


def judge(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return the path of the program, or skip the test (fail it where judges are required)."""
    return shutil.which(name) or _do_without(f"the judge {name} is not installed", environ)


def node_modules(package: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the installed packages for Node, or skip the test (fail it where judges are required)."""
    folder = Path(__file__).parent / "npm" / "node_modules"
    if not (folder / package).exists():
        _do_without(f"the judge {package} is not installed (npm ci --prefix tests/npm)", environ)
    return folder


def _do_without(said: str, environ: Mapping[str, str]) -> NoReturn:
    if environ.get("REQUIRE_JUDGES") == "1":
        pytest.fail(f"{said}, and REQUIRE_JUDGES=1 asks for it")
    pytest.skip(said)


def verdict(name: str, *arguments: str, given: bytes | None = None, env: dict[str, str] | None = None) -> str:
    """Run a judge; return what it has to say against what it was given, "" where it accepts it."""
    done = subprocess.run([judge(name), *arguments], input=given, capture_output=True, env=env, timeout=60, check=False)
    said = (done.stdout + done.stderr).decode(errors="replace")
    return said or f"exit code {done.returncode}" if done.returncode else ""


def jing(document: Path) -> str:
    """Judge an Atom document by the schema of RFC 4287."""
    return verdict("jing", "-c", str(ATOM_SCHEMA), str(document))


def xmllint(document: Path) -> str:
    """Judge whether a document is well-formed."""
    return verdict("xmllint", "--noout", "--nonet", str(document))


def newsboat(document: Path, folder: Path) -> list[str]:
    """Let newsboat read a document; return the titles that it found, one for each entry, in their own order."""
    home, cache = folder / "home", folder / "cache.db"
    home.mkdir()
    (folder / "urls").write_text(f"file://{document}\n")
    (folder / "config").write_text("")
    env = os.environ | {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)}
    settings = ("-C", str(folder / "config"), "-u", str(folder / "urls"), "-c", str(cache))
    refusal = verdict("newsboat", *settings, "-x", "reload", env=env)
    return [refusal] if refusal else _titles(cache)


def sfeed(document: Path) -> list[list[str]]:
    """Let sfeed read a document: per entry time, title, link, content, its type, id, author, file, tags."""
    done = subprocess.run([judge("sfeed")], input=document.read_bytes(), capture_output=True, timeout=60, check=True)
    return [line.split("\t") for line in done.stdout.decode().splitlines()]


def json_feed_faults(data: bytes) -> list[str]:
    """Judge a JSON Feed by its schema, formats of addresses and dates included."""
    schema = json.loads(JSON_FEED_SCHEMA.read_text())
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in validator.iter_errors(json.loads(data))]


def _titles(cache: Path) -> list[str]:
    with closing(sqlite3.connect(cache)) as database:
        return [title for (title,) in database.execute("SELECT title FROM rss_item ORDER BY title")]
