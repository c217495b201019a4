"""``pressrun check``: is everything as it should be, with the site, or with one feed of anybody's? Changes nothing.

Not here: what is looked at (config, rendering, jobs.check), the rules for feeds (formats.check).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from feeds.cli.common import INCOMPLETE, OK, SHOWN, counted, open_site, printable, say, say_json, site_options

if TYPE_CHECKING:
    from feeds.formats.check import Finding
    from feeds.jobs.check_feed import FeedReport


@click.command()
@click.argument("feed", required=False)
@site_options
def check(config_path: Path, as_json: bool, feed: str | None) -> None:
    """Check the config, the templates and every published document; or FEED, a file or an address of any feed.

    For FEED the exit code is 1 where a finding is an error, 0 where there are warnings at most, 2 where nothing can be
    read. It needs no config.
    """
    if feed is not None:
        _check_feed(feed, as_json=as_json)
    report = open_site(config_path).check()
    if as_json:
        say_json(report)
    else:
        warnings = f", {counted(len(report.warnings), 'warning')}" if report.warnings else ""
        click.echo(
            f"the config, {counted(report.templates, 'template')} and {counted(report.documents, 'document')} checked:"
            f" {counted(len(report.faults), 'fault')}{warnings}"
        )
        say("faults", report.faults)
        say("warnings", report.warnings)
    raise SystemExit(INCOMPLETE if report.faults else OK)


def _check_feed(place: str, *, as_json: bool) -> NoReturn:
    from feeds.app.checking import check_one_feed

    report = check_one_feed(place)
    if as_json:
        say_json(_for_machines(report))
    else:
        for line in _lines(report):
            click.echo(printable(line))
    raise SystemExit(INCOMPLETE if report.errors else OK)


def _for_machines(report: FeedReport) -> dict[str, object]:
    findings = [
        {
            "line": one.line,
            "severity": one.severity,
            "rule": one.rule,
            "where": one.where,
            "what": one.what,
            "why": one.why,
            "remedy": one.remedy,
        }
        for one in report.findings
    ]
    return {"feed": report.place, "kind": report.kind, "entries": report.entries, "findings": findings}


def _lines(report: FeedReport) -> Iterator[str]:
    warnings = len(report.findings) - report.errors
    yield (
        f"{report.place}: {report.kind or 'no feed'}, {counted(report.entries, 'entry')}:"
        f" {counted(report.errors, 'error')}, {counted(warnings, 'warning')}"
    )
    told: set[str] = set()
    for one in report.findings[:SHOWN]:
        yield from _finding_lines(report.place, one, has_been_told=one.rule in told)
        told.add(one.rule)
    if len(report.findings) > SHOWN:
        yield f"… and {len(report.findings) - SHOWN} more (--json lists all)"


def _finding_lines(place: str, one: Finding, *, has_been_told: bool) -> Iterator[str]:
    """Yield what is wrong and what to do; why it matters is told once a rule."""
    yield f"{place}:{one.line or ''}: {one.severity} {one.rule}: {one.text}"
    if not has_been_told:
        yield f"    why: {one.why}"
    yield f"    remedy: {one.remedy}"
