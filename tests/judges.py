"""Programs and schemas that judge documents and know nothing of this project.

A judge that is not installed skips its test by name; with REQUIRE_JUDGES=1 it fails it. Not here: what is judged.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest
from jsonschema import Draft202012Validator

DATA = Path(__file__).parent / "data"
NPM = Path(__file__).parent / "npm"
ATOM_SCHEMA = DATA / "rfc4287.rnc"
JSON_FEED_SCHEMA = DATA / "json-feed-1.1.schema.json"
QUIET = (  # a browser that asks nobody anything
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1000",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def judge(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return the path of the program, or skip the test (fail it where judges are required)."""
    return shutil.which(name) or _do_without(f"the judge {name} is not installed", environ)


def node_modules(package: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the installed packages for Node, or skip the test (fail it where judges are required)."""
    folder = NPM / "node_modules"
    if not (folder / package).exists():
        _do_without(f"the judge {package} is not installed (npm ci --prefix tests/npm)", environ)
    return folder


def perl_module(name: str, environ: Mapping[str, str] = os.environ) -> None:
    """Skip the test where Perl has not that module (fail it where judges are required)."""
    done = subprocess.run([judge("perl", environ), f"-M{name}", "-e1"], capture_output=True, timeout=60, check=False)
    if done.returncode:
        _do_without(f"the module {name} for Perl is not installed", environ)


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


def vnu(documents: Sequence[Path]) -> list[tuple[str, str]]:
    """Judge HTML documents by the checker of the Web's standards; return what it finds: file name and message."""
    jar = node_modules("vnu-jar") / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = [judge("java"), "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", str(jar), "--format", "json", "--stdout"]
    done = subprocess.run([*command, *map(str, documents)], capture_output=True, timeout=120, check=False)
    return [(Path(each["url"]).name, each["message"]) for each in json.loads(done.stdout)["messages"]]


def html_validate(documents: Sequence[Path], folder: Path) -> list[tuple[str, str]]:
    """Judge HTML documents by html-validate, all that it recommends; return what it finds: file name and message."""
    program = node_modules("html-validate") / "html-validate" / "bin" / "html-validate.mjs"
    command = [judge("node"), str(program), "--config", str(NPM / "html-validate.json"), "--formatter", "json"]
    # It ends before a pipe has taken all that it says.
    with (folder / "html-validate.out").open("w+b") as out:
        subprocess.run([*command, *map(str, documents)], stdout=out, timeout=120, check=False)
        out.seek(0)
        found = json.load(out)
    return [(Path(file["filePath"]).name, each["message"]) for file in found for each in file["messages"]]


def opendkim(messages: Mapping[str, bytes], records: Mapping[str, str], folder: Path) -> dict[str, dict[str, str]]:
    """Judge signed messages by their names, keys taken from TXT records: message → selector → "pass" or "fail"."""
    keys, settings = folder / "keys", folder / "opendkim.conf"
    keys.write_text("".join(f"{name} {record}\n" for name, record in records.items()))
    settings.write_text(f"Mode v\nTestPublicKeys {keys}\nSyslog no\n")
    for name, data in messages.items():
        (folder / name).write_bytes(data)
    command = [judge("opendkim"), "-x", str(settings), "-vv", "-t", ",".join(str(folder / name) for name in messages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    said = re.split(
        r"^.*### INSHEADER: .*hname='Authentication-Results'", done.stdout + done.stderr, flags=re.MULTILINE
    )
    found = [dict(map(reversed, re.findall(r"dkim=(\w+)[^;]* header\.s=(\S+)", verdict))) for verdict in said[1:]]
    return dict(zip(messages, found, strict=True))


def _titles(cache: Path) -> list[str]:
    with closing(sqlite3.connect(cache)) as database:
        return [title for (title,) in database.execute("SELECT title FROM rss_item ORDER BY title")]
