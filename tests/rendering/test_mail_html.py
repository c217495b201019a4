import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rendering.environment import open_templates
from feeds.rendering.mail_html import mail_html
from feeds.rendering.mail_text import mail_text
from feeds.rendering.text import columns
from feeds.rendering.views import MailPicture

URL = "https://harbour.example/"


def html(text, *, pictures=(), start="left"):
    return str(mail_html(text, pictures=dict(pictures), start=start))


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("loose <b>text</b> & more", "loose <b>text</b> &amp; more"),
        ("<p id='x'>One.</p>", '<p class="para">One.</p>'),
        (
            "<h1>A</h1><h2>B</h2><h3>C</h3>",
            '<h3 class="subhead">A</h3><h3 class="subhead">B</h3><h4 class="minor">C</h4>',
        ),
        ('<a href="https://x.example/">x</a>', '<a href="https://x.example/" class="link">x</a>'),
        ("<ul><li>one</li></ul>", '<ul class="list"><li class="item">one</li></ul>'),
        ("<blockquote><p>q</p></blockquote>", '<blockquote class="quote"><p class="para">q</p></blockquote>'),
        (
            "<pre><code>x</code></pre><code>y</code>",
            '<pre class="code"><code>x</code></pre><code class="mono">y</code>',
        ),
        ("<details><summary>s</summary>d</details>", '<div><p class="para">s</p>d</div>'),
        ("<section><ol><li>n</li></ol></section>", '<div><ol class="list"><li class="item">n</li></ol></div>'),
        ('<p lang="ga" dir="ltr">á</p>', '<p lang="ga" dir="ltr" class="para">á</p>'),
        ("a<br>b<hr>", 'a<br>b<hr class="end">'),
        ("", ""),
    ],
)
def test_each_element_gets_the_class_that_the_sheet_knows(given, made):
    assert html(given) == made


def test_a_table_of_data_is_no_table_for_layout_and_its_heads_stand_where_lines_begin():
    made = html("<table><tr><th>a</th><td>b</td></tr></table>", start="right")
    assert '<table class="table" border="0" cellpadding="0" cellspacing="0">' in made
    assert '<th class="cell" scope="row" align="right">a</th>' in made
    assert "presentation" not in made


@pytest.mark.rule("M18")
def test_a_quote_is_marked_on_the_side_where_lines_begin():
    assert 'class="quote-rtl"' in html("<blockquote>q</blockquote>", start="right")


@pytest.mark.rule("M20")
@pytest.mark.parametrize("size", ["1", "0"])
def test_a_picture_that_is_there_to_be_fetched_and_not_seen_is_left_out(size):
    assert html(f'<p>a<img src="{URL}t.gif" width="{size}" height="{size}">b</p>') == '<p class="para">ab</p>'


@pytest.mark.rule("M13")
def test_the_sheet_has_every_class_that_an_article_is_given():
    known = set(re.findall(r"\.([a-z-]+)", open_templates().text("digest/style.css")))
    everything = (
        "<p>a</p><h2>b</h2><h3>c</h3><a href='https://x.example/'>d</a><ul><li>e</li></ul><figure><img src='x'>"
    )
    everything += (
        "<figcaption>f</figcaption></figure><pre>g</pre><code>h</code><table><tr><th>i</th><td>j</td></tr></table>"
    )
    everything += "<hr><blockquote>k</blockquote>"
    given = set(re.findall(r'class="([^"]*)"', html(everything) + html(everything, start="right")))
    assert len(given) > 15
    assert given <= known


@pytest.mark.rule("M11")
@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="1600" height="900"', ("544", "306")),
        ('width="300" height="200"', ("300", "200")),
        ('width="4000" height="1"', ("544", "1")),
        ("", ("544", "363")),
        ('width="auto" height="9"', ("544", "363")),
        ('width="²" height="9"', ("544", "363")),
    ],
)
def test_a_picture_is_never_wider_than_the_sheet_and_always_has_a_size_and_alt(attributes, size):
    made = html(f'<img src="{URL}a.jpg" {attributes}>')
    assert re.findall(r'width="(\d+)" height="(\d+)"', made) == [size]
    assert 'alt=""' in made
    assert 'class="inset"' in made


def test_a_picture_made_for_mail_takes_the_place_of_the_one_on_the_site():
    made = html(f'<img src="{URL}a.webp" alt="A quay">', pictures={f"{URL}a.webp": MailPicture("cid:a@x", 544, 300)})
    assert made == '<img src="cid:a@x" alt="A quay" class="inset" width="544" height="300">'


@pytest.mark.rule("M11")
@pytest.mark.parametrize(
    ("figure", "alts"),
    [
        ('<img src="x" alt="Dawn"><figcaption><em>Dawn.</em></figcaption>', [""]),
        ('<img src="x" alt="A quay"><figcaption>Dawn.</figcaption>', ["A quay"]),
        ('<img src="x" alt="Dawn"><img src="y" alt="Dusk"><figcaption>Dawn.</figcaption>', ["", "Dusk"]),
        (f'<a href="{URL}"><img src="x" alt="Dawn"></a><figcaption>Dawn.</figcaption>', ["Dawn"]),
    ],
)
def test_a_picture_whose_caption_says_the_same_is_not_heard_twice_unless_a_link_goes_by_it(figure, alts):
    assert re.findall(r'alt="([^"]*)"', html(f"<figure>{figure}</figure>")) == alts


@pytest.mark.rule("M13")
@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("x" * 60 + "\n  y", "x" * 60 + "\n  y"),
        ("x" * 61, "x" * 60 + "\nx"),
        ("    " + "x" * 60, "    " + "x" * 56 + "\n" + "x" * 4),
        ("\t" * 2 + "x" * 50, "\t" * 2 + "x" * 44 + "\n" + "x" * 6),
        ("渡" * 31, "渡" * 30 + "\n渡"),
        ("word " * 13, "word " * 12 + "\nword "),
        ("<code>a<b>" + "x" * 60 + "</b>b</code>", "<code>a<b>" + "x" * 59 + "\nx</b>b</code>"),
        ("<b>" + "x" * 60 + "</b>y<i>\nz</i>", "<b>" + "x" * 60 + "</b>\ny<i>\nz</i>"),
    ],
)
def test_lines_of_code_that_the_sheet_does_not_hold_are_broken(code, broken):
    assert html(f"<pre>{code}</pre>after") == f'<pre class="code">{broken}</pre>after'


TEXTS = [
    ("<p>One\ntwo.</p><p>Three.</p>", "One two.\n\nThree."),
    (f'<p>See <a href="{URL}x/">here</a> or <a href="{URL}y/">there</a>.</p>', f"See here or there.\n{URL}x/\n{URL}y/"),
    (f'<p><a href="{URL}">{URL}</a></p>', URL),
    ("<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul><p>x</p>", "* one\n* two\n  * deep\n\nx"),
    ("<ol><li><p>a</p><p>b</p></li><li>c</li></ol>", "1. a\n\n   b\n\n2. c"),
    ("<blockquote><p>q</p><p>r</p></blockquote><p>s</p>", "> q\n>\n> r\n\ns"),
    ("<p>a</p><h2>Sub<br>head</h2><p>b</p><h3></h3>", "a\n\nSub\nhead\n\nb"),
    ("<pre>a\n  b</pre>", "    a\n      b"),
    ("<pre>" + "x" * 100 + "</pre>", "    " + "x" * 68 + "\n    " + "x" * 32),
    ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a  b\n1  2"),
    (
        "<table><tr><th>Boat</th><th>At</th></tr><tr><td>First</td><td>06:00</td></tr></table>",
        "Boat   At\nFirst  06:00",
    ),
    (
        "<table><tr><td>" + "word " * 20 + "</td><td>b</td></tr></table>",
        ("word " * 14).strip() + "\n" + ("word " * 6).strip() + "; b",
    ),
    ('<figure><img src="x" alt="Dawn"><figcaption>Dawn.</figcaption></figure>', "Dawn."),
    ('<figure><img src="x" alt="A quay"><figcaption>Dawn</figcaption></figure>', "[A quay]\n\nDawn"),
    ("a<br>b", "a\nb"),
    ("a<hr>b", "a\n\n* * *\n\nb"),
    ("<dl><dt>t</dt><dd>d</dd></dl>", "t\n\n  d"),
    ('<img src="x" alt="">', ""),
    ("", ""),
]


@pytest.mark.rule("M19")
@pytest.mark.parametrize(("given", "text"), TEXTS)
def test_an_article_reads_well_as_plain_text(given, text):
    assert mail_text(given) == text


@pytest.mark.rule("M19")
@given(st.lists(st.sampled_from([given for given, _ in TEXTS] + ["<p>" + "word " * 60 + "</p>", "港" * 90])))
def test_the_text_keeps_to_its_columns_and_every_link_in_its_order(parts):
    whole = "".join(parts)
    text = mail_text(whole)
    links = re.findall(r'href="([^"]*)"', whole)
    assert re.findall(r"https://\S+", text) == links
    assert all(columns(line) <= 72 for line in text.split("\n"))
    assert "\n\n\n" not in text
