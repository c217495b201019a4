"""What a mail server's log says of messages: Postfix as it writes it (these lines are from 3.7), and Exim.

Not here: times and spans (test_mail_log_times.py), what it settles (test_reconciling.py).
"""

from datetime import UTC, datetime

import pytest

from feeds.rules.mail_log import Fate, LogReading, name_of
from feeds.rules.mail_log_times import Stamps
from feeds.rules.message_identity import edition_part

ANN, BOB = "weekly.20241125T0700." + "a" * 24, "weekly.20241125T0700." + "b" * 24
STAMPS = Stamps(UTC, datetime(2024, 11, 26, tzinfo=UTC))
AT = datetime(2024, 11, 25, 7, 0, 3, tzinfo=UTC)
SENT = "to=<ann@inbox.example>, relay=127.0.0.1[127.0.0.1]:2599, delay=0.03, dsn=2.0.0, status=sent (250 2.0.0 Ok)"
BOUNCED = "to=<ann@inbox.example>, relay=mx.example, dsn=5.1.1, status=bounced (host said: 550 5.1.1 no such user)"
DEFERRED = "to=<ann@inbox.example>, relay=none, dsn=4.4.1, status=deferred (connect to mx: Connection refused)"
ACTIVE = "from=<weekly+b1@gazette.example>, size=342, nrcpt=1 (queue active)"


def line(text, program="cleanup[10939]", begins="Nov 25 07:00:03 mx postfix/"):
    return f"{begins}{program}: {text}\n".encode()


def named(name=ANN, queue_id="1BD482267F7", **how):
    return line(f"{queue_id}: message-id=<{name}@gazette.example>", **how)


def of(program, text, queue_id="1BD482267F7"):
    return line(f"{queue_id}: {text}", f"{program}[10850]")


def read(*lines, wanted=(ANN,)):
    unknown = []
    reading = LogReading({*wanted}, lambda name, at: unknown.append((name, at)))
    for one in lines:
        reading.take(one, STAMPS)
    return reading.seen, unknown


def fate(*lines):
    seen, _ = read(*lines)
    return seen[ANN].fate if ANN in seen else None


def test_message_is_seen_with_its_time_its_queue_and_the_servers_words():
    seen, _ = read(named(), of("qmgr", ACTIVE), of("smtp", SENT), of("qmgr", "removed"))
    (found,) = seen.values()
    assert (found.name, found.at, found.queue_id) == (ANN, AT, "1BD482267F7")
    assert (found.fate, found.said, found.enhanced, found.was_taken) == (
        Fate.SENT,
        "2.0.0 (250 2.0.0 Ok)",
        "2.0.0",
        True,
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((named(),), Fate.NAMED),
        ((named(), of("qmgr", ACTIVE)), Fate.TAKEN),
        ((named(), of("qmgr", ACTIVE), of("smtp", DEFERRED)), Fate.DEFERRED),
        ((named(), of("qmgr", ACTIVE), of("smtp", DEFERRED), of("smtp", SENT)), Fate.SENT),
        ((named(), of("qmgr", ACTIVE), of("smtp", DEFERRED), of("smtp", BOUNCED)), Fate.BOUNCED),
        ((named(), of("qmgr", "from=<w@x.example>, status=expired, returned to sender")), Fate.BOUNCED),
        ((named(), of("pipe", SENT)), Fate.SENT),
        ((named(), of("local", SENT), of("local", BOUNCED)), Fate.SENT),
        ((named(), of("cleanup", "milter-reject: END-OF-MESSAGE from x[1.2.3.4]: 5.7.1 spam;")), Fate.BROKEN),
        ((of("qmgr", ACTIVE), of("smtp", SENT)), None),
        ((named(BOB), of("smtp", SENT)), None),
    ],
)
def test_fate_of_a_message_is_what_the_log_says_last_and_best(lines, expected):
    assert fate(*lines) is expected


def taken_in(text, process=10940):
    return line(text, f"smtpd[{process}]")


BEGUN = taken_in("1BD482267F7: client=localhost[127.0.0.1]")


@pytest.mark.rule("D4")
def test_message_that_broke_off_was_not_taken_though_postfix_logs_its_id():
    lost = taken_in("lost connection after DATA (360163 bytes) from localhost[127.0.0.1]")
    assert fate(BEGUN, named(), lost) is Fate.BROKEN
    assert fate(BEGUN, named(), taken_in("timeout after DATA (11 bytes) from x[1.2.3.4]")) is Fate.BROKEN


def test_only_the_message_that_the_process_was_at_broke_off():
    lost = "lost connection after DATA (3 bytes) from localhost[127.0.0.1]"
    assert fate(BEGUN, named(), taken_in(lost, process=7)) is Fate.NAMED
    assert fate(BEGUN, named(), taken_in("1C4962267F9: client=x[1.2.3.4]"), taken_in(lost)) is Fate.NAMED
    assert fate(BEGUN, named(), taken_in("disconnect from x[1.2.3.4]"), taken_in(lost)) is Fate.NAMED
    assert fate(BEGUN, named(), of("qmgr", ACTIVE), taken_in(lost)) is Fate.TAKEN


def test_answer_that_was_lost_behind_the_message_leaves_it_taken():
    lost = taken_in("lost connection after END-OF-MESSAGE from localhost[127.0.0.1]")
    assert fate(BEGUN, named(), of("qmgr", ACTIVE), lost) is Fate.TAKEN


def test_queue_id_that_is_used_again_is_another_messages():
    assert fate(named(), of("qmgr", ACTIVE), named(BOB), of("smtp", BOUNCED)) is Fate.TAKEN
    assert fate(named(), of("qmgr", ACTIVE), of("qmgr", "removed"), of("smtp", BOUNCED)) is Fate.TAKEN


def test_of_two_copies_the_one_that_came_further_counts():
    again = named(queue_id="4XyZ1234567"), of("qmgr", ACTIVE, "4XyZ1234567")
    broken = BEGUN, named(), taken_in("lost connection after DATA (3 bytes) from x[1.2.3.4]")
    assert fate(*broken, *again) is Fate.TAKEN
    assert fate(*again, *broken) is Fate.TAKEN


@pytest.mark.parametrize(
    "begins",
    [
        "Nov 25 07:00:03 mx postfix/",
        "Nov 25 07:00:03 mx postfix-out/submission/",
        "2024-11-25T07:00:03.123456+00:00 mx postfix/",
        "2024-11-25T08:00:03+0100 mx postfix/",
    ],
)
def test_syslog_and_iso_stamps_and_several_instances_are_read(begins):
    (found,) = read(named(begins=begins))[0].values()
    assert found.at == AT


def test_lines_of_rfc_5424_are_read():
    head = b"<22>1 2024-11-25T07:00:03.003Z mx postfix/"
    lines = (
        head + b"smtpd 77 - - 1BD48: client=x[1.2.3.4]\n",
        head + f"cleanup 123 - - 1BD48: message-id=<{ANN}@gazette.example>\n".encode(),
    )
    (found,) = read(*lines)[0].values()
    assert (found.at, found.fate) == (AT, Fate.NAMED)
    assert fate(*lines, head + b"smtpd 77 - - lost connection after DATA (3 bytes) from x[1.2.3.4]\n") is Fate.BROKEN
    assert fate(*lines, head + b"qmgr 123 - - 1BD48: " + ACTIVE.encode()) is Fate.TAKEN


def test_exim_logs_an_id_only_of_what_it_took():
    head = "2024-11-25 07:00:03 1tFabc-000000001aB-2xYz "
    came = f"{head}<= weekly@gazette.example H=x [1.2.3.4] P=esmtps S=342 id={ANN}@gazette.example\n".encode()
    gone = f'{head}=> ann@inbox.example R=dns T=smtp H=mx C="250 OK"\n'.encode()
    assert (fate(came), fate(came, gone)) == (Fate.TAKEN, Fate.SENT)
    assert fate(came, f"{head}** ann@inbox.example: 550 5.1.1 no such user\n".encode()) is Fate.BOUNCED
    assert fate(came, f"{head}Completed\n".encode(), f"{head}** ann@x: no\n".encode()) is Fate.TAKEN
    assert read(came)[0][ANN].at == AT


def test_our_messages_that_are_not_asked_for_are_told_of_and_others_are_not():
    seen, unknown = read(named(BOB), named("CAF=x@mail.other.example"), named("weekly.20241125T0700.abc"))
    assert (seen, unknown) == ({}, [(BOB, AT)])


def test_what_is_kept_does_not_grow_with_the_log():
    reading = LogReading({ANN}, lambda _name, _at: None)
    for n in range(1000):
        reading.take(named(f"other.{n}", queue_id=f"{n:X}".zfill(6)), STAMPS)
        reading.take(taken_in(f"{n:06X}: client=x[1.2.3.4]", process=n), STAMPS)
        reading.take(taken_in("disconnect from x[1.2.3.4] ehlo=1 commands=1", process=n), STAMPS)
    assert (reading.seen, reading._under_way, reading._at) == ({}, {}, {})


@pytest.mark.parametrize("junk", [b"", b"\n", b"\xff\xfe\x00", b" postfix/cleanup[1]: \n", b"x" * 70000, b"/smtpd["])
def test_anything_may_stand_in_a_log(junk):
    assert read(junk) == ({}, [])


def test_name_of_a_message_does_without_the_host_and_begins_with_its_edition():
    assert name_of(f"{ANN}@gazette.example") == ANN
    assert edition_part(ANN) == "weekly.20241125T0700"
    assert edition_part("weekly.20241125T0700.xyz") is None
