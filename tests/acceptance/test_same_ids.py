"""Two hundred articles are changed in every way through the whole program: no reader may see an old one as new.

Not here: ten thousand through the rules alone (tests/formats/test_same_ids.py).
"""

import pytest

from tests.formats.many_articles import article
from tests.formats.pipeline import SHELF
from tests.site_fixtures import CONFIG

COUNT = 200
FEEDS = '[[feeds]]\nslug = "site"\ntitle = "All"\npath = "."\nlimit = 100\n' + "".join(
    f'[[feeds]]\nslug = "{slug}"\ntitle = "{slug}"\nauthors = ["{name}"]\nlimit = 100\n'
    for slug, name in {"ann": "Ann Lee", "bo": "Bo Ek"}.items()
)
CHANGES = (
    {"slug": "another-{}"},
    {"title": "Another title {}"},
    {"authors": "[Somebody Else]"},
    {"date": "2003-02-0{}"},
    {"tags": "[other, subjects]"},
    {"body": "Other words {}."},
    {"url": "https://elsewhere.example/{}"},
)


def key_of(number):
    return f"2024/a{number:03}.md"


def written(site, change):
    for name, file in SHELF.items():
        site.write(f"2024/{name}", bytes(file.length))
    for number in range(COUNT):
        changed = {key: text.format(1 + number % 9) for key, text in change(number).items()}
        site.write(key_of(number), article(number, **changed))


@pytest.mark.rule("F2")
def test_ids_outlast_every_change_of_words_slug_author_date_tags_scheme_and_host(site):
    site.configure(FEEDS)
    written(site, lambda number: {})
    site.sync()
    site.publish()
    before = {key: entry.id for key, entry in site.entries().items()}
    assert (len(before), len(set(before.values()))) == (COUNT, COUNT)
    assert 0 < len(set(site.ids()) & set(before.values())) == len(site.ids())

    site.configure(FEEDS, config=CONFIG.replace("https://gazette.example/", "http://moved.example:8080/news/"))
    written(site, lambda number: CHANGES[number % len(CHANGES)])
    changed = site.sync()
    site.publish()
    assert len(changed.edited) > COUNT // 2
    assert (changed.added, changed.withdrawn) == ([], [])
    assert {key: entry.id for key, entry in site.entries().items()} == before
    assert 0 < len(set(site.ids()) & set(before.values())) == len(site.ids())
    assert "moved.example:8080/news/" in (site.public / "rss.xml").read_text()
    assert site.run("check").code == 0
