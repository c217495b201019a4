"""The summary of an article that gives none: prose, beyond what its title says, or nothing.

Not here: cutting prose at a sentence's end (test_sentences), what front matter says (test_articles).
"""

import pytest

from tests.rules.givens import KINDS, article


@pytest.mark.parametrize("kind", KINDS)
def test_article_of_one_line_is_its_title_and_has_no_summary(kind):
    found = article("The ferry stops in winter, the council said.", kind=kind)
    assert (found.title, found.summary) == ("The ferry stops in winter, the council said.", "")


def test_summary_goes_on_behind_a_title_that_is_the_first_sentence():
    found = article(
        "The ferry stops in winter, the council said yesterday. " + "Nobody in the town will pay for it. " * 3
    )
    assert found.title == "The ferry stops in winter, the council said yesterday. Nobody in the town will pay for it."
    assert found.summary == "Nobody in the town will pay for it. Nobody in the town will pay for it."


def test_summary_may_begin_with_the_words_of_the_title():
    assert article("# The ferry\n\nThe ferry stops.").summary == "The ferry stops."


@pytest.mark.parametrize(
    "text",
    [
        "| Quay | Fare |\n|---|---|\n| North | 12 |\n",
        "    fare = 12\n    print(fare)\n",
        "```\nfare = 12\n```\n",
        "## Fares\n",
        "![The quay at dawn](missing.jpg)\n",
        "![The quay at dawn](missing.jpg)\n\n*The quay, seen from the north.*\n",
        "![The quay at dawn](https://quay.example/a.jpg)\n\n*The quay, [seen](https://a.example/) from the north.*\n",
        "![The quay at dawn](https://quay.example/a.jpg)\n*The quay, seen from the north.*\n",
        "[![The quay](https://quay.example/a.jpg)](https://quay.example/)  \n_The quay, seen from the north._\n",
        "<p><img src='https://quay.example/a.jpg' alt=''></p>\n<p><i>The quay, seen from the north.</i></p>\n",
        "- North: 12\n- South: 14\n",
        "1. North\n\n   Twelve.\n2. South\n",
        "> No fare is fair.\n",
    ],
)
def test_summary_is_made_of_prose_and_of_nothing_else(text):
    assert article(f"# Fares\n\n{text}").summary == ""
    assert article(f"# Fares\n\n{text}\nThey rise by `two`, the council says.").summary == (
        "They rise by two, the council says."
    )


@pytest.mark.parametrize(
    "text",
    [
        "*They rise.*",
        "![The quay](https://quay.example/a.jpg)\n\n## Fares\n\n*They rise.*",
        "![The quay](https://quay.example/a.jpg)\n\n*They* *rise.*",
        "![The quay](https://quay.example/a.jpg)\n\n*From the north.*\n\n*They rise.*",
    ],
)
def test_stressed_words_that_are_no_caption_open_a_summary(text):
    assert article(f"# Fares\n\n{text}").summary == "They rise."


def test_summary_of_a_page_that_is_laid_out_in_tables_is_made_of_its_paragraphs():
    page = "<html><body><h1>Fares</h1><table><tr><td>12<td><p>They rise.</p></table></body></html>"
    assert article(page, "html").summary == "They rise."
