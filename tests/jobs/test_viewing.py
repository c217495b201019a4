"""A mail of an edition is seen as a page: by whoever has its link, as long as all that it holds is public.

Not here: how the page is made (tests/rendering/test_mail_page.py), over HTTP (tests/web/test_mail_answers.py).
"""

import re

import pytest

from feeds.config import load_config
from feeds.jobs.publish.fixed import site_view
from feeds.jobs.subscribe.desk import Desk
from feeds.jobs.subscribe.viewing import seen_mail
from feeds.model import whole_part
from feeds.rendering.environment import open_templates
from feeds.store import editions, subscribers
from tests.acceptance.mail_givens import by_smtp, cadence, join, run
from tests.jobs.choice_givens import wish
from tests.jobs.post_givens import ANN, BOB, EDITION, MONDAY, composed, delivered, printed
from tests.jobs.withdraw_givens import restore, withdraw
from tests.site_fixtures import NOON

CY = "cy@inbox.example"
PAGES = "[readers]\npages = true\n"
PUBLIC = "https://gazette.example/newsletters/weekly/1/"
OWN = re.compile(r"https://gazette\.example/readers/edition/(\S+)")


def sent(site, server, more=PAGES, **newsletter):
    """Send an edition of two articles to Ann and Bob, of one of them to Cy; return reader → the link in the mail."""
    site.configure(f"{cadence('monday', **newsletter)}{by_smtp(server)}{more}")
    run(site, NOON)
    join(site, ANN, BOB, CY)
    wish(site, CY, follow=["boats"])
    site.article("ferry.md", "It sails.", title="The ferry runs again", tags="[boats]", date="2024-11-23 14:00")
    site.article("quay.md", title="The quay is mended", date="2024-11-23 15:00")
    printed(site, MONDAY)
    composed(site, MONDAY)
    delivered(site)
    return {letter.recipient: links(letter) for letter in server.taken}


def links(letter):
    found = re.findall(r"^View in browser\n(\S+)$", letter.text, re.MULTILINE)
    return found[0] if found else None


def seen(site, url):
    """Return what the link shows, as the pages of readers do."""
    config = load_config(site.folder / "config.toml", {})
    with site.app() as app:
        desk = Desk(config=config, store=app.store, templates=open_templates(), site=site_view(config))
        return seen_mail(desk, OWN.fullmatch(url)[1], now=MONDAY)


def words(found):
    return whole_part(found.parts["html"]).decode() if found.parts else ""


def test_link_leads_to_the_editions_page_or_to_a_selection_of_ones_own(site, server):
    found = sent(site, server)
    assert found[ANN] == found[BOB] == PUBLIC
    shown = words(seen(site, found[CY]))
    assert "The ferry runs again" in shown
    assert "The quay is mended" not in shown


def test_without_pages_of_readers_it_leads_to_the_editions_page(site, server):
    assert {*sent(site, server, more="").values()} == {PUBLIC}


def test_newsletter_that_is_kept_off_the_site_has_pages_by_link_alone(site, server):
    found = seen(site, sent(site, server, feed="false")[ANN])
    assert "The quay is mended" in words(found)
    assert found.archive_url == ""


def test_newsletter_without_any_page_has_no_such_link(site, server):
    assert {*sent(site, server, more="", feed="false").values()} == {None}


@pytest.mark.rule("T83")
def test_link_says_nothing_of_whose_mail_it_was(site, server):
    url = sent(site, server)[CY]
    page = words(seen(site, url))
    with site.app() as app, app.store.reading() as tx:
        cy = subscribers.get_by_key(tx, CY)
    assert cy.id not in url
    assert not {CY, cy.id} & set(re.split(r"[\s\"/.<>]", page))


def test_mail_of_what_was_withdrawn_is_shown_no_more_until_it_is_restored(site, server):
    url = sent(site, server)[CY]
    printed(site, MONDAY)
    withdraw(site, "ferry")
    gone = seen(site, url)
    assert (gone.parts, gone.is_cancelled, gone.edition_url) == ({}, False, PUBLIC)
    assert gone.archive_url == "https://gazette.example/newsletters/weekly/"
    restore(site, "ferry")
    assert "The ferry runs again" in words(seen(site, url))


def test_mail_of_a_cancelled_edition_is_shown_no_more(site, server):
    url = sent(site, server)[CY]
    with site.app() as app, app.store.writing() as tx:
        editions.mark_cancelled(tx, EDITION, site.now)
    gone = seen(site, url)
    assert (gone.parts, gone.is_cancelled) == ({}, True)


def test_edition_that_has_no_page_leads_to_none(site, server):
    url = sent(site, server, feed="false")[CY]
    withdraw(site, "ferry")
    assert (seen(site, url).edition_url, seen(site, url).archive_url) == ("", "")


def test_edition_of_which_all_was_withdrawn_leads_to_none(site, server):
    url = sent(site, server)[CY]
    for slug in ("ferry", "quay"):
        withdraw(site, slug)
    printed(site, MONDAY)
    assert seen(site, url).edition_url == ""
