"""The columns of stories on the page of an edition and on the front page, as a browser lays them out.

Not here: whether a page scrolls sideways or can be read (test_layout.py).
"""

import json
import re
import subprocess
from dataclasses import replace
from html import escape, unescape

import pytest

from feeds.rendering.edition_pages import edition_page
from feeds.rendering.pages import stylesheet
from feeds.rendering.samples import EDITION
from tests.judges import QUIET, judge
from tests.rendering.givens import PICTURE, SITE, TEMPLATES, entries

WIDTHS = 1000, 1280
PATTERNS = [*("p" * number for number in range(2, 8)), *("t" * number for number in range(2, 8)), "pptptp", "tptptp"]
MEASURE = """
const rows = [...document.querySelectorAll("iframe")].map((frame) => {
  const front = frame.contentDocument.querySelector(".front");
  const whole = front.getBoundingClientRect();
  const cells = [...front.children].map((each) => each.getBoundingClientRect());
  const place = ({ left, top, right }) => [left - whole.left, whole.right - right, top].map(Math.round);
  return [frame.title, cells.map(place)];
});
document.body.innerHTML = `<pre id="measured">${JSON.stringify(Object.fromEntries(rows))}</pre>`;
"""


def page_of(pattern):
    """Return an edition with a story for each letter: ``p`` with a picture, ``t`` of text alone."""
    shown = tuple(
        replace(story, image=PICTURE if letter == "p" else None)
        for story, letter in zip(entries(len(pattern)), pattern, strict=True)
    )
    html = edition_page(replace(EDITION, shown=shown, named=(), note=""), SITE, TEMPLATES).decode()
    plain = re.sub(r'<link rel="stylesheet".*?>|<meta http-equiv.*?>', "", html)
    return plain.replace("</head>", f"<style>{stylesheet(TEMPLATES).decode()}</style></head>")


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    """Return where each story stands, by pattern and width: its room to the left and to the right, and its top."""
    folder = tmp_path_factory.mktemp("columns")
    frame = '<iframe title="{} {}" style="width:{}px;height:900px;border:0" srcdoc="{}"></iframe>'
    frames = [frame.format(one, width, width, escape(page_of(one))) for one in PATTERNS for width in WIDTHS]
    page = folder / "page.html"
    script = f"<script>onload = () => {{{MEASURE}}}</script>"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{''.join(frames)}{script}", encoding="utf-8")
    command = [judge("chromium"), *QUIET, f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()]
    dump = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout.decode()
    return json.loads(unescape(re.findall(r'<pre id="measured">(.*?)</pre>', dump, re.DOTALL)[0]))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("pattern", [one for one in PATTERNS if len(set(one)) == 1])
def test_last_row_of_stories_reaches_from_side_to_side(laid_out, pattern, width):
    cells = laid_out[f"{pattern} {width}"]
    last = [cell for cell in cells if cell[2] == max(top for _, _, top in cells)]
    assert (min(left for left, _, _ in last), min(right for _, right, _ in last)) == (0, 0)


@pytest.mark.parametrize(("width", "next_of_column"), [(1000, 3), (1280, 4)])
@pytest.mark.parametrize("pattern", ["pptptp", "tptptp"])
def test_story_of_text_leaves_no_gap_beside_one_with_a_picture(laid_out, pattern, width, next_of_column):
    _, pictured, text, *_ = cells = laid_out[f"{pattern} {width}"]
    following = cells[next_of_column]
    assert (text[2], following[0]) == (pictured[2], text[0])
    assert text[2] < following[2] < max(top for _, _, top in cells)
