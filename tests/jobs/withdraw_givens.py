"""A printed site of three articles, one of which is to go, and what an operator does to it.

Not here: what comes of it (test_withdraw, test_withdraw_files, test_restore).
"""

from datetime import timedelta

from feeds.model import State

SECRET = "Xyzzy"


def stocked(site):
    """Print one article that is to go, and two that stay."""
    site.article("ferry.md", f"{SECRET} words.", title="Ferry", date="2024-11-18 08:00", tags="[boats]")
    site.article("pier.md", "Pier words, and [the ferry](ferry.md).", title="Pier", date="2024-11-19 08:00")
    site.article("quay.md", "Quay words.", title="Quay", date="2024-11-20 08:00", tags="[boats]")
    site.print()
    return site


def withdraw(site, *names, reason="Asked for.", **how):
    with site.app() as app:
        return app.withdraw(names, reason=reason, **how)


def restore(site, *names):
    site.now += timedelta(hours=1)
    with site.app() as app:
        return app.restore(names)


def done(report):
    return [one.done for one in report.entries]


def withdrawn(site):
    stocked(site)
    withdraw(site, "ferry")
    site.print()
    return site


def is_out(site, *more, name="ferry"):
    """Sync and publish twice: is it still withdrawn, and do its words stand nowhere?"""
    for _ in range(2):
        site.sync()
        site.publish()
    return (site.entry(name).state, site.holding(SECRET, *more)) == (State.WITHDRAWN, set())
