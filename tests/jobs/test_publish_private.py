"""What is not public is nowhere in the output: not a word of it, not its picture, not its address, not its date.

Not here: which entries are public (rules.queries).
"""

from datetime import UTC, datetime

import pytest

CANARIES = ("Xyzzy", "plugh", "secret-slug", "hidden-tag", "Quux Author")


def secret(site, **front):
    words = {"title": "Xyzzy", "slug": "secret-slug", "tags": "[hidden-tag]", "author": "Quux Author"}
    site.article("secret.md", "The word is plugh. ![Xyzzy](sea.png)", **words | front)
    site.article("open.md", "See [this](secret.md).", date="2024-11-01 08:00")


def leaks(site):
    documents = site.documents()
    media = [path for path in documents if path.startswith("media/")]
    return site.holding(*CANARIES) | {path for path in documents for word in CANARIES if word in path} | set(media)


@pytest.mark.rule("F12")
@pytest.mark.parametrize("front", [{"draft": "true"}, {"date": "2099-01-01"}, {"access": "members"}])
def test_draft_scheduled_or_members_only_entry_leaves_no_trace_in_the_output(site, picture, front):
    site.write("sea.png", picture)
    secret(site, **front)
    site.print()
    assert len(site.entries()) == 2
    assert leaks(site) == set()


@pytest.mark.rule("F12")
@pytest.mark.parametrize("front", [{"draft": "true"}, {"date": "2099-01-01"}, {"access": "members"}])
def test_public_entry_that_becomes_private_leaves_with_the_next_publish(site, picture, front):
    site.write("sea.png", picture)
    secret(site)
    site.print()
    assert leaks(site) != set()
    secret(site, **front)
    site.print()
    assert leaks(site) == set()


@pytest.mark.rule("F12")
def test_updated_of_a_feed_does_not_tell_of_a_private_edit(site):
    secret(site, access="members")
    site.print()
    before = site.documents()
    site.edit("secret.md", "plugh", "plugh plugh")
    site.print()
    assert site.documents() == before


@pytest.mark.rule("F12")
def test_picture_that_a_public_entry_shows_too_stays(site, picture):
    site.write("sea.png", picture)
    secret(site, access="members")
    site.article("other.md", "![Sea](sea.png)")
    site.print()
    assert len([path for path in site.documents() if path.startswith("media/")]) == 1


@pytest.mark.rule("F12")
def test_withdrawn_entry_leaves_even_where_another_document_cannot_be_written(site):
    secret(site)
    site.article("other.md")
    site.print()
    site.remove("secret.md")
    site.edit("other.md", "Some", "More")
    (site.public / "other" / "index.html").unlink()
    (site.public / "other" / "index.html").mkdir()
    site.sync()
    report = site.publish()
    assert [path for path, _ in report.failed] == ["other/index.html"]
    assert leaks(site) == set()


@pytest.mark.rule("F12")
def test_scheduled_entry_goes_live_at_its_time_and_not_before(site):
    site.article("a.md", date="2024-11-30 09:00")
    site.print()
    due = datetime(2024, 11, 30, 9, tzinfo=UTC)
    site.now = due.replace(hour=8, minute=59, second=59)
    assert (site.publish().went_live, site.ids()) == ([], [])
    site.now = due
    assert site.publish().went_live == [site.entry("a").id]
    assert site.ids() == [site.entry("a").id]
    assert (site.entry("a").live_at, site.entry("a").revision) == (due, 1)


@pytest.mark.rule("T52")
def test_scheduled_time_without_a_zone_is_in_the_zone_of_the_site(site):
    site.article("a.md", date="2024-07-01 09:00")
    site.now = datetime(2024, 7, 1, 6, 59, tzinfo=UTC)
    site.sync()
    site.publish()
    assert site.ids() == []
    site.now = datetime(2024, 7, 1, 8, 0, tzinfo=UTC)  # nine in the morning of an Irish summer
    site.publish()
    assert len(site.ids()) == 1


def test_entry_of_members_has_its_id_and_slug_when_it_becomes_public(site):
    secret(site, access="members")
    site.print()
    before = site.entry("secret.md")
    secret(site)
    site.print()
    assert (site.entry("secret.md").id, site.entry("secret.md").slug) == (before.id, before.slug)
    assert before.id in site.ids()
