"""Do three parsers, each in every format it reads, say of every entry what the store holds?

``python -m tests.formats.agreement 10000`` asks it of ten thousand entries, a hundred a document. What a parser or a
format cannot carry by nature stands in ``CANNOT`` and ``ONLY``. Not here: the parsers, the articles (many_articles).
"""

from __future__ import annotations

import html
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from feeds.formats import FORMATS
from feeds.model import Printed
from tests.formats.many_articles import article
from tests.formats.parsers import Facts, by_feedparser, by_feedsmith, by_reader
from tests.formats.pipeline import documents_of, elements_of, printed_of, raw_entry

BATCH = 100
WHAT = ("id", "link", "title", "published", "updated", "authors", "tags", "files", "content")
# (parser, format) → what it cannot tell of an entry, and why.
CANNOT = {
    ("reader", "rss"): {"tags": "reader keeps no categories of entries"},
    ("reader", "atom"): {"tags": "reader keeps no categories of entries"},
    ("reader", "json"): {"tags": "reader keeps no tags of entries"},
    ("feedparser", "json"): dict.fromkeys(WHAT, "feedparser reads no JSON Feed"),
}
# (parser, format) → what it tells in part or in other words; both sides are compared as the function has them.
ONLY: dict[tuple[str, str], dict[str, Callable[[object], object]]] = {
    # RSS does not say whether a title is HTML: feedparser guesses, and then escapes what else stands in it.
    ("feedparser", "rss"): {"title": html.unescape},
    # reader takes one author an entry from feedparser, the last, and its cleaning writes <br /> for <br>.
    ("reader", "rss"): {"authors": lambda names: names[-1:], "content": lambda text: text.replace("<br />", "<br>")},
    ("reader", "atom"): {"authors": lambda names: names[-1:], "content": lambda text: text.replace("<br />", "<br>")},
}


def of_articles(numbers: range) -> list[Printed]:
    """Return the articles of these numbers as they are printed."""
    return [printed_of(raw_entry(f"a{number}.md", article(number))) for number in numbers]


def disagreements(entries: Sequence[Printed], folder: Path) -> Iterator[str]:
    """Yield a line for each fact of these entries on which a parser differs from what is printed."""
    held = [entries[start : start + BATCH] for start in range(0, len(entries), BATCH)]
    for number, batch in enumerate(held):
        for name, data in documents_of(elements_of(batch)).items():
            (folder / f"{number}-{FORMATS[name].filename}").write_bytes(data)
    for name, format in FORMATS.items():
        files = [folder / f"{number}-{format.filename}" for number in range(len(held))]
        for parser, read in _parsers(folder).items():
            if (able := [what for what in WHAT if what not in CANNOT.get((parser, name), {})]) != []:
                yield from _compared((parser, name), held, read(files), able)


def _parsers(folder: Path) -> dict[str, Callable[[Sequence[Path]], list[list[Facts]]]]:
    return {
        "feedparser": by_feedparser,
        "reader": lambda files: by_reader(files, folder),
        "feedsmith": by_feedsmith,
    }


def _truth(entry: Printed, format: str) -> Facts:
    files = [(file.address, file.media_type, file.length) for file in entry.enclosures]
    return {
        "id": entry.id,
        "link": entry.url,
        "title": entry.title,
        "published": entry.published_at.timetuple()[:6],
        "updated": entry.updated_at.timetuple()[:6],
        "authors": [author.name for author in entry.authors],
        "tags": [tag.name for tag in entry.tags],
        "files": files[:1] if format == "rss" else files,
        "content": f'<div dir="rtl">{entry.html}</div>' if entry.direction == "rtl" else entry.html,
    }


def _compared(
    who: tuple[str, str], held: list[Sequence[Printed]], said: list[list[Facts]], able: Sequence[str]
) -> Iterator[str]:
    only = ONLY.get(who, {})
    for entries, heard in zip(held, said, strict=True):
        by_id = {one["id"]: one for one in heard}
        if len(heard) != len(entries) or by_id.keys() != {entry.id for entry in entries}:
            yield f"{who}: {len(heard)} entries instead of {len(entries)}"
            continue
        for entry in entries:
            yield from _differences(who, _seen(_truth(entry, who[1]), only), _seen(by_id[entry.id], only), able)


def _seen(facts: Facts, only: Mapping[str, Callable[[object], object]]) -> Facts:
    return {what: only[what](fact) if what in only else fact for what, fact in facts.items()}


def _differences(who: tuple[str, str], truth: Facts, heard: Facts, able: Sequence[str]) -> Iterator[str]:
    for what in able:
        if heard[what] != truth[what]:
            yield f"{who}: {truth['link']}: {what}: {heard[what]!r} instead of {truth[what]!r}"


def main(count: int) -> int:
    """Compare ``count`` articles, a thousand at a time; return how many facts differ."""
    found = 0
    for start in range(0, count, 1000):
        numbers = range(start, min(start + 1000, count))
        with tempfile.TemporaryDirectory() as folder:
            for line in disagreements(of_articles(numbers), Path(folder)):
                found += 1
                print(line)
        print(f"{numbers.stop} of {count} entries in {len(FORMATS)} formats: {found} facts differ", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])) > 0)
