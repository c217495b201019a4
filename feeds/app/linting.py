"""Judging mail before it goes: newsletters as they would be now, or a message in a file, which needs no config.

Not here: making an edition (post), the rules (rendering.lint).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feeds.app.post import Post
from feeds.app.site import App
from feeds.errors import UsageWrong
from feeds.jobs.lint import LintReport, lint, read_message
from feeds.outgoing import Client, Limits
from feeds.rendering.lint import Sender
from feeds.rendering.lint.editions import sender_of

SECONDS = 15.0  # for one link or picture
_MOST_BYTES = 2_000_000


def lint_file(place: str, *, weights: Mapping[str, str], ask: bool) -> LintReport:
    """Judge a message in a file, ours or a stranger's; raise RequestFailed where it cannot be read."""
    return lint(place, read_message(Path(place)), sender=Sender(), weights=weights, client=_client("") if ask else None)


def lint_newsletters(app: App, newsletter: str | None, *, ask: bool) -> list[LintReport]:
    """Judge one newsletter, or all, as a preview makes them now; one that has nothing to bring is told of.

    Raises UsageWrong where the one that is named has nothing, or is none.
    """
    post, config = Post(app), app.config
    reports = []
    for slug in [newsletter] if newsletter else [one.slug for one in config.newsletters]:
        try:
            proof = post.proof(slug)
        except UsageWrong as nothing:
            if newsletter:
                raise
            reports.append(LintReport(slug, note=str(nothing)))
            continue
        client = _client(config.site.url) if ask else None
        reports.append(
            lint(
                slug,
                proof.message,
                sender=sender_of(config),
                weights=config.lint.weights,
                sampled=proof.sampled,
                client=client,
            )
        )
    return reports


def _client(site: str) -> Client:
    # Only what every reader can reach: a link to a machine of one's own is broken for them.
    return Client(site, limits=Limits(max_bytes=_MOST_BYTES, seconds=SECONDS))
