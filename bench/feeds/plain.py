"""feedgen used plainly: RSS and Atom of a site feed with all N entries, and of a feed for each tag with 20 of them.

Nothing is cleaned, checked, kept or compressed, and no page is written. Run as a process of its own; making up the
articles is not counted. Not here: what Pressrun does instead (stages).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

from bench.feeds.synthetic import Article, articles

SITE = "https://bench.example/"
IN_TAG = 20


class Unmeasured:
    """Time that does not count: what is spent within ``with``."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0

    def __enter__(self) -> None:
        self._begun = time.process_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.cpu += time.process_time() - self._begun[0]
        self.wall += time.perf_counter() - self._begun[1]


def write_feed(folder: Path, title: str, chosen: list[Article], unmeasured: Unmeasured) -> int:
    """Write RSS and Atom of these articles, as directly as can be."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.id(f"{SITE}{folder}")
    feed.title(title)
    feed.description(title)
    feed.link(href=SITE, rel="alternate")
    for article in chosen:
        with unmeasured:
            html = article.html
            summary, name = article.text[:280], article.title
        entry = feed.add_entry(order="append")
        entry.id(f"{SITE}{article.number}")
        entry.title(name)
        entry.link(href=f"{SITE}{article.number}/")
        entry.published(article.at)
        entry.updated(article.at)
        entry.author(name=article.author)
        entry.category(term=article.tag)
        entry.summary(summary)
        entry.content(html, type="html")
    folder.mkdir(parents=True, exist_ok=True)
    feed.rss_file(str(folder / "rss.xml"))
    feed.atom_file(str(folder / "atom.xml"))
    return 2


def main(count: int, with_tags: bool) -> None:
    """Write all feeds into the current folder, and say what it cost."""
    begun, unmeasured = time.perf_counter(), Unmeasured()
    with unmeasured:
        newest = articles(count)[::-1]
        by_tag: defaultdict[str, list[Article]] = defaultdict(list)
        for article in newest if with_tags else ():
            by_tag[article.tag].append(article)
        Article(0).html  # noqa: B018 - fills the pool of sentences
    written = write_feed(Path("plain"), "All", newest, unmeasured)
    for number, (tag, chosen) in enumerate(sorted(by_tag.items())):
        written += write_feed(Path(f"plain/tags/{number}"), tag, chosen[:IN_TAG], unmeasured)
    cpu, wall = time.process_time() - unmeasured.cpu, time.perf_counter() - begun - unmeasured.wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"cpu": cpu, "wall": wall, "memory": peak / 1024, "documents": written}))


if __name__ == "__main__":
    main(int(sys.argv[1]), with_tags="--no-tags" not in sys.argv)
