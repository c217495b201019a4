"""Trying out a site's templates before anything is printed with them.

Not here: the documents already printed, or the config (their own rooms check those).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from feeds.config import Layout
from feeds.errors import PressrunError
from feeds.rendering import edition_pages, pages, reader_pages, samples
from feeds.rendering.confined import LIMITS, Limits, confined
from feeds.rendering.css_lint import lint_addresses
from feeds.rendering.digest import render_digest
from feeds.rendering.environment import Templates, open_templates
from feeds.rendering.notices import render_here
from feeds.rendering.overrides import stray_templates
from feeds.rendering.sheets import sheet_mistakes
from feeds.rendering.words import words_mistakes


def check_templates(
    site_folder: Path | None = None, limits: Limits = LIMITS, *, templates: Templates | None = None
) -> list[str]:
    """Try every template, stylesheet and catalogue of words with sample data; return each mistake once.

    A mistake names the file and the line. ``site_folder`` is the site's own templates folder, where it has one: its
    templates are tried in a child process, and the first that runs away ends the check. ``templates`` are those of the
    folder, where they are open.
    """
    if site_folder is not None and (site_folder.exists() or site_folder.is_symlink()) and not site_folder.is_dir():
        return [f"{site_folder}: is no folder of templates; move it away"]
    try:
        templates = templates or open_templates(site_folder)
        found = confined(find_mistakes, site_folder, templates, name="templates", limits=limits)
    except PressrunError as error:
        found = [str(error)]
    return list(dict.fromkeys(found))


def find_mistakes(site_folder: Path | None, templates: Templates) -> list[str]:
    """Return the mistakes of these templates, those that one finds again and again as often."""
    found: list[str] = []
    attempts = (*_compilations(templates), *_renderings(templates), *_digests(templates), *_notices(templates))
    for attempt in attempts:
        try:
            attempt()
        except PressrunError as error:
            found.append(str(error))
            if isinstance(error.__cause__, TimeoutError):
                return found  # there is no time left for the others
    found += _listed(partial(_page_sheet_mistakes, templates))
    for theme in {digest.theme for digest in samples.DIGESTS}:
        found += _listed(partial(sheet_mistakes, theme, templates))
    return found + (words_mistakes(site_folder, templates) + stray_templates(site_folder) if site_folder else [])


def _compilations(templates: Templates) -> Iterator[Callable[[], object]]:
    for name in templates.names():
        yield partial(templates.compile, name)


def _renderings(templates: Templates) -> Iterator[Callable[[], object]]:
    for site in (samples.SITE, samples.BARE_SITE):
        for entry in (samples.FULL, samples.UNSAID, samples.BARE):
            yield partial(pages.entry_page, entry, site, templates)
        for listing in (samples.LISTING, samples.FEED_PAGE, samples.FRONT_PAGE, samples.EMPTY_LISTING):
            yield partial(pages.listing_page, listing, site, templates)
        yield partial(pages.directory_page, samples.LINKS, site, templates, heading="Tags", url=f"{samples.URL}tags/")
        for edition in (samples.EDITION, samples.BARE_EDITION):
            yield partial(edition_pages.edition_page, edition, site, templates)
        for newsletter in (samples.NEWSLETTER, samples.CLOSED_NEWSLETTER, samples.EMPTY_NEWSLETTER):
            yield partial(edition_pages.newsletter_page, newsletter, site, templates)
        for form in samples.FORMS:
            yield partial(reader_pages.subscribe_page, form, site, templates, here=samples.READERS)
        for said in samples.SAYINGS:
            yield partial(reader_pages.said_page, said, site, templates, here=f"{samples.READERS}manage/x")
        yield partial(pages.not_found_page, site, templates)
        yield partial(pages.redirect_page, site, templates, old_url=samples.BARE.url, new_url=samples.FULL.url)
        for reason in ("A reason <&>.", ""):
            gone = partial(pages.withdrawn_page, url=samples.FULL.url, withdrawn_at=samples.MORNING)
            yield partial(gone, site, templates, reason=reason)


def _digests(templates: Templates) -> Iterator[Callable[[], object]]:
    for view in samples.digests(tuple(Layout)):
        yield partial(render_digest, view, templates)


def _notices(templates: Templates) -> Iterator[Callable[[], object]]:
    for view in samples.NOTICES:
        yield partial(render_here, view, templates)


def _page_sheet_mistakes(templates: Templates) -> Iterator[str]:
    path = templates.path("pages/style.css")
    yield from (f"{path}:{fault.line}: {fault.what}" for fault in lint_addresses(templates.text("pages/style.css")))


def _listed(mistakes: Callable[[], Iterable[str]]) -> list[str]:
    try:
        return list(mistakes())
    except PressrunError as error:
        return [str(error)]
