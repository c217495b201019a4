from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.model import Block, Role
from feeds.rules.raw_copy import authors_of, date_of, read_raw_copy

DATA = Path(__file__).parent / "data"
LONDON = ZoneInfo("Europe/London")
PARAGRAPH = "The ferry sailed at nine. It was late, as it always is."
OTHER = "Nobody on the quay was surprised. They had brought tea."
FILE_NAMES = ["IMG_2041.JPG", "Screen Shot 2024-03-02 at 2.39.48 PM", "GettyImages-1234", "photo_final2.png"]
REALISTIC = [
    *FILE_NAMES,
    *[
        "Ferry returns to the harbour",
        "By Ann Lee",
        "Ann Lee",
        "2 March 2024",
        "Harbour Pictures",
        "Photo: Jane Doe/Reuters",
    ],
    *[
        "LONDON — The ferry sailed.",
        "PARIS, March 2 (Reuters) - It rained.",
        "(CNN) — It did.",
        PARAGRAPH,
        OTHER,
        "What next?",
    ],
    *[
        "“We waited,” she said.",
        "- milk",
        "1. Eggs",
        "* * *",
        "Q: Why?",
        "A shorter line",
        "© 2024",
        "@annlee",
        "\u200b",
        "-",
    ],
    *[
        "Ann Lee is a journalist.",
        "She writes about the sea.",
        "Twitter: @annlee",
        "عودة العبّارة",
        "渡し船が再開。",
        "Above: the quay",
    ],
]


def first_words(name):
    lines = (DATA / f"{name}.roles").read_text("utf-8").splitlines()
    return [tuple(line.split(" | ", 1)) for line in lines]


def roles(*lines):
    return [block.role.value for block in read_raw_copy("\n".join(lines))]


def ending(*lines):
    """The roles of what follows two paragraphs of body."""
    return roles("Ferry sails", PARAGRAPH, OTHER, *lines)[3:]


def assert_lossless(text):
    rest = text
    for block in read_raw_copy(text):
        before, found, rest = rest.partition(block.content)
        assert found
        assert not before.strip()
        assert block.content == block.content.strip()
    assert not rest.strip()


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("*.txt")))
def test_piece_is_read_as_a_desk_would_read_it(name):
    blocks = read_raw_copy((DATA / f"{name}.txt").read_text("utf-8"))
    expected = first_words(name)
    read = [
        (block.role.value, block.content[: len(words)]) for block, (_, words) in zip(blocks, expected, strict=False)
    ]
    assert read == expected
    assert len(blocks) == len(expected)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.txt")), ids=lambda path: path.stem)
def test_no_character_of_a_piece_is_lost(path):
    assert_lossless(path.read_text("utf-8"))


@given(st.text())
@example("\u200b\n\u200b")
@example("LONDON — — A")
@example("-\n- a\n\n-\n")
def test_no_character_of_any_text_is_lost(text):
    assert_lossless(text)


@given(
    st.lists(
        st.tuples(st.sampled_from(REALISTIC), st.sampled_from(["\n", "\n\n", "\n \t\n", " ", "\n\u00a0"])), max_size=25
    )
)
def test_no_character_of_assembled_copy_is_lost(pieces):
    assert_lossless("".join(piece + gap for piece, gap in pieces))


@given(st.lists(st.sampled_from(REALISTIC), min_size=1, max_size=20), st.integers(20, 100))
def test_no_character_of_wrapped_copy_is_lost(pieces, width):
    text = "\n\n".join("\n".join(piece[at : at + width] for at in range(0, len(piece), width)) for piece in pieces)
    assert_lossless(text)


def test_empty_text_has_no_blocks():
    assert read_raw_copy("") == read_raw_copy(" \n\t\n\u00a0") == ()


def test_one_line_is_a_title():
    assert read_raw_copy("Ferry sails\n") == (Block(Role.TITLE, "Ferry sails"),)


@pytest.mark.parametrize("first", ["word " * 41, "The ferry sailed. It was late.", "LONDON — The ferry sailed."])
def test_first_line_that_is_no_headline_is_body(first):
    assert "title" not in roles(first, PARAGRAPH)


@pytest.mark.parametrize(
    "first", ["No ferry. No bridge. No hope", "FERRY SAILS!", "“We waited,” says captain", "Dr. Lee sails for No. 10"]
)
def test_short_first_line_is_the_title_whatever_its_marks(first):
    assert roles(first, PARAGRAPH)[0] == "title"


@pytest.mark.parametrize("name", FILE_NAMES)
@pytest.mark.parametrize("place", range(4))
def test_picture_name_is_a_caption_wherever_it_stands(name, place):
    lines = ["Ferry sails", PARAGRAPH, OTHER]
    lines.insert(place, name)
    assert roles(*lines)[place] == "caption"
    assert roles(*lines).count("title") == 1


def test_only_one_sentence_is_the_standfirst_and_it_stands_over_two_paragraphs():
    sentence = "The crossing is back."
    assert roles("Ferry sails", sentence, sentence, PARAGRAPH) == ["title", "standfirst", "body", "body"]
    assert roles("Ferry sails", sentence, PARAGRAPH) == ["title", "body", "body"]
    assert roles("Ferry sails", "“It is back,” she said.", PARAGRAPH, OTHER)[1] == "body"


def test_name_alone_is_a_byline_where_a_date_or_a_note_bears_it_out():
    note = "Ann Lee is a journalist."
    assert roles("Ferry sails", "Ann Lee", PARAGRAPH, OTHER)[1] == "caption"
    assert roles("Ferry sails", "Ann Lee", "2 March 2024", PARAGRAPH, OTHER)[1:3] == ["byline", "dateline"]
    assert roles("Ferry sails", "Ann Lee", PARAGRAPH, OTHER, note)[1] == "byline"


@pytest.mark.parametrize(
    "line",
    [
        "Omar Reyes is expected to win.",
        "Ann Lee was arrested on Monday.",
        "She writes about the sea.",
        "Yes, it is.",
        "- milk",
    ],
)
def test_last_paragraph_that_mentions_a_person_stays_body(line):
    assert ending(line) == ["body"]


def test_person_of_whom_the_piece_speaks_is_no_author():
    assert ending("Ann Lee met the mayor.", "Ann Lee was a member of the crew.") == ["body", "body"]
    assert ending("We met the mayor.", "Ann Lee is a member of the crew.") == ["body", "author's note"]


@pytest.mark.parametrize(
    "note",
    [
        "Ann Lee is a journalist and a fellow at the Institute. Twitter: @annlee",
        "Lúcia de Souza is professor of law.",
        "The author is a nurse.",
        "Ann Lee and Bo Wu are economists.",
        "Maria de la Cruz writes about bread.",
        "About the author",
        "Follow her on Mastodon.",
        "Reporting by Ann Lee; editing by Bo Wu",
        "The views expressed here are the author’s own.",
        "Ann Lee contributed to this report.",
    ],
)
def test_closing_note_is_about_the_author(note):
    assert ending(note) == ["author's note"]


@pytest.mark.parametrize(
    "credit",
    [
        "Harbour Pictures",
        "Photo: Jane Doe/Reuters",
        "© 2024 Gazette",
        "Getty Images",
        "(AP Photo/Jane Doe)",
        "Photos by Jane Doe",
    ],
)
def test_credit_is_seen_at_the_end_beside_a_note(credit):
    note = "Ann Lee is a journalist."
    assert ending(credit) == ["credit"]
    assert ending(credit, note) == ["credit", "author's note"]
    assert ending(note, credit) == ["author's note", "credit"]


def test_name_above_a_note_belongs_to_the_note():
    assert ending("Ann Lee", "Ann Lee is a journalist.") == ["author's note", "author's note"]


def test_caption_with_its_credit_in_brackets_stands_under_the_headline():
    caption = "The quay is full on 1 March 2024. [File: Jane Doe/Reuters]"
    assert roles("Ferry sails", caption, PARAGRAPH, OTHER)[1] == "caption"


def test_agency_that_signs_a_paragraph_leaves_it_body():
    assert roles("Ferry sails", PARAGRAPH, "It sailed at nine. (Reuters)", OTHER)[2] == "body"


def test_labelled_credit_is_seen_in_the_middle_and_a_bare_one_is_not():
    assert roles("Ferry sails", PARAGRAPH, "Photo: Jane Doe/Reuters", OTHER)[2] == "credit"
    assert roles("Ferry sails", PARAGRAPH, "Harbour Pictures", OTHER)[2] == "subheading"


@pytest.mark.parametrize(
    "line",
    ["He said:", "“We waited all winter long for a boat”", "So what now?", "* * *", "Read more: fares", "and so on"],
)
def test_short_line_that_is_no_heading_stays_body(line):
    assert roles("Ferry sails", PARAGRAPH, line, OTHER)[2] == "body"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("BY ANN LEE AND BO WU", ("Ann Lee", "Bo Wu")),
        ("By Reuters", ("Reuters",)),
        ("By Ann Lee, Bo Wu and Cy Tan", ("Ann Lee", "Bo Wu", "Cy Tan")),
        ("By Ludwig van der Berg", ("Ludwig van der Berg",)),
        ("Ann Lee in London", ("Ann Lee",)),
        ("By Ann Lee, Harbour Correspondent", ("Ann Lee",)),
        ("By staff reporters", ()),
        ("Ann Lee, Political Editor", ("Ann Lee",)),
        ("By Ann Lee | 2 March 2024", ("Ann Lee",)),
        ("By J. R. O’Hara", ("J. R. O’Hara",)),
    ],
)
def test_byline_gives_the_names_without_paper_place_or_trade(line, names):
    blocks = read_raw_copy("\n".join(["Ferry sails", line, PARAGRAPH, OTHER]))
    assert blocks[1].role is Role.BYLINE
    assert authors_of(blocks) == names


def test_note_gives_the_author_where_no_byline_does():
    assert authors_of(read_raw_copy(f"Ferry sails\n{PARAGRAPH}\nAnn Lee and Bo Wu are economists.")) == (
        "Ann Lee",
        "Bo Wu",
    )
    assert authors_of(read_raw_copy(PARAGRAPH)) == ()


@pytest.mark.parametrize(
    "line", ["2 March 2024", "Posted on March 2, 2024", "By Ann Lee | 2 March 2024", "Ann Lee | Updated 2 March 2024"]
)
def test_date_line_gives_the_date(line):
    assert date_of(read_raw_copy(f"Ferry sails\n{line}\n{PARAGRAPH}"), LONDON) == datetime(2024, 3, 2, tzinfo=UTC)


def test_dateline_and_impossible_date_give_no_date():
    assert date_of(read_raw_copy(f"Ferry sails\nLONDON, March 2 — {PARAGRAPH}"), LONDON) is None
    assert date_of(read_raw_copy(f"Ferry sails\n30 February 2024\n{PARAGRAPH}"), LONDON) is None
