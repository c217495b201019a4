"""Logging: in lines for people, or one JSON object a line, each with the press run that it belongs to.

The lowest floor, since a line may come from anywhere. Not here: what is logged (each room), the commands' words (cli).
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

# What each job says of its begin and end: machines follow it, and people are told what was done.
JOBS = "pressrun.jobs"
ACCESS = "pressrun.access"
TEXT = "%(asctime)s %(levelname)s %(message)s"
_run: ContextVar[str] = ContextVar("run", default="")
_is_json = False


@contextmanager
def running() -> Iterator[str]:
    """Let what this thread does meanwhile belong to a press run: the one that is on, or a new one; give its id."""
    run = _run.get() or secrets.token_hex(4)
    before = _run.set(run)
    try:
        yield run
    finally:
        _run.reset(before)


def run_mark() -> dict[str, str]:
    """Return the press run that is on as a part of a report, nothing where none is."""
    run = _run.get()
    return {"run": run} if run else {}


def begin(*, as_json: bool, access: bool = False) -> None:
    """Log to standard error from now on; ``access`` is whether each request is told of too."""
    global _is_json  # noqa: PLW0603 (logging itself is of the whole process)
    _is_json = as_json
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else logging.Formatter(TEXT))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.captureWarnings(as_json)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # a migration is told of in our own words
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # what is wrong with a form is told to who sent it
    logging.getLogger(ACCESS).setLevel(logging.INFO if access else logging.WARNING)
    logging.getLogger(JOBS).setLevel(logging.INFO if as_json else logging.WARNING)


class JsonLines(logging.Formatter):
    """Writes each record as one JSON object on a line of its own, in ASCII, whatever is in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            **run_mark(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


@dataclass(frozen=True, slots=True)
class Continued:
    """What a worker process is given of this one, so that its lines look the same and belong to the same run."""

    run: str
    as_json: bool

    def take_up(self) -> None:
        """Log in this process as the one did that this was made in."""
        _run.set(self.run)
        if self.as_json:
            begin(as_json=True)


def continued() -> Continued:
    """Return what a worker process needs to log as this one does."""
    return Continued(_run.get(), _is_json)
