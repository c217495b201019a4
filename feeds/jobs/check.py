"""Check: do the documents on disk say what the store says, and can every reader read them?

Looks and tells; changes nothing. Not here: the faults a document can have (formats), templates (rendering).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from feeds.config import Config
from feeds.errors import PressrunError
from feeds.formats import FORMATS
from feeds.formats.check import check_document
from feeds.rendering.environment import Templates
from feeds.rendering.lint import Severity
from feeds.rendering.lint.editions import judge_edition
from feeds.rendering.lint.sampling import Sampled, bench_of, judge_samples
from feeds.rendering.mail_pictures import made_for_mail
from feeds.rendering.notices import notice_parts
from feeds.rendering.samples import notices_like, site_like
from feeds.rendering.views import SiteView
from feeds.rules.message_identity import NOTICE
from feeds.store import documents, edition_files, entries
from feeds.store.documents import Publication
from feeds.store.engine import Store
from feeds.store.media import MEDIA_NAME, is_whole


@dataclass(slots=True)
class CheckReport:
    """What was looked at, and the faults, each in words that name the file and the remedy; warnings cost less."""

    templates: int = 0
    documents: int = 0
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def check_documents(config: Config, store: Store, report: CheckReport) -> None:
    """Add what is wrong with the documents, pictures and files on disk to the report."""
    with store.reading() as tx:
        known = {one.path: one for one in documents.list_all(tx)}
        printed = [entry for entry in entries.list_public(tx) if f"{entry.slug}/index.html" in known]
        in_mail = edition_files.shown(tx, edition_files.list_names(tx))
    report.documents = len(known)
    for publication in known.values():
        report.faults += _faults(config, publication)
    on_pages = {name for entry in printed for _, name in entry.article.files if name}
    report.faults += _media_faults(config, on_pages | in_mail)


def check_newsletters(config: Config, report: CheckReport, *, site: SiteView, templates: Templates) -> None:
    """Add what the lint finds in sample editions of each newsletter to the report."""
    told: dict[tuple[Severity, str], list[str]] = {}
    failed: set[str] = set()  # layouts, whose mistakes the templates' own check names
    for newsletter in config.newsletters:
        if newsletter.layout in failed:
            continue
        try:
            found = judge_samples(bench_of(config, newsletter, site), templates, search=True)
        except PressrunError:
            failed.add(newsletter.layout)
            continue
        for one in found:
            told.setdefault((one.finding.severity, _in_words(one, templates)), []).append(newsletter.slug)
    for (severity, words), slugs in told.items():
        faults = report.faults if severity is Severity.ERROR else report.warnings
        faults.append(f"{words} (in {', '.join(slugs)})")


def check_notices(config: Config, report: CheckReport, *, site: SiteView, templates: Templates) -> None:
    """Add what the lint finds in sample notices to the report, where the site sends any."""
    views = notices_like(site_like(site)) if config.readers.pages and config.newsletters else ()
    for view in views:
        try:
            parts = notice_parts(config, view, templates)
        except PressrunError:  # the templates' own check names it
            return
        for one in judge_edition(config, f"{NOTICE}/sample", parts, at=view.date):
            words = f"a notice ({view.kind}): {one.severity} {one.rule}: {one.text}; {one.remedy}"
            faults = report.faults if one.severity is Severity.ERROR else report.warnings
            if one.severity is not Severity.ADVICE and words not in faults:
                faults.append(words)


def check_logo(config: Config, report: CheckReport) -> None:
    """Add what is wrong with the logo of the theme to the report."""
    if config.theme.logo is None:
        return
    try:
        made = made_for_mail(config.theme.logo.read_bytes(), width=1, height=1)
    except OSError as error:
        made = f"cannot be read: {error.strerror}"
    report.faults += [f"{config.theme.logo}: the logo {made}"] if isinstance(made, str) else []


def _in_words(sampled: Sampled, templates: Templates) -> str:
    one, places = sampled.finding, sampled.places(templates.path)
    place = f"{places if sampled.is_known else f'one or more of {places}'}: " if places else ""
    unknown = "; which line brings it about cannot be told" if places and not any(sampled.lines.values()) else ""
    return f"{place}{one.severity} {one.rule}: {one.text}; {one.remedy}{unknown}"


def _faults(config: Config, publication: Publication) -> list[str]:
    file = config.output.path / publication.path
    try:
        data = file.read_bytes()
    except OSError as error:
        return [f"{file}: {error.strerror}; `pressrun publish --all` writes it again"]
    if hashlib.sha256(data).hexdigest() != publication.hash:
        return [f"{file}: was changed since it was published; `pressrun publish --all` writes it again"]
    if publication.format not in FORMATS:
        return []
    # A part by a number is an archive; one by a path is a copy at an address that the feed used to have.
    is_its_own = not publication.part or publication.part.isdecimal()
    address = config.site.url + publication.path if is_its_own else None
    return [f"{file}: {fault}" for fault in check_document(publication.format, data, address=address)]


def _media_faults(config: Config, due: set[str]) -> list[str]:
    folder = config.output.path / "media"
    there = {file.name for file in folder.iterdir() if MEDIA_NAME.fullmatch(file.name)} if folder.is_dir() else set()
    faults = [_media_fault(folder / name) for name in sorted(there | due)]
    return [fault for fault in faults if fault]


def _media_fault(file: Path) -> str:
    try:
        damaged = not is_whole(file)
    except OSError as error:
        return f"{file}: {error.strerror}; `pressrun publish --all` copies it again"
    return f"{file}: is damaged; remove it, and `pressrun publish --all` copies it again" if damaged else ""
