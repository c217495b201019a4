"""Measure what a digest of 20 entries costs, rendered, inlined, judged and encoded, beside premailer and css-inline.

    python -m bench.digest.run [--rounds 25]

Not here: sending it (the delivery's own bench), whether it is right (tests).
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.feeds.synthetic import Article

ENTRIES = 20
INLINER = "css-inline==0.22.0"
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
# Reads a page, inlines it again and again, says the first and the median in milliseconds.
PEER = """\
import json, statistics, sys, time
{load}
html, took = open(sys.argv[1], encoding="utf-8").read(), []
for _ in range(int(sys.argv[2])):
    begun = time.process_time()
    made = {call}
    took.append((time.process_time() - begun) * 1000)
print(json.dumps([took[0], statistics.median(took[1:]), len(made.encode())]))
"""
PEERS = {
    "premailer at its defaults, the styles in the page": ("import premailer", "premailer.transform(html)"),
    f"{INLINER}, the styles in the page": ("import css_inline", "css_inline.inline(html)"),
}


def main() -> None:
    """Measure, and print the table as Markdown."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=25, help="how often each is done; the first is told apart")
    rounds = asked.parse_args().rounds
    print("| what | first, ms | then, ms | bytes of HTML |\n| --- | --: | --: | --: |")
    for layout in ("front-page", "reading-list", "full-text"):
        _add(f"{layout}: rendered, inlined, judged, encoded", *ours(layout, rounds))
    with tempfile.TemporaryDirectory(prefix="pressrun-bench-") as scratch:
        page, python = Path(scratch) / "page.html", install(Path(scratch))
        page.write_text(with_styles(), encoding="utf-8")
        for name, (load, call) in PEERS.items():
            command = [python, "-c", PEER.format(load=load, call=call), page, str(rounds)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            _add(name, *json.loads(done.stdout))


def ours(layout: str, rounds: int) -> tuple[float, float, int]:
    """Return what a digest costs the first time and then, and its size; each layout in a process of its own."""
    code = f"from bench.digest.run import time_ours; time_ours({layout!r}, {rounds})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, then, size = json.loads(done.stdout)
    return first, then, size


def time_ours(layout: str, rounds: int) -> None:
    """Make a digest again and again, and say what it cost; what it imports is imported before."""
    import lxml.html  # noqa: F401
    import premailer  # noqa: F401

    from feeds.rendering.digest import render_digest
    from feeds.rendering.edition import parts_of
    from feeds.rendering.environment import open_templates
    from feeds.rendering.galley import proof_message
    from feeds.rendering.lint import judge_message
    from feeds.rendering.views import Frame, Mailbox

    view, templates = _view(layout), open_templates()
    frame = Frame(
        sender=Mailbox("The Bench", "weekly@bench.example"),
        list_id="weekly.bench.example",
        leave_url="mailto:weekly@bench.example?subject=unsubscribe",
        feedback_id="1:weekly:digest:7f0f8b5e",
        return_path="weekly@bench.example",
    )

    def make() -> str:
        digest = render_digest(view, templates)
        to = Mailbox("Ann", "ann@reader.example")
        parts = parts_of(digest, frame)
        judge_message(proof_message(parts, recipient=to, date=MONDAY, message_id="1@bench.example"))
        return digest.html

    took, html = _timed(make, rounds)
    print(json.dumps([took[0], statistics.median(took[1:]), len(html.encode())]))


def with_styles() -> str:
    """Return the front page as it is before it is inlined, with its sheet in a style element."""
    from feeds.rendering import digest
    from feeds.rendering.environment import open_templates

    found: list[str] = []
    digest.inline = lambda html, css, **_: found.append(html.replace("</head>", f"<style>{css}</style></head>")) or html
    digest.render_digest(_view("front-page"), open_templates())
    return re.sub(r' data-premailer="ignore"', "", found[0])


def install(scratch: Path) -> Path:
    """Install the peers into a virtual environment; return its Python."""
    venv.create(scratch / "venv", with_pip=True)
    python = scratch / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "premailer==3.10.0", INLINER], check=True)
    return python


def _view(layout: str) -> object:
    from feeds.model import Image, Person, Printed, Tag
    from feeds.rendering.views import DigestView, SiteView

    entries = tuple(
        Printed(
            id=f"urn:bench:{one.number}",
            url=f"https://bench.example/{one.number}/",
            title=one.title,
            summary=one.text[:280],
            html=one.html,
            blocks=(),
            authors=(Person(one.author),),
            tags=(Tag("tag", one.tag),),
            section="News",
            language="en",
            direction="ltr",
            image=Image(address=f"https://bench.example/{one.number}.jpg", alt="A", width=1200, height=800),
            enclosures=(),
            corrections=(),
            published_at=MONDAY,
            updated_at=MONDAY,
        )
        for one in map(Article, range(ENTRIES))
    )
    site = SiteView(title="The Bench", url="https://bench.example/")
    return DigestView(
        site=site, slug="w", title="Weekly", date=MONDAY, entries=entries, reply_to="w@bench.example", layout=layout
    )


def _timed(make: Callable[[], str], rounds: int) -> tuple[list[float], str]:
    took, made = list[float](), ""
    for _ in range(rounds):
        begun = time.process_time()
        made = make()
        took.append((time.process_time() - begun) * 1000)
    return took, made


def _add(name: str, first: float, then: float, size: int) -> None:
    print(f"| {name} | {first:.0f} | {then:.0f} | {size:,} |", flush=True)


if __name__ == "__main__":
    main()
