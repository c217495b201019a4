"""Many-sided articles by number: each differs from its neighbours in every field that a feed carries.

Not here: hostile ones (corpus, fuzzing).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

_SUBJECTS = ("ferry", "Harbour", "C++", "C", "R&D", "café", "πλοίο", "渡船", "sea/air", 'the "Quay"', "tide", "100 %")
_PEOPLE = ("Ann Lee", "Bo Ek", "Søren Ærø", "María José", "عمر شريف", "O'Neil & Sons", "Li 明", 'Jo "Jib" Day')
_TITLES = (
    "The ferry is late",
    "Fish & <b>chips</b>",
    "Café “Früh”",
    "صباح الخير",
    "5 < 6 ]]> 7",
    "渡船晚点 🚢",
    "“&amp;” explained",
)
_BODIES = (
    "It *waits* for the tide & more, 5 < 6.",
    "A list:\n\n- one\n- [two](https://a.example/x?a=1&b=2)\n\n> quoted ]]> words",
    "```\nif a < b && c > d:\n    pass\n```\n\nAfter a\u00a0hard space.",
    "| a | b |\n|---|---|\n| 1 | `<td>` |\n",
    "صباح الخير و <em>أهلا</em> بكم",
    "Line one  \nline two — “quoted” … 👩‍👩‍👧‍👦",
    "Only &lt;b&gt; shown, and &amp;amp; too.",
)


def article(number: int, **changed: str) -> bytes:
    """Return the Markdown file of an article; ``changed`` replaces lines of its front matter, or its ``body``."""
    random = Random(number)
    at = datetime(2000, 1, 1, 8, tzinfo=UTC) + timedelta(hours=7 * number, minutes=random.randrange(60))
    lines = {
        "title": _quoted(f"{random.choice(_TITLES)} {number}"),
        "date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "updated": f"{at + timedelta(days=random.randrange(3)):%Y-%m-%dT%H:%M:%SZ}",
        "authors": _list(random.sample(_PEOPLE, random.randrange(3))),
        "tags": _list(random.sample(_SUBJECTS, random.randrange(4))),
        "summary": _quoted(f"Summary {number}: 5 < 6 & {random.choice(_TITLES)}") if random.random() < 0.7 else '""',
        "enclosures": _list([f"{random.randrange(1, 9)}.mp3"]) if random.random() < 0.3 else "[]",
        "language": random.choice(("en", "en", "ar", "fr", "pt-BR")),
    }
    body = changed.pop("body", f"Article {number}.\n\n{random.choice(_BODIES)}\n\n{random.choice(_BODIES)}")
    front = "".join(f"{key}: {value}\n" for key, value in (lines | changed).items())
    return f"---\n{front}---\n{body}\n".encode()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _list(items: list[str]) -> str:
    return "[" + ", ".join(map(_quoted, items)) + "]"
