"""Articles made up, always the same: about 600 words each, 500 tags, 200 authors, a picture for every tenth.

The sentences come from a pool that is made once, so that an article takes no time to speak of to make.
Not here: where they are put (stocking, peers).
"""

from __future__ import annotations

import random
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

FIRST = datetime(2014, 1, 1, 7, tzinfo=UTC)
TAGS, AUTHORS, PICTURES = 500, 200, 20
PARAGRAPHS, SENTENCES, WORDS = 10, 5, 12
POOL = 6000  # sentences
PICTURE_FOLDER = "pictures"
_REL = "noopener noreferrer nofollow"
_VOCABULARY = """
harbour ferry quay tide council fisher crane bridge storm morning evening winter report plan vote budget school
library market bakery street garden window letter engine signal anchor rope captain crew passenger ticket island
coast rain wind weather repair delay public meeting answer question number year month week hour new old early late
small large open closed quiet busy local northern narrow careful long short said asked found built moved kept held
began ended opened closed agreed refused promised paid the the the a a of of to to in in for with from over under
between before after while because and and but or not every some many few two three twelve hundred café naïve Straße
"""


@dataclass(frozen=True)
class Sentence:
    """A sentence as Markdown, as the HTML that this comes to, and as plain text."""

    markdown: str
    html: str
    text: str


@dataclass(frozen=True)
class Article:
    """One article by its number."""

    number: int

    @property
    def key(self) -> str:
        return f"{self.number // 1000:03}/report-{self.number:06}.md"

    @property
    def title(self) -> str:
        return f"Report {self.number}: {self._words[0].text[:40].strip()} & more"

    @property
    def at(self) -> datetime:
        return FIRST + timedelta(hours=self.number)

    @property
    def author(self) -> str:
        return f"Author {self.number * 31 % AUTHORS:03}"

    @property
    def tag(self) -> str:
        return f"topic {self.number * 7919 % TAGS:03}"

    @property
    def picture(self) -> str | None:
        """The path of its picture within the folder."""
        return f"{PICTURE_FOLDER}/p{self.number // 10 % PICTURES}.png" if self.number % 10 == 0 else None

    @cached_property
    def _words(self) -> list[Sentence]:
        return random.Random(self.number).choices(pool(), k=PARAGRAPHS * SENTENCES)

    @property
    def _paragraphs(self) -> list[list[Sentence]]:
        return [self._words[start : start + SENTENCES] for start in range(0, len(self._words), SENTENCES)]

    @property
    def markdown(self) -> str:
        return "\n\n".join(" ".join(one.markdown for one in paragraph) for paragraph in self._paragraphs)

    @property
    def html(self) -> str:
        return "\n".join(f"<p>{' '.join(one.html for one in paragraph)}</p>" for paragraph in self._paragraphs)

    @property
    def text(self) -> str:
        return " ".join(one.text for one in self._words)

    def file(self, extra: str = "") -> str:
        """Return its file as Pressrun and Hugo read it; ``extra`` is a paragraph more."""
        lines = [f"title: '{self.title}'", f"date: {self.at:%Y-%m-%dT%H:%M:%SZ}", f"author: {self.author}"]
        lines += [f"tags: [{self.tag}]"] + ([f"image: /{self.picture}"] if self.picture else [])
        return "\n".join(("---", *lines, "---", "", self.markdown + extra, ""))

    def pelican_file(self, extra: str = "") -> str:
        """Return its file as Pelican reads it."""
        lines = [f"Title: {self.title}", f"Date: {self.at:%Y-%m-%dT%H:%M:%SZ}", f"Authors: {self.author}"]
        return "\n".join((*lines, f"Tags: {self.tag}", "", self.markdown + extra, ""))


def articles(count: int) -> list[Article]:
    """Return the first so many, oldest first."""
    return [Article(number) for number in range(count)]


@cache
def pool() -> list[Sentence]:
    """Return the sentences that all articles are made of."""
    dice = random.Random("pressrun")
    return [_sentence(dice, number) for number in range(POOL)]


def _sentence(dice: random.Random, number: int) -> Sentence:
    words = dice.choices(_VOCABULARY.split(), k=WORDS)
    words[0] = words[0].capitalize()
    plain = words[:]
    place, kind = dice.randrange(1, WORDS), number % 8
    marked, html = words[:], words[:]
    if kind == 0:
        address = f"https://example.org/{number}?a=1"
        marked[place] = f"[{words[place]}]({address})"
        html[place] = f'<a href="{address}" rel="{_REL}">{words[place]}</a>'
    elif kind == 1:
        marked[place], html[place] = f"**{words[place]}**", f"<strong>{words[place]}</strong>"
    elif kind == 2:
        marked[place], html[place] = f"*{words[place]}*", f"<em>{words[place]}</em>"
    elif kind == 3:
        plain[place], marked[place], html[place] = "“so”", "“so”", "“so”"
    elif kind == 4:
        plain[place], marked[place], html[place] = "R&D", "R&D", "R&amp;D"
    return Sentence(*(f"{' '.join(said)}." for said in (marked, html, plain)))


def write_pictures(folder: Path) -> None:
    """Write the pictures into a folder: small PNG files of one colour each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(PICTURES):
        (folder / f"p{number}.png").write_bytes(_png(640, 360, (number * 12, 90, 160)))


def _png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(colour) * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
