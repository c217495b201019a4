"""The judge of mail: says of any message, ours or a stranger's, which rules it breaks, where, and who sees that.

Pure: bytes in, findings out. Not here: making messages (rendering), asking for their links (jobs), telling (cli).
"""

from __future__ import annotations

from feeds.rendering.lint.case import Sender
from feeds.rendering.lint.findings import WHY, Finding, Part, Severity, Spot
from feeds.rendering.lint.judging import Judgement, judge_message, ordered, weighed

__all__ = ["WHY", "Finding", "Judgement", "Part", "Sender", "Severity", "Spot", "judge_message", "ordered", "weighed"]
