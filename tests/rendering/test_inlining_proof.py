"""Proof by browser: every element of a mail computes to the same, its sheet inlined or in a style element.

A sheet that does not is refused, by rule and line (test_css_lint.py). Not here: what inlining does to a document
(test_inlining.py).
"""

import json
import random
import re
import subprocess
from dataclasses import replace
from functools import cache
from html import escape, unescape
from pathlib import Path

import pytest

from feeds.config import Layout
from feeds.rendering import samples
from feeds.rendering.css_lint import lint_css
from feeds.rendering.css_values import known_properties
from feeds.rendering.digest import render_digest
from feeds.rendering.environment import Templates, templates_root
from feeds.rendering.inlining import inline
from feeds.rendering.sheets import sheets_of
from tests.judges import judge
from tests.rendering.test_layout import QUIET
from tests.rendering.user_sheets import SHEETS, VALUES

pytestmark = pytest.mark.once

COMPARE = (Path(__file__).parent / "compare.js").read_text()
FRAME = '<iframe title="{}" class="{}" style="width:{}px;height:900px;border:0" srcdoc="{}"></iframe>'
# A mail in which each of our classes stands: the editor's note is made of all that an article can be made of.
EVERYTHING = replace(
    samples.THEMED_DIGEST,
    entries=(samples.FULL, samples.FULL, samples.ARABIC, samples.BARE, samples.FULL),
    group_by="tag",
    note=samples.FULL.html,
)
RANDOM_SHEETS = 8


class Remembering(Templates):
    """Templates that keep the HTML they made last, before anything is inlined."""

    def render(self, name, **context):
        made = super().render(name, **context)
        if name.endswith(".html"):
            self.html = made
        return made


TEMPLATES = Remembering((templates_root(),))


def pair(view, more=""):
    """Return a mail with its sheet in a style element, before the others, and the same mail with it inlined."""
    made = render_digest(view, TEMPLATES).html
    css = f"{sheets_of(view.theme, TEMPLATES).style}\n{more}"
    original = TEMPLATES.html.replace("<style", f"<style>{css}</style>\n<style", 1)
    return _ended(original), _ended(inline(TEMPLATES.html, css) if more else made)


def _ended(html):
    # A browser moves white space from behind </body> into it, where ``white-space: pre-wrap`` makes lines of it.
    return re.sub(r"\s*</body>\s*</html>\s*$", "</body></html>", html)


@cache
def layouts():
    views = samples.digests(tuple(Layout))
    return {f"{view.layout}, {view.slug} {view.direction} {view.group_by}": pair(view) for view in views}


@cache
def theirs():
    return {name: pair(EVERYTHING, css) for name, css, _ in SHEETS if not lint_css(css)}


@cache
def of_chance():
    """Return mails under sheets of rules that fall over one another: shorthands, their parts, elements, classes."""
    names = re.findall(r"\.[a-z-]+(?= \{)", TEMPLATES.text("digest/style.css"))
    elements = ("p", "a", "h2", "h3", "td", "table", "img", "div", "span", "em", "li", "body", "p.byline", "a.headline")
    dice = random.Random("harbour")

    def rule():
        properties = dice.sample(sorted(VALUES), dice.randint(1, 6))
        body = "; ".join(f"{name}: {dice.choice(VALUES[name])}" for name in properties)
        return f"{', '.join(dice.sample([*names, *elements], dice.randint(1, 3)))} {{ {body} }}"

    return {f"chance {n}": pair(EVERYTHING, "\n".join(rule() for _ in range(80))) for n in range(RANDOM_SHEETS)}


def broken():
    original, inlined = pair(samples.BARE_DIGEST)
    return {"broken": (original, inlined.replace("font-size:44px", "font-size:43px"))}


def compared(folder, documents, *, dark):
    """Lay both mails of each pair out, (name, pair, width, whether every property counts); return what was found."""
    given = {"properties": sorted(known_properties()), "declarations": declarations()}
    frames = [
        FRAME.format(escape(f"{name} at {width}"), "every" * every, width, escape(html))
        for name, both, width, every in documents
        for html in both
    ]
    script = f"<script>const given = {json.dumps(given)};\n{COMPARE}</script>"
    page = folder / "page.html"
    page.write_text("<!doctype html><meta charset=utf-8><body>" + "".join(frames) + script, encoding="utf-8")
    # A scroll bar takes room or not by how high a page is: where the page just fills its frame, that is chance.
    scheme = ["--hide-scrollbars", *(["--blink-settings=preferredColorScheme=0"] if dark else [])]
    command = [judge("chromium"), *QUIET, *scheme, f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()]
    dump = subprocess.run(command, capture_output=True, timeout=300, check=True).stdout.decode()
    return json.loads(unescape(re.findall(r'<pre id="measured">(.*?)</pre>', dump, re.DOTALL)[0]))


def declarations():
    ours = {name: values for name, values in VALUES.items() if not name.startswith("-ms-")}
    return [f"{name}: {value}" for name, values in ours.items() for value in values]


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    judge("chromium")
    ours = [(name, both, width, width == 800) for name, both in layouts().items() for width in (800, 375)]
    sheets = [(name, both, 800, False) for name, both in (theirs() | of_chance() | broken()).items()]
    return compared(tmp_path_factory.mktemp("light"), ours + sheets, dark=False)


@pytest.fixture(scope="module")
def dark(tmp_path_factory):
    judge("chromium")
    ours = [(name, both, 800, False) for name, both in layouts().items()]
    sheets = [(name, both, 375, False) for name, both in (theirs() | of_chance()).items()]
    return compared(tmp_path_factory.mktemp("dark"), ours + sheets, dark=True)


def test_a_pixel_of_difference_is_found(light):
    found = [(name, before, after) for title, _, name, before, after in light["found"] if title == "broken at 800"]
    assert ("font-size", "44px", "43px") in found


@pytest.mark.rule("M13")
def test_every_element_computes_to_the_same_at_both_widths(light):
    assert [each for each in light["found"] if each[0] != "broken at 800"] == []
    assert len(light["compared"]) == 2 * 3 * len(samples.DIGESTS) + len(theirs()) + RANDOM_SHEETS + 1
    assert min(light["properties"]) > 100
    assert min(light["compared"].values()) > 30


@pytest.mark.rule("M14")
def test_every_element_computes_to_the_same_in_the_dark(dark):
    assert dark["found"] == []
    assert sum(dark["compared"].values()) > 5000


def test_browsers_know_what_the_lint_takes(light):
    assert light["unknown"] == []


def test_lint_takes_each_property_by_several_of_its_values():
    assert set(VALUES) == known_properties()
    assert {
        name for name, values in VALUES.items() if lint_css("".join(f"p {{ {name}: {v} }}" for v in values))
    } == set()


def test_corpus_holds_at_least_forty_sheets_of_each_kind():
    taken = [name for name, css, _ in SHEETS if not lint_css(css)]
    assert len(SHEETS) >= 100
    assert len(taken) >= 30
