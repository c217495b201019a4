"""An edition is judged before it is fixed: a fault of ours stops it, an entry's is told of and stops nothing.

Not here: the rules (tests/rendering/lint), the command that judges alone (tests/cli/test_cli_lint.py).
"""

import pytest

from feeds.app.post import Post
from feeds.jobs.compose.pressroom import Common, Copy, fix
from feeds.store import entries
from tests.acceptance.mail_givens import cadence, deliveries, join, run
from tests.jobs.post_givens import ANN, BOB, DAY, MONDAY, WEEK, composed, delivered, fixed, printed
from tests.site_fixtures import NOON
from tests.store.mail_givens import edition

NO_WAY_OUT = '<tr><td class="foot">Bye.</td></tr>'
NEWS = "2024-11-24 09:00"
OPEN_LINK = "They sail from [the pier](http://pier.example/times)."


@pytest.fixture
def desk(site):
    """Give a site on its first Monday, with two readers and an article that is new to both."""
    site.configure(cadence("monday"))
    run(site, NOON)
    join(site, ANN, BOB)
    site.article("ferry.md", OPEN_LINK, title="The ferry runs again", date="2024-11-23 14:00")
    printed(site, MONDAY)
    return site


def spoil(site, text=NO_WAY_OUT, *, name="parts/footer.html"):
    """Give the site a template of its own, by default a foot that does not say how to leave; return its file."""
    file = site.folder / "templates" / "digest" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def outcome(site, now=MONDAY, **how):
    site.now = now
    with site.app() as app:
        return Post(app).compose(**how)


def configured(site, *, lint="", layout="front-page"):
    site.configure(f'layout = "{layout}"\n{cadence("monday")}{lint}')


@pytest.mark.parametrize("how", [{}, {"at": MONDAY}, {"dry_run": True}])
def test_fault_of_ours_stops_the_edition_and_says_which(desk, how):
    spoil(desk)
    ((newsletter, why),) = outcome(desk, **how).failed
    assert newsletter == "weekly"
    assert "the digest of weekly: M17: HTML part, the foot: no link leads out of the newsletter" in why
    assert deliveries(desk) == []


def test_edition_that_was_stopped_comes_as_soon_as_the_fault_is_mended(desk):
    file = spoil(desk)
    assert outcome(desk).failed
    file.unlink()
    (report,) = composed(desk, MONDAY + DAY)
    assert (report.number, report.deliveries) == (1, 2)


def test_fault_of_ours_is_exit_code_1_and_said_on_the_error_stream(desk):
    spoil(desk)
    ended = desk.run("compose", "weekly", "--at", "now")
    assert (ended.code, "weekly: no edition was made: the digest of weekly: M17" in ended.err) == (1, True)


def test_fault_of_an_entry_is_told_and_the_edition_goes(desk):
    configured(desk, layout="full-text")
    done = outcome(desk)
    (report,) = done.reports
    assert done.is_clean
    assert report.deliveries == 2
    (fault,) = report.faults
    assert fault.startswith("warning M12: HTML part line")
    assert "http://pier.example/times" in fault


def test_fault_of_an_entry_never_stops_the_press_however_the_config_weighs_it(desk):
    configured(desk, layout="full-text", lint='[lint]\nM12 = "error"\n')
    (report,) = outcome(desk).reports
    assert (report.deliveries, report.faults[0][:9]) == (2, "error M12")


def test_rule_that_the_config_turns_off_stops_nothing(desk):
    spoil(desk)
    configured(desk, lint='[lint]\nM17 = "off"\nM19 = "off"\n')  # its links are missed, too
    (report,) = composed(desk, MONDAY)
    assert report.deliveries == 2


def test_good_edition_has_no_faults(desk):
    (report,) = composed(desk, MONDAY)
    assert report.faults == []


def test_subject_of_a_digest_that_is_joined_of_known_pieces_is_judged_and_once(desk):
    configured(desk, layout="full-text")
    said = '{{ "What was seen on all the quays of the harbour" if stories[0].headline != "The ferry runs again" }}'
    spoil(desk, said, name="preheader.txt")
    desk.article("ferry.md", OPEN_LINK + "\n\n" + "🛥🛥🛥 " * 3000, title="The ferry runs again", date="2024-11-23 14:00")
    desk.article("gale.md", "Nobody was on the quay when it came, and all were at home.", title="A gale", date=NEWS)
    printed(desk, MONDAY)
    with desk.app() as app, app.store.reading() as tx:
        gale, ferry = entries.list_out_at(tx, MONDAY)
        room, newsletter, common = Post(app).room, app.config.newsletters[0], Common("5e" * 16)

        def faults(*shown):
            made = fix(room, newsletter, edition(), copy=Copy(shown=shown), tags_of=lambda _: (), common=common)
            return [fault.partition(":")[0] for fault in made.faults]

        assert faults(gale, ferry) == ["warning M12"]  # the open link, which is of the ferry's own piece
        assert faults(gale) == []
        assert faults(ferry) == ["warning M16"]
        assert faults(ferry) == []


def test_preview_shows_what_composing_would_stop(desk, tmp_path):
    spoil(desk)
    with desk.app() as app:
        report = Post(app).preview("weekly", at=MONDAY, reader=ANN, folder=tmp_path)
    assert report.written


def test_edition_for_each_article_is_stopped_too(site):
    site.configure(cadence("article"))
    run(site, NOON)
    join(site, ANN)
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    printed(site, MONDAY)
    spoil(site)
    assert outcome(site).failed
    assert deliveries(site) == []


def test_edition_from_which_an_entry_is_taken_waits_where_what_is_left_is_faulty(site):
    fixed(site)
    site.article("gale.md", title="A gale", date="2024-11-26 09:00")
    site.article("tide.md", title="A tide", date="2024-11-26 09:00")
    printed(site, MONDAY + WEEK)
    composed(site, MONDAY + WEEK)
    spoil(site)
    site.remove("gale.md")
    printed(site, MONDAY + WEEK)
    report = delivered(site, MONDAY + WEEK)
    (why,) = report.withheld.values()
    assert "M17" in why
