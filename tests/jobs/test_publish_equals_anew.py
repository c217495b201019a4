"""Whatever changes in whatever order: what publish prints in proportion is what it would print anew.

Not here: single changes (test_publish_edits.py, test_publish_proportion.py).
"""

import random
from datetime import timedelta

import pytest

CONFIG = """
[[feeds]]
slug = "site"
title = "All"
path = "."
limit = 3
[[feeds]]
slug = "tags"
title = "{name}"
each = "tag"
path = "tags/{slug}"
limit = 2
[[feeds]]
slug = "languages"
title = "{name}"
each = "language"
path = "in/{slug}"
[[feeds]]
slug = "pier"
title = "The pier, not the ferry"
tags = ["pier"]
not_tags = ["ferry"]
[output]
page_size = 4
"""
TAGS = ("[ferry]", "[pier]", "[ferry, pier]", "[Ferry]", "[quay, pier]", "[]")
AUTHORS = ("Ann Lee", "Bo Ek", "")
STEPS = 14


def write(site, chance, number):
    """Write an article, new or in place of what it said before: any of its facts may be another."""
    front = {
        "title": f"Title {chance.randrange(100)}",
        "date": f"2024-{chance.randrange(1, 12):02}-{chance.randrange(1, 28):02} 08:00",
        "tags": chance.choice(TAGS),
        "author": chance.choice(AUTHORS),
        "section": chance.choice(("News", "Arts")),
        "language": chance.choice(("en", "de-AT")),
        "access": chance.choice(("public", "public", "members")),
        "draft": chance.choice(("false", "false", "false", "true")),
    }
    if chance.random() < 0.3:
        front["slug"] = f"slug-{chance.randrange(8)}"
    if chance.random() < 0.3:
        front["aliases"] = f"[/old-{number}/]"  # of two that want one address, one would wait for the other to go
    body = f"Words {chance.random()}. See [another](a{chance.randrange(30):02}.md)."
    site.article(f"a{number:02}.md", body, **front)


def change(site, chance):
    """Change something: articles, the clock, or what an operator says of one."""
    kinds = ("write", "write", "write", "remove", "withdraw", "restore", "wait", "move")
    kind, number = chance.choice(kinds), chance.randrange(30)
    key, there = f"a{number:02}.md", site.path(f"a{number:02}.md").exists()
    if kind == "write" or not there:
        for _ in range(chance.randrange(1, 8)):
            write(site, chance, chance.randrange(30))
    elif kind == "remove":
        site.remove(key)
    elif kind == "move":
        site.move(key, f"below/moved-{number}-{chance.randrange(1000)}.md")
    elif kind == "wait":
        site.now += timedelta(days=chance.choice((1, 31)))
    else:
        site.run("entries", kind, key, *(["--reason", "Because."] if kind == "withdraw" else []))


@pytest.mark.rule("F13")
@pytest.mark.parametrize("seed", range(4))
def test_printing_in_proportion_ends_as_printing_anew_does(site, seed):
    chance = random.Random(seed)
    site.configure(CONFIG)
    for number in range(12):
        write(site, chance, number)
    for step in range(STEPS):
        change(site, chance)
        site.sync(accept_withdrawals=True)
        site.publish()
        before = site.documents()
        report = site.publish(anew=True)
        assert (step, report.written, report.removed) == (step, [], [])
        assert site.documents() == before
