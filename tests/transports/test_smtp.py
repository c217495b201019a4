"""Messages handed over to servers that refuse, fall silent, talk nonsense or hang up, each at every point.

Not here: how a connection is opened (test_smtp_opening).
"""

from dataclasses import replace

import pytest

from feeds.model import Phase
from feeds.rules.replies import Outcome, verdict
from feeds.transports.smtp import SmtpTransport
from tests.rules.givens import NOW
from tests.transports.givens import (
    CLOSE,
    ENVELOPE,
    LARGE,
    MESSAGE,
    RESET,
    Begin,
    ScriptedServer,
    hand_over,
    real_server,
    refusal,
    smtp_settings,
)

OTHER = replace(ENVELOPE, recipient="bob@reader.example")
LATE = 5.0  # seconds, where the client waits half a one
SILENT = ["RCPT", "DATA", "DOT"]
PHASES = {"MAIL": Phase.SENDER, "RCPT": Phase.RECIPIENT, "DATA": Phase.BODY, "DOT": Phase.END}


@pytest.fixture
def handed(tmp_path):
    """Give a way to hand one message, or another, to servers that follow a script."""
    opened = []

    def send(server, message=MESSAGE, *, envelope=ENVELOPE, begin=None, seconds=5):
        if not opened:
            settings = smtp_settings(tmp_path, server).model_copy(update={"timeout_seconds": seconds})
            opened.append(SmtpTransport(settings))
        return hand_over(opened[0], message, envelope, begin or Begin())

    yield send
    for transport in opened:
        transport.close()


def outcome(reply):
    return verdict(reply, attempt=1, queued_at=NOW, now=NOW).outcome


def test_server_sees_the_envelope_and_its_words_are_kept(tmp_path):
    with real_server() as server:
        transport = SmtpTransport(smtp_settings(tmp_path, server))
        reply = hand_over(transport, MESSAGE, ENVELOPE, Begin())
        transport.close()
    (taken,) = server.taken
    assert (taken.mail_from, taken.rcpt_tos) == (ENVELOPE.sender, [ENVELOPE.recipient])
    assert (reply.code, reply.enhanced, reply.text) == (250, "2.0.0", "2.0.0 queued as 4711")


def test_message_without_a_return_path_is_handed_over(handed):
    with ScriptedServer() as server:
        assert handed(server, envelope=replace(ENVELOPE, sender="")).code == 250
    assert "MAIL FROM:<>" in server.commands


def test_connection_is_kept_from_message_to_message_and_left_politely(tmp_path):
    with ScriptedServer() as server:
        transport = SmtpTransport(smtp_settings(tmp_path, server))
        for _ in range(3):
            hand_over(transport, MESSAGE, ENVELOPE, Begin())
        transport.close()
    assert (server.connections, len(server.bodies)) == (1, 3)
    assert server.verbs == ["EHLO", *["MAIL", "RCPT", "DATA"] * 3, "QUIT"]


@pytest.mark.rule("T115")
def test_leading_dots_are_doubled_on_the_wire(handed):
    with ScriptedServer() as server:
        handed(server, b"Subject: x\r\n\r\n.\r\n..\r\nend\r\n")
    assert server.bodies == [b"Subject: x\r\n\r\n..\r\n...\r\nend\r\n"]


def test_sending_is_stored_behind_the_recipient_and_before_data(handed):
    with ScriptedServer() as server:
        begin = Begin(look=lambda: list(server.verbs))
        handed(server, begin=begin)
    assert begin.seen == ["EHLO", "MAIL", "RCPT"]


def test_worker_that_lost_its_hold_calls_the_message_off_and_keeps_the_connection(handed):
    with ScriptedServer() as server:
        assert handed(server, begin=Begin(False)) is None
        assert handed(server).code == 250
    assert server.verbs == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA"]


def test_connection_is_dropped_when_sending_cannot_be_stored(handed):
    with ScriptedServer() as server:
        with pytest.raises(OSError, match="disk"):
            handed(server, begin=Begin(OSError("disk")))
        assert handed(server).code == 250
    assert (server.connections, len(server.bodies)) == (2, 1)


@pytest.mark.rule("T106")
@pytest.mark.parametrize(("command", "begun"), [("RCPT", 0), ("DATA", 1), ("DOT", 1)])
def test_refused_message_bounces_and_the_next_goes_through(handed, command, begun):
    refuses = {command: ("550-5.1.1 No such", "550 5.1.1 user here")}
    with ScriptedServer(refuses, {}) as server:
        begin = Begin()
        reply = handed(server, begin=begin)
        assert (reply.code, reply.enhanced, reply.phase) == (550, "5.1.1", PHASES[command])
        assert reply.text == "5.1.1 No such 5.1.1 user here"
        assert (outcome(reply), begin.calls) == (Outcome.BOUNCED, begun)
        assert server.connections == 1


def test_refused_recipient_leaves_the_connection_fit_for_the_next(tmp_path):
    with ScriptedServer({"RCPT": "450 4.2.1 try later"}) as server:
        transport = SmtpTransport(smtp_settings(tmp_path, server))
        for _ in range(2):
            assert hand_over(transport, MESSAGE, ENVELOPE, Begin()).code == 450
        transport.close()
    assert server.verbs == ["EHLO", *["MAIL", "RCPT", "RSET"] * 2, "QUIT"]


@pytest.mark.rule("D10")
@pytest.mark.parametrize("how", [CLOSE, RESET])
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_connection_lost_before_the_body_means_not_sent(handed, command, how):
    with ScriptedServer({command: how}, {}) as server:
        reply = handed(server)
        assert (reply.code, reply.phase, outcome(reply)) == (0, PHASES[command], Outcome.DEFERRED)
        assert handed(server).code == 250


@pytest.mark.rule("D10")
@pytest.mark.rule("T108")
@pytest.mark.parametrize("how", [CLOSE, RESET])
def test_connection_lost_inside_the_body_means_not_sent(handed, how):
    with ScriptedServer({"BODY": how}, {}) as server:
        reply = handed(server, LARGE)
        assert (reply.code, reply.phase, outcome(reply)) == (0, Phase.BODY, Outcome.DEFERRED)
        assert handed(server).code == 250
    assert len(server.bodies) == 1


@pytest.mark.rule("D10")
@pytest.mark.rule("T109")
@pytest.mark.parametrize("how", [CLOSE, RESET])
def test_connection_lost_behind_the_dot_means_in_doubt(handed, how):
    with ScriptedServer({"DOT": how}, {}) as server:
        reply = handed(server)
        assert (reply.code, reply.phase, outcome(reply)) == (0, Phase.END, Outcome.IN_DOUBT)
        assert handed(server, envelope=OTHER).code == 250


@pytest.mark.rule("T110")
def test_answer_that_comes_too_late_means_in_doubt(handed):
    with ScriptedServer({"DOT": (LATE, "250 queued")}) as server:
        reply = handed(server, seconds=0.5)
        assert (reply.code, reply.text, outcome(reply)) == (0, "no answer within 0.5 seconds", Outcome.IN_DOUBT)


@pytest.mark.rule("T111")
@pytest.mark.parametrize(
    "answer",
    [
        *(b"ok\r\n", b"\r\n", b"25\r\n", b" 25 ok\r\n", b"2_5 ok\r\n", b"250ok\r\n", b"\xff\x00\r\n"),
        *(b"100 ok\r\n", b"354 go\r\n", b"650 ok\r\n", b"250-ok\r\n550 no\r\n"),
        *(b"250-ok\r\n" * 101, b"550 " + b"x" * 9000 + b"\r\n"),
    ],
)
def test_answer_to_the_dot_that_nobody_can_read_means_in_doubt(handed, answer):
    with ScriptedServer({"DOT": answer}, {}) as server:
        reply = handed(server)
        assert (reply.code, reply.phase, outcome(reply)) == (0, Phase.END, Outcome.IN_DOUBT)
        assert handed(server).code == 250
    assert server.connections == 2


@pytest.mark.rule("T111")
def test_answer_that_breaks_off_means_in_doubt(handed):
    with ScriptedServer({"DOT": (b"250 que", CLOSE)}) as server:
        assert outcome(handed(server)) is Outcome.IN_DOUBT


@pytest.mark.parametrize(("command", "answer"), [("RCPT", "354 go"), ("DATA", "250 ok"), ("DATA", "garbage")])
def test_answer_out_of_place_before_the_body_means_not_sent(handed, command, answer):
    with ScriptedServer({command: answer}, {}) as server:
        reply = handed(server)
        assert (reply.code, outcome(reply)) == (0, Outcome.DEFERRED)
        assert handed(server).code == 250
    assert len(server.bodies) == 1


@pytest.mark.rule("T112")
def test_421_to_the_dot_means_later(handed):
    with ScriptedServer({"DOT": ("421 4.3.2 going down", CLOSE)}, {}) as server:
        reply = handed(server)
        assert (reply.code, reply.enhanced, reply.phase) == (421, "4.3.2", Phase.END)
        assert outcome(reply) is Outcome.DEFERRED
        assert handed(server).code == 250


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_421_is_the_answer_that_it_is_and_ends_the_connection(handed, command):
    with ScriptedServer({command: "421 4.7.0 too many"}, {}) as server:
        reply = handed(server)
        assert (reply.code, reply.phase, server.connections) == (421, PHASES[command], 1)
        assert handed(server).code == 250
    assert server.connections == 2


@pytest.mark.rule("T113")
@pytest.mark.parametrize("how", [CLOSE, RESET])
def test_message_that_was_taken_is_sent_whatever_happens_next(handed, how):
    with ScriptedServer({"DOT": ("250 queued", how)}) as server:
        assert outcome(handed(server)) is Outcome.SENT


@pytest.mark.parametrize("step", [CLOSE, RESET, "421 idle for too long"])
def test_connection_that_the_server_closed_while_idle_is_opened_again(handed, step):
    first = {"DOT": ("250 queued", step)}
    with ScriptedServer(first, {}) as server:
        assert [handed(server).code, handed(server, envelope=OTHER).code] == [250, 250]
    assert (server.connections, len(server.bodies)) == (2, 2)


def test_connection_that_was_opened_again_is_not_opened_a_third_time(handed):
    with ScriptedServer({"DOT": ("250 queued", CLOSE)}, {"MAIL": CLOSE}) as server:
        handed(server)
        reply = handed(server, envelope=OTHER)
        assert (reply.code, reply.phase, server.connections) == (0, Phase.SENDER, 2)


@pytest.mark.rule("T116")
@pytest.mark.parametrize("command", SILENT)
def test_server_that_does_not_answer_costs_its_time_out_and_no_more(handed, command):
    with ScriptedServer({command: (LATE, "250 ok")}, {}) as server:
        reply = handed(server, seconds=0.5)
        assert (reply.code, reply.phase) == (0, PHASES[command])
        assert handed(server).code == 250


@pytest.mark.rule("T116")
def test_server_that_answers_an_octet_at_a_time_costs_no_more(handed):
    drip = [step for octet in b"250 ok" * 9 for step in (bytes([octet]), 0.05)]
    with ScriptedServer({"RCPT": drip}) as server:
        reply = handed(server, seconds=0.5)
        assert (reply.text, reply.phase) == ("no answer within 0.5 seconds", Phase.RECIPIENT)


@pytest.mark.rule("T116")
def test_server_that_takes_no_body_costs_no_more(handed):
    with ScriptedServer({"BODY": (LATE,)}) as server:
        reply = handed(server, LARGE, seconds=0.5)
        assert (reply.code, reply.phase) == (0, Phase.BODY)


@pytest.mark.rule("T117")
def test_message_larger_than_the_server_takes_is_not_tried(handed):
    with ScriptedServer({"EHLO": ("250-mx.example", "250 SIZE 100")}) as server:
        begin = Begin()
        reply = handed(server, MESSAGE + b"x" * 100 + b"\r\n", begin=begin)
        assert (reply.code, reply.enhanced, reply.phase) == (552, "5.3.4", Phase.SENDER)
        assert (outcome(reply), begin.calls, server.verbs) == (Outcome.BOUNCED, 0, ["EHLO"])
        assert handed(server).code == 250
    assert f"MAIL FROM:<{ENVELOPE.sender}> SIZE={len(MESSAGE)}" in server.commands


@pytest.mark.rule("T117")
@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE many", "SIZE " + "9" * 5000])
def test_server_without_a_limit_takes_any_size(handed, size):
    with ScriptedServer({"EHLO": ("250-mx.example", f"250 {size}")}) as server:
        assert handed(server).code == 250


@pytest.mark.rule("T117")
def test_message_too_large_for_its_recipient_bounces_alone(handed):
    with ScriptedServer({"MAIL": "552 5.3.4 too large"}) as server:
        assert outcome(handed(server)) is Outcome.BOUNCED


@pytest.mark.rule("T107")
@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_server_that_wants_a_login_stops_everything(tmp_path, command):
    with ScriptedServer({command: "530 5.7.0 Authentication required"}) as server:
        said = refusal(SmtpTransport(smtp_settings(tmp_path, server)))
    assert "refuses our mail: 530 5.7.0 Authentication required; check" in said


def test_server_that_refuses_our_sender_stops_everything(tmp_path):
    with ScriptedServer({"MAIL": "553 5.7.1 not yours"}) as server:
        assert "refuses our mail: 553 5.7.1 not yours" in refusal(SmtpTransport(smtp_settings(tmp_path, server)))


def test_what_a_server_says_is_kept_as_one_short_line(handed):
    said = b"550-5.7.1 \x1b[31m\xe2\x80\xaered\x00\r\n" + b"550-" + b"y" * 600 + b"\r\n550 end\r\n"
    with ScriptedServer({"RCPT": said}) as server:
        reply = handed(server)
    assert reply.text.startswith("5.7.1 [31mred yyy")
    assert (len(reply.text), reply.text.isprintable()) == (500, True)


@pytest.mark.parametrize(("said", "enhanced"), [("4.2.2 full", "4.2.2"), ("4.2.2", "4.2.2"), ("4.2.2x", None)])
@pytest.mark.parametrize("code", [450, 550])
def test_enhanced_code_is_read_where_the_text_begins_with_one(handed, code, said, enhanced):
    with ScriptedServer({"RCPT": f"{code} {said}"}) as server:
        assert handed(server).enhanced == enhanced
