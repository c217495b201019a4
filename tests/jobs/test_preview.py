"""A preview for a reader is, byte for byte, the message that composing and delivering at that instant bring.

Only the link to leave by is not that reader's own: it is made with the delivery.

Not here: how a digest looks (tests/rendering), the command's words (tests/cli).
"""

from datetime import datetime, timedelta

import pytest

from feeds.app.post import Post
from feeds.config import load_config
from feeds.errors import UsageWrong
from feeds.jobs.marks import preview_mark
from feeds.store import entries, newsletters
from tests.acceptance.mail_givens import cadence, join, letters_in, run
from tests.jobs.post_givens import ANN, BOB, DAY, MONDAY, WEEK, composed, delivered, printed
from tests.site_fixtures import NOON


@pytest.fixture
def paper(site):
    """Give a site on its second Monday: Ann had the first edition, Bob joined after it, one article is new to both."""
    site.configure(cadence("monday"))
    run(site, NOON)
    join(site, ANN)
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    run(site, MONDAY)
    site.now = MONDAY + DAY
    join(site, BOB)
    site.article("gale.md", title="A gale", date="2024-11-27 09:00")
    printed(site, MONDAY + WEEK)
    return site


def previewed(site, at: datetime, reader, folder):
    with site.app() as app:
        Post(app).preview("weekly", at=at, reader=reader, folder=folder)
    return (folder / "digest.eml").read_bytes()


@pytest.mark.parametrize("reader", [ANN, BOB])
def test_preview_for_a_reader_is_the_message_that_goes(paper, tmp_path, reader):
    paper.configure(cadence("monday") + "[transport]\nverp = false\n")
    at = MONDAY + WEEK
    message = previewed(paper, at, reader, tmp_path / "preview")
    composed(paper, at)
    assert delivered(paper, at).counts == {"sent": 2}
    new = (paper.folder / "var" / "maildir" / "new").iterdir()
    assert message.replace(b"\r\n", b"\n") in [file.read_bytes() for file in new]


def test_late_joiner_sees_what_that_reader_lacks(paper, tmp_path):
    ann = previewed(paper, MONDAY + WEEK, ANN, tmp_path / "ann")
    bob = previewed(paper, MONDAY + WEEK, BOB, tmp_path / "bob")
    assert [(b"/gale/" in one, b"/ferry/" in one) for one in (ann, bob)] == [(True, False), (True, True)]


def test_article_that_is_scheduled_stands_in_the_preview_of_a_later_instant(paper, tmp_path):
    paper.article("later.md", title="Later", date="2024-12-05 09:00")
    printed(paper, MONDAY + WEEK)
    assert b"/later/" not in previewed(paper, MONDAY + WEEK, ANN, tmp_path)
    assert b"/later/" in previewed(paper, MONDAY + 2 * WEEK, ANN, tmp_path)


def test_preview_leaves_the_store_as_it_was(paper, tmp_path):
    def known():
        with paper.app() as app, app.store.reading() as tx:
            return (
                entries.last_change(tx),
                list(entries.list_all(tx)),
                newsletters.list_seen(tx),
                [one[0].id for one in Post(app).editions()],
            )

    before = known()
    previewed(paper, MONDAY + WEEK, BOB, tmp_path)
    assert known() == before
    assert len(letters_in(paper.folder / "var" / "maildir")) == 1


def test_reader_for_whom_there_is_nothing_is_told_so(paper, tmp_path):
    run(paper, MONDAY + WEEK)
    with pytest.raises(UsageWrong, match="would get nothing at 2024-12-02 08:00 GMT"):
        previewed(paper, MONDAY + WEEK + timedelta(hours=1), ANN, tmp_path)


def test_stranger_is_told_that_nobody_has_that_address(paper, tmp_path):
    with pytest.raises(UsageWrong, match=r"no subscriber has the address 'eve@inbox\.example'"):
        previewed(paper, MONDAY + WEEK, "eve@inbox.example", tmp_path)


def test_mark_of_a_preview_changes_with_every_file_that_it_is_made_of(site):
    site.configure('notes = "desk"\n[theme]\nlogo = "logo.png"')
    site.write("../logo.png", b"a picture")
    config = load_config(site.folder / "config.toml", {})
    marks = [preview_mark(config)]
    assert preview_mark(config) == marks[0]
    for key in ("a.md", "../templates/digest/style.css", "../desk/2024-11-25.md", "../logo.png", "../config.toml"):
        site.write(key, b"changed")
        marks.append(preview_mark(config))
    assert len(set(marks)) == 6
