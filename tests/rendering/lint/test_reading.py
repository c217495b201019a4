"""How CSS, colours and the tree of a mail are read, before anything is judged.

Not here: the judgement (test_planted_mail_faults).
"""

import pytest
from PIL.ImageColor import getrgb

from feeds.rendering.lint.boxes import Scheme, boxes_of
from feeds.rendering.lint.colours import ground_of, read_colour
from feeds.rendering.lint.decoding import decode_body, decode_header, encoded_words
from feeds.rendering.lint.markup import open_page
from feeds.rendering.lint.opening import open_letter
from feeds.rendering.lint.styles import declarations, pixels, read_sheet, sides, targets, unreadable


def box(html, css=""):
    """Return what the element with the text x comes to."""
    sheets = (read_sheet(css, 1),) if css else ()
    return next(
        one for one in boxes_of(open_page(f"<body>{html}</body>").find("body"), Scheme(sheets)) if one.text == "x"
    )


def test_semicolon_in_an_address_ends_no_declaration():
    (one,) = declarations("background:url(data:image/png;base64,AA==)")
    assert one.value == "url(data:image/png;base64,AA==)"


def test_important_is_no_part_of_the_value():
    (one,) = declarations("Color: RED ! important")
    assert (one.name, one.value, one.important) == ("color", "RED", True)


def test_what_is_no_declaration_is_named():
    assert unreadable("color:red; padding 4px; margin:0") == "padding 4px"


@pytest.mark.parametrize(
    ("value", "size"), [("14px", 14), ("0", 0), ("12pt", 16), ("1.5em", 15), ("50%", 5), ("auto", None), ("", None)]
)
def test_lengths_are_read_in_pixels(value, size):
    assert pixels(value, of=10) == size


def test_shorthand_is_read_clockwise():
    assert sides("1px 2px 3px") == ("1px", "2px", "3px", "2px")


def test_rules_of_a_sheet_have_media_and_line():
    sheet = read_sheet("\n.a { color: red }\n@media print {\n.b, .c > .d { margin: 0 !important; }\n}", 10)
    assert [(rule.selector, rule.media, rule.line) for rule in sheet.rules] == [
        (".a", "", 11),
        (".b, .c > .d", "@media print", 13),
    ]
    assert sheet.faults == ()


@pytest.mark.parametrize(
    "css", [".a { color: red", ".a { color: red } }", "{ color: red }", ".a { red }", ".a {} b", "/* x"]
)
def test_broken_sheet_has_a_fault(css):
    assert read_sheet(css, 1).faults


def test_selectors_of_elements_and_classes_are_understood_and_others_passed_over():
    found = {(one.tag, one.classes, one.above) for one in targets("p.a, .b .c, [x] .d, *")}
    assert found == {
        ("p", frozenset("a"), frozenset()),
        ("", frozenset("c"), frozenset("b")),
        ("", frozenset(), frozenset()),
    }


@pytest.mark.parametrize(("value", "colour"), [
    ("#FFF", "#ffffff"),
    ("#abc8", "#d2dbe4"), ("red", "#ff0000"), ("rgb(1, 2, 3)", "#010203"), ("rgb(100% 0% 0%)", "#ff0000"),
    ("rgba(0,0,0,0.5)", "#808080"), ("transparent", "#ffffff"), ("currentcolor", None), ("rgb(1)", None), ("#12", None),
])  # fmt: skip
def test_colours_are_read(value, colour):
    getrgb("red")  # Pillow keeps what it has read
    assert read_colour(value) == colour


@pytest.mark.parametrize(("value", "ground"), [
    ("#000000", "#000000"), ("none", "#ffffff"), ("#000 no-repeat", "#000000"), ("url(a.png)", None),
])  # fmt: skip
def test_grounds_are_read(value, ground):
    assert ground_of(value, "#ffffff") == ground


def test_colours_and_type_come_down_the_tree():
    one = box('<div style="color:#111111; background:#eeeeee; font-size:20px; line-height:1.5"><p><b>x</b></p></div>')
    assert (one.light.ink, one.light.ground, one.font_size, one.line_height) == ("#111111", "#eeeeee", 20, 30)


def test_dark_rule_wins_over_the_style_attribute_only_where_it_is_important():
    css = "@media (prefers-color-scheme: dark) {{ .a {{ color: #ffffff{} }} }}"
    html = '<p class="a" style="color:#000000">x</p>'
    assert box(html, css.format(" !important")).dark.ink == "#ffffff"
    assert box(html, css.format("")).dark.ink == "#000000"


def test_dark_rule_asks_for_the_classes_above():
    css = "@media (prefers-color-scheme: dark) { .b .a { color: #ffffff !important } }"
    html = '<div class="{}"><p class="a" style="color:#000000">x</p></div>'
    assert (box(html.format("b"), css).dark.ink, box(html.format("c"), css).dark.ink) == ("#ffffff", "#000000")


@pytest.mark.parametrize("style", ["display:none", "visibility:hidden", "opacity:0", "mso-hide:all", "font-size:1px"])
def test_what_is_hidden_is_known(style):
    assert box(f'<div style="{style}"><b>x</b></div>').is_hidden


def test_words_encoded_beside_one_another_are_joined():
    assert decode_header("=?utf-8?q?caf?= =?utf-8?b?w6k=?= at noon") == "café at noon"


def test_sound_encoded_word_has_no_fault():
    assert [word.fault for word in encoded_words("=?utf-8?q?caf=C3=A9?=")] == [""]


def test_soft_line_break_is_no_stray_equals_sign():
    assert decode_body(b"a=\r\nb=3D=\n", "quoted-printable") == (b"ab=", ())


def test_line_end_before_a_boundary_is_no_part_of_the_body():
    letter = open_letter(
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nOne\r\n--b\r\n\r\nTwo\r\n--b--\r\n'
    )
    assert [leaf.body for leaf in letter.leaves] == [b"One", b"Two"]
    assert letter.root.closed


def test_boundary_within_a_line_parts_nothing():
    letter = open_letter(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nOne --b\r\n--bc\r\n--b--\r\n")
    assert [leaf.body for leaf in letter.leaves] == [b"One --b\r\n--bc"]
