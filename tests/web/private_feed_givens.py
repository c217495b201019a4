"""A site with a private feed, and what its readers fetch.

Not here: what is expected of it (test_private_feeds, test_private_addresses), the fixture of it (conftest).
"""

import feedparser

from tests.web.test_printed_site import serving

FEEDS = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
SITE = "https://gazette.example/"


def addresses(site, reader="ann@x.example", feed="inside"):
    """Return a reader's own address in each format."""
    ended = site.run("feeds", "address", reader, feed, "--add", "--json")
    assert ended.code == 0, ended.err
    return ended.json["addresses"]


def path(url):
    return url.removeprefix(SITE.removesuffix("/"))


def fetch(site, reader="ann@x.example", name="rss"):
    url = addresses(site, reader)[name]
    with serving(site) as client:
        return client.ask(path(url))


def ids(document):
    return [entry["id"] for entry in feedparser.parse(document)["entries"]]
