"""Random articles, made by number: any Unicode, broken bytes, soups of markup; the least one that fails is searched.

``python -m tests.formats.fuzzing 100000 SEED`` goes through many of them (``make fuzz``); the same seed and number make
the same article on every machine. Not here: hostile articles that somebody thought of (corpus).
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from feeds.errors import ArticleRefused
from feeds.formats.check import check_document
from feeds.model import Printed
from tests.formats.corpus.reading import read_feed
from tests.formats.pipeline import documents_of, elements_of, printed_of, raw_entry

BATCH = 50  # entries in a document
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SPECIAL = (
    "\0\x01\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x85\x9f\u00a0\u00ad\u0301\u061c\u200b\u200d\u200e\u200f\u2028\u2029\u202a"
    "\u202e\u2066\u2067\u2069\ud800\udbff\udc00\udfff\ufdd0\ufeff\ufff9\ufffd\ufffe\uffff\U0001fffe\U000e0001\U0010ffff"
    "\t\r\n"
)
MARKUP = re.findall(
    r"\S+",
    "<p> </p> <b> </b> <a href='' > </a> <img src='x' alt=' > <script> </script> <style> </style> <svg> <math> <td> "
    "</td> <![CDATA[ ]]> <!-- --> <!DOCTYPE <?xml ?> <table> <tr> </table> <ul> <li> <h1> </h1> <iframe src= onerror= "
    "style= &amp; &lt; &#0; &#xD800; &#1; &#xFFFE; &nbsp; &bogus; & < > \" ' / = javascript: data: http:// "
    'https://a.example/ // \\\\ </item> </entry> </channel> </feed> "}],',
)
MARKDOWN = (
    "# ",
    "* ",
    "> ",
    "    ",
    "```\n",
    "**",
    "_",
    "`",
    "[a](",
    "](",
    "![",
    "|",
    "\n\n",
    "---\n",
    "1. ",
    "<https://",
)
WORDS = re.findall(
    r"\S+",
    "The ferry waits for tide fog harbour quay pilot Ann Lee Café πλοίο 渡船 صباح 🚢 👩‍👩‍👧 2024 13:30 {{ x }} %s",
)
KEYS = re.findall(
    r"\S+",
    "title standfirst summary date updated authors author tags section language image enclosures url aliases id slug "
    "corrections image_alt image_credit rights duration episode season episode_type explicit x-odd",
)


def soup(random: Random, most: int) -> str:
    """Return a text of pieces of every kind."""
    return "".join(_piece(random) for _ in range(random.randrange(most)))


def _piece(random: Random) -> str:
    kind = random.random()
    if kind < 0.15:
        return random.choice(SPECIAL)
    if kind < 0.35:
        return random.choice(MARKUP)
    if kind < 0.45:
        return random.choice(MARKDOWN)
    if kind < 0.65:  # any of 17 planes, surrogates and noncharacters too
        return chr(random.randrange(0x11) << 16 | random.randrange(0x10000))
    if kind < 0.7:
        return chr(random.randrange(0x250))
    return random.choice(WORDS) + " "


def hostile_file(seed: str, number: int) -> tuple[str, bytes]:
    """Return the key and the bytes of an article that nobody thought of."""
    random = Random(f"{seed}/{number}")
    suffix = random.choice(("md", "html", "txt"))
    text = soup(random, 60) + "\n\n" + soup(random, 60)
    if random.random() < 0.7:
        text = f"---\n{_front(random)}---\n{text}"
    data = text.encode("utf-8", "surrogatepass")
    if random.random() < 0.05:
        data = _with_broken_bytes(random, data)
    return f"{number}.{suffix}", data


def _front(random: Random) -> str:
    # JSON is YAML: its escapes bring in what no text may hold behind the back of whoever looks at the bytes.
    keys = random.sample(KEYS, random.randrange(1, 8))
    return "".join(f"{key}: {json.dumps(_value(random), ensure_ascii=random.random() < 0.7)}\n" for key in keys)


def _value(random: Random, depth: int = 0) -> object:
    kind = random.random()
    if depth < 2 and kind < 0.15:
        return [_value(random, depth + 1) for _ in range(random.randrange(4))]
    if depth < 2 and kind < 0.25:
        keys = ("name", "email", "url", "at", "text", "file", "title", "alt")
        names = random.sample(keys, random.randrange(1, 4))
        return {name: _value(random, depth + 1) for name in names}
    if kind < 0.35:
        return random.choice((None, True, False, 0, -1, 1e300, 10**30, "", " ", "2024-02-30", "7.mp3", "urn:x:a", "ar"))
    return soup(random, 12)


def _with_broken_bytes(random: Random, data: bytes) -> bytes:
    broken = bytearray(data or b" ")
    for _ in range(random.randrange(1, 6)):
        broken[random.randrange(len(broken))] = random.randrange(256)
    return bytes(broken)


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """How many articles were printed, and how many were refused by name."""

    printed: int = 0
    refused: int = 0


def fuzz(seed: str, numbers: range) -> Fuzzed:
    """Print articles, fifty a document; AssertionError with the seed, the number and the bytes of one that fails."""
    printed = 0
    for start in range(numbers.start, numbers.stop, BATCH):
        files = {number: hostile_file(seed, number) for number in range(start, min(start + BATCH, numbers.stop))}
        try:
            printed += must_be_clean(files.values())
        except Exception as error:
            raise _narrowed(seed, files, error) from error
    return Fuzzed(printed, len(numbers) - printed)


def must_be_clean(files) -> int:
    """Print articles in one document a format between two innocent ones; AssertionError where anything is wrong."""
    entries = [printed for key, data in files if (printed := _printed(key, data))]
    innocent = [printed_of(raw_entry(f"{place}.md", b"Words.\n")) for place in ("above", "below")]
    elements = elements_of({entry.id: entry for entry in (innocent[0], *entries, innocent[1])}.values())
    assert not (left_out := [element.left_out for element in elements if element.left_out]), left_out
    said = {}
    for name, data in documents_of(elements).items():
        assert not FORBIDDEN.search(data.decode("utf-8")), name
        assert (faults := check_document(name, data)) == [], (name, faults)
        said[name] = read_feed(name, data)
        assert list(said[name]) == [element.entry_id for element in elements], name
        assert not FORBIDDEN.search("".join(one["everything"] for one in said[name].values())), name
        assert said[name][innocent[1].id]["content"] == "<p>Words.</p>"
    for what in ("title", "link", "content", "published", "updated", "authors", "tags"):
        ways = [[one[what] for one in by_id.values()] for by_id in said.values()]
        assert ways[0] == ways[1] == ways[2], what
    return len(entries)


def _printed(key: str, data: bytes) -> Printed | None:
    try:
        return printed_of(raw_entry(key, data))
    except ArticleRefused:
        return None


def _narrowed(seed: str, files: dict[int, tuple[str, bytes]], error: Exception) -> AssertionError:
    for number, (key, data) in files.items():
        if _fails(key, data):
            least = shrunk(data, lambda some, key=key: _fails(key, some))
            return AssertionError(f"seed {seed!r}, article {number} ({key}), of which {least!r} is enough: {error!r}")
    return AssertionError(f"seed {seed!r}, articles {min(files)} to {max(files)} together: {error!r}")


def _fails(key: str, data: bytes) -> bool:
    try:
        must_be_clean([(key, data)])
    except Exception:
        return True
    return False


def shrunk(data: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """Return the data with all taken out that it does not need to fail."""
    size = len(data) // 2
    while size:
        for start in range(len(data) - size, -1, -size):
            less = data[:start] + data[start + size :]
            data = less if fails(less) else data
        size //= 2
    return data


def _rounds(count: int, step: int = 1000) -> Iterator[range]:
    return (range(start, min(start + step, count)) for start in range(0, count, step))


def main(count: int, seed: str) -> None:
    """Go through ``count`` random articles, and say where that stands."""
    print(f"{count} random articles; to repeat: make fuzz N={count} SEED={seed}", flush=True)
    printed = 0
    for numbers in _rounds(count):
        printed += fuzz(seed, numbers).printed
        print(f"{numbers.stop} read, {printed} of them printed, the others refused by name; nothing wrong", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else str(time.time_ns()))
