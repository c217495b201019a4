"""The pictures of an edition: made for mail, shown in it, and what is amiss with them.

Not here: making one (tests/rendering), that they are on the site (test_edition_pictures_on_the_site).
"""

import re

import pytest

from feeds.app.post import Post
from tests.acceptance.mail_givens import join, run
from tests.jobs.edition_picture_givens import (
    LATE,
    MEDIA,
    SOURCE,
    fixed,
    html_of,
    letter,
    made,
    media,
    paper,
    shelf,
    sources,
    story,
)
from tests.jobs.post_givens import BOB, MONDAY, WEEK, composed, printed
from tests.rendering.picture_givens import noise, opened, photograph, seen_through, written

# ---- what stands in the mail ----


@pytest.mark.rule("M11")
def test_picture_is_made_for_mail_and_shown_from_the_site(site):
    story(paper(site), kind="webp")
    assert fixed(site).notes == []
    one = letter(site)
    (source,) = sources(one)
    data = (site.public / source.removeprefix("https://gazette.example/")).read_bytes()
    assert (source.startswith(MEDIA), source[-4:], opened(data).format) == (True, ".jpg", "JPEG")
    assert len(data) < 100_000
    assert 'width="544" height="362"' in html_of(one)
    assert b"webp" not in one.data.lower()


def test_only_the_leading_story_has_a_picture_as_wide_as_the_sheet(site):
    paper(site)
    story(site, "ferry", kind="jpeg")
    story(site, "quay", kind="png", date="2024-11-23 13:00")
    fixed(site)
    sizes = [
        opened((site.public / "media" / source.removeprefix(MEDIA)).read_bytes()).size
        for source in sources(letter(site))
    ]
    assert sizes == [(1088, 725), (640, 427)]


def test_of_stories_told_in_brief_no_picture_is_kept(site):
    paper(site)
    for hour in range(8):
        story(
            site,
            f"a{hour}",
            kind="jpeg",
            data=written(photograph(300 + hour, 200), "jpeg"),
            date=f"2024-11-23 {13 + hour}:00",
        )
    fixed(site)
    assert made(site) == {source.removeprefix(MEDIA) for source in sources(letter(site))}
    assert len(made(site)) == 6


def test_pictures_in_the_text_of_whole_articles_are_made_too(site):
    paper(site, layout='"full-text"')
    site.write("pier.webp", written(seen_through(), "webp"))
    story(site, body="![The pier](pier.webp)\n\nSome words.")
    fixed(site)
    one = letter(site)
    assert [source[-4:] for source in sources(one)] == [".jpg", ".png"]
    assert b"webp" not in one.data.lower()


def test_picture_of_another_site_stays_where_it_is(site):
    paper(site)
    site.article("ferry.md", title="Ferry", date=LATE, image="https://other.example/quay.jpg", image_alt="A quay")
    fixed(site)
    assert sources(letter(site)) == ["https://other.example/quay.jpg"]
    assert made(site) == set()


@pytest.mark.parametrize("newsletter", [{"pictures": '"none"'}, {"layout": '"reading-list"'}])
def test_newsletter_without_pictures_has_none(site, newsletter):
    story(paper(site, **newsletter))
    assert fixed(site).notes == []
    assert sources(letter(site)) == []
    assert made(site) == set()


def test_whole_articles_lose_the_pictures_in_their_text_where_none_are_wanted(site):
    paper(site, layout='"full-text"', pictures='"none"')
    story(site, body="![The quay](ferry.webp)\n\nSome words, ![](https://other.example/b.png) and more.")
    fixed(site)
    one = letter(site)
    assert (sources(one), "The quay" in one.text) == ([], False)
    assert "Some words" in html_of(one)


# ---- what is amiss ----


@pytest.mark.rule("M11")
def test_picture_without_alt_text_is_told_of_and_goes_out(site):
    story(paper(site), image_alt='""')
    (note,) = fixed(site).notes
    assert note.startswith("articles/ferry.md: its picture has no alt text; write image_alt in its front matter")
    assert len(sources(letter(site))) == 1


@pytest.mark.parametrize("layout", ["front-page", "full-text"])
def test_damaged_picture_is_told_of_and_the_entry_goes_without_it(site, layout):
    story(paper(site, layout=f'"{layout}"'), data=written(photograph(), "jpeg")[:9000], kind="jpg")
    (note,) = fixed(site).notes
    assert note == "articles/ferry.md: a picture is damaged, or no picture of a known kind; the mail goes without it"
    assert sources(letter(site)) == []


def test_picture_that_the_shelf_has_lost_is_told_of(site):
    story(paper(site))
    printed(site, MONDAY)
    (name,) = shelf(site)
    (site.folder / "var" / "media" / name).unlink()
    (report,) = composed(site, MONDAY)
    assert "No such file or directory); `pressrun sync` fetches what is missing" in report.notes[0]
    assert sources(letter(site)) == []


def test_picture_that_is_damaged_on_the_shelf_is_not_shown(site):
    story(paper(site))
    printed(site, MONDAY)
    (name,) = shelf(site)
    (site.folder / "var" / "media" / name).write_bytes(written(photograph(), "jpeg"))
    (report,) = composed(site, MONDAY)
    assert "is damaged on the shelf" in report.notes[0]
    assert sources(letter(site)) == []


def test_what_is_amiss_is_told_once_for_all_readers(site):
    story(paper(site))
    run(site, MONDAY)
    site.now = MONDAY
    join(site, BOB)
    story(site, "quay", date="2024-11-25 09:00", image_alt='""')
    printed(site, MONDAY + WEEK)
    (report,) = composed(site, MONDAY + WEEK)
    assert (len(report.selections), len(report.notes)) == (2, 1)


def test_what_is_amiss_stands_in_what_the_command_says_and_is_no_failure(site):
    story(paper(site), image_alt='""')
    site.run("sync")
    ended = site.run("compose", "weekly", "--at", "now")
    assert ended.code == 0
    assert "articles/ferry.md: its picture has no alt text" in ended.out


# ---- looked at before ----


@pytest.mark.parametrize("manner", ["linked", "embedded"])
def test_preview_shows_the_made_pictures_and_keeps_none(site, tmp_path, manner):
    story(paper(site, pictures=f'"{manner}"'))
    printed(site, MONDAY)
    before = shelf(site)
    with site.app() as app:
        Post(app).preview("weekly", folder=tmp_path)
    (source,) = SOURCE.findall((tmp_path / "digest.html").read_text())
    assert opened((tmp_path / source).read_bytes()).size == (1088, 725)
    assert (shelf(site), made(site)) == (before, set())


def test_dry_run_keeps_nothing(site):
    story(paper(site))
    printed(site, MONDAY)
    before = shelf(site), media(site)
    composed(site, MONDAY, dry_run=True)
    assert (shelf(site), media(site)) == before


# ---- in the message ----


def test_embedded_pictures_come_with_the_message_and_stand_nowhere_else(site):
    story(paper(site, pictures='"embedded"'))
    fixed(site)
    one = letter(site)
    (source,) = sources(one)
    (picture,) = [part for part in one.message.walk() if part.get_content_maintype() == "image"]
    assert source == f"cid:{picture['Content-ID'].strip('<>')}"
    assert (picture.get_content_type(), opened(picture.get_content()).size) == ("image/jpeg", (1088, 725))
    assert made(site) == set()
    assert not re.search(r"<a[^>]*>\s*<img", html_of(one))  # to spam filters a picture that is a link is a bad sign


def test_message_that_grows_heavy_is_told_of(site):
    paper(site, pictures='"embedded"', layout='"full-text"')
    for hour in range(6):
        taken = written(noise(700 + hour, 500), "jpeg")
        story(site, f"a{hour}", kind="jpeg", data=taken, date=f"2024-11-23 {13 + hour}:00")
    (note,) = fixed(site).notes
    assert re.match(r"the pictures in each message come to 5\d\d KB;", note)
