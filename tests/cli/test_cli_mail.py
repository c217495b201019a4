"""Editions and deliveries as an operator meets them: listed, shown, settled; and what only looks changes nothing.

Not here: composing and delivering themselves (tests/jobs), press runs (test_cli_run.py).
"""

import re

import pytest
from sqlalchemy import select

from feeds.store.schema import metadata
from tests.acceptance.mail_givens import by_smtp, cadence, join, letters_in, run
from tests.jobs.choice_givens import wish
from tests.jobs.post_givens import (
    ANN,
    BOB,
    EDITION,
    MONDAY,
    change_subscriber,
    composed,
    delivered,
    fixed,
    printed,
)
from tests.site_fixtures import NOON
from tests.transports.givens import CLOSE, ScriptedServer

NO_ADDRESS = "no body@inbox.example"


@pytest.fixture
def desk(site):
    """Give a site with an edition that is fixed for two readers, and not sent."""
    return fixed(site)


@pytest.fixture
def unbuilt(desk):
    """Give a site whose edition is sent to Ann; Bob's message cannot be built."""
    change_subscriber(desk, BOB, address=NO_ADDRESS)
    delivered(desk)
    return desk


@pytest.fixture
def doubtful(site):
    """Give a site of which one message is in doubt, and the server, which is well again."""
    with ScriptedServer({"DOT": CLOSE}, {}) as server:
        fixed(site, by_smtp(server), ANN)
        delivered(site)
        yield site, server


def everything(site):
    """Return every row of the store, by table."""
    with site.app() as app, app.store.reading() as tx:
        return {table.name: sorted(map(repr, tx.execute(select(table)))) for table in metadata.sorted_tables}


def states(site, *arguments):
    """Return address → state, as the command tells machines."""
    told = site.run("deliveries", "list", *arguments, "--json").json["deliveries"]
    return {one["address"]: one["state"] for one in told}


# ---- editions ----


def test_editions_are_listed_with_how_their_deliveries_stand(desk):
    ended = desk.run("editions", "list")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{EDITION}  No. 1  2024-11-25 07:00 GMT  2 queued\n1 edition\n"
    (told,) = desk.run("editions", "list", "weekly", "--json").json["editions"]
    assert (told["id"], told["number"], told["state"], told["deliveries"]) == (EDITION, 1, "composed", {"queued": 2})
    assert told["due_at"] == "2024-11-25T07:00:00+00:00"


@pytest.mark.parametrize("name", [EDITION, "weekly/1"])
def test_edition_is_shown_by_id_and_by_number_with_what_it_holds(desk, name):
    ended = desk.run("editions", "show", name)
    assert (ended.code, ended.out) == (
        0,
        f"{EDITION}  No. 1  due 2024-11-25 07:00 GMT  composed\n"
        "deliveries: 2 queued\nselection 1 of 1:\n  The ferry runs again\n",
    )
    (selection,) = desk.run("editions", "show", name, "--json").json["selections"]
    assert [(one["revision"], one["named_only"]) for one in selection] == [(1, False)]


def test_edition_that_is_not_there_ends_with_2_and_says_where_to_look(desk):
    for command in ("show", "cancel"):
        ended = desk.run("editions", command, "weekly/7")
        assert (ended.code, ended.out) == (2, "")
        assert "there is no edition 'weekly/7'; `pressrun editions list` shows all" in ended.err


def test_cancelled_edition_is_sent_to_nobody_and_cannot_be_retried(desk):
    assert desk.run("editions", "cancel", EDITION, "--yes").out == f"{EDITION}: 2 deliveries cancelled\n"
    assert desk.run("deliver").out == "nothing to deliver\n"
    assert desk.run("editions", "list").out.startswith(
        f"{EDITION}  No. 1  2024-11-25 07:00 GMT  2 cancelled  (cancelled)"
    )
    ended = desk.run("deliveries", "retry", EDITION)
    assert (ended.code, f"{EDITION} was cancelled" in ended.err) == (2, True)
    assert desk.run("editions", "cancel", EDITION, "--json").json == {"edition": EDITION, "cancelled": 0}


# ---- delivering ----


def test_deliver_counts_what_it_sent_and_ends_with_0(desk):
    ended = desk.run("deliver")
    assert (ended.code, ended.out, ended.err) == (0, "2 sent\n", "")
    assert desk.run("deliver").out == "nothing to deliver\n"
    assert desk.run("deliver", "--json").json["counts"] == {}


def test_deliver_by_hand_is_recorded_as_a_run_is(desk):
    assert desk.run("status", "--json").json["runs"]["deliver"] is None
    desk.run("deliver")
    assert desk.run("status", "--json").json["runs"]["deliver"]["outcome"] == "done"


def test_deliver_names_what_waits_for_a_person_and_ends_with_1(desk):
    change_subscriber(desk, BOB, address=NO_ADDRESS)
    ended = desk.run("deliver")
    assert (ended.code, ended.out) == (1, "1 sent, 1 unbuildable\n")
    assert f"{NO_ADDRESS}: unbuildable: MessageUnbuildable: To: {NO_ADDRESS!r} is not one word" in ended.err
    assert "1 unbuildable: see `pressrun deliveries list --state unbuildable`" in ended.err
    assert desk.run("deliver").code == 1


def test_deliveries_are_listed_all_or_by_state_with_the_reason(unbuilt):
    ended = unbuilt.run("deliveries", "list", EDITION, "--state", "unbuildable")
    line, count = ended.out.splitlines()
    assert line.startswith(f"{EDITION}  {NO_ADDRESS}  unbuildable  2024-11-25 07:00 GMT  MessageUnbuildable: To:")
    assert (ended.code, count) == (0, "1 delivery")
    assert states(unbuilt) == {ANN: "sent", NO_ADDRESS: "unbuildable"}
    assert states(unbuilt, "--state", "sent") == {ANN: "sent"}


def test_delivery_shows_what_the_server_said_once(site):
    with ScriptedServer({"RCPT": "550 5.1.1 no such user"}) as server:
        delivered(fixed(site, by_smtp(server), ANN))
    ended = site.run("deliveries", "list")
    assert ended.out == f"{EDITION}  {ANN}  bounced  2024-11-25 07:00 GMT  550 5.1.1 no such user\n1 delivery\n"
    (told,) = site.run("deliveries", "list", "--json").json["deliveries"]
    assert told["reply"] == {"code": 550, "enhanced": "5.1.1", "text": "5.1.1 no such user"}


def test_reader_is_shown_with_all_that_was_to_be_brought_to_them(unbuilt):
    shown = unbuilt.run("deliveries", "show", ANN.upper()).out
    assert shown.startswith(f"{EDITION}  {ANN}  sent  2024-11-25 07:00 GMT  250 stored as ")
    assert shown.endswith("\n1 delivery (1 sent)\n")
    stranger = unbuilt.run("deliveries", "show", "eve@inbox.example")
    assert (stranger.code, "no subscriber has the address 'eve@inbox.example'" in stranger.err) == (2, True)
    ended = unbuilt.run("deliveries", "show", "eve")
    assert (ended.code, "'eve': An email address must have an @-sign" in ended.err) == (2, True)


# ---- what a person decides ----


def test_retry_queues_what_was_not_sent_and_leaves_the_rest(unbuilt):
    change_subscriber(unbuilt, BOB, address=BOB)
    ended = unbuilt.run("deliveries", "retry", EDITION)
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "1 delivery queued")
    assert states(unbuilt) == {ANN: "sent", BOB: "queued"}
    assert unbuilt.run("deliver").out == "1 sent\n"


def test_retry_may_be_narrowed_to_a_reader_or_a_state(unbuilt):
    had_it = unbuilt.run("deliveries", "retry", EDITION, ANN)
    assert (had_it.code, f"no delivery to {ANN} is deferred or bounced" in had_it.err) == (2, True)
    assert unbuilt.run("deliveries", "retry", EDITION, "--state", "bounced").out == "0 deliveries queued\n"
    assert states(unbuilt) == {ANN: "sent", NO_ADDRESS: "unbuildable"}


def test_resolve_asks_what_became_of_it(doubtful):
    site, _ = doubtful
    for flags in ((), ("--arrived", "--resend")):
        ended = site.run("deliveries", "resolve", EDITION, *flags)
        assert (ended.code, "say which: --arrived or --resend" in ended.err) == (2, True)
    assert states(site) == {ANN: "in_doubt"}


def test_resolve_counts_what_arrived_as_sent(doubtful):
    site, _ = doubtful
    ended = site.run("deliveries", "resolve", EDITION, ANN, "--arrived")
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "1 delivery counted as sent")
    assert states(site) == {ANN: "sent"}


def test_resolve_sends_again_under_the_same_message_id(doubtful):
    site, server = doubtful
    told = site.run("deliveries", "resolve", EDITION, "--resend", "--json").json["deliveries"]
    assert [(one["address"], one["generation"]) for one in told] == [(ANN, 0)]
    assert site.run("deliver").out == "1 sent\n"
    assert server.bodies[0] == server.bodies[1]


# ---- looking ----


def test_status_says_what_is_due_and_what_is_in_doubt(doubtful):
    site, _ = doubtful
    said = dict(line.split(":", 1) for line in site.run("status").out.splitlines()[1:])
    assert re.fullmatch(r" +1 reader, due since 20\S+ 07:00 (GMT|IST), next 20\S+ 07:00 (GMT|IST)", said["weekly"])
    assert said["deliveries"].strip() == "1 in doubt"
    assert said["in doubt"].strip() == "1; see `pressrun deliveries list --state in_doubt`"


def test_status_says_what_is_queued(desk):
    assert "deliveries: 2 queued\n" in desk.run("status").out


def test_status_tells_machines_the_same(desk):
    told = desk.run("status", "--json").json
    (newsletter,) = told["newsletters"]
    assert (newsletter["newsletter"], newsletter["readers"], newsletter["standing"]) == ("weekly", {"active": 2}, "due")
    assert (told["deliveries"], told["gone"]) == ({"queued": 2}, {})


def note(site, day, text="Good morning."):
    file = site.folder / "notes" / "weekly" / f"{day}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="latin-1")
    return file


def test_status_names_the_note_of_the_next_edition(desk):
    place = re.search(r"its note: (notes/weekly/(\d{4}-\d\d-\d\d)\.md) \(there is none\)\n", desk.run("status").out)
    note(desk, place[2])
    assert f"its note: {place[1]}\n" in desk.run("status").out
    file = note(desk, place[2], "caf\xe9")
    said = " ".join(desk.run("status").out.split())
    assert f"its note: {file}: the editor's note: it is not UTF-8; save it as UTF-8" in said


def test_dry_run_of_compose_says_what_stands_beside_the_entries(desk):
    front = "\ncorrections: [{at: 2024-11-26, text: It leaves at 7.}]"
    desk.article("ferry.md", title="The ferry runs again" + front, date="2024-11-23 14:00")
    desk.article("gale.md", title="A gale", date="2024-11-26 09:00")
    printed(desk, MONDAY.replace(day=27))
    file = note(desk, "2024-12-02", "---\nauthor: Ann\n---\nGood morning.")
    ended = desk.run("compose", "weekly", "--at", "2024-12-02T07:00", "--dry-run")
    assert ended.out.splitlines() == [
        "would be: weekly/2024-12-02T07:00: No. 2, “A gale”, 1 entry, 1 correction, a note, 2 readers",
        f"would be: {file}: author: is passed over; a note knows subject and preheader",
    ]


def test_note_that_cannot_be_read_ends_with_1_and_its_name(desk):
    desk.article("gale.md", title="A gale", date="2024-11-26 09:00")
    printed(desk, MONDAY.replace(day=27))
    file = note(desk, "2024-12-02", "caf\xe9")
    ended = desk.run("compose", "weekly", "--at", "2024-12-02T07:00", "--dry-run")
    said = f"weekly: no edition was made: {file}: the editor's note: it is not UTF-8; save it as UTF-8\n"
    assert (ended.code, ended.out, ended.err) == (1, "", said)


def test_note_for_an_edition_that_is_not_made_is_told(desk):
    note(desk, "2024-12-02")
    ended = desk.run("compose", "weekly", "--at", "2024-12-02T07:00", "--dry-run")
    assert re.fullmatch(r"would be: weekly: nothing new; the note \S+/2024-12-02\.md goes to nobody\n", ended.out)


def test_dry_run_of_compose_says_what_would_be_and_changes_nothing(desk):
    desk.article("gale.md", title="A gale", date="2024-11-26 09:00")
    printed(desk, MONDAY.replace(day=27))
    before = everything(desk)
    ended = desk.run("compose", "weekly", "--at", "2024-12-02T07:00", "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "would be: weekly/2024-12-02T07:00: No. 2, “A gale”, 1 entry, 2 readers\n"
    assert everything(desk) == before


def test_compose_says_what_it_made_and_that_it_was_made_before(site):
    run(site, NOON)
    join(site, ANN)
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    printed(site, MONDAY)
    once, twice = (site.run("compose", "weekly", "--at", "2024-11-25T07:00") for _ in range(2))
    assert (once.code, once.out) == (0, f"{EDITION}: No. 1, “The ferry runs again”, 1 entry, 1 reader\n")
    told, *hints = twice.out.splitlines()
    assert told == f"{EDITION}: No. 1, composed before; nothing was done; see `pressrun editions show {EDITION}`"
    assert (twice.code, f"`pressrun editions cancel {EDITION}`" in hints[1]) == (0, True)


def test_edition_that_was_cancelled_is_made_anew_at_a_later_minute(desk):
    desk.run("editions", "cancel", EDITION, "--yes")
    ended = desk.run("compose", "weekly", "--at", "2024-11-25T07:01")
    assert "No. 2, “The ferry runs again”, 1 entry, 2 readers" in ended.out


def test_compose_of_a_newsletter_whose_readers_all_chose_otherwise_says_what_and_when_that_is_due(site):
    site.configure('cadences = ["day", "article"]\n')
    run(site, NOON)
    asked = ("compose", "weekly", "--at", "2024-11-25T07:00", "--dry-run")
    assert site.run(*asked).out == "would be: weekly: no readers\n"
    join(site, ANN, BOB)
    wish(site, ANN, cadence="day")
    wish(site, BOB, cadence="article")
    own, article, day = site.run(*asked).out.splitlines()
    assert own == "would be: weekly: no readers of its own"
    assert article == "  weekly--article: 1 reader chose that, an edition for each article"
    assert re.fullmatch(r"  weekly--day: 1 reader chose that, next \d{4}-\d\d-\d\d 07:00 (GMT|IST)", day)
    (report,) = site.run(*asked, "--json").json["reports"]
    assert [(one["series"], one["readers"]) for one in report["chosen"]] == [("weekly--article", 1), ("weekly--day", 1)]


def test_compose_tells_of_each_selection_what_it_holds_and_for_how_many(desk):
    desk.article("gale.md", title="A gale", date="2024-11-26 09:00")
    printed(desk, MONDAY.replace(day=27))
    join(desk, "cyd@inbox.example")
    desk.article("pier.md", title="The pier", date="2024-11-28 09:00")
    printed(desk, MONDAY.replace(day=29))
    asked = ("compose", "weekly", "--at", "2024-12-02T07:00", "--dry-run")
    assert desk.run(*asked).out.splitlines() == [
        "would be: weekly/2024-12-02T07:00: No. 2, 2 selections, 3 readers",
        "would be:   “The pier, and 1 more”, 2 entries, 2 readers",
        "would be:   “The pier, and 2 more”, 3 entries, 1 reader",
    ]
    (report,) = desk.run(*asked, "--json").json["reports"]
    assert [(one["readers"], one["entries"]) for one in report["selections"]] == [(2, 2), (1, 3)]


def test_compose_for_an_instant_to_come_ends_with_2(desk):
    ended = desk.run("compose", "weekly", "--at", "2999-01-01T07:00")
    assert (ended.code, "is still to come" in ended.err) == (2, True)
    assert desk.run("compose", "weekly", "--at", "Monday").code == 2


@pytest.mark.parametrize("reader", [ANN, BOB])
def test_preview_for_a_reader_writes_the_very_message_and_changes_nothing(site, tmp_path, reader):
    site.configure(cadence("monday") + "[transport]\nverp = false\n")
    run(site, NOON)
    join(site, ANN, BOB)
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    printed(site, MONDAY)
    before = everything(site)
    ended = site.run("preview", "weekly", "--for", reader, "--at", "2024-11-25T07:00", "--out", str(tmp_path / "out"))
    assert (ended.code, ended.out.startswith("weekly: “The ferry runs again”, 1 entry, ")) == (0, True)
    assert everything(site) == before
    composed(site, MONDAY)
    delivered(site)
    went = {letter.recipient: letter.data for letter in letters_in(site.folder / "var" / "maildir")}
    assert (tmp_path / "out" / "digest.eml").read_bytes().replace(b"\r\n", b"\n") == went[reader]
