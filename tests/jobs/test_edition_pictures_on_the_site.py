"""The pictures of an edition, and its logo: on the site before anything is sent, and as long as they are shown.

Not here: what stands in the mail (test_edition_pictures).
"""

import re
import shutil

import pytest
from PIL import Image

from feeds.app.post import Post
from tests.acceptance.mail_givens import by_smtp, letters_in, mail_server, run
from tests.jobs.edition_picture_givens import MEDIA, fixed, html_of, letter, made, media, paper, sources, story
from tests.jobs.post_givens import BACKENDS, MONDAY, delivered, printed, site_on
from tests.rendering.picture_givens import noise, opened, written

# ---- on the site, before and after ----


def test_pictures_are_on_the_site_before_the_first_message_is_handed_over(site):
    with mail_server() as server:
        paper(site, theme=by_smtp(server))
        story(site)
        seen = []
        server.look = lambda _phase, _address: seen.append(media(site))
        run(site, MONDAY)
        (one,) = server.taken
    assert {source.removeprefix(MEDIA) for source in sources(one)} <= seen[0]


def test_pictures_are_on_the_site_where_an_edition_is_composed_by_hand(site):
    story(paper(site))
    fixed(site)
    assert made(site) <= media(site)


def test_nothing_is_sent_while_the_pictures_cannot_be_on_the_site(site):
    story(paper(site))
    printed(site, MONDAY)
    shutil.rmtree(site.public / "media")
    (site.public / "media").write_text("in the way")
    with site.app() as app:
        outcome = Post(app).compose()
    assert "media" in outcome.notes[0]
    report = delivered(site)
    assert (report.counts, report.unshown, report.is_clean) == ({}, {outcome.reports[0].edition: 1}, False)
    ended = site.run("deliver")
    assert "1 delivery held back, since its pictures are not on the site yet; run `pressrun publish`" in ended.err
    (site.public / "media").unlink()
    site.publish()
    assert delivered(site).counts == {"sent": 1}
    assert made(site) <= media(site)


def test_nothing_is_sent_while_the_folder_that_is_served_is_gone(site):
    story(paper(site))
    fixed(site)
    shutil.rmtree(site.public)
    assert sum(delivered(site).unshown.values()) == 1
    site.publish()
    assert made(site) <= media(site)
    assert delivered(site).counts == {"sent": 1}


@pytest.mark.parametrize("database", BACKENDS)
def test_pictures_leave_the_site_with_their_entry_and_come_back_with_it(request, database):
    site, store = site_on(database, request)
    story(paper(site, more=store))
    story(site, "quay", date="2024-11-23 13:00", data=written(noise(600, 400), "png"), kind="png")
    fixed(site)
    delivered(site)
    shown = media(site)
    text = site.path("ferry.md").read_text()
    site.remove("ferry.md")
    site.sync(accept_withdrawals=True)
    site.publish()
    assert len(made(site)) == 2
    assert len(media(site) & made(site)) == 1
    site.write("ferry.md", text)
    site.print()
    assert media(site) == shown


@pytest.mark.parametrize("gone", ["ferry.md", "quay.md"])
def test_picture_that_another_entry_shows_in_mail_stays(site, gone):
    paper(site)
    story(site, "ferry")
    story(site, "quay", date="2024-11-23 13:00")
    fixed(site)
    first, second = sources(letter(site))
    assert first == second
    assert opened((site.public / "media" / first.removeprefix(MEDIA)).read_bytes()).width == 1088
    site.remove(gone)
    site.sync(accept_withdrawals=True)
    site.publish()
    assert first.removeprefix(MEDIA) in media(site)


def test_edited_article_leaves_the_mail_of_before_its_picture(site):
    story(paper(site))
    fixed(site)
    delivered(site)
    story(site, data=written(noise(600, 400), "png"), kind="png")
    site.print()
    assert made(site) <= media(site)


def test_picture_that_is_lost_for_good_is_told_of_once_and_stops_nothing(site):
    story(paper(site))
    fixed(site)
    (name,) = made(site)
    (site.folder / "var" / "media" / name).unlink()
    (site.public / "media" / name).unlink()
    ((_, why),) = site.publish(anew=True).failed
    assert "put it back from a backup, and run `pressrun publish --all`" in why
    assert site.publish().is_clean
    assert delivered(site).counts == {"sent": 1}


def test_lead_that_is_withdrawn_in_time_leaves_its_place_and_a_picture_for_it(site):
    paper(site)
    story(site, "ferry")
    story(site, "quay", date="2024-11-23 13:00", data=written(noise(1600, 900), "png"), kind="png")
    fixed(site)
    site.remove("ferry.md")
    site.sync(accept_withdrawals=True)
    assert delivered(site, MONDAY).counts == {"sent": 1}
    (one,) = letters_in(site.folder / "var" / "maildir")
    (source,) = sources(one)
    assert source.removeprefix(MEDIA) in media(site)


def test_check_misses_a_picture_that_mail_shows(site):
    story(paper(site))
    fixed(site)
    (name,) = made(site)
    assert name not in site.run("check").out
    (site.public / "media" / name).unlink()
    ended = site.run("check")
    assert ended.code != 0
    assert (
        f"{site.public / 'media' / name}: No such file or directory; `pressrun publish --all`" in ended.out + ended.err
    )


# ---- the logo ----

LOGO = '[theme]\nlogo = "logo.png"\n'


def with_logo(site, **newsletter):
    drawn = Image.new("RGBA", (400, 100))
    drawn.paste("navy", (20, 20, 380, 80))
    (site.folder / "logo.png").write_bytes(written(drawn, "PNG"))
    return paper(site, theme=LOGO, **newsletter)


def test_logo_is_shown_at_half_its_size_from_the_site(site):
    story(with_logo(site))
    fixed(site)
    one = letter(site)
    logo, _ = sources(one)
    assert logo.removeprefix(MEDIA) in media(site)
    assert re.search(rf'src="{re.escape(logo)}" alt="The Harbour Gazette" width="200" height="50"', html_of(one))


def test_logo_stays_on_the_site_when_the_entries_are_gone(site):
    story(with_logo(site))
    fixed(site)
    logo, _ = sources(letter(site))
    site.remove("ferry.md")
    site.sync(accept_withdrawals=True)
    site.publish()
    assert media(site) == {logo.removeprefix(MEDIA)}


@pytest.mark.parametrize("anew", [False, True])
def test_pictures_come_back_with_a_lost_folder(site, anew):
    story(with_logo(site))
    fixed(site)
    site.publish()
    before = site.documents()
    assert len(made(site) & media(site)) == 2
    shutil.rmtree(site.public)
    assert site.publish(anew=anew).is_clean
    assert site.documents() == before


def test_logo_is_embedded_with_the_pictures(site):
    story(with_logo(site, pictures='"embedded"'))
    fixed(site)
    assert [source[:4] for source in sources(letter(site))] == ["cid:", "cid:"]


def test_edition_goes_without_a_logo_that_cannot_be_read(site):
    story(with_logo(site))
    (site.folder / "logo.png").write_text("no picture")
    (note,) = fixed(site).notes
    assert (
        note
        == f"{site.folder / 'logo.png'}: the logo is damaged, or no picture of a known kind; the mail goes without it"
    )
    assert len(sources(letter(site))) == 1


def test_check_names_a_logo_that_cannot_be_read(site):
    with_logo(site)
    assert "logo" not in site.run("check").err
    (site.folder / "logo.png").unlink()
    ended = site.run("check")
    assert ended.code != 0
    assert f"{site.folder / 'logo.png'}: the logo cannot be read: No such file or directory" in ended.out + ended.err


def test_missing_logo_is_told_of_without_a_remedy_that_is_none(site):
    story(with_logo(site))
    (site.folder / "logo.png").unlink()
    (note,) = fixed(site).notes
    assert note.endswith("logo.png: No such file or directory); the mail goes without it")
