"""The keys of a site: made, and told of to the DNS.

Not here: the work (jobs.dkim_keys).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from feeds.app.site import App
from feeds.config.dkim import as_selector
from feeds.config.words import Wrong
from feeds.errors import UsageWrong

if TYPE_CHECKING:
    from feeds.jobs.dkim_keys import KeyRecord, MadeKey


def make_key(app: App, *, ed25519: bool, selector: str | None, file: Path | None) -> MadeKey:
    """Make a key for RSA, or for Ed25519; raise UsageWrong for a selector that can be none."""
    from feeds.jobs.dkim_keys import make_key as make
    from feeds.rendering.dkim import Algorithm

    try:
        selector = selector and as_selector(selector)
    except Wrong as wrong:
        raise UsageWrong(f"--selector: {wrong}") from wrong
    return make(app.config, Algorithm.ED25519 if ed25519 else Algorithm.RSA, selector=selector, file=file)


def key_records(app: App) -> tuple[KeyRecord, ...]:
    """Return the records of the keys that sign; raise UsageWrong where there are none."""
    from feeds.jobs.dkim_keys import records_of

    return records_of(app.config)
