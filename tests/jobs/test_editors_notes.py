"""An editor's note goes with the edition of its day, as it is written, or the edition waits.

Not here: what a note may hold (tests/rules/test_notes.py), how it looks (tests/rendering).
"""

import re
from datetime import datetime

import pytest

from feeds.app.post import Post
from feeds.errors import NoteUnreadable
from feeds.jobs.compose.report import Outcome
from tests.acceptance.mail_givens import cadence, join, letters_in, run
from tests.jobs.post_givens import ANN, BOB, DAY, HOUR, MONDAY, WEEK, composed, delivered, printed
from tests.site_fixtures import NOON

MORNING = "Good morning from the *quay*.\n"
DAILY = '[[newsletters]]\nslug = "daily"\ntitle = "The Harbour Daily"\nfrom = "daily@gazette.example"\n'
EVERY_DAY = f'{DAILY}[newsletters.cadence]\nevery = "day"\n'


@pytest.fixture
def paper(site):
    """Give a site that mails on Mondays, with two readers and two articles to bring."""
    return begun(site, cadence("monday"))


def begun(site, more):
    site.configure(more)
    run(site, NOON)
    join(site, ANN, BOB)
    site.article("pier.md", title="The pier reopens", date="2024-11-23 13:00")
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    return site


def write_note(site, text=MORNING, *, day="2024-11-25", folder="notes/weekly"):
    """Write a note; return its file."""
    file = site.folder / folder / f"{day}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def letters(site):
    return letters_in(site.folder / "var" / "maildir")


def html_of(letter):
    return letter.message.get_body(("html",)).get_content()


def test_note_stands_in_both_parts_of_the_edition_of_its_day(paper):
    file = write_note(paper)
    (report,) = run(paper, MONDAY).compose.reports
    assert (report.outcome, report.note, report.remarks) == (Outcome.COMPOSED, str(file), [])
    for letter in letters(paper):
        assert "Good morning from the quay." in letter.text
        assert "Good morning from the" in html_of(letter)
    assert len(letters(paper)) == 2


@pytest.mark.parametrize("day", ["2024-11-24", "2024-11-26", "2024-12-02"])
def test_note_of_another_day_does_not_go(paper, day):
    write_note(paper, day=day)
    (report,) = run(paper, MONDAY).compose.reports
    assert (report.note, "Good morning" in letters(paper)[0].text) == ("", False)


def test_day_is_the_one_where_the_newsletter_is_at_home(site):
    begun(site, cadence("monday") + 'timezone = "Pacific/Auckland"\n')
    write_note(site)
    at = datetime.fromisoformat("2024-11-25T07:00+13:00")  # it is Sunday still in Dublin
    assert run(site, at).compose.reports[0].note.endswith("2024-11-25.md")
    assert "Good morning" in letters(site)[0].text


def test_edition_that_was_missed_takes_the_note_of_its_slot(paper):
    write_note(paper)
    run(paper, MONDAY + 2 * DAY)
    assert "Good morning" in letters(paper)[0].text


def test_note_asks_for_the_subject_and_the_preheader(paper):
    asked = "A gale is coming, and what to do about it on the quays"
    write_note(paper, f"---\nsubject: The week of the gale\npreheader: {asked}\n---\n")
    run(paper, MONDAY)
    letter = letters(paper)[0]
    assert letter.message["Subject"] == "The week of the gale"
    assert asked in html_of(letter)
    assert asked not in letter.text


def test_note_links_to_an_article_by_its_file(paper):
    write_note(paper, "[Read of the pier](pier.md)")
    (report,) = run(paper, MONDAY).compose.reports
    link = re.search(r'<a [^>]*href="([^"]*)"[^>]*>Read of the pier</a>', html_of(letters(paper)[0]))
    assert (link[1], report.remarks) == ("https://gazette.example/pier/", [])


def test_notes_lie_where_the_config_says(site):
    begun(site, cadence("monday", notes='"desk/monday"'))
    write_note(site, folder="desk/monday")
    run(site, MONDAY)
    assert "Good morning" in letters(site)[0].text


@pytest.mark.parametrize("text", [b"caf\xe9", b"---\nsubject: 'x\n---\n", b"---\nsubject: [a]\n---\n"])
def test_note_that_cannot_be_read_stops_its_edition_until_it_is_mended(site, text):
    begun(site, cadence("monday") + EVERY_DAY)
    join(site, ANN, newsletter="daily")
    file = write_note(site, text)
    outcome = run(site, MONDAY)
    (failed,) = outcome.compose.failed
    assert (outcome.is_clean, failed[0], failed[1].startswith(f"{file}: ")) == (False, "weekly", True)
    assert [report.newsletter for report in outcome.compose.reports if report.edition] == ["daily"]
    assert {letter.recipient for letter in letters(site)} == {ANN}
    write_note(site, "Mended.")
    run(site, MONDAY + HOUR)
    mended = [letter for letter in letters(site) if "Mended." in letter.text]
    assert {letter.recipient for letter in mended} == {ANN, BOB}


def test_broken_note_troubles_nobody_where_there_is_no_edition(paper):
    run(paper, MONDAY)
    write_note(paper, b"caf\xe9", day="2024-12-02")
    outcome = run(paper, MONDAY + WEEK)
    assert (outcome.is_clean, outcome.compose.reports[0].outcome) == (True, Outcome.NOTHING_NEW)
    assert outcome.compose.reports[0].note.endswith("2024-12-02.md")


def test_draft_does_not_go_and_is_told(paper):
    write_note(paper, f"---\ndraft: true\nsubject: Not this\n---\n{MORNING}")
    (report,) = run(paper, MONDAY).compose.reports
    assert report.remarks == ["it is a draft, and left out"]
    assert ("Good morning" in letters(paper)[0].text, letters(paper)[0].message["Subject"]) == (
        False,
        "The ferry runs again, and 1 more",
    )


def test_where_each_article_is_an_edition_there_are_no_notes(site):
    begun(site, cadence("article"))
    write_note(site)
    write_note(site, b"caf\xe9", day="2024-11-23")
    run(site, MONDAY)
    assert [("Good morning" in letter.text) for letter in letters(site)] == [False] * 4


def test_note_is_fixed_with_its_edition_even_where_an_article_is_taken_out(paper):
    file = write_note(paper, f"---\nsubject: The week\n---\n{MORNING}")
    printed(paper, MONDAY)
    composed(paper, MONDAY)
    file.write_text("Another note.")
    paper.remove("pier.md")
    run(paper, MONDAY + HOUR)
    letter = letters(paper)[0]
    assert (letter.message["Subject"], letter.entries) == ("The week", ["ferry"])
    assert ("Good morning" in letter.text, "Another" in letter.text) == (True, False)
    assert "Good morning" in html_of(letter)


# ---- looking before ----


def test_dry_run_tells_of_the_note_and_stops_at_a_broken_one(paper):
    printed(paper, MONDAY)
    assert composed(paper, MONDAY, dry_run=True)[0].note == ""
    file = write_note(paper)
    assert composed(paper, MONDAY, dry_run=True)[0].note == str(file)
    write_note(paper, b"caf\xe9")
    with paper.app() as app:
        assert [slug for slug, _ in Post(app).compose(dry_run=True).failed] == ["weekly"]


def previewed(site, at, folder, reader=None):
    site.now = at
    with site.app() as app:
        return Post(app).preview("weekly", at=at, reader=reader, folder=folder)


@pytest.mark.parametrize("at", [MONDAY - DAY, MONDAY])
def test_preview_for_nobody_has_the_note_and_the_date_of_the_next_edition(paper, tmp_path, at):
    file = write_note(paper)
    printed(paper, at)
    report = previewed(paper, at, tmp_path)
    text = (tmp_path / "digest.txt").read_text()
    assert (report.note, "Good morning" in text, "November 25, 2024" in text) == (str(file), True, True)


def test_preview_for_a_reader_is_the_message_with_the_note(paper, tmp_path):
    paper.configure(cadence("monday") + "[transport]\nverp = false\n")  # signed addresses are made with the delivery
    file = write_note(paper, f"---\nsubject: The week\n---\n{MORNING}")
    printed(paper, MONDAY)
    report = previewed(paper, MONDAY, tmp_path, ANN)
    assert (report.note, report.subject) == (str(file), "The week")
    composed(paper, MONDAY)
    delivered(paper, MONDAY)
    files = (paper.folder / "var" / "maildir" / "new").iterdir()
    assert (tmp_path / "digest.eml").read_bytes().replace(b"\r\n", b"\n") in [one.read_bytes() for one in files]


@pytest.mark.parametrize(
    ("text", "said"), [("  \n", "it is empty"), (f"---\ndraft: true\n---\n{MORNING}", "it is a draft, and left out")]
)
@pytest.mark.parametrize("reader", [None, ANN])
def test_preview_tells_of_no_note_where_none_stands_in_it(paper, tmp_path, text, said, reader):
    file = write_note(paper, text)
    printed(paper, MONDAY)
    report = previewed(paper, MONDAY, tmp_path, reader)
    assert (report.note, report.notes) == ("", [f"{file}: {said}"])


def test_preview_of_a_broken_note_says_so(paper, tmp_path):
    write_note(paper, b"caf\xe9")
    printed(paper, MONDAY)
    with pytest.raises(NoteUnreadable, match="it is not UTF-8"):
        previewed(paper, MONDAY, tmp_path)


def standing(site, at):
    site.now = at
    with site.app() as app:
        (one,) = Post(app).status()["newsletters"]
    return one["note"]


def test_status_says_whether_there_is_a_note_for_the_next_edition(paper):
    assert standing(paper, MONDAY - DAY) == {"place": "notes/weekly/2024-11-25.md", "is_there": False, "problem": ""}
    file = write_note(paper)
    assert standing(paper, MONDAY)["is_there"]
    write_note(paper, b"caf\xe9")
    assert standing(paper, MONDAY)["problem"].startswith(f"{file}: the editor's note: it is not UTF-8")
    run(paper, MONDAY - HOUR)
    file.unlink()
    run(paper, MONDAY)
    assert standing(paper, MONDAY + DAY)["place"] == "notes/weekly/2024-12-02.md"


@pytest.mark.parametrize("name", ["25-11-2024.md", "2024-13-45.md", "2024-11-31.md", "2024-12-02.txt", "monday.md"])
def test_check_names_a_note_that_no_edition_will_look_for(paper, name):
    paper.print()
    write_note(paper, day="2024-12-02")
    (paper.folder / "notes" / "weekly" / name).write_text(MORNING)
    with paper.app() as app:
        (fault,) = app.check().faults
    assert f"notes/weekly/{name}: no edition looks for this name" in fault


def test_check_names_a_note_that_cannot_be_read(paper):
    paper.print()
    write_note(paper, b"\xff\xfe", day="2024-12-02")
    with paper.app() as app:
        (fault,) = app.check().faults
    assert "2024-12-02.md" in fault
