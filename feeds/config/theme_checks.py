"""Whether the colours of a theme can be read on one another, as given and as mail programs invert them.

Not here: single colours (theme), what contrast is (rules.colours).
"""

from __future__ import annotations

from collections.abc import Iterator

from feeds.config.defaults import Data, table
from feeds.config.positions import Finding
from feeds.config.theme import ThemeConfig, as_colour, completed
from feeds.config.words import quietly, quoted
from feeds.rules.colours import DISCERNIBLE, READABLE, contrast, inverted

_DEFAULTS = ThemeConfig.model_fields
# Which colour is read on which.
_READ_ON = (("ink", "paper"), ("accent", "paper"), ("dark_ink", "dark_paper"), ("dark_accent", "dark_paper"))


def unreadable_colours(data: Data) -> Iterator[Finding]:
    """Yield each colour of ``[theme]`` that cannot be read on its paper, as given or inverted by a mail program."""
    given = completed(table(data, "theme"))
    for name, under in _READ_ON:
        ink, paper = (quietly(as_colour, given.get(key, _DEFAULTS[key].default)) for key in (name, under))
        if not (ink and paper):
            continue
        found, turned = contrast(ink, paper), contrast(inverted(ink), inverted(paper))
        if found < READABLE:
            problem = f"{quoted(ink)} on {under} {quoted(paper)} has a contrast of {found:.1f}"
            yield ("theme", name), f"{problem}; expected {READABLE} or more"
        elif turned < DISCERNIBLE:
            problem = (
                f"{quoted(ink)} on {under} {quoted(paper)} has a contrast of {turned:.1f} where colours are inverted"
            )
            yield ("theme", name), f"{problem}; expected {DISCERNIBLE:.0f} or more"
