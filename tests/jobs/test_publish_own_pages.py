"""A site's own page templates, printed in a child process: one that runs away holds nothing back but pages.

Not here: the limits themselves (tests/rendering/test_confined.py).
"""

import os

import pytest

from feeds.errors import TemplateInvalid
from feeds.rendering.confined import Limits, confined

OWN = "{% extends 'pages/base.html' %}{% block main %}<h1>{{ story.headline }}, ours</h1>{% endblock %}"
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


def own_page(site, text, name="entry"):
    path = site.folder / "templates" / "pages" / f"{name}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def process_of(_given, _templates):
    return os.getpid()


def published(site):
    """Publish under limits that a test has time for."""
    with site.app() as app:
        child = confined(process_of, None, app.templates, name="", limits=Limits(processor=0.5))
        app.publish()
        assert confined(process_of, None, app.templates, name="") == child


@pytest.fixture
def printed(site):
    """Give a printed site, with an article that was brought since."""
    site.article("ferry.md", title="The ferry")
    site.print()
    site.article("gale.md", title="The gale")
    site.sync()
    return site


def test_all_pages_of_a_publish_are_made_by_one_child(printed):
    own_page(printed, OWN)
    published(printed)
    assert printed.holding("The ferry, ours", "The gale, ours") == {"ferry/index.html", "gale/index.html"}


@pytest.mark.rule("T61")
@pytest.mark.parametrize("name", ["entry", "listing", "not-found"])
def test_while_a_page_runs_away_feeds_are_printed_and_old_pages_stay(printed, name):
    before = printed.documents()
    path = own_page(printed, ENDLESS, name)
    with pytest.raises(TemplateInvalid, match=rf"{path}:1: ran for more than 0\.5 seconds"):
        published(printed)
    after = printed.documents()
    assert {path for path in before if path not in after} == set()
    assert after["ferry/index.html"] == before["ferry/index.html"]
    assert [entry["title"] for entry in printed.feeds()["atom"]] == ["The gale", "The ferry"]
    own_page(printed, OWN.replace("story.headline", "page.title"), name)
    published(printed)
    assert printed.holding(", ours</h1>")
