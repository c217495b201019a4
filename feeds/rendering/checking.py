"""Trying out a site's templates before anything is printed with them.

Not here: the documents already printed, or the config (their own rooms check those).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from feeds.errors import PressrunError
from feeds.rendering import edition_pages, pages, samples
from feeds.rendering.css_lint import lint_addresses, lint_client_css, lint_css
from feeds.rendering.digest import render_digest
from feeds.rendering.environment import Templates, open_templates

_SHEETS: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    ("digest/style.css", lint_css),
    ("digest/client.css", lint_client_css),
    ("digest/client.css", lint_addresses),
    ("digest/dark.css", lint_client_css),
    ("digest/dark.css", lint_addresses),
    ("pages/style.css", lint_addresses),
)


def check_templates(site_folder: Path | None = None) -> list[str]:
    """Compile every template, render the known ones with sample data, lint the stylesheets; return each mistake once.

    A mistake names the file and the line. ``site_folder`` is the site's own templates folder, where it has one.
    """
    if site_folder is not None and (site_folder.exists() or site_folder.is_symlink()) and not site_folder.is_dir():
        return [f"{site_folder}: is no folder of templates; move it away"]
    templates = open_templates(site_folder)
    attempts = [*_compilations(templates), *_renderings(templates)]
    mistakes = [mistake for attempt in attempts if (mistake := _mistake(attempt))]
    return list(dict.fromkeys([*mistakes, *_lint(templates)]))


def _mistake(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except PressrunError as error:
        return str(error)
    return ""


def _compilations(templates: Templates) -> Iterator[Callable[[], object]]:
    for name in templates.names():
        yield partial(templates.compile, name)


def _renderings(templates: Templates) -> Iterator[Callable[[], object]]:
    for site in (samples.SITE, samples.BARE_SITE):
        for entry in (samples.FULL, samples.BARE):
            yield partial(pages.entry_page, entry, site, templates)
        for listing in (samples.LISTING, samples.FEED_PAGE, samples.EMPTY_LISTING):
            yield partial(pages.listing_page, listing, site, templates)
        for edition in (samples.EDITION, samples.BARE_EDITION):
            yield partial(edition_pages.edition_page, edition, site, templates)
        for newsletter in (samples.NEWSLETTER, samples.CLOSED_NEWSLETTER, samples.EMPTY_NEWSLETTER):
            yield partial(edition_pages.newsletter_page, newsletter, site, templates)
        yield partial(pages.not_found_page, site, templates)
        yield partial(pages.redirect_page, site, templates, old_url=samples.BARE.url, new_url=samples.FULL.url)
        for reason in ("A reason <&>.", ""):
            gone = partial(pages.withdrawn_page, url=samples.FULL.url, withdrawn_at=samples.MORNING)
            yield partial(gone, site, templates, reason=reason)
    for view in (samples.DIGEST, samples.BARE_DIGEST):
        yield partial(render_digest, view, templates)


def _lint(templates: Templates) -> Iterator[str]:
    for name, lint in _SHEETS:
        try:
            yield from (f"{name}: {mistake}" for mistake in lint(templates.text(name)))
        except PressrunError as error:
            yield str(error)
