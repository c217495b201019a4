"""A note is clean HTML, says what it asks for, and is refused rather than guessed at.

Not here: finding its file (tests/sources/test_notes.py), its edition (tests/jobs/test_editors_notes.py).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.errors import ArticleRefused
from feeds.rules.notes import LONGEST, Note, Places, read_note

PLACES = Places(
    "https://gazette.example/",
    ["articles", "wire"],
    {"articles/ferry.md": "https://gazette.example/ferry/", "wire/2026/gale.txt": "https://gazette.example/gale/"},
)


def note(text="Good morning.", **meta):
    return read_note(meta, text, PLACES)


def test_note_is_markdown():
    said = note("Good *morning*,\n\n- tea\n- toast")
    assert said.html.split("\n") == [
        "<p>Good <em>morning</em>,</p>",
        "<ul>",
        "<li>tea</li>",
        "<li>toast</li>",
        "</ul>",
    ]
    assert (said.subject, said.preheader, said.remarks) == ("", "", ())


@pytest.mark.parametrize("head", ["subject The gale", "Subject The gale\npreheader What was lost", "x\ndraft yes"])
def test_head_without_colons_is_refused_and_never_mailed(head):
    with pytest.raises(ArticleRefused, match="write subject: "):
        note(f"---\n{head}\n---\n\nGood morning.")


@pytest.mark.parametrize("text", ["draft: true\n---\nNot yet.", "\nSubject: The gale\n\nMorning.", "preheader : x"])
def test_head_without_its_first_line_is_refused_and_never_mailed(text):
    with pytest.raises(ArticleRefused, match='write a line "---" before it'):
        note(text)


def test_line_between_two_rules_is_part_of_the_note():
    assert "<hr" in note("---\n\nA line.\n\n---\n\nThe subject is tea.").html


def test_note_asks_for_a_subject_and_a_preheader():
    said = note(subject="The week\nof the gale", Preheader=2026)
    assert (said.subject, said.preheader) == ("The week of the gale", "2026")


def test_heading_of_a_note_stays_in_it():
    assert "Good morning" in note("# Good morning\n\nTea.").html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>Tea",
        '<p onclick="x()" style="color:red">Tea',
        "<style>*{}</style>Tea",
        '<a href="javascript:x">Tea</a>',
    ],
)
def test_note_is_cleaned(text):
    html = note(text).html
    assert "Tea" in html
    assert not any(word in html for word in ("script", "onclick", "style", "alert"))


@pytest.mark.parametrize(
    ("written", "leads"),
    [
        ("https://x.example/a", "https://x.example/a"),
        ("mailto:desk@gazette.example", "mailto:desk@gazette.example"),
        ("/tags/harbour/", "https://gazette.example/tags/harbour/"),
        ("ferry.md", "https://gazette.example/ferry/"),
        ("/ferry.md", "https://gazette.example/ferry/"),
        ("2026/gale.txt", "https://gazette.example/gale/"),
        ("./2026/gale.txt#storm", "https://gazette.example/gale/"),
    ],
)
def test_link_leads_to_the_web_the_site_or_an_article(written, leads):
    said = note(f"[Read]({written})")
    assert f'<a href="{leads}"' in said.html
    assert said.remarks == ()


@pytest.mark.parametrize(
    "written", ["lost.md", "pictures/a.jpg", "//x.example/a", "../ferry.md", "http://[", "ftp://x.example/"]
)
def test_link_that_leads_nowhere_keeps_its_words_and_is_told(written):
    said = note(f"[Read]({written}) this")
    assert said.html == "<p>Read this</p>"
    assert [remark.split(":")[0].split()[0] for remark in said.remarks] == ["link"]


def test_footnote_is_a_note_at_the_foot_and_no_broken_link():
    said = note("Tea[^1] is served.\n\n[^1]: At four.")
    assert ("At four." in said.html, said.remarks) == (True, ())


def test_picture_becomes_its_alt_text_and_is_told():
    said = note("![The quay](https://x.example/quay.jpg)")
    assert said.html == "<p><em>The quay</em></p>"
    assert said.remarks == ("picture https://x.example/quay.jpg: a note holds none; its alt text is shown",)


def test_key_that_a_note_does_not_know_is_told():
    assert note(subjct="Tea", access="members").remarks == (
        "subjct: is passed over; a note knows subject and preheader",
        "access: is passed over; a note knows subject and preheader",
    )


@pytest.mark.parametrize("meta", [{"draft": True}, {"published": "false"}, {"status": "draft"}])
def test_draft_says_nothing(meta):
    assert note("Not yet.", subject="Tea", **meta) == Note(remarks=("it is a draft, and left out",))


def test_empty_note_is_told():
    assert note(" \n") == Note(remarks=("it is empty",))
    assert note("", subject="Tea").remarks == ()


@pytest.mark.parametrize(
    ("text", "meta", "reason"),
    [
        ("Tea", {"subject": ["a", "b"]}, "subject: is no line of text"),
        ("Tea", {"draft": "perhaps"}, "draft"),
        ("Tea", {"drafft": True}, "drafft: is unknown and may be meant for draft"),
        ("Tea", {"Subject": "a", "subject": "b"}, "subject: is given twice"),
        ("tea " * LONGEST, {}, "bytes long as HTML, and a mail has room for 20,000; shorten it"),
        (">" * 200 + " deep", {}, "nested too deeply"),
    ],
)
def test_note_that_cannot_be_meant_so_is_refused(text, meta, reason):
    with pytest.raises(ArticleRefused, match=reason):
        read_note(meta, text, PLACES)


@given(some.text(some.sampled_from("ab <>&\"'[]()!*_#-`:/.\n\t\\é\u202e\x00"), max_size=200))
def test_any_text_is_a_note_or_refused(text):
    try:
        said = note(text)
    except ArticleRefused:
        return
    assert "<script" not in said.html
    assert "\x00" not in said.html
