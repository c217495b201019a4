import pytest

from feeds.rules.raw_copy import authors_of, read_raw_copy

PARAGRAPH = "The ferry sailed at nine. It was late, as it always is."
OTHER = "Nobody on the quay was surprised. They had brought tea."
NOTE = "Ann Lee is a professor at the University of Saltby."


def ending(*lines):
    """The roles of what follows two paragraphs of body."""
    blocks = read_raw_copy("\n".join(["Ferry sails", PARAGRAPH, OTHER, *lines]))
    return [block.role.value for block in blocks[3:]]


@pytest.mark.parametrize(
    "leftover",
    [
        "www.harbour.example",
        "harbour.example/opinion",
        "Read more from Ann Lee",
        "###",
        "-30-",
        "ENDS",
        "Originally published in The Gazette, 1 March 2024.",
        "Editor's note: This article was amended on 3 March to correct a name.",
        "Editor’s note: Two names were wrong. They are right now.",
        "Translated from the French by Tom Day",
        "Tags: harbour, ferry",
        "Sign up for our newsletter at harbour.example/news.",
        "Word count: 812",
        "Subscribe for £1 a week.",
        "Read the original article.",
        "Republished under a Creative Commons licence",
        "Some short line that nobody foresaw",
    ],
)
def test_what_a_page_leaves_at_the_end_undoes_neither_credit_nor_note(leftover):
    assert ending("Harbour Pictures", NOTE, leftover) == ["credit", "author's note", "body"]
    assert ending("Harbour Pictures", NOTE, leftover, "ENDS") == ["credit", "author's note", "body", "body"]


@pytest.mark.parametrize(
    "line",
    ["Copyright (c) 2024 Reuters Limited. All rights reserved.", "All rights reserved.", "Copyright 2024 Gazette"],
)
def test_line_of_rights_is_a_credit(line):
    assert ending("Harbour Pictures", NOTE, line) == ["credit", "author's note", "credit"]


def test_short_lines_that_nobody_knows_do_not_make_a_credit_of_a_bare_name():
    assert ending("Harbour Pictures", "and then some more") == ["body", "body"]


@pytest.mark.parametrize(
    "line",
    [
        "The Harbour Gazette is committed to publishing a diversity of letters to the editor.",
        "The Harbour Trust is a registered charity and a member of the Lifeboat Union.",
        "The Coastal Review is a member of the Press Council.",
    ],
)
def test_house_that_speaks_of_itself_is_no_author(line):
    blocks = read_raw_copy("\n".join(["Ferry sails", PARAGRAPH, OTHER, line]))
    assert (blocks[-1].role.value, authors_of(blocks)) == ("body", ())
    assert ending(NOTE, line) == ["author's note", "body"]


def test_note_in_another_language_is_seen_where_the_byline_bears_it_out():
    lines = ["Ferry sails", "Par Leïla Slimani", PARAGRAPH, OTHER, "Leïla Slimani est journaliste et écrivaine."]
    assert read_raw_copy("\n".join(lines))[-1].role.value == "author's note"


def test_page_furniture_in_the_body_is_no_heading():
    assert ending("ENDS", PARAGRAPH)[0] == "body"
