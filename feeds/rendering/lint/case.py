"""A message as the checks see it: taken apart, its HTML read into a tree, with what is known of who sends it.

Values only. Not here: making them (opening, markup), any judgement (the checks).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from feeds.rendering.lint.findings import Finding, Part, Spot
from feeds.rendering.lint.markup import Page
from feeds.rendering.lint.opening import Entity, Field, Letter


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of the site that sends a message: its host, and the postal address that stands in its mail.

    An empty value is not known, or there is none. ``writes_to_many`` is False for a notice that is one person's own
    affair: nobody leaves a list by it.
    """

    host: str = ""
    postal_address: str = ""
    writes_to_many: bool = True


@dataclass(frozen=True)
class Case:
    """One message to judge. ``page`` is None where it has no HTML part."""

    letter: Letter
    page: Page | None
    sender: Sender

    @property
    def root(self) -> Entity:
        """Return the message itself, whose fields are the headers."""
        return self.letter.root


Check = Callable[[Case], Iterator[Finding]]
PageCheck = Callable[[Page], Iterator[Finding]]
MESSAGE = Spot(Part.MESSAGE)


def on(field: Field) -> Spot:
    """Return the place of a header field."""
    return Spot(Part.HEADERS, field.line, field.name)


def headers(name: str) -> Spot:
    """Return the place of a header field that is not there."""
    return Spot(Part.HEADERS, None, name)
