"""Judges any feed, ours or a stranger's, by the numbered rules: what is wrong, where, why it matters, what to do.

A second look, by other code than writes our own. Not here: fetching one (jobs.check), putting faults right.
"""

from __future__ import annotations

from feeds.formats.check.findings import Finding, Severity
from feeds.formats.check.judging import Judgement, check_document, judge
from feeds.formats.check.opening import Kind

__all__ = ["Finding", "Judgement", "Kind", "Severity", "check_document", "judge"]
