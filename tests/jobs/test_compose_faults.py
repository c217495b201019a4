"""What is wrong with a template, an entry or the output stops only what needs it, until it is mended.

Not here: composing (test_compose.py), faults that the lint finds (test_compose_lint.py).
"""

import pytest

from feeds.model import EditionState
from feeds.rendering.loading import templates_root
from tests.acceptance.mail_givens import deliveries, join, letters_in, run
from tests.jobs.compose_givens import DAILY, EVERY_DAY, begun, editions, held, last_run
from tests.jobs.post_givens import ANN, EDITION, HOUR, MONDAY, composed, printed
from tests.site_fixtures import NOON

MISSPELT = "{% if view.slug == 'daily' %}{{ misspelt }}{% endif %}"
TOO_LONG = f"![{'A ferry. ' * 20_000}](https://pictures.example/ferry.png)"  # no mail client shows so much


@pytest.fixture
def desk(site):
    """Give a site that mails on Mondays, with two readers and two articles to bring."""
    return begun(site)


def test_wrong_template_stops_only_the_newsletter_that_meets_it_until_it_is_mended(desk):
    desk.configure(EVERY_DAY)
    run(desk, NOON + HOUR)
    join(desk, ANN, newsletter="daily")
    template = desk.folder / "templates" / "digest" / "base.txt"
    template.parent.mkdir(parents=True)
    template.write_text(MISSPELT + (templates_root() / "digest/base.txt").read_text(encoding="utf-8"))
    outcome = run(desk, MONDAY)
    ((newsletter, why),) = outcome.compose.failed
    assert (newsletter, "base.txt:1" in why, "misspelt" in why) == ("daily", True, True)
    assert (outcome.is_clean, outcome.deliver.counts) == (False, {"sent": 2})
    assert [name for name, _, _ in editions(desk)] == [EDITION]
    template.unlink()
    assert run(desk, MONDAY + HOUR).deliver.counts == {"sent": 1}
    assert editions(desk, "daily") == [("daily/2024-11-25T07:00", 1, EditionState.COMPOSED)]


def test_entry_that_cannot_stand_in_a_digest_is_left_out_and_named(desk):
    desk.article("endless.md", date="2024-11-24 09:00", body=TOO_LONG)
    outcome = run(desk, MONDAY)
    (report,) = outcome.compose.reports
    endless = desk.entries()["endless.md"].id
    assert report.left_out == [(endless, "is too long to stand in a digest even alone")]
    assert (held(desk, "weekly/1"), outcome.is_clean) == ([["ferry", "pier"]], False)
    assert outcome.deliver.counts == {"sent": 2}


def test_entry_that_cannot_stand_alone_does_not_stop_the_mail_when_the_others_are_withdrawn(desk):
    desk.article("endless.md", date="2024-11-23 13:30", body=TOO_LONG)
    printed(desk, MONDAY)
    composed(desk, MONDAY)
    desk.remove("ferry.md")
    outcome = run(desk, MONDAY + HOUR)
    assert (outcome.errors, outcome.is_clean, outcome.deliver.counts) == ([], False, {"sent": 2})
    ((_, why),) = outcome.compose.revised[0].left_out
    assert why == "is too long to stand in a digest even alone"
    assert [letter.entries for letter in letters_in(desk.folder / "var" / "maildir")] == [["pier"], ["pier"]]


@pytest.mark.rule("T76")
def test_while_nothing_can_be_published_no_edition_is_made(modest_site, without):
    site = begun(modest_site)
    with without(site.public, 0o222):
        outcome = run(site, MONDAY)
        assert (outcome.compose, outcome.is_clean, editions(site)) == (None, False, [])
        assert last_run(site) is None
    outcome = run(site, MONDAY + HOUR)
    assert editions(site) == [(EDITION, 1, EditionState.COMPOSED)]
    assert outcome.deliver.counts == {"sent": 2}


def test_wrong_template_holds_back_what_was_withdrawn_and_no_other_newsletter(site):
    site.configure(DAILY)
    begun(site)
    join(site, ANN, newsletter="daily")
    printed(site, MONDAY)
    composed(site, MONDAY)
    template = site.folder / "templates" / "digest" / "base.txt"
    template.parent.mkdir(parents=True)
    template.write_text(MISSPELT + (templates_root() / "digest/base.txt").read_text(encoding="utf-8"))
    site.remove("ferry.md")
    assert list(run(site, MONDAY + HOUR).deliver.withheld) == ["daily/2024-11-25T07:00"]
    standing = {(one.delivery.about, one.delivery.state.value) for one in deliveries(site)}
    assert standing == {(EDITION, "sent"), ("daily/2024-11-25T07:00", "queued")}
    template.unlink()
    assert run(site, MONDAY + 2 * HOUR).is_clean
    letters = letters_in(site.folder / "var" / "maildir")
    assert [letter.entries for letter in letters] == [["pier"]] * 3
