"""Documents before judges that know nothing of this project: schemas, parsers, and a reader that people use.

Not here: the judges themselves (tests/judges.py).
"""

import json

import pytest

from tests.formats.givens import entry, varied, written
from tests.judges import jing, json_feed_faults, judge, newsboat, sfeed, xmllint


def saved(folder, name, *entries):
    document = folder / f"{name}.xml"
    document.write_bytes(written(name, *entries))
    return document


@pytest.mark.rule("F7")
def test_atom_is_valid_by_the_schema_of_rfc_4287(tmp_path):
    assert jing(saved(tmp_path, "atom", *varied())) == ""


@pytest.mark.rule("F21")
def test_schema_refuses_a_direction_on_an_atom_element(tmp_path):
    document = saved(tmp_path, "atom", entry())
    document.write_bytes(document.read_bytes().replace(b"<entry>", b'<entry dir="rtl">'))
    assert "dir" in jing(document)


@pytest.mark.rule("F1")
@pytest.mark.parametrize("name", ["rss", "atom"])
def test_xmllint_finds_documents_well_formed(tmp_path, name):
    assert xmllint(saved(tmp_path, name, *varied(), entry(9, html="]]>\x00\ud800<br>&nbsp;"))) == ""


@pytest.mark.rule("F2")
@pytest.mark.parametrize("name", ["rss", "atom"])
def test_newsboat_shows_every_entry_once(tmp_path, name):
    assert newsboat(saved(tmp_path, name, *varied()), tmp_path) == sorted(one.title for one in varied())


@pytest.mark.rule("F2")
@pytest.mark.parametrize("name", ["rss", "atom"])
def test_sfeed_reads_time_title_link_content_and_id(tmp_path, name):
    rows = [[int(row[0]), *row[1:3], row[4], row[5]] for row in sfeed(saved(tmp_path, name, *varied()))]
    assert rows == [[int(one.published_at.timestamp()), one.title, one.url, "html", one.id] for one in varied()]


def test_json_feed_is_valid_by_its_schema():
    assert json_feed_faults(written("json", *varied())) == []


@pytest.mark.rule("F4")
@pytest.mark.parametrize(("key", "value"), [("date_published", "2 March 2024"), ("url", "/ferry/"), ("url", "a b")])
def test_schema_looks_into_dates_and_addresses(key, value):
    document = json.loads(written("json", entry()))
    document["items"][0][key] = value
    assert len(json_feed_faults(json.dumps(document).encode())) == 1


def test_judge_that_is_not_installed_skips_its_test_by_name():
    with pytest.raises(pytest.skip.Exception, match="no-such-judge is not installed"):
        judge("no-such-judge", {})


def test_judge_that_is_required_and_not_installed_fails_its_test():
    with pytest.raises(pytest.fail.Exception, match="no-such-judge is not installed"):
        judge("no-such-judge", {"REQUIRE_JUDGES": "1"})
