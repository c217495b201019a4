"""Publish: print every document from the store, write those whose bytes changed, remove those that are no more.

Run twice it writes nothing the second time. Not here: which entries are public (rules), how documents look (rendering).
"""

from feeds.jobs.publish.pages import site_view
from feeds.jobs.publish.press import PublishReport, publish
from feeds.jobs.publish.stock import read_stock

__all__ = ["PublishReport", "publish", "read_stock", "site_view"]
