"""An entry without some of its pictures: what only framed them goes too, and all other words stay.

Not here: making pictures for mail (test_mail_pictures).
"""

from dataclasses import replace

import pytest

from feeds.rendering.article_pictures import pictures_in, without_pictures
from tests.rendering.givens import PICTURE, entry

GONE, KEPT = "https://harbour.example/media/a.jpg?x=1&y=2", "https://other.example/b.png"
IMG = '<img src="https://harbour.example/media/a.jpg?x=1&amp;y=2" alt="A &quot;ferry&quot; > a boat" width="9">'
OTHER = f'<img alt="" src="{KEPT}">'


def without(html):
    return without_pictures(entry(html=html), lambda address: address == GONE).html


def test_pictures_are_found_with_their_words():
    assert pictures_in(f"<p>x {IMG} y</p>{OTHER}") == [(GONE, 'A "ferry" > a boat'), (KEPT, "")]


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (f"<p>Words {IMG} and words.</p>", "<p>Words  and words.</p>"),
        (f"<p>One.</p>\n<p>{IMG}</p>\n<p>Two.</p>", "<p>One.</p>\n<p>Two.</p>"),
        (f'<p><a href="https://x.example/" title="a > b"><em>{IMG}</em></a></p><p>Two.</p>', "<p>Two.</p>"),
        (f"<figure>{IMG}<figcaption>The <b>ferry</b>.</figcaption></figure><p>Two.</p>", "<p>Two.</p>"),
        (f"<figure><figcaption>The ferry.</figcaption>\n{IMG}</figure>", ""),
        (
            f"<figure>{IMG}{OTHER}<figcaption>Two.</figcaption></figure>",
            f"<figure>{OTHER}<figcaption>Two.</figcaption></figure>",
        ),
        (f"<figure>{IMG}<p>Words.</p></figure>", "<figure><p>Words.</p></figure>"),
        (
            f"<figure>{IMG}</figure><figure>{OTHER}<figcaption>B.</figcaption></figure>",
            f"<figure>{OTHER}<figcaption>B.</figcaption></figure>",
        ),
        (f"<ul><li>{IMG}</li></ul>", "<ul><li></li></ul>"),
        (f"<p>{OTHER}</p><p></p>", f"<p>{OTHER}</p><p></p>"),
    ],
)
def test_picture_goes_with_what_only_framed_it(html, left):
    assert without(html) == left


def test_picture_beside_the_text_goes_too():
    shown = entry(image=replace(PICTURE, address=GONE))
    assert without_pictures(shown, lambda address: address == GONE).image is None
    assert without_pictures(shown, lambda address: address == KEPT) == shown
