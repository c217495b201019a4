"""What an edition is made with, and making one: from a choice of entries to a selection and its bytes.

Not here: who gets it (plan), storing it (editions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from feeds.config import Config, NewsletterConfig
from feeds.errors import DigestFaulty, TemplateInvalid
from feeds.jobs.compose.pictures import MailFile, PictureDesk, embedded_parts, size_notes
from feeds.model import Edition, Entry, Part, Tag
from feeds.rendering.edition import Matter, render_edition, view_of
from feeds.rendering.environment import Templates
from feeds.rendering.lint import Finding, Severity
from feeds.rendering.lint.editions import judge_edition, judge_subject
from feeds.rendering.lint.sampling import Sampled, bench_of, judge_samples, own_files, with_template_faults
from feeds.rendering.overrides import stray_templates
from feeds.rendering.views import Corrected, Digest, SiteView
from feeds.rules.corrections import Told
from feeds.rules.notes import NO_NOTE, Note
from feeds.rules.printing import Press, print_entry
from feeds.rules.sentences import first_sentences
from feeds.rules.series import folder_of
from feeds.rules.text import cut
from feeds.store.editions import Selected, Selection, selection_of

Tags = tuple[Tag, ...]
LONGEST_HEADLINE, LONGEST_CORRECTION = 255, 1000  # characters: an article may say anything, and a mail has an end


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying the site's own templates with samples, and what else there is to say of them."""

    found: tuple[Sampled, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Return what was found that comes of the templates, in words."""
        return tuple(map(in_words, with_template_faults((), self.found)))


Trials = dict[tuple[str, str | None, str | None], Trial]
_trials: WeakKeyDictionary[Templates, Trials] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressroom:
    """What every edition is made with: settings, the site as digests show it, its pages' addresses, how it looks."""

    config: Config
    site: SiteView
    press: Press
    templates: Templates
    pictures: PictureDesk

    def trial(self, newsletter: NewsletterConfig) -> Trial:
        """Return what editions of samples show of the site's own templates, tried once for all that are set alike."""
        trials = _trials.setdefault(self.templates, {})
        key = newsletter.layout, newsletter.language, newsletter.group_by
        if key not in trials:
            trials[key] = _tried(self, newsletter)
        return trials[key]


@dataclass(frozen=True, slots=True)
class Common:
    """What the selections of an edition have in common: the mark of their merge fields, and pieces, held once.

    ``judged`` are the subjects that were judged, each with what stands beside it.
    """

    mark: str = ""
    pieces: dict[bytes, bytes] = field(default_factory=dict)
    judged: set[tuple[str, str]] = field(default_factory=set)

    def held(self, parts: Mapping[str, Part]) -> dict[str, Part]:
        """Return the parts of one selection, their pieces being those of the others where they are the same."""
        return {
            part: made if isinstance(made, bytes) else tuple(self.pieces.setdefault(piece, piece) for piece in made)
            for part, made in parts.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A selection with the bytes that it was rendered to; ``shown`` of its entries stand in it.

    ``files`` are the pictures that it shows; ``notes`` tell what is amiss with them, ``findings`` what the lint found
    in a message of it, ``sampled`` what it found in samples set by the same templates.
    """

    selection: Selection
    parts: Mapping[str, Part]
    key: tuple[str, str]
    subject: str
    shown: int
    files: tuple[MailFile, ...] = ()
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    sampled: tuple[Sampled, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Return the errors and warnings among the findings, in words."""
        return tuple(in_words(one) for one in self.findings if one.severity is not Severity.ADVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What some readers are to get, before it is set: the entries, newest first, and what stands around them.

    ``named`` are (id, revision) of the entries that are only counted; each correction comes with its entry, at the
    revision that tells it. ``is_main`` tells that the edition's page on the site shows the same.
    """

    shown: Sequence[Entry]
    named: Sequence[tuple[str, int]] = ()
    corrections: Sequence[tuple[Told, Entry]] = ()
    note: Note = NO_NOTE
    is_main: bool = False


def fix(
    room: Pressroom,
    newsletter: NewsletterConfig,
    edition: Edition,
    *,
    copy: Copy,
    tags_of: Callable[[str], Tags],
    common: Common | None = None,
) -> Fixed:
    """Render what some readers are to get; with ``common``, out of what other selections of the edition have too.

    Of a digest that is joined of pieces which were judged in others, only the subject and what stands beside it are
    judged, where these are new. Raises TemplateInvalid, and EntryUnprintable where one entry cannot stand in a digest.
    """
    printed = [(entry, print_entry(entry, room.press, tags_of(entry.id))) for entry in copy.shown]
    arranged = room.pictures.arrange(newsletter, printed)
    matter = Matter(
        entries=arranged.entries,
        more=len(copy.named),
        corrections=tuple(corrected(told, entry, room.press) for told, entry in copy.corrections),
        note=copy.note,
    )
    common = common or Common()
    view = arranged.in_view(view_of(newsletter, room.site, matter, due_at=edition.due_at, number=edition.number))
    view = replace(view, mark=common.mark, page_url=_page_url(room, newsletter, edition, is_main=copy.is_main))
    digest, parts = render_edition(room.config, newsletter, view, templates=room.templates, number=edition.number)
    held = [Selected(e.id, e.revision, position >= digest.shown) for position, e in enumerate(copy.shown)]
    held += [Selected(entry_id, revision, True) for entry_id, revision in copy.named]
    selection = selection_of(edition.id, tuple(held), tuple(told for told, _ in copy.corrections))
    files = arranged.shown_in(digest.html)
    parts |= embedded_parts(files)
    trial = room.trial(newsletter)
    found = _judged(room.config, edition, parts, digest=digest, common=common)
    return Fixed(
        selection=selection,
        parts=common.held(parts),
        key=(view.language, newsletter.layout),
        subject=digest.subject,
        shown=digest.shown,
        files=files,
        notes=(*arranged.notes, *size_notes(files), *trial.notes),
        findings=with_template_faults(found, trial.found),
        sampled=trial.found,
    )


def _page_url(room: Pressroom, newsletter: NewsletterConfig, edition: Edition, *, is_main: bool) -> str | None:
    """Return where a digest can be seen as a page: see DigestView.

    It is the edition's page on the site where that shows the same, or where readers have no pages of their own.
    """
    if room.site.readers_url and not (newsletter.feed and is_main):
        return ""
    return f"{room.site.url}{folder_of(edition.series)}/{edition.number}/" if newsletter.feed else None


def _judged(
    config: Config, edition: Edition, parts: Mapping[str, Part], *, digest: Digest, common: Common
) -> tuple[Finding, ...]:
    opening, known = (digest.subject, digest.preheader), len(common.judged)
    common.judged.add(opening)
    if not digest.is_joined:
        return judge_edition(config, edition.id, parts, at=edition.due_at)
    is_new = len(common.judged) > known
    return judge_subject(config, edition.id, parts, at=edition.due_at) if is_new else ()


def in_words(one: Finding) -> str:
    """Return a finding as it is told beside an edition."""
    return f"{one.severity} {one.rule}: {one.text}; {one.remedy}"


def require_sound(fixed: Fixed, newsletter: str) -> None:
    """Raise DigestFaulty where the lint found what must not go out; what an entry causes never is."""
    faults = tuple(f"{one.rule}: {one.text}; {one.remedy}" for one in fixed.findings if one.stops_press)
    if faults:
        raise DigestFaulty(f"the digest of {newsletter}", faults)


def _tried(room: Pressroom, newsletter: NewsletterConfig) -> Trial:
    strays = tuple(stray_templates(room.config.folder / "templates"))
    if not own_files(room.templates):
        return Trial(notes=strays)
    try:
        return Trial(judge_samples(bench_of(room.config, newsletter, room.site), room.templates), strays)
    except TemplateInvalid as error:  # it may do with the entries that the site has; with these it did
        return Trial(notes=(*strays, f"the templates cannot be tried with samples: {error}"))


def corrected(told: Told, entry: Entry, press: Press) -> Corrected:
    """Return a correction as a digest shows it."""
    return Corrected(
        headline=cut(entry.article.title, LONGEST_HEADLINE),
        url=press.page_url(entry),
        at=told.at,
        text=first_sentences(told.text, LONGEST_CORRECTION),
    )
