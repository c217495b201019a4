"""A site's own templates are tried with samples: what is found there stops an edition, and `check` names the file.

Not here: faults of ours that every edition shows (test_compose_lint), the samples themselves (tests/rendering).
"""

import pytest

from feeds.app.linting import lint_newsletters
from feeds.app.post import Post
from feeds.jobs.compose.report import Outcome
from feeds.rendering.loading import templates_root
from tests.acceptance.mail_givens import cadence, deliveries, join, run
from tests.jobs.post_givens import ANN, DAY, MONDAY, composed, printed
from tests.jobs.test_compose_lint import OPEN_LINK, outcome
from tests.site_fixtures import NOON

FOOTER = "digest/parts/footer.html"
RELATIVE = '<a class="foot-link" href="/about/">About us</a>'
OPEN_PICTURE = '<img class="logo" src="http://pier.example/p.png" alt="A pier" width="60" height="60">'
NO_ALT = '<img class="logo" src="https://pier.example/p.png" width="60" height="60">'
OTHERS = '\n[[newsletters]]\nslug = "{}"\ntitle = "Another"\nfrom = "news@gazette.example"\n{}'


@pytest.fixture
def desk(site):
    """Give a site on its first Monday, with a reader and an article that is new to them."""
    site.configure(cadence("monday"))
    run(site, NOON)
    join(site, ANN)
    site.article("ferry.md", OPEN_LINK, title="The ferry runs again", date="2024-11-23 14:00")
    printed(site, MONDAY)
    return site


def own(site, name, text=None, *, more=""):
    """Give the site a template of its own: this text, or ours with ``more`` in its first paragraph."""
    ours = (templates_root() / name).read_text(encoding="utf-8")
    file = site.folder / "templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(ours.replace("</p>", f"{more}</p>", 1) if text is None else text, encoding="utf-8")
    return file


def _line(file, text):
    """Return the line of a file on which a text stands, as it is told behind the file's name."""
    return f":{file.read_text(encoding='utf-8').partition(text)[0].count(chr(10)) + 1}" if text else ""


def another(slug, settings=""):
    return OTHERS.format(slug, settings) + cadence("monday")


def checked(site):
    with site.app() as app:
        return app.check()


# ---- compose ----


@pytest.mark.rule("M11", "M12", "M19")
@pytest.mark.parametrize(
    ("name", "text", "more", "rule"),
    [
        (FOOTER, None, RELATIVE, "M12: HTML part"),
        (FOOTER, None, OPEN_PICTURE, "M11: HTML part"),
        (FOOTER, None, NO_ALT, "M11: HTML part"),
        ("digest/base.txt", "Look at the other part. {{ leave_url }}", "", "M19: text part"),
    ],
)
def test_fault_of_a_template_stops_the_edition_even_where_an_entry_could_cause_the_like(desk, name, text, more, rule):
    file = own(desk, name, text, more=more)
    ((_, why),) = outcome(desk).failed
    assert rule in why
    assert f"it comes of the site's own templates, whatever the entries: {name}{_line(file, more)}" in why
    assert deliveries(desk) == []


def test_fault_that_this_edition_does_not_show_stops_it_too(desk):
    file = own(desk, "digest/parts/corrections.html", f'<tr><td class="foot">{RELATIVE}</td></tr>')
    assert "M12" in outcome(desk).failed[0][1]
    file.unlink()
    assert composed(desk, MONDAY + DAY)[0].deliveries == 1


def test_good_template_of_the_site_stops_nothing_and_an_entry_is_still_to_blame_for_itself(desk):
    own(desk, FOOTER, more=" Good winds.")
    desk.configure(f'layout = "full-text"\n{cadence("monday")}')
    (report,) = composed(desk, MONDAY)
    assert report.deliveries == 1
    (fault,) = report.faults
    assert fault.startswith("warning M12: HTML part line")
    assert "http://pier.example/times" in fault


@pytest.mark.parametrize("weight", ["warning", "advice", "off"])
def test_config_makes_light_of_a_fault_of_a_template(desk, weight):
    own(desk, FOOTER, more=RELATIVE)
    desk.configure(f'{cadence("monday")}[lint]\nM12 = "{weight}"\n')
    assert composed(desk, MONDAY)[0].deliveries == 1


def test_templates_are_tried_once_for_all_newsletters_that_are_set_alike(desk):
    own(desk, FOOTER, more=" Good winds.")
    desk.configure(cadence("monday") + another("other") + another("third", 'layout = "full-text"\n'))
    with desk.app() as app:
        room = Post(app).room
        weekly, other, third = (room.trial(newsletter) for newsletter in app.config.newsletters)
    assert (weekly is other, weekly is third) == (True, False)


def test_template_that_fails_with_samples_alone_is_told_of_and_stops_nothing(desk):
    own(desk, "digest/parts/corrections.html", "{{ nobody }}")
    (report,) = composed(desk, MONDAY)
    assert report.deliveries == 1
    assert any("cannot be tried with samples" in note and "nobody" in note for note in report.notes)


def test_dry_run_tells_of_the_templates_while_nobody_has_subscribed(site):
    site.configure(cadence("monday"))
    run(site, NOON)
    own(site, FOOTER, more=RELATIVE).with_name("foter.html").write_text("Good winds.", encoding="utf-8")
    site.now = MONDAY
    with site.app() as app:
        (report,) = Post(app).compose("weekly", at=MONDAY, dry_run=True).reports
        (recorded,) = Post(app).compose("weekly", at=MONDAY).reports
    assert report.outcome is Outcome.NO_READERS
    assert any(fault.startswith("error M12: HTML part") and "/about/" in fault for fault in report.faults)
    assert any(note.endswith('nearest: "digest/parts/footer.html"') for note in report.notes)
    assert (recorded.outcome, recorded.faults) == (Outcome.NO_READERS, [])


def test_lint_and_preview_show_what_composing_would_stop(desk, tmp_path):
    own(desk, FOOTER, more=RELATIVE)
    desk.now = MONDAY
    with desk.app() as app:
        (linted,) = lint_newsletters(app, "weekly", ask=False)
        report = Post(app).preview("weekly", folder=tmp_path)
    for findings in (linted.findings, report.findings):
        (fault,) = [one for one in findings if one.rule == "M12" and "/about/" in one.what]
        assert (fault.stops_press, fault.spot.line is None) == (True, False)


# ---- check ----


@pytest.mark.parametrize("layout", ["front-page", "reading-list", "full-text"])
@pytest.mark.parametrize("language", ["en", "ar", "ja", "pt-BR"])
def test_check_finds_nothing_in_the_digests_of_ours(desk, layout, language):
    desk.configure(f'layout = "{layout}"\nlanguage = "{language}"\ngroup_by = "tag"\n{cadence("monday")}')
    report = checked(desk)
    assert (report.faults, report.warnings) == ([], [])


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_check_finds_nothing_in_the_notices_of_ours(desk, language):
    desk.configure(f'language = "{language}"\n{cadence("monday")}[readers]\npages = true\n')
    report = checked(desk)
    assert (report.faults, report.warnings) == ([], [])


def test_check_judges_notices_where_readers_are_written_any(desk):
    own(desk, "notices/left.html", more=RELATIVE)
    assert checked(desk).warnings == []
    desk.configure(f"{cadence('monday')}[readers]\npages = true\n")
    found = [one for one in checked(desk).warnings if "/about/" in one]
    assert found
    assert all(one.startswith("a notice (left): warning M") for one in found)


@pytest.mark.rule("M1", "M12", "M17")
@pytest.mark.parametrize(
    ("name", "text", "line", "rule"),
    [
        ("digest/subject.txt", "", "", "M1"),
        (FOOTER, '<tr><td class="foot">Bye.</td></tr>', "", "M17"),
        ("digest/parts/more.html", "<tr><td>\n<script>alert()</script></td></tr>", ":2", "M12"),
        ("digest/parts/words.html", f'<p class="byline">\n\n{RELATIVE}</p>', ":3", "M12"),
    ],
)
def test_check_names_the_template_that_breaks_a_rule_among_all_of_the_sites(desk, name, text, line, rule):
    own(desk, "digest/parts/masthead.html", more=" and all the isles")
    file = own(desk, name, text)
    found = [fault for fault in checked(desk).faults if f"{file}{line}: error {rule}: " in fault]
    assert found
    assert all(bool(line) is not ("which line brings it about cannot be told" in fault) for fault in found)
    assert all("masthead" not in fault and fault.endswith("(in weekly)") for fault in found)


def test_check_names_all_templates_that_may_break_a_rule_where_no_one_does_alone(desk):
    files = [own(desk, FOOTER, more=RELATIVE), own(desk, "digest/parts/note.html", f"<tr><td>{RELATIVE}</td></tr>")]
    (fault,) = [fault for fault in checked(desk).faults if "/about/" in fault]
    places = ", ".join(f"{file}{_line(file, RELATIVE)}" for file in files)
    assert fault.startswith(f"one or more of {places}: error M12")


@pytest.mark.rule("M1", "M16")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("digest/subject.txt", "error M1: headers, Subject: there is none; say what it is about"),
        (
            "digest/preheader.txt",
            "error M16: HTML part, <div>: the preheader is empty, so the mail's first words stand",
        ),
    ],
)
def test_check_tells_once_of_an_emptied_template_what_mends_it(desk, name, said):
    file = own(desk, name, "")
    (fault,) = checked(desk).faults
    assert fault.startswith(f"{file}: {said}")


def test_check_that_finds_a_fault_of_a_digest_ends_with_1(desk):
    own(desk, FOOTER, '<tr><td class="foot">Bye.</td></tr>')
    ended = desk.run("check")
    assert (ended.code, "footer.html: error M17: HTML part, the foot: no link leads out" in ended.out) == (1, True)


def test_check_tells_a_warning_where_the_config_makes_light_of_a_rule_and_ends_with_0(desk):
    own(desk, FOOTER, more=RELATIVE)
    desk.configure(f'{cadence("monday")}[lint]\nM12 = "warning"\nM19 = "off"\n')
    ended = desk.run("check")
    assert ended.code == 0
    assert "0 faults, 1 warning\nwarnings:\n  " in ended.out


def test_check_names_a_fault_of_a_template_once_for_all_newsletters(desk):
    own(desk, FOOTER, more=RELATIVE)
    desk.configure(cadence("monday") + another("other"))
    (fault,) = [fault for fault in checked(desk).faults if "/about/" in fault]
    assert fault.endswith("(in weekly, other)")
