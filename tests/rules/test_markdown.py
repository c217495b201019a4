import pytest

from feeds.rules.markdown import markdown_to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** ~~c~~", "<p>a <strong>b</strong> <s>c</s></p>"),
        ("|a|\n|-|\n|b|", "<td>b</td>"),
        ("```py\n<x>\n```", "&lt;x&gt;"),
        ("a[^1]\n\n[^1]: note", "note"),
        ("<b>raw</b>", "<b>raw</b>"),
        ("a\x00b", "a\ufffdb"),
    ],
)
def test_markdown_is_commonmark_with_tables_and_footnotes(text, html):
    assert html in markdown_to_html(text)


def test_footnote_has_no_arrow_that_leads_nowhere():
    assert "<p>note</p>" in markdown_to_html("a[^1] b[^1]\n\n[^1]: note")


@pytest.mark.rule("T34")
@pytest.mark.parametrize("depth", [1, 10, 20, 24])
def test_quotes_as_deep_as_people_write_them_keep_their_text(depth):
    assert markdown_to_html("> " * depth + "deep").count("<blockquote>") == depth


@pytest.mark.rule("T34")
@pytest.mark.parametrize("marker", ["> ", ">", "- ", "1. ", "> - "])
def test_nesting_in_which_text_would_be_lost_gives_nothing(marker):
    assert markdown_to_html(marker * 100 + "deep") is None


def test_link_that_would_run_a_script_is_left_as_text():
    assert "<a" not in markdown_to_html("[x](javascript:alert(1))")
