"""What a sync did, in words that a tired operator can act on.

Values only. Not here: how it is shown (cli).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class SyncReport:
    """What a sync of one source did, by key; ``refused`` and ``notes`` are (key, what).

    ``held`` are the keys whose withdrawal waits for a person; ``problem`` tells why the source could not be read.
    ``hidden`` (key, why) were withdrawn since what cannot be read may take them from the public; ``stale`` are public
    as they were before they could not be read. ``dropped`` says that the config no longer has the source.
    """

    source: str
    added: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    went_live: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    problem: str = ""
    dropped: bool = False

    @property
    def is_clean(self) -> bool:
        """Tell whether all that was there could be read."""
        return not (self.refused or self.held or self.problem)
