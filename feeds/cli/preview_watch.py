"""``pressrun preview --watch``: the page made anew whenever a file that it is made of changes, until somebody ends it.

Not here: the page (rendering), serving it (web), the report of one preview (preview).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.app import App, RunOutcome
from feeds.cli.told import done_lines, problem_lines
from feeds.config import load_config
from feeds.errors import PressBusy, PressrunError
from feeds.jobs.compose.preview import PreviewReport
from feeds.jobs.marks import preview_mark

if TYPE_CHECKING:
    from feeds.web.proofs import Proofs

BEAT = 0.5  # seconds between two looks at the files
WORKING = "rendering …"


def watch_preview(
    config_path: Path,
    port: int,
    render: Callable[[App], PreviewReport],
    *,
    folder: Path,
    tell: Callable[..., None],
    is_opened: bool,
) -> None:
    """Serve the folder of a preview, and make that anew with each change, articles synced before.

    A mistake is told of. ``tell`` says what a report holds; with ``again`` it leaves out where that was written.
    Raises PortTaken before anything is made.
    """
    from feeds.web.proofs import serve_proofs

    desk = _Desk(config_path, render)
    with serve_proofs(folder, port) as proofs:
        proofs.say(WORKING)
        tell(desk.made())
        proofs.say("")
        click.echo(f"{proofs.url} shows it, and each change as you save it; Ctrl-C ends that")
        if is_opened:
            click.launch(proofs.url)
        while True:
            time.sleep(BEAT)
            _keep_up(desk, proofs, tell)


def _keep_up(desk: _Desk, proofs: Proofs, tell: Callable[..., None]) -> None:
    """Make the preview anew where something changed; what keeps it from that is told of, also on the page."""
    try:
        if desk.has_changed():
            proofs.say(WORKING)
            tell(desk.made(), again=True)
            proofs.renewed()
    except PressrunError as error:
        click.echo(f"pressrun: {error}", err=True)
        proofs.say(str(error))


class _Desk:
    """What a preview is made at: the config that could be read last, and the files as they were seen last."""

    def __init__(self, config_path: Path, render: Callable[[App], PreviewReport]) -> None:
        self._path, self._render = config_path, render
        self._config = load_config(config_path, os.environ)
        self._seen = preview_mark(self._config)
        self._waits = False  # for another run, with articles that are not synced

    def has_changed(self) -> bool:
        """Tell whether a file changed since it was last asked, or another run has ended that kept us from syncing."""
        seen, self._seen = self._seen, preview_mark(self._config)
        if self._seen == seen and self._waits:
            with closing(App(self._config)) as app:
                return self._sync(app, is_told=False)
        return self._seen != seen

    def made(self) -> PreviewReport:
        """Sync what changed, and make the preview; say that it is at work, and how long that took."""
        self._config = load_config(self._path, os.environ)
        with closing(App(self._config)) as app:
            self._sync(app)
            with _timed():
                return self._render(app)

    def _sync(self, app: App, *, is_told: bool = True) -> bool:
        """Bring the store up to date as a press run does; tell whether it is, which it is not while one is at work."""
        self._waits = False
        if not app.needs_sync():
            return True
        try:
            outcome = RunOutcome(sync=app.sync())
        except PressBusy as error:
            self._waits = True
            if is_told:
                click.echo(f"articles are shown as they were synced last: {error}", err=True)
            return False
        for line in done_lines(outcome):
            click.echo(line)
        for line in problem_lines(outcome):
            click.echo(line, err=True)
        return True


@contextmanager
def _timed() -> Iterator[None]:
    begun = time.monotonic()
    click.echo(WORKING, nl=False)
    try:
        yield
    finally:
        click.echo(f" {time.monotonic() - begun:.1f} s")
