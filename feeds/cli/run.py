"""``pressrun run`` and ``pressrun serve``: the press run, once or at every beat.

Not here: the run itself (app), the beat (scheduler), what is said of it (told).
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

import click

from feeds.app import App, RunOutcome, press_run
from feeds.cli.common import OK, open_site, progress, say_json, site_options
from feeds.cli.stopping import stoppable
from feeds.cli.told import done_lines, exit_code, problem_lines
from feeds.config import load_config


@click.command()
@site_options
@click.option("--verbose", "-v", is_flag=True, help="Say what was done; otherwise only what needs a person is said.")
def run(config_path: Path, as_json: bool, verbose: bool) -> None:
    """Do one press run: sync, publish, compose what is due, deliver what is queued. Made for cron."""
    app = open_site(config_path)
    with progress("The press is running") as show, stoppable() as stop:
        outcome = press_run(app, should_stop=stop.is_set, progress=show)
        stopped = stop.is_set()
    if as_json:
        say_json(outcome)
    else:
        # On a terminal somebody is watching; cron would mail every line.
        for line in done_lines(outcome) if verbose or sys.stdout.isatty() else ():
            click.echo(line)
        for line in problem_lines(outcome):
            click.echo(line, err=True)
    raise SystemExit(128 + signal.SIGTERM if stopped else exit_code(outcome))


@click.command()
@site_options
@click.option("--beat", type=click.IntRange(1, 3600), help="Seconds between two beats; the config's if none are given.")
def serve(config_path: Path, as_json: bool, beat: int | None) -> None:
    """Stay, and do a press run at every beat. SIGTERM ends it when what is in flight is done."""
    from feeds.scheduler import beat_until

    first = load_config(config_path, os.environ)  # a mistake that is there at the start is told at once
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO, stream=sys.stderr)
    log, seconds = logging.getLogger("pressrun"), beat or first.schedule.beat_seconds
    with stoppable() as stop:
        log.info("serving %s, a beat every %d seconds", first.site.title, seconds)

        def one_beat() -> None:
            app = App(load_config(config_path, os.environ))  # anew, so that a changed config counts from the next beat
            try:
                _log(log, press_run(app, should_stop=stop.is_set), as_json=as_json)
            finally:
                app.close()

        beat_until(stop, one_beat, seconds=seconds)
        log.info("asked to stop, and done")
    raise SystemExit(OK)


def _log(log: logging.Logger, outcome: RunOutcome, *, as_json: bool) -> None:
    if as_json:
        say_json(outcome)
        return
    for line in done_lines(outcome):
        log.info("%s", line)
    for line in problem_lines(outcome):
        log.warning("%s", line)
