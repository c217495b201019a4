"""Samples that templates are judged by, how their faults join an edition's own, and what may be dropped without harm.

Not here: what comes of such a fault in compose and check (tests/jobs/test_template_faults.py).
"""

from dataclasses import asdict, replace

import pytest

from feeds.rendering.environment import Templates
from feeds.rendering.lint import Part, Severity, Spot, judge_message
from feeds.rendering.lint.findings import error, warning
from feeds.rendering.lint.sampling import Sampled, own_files, with_template_faults
from feeds.rendering.loading import templates_root
from feeds.rendering.samples import site_like
from feeds.rendering.views import SiteView, Theme
from tests.rendering.lint.given_messages import good, spoilt
from tests.rendering.lint.test_planted_mail_faults import END, LONG, STYLED

HERE, THERE = Spot(Part.HTML, 7, "<img>"), Spot(Part.HTML, 9, "<img>")
NO_ALT = warning("M11", HERE, "it has no alt", remedy="write one")
FOOT = Sampled(error("M11", Spot(Part.HTML), "it has no alt", remedy="write one"), ("digest/parts/footer.html",))


def test_samples_stand_on_no_address_of_the_site_so_that_its_own_host_is_no_fault_of_a_template():
    site = site_like(SiteView(title="Here", url="http://localhost:8000/", theme=Theme(logo_url="http://localhost/l")))
    assert (site.title, "localhost" in str(asdict(site))) == ("Here", False)


def test_copy_that_is_the_same_as_ours_is_no_template_of_the_sites(tmp_path):
    for name in ("footer", "lead"):
        file = tmp_path / f"digest/parts/{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((templates_root() / f"digest/parts/{name}.html").read_bytes())
    file.write_text("<tr></tr>")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/entry.html").write_text("x")
    assert own_files(Templates((tmp_path, templates_root()))) == ("digest/parts/lead.html",)
    assert own_files(Templates((templates_root(),))) == ()


def test_fault_of_a_template_is_told_at_each_place_where_the_edition_has_it():
    found = with_template_faults([NO_ALT, replace(NO_ALT, spot=THERE)], [FOOT])
    assert [(one.spot, one.stops_press) for one in found] == [(HERE, True), (THERE, True)]
    assert all(one.remedy.endswith("whatever the entries: digest/parts/footer.html") for one in found)


def test_fault_of_a_template_that_the_edition_does_not_show_is_told_too():
    (found,) = with_template_faults([], [FOOT])
    assert (found.severity, found.what) == (Severity.ERROR, "it has no alt")


def test_findings_that_no_template_brings_about_stay_as_they_are():
    twice = (NO_ALT, NO_ALT)
    assert with_template_faults(twice, [Sampled(FOOT.finding), Sampled(error("M12", HERE, "x", remedy="y"))]) == twice


@pytest.mark.rule("M13")
@pytest.mark.parametrize(
    "html",
    [
        f'<p style="{STYLED}; word-wrap:break-word">Words of which none is long.</p>',
        f'<p style="{STYLED}; word-break:break-word">{"渡轮恢复运行" * 20} {"well-" * 20}</p>',
        f'<div style="word-wrap:break-word"><p style="{STYLED}; display:none">{LONG}</p></div>',
        f'<pre style="{STYLED}; white-space:pre-wrap">a = 1\nb = 2</pre>',
        f'<pre style="{STYLED}; white-space:pre-wrap; word-wrap:break-word">{"x" * 60}\n{"b + 2 " * 10}</pre>',
        f'<p style="{STYLED}; border-radius:24px">Words.</p>',
        '<table role="presentation" width="9" border="0" style="table-layout:fixed"><tr><td></td></tr></table>',
    ],
)
def test_what_a_client_drops_and_nobody_sees_is_passed_over(html):
    known = {(one.rule, one.what) for one in judge_message(good()).findings}
    data = spoilt("html", END, f"{html}{END}")
    assert [
        one.text for one in judge_message(data).findings if one.rule == "M13" and (one.rule, one.what) not in known
    ] == []
