"""What a publish did.

A value only, and light: a command that finds nothing to print loads no more. Not here: how it is shown (cli).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class PublishReport:
    """What a publish did, by path; ``left_out`` is (path, entry id, reason), ``failed`` (path, reason).

    ``written`` are documents, ``media`` the pictures and files copied beside them, ``announced`` the addresses that
    hubs are to hear of.
    """

    written: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    went_live: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether everything is published as it should be."""
        return not (self.left_out or self.failed)
