import pytest

from feeds.errors import OutputRefused, UsageWrong
from feeds.rendering.checking import check_templates
from feeds.rendering.loading import templates_root
from feeds.rendering.overrides import copy, list_names, list_overrides, list_strangers, mark_merged, stray_templates

FOOTER = "digest/parts/footer.html"


def test_every_part_of_digests_and_pages_can_be_copied_and_reads_the_same(tmp_path):
    for name in list_names():
        assert copy(tmp_path, name).read_bytes() == (templates_root() / name).read_bytes()
    assert [one.name for one in list_overrides(tmp_path)] == list_names()
    assert all(one.is_known and not one.upgrade and not one.own for one in list_overrides(tmp_path))


def test_what_an_upgrade_changed_is_shown_until_it_is_merged(tmp_path):
    copy(tmp_path, FOOTER).write_text("mine\n")
    (tmp_path / ".ours" / FOOTER).write_text("as it was\n")
    (changed,) = list_overrides(tmp_path)
    assert "-as it was\n" in changed.upgrade
    assert '+<tr><td class="foot">\n' in changed.upgrade
    assert "mine" not in changed.upgrade
    assert "+mine\n" in changed.own
    mark_merged(tmp_path, FOOTER)
    assert list_overrides(tmp_path)[0].upgrade == ""
    assert (tmp_path / FOOTER).read_text() == "mine\n"


def test_a_template_that_was_copied_by_hand_is_compared_with_ours_of_now(tmp_path):
    (tmp_path / "digest/parts").mkdir(parents=True)
    (tmp_path / FOOTER).write_text("mine\n")
    (one,) = list_overrides(tmp_path)
    assert (one.is_known, one.upgrade) == (False, "")
    assert "+mine" in one.own


def test_a_copy_never_writes_over_what_is_there(tmp_path):
    copy(tmp_path, FOOTER).write_text("mine\n")
    with pytest.raises(UsageWrong, match="is there already"):
        copy(tmp_path, FOOTER)
    assert (tmp_path / FOOTER).read_text() == "mine\n"


@pytest.mark.parametrize("name", ["digest/footer.html", "digest/part/foter.html", "footer"])
def test_a_misspelt_name_is_told_with_the_one_that_was_meant(tmp_path, name):
    with pytest.raises(UsageWrong, match=f'nearest: "{FOOTER}"'):
        copy(tmp_path, name)


@pytest.mark.parametrize("name", ["digest/nope.html", "../config.toml", "site/config.toml", "/etc/passwd", ""])
def test_only_templates_of_ours_are_copied(tmp_path, name):
    with pytest.raises(UsageWrong, match="templates list"):
        copy(tmp_path / "templates", name)
    assert not (tmp_path / "templates").exists()


def test_only_a_template_that_is_there_can_be_merged(tmp_path):
    with pytest.raises(UsageWrong, match="templates copy"):
        mark_merged(tmp_path, FOOTER)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "templates").write_text("a file")
    with pytest.raises(OutputRefused, match="footer"):
        copy(tmp_path / "templates", FOOTER)


def test_files_that_ours_has_not_are_named(tmp_path):
    copy(tmp_path, FOOTER)
    (tmp_path / "digest/parts/weather.html").write_text("sun")
    assert list_strangers(tmp_path) == ["digest/parts/weather.html"]


def test_our_own_folder_overrides_nothing():
    assert list_overrides(templates_root()) == []


# ---- files that nothing uses ----


def stray(folder, *names, text=""):
    """Return what is said of these files of a site, each without its folder."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return [said.removeprefix(f"{folder}/") for said in stray_templates(folder)]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("digest/parts/foter.html", FOOTER),
        ("parts/footer.html", FOOTER),
        ("footer.html", FOOTER),
        ("digest/style.cs", "digest/style.css"),
        ("pages/entri.html", "pages/entry.html"),
        ("digest/parts/base.html", "digest/base.html"),
        ("digests/subject.txt", "digest/subject.txt"),
    ],
)
def test_misspelt_template_is_named_with_the_one_that_was_meant(tmp_path, name, meant):
    assert stray(tmp_path, name) == [f'{name}: overrides nothing, and no template uses it; nearest: "{meant}"']


def test_part_that_nothing_includes_is_named_until_something_does(tmp_path):
    assert stray(tmp_path, "digest/parts/weather.html") == [
        "digest/parts/weather.html: overrides nothing, and no template uses it"
    ]
    copy(tmp_path, FOOTER).write_text('{% include "digest/parts/weather.html" %}')
    assert stray(tmp_path) == []


def test_where_a_name_is_computed_any_part_may_be_meant(tmp_path):
    copy(tmp_path, FOOTER).write_text('{% include "digest/parts/" ~ view.slug ~ ".html" %}')
    assert stray(tmp_path, "digest/parts/weekly.html") == []


def test_what_is_no_template_is_passed_over(tmp_path):
    copy(tmp_path, FOOTER)
    names = ("README.txt", "words/de.po", "digest/parts/footer.html~", "digest/.base.html.swp", "preview/edition.html")
    assert stray(tmp_path, *names) == []


def test_mistaken_template_does_not_hide_the_others(tmp_path):
    copy(tmp_path, FOOTER).write_text("{% if %}")
    (tmp_path / "digest/parts/note.html").write_bytes(b"\xe9")
    assert len(stray(tmp_path, "digest/parts/foter.html")) == 1


def test_there_is_nothing_to_say_of_our_own_folder_or_of_none(tmp_path):
    assert stray_templates(templates_root()) == stray_templates(tmp_path / "none") == []


def test_check_tells_of_a_template_that_nothing_uses(tmp_path):
    assert stray(tmp_path, "digest/style.cs") == [
        said.removeprefix(f"{tmp_path}/") for said in check_templates(tmp_path)
    ]
