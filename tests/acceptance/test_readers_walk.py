"""From the front page to being forgotten: all that a reader can do, done in a browser, with mail that really came.

Without script and with it, in three languages, one of them from right to left; every page is judged by axe.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.walking import Served, link, links, walker
from tests.site_fixtures import CONFIG

pytestmark = pytest.mark.once

READERS = """cadences = ["day", "month"]
[readers]
pages = true
"""
ANN, MOVED = "ann@x.example", "ann@new.example"
WALKS = ("en", True), ("en", False), ("de", True), ("ar", True)  # language, with script?


@pytest.fixture(params=WALKS, ids=str)
def walking(request, tmp_path):
    """Give a site that is served, and somebody who looks at it."""
    (language, has_script), now = request.param, datetime.now(UTC)
    site = Served(tmp_path / "site")
    for number, tag in enumerate(("ferry", "harbour", "ferry"), 1):
        at = now - timedelta(hours=number)
        words = f"Article {number} is about the {tag}, and goes on for a while."
        site.article(f"a{number}.md", words, title=f"Article {number}", date=f"{at:%FT%TZ}", tags=f"[{tag}]")
    with site.open(CONFIG, READERS), walker(language, has_script=has_script, folder=tmp_path / "shots") as reader:
        yield site, reader


def standing(site, address=ANN):
    """Return how a reader stands with the newsletter: state, and what they chose."""
    (one,) = site.held(address)["subscriptions"]
    return one["state"], one["preferences"]


def subscribe(site, reader):
    page = reader.page
    page.goto(site.address)
    reader.see("front")
    reader.press('a[href*="readers/"]')
    reader.see("subscribe")
    page.fill("#address", ANN)
    page.set_checked("#newsletter-weekly", True)
    reader.press("form:has(#address) button")
    reader.see("asked")
    (confirming,) = site.mail(ANN)
    page.goto(link(confirming, "confirm"))
    reader.see("confirm")
    assert standing(site) == ("pending", {})
    reader.press("main button")
    reader.see("confirmed")
    assert standing(site) == ("active", {})
    assert len(site.mail(ANN, after=1)) == 2


def view(site, reader, edition):
    """Look at an edition in the browser, where it says what the mail says, once its page is printed."""
    (viewed,) = {one for one in links(edition) if one.endswith("/newsletters/weekly/1/")}
    site.wait_for("newsletters/weekly/1/index.html")
    reader.page.goto(viewed)
    reader.see("edition")
    assert all(f"Article {number}" in reader.page.inner_text("main") for number in (1, 2, 3))


def choose(reader, edition):
    page = reader.page
    page.goto(link(edition, "preferences"))
    reader.see("preferences")
    page.select_option("#cadence", "day")
    page.fill("#paused-until", f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}")
    reader.press("form:has(#cadence) button")
    reader.see("kept")


def manage(site, reader, address, *, after):
    """Open the page of all that an address has, by the link that is mailed to it."""
    page = reader.page
    page.goto(f"{site.address}readers/manage")
    reader.see("ask")
    page.fill("#ask-address", address)
    reader.press("form:has(#ask-address) button")
    page.goto(link(site.mail(address, after=after)[-1], "manage"))
    reader.see("manage")


def read_by_feed(reader):
    """Have the newsletter by a private feed, and go back to mail."""
    page = reader.page
    reader.press('button[value="feed"]')
    reader.see("by feed")
    address = page.input_value(".doors input[type=url] >> nth=0")
    assert page.request.get(address).status == 200
    reader.press('button[value="mail"]')
    reader.see("by mail")
    assert page.request.get(address).status == 410


def move(site, reader):
    page = reader.page
    page.fill("#new-address", MOVED)
    reader.press('button[value="move"]')
    reader.see("moving")
    (moving,) = site.mail(MOVED)
    page.goto(link(moving, "move"))
    reader.see("move")
    reader.press("main button")
    reader.see("moved")


def leave(reader, edition):
    page = reader.page
    page.goto(link(edition, "leave"))
    reader.see("leave")
    reader.press("main button")
    reader.see("left")


def test_reader_can_do_it_all(walking):
    site, reader = walking
    page = reader.page
    subscribe(site, reader)
    site.edition()
    (_, _, edition) = site.mail(ANN, after=2)
    assert all(f"{site.address}a{number}/" in links(edition) for number in (1, 2, 3))

    view(site, reader, edition)
    choose(reader, edition)
    assert standing(site) == ("active", {"cadence": "day"})
    assert site.held(ANN)["subscriptions"][0]["paused_until"] is not None

    manage(site, reader, ANN, after=3)
    with page.expect_download() as data:
        page.click('button[value="data"]')
    assert json.loads(Path(data.value.path()).read_text())["subscriber"]["address"] == ANN
    read_by_feed(reader)
    move(site, reader)
    assert standing(site, MOVED) == ("active", {"cadence": "day"})

    leave(reader, edition)
    assert standing(site, MOVED)[0] == "ended"
    reader.press("main button")
    reader.see("back")
    assert standing(site, MOVED)[0] == "active"

    manage(site, reader, MOVED, after=len(site.mail(MOVED)))
    page.check("#sure")
    reader.press('button[value="forget"]')
    reader.see("forgotten")
    assert site.process("subscribers", "export", MOVED).code == 2
    page.goto(link(edition, "preferences"))
    reader.see("no longer")
    assert reader.wrong == []
