"""Check what ``make demo`` printed, from the outside: the files themselves, and independent judges of them.

Not here: how anything is printed (the tests of each room).
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = ROOT / "public"
PREVIEW = ROOT / "var" / "preview" / "weekly"
MAILDIR = ROOT / "var" / "maildir"
READERS = ROOT / "readers.csv"
SCHEMAS = ROOT / "tests" / "data"
ATOM = "{http://www.w3.org/2005/Atom}"
CLIPPED_AT = 102_400  # bytes of HTML beyond which Gmail hides the rest of a message
PLACEHOLDER = re.compile(r"\bmedia:[0-9a-f]{8,}|\bentry:[\w.-]+/")
PRINTED = {".html", ".xml", ".json", ".txt", ".opml"}


def pressrun(*command: str) -> str:
    done = subprocess.run([sys.executable, "main.py", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"pressrun {' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def entries() -> list[dict[str, Any]]:
    listed = json.loads(pressrun("entries", "list", "--json"))
    return listed if isinstance(listed, list) else listed["entries"]


def is_public(entry: dict[str, Any]) -> bool:
    return (entry["state"], entry["access"]) == ("live", "public")


def texts() -> dict[Path, str]:
    files = (file for file in sorted(PUBLIC.rglob("*")) if file.suffix in PRINTED)
    return {file: html.unescape(file.read_text(encoding="utf-8")) for file in files}


def ids_in(document: Path) -> list[str]:
    if document.suffix == ".json":
        return [item["id"] for item in json.loads(document.read_text(encoding="utf-8"))["items"]]
    tree = ET.parse(document)  # our own document, not a stranger's
    return [str(node.text) for path in ("channel/item/guid", f"{ATOM}entry/{ATOM}id") for node in tree.findall(path)]


def wrong_documents(listed: list[dict[str, Any]]) -> Iterator[str]:
    """Tell where a document of the whole site does not hold each public entry exactly once."""
    wanted = Counter(str(entry["id"]) for entry in listed if is_public(entry))
    if not wanted:
        yield "no entry is public: nothing could be checked"
    for name in ("rss.xml", "atom.xml", "feed.json"):
        found = Counter(ids_in(PUBLIC / name))
        if found != wanted:
            yield f"{name}: lacks {sorted(wanted - found)}, holds beyond that {sorted(found - wanted)}"


def leaks(listed: list[dict[str, Any]]) -> Iterator[str]:
    """Tell where something that is not public shows, or an address was left open."""
    hidden = [entry for entry in listed if not is_public(entry)]
    if len(hidden) < 3:
        yield f"the sample has {len(hidden)} entries to hide; a draft, a scheduled and a members' one were expected"
    for file, text in texts().items():
        yield from (f"{file}: shows {e['title']!r} ({e['state']}, {e['access']})" for e in hidden if e["title"] in text)
        yield from (f"{file}: holds the placeholder {found}" for found in PLACEHOLDER.findall(text))


def refused_by_judges() -> Iterator[str]:
    for document in sorted(PUBLIC.rglob("*.xml")):
        yield from judged("xmllint", "--noout", "--nonet", str(document))
    yield from judged("jing", "-c", str(SCHEMAS / "rfc4287.rnc"), *map(str, sorted(PUBLIC.rglob("atom.xml"))))
    schema = json.loads((SCHEMAS / "json-feed-1.1.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for document in sorted(PUBLIC.rglob("feed.json")):
        found = validator.iter_errors(json.loads(document.read_text(encoding="utf-8")))
        yield from (f"{document}: {error.message}" for error in found)


def judged(*command: str) -> Iterator[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"{command[0]}: {done.stdout}{done.stderr}"


def wrong_previews() -> Iterator[str]:
    for name in ("index.html", "digest.html", "digest.txt", "digest.eml"):
        file = PREVIEW / name
        size = file.stat().st_size if file.is_file() else 0
        if not size:
            yield f"{file}: is missing or empty"
        if name == "digest.html" and size >= CLIPPED_AT:
            yield f"{file}: {size} bytes of HTML, where {CLIPPED_AT} are the limit"


def wrong_mail() -> Iterator[str]:
    """Tell where a reader has not exactly one message, or a message is not what a mail program expects."""
    wanted = {line.partition(",")[2].strip() for line in READERS.read_text(encoding="utf-8").splitlines()[1:]}
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in MAILDIR.glob("[nc]*/*")]
    names = Counter(message["To"].addresses[0].display_name for message in found)
    if names != Counter(wanted) or len(wanted) < 12:
        yield f"{MAILDIR}: holds mail to {sorted(names.elements())}, where {sorted(wanted)} are the readers"
    if len({message["Message-ID"] for message in found}) != len(found):
        yield f"{MAILDIR}: two messages share a Message-ID"
    for message in found:
        parts = [part.get_content_type() for part in message.iter_parts()]
        if parts != ["text/plain", "text/html"] or message["List-Unsubscribe"] is None:
            yield f"{MAILDIR}: {message['Message-ID']} has the parts {parts}"


def touched_by_repeating() -> Iterator[str]:
    """Publish and deliver again, and tell which files that wrote, although nothing had changed."""
    before = stamps()
    pressrun("run")
    pressrun("publish")
    pressrun("deliver")
    after = stamps()
    yield from (
        f"{file}: written again" for file in sorted(before.keys() | after.keys()) if before.get(file) != after.get(file)
    )


def stamps() -> dict[Path, tuple[int, int]]:
    files = [file for folder in (PUBLIC, MAILDIR) for file in folder.rglob("*") if file.is_file()]
    return {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in files}


def main() -> int:
    listed = entries()
    faults = [
        *wrong_documents(listed),
        *leaks(listed),
        *refused_by_judges(),
        *wrong_previews(),
        *wrong_mail(),
        *touched_by_repeating(),
    ]
    print(
        "\n".join(faults)
        or f"{sum(map(is_public, listed))} public entries, each once in each feed; one message for each reader"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
