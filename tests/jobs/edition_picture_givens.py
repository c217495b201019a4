"""A paper with pictures, its readers, and what came of an edition.

Not here: what is expected of it (test_edition_pictures, test_edition_pictures_on_the_site).
"""

import re

from feeds.store import edition_files
from tests.acceptance.mail_givens import cadence, join, letters_in, run
from tests.jobs.post_givens import ANN, MONDAY, composed, delivered, printed
from tests.rendering.picture_givens import photograph, written
from tests.site_fixtures import NOON

MEDIA = "https://gazette.example/media/"
SOURCE = re.compile(r'<img[^>]*? src="([^"]*)"')
LATE = "2024-11-23 14:00"


def paper(site, *, more="", theme="", readers=(ANN,), **newsletter):
    """Return a site with readers, whose weekly is due on Monday and mails nothing before that."""
    site.configure(cadence("monday", **newsletter) + more + theme)
    run(site, NOON)
    join(site, *readers)
    return site


def story(site, name="ferry", *, data=None, kind="webp", body="Some words.", date=LATE, **front):
    """Write an article with a picture beside it."""
    site.write(f"{name}.{kind}", data or written(photograph(), kind))
    front = {"image": f"{name}.{kind}", "image_alt": f"The {name}"} | front
    site.article(f"{name}.md", body, title=f"The {name} runs", date=date, **front)


def fixed(site):
    """Print the site and compose Monday's edition; return the report."""
    printed(site, MONDAY)
    (report,) = composed(site, MONDAY)
    return report


def letter(site):
    """Deliver, and return the one letter to Ann."""
    delivered(site)
    (one,) = [one for one in letters_in(site.folder / "var" / "maildir") if one.recipient == ANN]
    return one


def html_of(one):
    return one.message.get_body(("html",)).get_content()


def sources(one):
    """Return the addresses of the pictures in a letter, in their order."""
    return SOURCE.findall(html_of(one))


def media(site):
    return {path.name for path in (site.public / "media").iterdir()}


def shelf(site):
    return {path.name for path in (site.folder / "var" / "media").iterdir()}


def made(site):
    """Return the names of the files that the mail of editions shows."""
    with site.app() as app, app.store.reading() as tx:
        return edition_files.list_names(tx)
