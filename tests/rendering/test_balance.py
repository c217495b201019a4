import pytest

from feeds.errors import TemplateInvalid
from feeds.rendering.balance import first_imbalance
from feeds.rendering.digest import render_digest
from feeds.rendering.environment import open_templates
from feeds.rendering.loading import templates_root
from tests.rendering.givens import edition, entries


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<br>b</p>",
        "<ul><li>a<li></ul><table><tr><td><td>b</table>",
        '<p title="</p>">a</p>',
        "<!-- <table> --><td></td>",
        "<style>p > a { }</style>",
        "<o:p></o:p>",
        "<img src='x'/>",
        "",
    ],
)
def test_what_is_closed_where_it_was_opened_is_in_order(html):
    assert first_imbalance(html) == ""


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<div>One two</table></div>", "</table> after “…One two” stands where <div> at the top is open"),
        ("<div><em>a</div>", "</div> after “…a” stands where <em>"),
        ("<div>a<em>b", "<em> after “…a” is never closed"),
        ("</td>", "</td> at the top stands where nothing is open"),
    ],
)
def test_the_first_tag_out_of_place_is_named(html, said):
    assert first_imbalance(html).startswith(said)


@pytest.mark.rule("M10")
@pytest.mark.parametrize("stray", ["</table>", "<div>", "</td></tr>", "<p><em>"])
def test_a_template_that_tears_the_mail_apart_makes_none(tmp_path, stray):
    part = tmp_path / "digest" / "parts" / "story.html"
    part.parent.mkdir(parents=True)
    part.write_text((templates_root() / "digest" / "parts" / "story.html").read_text() + stray)
    with pytest.raises(TemplateInvalid, match="or a part of it"):
        render_digest(edition(entries=entries(3)), open_templates(tmp_path))
