"""``pressrun doctor``: is everything ready to send for real? Changes nothing, and mails nobody.

Not here: what is looked at (jobs.doctor).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from feeds.app.doctor import doctor as examine
from feeds.cli.common import INCOMPLETE, OK, counted, open_site, printable, say_json, site_options
from feeds.jobs.doctor import DoctorReport
from feeds.rules.checkup import Finding, Grade


@click.command()
@site_options
@click.option(
    "--sends-from",
    multiple=True,
    metavar="IP",
    help="An address that mail leaves from, as the world sees it; may be given more than once.",
)
@click.option(
    "--resolver", multiple=True, metavar="IP[:PORT]", help="The name server to ask, in place of this machine's own."
)
def doctor(config_path: Path, *, as_json: bool, sends_from: tuple[str, ...], resolver: tuple[str, ...]) -> None:
    """Look at SPF, DKIM, DMARC, MX and PTR, the way to the mail server, the database, the disk and the clock.

    What is wrong is told with the DNS record or the line that mends it. Nobody but name servers and the configured mail
    server is asked. The exit code is 1 where something is an error, 0 where there are warnings at most.
    """
    site = open_site(config_path)
    report = examine(site, sends_from=sends_from, resolvers=resolver)
    if as_json:
        say_json({"findings": report.findings} | {grade.value: report.count(grade) for grade in Grade})
    else:
        for line in _lines(site.config.site.title, report):
            click.echo(printable(line))
    raise SystemExit(INCOMPLETE if report.count(Grade.ERROR) else OK)


def _lines(title: str, report: DoctorReport) -> Iterator[str]:
    errors, warnings = (counted(report.count(grade), grade.value) for grade in (Grade.ERROR, Grade.WARNING))
    yield f"{title}: {errors}, {warnings}, {report.count(Grade.OK)} well"
    for one in report.findings:
        yield from _finding_lines(one)


def _finding_lines(one: Finding) -> Iterator[str]:
    yield f"{one.grade.value:8}{one.area} {one.where}: {one.what}"
    if one.remedy:
        yield f"        remedy: {one.remedy}"
    for line in one.lines:
        yield f"            {line}"
