import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Block, Role
from feeds.rules.copy_to_html import copy_to_html
from feeds.rules.raw_copy import read_raw_copy


def body(*contents):
    return copy_to_html([Block(Role.BODY, content) for content in contents])


def test_page_shows_title_standfirst_byline_and_date_elsewhere():
    blocks = [
        Block(Role.TITLE, "T"),
        Block(Role.STANDFIRST, "S"),
        Block(Role.BYLINE, "B"),
        Block(Role.DATELINE, "2 March 2024"),
    ]
    assert copy_to_html([*blocks, Block(Role.BODY, "P")]) == "<p>P</p>"


def test_dateline_opens_the_paragraph_after_it():
    assert (
        copy_to_html([Block(Role.DATELINE, "LONDON —"), Block(Role.BODY, "It sailed.")]) == "<p>LONDON — It sailed.</p>"
    )


def test_name_of_a_picture_is_left_out_and_its_caption_is_not():
    blocks = [Block(Role.CAPTION, "IMG_2041.JPG"), Block(Role.CAPTION, "The quay")]
    assert copy_to_html(blocks) == "<p><small>The quay</small></p>"


@pytest.mark.parametrize(
    ("role", "written"),
    [
        (Role.SUBHEADING, "<h2>A &amp; B</h2>"),
        (Role.CREDIT, "<p><small>A &amp; B</small></p>"),
        (Role.AUTHORS_NOTE, "<p><em>A &amp; B</em></p>"),
        (Role.BODY, "<p>A &amp; B</p>"),
    ],
)
def test_each_role_has_its_element(role, written):
    assert copy_to_html([Block(role, "A & B")]) == written


def test_line_ends_inside_a_block_are_spaces():
    assert body("one\ntwo") == "<p>one two</p>"


@pytest.mark.parametrize(
    ("contents", "written"),
    [
        (["- a", "- b"], "<ul><li>a</li><li>b</li></ul>"),
        (["- a\n- b\n  and c"], "<ul><li>a</li><li>b and c</li></ul>"),
        (["1. a", "2. b"], "<ol><li>a</li><li>b</li></ol>"),
        (["3. a", "4. b"], '<ol start="3"><li>a</li><li>b</li></ol>'),
        (["1. a", "1. b"], "<p>1. a</p>\n<p>1. b</p>"),
        (["• a", "- b"], "<p>• a</p>\n<p>- b</p>"),
        (["1. Alone"], "<p>1. Alone</p>"),
        (["- a", "- b", "* * *"], "<ul><li>a</li><li>b</li></ul>\n<p>* * *</p>"),
    ],
)
def test_list_is_two_items_or_more_of_one_kind(contents, written):
    assert body(*contents) == written


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://harbour.example/ferry.", "https://harbour.example/ferry"),
        ("(http://harbour.example/a)", "http://harbour.example/a"),
        ("“https://harbour.example/a”, he said", "https://harbour.example/a"),
        ("https://harbour.example/ferry_(ship)!", "https://harbour.example/ferry_(ship)"),
        ("https://harbour.example/?a=1&b='2'", "https://harbour.example/?a=1&b='2"),
    ],
)
def test_address_is_linked_without_the_punctuation_after_it(text, address):
    written = body(text)
    assert unescape(re.findall(r'href="([^"]*)"', written)[0]) == address
    assert unescape(re.sub(r"<[^>]+>", "", written)) == text


def test_nothing_but_web_addresses_is_linked():
    assert "<a" not in body("javascript:alert(1) and ftp://x.example and mailto:a@b.example")


def test_markup_in_raw_copy_is_text_escaped_once():
    assert body("<b>&amp;</b> <script>") == "<p>&lt;b&gt;&amp;amp;&lt;/b&gt; &lt;script&gt;</p>"


@given(st.text(alphabet="<>&\"'-1.•* ahttps:/)\n", max_size=200))
def test_only_our_own_elements_are_written(text):
    written = copy_to_html(read_raw_copy(text))
    own = re.sub(r'</?(?:p|ul|ol|li|em|small|h2|a)>|<a href="[^"<>]*">|<ol start="\d+">', "", written)
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;|quot;|#x27;)", own)
