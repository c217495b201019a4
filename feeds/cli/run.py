"""``pressrun run`` and ``pressrun serve``: the press run, once or at every beat, and the site over HTTP beside it.

Not here: the run itself (app), the beat (scheduler), what is served (web), what is said of it (told).
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, NoReturn

import click

from feeds import logs
from feeds.app import App, RunOutcome
from feeds.app.notices import send_notices
from feeds.app.press_run import press_run
from feeds.cli.common import INCOMPLETE, OK, open_site, say_json, site_options
from feeds.cli.progress import Lines, progress
from feeds.cli.stopping import stoppable
from feeds.cli.told import done_lines, exit_code, problem_lines
from feeds.config import Config, load_config
from feeds.errors import PressrunError, UsageWrong
from feeds.store.engine import Store

LOG = logging.getLogger("pressrun")


log_format = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Log to standard error in lines for people, or one JSON object a line.",
)


@click.command()
@site_options
@click.option("--verbose", "-v", is_flag=True, help="Say what was done; otherwise only what needs a person is said.")
@log_format
def run(config_path: Path, *, as_json: bool, verbose: bool, log_format: str) -> None:
    """Do one press run: sync, publish, compose what is due, deliver what is queued. Made for cron."""
    if log_format == "json":
        _run_logged(config_path, as_json=as_json)
    app = open_site(config_path)
    with progress("The press is running", lines=verbose) as show, stoppable() as stop:
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


def _run_logged(config_path: Path, *, as_json: bool) -> NoReturn:
    """Do one press run, and log what it does and what goes wrong."""
    logs.begin(as_json=True)
    with logs.running(), _logged_errors(), stoppable() as stop:
        outcome = press_run(open_site(config_path), should_stop=stop.is_set, progress=_logged_progress())
        _log(outcome)
        if as_json:
            say_json(outcome)
        raise SystemExit(128 + signal.SIGTERM if stop.is_set() else exit_code(outcome))


@contextmanager
def _logged_errors() -> Iterator[None]:
    """Log what ends a command, which would else be told to people."""
    try:
        yield
    except PressrunError as error:
        LOG.error("%s", error)
        raise SystemExit(error.exit_code) from error


def _logged_progress() -> Lines:
    return Lines(lambda line: LOG.info("delivering: %s", line))


@click.command()
@site_options
@click.option("--beat", type=click.IntRange(1, 3600), help="Seconds between two beats; the config's if none are given.")
@click.option("--host", help="The address to listen at; the config's if none is given.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen at; 0 takes any that is free.")
@click.option("--no-web", is_flag=True, help="Keep time only: another program serves the output folder.")
@click.option(
    "--no-schedule", is_flag=True, help="Serve, and send what readers wait for: something else does the press runs."
)
@click.option("--access-log", is_flag=True, help="Log each request: who asked for what.")
@log_format
def serve(config_path: Path, **options: Any) -> None:
    """Stay: serve the site over HTTP, and do a press run at every beat.

    SIGTERM ends it when what is in flight is done.
    """
    chosen = _Chosen(**options)
    is_json = chosen.log_format == "json"
    logs.begin(as_json=is_json, access=chosen.access_log)
    with _logged_errors() if is_json else nullcontext():
        config = load_config(config_path, os.environ)  # a mistake that is there at the start is told at once
        if chosen.no_web and chosen.no_schedule:
            raise UsageWrong("with --no-web and --no-schedule there is nothing to do; give one of them")
        _stay(config, chosen)


def _stay(config: Config, chosen: _Chosen) -> NoReturn:
    called = Event()
    with stoppable() as stop, _served(config, chosen, stop, called=called) as is_whole:
        with _sending_notices(config, chosen, stop, called=called):
            if chosen.no_schedule:
                stop.wait()
            else:
                _keep_time(config, chosen, stop)
        LOG.info("asked to stop" if is_whole() else "stopping: the web server broke")
    LOG.info("done")
    raise SystemExit(OK if is_whole() else INCOMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What the command line says of how to serve."""

    as_json: bool
    beat: int | None
    host: str | None
    port: int | None
    no_web: bool
    no_schedule: bool
    access_log: bool
    log_format: str


@contextmanager
def _served(config: Config, chosen: _Chosen, stop: Event, *, called: Event) -> Iterator[Callable[[], bool]]:
    """Serve the site while the block runs; give what tells whether the server is whole. Should it break, all stops.

    ``called`` is set when a reader waits for a notice.
    """
    broken = Event()
    if chosen.no_web:
        yield lambda: True
        return
    from feeds.web import listen, web_app

    def breaks() -> None:
        broken.set()
        stop.set()

    with closing(Store(config.store.url.reveal())) as store:
        port = config.web.port if chosen.port is None else chosen.port
        app = web_app(config, store, wake=called.set)
        server = listen(app, chosen.host or config.web.host, port, when_broken=breaks)
        LOG.info("serving %s at %s", config.site.title, server.address)
        try:
            yield lambda: not broken.is_set()
        finally:
            server.stop()


def _sending_notices(config: Config, chosen: _Chosen, stop: Event, *, called: Event) -> AbstractContextManager[None]:
    """Send the notices that readers wait for while the block runs, whoever does the press runs."""
    if chosen.no_web:
        return nullcontext()
    from feeds.scheduler import answering
    from feeds.web.settings import Settings

    settings = Settings(config)  # while there is a mistake in the file, as the pages that readers wait at go by

    def send_at_once() -> None:
        with logs.running(), closing(App(settings.current())) as app:
            _tell(chosen, RunOutcome(deliver=send_notices(app, should_stop=stop.is_set)))

    return answering(stop, called, send_at_once)


def _keep_time(config: Config, chosen: _Chosen, stop: Event) -> None:
    from feeds.scheduler import beat_until

    def one_beat() -> None:
        # The config is read anew, so that what changed in it counts from the next beat.
        with logs.running(), closing(App(load_config(config.file, os.environ))) as app:
            _tell(chosen, press_run(app, should_stop=stop.is_set, progress=_logged_progress()))

    seconds = chosen.beat or config.schedule.beat_seconds
    LOG.info("%s: a beat every %d seconds", config.site.title, seconds)
    beat_until(stop, one_beat, seconds=seconds)


def _tell(chosen: _Chosen, outcome: RunOutcome) -> None:
    tell: Callable[[RunOutcome], None] = say_json if chosen.as_json else _log
    tell(outcome)


def _log(outcome: RunOutcome) -> None:
    for line in done_lines(outcome):
        LOG.info("%s", line)
    for line in problem_lines(outcome):
        LOG.warning("%s", line)
