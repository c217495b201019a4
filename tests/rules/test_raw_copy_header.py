import pytest

from feeds.rules.raw_copy import authors_of, read_raw_copy

PARAGRAPH = "The ferry sailed at nine. It was late, as it always is."
OTHER = "Nobody on the quay was surprised. They had brought tea."


def read(*lines):
    return read_raw_copy("\n".join(lines))


def roles(*lines):
    return [block.role.value for block in read(*lines)]


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Laura Sanicola", ("Laura Sanicola",)),
        ("By Our Sports Staff at Quay Park", ()),
        ("Words: Ellen Stack", ("Ellen Stack",)),
        ("NELL VARLEY and TOM DAY report", ("Nell Varley", "Tom Day")),
    ],
)
def test_byline_below_an_agencys_points_names_the_author(byline, authors):
    dated = f"NEW YORK, March 4 (Reuters) - {PARAGRAPH}"
    blocks = read("Oil rises", "* Brent up 1.2%", "* Cuts go on", byline, dated, OTHER)
    assert [block.role.value for block in blocks[1:]] == ["body", "body", "byline", "dateline", "body", "body"]
    assert authors_of(blocks) == authors


def test_dateline_is_split_off_below_a_byline_that_follows_a_long_standfirst():
    assert roles("Ferry", PARAGRAPH, "Words: Ann Lee", f"SALTBY — {OTHER}", OTHER)[2:4] == ["byline", "dateline"]


def test_byline_below_the_second_paragraph_is_none():
    assert roles("Ferry", PARAGRAPH, OTHER, "By Ann Lee", PARAGRAPH, OTHER)[3] != "byline"


@pytest.mark.parametrize(
    "lines",
    [
        ["Serves 2", "4 mackerel fillets", "2 slices of sourdough", "1 lemon"],
        ["Between the ebb and flow", "there is a minute when", "the harbour does not know"],
        ["Ann Lee", "Tom Day", "Ellen Stack"],
    ],
)
def test_three_short_lines_in_a_row_are_body_not_captions(lines):
    assert roles("Slack water", *lines, PARAGRAPH, OTHER) == ["title"] + ["body"] * (len(lines) + 2)


@pytest.mark.parametrize(
    "label", ["OPINION", "THE LONG READ | COAST IN CRISIS, PART 3 OF 5", "PRESS RELEASE", "COAST IN CRISIS, PART 3"]
)
def test_label_over_the_headline_is_not_the_title(label):
    assert roles(label, "The village that sold its beach", PARAGRAPH, OTHER)[:2] == ["caption", "title"]


@pytest.mark.parametrize("below", [PARAGRAPH, "It was late.", "By Ann Lee", "2 March 2024", "IMG_2041", "Ann Lee"])
def test_headline_in_capitals_stays_the_title(below):
    assert roles("OPINION", below, PARAGRAPH, OTHER)[0] == "title"
    assert roles("WHAT THE HARBOUR KNEW", below, PARAGRAPH, OTHER)[0] == "title"


def test_credit_right_below_a_caption_is_a_credit():
    assert roles("Ferry", "Peggy Hale in 1968", "Harbour Pictures", PARAGRAPH, OTHER)[1:3] == ["caption", "credit"]
    assert roles("Ferry", "IMG_2041", "Harbour Pictures", PARAGRAPH, OTHER)[1:3] == ["caption", "credit"]


@pytest.mark.parametrize(
    "line", ["A mild winter is not a strategy", "How seven small boats beat the storm", "Nobody can say who owns it"]
)
def test_statement_under_a_byline_is_the_standfirst_where_no_picture_is_near(line):
    assert roles("Ferry", "By Ann Lee", line, PARAGRAPH, OTHER)[2] == "standfirst"
    assert roles("Ferry", "By Ann Lee", "IMG_2041", line, PARAGRAPH, OTHER)[3] == "caption"


def test_job_and_address_under_a_byline_belong_to_nobody_else():
    blocks = read("Ferry", "By NELL VARLEY", "Staff Writer", PARAGRAPH, OTHER)
    assert ([block.role.value for block in blocks[1:3]], authors_of(blocks)) == (["byline"] * 2, ("Nell Varley",))
    assert authors_of(read("Ferry", "Tom Day", "tom.day@gazette.example", PARAGRAPH, OTHER)) == ("Tom Day",)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Par Leïla Slimani", ("Leïla Slimani",)),
        ("Von Jörg Müller, Sylt", ("Jörg Müller",)),
        ("Por Ana García", ("Ana García",)),
        ("Di Mario Rossi", ("Mario Rossi",)),
        ("Door Jan de Vries", ("Jan de Vries",)),
        ("بقلم: سعاد الخطيب", ("سعاد الخطيب",)),
        ("Text: Ann Lee", ("Ann Lee",)),
        ("Reporter: Ann Lee", ("Ann Lee",)),
        ("Author: Ann Lee", ("Ann Lee",)),
        ("Interview: Ann Lee", ("Ann Lee",)),
        ("Ann Lee for the Gazette", ("Ann Lee",)),
        ("By our own correspondent", ()),
        ("By Maria do Rosário", ("Maria do Rosário",)),
        ("By Leonor da Silva", ("Leonor da Silva",)),
        ("by Ngũgĩ wa Thiong’o", ("Ngũgĩ wa Thiong’o",)),
        ("By Sean O’Casey Jr.", ("Sean O’Casey Jr.",)),
        ("By ANN LEE Associated Press", ("Ann Lee",)),
        ("By Ann Lee, Tom Day and 2 others", ("Ann Lee", "Tom Day")),
        ("By Ann Lee and 2 others", ("Ann Lee",)),
        ("By Ann Lee and the Gazette staff", ("Ann Lee",)),
        ("By Ann Lee. Photographs by Tom Day", ("Ann Lee",)),
        ("By Ann Lee with additional reporting by Tom Day", ("Ann Lee",)),
        ("By Associated Press", ("Associated Press",)),
    ],
)
def test_byline_of_any_desk_gives_its_names(line, names):
    blocks = read("Ferry sails", line, PARAGRAPH, OTHER)
    assert (blocks[1].role.value, authors_of(blocks)) == ("byline", names)
