"""The command line: one file per group of commands, and the one place where an error becomes an exit code.

Exit codes: 0 all well; 1 something needs a person; 2 a mistake in config or usage; 3 withdrawals are held back;
  4 the store cannot be used; 5 a document not written; 6 another run is at work on this site;
  7 no mail can be handed over; 8 the store may have forgotten whom it mailed.
Not here: the work (app).
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from importlib import import_module
from typing import cast

import click

from feeds import __version__
from feeds.errors import PressrunError

# Where each command stands. It is fetched when it is asked for: a beat with nothing to do must not load the press.
COMMANDS = {
    "init": "init",
    "run": "run",
    "serve": "run",
    "sync": "sync",
    "publish": "publish",
    "compose": "compose",
    "deliver": "compose",
    "preview": "preview",
    "lint": "lint",
    "subscribers": "subscribers",
    "editions": "editions",
    "deliveries": "deliveries",
    "bounce": "bounce",
    "suppressions": "suppressions",
    "keys": "keys",
    "entries": "entries",
    "feeds": "feeds",
    "status": "status",
    "check": "check",
    "doctor": "doctor",
    "dkim": "dkim",
    "send-test": "send_test",
    "templates": "templates",
    "config": "config",
    "migrate": "migrate",
}


class Commands(click.Group):
    """All commands, in the order in which a newcomer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return one, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        name = f"feeds.cli.{COMMANDS[cmd_name]}"
        with nullcontext() if name in sys.modules else _kept():
            module = import_module(name)
        return cast(click.Command, getattr(module, cmd_name.replace("-", "_")))


@contextmanager
def _kept() -> Iterator[None]:
    """Keep what is imported out of every search for garbage, which takes a fifth of a run with nothing to do."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _exit_codes() -> str:
    """Return what the docstring above says of the exit codes."""
    return (__doc__ or "").partition("\n\n")[2].partition("Not here:")[0].strip()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_exit_codes())
@click.version_option(__version__, prog_name="pressrun")
def pressrun() -> None:
    """Publish a folder of articles: feeds, pages and newsletters, all printed from one store."""


def _stop(number: int, _frame: object) -> None:
    """Leave as the shell expects of what a signal ended, but by the doors: the run is recorded as failed."""
    click.echo("pressrun: stopped half-way; run it again, and it goes on where it was", err=True)
    sys.exit(128 + number)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line, on ``args`` or on those of the process, and leave with its exit code."""
    with suppress(ValueError):  # only the main thread may say what a signal does
        signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(pressrun(args=args, standalone_mode=True, prog_name="pressrun"))
    except PressrunError as error:
        click.echo(f"pressrun: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
