"""The whole press run on each database: sync, publish, edit, move, withdraw, and the same ids and bytes from both.

Not here: the store's own statements (tests/store).
"""

import pytest

from tests.site_fixtures import Site


@pytest.fixture(params=["sqlite", "postgresql"])
def stored(request, tmp_path):
    """Give a site without a store yet, on either database."""
    site = Site(tmp_path / request.param)
    if request.param == "postgresql":
        site.configure(f'[store]\nurl = "{request.getfixturevalue("postgres")()}"\n')
    return site


def a_week(site):
    """Live through a week of a small paper; return the documents and ids at its end."""
    site.articles(4)
    site.article("secret.md", access="members", tags="[ferry]")
    site.article("later.md", date="2024-11-30 09:00")
    site.write("nul.md", b"---\ntitle: Nu\x00l\n---\nBe\x00fore.\n")
    site.print()
    site.edit("a01.md", "Words", "Other words")
    site.move("a02.md", "moved/a02.md")
    site.remove("a03.md")
    site.article("new.md", tags="['C', 'C++', Ferry]", slug="brand-new")
    site.print()
    site.articles(4)
    site.remove("a02.md")
    site.article("new.md", tags="['C', 'C++', Ferry]", slug="newest")
    site.print()
    return site.documents(), site.ids()


def test_week_on_the_database_ends_as_it_should(stored):
    documents, ids = a_week(stored)
    assert len(set(ids)) == len(ids) == 6
    assert {entry.revision for key, entry in stored.entries().items() if key == "a01.md"} == {3}
    assert {"newest/index.html", "brand-new/index.html", "a02/index.html", "a03/index.html"} <= documents.keys()
    assert stored.publish().written == []
    assert stored.run("check").code == 0
    assert stored.run("migrate", "--check").code == 0


def test_both_databases_print_the_same_bytes(tmp_path, postgres):
    light, heavy = Site(tmp_path / "light"), Site(tmp_path / "heavy")
    heavy.configure(f'[store]\nurl = "{postgres()}"\n')
    assert a_week(light) == a_week(heavy)
    assert light.entries() == heavy.entries()


@pytest.mark.rule("F2")
def test_ids_are_the_same_from_either_database(tmp_path, postgres):
    light, heavy = Site(tmp_path / "light"), Site(tmp_path / "heavy")
    heavy.configure(f'[store]\nurl = "{postgres()}"\n')
    for site in (light, heavy):
        site.articles(3)
        site.print()
    assert light.ids() == heavy.ids()
