"""A visit: what a reader's request asks for, and the site as it speaks to them.

Not here: reading the request (readers), what is answered (reader_answers, mail_answers).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from feeds.jobs.subscribe.desk import Desk
from feeds.rendering.reader_pages import Said, in_language, reader_policy, said_page, spoken
from feeds.rendering.views import SiteView
from feeds.rendering.words import Words, words_for
from feeds.rules.mailboxes import BadMailbox, Mailbox, read_mailbox
from feeds.web import answers
from feeds.web.answers import Answer
from feeds.web.reader_forms import Fields


@dataclass(frozen=True)
class Visit:
    """A request of a reader: ``step`` and ``token`` are of its path, ``network`` is where it comes from.

    ``language`` is the one that was chosen, None for none; ``other_language`` the next best. ``zone_guess`` is the time
    zone that they probably live in, "" where that is not known.
    """

    desk: Desk
    is_post: bool
    step: str
    token: str
    form: Fields
    network: str
    language: str | None
    other_language: str
    now: datetime
    zone_guess: str = ""

    @cached_property
    def site(self) -> SiteView:
        """The site as it speaks to this reader."""
        return in_language(self.desk.site, self.language or self.other_language)

    @cached_property
    def words(self) -> Words:
        """The words that it speaks with."""
        return words_for(self.site.language, self.desk.templates)

    @property
    def here(self) -> str:
        """The address of the page, as the config has it: what the request says of its host is anybody's."""
        return f"{self.desk.site.readers_url}{self.step}{'/' if self.token else ''}{self.token}"

    def field(self, name: str) -> str:
        """Return the first value of a field."""
        return self.form.get(name, ("",))[0]

    def preferring(self, language: str) -> Visit:
        """Return this visit in a reader's own language, unless another one was chosen."""
        return replace(self, language=self.language or spoken(language))

    def mailbox(self) -> Mailbox | None:
        """Return the address that was filled in, None where it is none."""
        try:
            return read_mailbox(self.field("address"))
        except BadMailbox:
            return None

    def shows(self, said: Said, status: int = 200, *more: tuple[str, str]) -> Answer:
        """Return a page that says something."""
        return self.paged(said_page(said, self.site, self.desk.templates, here=self.here), status, *more)

    def paged(self, html: bytes, status: int, *more: tuple[str, str], script: str = "") -> Answer:
        """Return a page of ours, which may run nothing but ``script``."""
        policy = f"{reader_policy(self.site, script)}; frame-ancestors 'none'"
        return answers.page(status, html, kind="text/html", policy=policy, more=(*more, ("vary", "Accept-Language")))
