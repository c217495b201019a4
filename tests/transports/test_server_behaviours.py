"""A truth table of servers: what each answer, silence or break makes of a message, and of the one behind it.

One row a behaviour, each on a server that pipelines and on one that does not. Not here: what single replies mean
(tests/rules/test_replies.py), how a connection is opened (test_smtp_opening).
"""

import time
from dataclasses import dataclass, replace

import pytest

from feeds.errors import TransportUnusable
from feeds.model import Parcel
from feeds.model.bounces import Kind
from feeds.rules.bounces import failure_of
from feeds.rules.replies import Outcome, is_about_domain, is_about_server, verdict
from feeds.transports.smtp import SmtpTransport
from tests.rules.givens import NOW
from tests.transports.givens import (
    CLOSE,
    ENVELOPE,
    LARGE,
    MESSAGE,
    PATIENCE,
    RESET,
    Begin,
    Identity,
    ScriptedServer,
    hand_over,
    refusal,
    smtp_settings,
)

SECONDS = 0.5  # that the client waits for an answer which does not come, or comes octet by octet
SILENCE = 30.0  # of the server's, which ends with the test
PIPELINES = ("250-mx.example", "250 PIPELINING")
DRIP = [step for octet in b"250 ok" * 9 for step in (bytes([octet]), 0.05)]
GOES_AHEAD = "354 go ahead"

SENT, DEFERRED, BOUNCED, IN_DOUBT = Outcome.SENT, Outcome.DEFERRED, Outcome.BOUNCED, Outcome.IN_DOUBT
UNUSABLE = "unusable"  # nothing is handed over, and the operator is told why
# Whom a reply says something of.
NOBODY, READER, COUNTED, DOMAIN, SERVER = "nobody", "reader", "reader, counted", "domain", "server"
# How the next message goes: over the same connection, over another one, or not at all.
SAME, OTHER, NEVER = "same connection", "another connection", "never"


@dataclass(frozen=True)
class Row:
    """What a server does the first time it is asked, and what follows from it."""

    does: dict
    outcome: str
    blames: str = NOBODY
    next: str = SAME
    message: bytes = MESSAGE

    @property
    def seconds(self):
        """How long the client waits: long where nothing is late, since this machine may be busy."""
        is_late = any(does is DRIP or (isinstance(does, tuple) and SILENCE in does) for does in self.does.values())
        return SECONDS if is_late else PATIENCE


def says(outcome, blames, next=SAME, **does):
    return Row(does, outcome, blames, next)


ROWS = {
    # ---- the greeting ----
    "greeting of many lines": says(SENT, NOBODY, BANNER=("220-mx.example", "220 ready")),
    "greeting 421": says(DEFERRED, SERVER, OTHER, BANNER=("421 4.7.0 too many connections", CLOSE)),
    "greeting 450": says(DEFERRED, SERVER, OTHER, BANNER="450 4.3.2 not now"),
    "greeting 521": says(UNUSABLE, NOBODY, NEVER, BANNER="521 takes no mail"),
    "greeting 554": says(UNUSABLE, NOBODY, NEVER, BANNER="554 5.7.1 your address is listed"),
    "greeting 556": says(UNUSABLE, NOBODY, NEVER, BANNER="556 5.1.10 no mail here"),
    "greeting 250": says(UNUSABLE, NOBODY, NEVER, BANNER="250 hello"),
    "greeting of another protocol": says(UNUSABLE, NOBODY, NEVER, BANNER="* OK IMAP4rev1 ready"),
    "greeting that does not come": says(UNUSABLE, NOBODY, NEVER, BANNER=(SILENCE,)),
    "greeting octet by octet": says(UNUSABLE, NOBODY, NEVER, BANNER=DRIP),
    "greeting cut short": says(UNUSABLE, NOBODY, NEVER, BANNER=(b"22", CLOSE)),
    "greeting reset": says(UNUSABLE, NOBODY, NEVER, BANNER=RESET),
    # ---- EHLO ----
    "EHLO 421": says(DEFERRED, SERVER, OTHER, EHLO=("421 4.3.2 shutting down", CLOSE)),
    "EHLO 451": says(DEFERRED, SERVER, OTHER, EHLO="451 4.3.0 not now"),
    "EHLO 502": says(UNUSABLE, NOBODY, NEVER, EHLO="502 5.5.1 what?"),
    "EHLO 550": says(UNUSABLE, NOBODY, NEVER, EHLO="550 5.7.1 bad name"),
    "EHLO silence": says(UNUSABLE, NOBODY, NEVER, EHLO=(SILENCE,)),
    "EHLO closed": says(UNUSABLE, NOBODY, NEVER, EHLO=CLOSE),
    "EHLO half a reply": says(UNUSABLE, NOBODY, NEVER, EHLO=("250-mx.example", CLOSE)),
    # ---- MAIL: the reader is not named yet ----
    "MAIL 421": says(DEFERRED, SERVER, OTHER, MAIL=("421 4.3.2 shutting down", CLOSE)),
    "MAIL 450": says(DEFERRED, SERVER, MAIL="450 4.1.8 your domain is not found"),
    "MAIL 451 4.7.1": says(DEFERRED, SERVER, MAIL="451 4.7.1 you send too fast"),
    "MAIL 452": says(DEFERRED, SERVER, MAIL="452 4.3.1 disk full"),
    "MAIL 500": says(UNUSABLE, NOBODY, NEVER, MAIL="500 5.5.2 what?"),
    "MAIL 501": says(UNUSABLE, NOBODY, NEVER, MAIL="501 5.1.7 bad sender"),
    "MAIL 503": says(UNUSABLE, NOBODY, NEVER, MAIL="503 5.5.1 EHLO first"),
    "MAIL 530": says(UNUSABLE, NOBODY, NEVER, MAIL="530 5.7.0 log in first"),
    "MAIL 550": says(UNUSABLE, NOBODY, NEVER, MAIL="550 5.7.1 not yours"),
    "MAIL 552": says(BOUNCED, NOBODY, MAIL="552 5.3.4 too large"),
    "MAIL 552 of our own mailbox": says(UNUSABLE, NOBODY, NEVER, MAIL="552 5.2.2 you are over quota"),
    "MAIL 555": says(UNUSABLE, NOBODY, NEVER, MAIL="555 5.5.4 SIZE?"),
    "MAIL 550 and 4.7.1": says(DEFERRED, SERVER, MAIL="550 4.7.1 not now"),
    "MAIL 354": says(DEFERRED, SERVER, OTHER, MAIL=GOES_AHEAD),
    "MAIL silence": says(DEFERRED, SERVER, OTHER, MAIL=(SILENCE,)),
    "MAIL closed": says(DEFERRED, SERVER, OTHER, MAIL=CLOSE),
    "MAIL reset": says(DEFERRED, SERVER, OTHER, MAIL=RESET),
    "MAIL half a reply": says(DEFERRED, SERVER, OTHER, MAIL=(b"250-sender", CLOSE)),
    # ---- RCPT: what is about the reader, the domain, us ----
    "RCPT 250 and 5.1.1": says(SENT, NOBODY, RCPT="250 5.1.1 taken all the same"),
    "RCPT 251": says(SENT, NOBODY, RCPT="251 2.1.5 will be passed on"),
    "RCPT 421": says(DEFERRED, DOMAIN, OTHER, RCPT=("421 too busy", CLOSE)),
    "RCPT 450": says(DEFERRED, NOBODY, RCPT="450 mailbox busy"),
    "RCPT 450 4.1.2": says(DEFERRED, DOMAIN, RCPT="450 4.1.2 domain not found"),
    "RCPT 450 4.2.1": says(DEFERRED, NOBODY, RCPT="450 4.2.1 too many messages to this mailbox"),
    "RCPT greylisted": says(DEFERRED, DOMAIN, RCPT="450 4.7.1 greylisted, come again in 300 seconds"),
    "RCPT 451 4.3.0": says(DEFERRED, DOMAIN, RCPT="451 4.3.0 look-up failed"),
    "RCPT 451 4.4.1": says(DEFERRED, DOMAIN, RCPT="451 4.4.1 no answer from host"),
    "RCPT 451 4.4.2": says(DEFERRED, DOMAIN, RCPT="451 4.4.2 bad connection"),
    "RCPT 452 4.2.2": says(DEFERRED, NOBODY, RCPT="452 4.2.2 mailbox full"),
    "RCPT 452 4.5.3": says(DEFERRED, NOBODY, RCPT="452 4.5.3 too many recipients"),
    "RCPT 450 and 5.1.1": says(DEFERRED, NOBODY, RCPT="450 5.1.1 unknown, or so it seems"),
    "RCPT 550 and 4.2.2": says(DEFERRED, NOBODY, RCPT="550 4.2.2 mailbox full"),
    "RCPT 500": says(BOUNCED, COUNTED, RCPT="500 5.5.2 line too long"),
    "RCPT 501": says(BOUNCED, COUNTED, RCPT="501 5.1.3 bad address"),
    "RCPT 503": says(UNUSABLE, NOBODY, NEVER, RCPT="503 5.5.1 log in first"),
    "RCPT 521": says(UNUSABLE, NOBODY, NEVER, RCPT="521 5.3.2 takes no mail"),
    "RCPT 530": says(UNUSABLE, NOBODY, NEVER, RCPT="530 5.7.0 log in first"),
    "RCPT 550": says(BOUNCED, COUNTED, RCPT="550 no"),
    "RCPT 550 in words": says(BOUNCED, READER, RCPT="550 no such user here"),
    "RCPT 550 5.1.1": says(BOUNCED, READER, RCPT="550 5.1.1 unknown"),
    "RCPT 550 5.1.1 in lines": says(BOUNCED, READER, RCPT=("550-5.1.1 nobody", "550 5.1.1 of that name")),
    "RCPT 556 5.1.10": says(BOUNCED, READER, RCPT="556 5.1.10 that domain takes no mail"),
    "RCPT 550 5.1.2": says(BOUNCED, COUNTED, RCPT="550 5.1.2 domain not found"),
    "RCPT 550 5.2.1": says(BOUNCED, COUNTED, RCPT="550 5.2.1 mailbox disabled"),
    "RCPT 550 5.4.1": says(BOUNCED, COUNTED, RCPT="550 5.4.1 no answer from host"),
    "RCPT 550 5.7.1": says(DEFERRED, SERVER, RCPT="550 5.7.1 relaying denied"),
    "RCPT 554 in words": says(DEFERRED, SERVER, RCPT="554 relay access denied"),
    "RCPT 554 5.7.1 of our sender": says(DEFERRED, SERVER, RCPT="554 5.7.1 sender not owned by user"),
    "RCPT 551": says(BOUNCED, COUNTED, RCPT="551 5.1.6 moved, and nobody says where"),
    "RCPT 552": says(DEFERRED, NOBODY, RCPT="552 too many recipients"),
    "RCPT 552 5.2.2": says(BOUNCED, COUNTED, RCPT="552 5.2.2 mailbox full"),
    "RCPT 552 5.3.4": says(BOUNCED, NOBODY, RCPT="552 5.3.4 too large for them"),
    "RCPT 553": says(BOUNCED, COUNTED, RCPT="553 5.1.3 bad address"),
    "RCPT 554": says(BOUNCED, COUNTED, RCPT="554 5.3.0 it failed"),
    "RCPT 354": says(DEFERRED, DOMAIN, OTHER, RCPT=GOES_AHEAD),
    "RCPT silence": says(DEFERRED, DOMAIN, OTHER, RCPT=(SILENCE,)),
    "RCPT octet by octet": says(DEFERRED, DOMAIN, OTHER, RCPT=DRIP),
    "RCPT closed": says(DEFERRED, DOMAIN, OTHER, RCPT=CLOSE),
    "RCPT reset": says(DEFERRED, DOMAIN, OTHER, RCPT=RESET),
    "RCPT half a reply": says(DEFERRED, DOMAIN, OTHER, RCPT=(b"250 o", CLOSE)),
    "RCPT two codes in one reply": says(DEFERRED, DOMAIN, OTHER, RCPT=b"250-ok\r\n550 or not\r\n"),
    "RCPT line without end": says(DEFERRED, DOMAIN, OTHER, RCPT=b"250 " + b"x" * 9_000),
    "RCPT reply without end": says(DEFERRED, DOMAIN, OTHER, RCPT=b"250-ok\r\n" * 101),
    "RCPT long reply": says(SENT, NOBODY, RCPT=b"250-" + b"x" * 4_000 + b"\r\n250 ok\r\n"),
    "RCPT answered twice": says(DEFERRED, DOMAIN, OTHER, RCPT=b"250 ok\r\n250 ok\r\n"),
    # ---- DATA, before a word of the message ----
    "DATA 421": says(DEFERRED, DOMAIN, OTHER, DATA=("421 4.4.2 shutting down", CLOSE)),
    "DATA 250": says(DEFERRED, SERVER, OTHER, DATA="250 ok"),
    "DATA 451": says(DEFERRED, DOMAIN, DATA="451 4.3.0 not now"),
    "DATA 452": says(DEFERRED, NOBODY, DATA="452 not now"),
    "DATA 503": says(DEFERRED, SERVER, DATA="503 5.5.1 RCPT first"),
    "DATA 550 5.1.1": says(BOUNCED, READER, DATA="550 5.1.1 unknown after all"),
    "DATA 554": says(BOUNCED, COUNTED, DATA="554 5.5.1 no valid recipients"),
    "DATA silence": says(DEFERRED, SERVER, OTHER, DATA=(SILENCE,)),
    "DATA closed": says(DEFERRED, SERVER, OTHER, DATA=CLOSE),
    "DATA 354 and closed": Row({"DATA": (GOES_AHEAD, CLOSE)}, DEFERRED, SERVER, OTHER, LARGE),
    "DATA 354 twice": says(DEFERRED, SERVER, OTHER, DATA=f"{GOES_AHEAD}\r\n{GOES_AHEAD}"),
    # ---- within the message ----
    "body refused early": Row({"BODY": ("552 5.3.4 too large", CLOSE)}, BOUNCED, NOBODY, OTHER, LARGE),
    "body put off early": Row({"BODY": ("452 4.3.1 disk full", CLOSE)}, DEFERRED, DOMAIN, OTHER, LARGE),
    "body not taken": Row({"BODY": (SILENCE,)}, DEFERRED, SERVER, OTHER, LARGE),
    "body reset": Row({"BODY": RESET}, DEFERRED, SERVER, OTHER, LARGE),
    "body taken before its end": Row({"BODY": ("250 queued", SILENCE)}, DEFERRED, SERVER, OTHER, LARGE),
    # ---- behind the final dot ----
    "dot 200": says(SENT, NOBODY, DOT="200 fine"),
    "dot 250 and 5.0.0": says(SENT, NOBODY, DOT="250 5.0.0 queued"),
    "dot 250 late": says(SENT, NOBODY, DOT=(SECONDS / 4, "250 queued")),
    "dot 250 in lines": says(SENT, NOBODY, DOT=("250-2.0.0 queued", "250 as 4711")),
    "dot 250 without words": says(SENT, NOBODY, DOT="250"),
    "dot 250 octet by octet": says(SENT, NOBODY, DOT=[bytes([octet]) for octet in b"250 queued\r\n"]),
    "dot 250 and 421": says(SENT, NOBODY, OTHER, DOT=(b"250 queued\r\n421 enough\r\n", CLOSE)),
    "dot 250 and closed": says(SENT, NOBODY, OTHER, DOT=("250 queued", CLOSE)),
    "dot 250 and nonsense": says(SENT, NOBODY, OTHER, DOT=b"250 queued\r\nhello\r\n"),
    "dot 354": says(IN_DOUBT, SERVER, OTHER, DOT=GOES_AHEAD),
    "dot 421": says(DEFERRED, DOMAIN, OTHER, DOT=("421 4.3.2 shutting down", CLOSE)),
    "dot 450": says(DEFERRED, NOBODY, DOT="450 busy"),
    "dot 451 4.7.1": says(DEFERRED, DOMAIN, DOT="451 4.7.1 too fast"),
    "dot 452": says(DEFERRED, DOMAIN, DOT="452 4.3.1 disk full"),
    "dot 550 5.7.1": says(DEFERRED, SERVER, DOT="550 5.7.1 it looks like spam"),
    "dot 552": says(BOUNCED, NOBODY, DOT="552 too large"),
    "dot 552 5.2.2": says(BOUNCED, COUNTED, DOT="552 5.2.2 mailbox full"),
    "dot 554": says(BOUNCED, COUNTED, DOT="554 it failed"),
    "dot 554 5.6.0": says(BOUNCED, NOBODY, DOT="554 5.6.0 such a message is not taken"),
    "dot 554 and 4.4.7": says(DEFERRED, DOMAIN, DOT="554 4.4.7 expired"),
    "dot silence": says(IN_DOUBT, SERVER, OTHER, DOT=(SILENCE,)),
    "dot octet by octet, too slow": says(IN_DOUBT, SERVER, OTHER, DOT=DRIP),
    "dot closed": says(IN_DOUBT, SERVER, OTHER, DOT=CLOSE),
    "dot reset": says(IN_DOUBT, SERVER, OTHER, DOT=RESET),
    "dot half a reply": says(IN_DOUBT, SERVER, OTHER, DOT=(b"250 queue", CLOSE)),
    "dot half of two lines": says(IN_DOUBT, SERVER, OTHER, DOT=(b"250-queued\r\n", CLOSE)),
    "dot nonsense": says(IN_DOUBT, SERVER, OTHER, DOT="OK queued"),
    "dot line without end": says(IN_DOUBT, SERVER, OTHER, DOT=b"250 " + b"x" * 9_000),
    # ---- what is said beside the messages ----
    "RSET 421": says(BOUNCED, READER, OTHER, RCPT="550 5.1.1 unknown", RSET=("421 enough", CLOSE)),
    "RSET 500": says(BOUNCED, READER, OTHER, RCPT="550 5.1.1 unknown", RSET="500 what?"),
    "RSET silence": says(BOUNCED, READER, OTHER, RCPT="550 5.1.1 unknown", RSET=(SILENCE,)),
    "RSET closed": says(BOUNCED, READER, OTHER, RCPT="550 5.1.1 unknown", RSET=CLOSE),
}
QUITS = {"221": ("221 bye", CLOSE), "500": "500 what?", "silence": (SILENCE,), "closed": CLOSE, "reset": RESET}
IDLE = {
    "421": ("250 queued", 0.1, "421 4.4.2 idle for too long", CLOSE),
    "250": ("250 queued", 0.1, "250 still here"),
    "closed": ("250 queued", 0.1, CLOSE),
    "reset": ("250 queued", 0.1, RESET),
}
OPENINGS = {
    "STARTTLS 454": {"STARTTLS": "454 4.7.0 not available"},
    "STARTTLS 501": {"STARTTLS": "501 5.5.4 what?"},
    "STARTTLS silence": {"STARTTLS": (SILENCE,)},
    "TLS that does not begin": {"STARTTLS": ("220 go ahead", SILENCE)},
    "AUTH 421": {"AUTH": ("421 4.7.0 too many tries", CLOSE)},
    "AUTH 432": {"AUTH": "432 4.7.12 a new password is needed"},
    "AUTH 454": {"AUTH": "454 4.7.0 try again later"},
    "AUTH 504": {"AUTH": "504 5.5.4 not in that way"},
    "AUTH 535": {"AUTH": "535 5.7.8 wrong"},
    "AUTH 538": {"AUTH": "538 5.7.11 encrypt first"},
    "AUTH silence": {"AUTH": (SILENCE,)},
}
BEHIND = replace(ENVELOPE, recipient="bob@reader.example", name="bob")
BEHIND_MESSAGE = MESSAGE.replace(b"From Monday", b"From Tuesday")


class Once(dict):
    """A script that does each thing once, and then what a friendly server does."""

    def get(self, command, friendly):
        return self.pop(command, friendly)


@pytest.fixture(params=[{}, {"EHLO": PIPELINES}], ids=["plain", "pipelining"])
def offers(request):
    """Give the script of a server that does as it should, with pipelining and without."""
    return request.param


def transport_to(server, folder, seconds=PATIENCE, **given):
    config = smtp_settings(folder, server, connections=1, **given)
    return SmtpTransport(config.model_copy(update={"timeout_seconds": seconds}))


def hand_over_both(transport, first, last):
    """Hand two messages over, all at once; return name → reply, and why nothing more is taken, if so."""
    for parcel in (first, last):
        transport.take(parcel)
    answered, go = {}, []
    while len(answered) < 2:
        try:
            steps = transport.work(go, SILENCE)
        except TransportUnusable as error:
            return answered, str(error)
        go = [step.name for step in steps if step.reply is None]
        answered |= {step.name: step.reply for step in steps if step.reply is not None}
    return answered, ""


def outcome(reply):
    return verdict(reply, attempt=1, queued_at=NOW, now=NOW).outcome


def blamed(reply):
    """Return whom a reply says something of."""
    if outcome(reply) is BOUNCED:
        failure = failure_of(reply)
        return {Kind.HARD: READER, Kind.SOFT: COUNTED}.get(failure.kind, NOBODY) if failure else NOBODY
    if is_about_domain(reply):
        return DOMAIN
    return SERVER if is_about_server(reply) else NOBODY


def test_table_has_a_row_for_every_point_at_which_a_server_may_fail():
    points = {command for row in ROWS.values() for command in row.does}
    assert points == {"BANNER", "EHLO", "MAIL", "RCPT", "DATA", "BODY", "DOT", "RSET"}
    assert len(ROWS) >= 40


@pytest.mark.rule("D10")
@pytest.mark.rule("T106")
@pytest.mark.rule("T107")
@pytest.mark.rule("T108")
@pytest.mark.rule("T109")
@pytest.mark.rule("T111")
@pytest.mark.rule("T113")
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_server_that_does_so_costs_that_and_no_more(tmp_path, offers, row):
    with ScriptedServer(Once(offers | row.does), offers) as server:
        transport = transport_to(server, tmp_path, row.seconds)
        first, last = Parcel((row.message,), ENVELOPE), Parcel((BEHIND_MESSAGE,), BEHIND)
        answered, problem = hand_over_both(transport, first, last)
        transport.close()
    if row.outcome == UNUSABLE:
        assert (answered, row.blames, row.next) == ({}, NOBODY, NEVER)
        assert problem.startswith(f"127.0.0.1:{server.port}: ")
        return
    reply = answered[ENVELOPE.name]
    assert (outcome(reply), blamed(reply)) == (row.outcome, row.blames), reply
    assert outcome(answered[BEHIND.name]) is SENT, answered[BEHIND.name]
    assert {1: SAME, 2: OTHER}[server.connections] == row.next
    assert server.bodies.count(BEHIND_MESSAGE) == 1
    assert server.bodies.count(row.message) <= 1


@pytest.mark.rule("T113")
def test_second_answer_to_a_message_is_never_taken_for_that_to_the_next(tmp_path, offers):
    with ScriptedServer(Once(offers | {"DOT": b"250 queued\r\n250 queued\r\n"}), offers) as server:
        transport = transport_to(server, tmp_path)
        answered, _ = hand_over_both(transport, Parcel((MESSAGE,), ENVELOPE), Parcel((BEHIND_MESSAGE,), BEHIND))
        transport.close()
    # Where the next one is named already, that is found out when the answers run past its DATA.
    assert outcome(answered[ENVELOPE.name]) is SENT
    assert outcome(answered[BEHIND.name]) is (DEFERRED if offers else SENT)
    assert server.bodies.count(BEHIND_MESSAGE) == (not offers)


# ---- between messages, and at the end ----


@pytest.mark.rule("T113")
@pytest.mark.parametrize("does", IDLE.values(), ids=IDLE)
def test_connection_that_ends_between_messages_costs_nobody_anything(tmp_path, offers, does):
    with ScriptedServer(Once(offers | {"DOT": does}), offers) as server:
        transport = transport_to(server, tmp_path)
        assert hand_over(transport, MESSAGE, ENVELOPE, Begin()).code == 250
        time.sleep(0.3)  # meanwhile it speaks, or hangs up
        assert hand_over(transport, BEHIND_MESSAGE, BEHIND, Begin()).code == 250
        transport.close()
    assert (server.connections, len(server.bodies)) == (2, 2)


@pytest.mark.rule("T113")
@pytest.mark.parametrize("does", QUITS.values(), ids=QUITS)
def test_message_that_was_taken_is_sent_however_the_server_takes_its_leave(tmp_path, offers, does):
    with ScriptedServer(offers | {"QUIT": does}) as server:
        transport = transport_to(server, tmp_path)
        reply = hand_over(transport, MESSAGE, ENVELOPE, Begin())
        transport.close()
    assert (outcome(reply), server.connections, len(server.bodies)) == (SENT, 1, 1)


# ---- the way in, and what is under TLS ----


@pytest.mark.rule("T102")
@pytest.mark.rule("T107")
@pytest.mark.parametrize("does", OPENINGS.values(), ids=OPENINGS)
def test_server_that_does_not_let_us_in_blames_nobody(tmp_path, does):
    needs_tls = "STARTTLS" in does
    offered = ("250-mx.example", "250 STARTTLS" if needs_tls else "250 AUTH PLAIN")
    with ScriptedServer({"EHLO": offered} | does) as server:
        given = {"tls": "required"} if needs_tls else {"username": "gazette", "password": "env:SECRET"}
        said = refusal(transport_to(server, tmp_path, SECONDS, **given))
    assert said.startswith(f"127.0.0.1:{server.port}: ")
    assert "MAIL" not in server.verbs


@pytest.mark.rule("T108")
@pytest.mark.rule("T109")
@pytest.mark.parametrize("how", [CLOSE, RESET])
@pytest.mark.parametrize(
    ("where", "message", "left"), [("BODY", LARGE, DEFERRED), ("DOT", MESSAGE, IN_DOUBT), ("RCPT", MESSAGE, DEFERRED)]
)
def test_tls_that_is_cut_is_a_connection_that_breaks(tmp_path, where, message, left, how):
    identity = Identity(tmp_path)
    encrypted = {"EHLO": (*PIPELINES[:1], "250-PIPELINING", "250 STARTTLS")}
    with ScriptedServer(encrypted | {where: how}, encrypted, context=identity.context) as server:
        transport = transport_to(server, tmp_path, tls="required", certificates=str(identity.authority))
        answered, _ = hand_over_both(transport, Parcel((message,), ENVELOPE), Parcel((BEHIND_MESSAGE,), BEHIND))
        transport.close()
    assert [outcome(answered[one.name]) for one in (ENVELOPE, BEHIND)] == [left, SENT]
    assert (server.connections, server.bodies.count(BEHIND_MESSAGE)) == (2, 1)
