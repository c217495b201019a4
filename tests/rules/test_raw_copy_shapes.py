import textwrap

import pytest

from feeds.rules.raw_copy_people import is_byline, is_credit
from feeds.rules.raw_copy_shapes import count_sentences, is_picture_name, split_dateline
from feeds.rules.raw_copy_split import split_copy


@pytest.mark.parametrize(
    "name",
    [
        "Screen Shot 2024-03-02 at 2.39.48 PM",
        "Screen Shot 2024-03-02 at 2.39.48\u202fPM",
        "Screenshot_20240302-143948",
        "Screenshot (12)",
        "IMG_2041",
        "IMG_2041.JPG",
        "DSC0012",
        "_DSC0012",
        "DSC_0012 copy",
        "GettyImages-1234-scaled",
        "photo_final2.png",
        "P1010023",
        "WhatsApp Image 2024-03-02 at 14.39.48",
        "PXL_20240302_143948123",
        "Bildschirmfoto 2024-03-02 um 14.39.48",
        "ferry quay.webp",
        "Capture d’écran 2024-03-02 à 14.39.48",
        "shutterstock_12345",
        "AP24062123456789",
        "unnamed (1)",
        "image001",
        "20240302_143948",
        "PA-12345678",
        "RTX7A2B3",
        "Photo 02-03-2024, 14 39 48",
        "Captura de pantalla 2024-03-02 a la(s) 2.39.48 p. m.",
        "ScreenShot2024-03-02at2.39.48PM",
        "Capture d’e\u0301cran 2024-03-02 a\u0300 14.39.48",
        "Untitled design (3)",
        "スクリーンショット 2024-03-02 14.39.48",
    ],
)
def test_name_that_a_camera_or_an_agency_gives_is_a_picture(name):
    assert is_picture_name(name)


@pytest.mark.parametrize(
    "line",
    [
        "Screenshots from 2024 show the ferry",
        "Photo 51",
        "Image 2",
        "G7 leaders meet",
        "P1 licence",
        "Unnamed",
        "Untitled design",
        "RTX cards are dear",
        "Photo 02-03-2024",
        "1984",
        "Received 12 letters",
        "https://harbour.example/ferry.jpg",
        "We opened photo.png and saw what the council had not wanted us to see.png",
    ],
)
def test_line_that_only_speaks_of_pictures_is_none(line):
    assert not is_picture_name(line)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. J. R. Lee sailed.", 1),
        ("The U.S. Navy moved by 6 p.m. on Sunday.", 1),
        ("He lives at No. 10 Quay Street.", 1),
        ("No. He does not.", 2),
        ("The novels of C. S. Lewis and P. G. Wodehouse sell.", 1),
        ("It is on p. 4, printed c. 1900.", 1),
        ("It is in the U.S. The ferry sailed.", 2),
        ("Wait… what?", 1),
        ("Really? Yes!", 2),
        ("It cost £1.2m. Really.", 2),
        ("長い。短い。", 2),
        ("هل؟ نعم.", 2),
        ("“We waited. We sailed,” she said.", 2),
        ("Prof. Lee, Ph.D., spoke.", 1),
        ("a line without an end", 1),
    ],
)
def test_sentences_are_counted_past_initials_and_abbreviations(text, sentences):
    assert count_sentences(text) == sentences


@pytest.mark.parametrize(
    "dateline",
    [
        "LONDON —",
        "PARIS, March 2 (Reuters) -",
        "NEW YORK (AP) —",
        "SÃO PAULO –",
        "(CNN) —",
        "London (CNN) —",
        "PORTLAND, Maine (AP) —",
        "WASHINGTON, D.C. —",
        "NEW YORK/LONDON, March 2 (Reuters) -",
        "ST. LOUIS (AP) --",
        "KYIV, Ukraine –",
        "لندن (رويترز) -",
    ],
)
def test_dateline_is_split_off_the_paragraph_it_opens(dateline):
    assert split_dateline(f"{dateline} “The ferry” sailed.") == (dateline, "“The ferry” sailed.")


@pytest.mark.parametrize(
    "text",
    [
        "NATO — the alliance, that is — met.",
        "The ferry (built 1962) — The oldest — sailed.",
        "Ferry — The word is old.",
        "I — The writer — wept.",
        "It was late - The ferry had gone.",
        "LONDON —",
        "LONDON-BASED — the firm",
    ],
)
def test_dash_near_the_start_is_no_dateline_by_itself(text):
    assert split_dateline(text) is None


@pytest.mark.parametrize(
    "line",
    [
        "By the sea",
        "By Monday the ferry had sailed",
        "The ferry in London",
        "Harbour Pictures",
        "Price rise in London",
        "Von Berlin an die Ostsee",
        "Por la paz",
        "Words: all of them",
        "The storm reports",
    ],
)
def test_line_without_a_name_is_no_byline(line):
    assert not is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "Photo: The ferry leaves the quay.",
        "Pictures of the storm were shared",
        "Reuters said so",
        "Images of 2024",
        "Copyright law is hard",
    ],
)
def test_line_that_only_speaks_of_pictures_or_agencies_is_no_credit(line):
    assert not is_credit(line)


def test_line_is_a_paragraph_where_lines_are_long():
    long = "The ferry sailed, and " * 6 + "that was that."
    assert split_copy(f"Title\n{long}\n{long}\n\n{long}\n") == ["Title", long, long, long]


def test_hard_wrapped_lines_are_one_paragraph_and_the_title_stands_apart():
    line = "The ferry between the harbour and the northern side of the bay sails again"
    paragraph = f"{line}\n{line}\nat last."
    assert split_copy(f"Title\n{paragraph}\n\n{paragraph}\nIMG_2041.JPG") == [
        "Title",
        paragraph,
        paragraph,
        "IMG_2041.JPG",
    ]


def test_whole_sentences_on_lines_of_their_own_are_not_taken_for_wrapped():
    line = "The ferry between the harbour and the northern side of the bay sails."
    assert split_copy(f"Title\n\n{line}\n{line}\n{line}") == ["Title", line, line, line]


def test_line_that_shows_nothing_belongs_to_the_paragraph_before():
    assert split_copy("One\n\u200b\nTwo") == ["One\n\u200b", "Two"]


def test_caption_over_two_short_paragraphs_is_not_taken_for_wrapped():
    lines = [
        "The quay is full on 1 March 2024. [File: Jane Doe/Reuters]",
        "The ferry sailed at nine. It was late, as it always is.",
    ]
    assert split_copy("\n".join(["Ferry sails", *lines, *lines])) == ["Ferry sails", *lines, *lines]


def test_wrapped_first_paragraph_without_a_headline_stays_whole():
    paragraph = (
        "The council met. It talked for six hours about the bridge, and when it rose\nnobody knew what it had decided."
    )
    assert split_copy(f"{paragraph}\n\nIt will meet again.") == [paragraph, "It will meet again."]


@pytest.mark.parametrize("width", [40, 55, 72, 90, 118])
def test_wrapped_paragraphs_are_whole_at_any_common_margin(width):
    paragraph = textwrap.fill(
        "The ferry between the harbour and the northern bay sailed on Monday, and " * 4 + "stopped.", width
    )
    assert split_copy(f"Ferry sails\n\n{paragraph}\n\n{paragraph}") == ["Ferry sails", paragraph, paragraph]


@pytest.mark.parametrize("width", [40, 72, 118])
def test_indentation_alone_divides_wrapped_paragraphs(width):
    words = "The ferry between the harbour and the northern bay sailed on Monday, and " * 5 + "stopped."
    paragraph = textwrap.fill(words, width, initial_indent="    ")
    spoken = "    “We waited,” she said."
    text = "\n".join(["Ferry sails", "By NELL VARLEY", paragraph, spoken, paragraph])
    assert split_copy(text)[2:] == [paragraph.strip(), spoken.strip(), paragraph.strip()]


def test_narrow_verse_and_lists_are_not_taken_for_wrapped():
    verse = [
        "I wandered by the harbour wall at night",
        "And saw the lamp go round upon the sea,",
        "A keeper in it, or a gull, or light",
    ]
    assert split_copy("\n".join(["Slack water", "", *verse])) == ["Slack water", *verse]
