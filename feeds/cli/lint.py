"""``pressrun lint``: is a newsletter's mail right, by every rule, before anybody gets it? Changes nothing.

Not here: making it (jobs.compose), the rules (rendering.lint).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from feeds.app.linting import lint_file, lint_newsletters
from feeds.cli.common import INCOMPLETE, OK, SHOWN, counted, open_site, printable, say_json, site_options
from feeds.jobs.lint import LintReport
from feeds.rendering.lint import Finding, Severity
from feeds.rendering.lint.support import as_of


@click.command()
@site_options
@click.argument("what", required=False, metavar="[NEWSLETTER | FILE.eml]")
@click.option("--links", is_flag=True, help="Ask after every link and picture, too.")
def lint(config_path: Path, *, as_json: bool, what: str | None, links: bool) -> None:
    """Judge the mail of NEWSLETTER as it would go now, or of all, or a message in a file, which needs no config.

    The exit code is 1 where a finding is an error, 0 where there are warnings and advice at most.
    """
    if what is not None and _is_file(what):
        weights = _weights(config_path)
        reports = [lint_file(what, weights=weights, ask=links)]
    else:
        reports = lint_newsletters(open_site(config_path), what, ask=links)
    if as_json:
        say_json([_for_machines(report) for report in reports])
    else:
        for line in _lines(reports):
            click.echo(printable(line))
    raise SystemExit(INCOMPLETE if any(report.count(Severity.ERROR) for report in reports) else OK)


def _is_file(what: str) -> bool:
    return what.lower().endswith(".eml") or "/" in what or Path(what).is_file()


def _weights(config_path: Path) -> Mapping[str, str]:
    return open_site(config_path).config.lint.weights if config_path.is_file() else {}


def _for_machines(report: LintReport) -> dict[str, object]:
    return {
        "what": report.place,
        "subject": report.subject,
        "html_bytes": report.html_bytes,
        "asked": report.asked,
        "note": report.note,
        "clients_as_of": as_of(),
        "findings": [
            {
                "rule": one.rule,
                "severity": one.severity,
                "part": one.spot.part,
                "line": one.spot.line,
                "place": one.spot.name,
                "what": one.what,
                "why": one.why,
                "seen_by": one.seen_by,
                "remedy": one.remedy,
            }
            for one in report.findings
        ],
    }


def _lines(reports: Sequence[LintReport]) -> Iterator[str]:
    if not reports:
        yield "the config has no newsletters"
    for report in reports:
        yield from _report_lines(report)


def _report_lines(report: LintReport) -> Iterator[str]:
    if report.note:
        yield f"{report.place}: nothing to judge: {report.note}"
        return
    counts = [counted(report.count(severity), severity.value) for severity in (Severity.ERROR, Severity.WARNING)]
    counts.append(f"{report.count(Severity.ADVICE)} of advice")
    asked = f", {counted(report.asked, 'address')} asked after" if report.asked else ""
    yield f"{report.place}: “{report.subject}”, {report.html_bytes:,} bytes of HTML{asked}: {', '.join(counts)}"
    told: set[str] = set()
    for one in report.findings[:SHOWN]:
        yield from _finding_lines(report.place, one, has_been_told=one.rule in told)
        told.add(one.rule)
    if len(report.findings) > SHOWN:
        yield f"… and {len(report.findings) - SHOWN} more (--json lists all)"


def _finding_lines(place: str, one: Finding, *, has_been_told: bool) -> Iterator[str]:
    """Yield what is wrong, who sees it and what to do; why it matters is told once a rule."""
    yield f"{place}: {one.severity} {one.rule}: {one.text}"
    if not has_been_told:
        yield f"    why: {one.why}"
    if one.seen_by:
        yield f"    seen by: {', '.join(one.seen_by)}"
    yield f"    remedy: {one.remedy}"
