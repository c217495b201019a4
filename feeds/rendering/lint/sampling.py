"""A newsletter's templates judged by editions of samples: what is found in those, no entry can have caused.

Not here: the samples, the checks, what comes of a fault (jobs).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from feeds.config import Config, NewsletterConfig
from feeds.errors import EntryUnprintable, TemplateInvalid
from feeds.rendering import samples
from feeds.rendering.confined import confined
from feeds.rendering.digest import LARGEST_HTML, leave_url, render_digest
from feeds.rendering.edition import Matter, frame_of, parts_of, view_of
from feeds.rendering.environment import Templates, open_templates
from feeds.rendering.lint.blaming import lines_of
from feeds.rendering.lint.editions import judge_edition
from feeds.rendering.lint.findings import Finding, Severity, Spot
from feeds.rendering.lint.judging import ordered
from feeds.rendering.loading import templates_root
from feeds.rendering.views import Digest, DigestView, SiteView

ROOMS = ("digest", "words")  # the folders that digests are made of
Fault = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Sampled:
    """A finding in an edition of samples, with the site's own templates of which one or all bring it about.

    ``files`` are their names, () where the site's templates have no part in it. ``is_known`` tells whether each of
    them brings it about, and not merely some of them; ``lines`` are those of a file that hold it, where they are known.
    """

    finding: Finding
    files: tuple[str, ...] = ()
    is_known: bool = False
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def places(self, shown: Callable[[str], object] = str) -> str:
        """Return the files as they are ``shown``, each with its lines."""
        return ", ".join(str(shown(name)) + _in_file(self.lines.get(name, ())) for name in self.files)


@dataclass(frozen=True, slots=True)
class Bench:
    """What editions of samples are made with and judged by: a newsletter's settings, the views of its samples."""

    config: Config
    newsletter: NewsletterConfig
    views: tuple[DigestView, ...]


def bench_of(config: Config, newsletter: NewsletterConfig, site: SiteView) -> Bench:
    """Return the bench on which a newsletter's templates are tried; its samples lead nowhere near the site's host."""
    plain = view_of(newsletter, samples.site_like(site), Matter(entries=()), due_at=samples.MORNING, number=1)
    return Bench(config, newsletter, samples.editions_like(plain))


def own_files(templates: Templates) -> tuple[str, ...]:
    """Return the names of the site's own files that digests are made of and that are not the same as ours."""
    if not templates.has_own:
        return ()
    own, ours = templates.roots[0], templates_root()
    files = (path for room in ROOMS for path in (own / room).rglob("*") if path.is_file())
    names = (path.relative_to(own).as_posix() for path in files)
    return tuple(sorted(name for name in names if not _is_same(own / name, ours / name)))


def judge_samples(bench: Bench, templates: Templates, *, search: bool = False) -> tuple[Sampled, ...]:
    """Judge editions of samples, and return the errors and warnings; a fault of the site's templates is an error.

    It is one even where an entry could cause the like, unless the config says how grave its rule is. With ``search``
    each of the site's templates is left out in turn, to see which brings it about. Raises TemplateInvalid.
    """
    found = _judged(bench, _rendered(bench, templates))
    own = own_files(templates)
    if not own or not found:
        return tuple(map(Sampled, found.values()))
    usual = _judged(bench, _rendered(bench, open_templates()))
    caused = {fault: finding for fault, finding in found.items() if fault not in usual}
    culprits = _culprits(bench, templates, caused) if search and caused else {}
    weights = bench.config.lint.weights
    judged = [Sampled(finding) for fault, finding in found.items() if fault in usual]
    for fault, finding in caused.items():
        known = culprits.get(fault, ())
        lines = {name: lines_of(finding, _read(templates, name)) for name in known or own}
        judged.append(Sampled(_as_ours(finding, weights), known or own, bool(known), lines))
    return tuple(judged)


def with_template_faults(found: Iterable[Finding], sampled: Iterable[Sampled]) -> tuple[Finding, ...]:
    """Return an edition's findings, and those that its templates bring about with samples too.

    What is found in both is told once, at its place in the edition and as the fault of the templates.
    """
    faults = {fault_of(one.finding): one for one in sampled if one.files}
    real = [_told(faults[fault_of(one)], one.spot) if fault_of(one) in faults else one for one in found]
    seen = {fault_of(one) for one in real}
    return ordered((*real, *(_told(one, one.finding.spot) for fault, one in faults.items() if fault not in seen)))


def fault_of(finding: Finding) -> Fault:
    """Return what is the same in two findings of one fault."""
    return finding.rule, finding.spot.part, finding.what


def _told(sampled: Sampled, spot: Spot) -> Finding:
    whose = f"it comes of the site's own templates, whatever the entries: {sampled.places()}"
    return replace(sampled.finding, spot=spot, remedy=f"{sampled.finding.remedy}; {whose}")


def _in_file(lines: tuple[int, ...]) -> str:
    return f":{' or '.join(map(str, lines))}" if lines else ""


def _read(templates: Templates, name: str) -> str:
    return (templates.roots[0] / name).read_text(encoding="utf-8", errors="replace")


def _is_same(own: Path, ours: Path) -> bool:
    return ours.is_file() and own.read_bytes() == ours.read_bytes()


def _as_ours(finding: Finding, weights: Mapping[str, str]) -> Finding:
    is_grave = finding.severity is Severity.ERROR or finding.rule not in weights
    return replace(finding, severity=Severity.ERROR, usual=Severity.ERROR) if is_grave else finding


def _judged(bench: Bench, digests: Iterable[Digest]) -> dict[Fault, Finding]:
    """Return the errors and warnings in messages of these digests, each fault once and without the line of a sample."""
    faults: dict[Fault, Finding] = {}
    for view, digest in zip(bench.views, digests, strict=True):
        frame = frame_of(bench.config, bench.newsletter, number=1, leave=leave_url(view))
        parts = parts_of(digest, frame)
        for one in judge_edition(bench.config, f"{view.slug}-samples", parts, at=view.date):
            if one.severity is not Severity.ADVICE:
                faults.setdefault(fault_of(one), replace(one, spot=replace(one.spot, line=None)))
    return faults


def _rendered(bench: Bench, templates: Templates) -> list[Digest]:
    digests: list[Digest] = confined(render_samples, bench.views, templates, name=_layout(bench))
    return digests


def render_samples(views: tuple[DigestView, ...], templates: Templates) -> list[Digest]:
    """Render editions of samples; raise TemplateInvalid, too where the layout alone takes up a whole mail."""
    try:
        return [render_digest(view, templates) for view in views]
    except EntryUnprintable as error:
        what = f"with one short story it makes more than {LARGEST_HTML:,} bytes"
        raise TemplateInvalid(f"digest/{views[0].layout}.html", what) from error


def render_samples_from(given: tuple[tuple[DigestView, ...], tuple[Path, ...]], _templates: Templates) -> list[Digest]:
    """Render editions of samples with the templates of other folders."""
    views, roots = given
    return render_samples(views, Templates(roots))


def _culprits(bench: Bench, templates: Templates, caused: Mapping[Fault, Finding]) -> dict[Fault, tuple[str, ...]]:
    """Return for each fault the site's templates without which it is not there."""
    found: dict[Fault, tuple[str, ...]] = {}
    for name in own_files(templates):
        with TemporaryDirectory(prefix="pressrun-") as folder:
            try:
                digests = _rendered_without(bench, templates, name=name, folder=Path(folder) / "templates")
            except TemplateInvalid:  # another of the site's templates needs it
                continue
        left = _judged(bench, digests)
        for fault in caused:
            if fault not in left:
                found[fault] = (*found.get(fault, ()), name)
    return found


def _rendered_without(bench: Bench, templates: Templates, *, name: str, folder: Path) -> list[Digest]:
    own, *others = templates.roots
    shutil.copytree(own, folder, symlinks=True)
    (folder / name).unlink()
    given = bench.views, (folder, *others)
    digests: list[Digest] = confined(render_samples_from, given, templates, name=_layout(bench))
    return digests


def _layout(bench: Bench) -> str:
    return f"digest/{bench.newsletter.layout}.html"
