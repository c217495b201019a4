"""Every page of readers that can be come by: by the links in their mail, and from one page to the next.

What is added to mail or pages is come by too, without a word here. Not here: what is expected (the tests).
"""

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from feeds.app.post import Post
from tests.acceptance.mail_givens import letters_in
from tests.acceptance.scanner_givens import SITE, addresses_in
from tests.web.reader_givens import ANN, PAGES

BOB, PENDING = "bob@x.example", "pending@x.example"
_LINK = re.compile(r'(?:href|action)="([^"]*)"')
_LEADING = "/readers/", "/private/"


# Where editions have no feed and so no pages, each mail is a page of its own.
UNFED = PAGES.replace('slug = "daily"', 'slug = "daily"\nfeed = false')


def lived(reader, site):
    """Let two people do what readers do, with a good link left for each purpose; return the letters that came of it."""
    for address in (ANN, BOB):
        reader.subscribe(address, ["weekly", "daily"])
        assert reader.post(reader.link("confirm")).status == 200
    reader.post("/readers/manage", address=ANN)
    reader.post(reader.link("manage"), do="move", address="new@x.example")
    reader.subscribe(PENDING)
    letters = _delivered(site)
    (leaving,) = {path for path in paths_in(letters, BOB) if "/leave/" in path and ".daily." in path}
    assert reader.post(leaving).status == 200
    return _delivered(site)


def _delivered(site):
    site.now = datetime.now(UTC)
    with site.app() as app:
        if not letters_in(site.folder / "var" / "maildir"):
            site.article("tide.md", title="The tide", date=f"{site.now - timedelta(hours=1):%FT%TZ}")
            app.sync()
            for newsletter in ("weekly", "daily"):
                Post(app).compose(newsletter, at=site.now)
        while Post(app).deliver().counts:
            pass
    return letters_in(site.folder / "var" / "maildir")


def paths_in(letters, address=None):
    """Return the paths on our site that letters name, all or those to one address."""
    of_theirs = (letter for letter in letters if address in {None, letter.recipient})
    found = {url for letter in of_theirs for url in addresses_in(letter)}
    return {urlsplit(url).path for url in found if url.startswith(SITE)}


def crawled(reader, letters):
    """Return path → answer of each page of readers, from the form and the letters on."""
    waiting, found = {"/readers/", *(path for path in paths_in(letters) if path.startswith(_LEADING))}, {}
    while waiting:
        path = waiting.pop()
        found[path] = reader.ask(path)
        page = found[path].body.decode("utf-8", "replace")
        linked = (urlsplit(urljoin(SITE + path[1:], html.unescape(url))) for url in _LINK.findall(page))
        waiting |= {url.path for url in linked if f"{url.scheme}://{url.netloc}/" == SITE and url.path not in found}
        waiting = {path for path in waiting if path.startswith(_LEADING)}
    return found
