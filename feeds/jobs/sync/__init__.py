"""Sync: bring the store up to date with the sources.

A report for each source, and one on the tags. Not here: reading files (sources), understanding them (rules).
"""

from feeds.jobs.sync.dropped import withdraw_dropped
from feeds.jobs.sync.links import note_broken_links
from feeds.jobs.sync.report import SyncReport
from feeds.jobs.sync.source import SourceSync
from feeds.jobs.sync.tags import settle_tags

__all__ = ["SourceSync", "SyncReport", "note_broken_links", "settle_tags", "withdraw_dropped"]
