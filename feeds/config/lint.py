"""The section [lint]: how grave a breach of each rule for mail is.

Not here: the rules themselves (docs/rules.md), judging by them (rendering.lint).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from feeds.config.parts import Part


class Weight(StrEnum):
    """How grave a breach of a rule is; ``usual`` leaves that to each thing that can be wrong."""

    USUAL = "usual"
    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"
    OFF = "off"


def _weight(rule: str, about: str) -> Weight:
    weight: Weight = Field(Weight.USUAL, alias=rule, strict=False, description=about)
    return weight


class LintConfig(Part):
    """How mail is judged before it goes."""

    m1: Weight = _weight("M1", "From, Date, Message-ID")
    m2: Weight = _weight("M2", "leaving by one click")
    m3: Weight = _weight("M3", "List-Id and the other List fields")
    m4: Weight = _weight("M4", "marks of automatic mail")
    m5: Weight = _weight("M5", "lines, encoded-words, encodings")
    m6: Weight = _weight("M6", "the parts and their order")
    m7: Weight = _weight("M7", "signatures")
    m9: Weight = _weight("M9", "doctype, language, title, head")
    m10: Weight = _weight("M10", "roles of tables, headings")
    m11: Weight = _weight("M11", "pictures")
    m12: Weight = _weight("M12", "links, and nothing that runs")
    m13: Weight = _weight("M13", "inline styles, and who honours them")
    m14: Weight = _weight("M14", "contrast, dark schemes")
    m15: Weight = _weight("M15", "style elements")
    m16: Weight = _weight("M16", "the preheader")
    m17: Weight = _weight("M17", "size, unsubscribing, postal address")
    m18: Weight = _weight("M18", "widths, type, room to touch")
    m19: Weight = _weight("M19", "the text part")
    m20: Weight = _weight("M20", "tracking pixels")

    @property
    def weights(self) -> Mapping[str, str]:
        """Return the severity that the findings of a rule have, or "off", for the rules that have one of their own."""
        return {name.upper(): weight.value for name, weight in self if weight is not Weight.USUAL}
