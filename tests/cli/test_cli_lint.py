"""``pressrun lint`` as an operator meets it: newsletters, files, severities of the config, exit codes, JSON.

Not here: the rules (tests/rendering/lint), asking for links (tests/jobs/test_lint.py).
"""

import pytest

from tests.rendering.lint.given_messages import good, spoilt
from tests.site_fixtures import CONFIG, pressrun

NO_LEAVING = ("raw", "List-Unsubscribe: <mailto:weekly@harbour.example?subject=unsubscribe>\r\n", "")
OPEN_LINK = ("html", 'href="https://harbour.example/quay/"', 'href="http://harbour.example/quay/"')
SECOND = '\n[[newsletters]]\nslug = "never"\ntitle = "Never"\nfrom = "never@gazette.example"\ntags = ["nothing"]\n'


@pytest.fixture
def paper(site):
    """Give a site with one article in store."""
    site.article("ferry.md", title="The ferry runs", date="2024-11-22 14:00")
    site.run("sync")
    return site


def written(tmp_path, data):
    file = tmp_path / "a.eml"
    file.write_bytes(data)
    return str(file)


def test_newsletter_of_ours_is_found_good(paper):
    ended = paper.run("lint", "weekly")
    assert (ended.code, ended.out.split(": ")[0]) == (0, "weekly")
    assert "0 errors, 0 warnings" in ended.out


def test_without_a_name_all_are_judged_and_one_with_nothing_to_bring_is_told_of(paper):
    paper.configure(SECOND)
    ended = paper.run("lint")
    assert ended.code == 0
    assert "weekly: “The ferry runs”" in ended.out
    assert "never: nothing to judge" in ended.out


def test_newsletter_with_nothing_to_bring_cannot_be_judged_by_name(paper):
    paper.configure(SECOND)
    assert paper.run("lint", "never").code == 2


def test_unknown_newsletter_is_named_with_those_that_are_known(paper):
    ended = paper.run("lint", "weakly")
    assert (ended.code, "known are: weekly" in ended.err) == (2, True)


def test_lint_changes_nothing(paper):
    before = paper.run("status", "--json").json
    paper.run("lint")
    assert paper.run("status", "--json").json == before


def test_template_of_the_site_that_breaks_a_rule_is_found(paper):
    folder = paper.folder / "templates" / "digest" / "parts"
    folder.mkdir(parents=True)
    (folder / "more.html").write_text("", encoding="utf-8")
    (folder / "footer.html").write_text("<tr><td><script>x()</script></td></tr>", encoding="utf-8")
    ended = paper.run("lint", "weekly")
    assert ended.code == 1
    assert "error M12: HTML part line" in ended.out
    assert "error M17: HTML part, the foot: no link leads out" in ended.out


def test_file_needs_no_config(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert pressrun("lint", written(tmp_path, good())).code == 0


def test_error_in_a_file_is_exit_code_1_with_rule_place_why_and_remedy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = pressrun("lint", written(tmp_path, spoilt(*NO_LEAVING)))
    assert ended.code == 1
    line, why, who, remedy = ended.out.splitlines()[1:5]
    assert line.endswith("error M2: headers, List-Unsubscribe: there is none")
    assert [part.split(":")[0].strip() for part in (why, who, remedy)] == ["why", "seen by", "remedy"]
    assert "Gmail, Yahoo" in who


def test_warning_is_exit_code_0_and_the_config_may_make_an_error_of_it(paper, tmp_path):
    file = written(tmp_path, spoilt(*OPEN_LINK))
    assert paper.run("lint", file).code == 0
    paper.configure('\n[lint]\nM12 = "error"\n')
    assert paper.run("lint", file).code == 1
    paper.configure('\n[lint]\nM12 = "off"\n')
    assert "M12" not in paper.run("lint", file).out


def test_wrong_severity_is_a_mistake_of_the_config(paper):
    paper.configure('\n[lint]\nM12 = "eror"\n')
    ended = paper.run("lint")
    assert (ended.code, 'nearest: "error"' in ended.err) == (2, True)


def test_unknown_rule_is_a_mistake_of_the_config(paper):
    paper.configure('\n[lint]\nM21 = "error"\n')
    assert "unknown key" in paper.run("lint").err


def test_missing_file_is_exit_code_2(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = pressrun("lint", "none.eml")
    assert (ended.code, "none.eml: it cannot be read" in ended.err) == (2, True)


def test_machines_get_every_finding_with_all_of_its_parts(paper, tmp_path):
    (told,) = paper.run("lint", written(tmp_path, spoilt(*NO_LEAVING)), "--json").json
    assert told["subject"] == "The ferry sails, and 11 more"
    assert set(told["findings"][0]) == {
        *("rule", "severity", "part", "line", "place", "what", "why", "seen_by", "remedy"),
    }
    assert (told["findings"][0]["rule"], told["clients_as_of"][:2]) == ("M2", "20")


def test_words_of_a_stranger_cannot_steer_the_terminal(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = spoilt("raw", "Subject: The ferry", "Subject: \x1b[2J The ferry")
    assert "\x1b" not in pressrun("lint", written(tmp_path, data)).out


def test_config_without_newsletters_has_nothing_to_judge(site):
    site.configure(config=CONFIG.partition("[[newsletters]]")[0])
    ended = site.run("lint")
    assert (ended.code, ended.out) == (0, "the config has no newsletters\n")
