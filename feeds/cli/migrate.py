"""``pressrun migrate``: bring the store to this program's schema.

Not here: the migrations (store).
"""

from __future__ import annotations

from pathlib import Path

import click

from feeds.cli.common import INCOMPLETE, OK, counted, open_site, say, say_json, site_options


@click.command()
@site_options
@click.option(
    "--check", "check_only", is_flag=True, help="Compare the store with this program's tables; change nothing."
)
def migrate(config_path: Path, as_json: bool, check_only: bool) -> None:
    """Bring the store up to date; a SQLite file is backed up first."""
    app = open_site(config_path)
    if check_only:
        differences = app.schema_differences()
        if as_json:
            say_json({"differences": differences})
        else:
            click.echo(f"{app.store}: {counted(len(differences), 'difference')} from this program's tables")
            say("differences", differences)
        raise SystemExit(INCOMPLETE if differences else OK)
    backup = app.migrate()
    if as_json:
        say_json({"store": str(app.store), "backup": backup})
    else:
        click.echo(f"{app.store}: up to date" + (f"; what it was before is in {backup}" if backup else ""))
