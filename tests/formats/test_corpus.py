"""Hundreds of hostile articles go the whole way, from file to feed: each ends as foreseen, and none costs a neighbour.

A site for each theme, synced and published as people do it; what each format says is read back. Not here: the cases
(tests/formats/corpus), whatever nobody thought of (test_fuzzing).
"""

from dataclasses import dataclass

import feedparser
import pytest

from feeds.formats import FORMATS
from feeds.formats.check import check_document
from tests.formats.corpus import THEMES
from tests.formats.corpus.reading import read_feed
from tests.formats.fuzzing import FORBIDDEN, must_be_clean
from tests.judges import jing, json_feed_faults, xmllint
from tests.site_fixtures import Site

CASES = [pytest.param(name, case, id=f"{name}/{case.name}") for name, theme in THEMES.items() for case in theme.cases]
FEED = '[[feeds]]\nslug = "site"\ntitle = "The Harbour Gazette"\npath = "."\nlimit = 100\n'
SITE = "https://gazette.example/"


@dataclass(frozen=True, slots=True)
class Printed:
    """A theme's site: the reports of its sync, the id of each entry by key, and what each format says of each id."""

    site: Site
    refused: dict[str, str]
    notes: dict[str, str]
    ids: dict[str, str]
    said: dict[str, dict[str, dict[str, object]]]
    left_out: list[object]


@pytest.fixture(scope="session")
def printed(tmp_path_factory):
    """Give a maker of themes' sites, each made once, on first demand."""
    made = {}

    def of(name):
        if name not in made:
            made[name] = print_theme(THEMES[name], Site(tmp_path_factory.mktemp(name) / "site"))
        return made[name]

    return of


def print_theme(theme, site):
    site.configure(FEED)
    for name, data in theme.files.items():
        site.write(name, data)
    for case in theme.cases:
        site.write(case.name, case.data)
    site.article(
        "neighbour-above.md", "Words &lt;above&gt;.", title="Above & all", date="2024-11-23 11:59", tags="[a, b]"
    )
    site.article("neighbour-below.md", "Words *below*.", title="Below", date="1000-01-01")
    synced, published = site.sync(), site.publish()
    documents = site.documents()
    return Printed(
        site=site,
        refused=dict(synced.refused),
        notes={key: "\n".join(note for name, note in synced.notes if name == key) for key, _ in synced.notes},
        ids={key: entry.id for key, entry in site.entries().items()},
        said={name: read_feed(name, documents[format.filename]) for name, format in FORMATS.items()},
        left_out=list(published.left_out),
    )


def test_there_are_more_than_two_hundred_of_them_by_names_of_their_own():
    assert len(CASES) > 200
    assert [name for name, theme in THEMES.items() if len({case.name for case in theme.cases}) < len(theme.cases)] == []


@pytest.mark.rule("F1", "T21", "T22", "T23", "T24", "T25", "T26", "T27", "T28", "T30", "T31", "T32", "T33", "T34")
@pytest.mark.rule("T35", "T36", "T37", "T41", "T42", "T43", "T47", "T50", "T51", "T52", "T57")
@pytest.mark.parametrize(("theme", "case"), CASES)
def test_hostile_article_ends_as_foreseen(printed, theme, case):
    whole = printed(theme)
    if case.refused:
        assert case.refused in whole.refused.get(case.name, "it was not refused")
        return
    assert whole.refused.get(case.name) is None
    assert case.noted in whole.notes.get(case.name, "")
    held_in = [name for name, said in whole.said.items() if whole.ids[case.name] in said]
    assert held_in == ([] if case.held else list(FORMATS))
    for name in held_in:
        must_say(case, name, whole.said[name][whole.ids[case.name]])


def must_say(case, name, said):
    assert [words for words in case.holds if words not in said["content"]] == []
    assert [words for words in case.lacks if words.lower() in said["everything"].lower()] == []
    for what, expected in case.says.items():
        if what == "id" and expected == "urn:uuid:":
            assert said["id"].startswith(expected)
        elif what == "files" and name == "rss":
            assert said[what] == expected[:1]  # readers of RSS take one an item
        else:
            assert said[what] == expected
    assert not FORBIDDEN.search(said["everything"])


@pytest.mark.rule("F1")
@pytest.mark.parametrize("theme", THEMES)
def test_neighbours_of_hostile_articles_are_whole(printed, theme):
    whole = printed(theme)
    for name, said in whole.said.items():
        above, below = (said[whole.ids[f"neighbour-{place}.md"]] for place in ("above", "below"))
        assert (above["title"], above["content"], above["tags"]) == (
            "Above & all",
            "<p>Words &lt;above&gt;.</p>",
            ["a", "b"],
        ), name
        assert (below["title"], below["content"]) == ("Below", "<p>Words <em>below</em>.</p>"), name
        assert whole.left_out == []


@pytest.mark.rule("F1")
@pytest.mark.parametrize("theme", THEMES)
def test_hostile_article_alone_between_two_innocent_ones_spoils_no_document(theme):
    for case in THEMES[theme].cases:
        if case.name.endswith((".md", ".html", ".txt")) and len(case.data) < 10_000:  # the long ones take long
            must_be_clean([(case.name, case.data)])


@pytest.mark.rule("F2")
@pytest.mark.parametrize("theme", THEMES)
def test_formats_agree_on_hostile_articles(printed, theme):
    rss, atom, json = printed(theme).said.values()
    for what in ("title", "link", "content", "published", "updated", "authors", "tags", "language"):
        by_format = [[(key, one[what]) for key, one in said.items()] for said in (rss, atom, json)]
        assert by_format[0] == by_format[1] == by_format[2], what


@pytest.mark.rule("F1")
@pytest.mark.parametrize("theme", THEMES)
def test_documents_with_hostile_articles_pass_every_judge(printed, theme):
    whole = printed(theme)
    public, documents = whole.site.public, whole.site.documents()
    assert {name: check_document(name, documents[each.filename]) for name, each in FORMATS.items()} == {
        name: [] for name in FORMATS
    }
    assert json_feed_faults(documents["feed.json"]) == []
    for name in ("rss.xml", "atom.xml"):
        parsed = feedparser.parse(documents[name])
        assert (bool(parsed.bozo), len(parsed.entries)) == (False, len(whole.said["rss"]))
    assert [path for path, data in documents.items() if path.endswith("xml") and data.startswith(b"\xef\xbb\xbf")] == []
    assert xmllint(public / "rss.xml") == ""
    assert jing(public / "atom.xml") == ""
