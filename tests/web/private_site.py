"""A site with a private feed.

Not here: what its readers fetch (private_feed_givens).
"""

import io

from PIL import Image

from tests.site_fixtures import CONFIG

PRIVATE = """
[[feeds]]
slug = "site"
title = "All"
path = "."

[[feeds]]
slug = "inside"
title = "Inside the Gazette"
private = true
members = true
"""
HUB = CONFIG.replace("[site]\n", '[site]\nhubs = ["https://hub.example/"]\n')


def opened(site):
    """Return a site with a private feed, one article for members and one for everyone."""
    site.configure(PRIVATE, config=HUB)
    site.write("sea.png", picture("navy"))
    site.write("pier.png", picture("teal"))
    site.article("plan.md", "The word is plugh. ![Sea](sea.png)", title="Xyzzy", access="members", authors="[Quux Ek]")
    site.article("pier.md", "See [the plan](plan.md). ![Pier](pier.png)", title="Pier", date="2024-11-01 08:00")
    site.print()
    return site


def picture(colour):
    data = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(data, "PNG")
    return data.getvalue()
