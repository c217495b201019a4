"""The answer to who follows "view in browser" in a mail: that mail as a page, or where the newsletter's editions are.

It is the same for whom the mail was forwarded to. Not here: what a link shows (jobs.subscribe), all other pages of
readers (reader_answers).
"""

from __future__ import annotations

from feeds.jobs.subscribe.viewing import SeenMail, seen_mail
from feeds.rendering.mail_page import mail_page
from feeds.rendering.reader_pages import Item, Said
from feeds.rules.reader_tokens import Purpose
from feeds.web import answers
from feeds.web.answers import Answer
from feeds.web.reader_visits import Visit


def mail_answer(visit: Visit) -> Answer | None:
    """Answer a visit to a mail's page; None where its link is not good."""
    found = seen_mail(visit.desk, visit.token, now=visit.now)
    if found is None:
        return None
    if not found.parts:
        return _gone(visit.preferring(found.language), found)
    page = mail_page(found.parts, here=visit.here, manage_url=f"{visit.desk.site.readers_url}{Purpose.MANAGE}")
    return answers.page(200, page.html, kind="text/html", policy=page.policy)


def _gone(visit: Visit, found: SeenMail) -> Answer:
    """Say why a mail is shown no more, and lead to what is public of its edition, and to the others."""
    words = visit.words
    links = (
        (words.text("This edition on the site"), found.edition_url),
        (words.text("All editions, and how to follow them"), found.archive_url),
    )
    why = words.text("An article in it was withdrawn.")
    if found.is_cancelled:
        why = words.text("Its edition was withdrawn.")
    item = Item(text=found.title, links=tuple((text, url) for text, url in links if url))
    return visit.shows(Said(heading=words.text("This mail is shown no more"), lines=(why,), items=(item,)), 410)
