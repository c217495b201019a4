"""Inlining a stylesheet into a mail: what it does to a document, and each trap of premailer, closed.

Not here: the sheets that are refused (test_css_lint.py), what a browser makes of the mail (test_inlining_proof.py).
"""

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from feeds.errors import TemplateInvalid
from feeds.rendering.inlining import inline
from tests.rendering.givens import PICTURE, digest, entries, entry

HEAD = "<!doctype html><html><head>{}</head><body><p class='a'>x</p></body></html>"

LISTENING: list[list[str]] = []  # an audit hook stays for good, so it notes only while a list is here


def note(event, arguments):
    if LISTENING and event == "open" and isinstance(arguments[0], str):
        LISTENING[-1].append(arguments[0])
    elif LISTENING and event.startswith(("socket.", "subprocess.", "os.system")):
        LISTENING[-1].append(event)


sys.addaudithook(note)


def reached_by(action):
    """Return the files and sockets that an action opens, what a first run loads and keeps aside."""
    inline(HEAD.format(""), "p { color: red; }")
    LISTENING.append([])
    try:
        action()
    finally:
        seen = LISTENING.pop()
    return seen


def body(inside, css="p { color: red; }"):
    """Return what becomes of the inside of a body."""
    made = inline(f"<!doctype html><html><head></head><body>{inside}</body></html>", css)
    return made.partition("<body>")[2].rpartition("</body>")[0]


def in_a_new_interpreter(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


def test_rules_go_into_style_attributes_and_the_doctype_comes_first():
    html = inline(HEAD.format(""), ".a { color: #0b5563; }")
    assert html.startswith("<!DOCTYPE html>\n<html>")
    assert '<p class="a" style="color:#0b5563">x</p>' in html


@pytest.mark.rule("M13")
def test_style_elements_stay_as_they_are_and_nothing_of_them_is_inlined():
    kept = "@media (max-width: 9px) { .a > b { color: red !important; } } [data-ogsc] .a { color: blue !important; }"
    given = f'<style data-premailer="ignore">{kept}</style><style>.a {{ color: green }}</style>'
    html = inline(HEAD.format(given), ".a { color: #000000; }")
    assert f"<style>{kept}</style>" in html
    assert "<style>.a { color: green }</style>" in html
    assert '<p class="a" style="color:#000">' in html


def test_style_element_in_an_article_restyles_nothing():
    html = body("<style>p { color: blue }</style><link rel='stylesheet' href='a.css'><p>x</p>")
    assert '<p style="color:red">x</p>' in html


@pytest.mark.rule("M9")
@pytest.mark.parametrize(
    "opening",
    [
        "<!doctype html>",
        "\n <!DOCTYPE HTML>\n",
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">',
        "",
    ],
)
def test_every_mail_opens_with_the_same_doctype(opening):
    html = inline(f"{opening}<html><head></head><body><p>ü</p></body></html>", "p { color: red; }")
    assert html.startswith("<!DOCTYPE html>\n<html>")
    assert '<p style="color:red">ü</p>' in html


@pytest.mark.parametrize("html", ["", "\n", "<!-- nothing -->", "<!doctype html>"])
def test_layout_that_makes_nothing_is_named(html):
    with pytest.raises(TemplateInvalid, match=r"digest/x\.html: makes no HTML"):
        inline(html, "p { color: red; }", name="digest/x.html")


def test_text_of_twelve_megabytes_stays_whole():
    words = "harbour " * 1_500_000
    assert words in body(f"<p>{words}</p><p>end</p>")


@pytest.mark.rule("T34")
def test_text_after_three_hundred_nested_elements_stays():
    html = body("<div>" * 300 + "deep" + "</div>" * 300 + "<p>after</p>")
    assert "deep" in html
    assert '<p style="color:red">after</p>' in html


@pytest.mark.rule("T35")
def test_article_of_twelve_megabytes_is_told_of_and_not_cut_in_silence():
    made = digest(entries=(entry(html=f"<p>{'harbour ' * 1_500_000}</p>"),), layout="full-text").html
    assert "harbour harbour" not in made
    assert 'aria-label="Read on: ' in made


def test_broken_style_attribute_spoils_neither_its_mail_nor_later_ones():
    broken = body('<p style="p">x</p><p style="color: blue; ; }">y</p><p style="COLOR: x!important">z</p>')
    assert '<p style="color:red;p">x</p>' in broken
    assert '<p style="color:red;color: blue; ; }">y</p>' in broken
    assert '<p style="color:red;COLOR: x!important">z</p>' in broken
    assert body("<p>x</p>") == '<p style="color:red">x</p>'


def test_sizes_and_alignment_stay_as_the_template_wrote_them():
    sheet = (
        "img { width: 100%; height: auto; float: left; } td { text-align: center; vertical-align: top; }"
        ".c { background-color: #abcdef; width: 5px; height: 6px; }"
    )
    html = body('<img src="a.jpg" width="544"><table class="c"><tr><td align="right">x</td></tr></table>', sheet)
    assert '<img src="a.jpg" width="544" style="width:100%;height:auto;float:left">' in html
    assert '<table class="c" style="background-color:#abcdef;width:5px;height:6px"><tr>' in html
    assert '<td align="right" style="text-align:center;vertical-align:top">' in html


def test_shorthand_set_again_counts_from_there():
    sheet = ".a { margin: 1px; } .b { margin-left: 2px; } .c { margin: 3px; }"
    assert body('<p class="a b c">x</p>', sheet) == '<p class="a b c" style="margin-left:2px;margin:3px">x</p>'


def test_links_keep_their_addresses():
    links = '<a href="https://x.example/?a=1&amp;b=%7B2%7D#c">x</a><a href="mailto:a+b@x.example?subject=c%20d">y</a>'
    assert body(links) == links


@pytest.mark.rule("T33")
def test_braces_in_an_article_come_through_as_they_are():
    made = digest(entries=(entry(title="{{ 6*7 }}", url="https://x.example/?q={{x}}"),)).html
    assert "{{ 6*7 }}</a>" in made
    assert "42" not in re.sub("[0-9a-f]{32}", "", made)  # what a mark holds is chance
    assert 'href="https://x.example/?q={{x}}"' in made


@pytest.mark.rule("T65")
@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.css", "//127.0.0.1:9/a.css"])
def test_linked_stylesheet_is_not_fetched(address):
    link = f'<link rel="stylesheet" href="{address}">'
    assert reached_by(lambda: inline(HEAD.format(link), "p { color: red; }")) == []


@pytest.mark.rule("T66")
@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.css", "file:///etc/hostname"])
def test_import_in_a_style_element_is_not_followed(address):
    style = f"<style>@import url({address}); @import '{address}'; p {{ color: red; }}</style>"
    assert reached_by(lambda: inline(HEAD.format(style), ".a { color: blue; }")) == []


@pytest.mark.rule("T66")
def test_import_in_our_own_stylesheet_is_refused():
    with pytest.raises(TemplateInvalid, match="line 1: @import"):
        inline(HEAD.format(""), "@import 'https://x.example/a.css';")


@pytest.mark.rule("T67")
@pytest.mark.parametrize("path", ["/etc/hostname", "file:///etc/hostname", "style.css"])
def test_local_stylesheet_is_not_read(path):
    link = f'<link rel="stylesheet" href="{path}">'
    assert reached_by(lambda: inline(HEAD.format(link), "p { color: red; }")) == []


def test_inliner_is_loaded_only_when_it_is_used():
    code = "import sys, feeds.rendering.digest; print([m for m in ('premailer', 'cssutils') if m in sys.modules])"
    assert in_a_new_interpreter(code).stdout == "[]\n"


def test_inliner_says_nothing_and_remembers_every_rule():
    code = (
        "from feeds.rendering.inlining import inline\n"
        "inline('<html><head><style>p{colr:x;}} @foo</style></head><body><p style=\"a:;b}\">x</p></body></html>', "
        "'p { color: red; mso-x: 1px; }')\n"
        "from premailer.cache import cache\nprint(cache.maxsize)"
    )
    done = in_a_new_interpreter(code)
    assert (done.stdout, done.stderr) == ("100000\n", "")


# ---- sizes ----

TWO_LINES = "The board voted seven to two for the old slipway, after a night in which the tide took the last crane."


def front_page(count):
    """Return a front page on which every story is told, with its picture: two for each section."""
    named = {"image": PICTURE, "summary": TWO_LINES, "title": "The harbour board votes to keep the old slipway"}
    stories = [replace(one, section=f"Harbour {n // 2}") for n, one in enumerate(entries(count, **named))]
    made = digest(entries=tuple(stories), group_by="section")
    assert made.shown == made.html.count("<img") == made.html.count('class="byline"') == count
    return len(made.html.encode())


@pytest.mark.rule("M17")
def test_front_page_of_twenty_stories_with_pictures_has_at_most_seventy_kilobytes():
    assert front_page(20) <= 70_000


@pytest.mark.rule("M17")
def test_front_page_of_thirty_stories_with_pictures_is_not_clipped():
    assert front_page(30) < 102_400
