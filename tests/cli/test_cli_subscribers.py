"""``pressrun subscribers``: what operators say and what they are told.

Not here: what becomes of whom (tests/jobs/test_subscribe.py).
"""

import csv
import io
from datetime import UTC, datetime

import pytest

from feeds.store import subscribers

CONSENT = ("--consent", "Paper form, spring fair 2026")
DAILY = '[[newsletters]]\nslug = "daily"\ntitle = "The Harbour Daily"\nfrom = "daily@gazette.example"\n'
ROWS = "e-mail,name\nann@x.example,Ann\nnobody,No\nbob@x.example,Bob\nANN@x.example,Ann\n"


@pytest.fixture
def desk(site):
    """Give a site with two newsletters, and nobody to read them."""
    site.configure(DAILY)
    return site


@pytest.fixture
def add(desk):
    """Give what subscribes a reader by hand."""
    return lambda *arguments: desk.run("subscribers", "add", *arguments, *CONSENT)


@pytest.fixture
def bring(desk):
    """Give what imports a file."""

    def bring_in(text=ROWS, *arguments):
        (desk.folder / "readers.csv").write_text(text, encoding="utf-8")
        file = str(desk.folder / "readers.csv")
        return desk.run("subscribers", "import", file, "--newsletter", "weekly", *CONSENT, *arguments)

    return bring_in


def listed(desk, *arguments):
    return desk.run("subscribers", "list", *arguments, "--json").json["subscriptions"]


def exported(desk, *arguments):
    return list(csv.DictReader(io.StringIO(desk.run("subscribers", "export", *arguments).out)))


# ---- add ----


def test_add_tells_what_was_made(desk, add):
    ended = add("Ann@x.example", "weekly", "daily", "--name", "Ann Lee")
    assert ended.code == 0
    assert ended.out.startswith("2 subscriptions made, 0 there before\nadded:\n  Ann@x.example: weekly\n")
    assert add("ann@x.example", "weekly").out == "0 subscriptions made, 1 there before\n"


def test_add_without_consent_ends_with_2(desk):
    ended = desk.run("subscribers", "add", "ann@x.example", "weekly")
    assert (ended.code, "--consent" in ended.err) == (2, True)
    assert desk.run("subscribers", "add", "ann@x.example", "weekly", "--consent", " ").code == 2


def test_add_of_no_address_ends_with_2_and_what_is_wrong(desk, add):
    ended = add("ann", "weekly")
    assert (ended.code, "'ann': An email address must have an @-sign" in ended.err) == (2, True)


def test_add_to_an_unknown_newsletter_ends_with_2_and_the_known_ones(desk, add):
    ended = add("ann@x.example", "dayly")
    assert ended.code == 2
    assert "there is no newsletter 'dayly'; known are: weekly, daily" in ended.err


@pytest.mark.rule("T97")
def test_add_of_who_has_left_ends_with_1_and_says_how_to_mean_it(desk, add):
    add("ann@x.example", "weekly")
    desk.run("subscribers", "remove", "ann@x.example")
    ended = add("ann@x.example", "weekly")
    assert ended.code == 1
    assert "had left, and stay so:\n  ann@x.example: weekly\n" in ended.out
    assert "--again" in ended.out
    assert add("ann@x.example", "weekly", "--again").code == 0


# ---- import ----


@pytest.mark.rule("T95")
def test_import_names_every_refused_row_by_line_and_ends_with_1(desk, bring):
    ended = bring()
    assert ended.code == 1
    assert ended.out.startswith("2 subscriptions made, 0 there before\n")
    assert "refused:\n  line 3: nobody: An email address must have an @-sign" in ended.out
    assert "taken once:\n  line 5: ANN@x.example\n" in ended.out
    assert "columns are separated by ," in ended.out


def test_import_names_more_refused_rows_than_other_lists_show(desk, bring):
    ended = bring("ann@x.example\n" + "nobody\n" * 40)
    assert ended.out.count(": nobody: ") == 40


def test_import_in_which_all_went_well_ends_with_0(desk, bring):
    assert bring("ann@x.example\nbob@x.example\n").code == 0
    ended = bring("ann@x.example\nbob@x.example\n", "--json")
    assert (ended.code, ended.json["already_there"]) == (0, 2)


@pytest.mark.rule("T96")
def test_dry_run_of_an_import_shows_it_and_writes_nothing(desk, bring):
    ended = bring(ROWS, "--dry-run")
    assert ended.code == 1
    assert ended.out.startswith("2 subscriptions would be made, 0 there before\n")
    assert listed(desk) == []


def test_import_of_an_empty_file_says_so(desk, bring):
    ended = bring("")
    assert (ended.code, "readers.csv: it is empty" in ended.err) == (1, True)


# ---- list and export ----


def test_list_shows_where_each_subscription_stands(desk, add):
    add("ann@x.example", "weekly", "daily", "--name", "Ann Lee")
    add("bob@x.example", "weekly")
    desk.run("subscribers", "remove", "bob@x.example")
    desk.run("subscribers", "pause", "ann@x.example", "daily", "--until", "2099-07-01")
    lines = desk.run("subscribers", "list").out.splitlines()
    assert lines[0] == "ann@x.example  daily  active, paused until 2099-07-01 00:00 IST  Ann Lee"
    assert lines[1] == "ann@x.example  weekly  active  Ann Lee"
    assert lines[2].startswith("bob@x.example  weekly  ended ")
    assert lines[2].endswith(" by operator")
    assert lines[3] == "3 subscriptions"


def test_who_was_forgotten_is_in_no_list_and_only_counted(desk, add):
    add("ann@x.example", "weekly", "daily")
    add("bob@x.example", "weekly")
    desk.run("subscribers", "forget", "ann@x.example", "--yes")
    assert desk.run("subscribers", "list").out == (
        "bob@x.example  weekly  active\n1 subscription; 1 forgotten reader left out\n"
    )
    told = desk.run("subscribers", "list", "--json").json
    assert ([one["address"] for one in told["subscriptions"]], told["forgotten"]) == (["bob@x.example"], 1)
    assert desk.run("subscribers", "list", "weekly", "--state", "active").out.endswith("1 subscription\n")
    assert [row["address"] for row in exported(desk)] == ["bob@x.example"]


def test_list_can_be_narrowed_to_a_newsletter_and_a_state(desk, add):
    add("ann@x.example", "weekly", "daily")
    desk.run("subscribers", "remove", "ann@x.example", "daily")
    assert [one["newsletter"] for one in listed(desk, "--state", "active")] == ["weekly"]
    assert [one["state"] for one in listed(desk, "daily")] == ["ended"]
    assert desk.run("subscribers", "list", "dayly").code == 2


def test_export_is_csv_with_the_consent(desk, add):
    add("Ann@x.example", "weekly", "--name", "Lee, Ann")
    (row,) = exported(desk, "weekly")
    times = ["confirmed_at", "paused_until", "by_feed_since", "ended_at"]
    assert list(row) == ["address", "name", "newsletter", "state", *times, "consent"]
    assert (row["address"], row["name"], row["state"]) == ("Ann@x.example", "Lee, Ann", "active")
    assert (row["consent"], row["ended_at"]) == ("Paper form, spring fair 2026", "")
    assert row["confirmed_at"].endswith("+00:00")


@pytest.mark.rule("T98")
@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum(a1)", "=HYPERLINK(1)"])
def test_exported_cell_never_starts_a_formula(desk, add, name):
    add("=ann@x.example", "weekly", "--name", name)
    (row,) = exported(desk)
    assert (row["address"], row["name"]) == ("'=ann@x.example", f"'{name}")


@pytest.mark.rule("T98")
def test_export_comes_back_as_it_was_and_who_had_left_does_not(desk, add, bring):
    add("+ann@x.example", "weekly", "--name", "=Ann")
    add("bob@x.example", "weekly")
    desk.run("subscribers", "remove", "bob@x.example")
    out = desk.run("subscribers", "export").out
    (desk.folder / "var" / "pressrun.db").unlink()
    ended = bring(out)
    assert "bob@x.example: it is marked as ended" in ended.out
    assert [(one["address"], one["name"]) for one in listed(desk)] == [("+ann@x.example", "=Ann")]


# ---- remove and pause ----


def test_remove_ends_what_is_named_or_all(desk, add):
    add("ann@x.example", "weekly", "daily")
    first = desk.run("subscribers", "remove", "ann@x.example", "daily")
    assert (first.code, first.out) == (0, "ann@x.example is removed from:\n  daily\n")
    second = desk.run("subscribers", "remove", "ann@x.example")
    assert second.out == "ann@x.example is removed from:\n  weekly\nann@x.example had left before:\n  daily\n"


def test_remove_of_a_stranger_ends_with_2(desk):
    ended = desk.run("subscribers", "remove", "ann@x.example")
    assert (ended.code, "no subscriber has the address 'ann@x.example'" in ended.err) == (2, True)


def test_remove_from_what_one_never_had_ends_with_1(desk, add):
    add("ann@x.example", "weekly")
    ended = desk.run("subscribers", "remove", "ann@x.example", "daily")
    assert (ended.code, "was never subscribed to:\n  daily\n" in ended.out) == (1, True)


def test_pause_says_until_when_and_can_be_ended(desk, add):
    add("ann@x.example", "weekly")
    paused = desk.run("subscribers", "pause", "ann@x.example", "--until", "2099-11-23T07:00")
    assert (paused.code, paused.out) == (0, "ann@x.example rests until 2099-11-23 07:00 GMT:\n  weekly\n")
    assert listed(desk)[0]["paused_until"] == "2099-11-23T07:00:00+00:00"
    assert "rests no more" in desk.run("subscribers", "pause", "ann@x.example", "--until", "now").out
    assert listed(desk)[0]["paused_until"] is None


def test_pause_until_a_time_that_is_over_ends_none(desk, add):
    add("ann@x.example", "weekly")
    desk.run("subscribers", "pause", "ann@x.example", "--until", "2099-11-23T07:00")
    ended = desk.run("subscribers", "pause", "ann@x.example", "--until", "2020-11-23")
    assert (ended.code, "is over; say now to end a pause" in ended.err) == (2, True)
    assert exported(desk, "weekly")[0]["paused_until"] == "2099-11-23T07:00:00+00:00"


def test_pause_until_nonsense_ends_with_2(desk, add):
    add("ann@x.example", "weekly")
    ended = desk.run("subscribers", "pause", "ann@x.example", "--until", "soon")
    assert (ended.code, "'soon' is no instant; write it like 20" in ended.err) == (2, True)


# ---- set ----

CHOICES = """\
cadences = ["day", "month"]
digest_languages = ["de"]
[newsletters.cadence]
every = "monday"
local = true
"""


@pytest.fixture
def ann(site):
    """Give what writes the wishes of a reader of a newsletter that may be had otherwise."""
    site.configure(CHOICES)
    site.run("subscribers", "add", "ann@x.example", "weekly", *CONSENT)
    return lambda *wishes: site.run("subscribers", "set", "ann@x.example", "weekly", *wishes)


def test_set_tells_what_was_chosen_and_keeps_what_is_not_named(ann):
    said = ann("--cadence", "day", "--follow", "Ferry", "--follow", "section/Quays", "--timezone", "Asia/Tokyo")
    assert said.out == "ann@x.example: weekly: day; follows ferry, section/quays; clock of Asia/Tokyo\n"
    assert ann("--language", "de", "--follow", "").out == "ann@x.example: weekly: day; de; clock of Asia/Tokyo\n"


def test_empty_words_are_what_the_newsletter_does_of_itself(ann):
    ann("--cadence", "day", "--mute", "fish", "--timezone", "Asia/Tokyo")
    said = ann("--cadence", "", "--mute", "", "--timezone", "").out
    assert said == "ann@x.example: weekly: as the newsletter does of itself\n"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (
            ("--cadence", "article"),
            "cadence: 'article' is not to be had of this newsletter; known are: monday, day,",
        ),
        (("--language", "fr"), "language: 'fr' is not to be had of this newsletter; known are: de"),
        (("--timezone", "Mars"), "timezone: 'Mars' is none; expected an IANA name such as Europe/Dublin"),
        (("--follow", "fish", "--mute", "Fish"), "mute: 'fish' is followed too; choose one of both"),
    ],
)
def test_what_is_not_to_be_had_ends_with_2_and_changes_nothing(ann, site, wish, said):
    ended = ann(*wish)
    assert (ended.code, said in ended.err) == (2, True)
    (one,) = listed(site)
    assert (one["preferences"], one["timezone"]) == ({}, None)


def test_list_and_json_show_what_was_chosen(ann, site):
    ann("--cadence", "day", "--mute", "fish")
    assert "weekly  active (day; mutes fish)" in site.run("subscribers", "list").out
    (one,) = listed(site)
    assert one["preferences"] == {"cadence": "day", "mute": ["fish"]}


def test_who_is_no_reader_can_choose_nothing(ann, site):
    ended = site.run("subscribers", "set", "bob@x.example", "weekly", "--cadence", "day")
    assert (ended.code, "no subscriber has the address" in ended.err) == (2, True)
    site.run("subscribers", "remove", "ann@x.example")
    assert (ann("--cadence", "day").code, ann("--cadence", "day").err.count("no active subscription")) == (2, 1)


# ---- what is held of somebody ----


def test_export_of_an_address_is_all_that_is_held_of_it(desk, add):
    add("ann@x.example", "weekly")
    held = desk.run("subscribers", "export", "ann@x.example").json
    assert held["subscriber"]["address"] == "ann@x.example"
    assert [step["event"] for step in held["consent"]] == ["confirmed"]
    assert desk.run("subscribers", "export", "bob@x.example").code == 2


def test_times_are_written_alike_in_whatever_is_for_machines(desk, add):
    add("ann@x.example", "weekly")
    (row,), (one,) = exported(desk), listed(desk)
    held = desk.run("subscribers", "export", "ann@x.example").json
    assert {row["confirmed_at"], one["confirmed_at"]} == {held["subscriptions"][0]["confirmed_at"]}


def test_forget_asks_first_and_tells_what_was_there(desk, add):
    add("ann@x.example", "weekly")
    refused = desk.run("subscribers", "forget", "ann@x.example")
    assert (refused.code, "say --yes if you are sure; nothing was done" in refused.err) == (2, True)
    would = desk.run("subscribers", "forget", "ann@x.example", "--dry-run")
    assert would.out == "ann@x.example would be forgotten: 1 subscription, 1 consent step\n"
    assert desk.run("subscribers", "forget", "ann@x.example", "--yes").code == 0
    assert desk.run("subscribers", "export", "ann@x.example").code == 2
    assert desk.run("subscribers", "forget", "ann@x.example", "--yes", "--json").json["was_known"] is False


@pytest.mark.rule("T97")
def test_file_brings_back_nobody_who_was_forgotten(desk, add, bring):
    add("ann@x.example", "weekly")
    desk.run("subscribers", "forget", "ann@x.example", "--yes")
    assert "had left, and stay so:\n  ann@x.example: weekly\n" in bring("ann@x.example\n").out
    assert add("ann@x.example", "weekly", "--again").code == 0


# ---- keys ----


@pytest.mark.rule("T85")
def test_key_that_another_takes_the_place_of_is_good_for_its_days_of_grace(desk):
    desk.run("subscribers", "forget", "ann@x.example", "--yes")  # it needs the first key
    assert [key["retired_at"] for key in desk.run("keys", "list", "--json").json["keys"]] == [None]
    told = desk.run("keys", "rotate", "--grace", "30").out.splitlines()
    assert (len(told), told[0].endswith("  signs"), "good until" in told[1]) == (2, True, True)


def test_who_has_it_by_a_private_feed_is_listed_so(desk, add):
    add("ann@x.example", "weekly")
    with desk.app() as app, app.store.writing() as tx:
        who = subscribers.get_by_key(tx, "ann@x.example")
        subscribers.mark_by_feed(tx, (who.id, "weekly"), since=datetime(2026, 11, 23, 7, tzinfo=UTC))
    assert "active, by a private feed since 2026-11-23 07:00" in desk.run("subscribers", "list").out
    assert exported(desk, "weekly")[0]["by_feed_since"] == "2026-11-23T07:00:00+00:00"
    assert "1 reader, 1 of them by a private feed" in desk.run("status").out
