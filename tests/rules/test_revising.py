from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.model import State, WithdrawnBy
from feeds.rules.articles import read_article
from feeds.rules.instants import SECOND, Instants
from feeds.rules.revising import Taken, new_entry, restored, revised, what_changed
from tests.rules.givens import DESK, NOW, raw

NOBODY = Taken(frozenset(), Instants())
DAY = timedelta(days=1)


def first(entry, *, taken=NOBODY, live=True, now=NOW):
    made = new_entry(entry, read_article(entry, DESK), id="urn:1", source="articles", taken=taken, now=now)
    return replace(made, live_at=now, sequence=1) if live and made.state is State.LIVE else made


def again(old, entry, *, taken=NOBODY, now=NOW + DAY):
    return revised(old, entry, read_article(entry, DESK), taken=taken, now=now)


def test_edit_bumps_the_revision_and_the_time_of_change():
    old = first(raw("# T\n\nx"))
    new = again(old, raw("# T\n\ny"))
    assert (new.id, new.revision, new.updated_at) == (old.id, 2, NOW + DAY)
    assert what_changed(old, new) == "edited"


@pytest.mark.rule("F2")
@pytest.mark.parametrize(
    "same",
    [
        raw("# T\n\nx", id="urn:1"),
        raw("# T\n\nx", slug="other"),
        raw("# T\n\nx", draft=True),
        raw("# T\n\nx", key="2026/moved.md"),
        raw("\n# T\n\nx\n", hash="h9"),
        raw("# T\n\nx", aliases=["/old/"]),
    ],
    ids=["pinned", "slug", "draft", "moved", "space", "alias"],
)
def test_nothing_but_an_edit_bumps_anything(same):
    old = first(raw("# T\n\nx"))
    new = again(old, same)
    assert (new.id, new.revision, new.updated_at) == (old.id, 1, old.updated_at)
    assert what_changed(old, new) == "unchanged"


def test_article_read_anew_with_other_eyes_is_not_edited():
    old = first(raw("# T\n\nx"))
    old = replace(old, article=replace(old.article, title="As it was once read", html="<p>old</p>"))
    new = again(old, raw("# T\n\nx"))
    assert (new.article.title, new.revision, new.updated_at) == ("T", 1, old.updated_at)


def test_time_of_change_is_unique():
    old = first(raw("x"))
    assert again(old, raw("y"), taken=Taken(frozenset(), Instants({NOW + DAY}))).updated_at == NOW + DAY + SECOND


def test_declared_time_of_change_is_honoured():
    old = first(raw("x", date="2026-01-01"))
    assert again(old, raw("y", date="2026-01-01", updated="2026-11-23T12:00Z")).updated_at == NOW.replace(hour=12)


def test_slug_follows_the_file_until_the_entry_went_live_and_then_stays():
    assert again(first(raw("x", key="a.md"), live=False), raw("x", key="b.md")).slug == "b"
    assert again(first(raw("x", key="a.md")), raw("x", key="b.md")).slug == "a"


def test_slug_asked_for_by_hand_changes_it_even_when_live():
    old = first(raw("x", key="my-ferry.md"))
    assert again(old, raw("x", key="my-ferry.md", slug="my")).slug == "my"
    assert again(old, raw("x", slug="taken"), taken=Taken({"taken"}, Instants())).slug == "taken-2"


@pytest.mark.parametrize("asked", ["tags", "word-" * 30])
def test_slug_that_had_to_be_numbered_stays_at_the_next_sync(asked):
    taken = Taken({"word-" * 15 + "word", ("word-" * 16)[:80].strip("-")}, Instants())
    old = first(raw("x", slug=asked), taken=taken)
    assert again(old, raw("x", slug=asked), taken=taken).slug == old.slug


def test_date_moved_into_the_future_schedules_the_entry():
    old = first(raw("x", date="2026-01-01"))
    assert again(old, raw("x", date="2030-01-01")).state is State.SCHEDULED


def test_slip_in_a_date_far_ahead_leaves_no_trace_in_the_time_of_change():
    old = first(raw("x", date="2126-01-01"))
    assert old.state is State.SCHEDULED
    assert again(old, raw("x", date="2026-11-23")).updated_at == NOW + DAY


def test_time_of_change_of_a_live_entry_never_goes_back():
    old = replace(first(raw("x")), updated_at=NOW + 2 * DAY)
    assert again(old, raw("y")).updated_at > NOW + 2 * DAY


def test_entry_without_a_date_keeps_the_time_when_it_was_first_seen():
    assert again(first(raw("x")), raw("y")).published_at == NOW


def test_withdrawn_entry_that_is_back_is_restored_as_it_was():
    old = replace(first(raw("x")), state=State.WITHDRAWN, withdrawn_at=NOW)
    new = again(old, raw("x"))
    assert (new.state, new.withdrawn_at, new.revision) == (State.LIVE, None, 1)
    assert what_changed(old, new) == "restored"


def test_entry_without_a_date_is_never_of_the_future():
    new = first(raw("x"), taken=Taken(frozenset(), Instants({NOW, NOW - SECOND})))
    assert (new.published_at, new.updated_at, new.first_seen_at) == (NOW - 2 * SECOND,) * 3


def kept_out(entry, **facts):
    facts = {"withdrawn_by": WithdrawnBy.OPERATOR, "withdrawn_reason": "Asked for."} | facts
    return replace(entry, state=State.WITHDRAWN, withdrawn_at=NOW, **facts)


@pytest.mark.parametrize("said", [raw("x"), raw("y"), raw("y", draft=True), raw("x", date="2030-01-01")])
def test_what_an_operator_withdrew_stays_so_whatever_its_source_says(said):
    old = kept_out(first(raw("x")))
    new = again(old, said)
    assert (new.state, new.withdrawn_at, new.withdrawn_by, new.withdrawn_reason) == (
        State.WITHDRAWN,
        NOW,
        "operator",
        "Asked for.",
    )
    assert what_changed(old, new) == ("unchanged" if new.content_hash == old.content_hash else "edited")


def test_what_an_operator_withdrew_is_kept_up_to_date():
    new = again(kept_out(first(raw("# T\n\nx"))), raw("# T\n\ny"))
    assert (new.article.html, new.revision, new.updated_at) == ("<p>y</p>", 2, NOW + DAY)


@pytest.mark.parametrize(
    ("said", "state"),
    [(raw("x"), State.LIVE), (raw("x", draft=True), State.DRAFT), (raw("x", date="2030-01-01"), State.SCHEDULED)],
)
def test_restored_entry_stands_where_its_article_says(said, state):
    back = restored(kept_out(first(said)), instants=Instants(), now=NOW + DAY)
    assert (back.state, back.withdrawn_at, back.withdrawn_by, back.withdrawn_reason) == (state, None, None, None)


def test_restored_entry_is_updated_so_that_readers_take_it_again_and_is_what_it_was_in_all_else():
    old = kept_out(first(raw("x")))
    back = restored(old, instants=Instants({NOW + DAY}), now=NOW + DAY)
    assert (back.updated_at, back.revision) == (NOW + DAY + SECOND, 1)
    assert replace(back, updated_at=old.updated_at) == first(raw("x"))


def test_restored_entry_that_nobody_ever_saw_is_not_updated():
    old = kept_out(first(raw("x", date="2026-01-01"), live=False))
    assert restored(old, instants=Instants(), now=NOW + DAY).updated_at == old.updated_at


def test_entry_withdrawn_before_its_date_goes_live_when_it_is_restored_after_it():
    old = kept_out(first(raw("x", date="2026-11-24")))
    assert restored(old, instants=Instants(), now=NOW + 9 * DAY).state is State.LIVE
