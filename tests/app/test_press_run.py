"""A press run from the inside: a long delivery lets articles through, and a run does only what there is to do.

Not here: the command (tests/cli/test_cli_run.py), two runs at once (tests/acceptance).
"""

from collections import Counter
from datetime import timedelta

import pytest

from feeds.app import App
from feeds.app.outcomes import RunOutcome, merged
from feeds.app.post import Post
from feeds.app.press_run import press_run
from feeds.config import load_config
from feeds.jobs.deliver.progress import Sending
from feeds.jobs.deliver.report import DeliverReport
from feeds.jobs.publish.report import PublishReport
from feeds.store import runs
from tests.acceptance.mail_givens import cadence, join, letters_in, readers, run
from tests.site_fixtures import NOON, TEMPLATES


@pytest.fixture
def paper(site):
    """Give a site with an edition that is queued for sixty readers."""
    site.configure(cadence("monday"))
    run(site, NOON)
    join(site, *readers(60))
    site.article("ferry.md")
    site.sync()
    site.publish()
    with site.app() as app:
        Post(app).compose("weekly", at=site.now)
    return site


def test_article_that_comes_during_a_delivery_is_printed_before_the_delivery_ends(paper):
    printed_after = []

    def watch(at):
        if isinstance(at, Sending) and not paper.path("gale.md").exists():
            paper.article("gale.md")
        if "gale/index.html" in paper.documents():
            printed_after.append(len(letters_in(paper.folder / "var" / "maildir")))

    app = App(load_config(paper.folder / "config.toml", {}), lambda: paper.now, TEMPLATES)
    outcome = press_run(app, progress=watch, slice_seconds=0.05)
    app.close()
    assert outcome.deliver.counts == {"sent": 60}
    assert outcome.deliver.stopped is False
    assert [key for report in outcome.sync.sources for key in report.added] == ["gale.md"]
    assert printed_after[0] < 60


def test_what_two_passes_did_is_told_as_one():
    one = RunOutcome(publish=PublishReport(written=["a"], unchanged=2), notes=["x"])
    one.deliver = DeliverReport(counts=Counter(sent=2), stopped=True)
    later = RunOutcome(publish=PublishReport(written=["b"], unchanged=3), deliver=DeliverReport(counts=Counter(sent=3)))
    both = merged(one, later)
    assert (both.publish.written, both.publish.unchanged, both.notes) == (["a", "b"], 5, ["x"])
    assert (both.deliver.counts, both.deliver.stopped, both.sync) == ({"sent": 5}, False, None)


def test_press_run_leaves_a_record_of_itself_and_of_its_delivery_under_one_id(paper):
    outcome = pressed(paper)
    assert outcome.run
    found = last_runs(paper, "run", "deliver")
    assert [(run.outcome, run.report) for run in found] == [("done", {"run": outcome.run})] * 2
    assert pressed(paper).run != outcome.run


def test_delivery_that_nobody_takes_is_recorded_as_incomplete(paper):
    paper.configure(cadence("monday") + '[transport]\nkind = "smtp"\nhost = "127.0.0.1"\nport = 9\ntls = "none"\n')
    assert pressed(paper).deliver.unusable
    assert [run.outcome for run in last_runs(paper, "run", "deliver")] == ["incomplete"] * 2


def pressed(site):
    with site.app() as app:
        return press_run(app)


def last_runs(site, *jobs):
    with site.app() as app, app.store.reading() as tx:
        return [runs.find_last(tx, job) for job in jobs]


@pytest.fixture
def still(site):
    """Give a site that is published, and needs no publishing."""
    site.article("ferry.md")
    site.print()
    assert not needs_publish(site)
    return site


def needs_publish(site):
    with site.app() as app:
        return app.needs_publish()


def test_change_of_the_config_is_something_to_print(still):
    still.configure("[output]\npage_size = 7\n")
    assert needs_publish(still)


def test_change_of_a_template_is_something_to_print(still):
    (still.folder / "templates" / "pages").mkdir(parents=True)
    (still.folder / "templates" / "pages" / "parts.html").write_text("x")
    assert needs_publish(still)


def test_entry_whose_time_has_come_is_something_to_print(still):
    still.article("later.md", date="2024-11-25 09:00")
    still.print()
    assert not needs_publish(still)
    still.now += timedelta(days=7)
    assert needs_publish(still)


def test_output_folder_that_is_gone_is_something_to_print(still):
    still.public.rename(still.folder / "away")
    assert needs_publish(still)


def test_publish_that_left_something_out_is_tried_again(still):
    (still.public / "gale").mkdir()
    (still.public / "gale" / "index.html").write_text("somebody else's")
    still.article("gale.md")
    still.sync()
    assert not still.publish().is_clean
    assert needs_publish(still)
