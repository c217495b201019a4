"""The way to a mail server: what is refused before anything private goes out, and what the operator is told.

Not here: messages once the way is open (test_smtp).
"""

import pytest

from feeds.model import Phase
from feeds.transports.opening import open_connection
from feeds.transports.smtp import SmtpTransport
from tests.transports.givens import (
    CLOSE,
    ENVELOPE,
    MESSAGE,
    PASSWORD,
    RESET,
    TLS,
    Begin,
    Identity,
    ScriptedServer,
    hand_over,
    only_password,
    real_server,
    refusal,
    settings,
    smtp_settings,
)

LOGIN = {"username": "gazette", "password": "env:SECRET"}
OFFERS_TLS = ("250-mx.example", "250 STARTTLS")
PLAIN = ("250-mx.example", "250 AUTH PLAIN LOGIN")
ECHO = "535 5.7.8 wrong: correct horse AGdhemV0dGUAY29ycmVjdCBob3JzZQ=="


@pytest.fixture
def identity(tmp_path):
    """Give a certificate for this machine, and its authority."""
    return Identity(tmp_path)


def encrypted(folder, server, authority=None, **given):
    """Return a transport that asks for TLS, and trusts an authority if there is one."""
    trusted = {"certificates": str(authority)} if authority else {}
    return SmtpTransport(smtp_settings(folder, server, tls="required", **trusted, **given))


def refused_by(folder, script, **given):
    """Return what is said about a server that follows a script, and the server."""
    with ScriptedServer(script) as server:
        return refusal(SmtpTransport(smtp_settings(folder, server, **given))), server


@pytest.mark.rule("D10")
def test_message_goes_encrypted_to_a_server_with_a_login(tmp_path, identity):
    with real_server(tls_context=identity.context, auth_required=True, authenticator=only_password) as server:
        transport = encrypted(tmp_path, server, identity.authority, **LOGIN)
        assert hand_over(transport, MESSAGE, ENVELOPE, Begin()).code == 250
        transport.close()
    assert len(server.taken) == 1


def test_server_that_is_encrypted_from_the_first_octet_on_is_reached(tmp_path, identity):
    with real_server(ssl_context=identity.context) as server:
        config = smtp_settings(tmp_path, server, tls="required", certificates=str(identity.authority))
        connection = open_connection(config, implicit_tls=True)
        assert connection.noop()[0] == 250
        connection.leave()


@pytest.mark.rule("M8")
@pytest.mark.rule("T101")
def test_server_without_tls_gets_nothing_private(tmp_path):
    said, server = refused_by(tmp_path, {"EHLO": PLAIN}, tls="required", **LOGIN)
    assert "offers no TLS (STARTTLS); nothing was sent; check [transport] port" in said
    assert server.verbs == ["EHLO"]


@pytest.mark.rule("T102")
@pytest.mark.parametrize(
    "fails",
    ["454 4.7.0 TLS not available", "501 no", CLOSE, RESET, ("220 go", CLOSE), b"220 go\r\nhello\r\n"],
)
def test_tls_that_fails_half_way_gets_nothing_private(tmp_path, fails):
    said, server = refused_by(tmp_path, {"EHLO": OFFERS_TLS, "STARTTLS": fails}, tls="required", **LOGIN)
    assert "TLS" in said
    assert server.verbs[:2] == ["EHLO", "STARTTLS"]
    assert not {"AUTH", "MAIL", "DATA"} & set(server.verbs)


@pytest.mark.rule("D10")
@pytest.mark.rule("T103")
def test_certificate_that_nobody_vouches_for_is_refused(tmp_path, identity):
    with real_server(tls_context=identity.context) as server:
        said = refusal(encrypted(tmp_path, server, **LOGIN))
    assert "its certificate is not trusted: " in said
    assert said.endswith("name the file of its CA in [transport] certificates")
    assert server.taken == []


@pytest.mark.rule("D10")
@pytest.mark.rule("T103")
def test_certificate_for_another_name_is_refused(tmp_path):
    other = Identity(tmp_path, "other.example")
    with real_server(tls_context=other.context) as server:
        said = refusal(encrypted(tmp_path, server, other.authority))
    assert "certificate is not valid for '127.0.0.1'" in said


def test_authority_that_cannot_be_read_is_named(tmp_path, identity):
    (tmp_path / "empty.pem").touch()
    with real_server(tls_context=identity.context) as server:
        missing = refusal(encrypted(tmp_path, server, tmp_path / "no.pem"))
        empty = refusal(encrypted(tmp_path, server, tmp_path / "empty.pem"))
    assert f"no certificates can be read from {tmp_path / 'no.pem'} (No such file or directory)" in missing
    assert f"no certificates can be read from {tmp_path / 'empty.pem'} (" in empty


@pytest.mark.rule("T104")
def test_text_slipped_in_before_tls_ends_the_connection(tmp_path, identity):
    slipped = {"EHLO": OFFERS_TLS, "STARTTLS": (b"220 go\r\n250-evil.example\r\n250 AUTH PLAIN\r\n", TLS)}
    with ScriptedServer(slipped, context=identity.context) as server:
        assert "it says more than it was asked" in refusal(encrypted(tmp_path, server, identity.authority))
    assert server.verbs == ["EHLO", "STARTTLS"]


@pytest.mark.rule("T107")
def test_wrong_password_stops_everything_and_is_not_shown(tmp_path, identity):
    context = {"tls_context": identity.context, "authenticator": only_password, "auth_required": True}
    (tmp_path / "secret").write_text("wrong pony")
    (tmp_path / "secret").chmod(0o600)
    wrong = {"username": "gazette", "password": "file:secret"}
    with real_server(**context) as server:
        said = refusal(encrypted(tmp_path, server, identity.authority, **wrong))
    assert "refuses the login: 535 5.7.8 Authentication credentials invalid; check [transport] username" in said
    assert "pony" not in said


@pytest.mark.rule("T99")
@pytest.mark.parametrize("answer", [ECHO, ECHO.replace("535", "454"), ECHO.replace("535", "334")])
def test_server_that_repeats_the_password_does_not_get_it_into_a_log(tmp_path, answer):
    with ScriptedServer({"EHLO": PLAIN, "AUTH": answer}) as server:
        transport = SmtpTransport(smtp_settings(tmp_path, server, **LOGIN))
        with pytest.raises(Exception, match="login") as raised:
            hand_over(transport, MESSAGE, ENVELOPE, Begin())
    assert not [secret for secret in (PASSWORD, "AGdhemV0dGUA") if secret in str(raised.value)]
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


@pytest.mark.parametrize("auth", [CLOSE, "334 abc", b"\xff\r\n"])
def test_login_that_breaks_off_stops_everything(tmp_path, auth):
    said, _ = refused_by(tmp_path, {"EHLO": PLAIN, "AUTH": auth}, **LOGIN)
    assert "takes no login (" in said


@pytest.mark.parametrize("offered", ["250 mx.example", ("250-mx.example", "250 AUTH GSSAPI")])
def test_server_that_takes_no_login_is_named(tmp_path, offered):
    said, server = refused_by(tmp_path, {"EHLO": offered}, **LOGIN)
    assert "takes no login (" in said
    assert server.verbs == ["EHLO"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ({"BANNER": "554 5.7.1 go away"}, "turned us away: 554 5.7.1 go away"),
        ({"EHLO": "502 what?"}, "turned us away: 502 what?"),
        ({"BANNER": CLOSE}, "cannot be reached (the server closed the connection)"),
        ({"BANNER": "SSH-2.0-OpenSSH"}, "cannot be reached (an answer that nobody can read: SSH-2.0-OpenSSH)"),
        ({"BANNER": (5.0, "220 hello")}, "cannot be reached (no answer within 0.5 seconds)"),
        ({"EHLO": CLOSE}, "broke off at EHLO (the server closed the connection)"),
    ],
)
def test_server_that_lets_nobody_in_is_named_with_what_it_said(tmp_path, script, said):
    with ScriptedServer(script) as server:
        hasty = smtp_settings(tmp_path, server).model_copy(update={"timeout_seconds": 0.5})
        assert refusal(SmtpTransport(hasty)).startswith(f"127.0.0.1:{server.port}: {said}; ")


@pytest.mark.rule("T105")
@pytest.mark.parametrize("command", ["BANNER", "EHLO"])
def test_server_that_is_busy_is_asked_again_later(tmp_path, command):
    with ScriptedServer({command: "421 4.7.0 too many connections"}, {}) as server:
        transport = SmtpTransport(smtp_settings(tmp_path, server))
        reply = hand_over(transport, MESSAGE, ENVELOPE, Begin())
        assert (reply.code, reply.phase) == (421, Phase.SENDER)
        assert hand_over(transport, MESSAGE, ENVELOPE, Begin()).code == 250
        transport.close()


@pytest.mark.parametrize("host", ["a..b", ".".join(["label"] * 60)])  # nothing that a name server could be asked
def test_server_whose_name_cannot_be_found_is_named(tmp_path, host):
    said = refusal(SmtpTransport(settings(tmp_path, kind="smtp", host=host)))
    assert said.startswith(f"{host}:587: ")
    assert "check [transport] host and port" in said


def test_server_is_told_an_address_or_a_full_name(tmp_path):
    with ScriptedServer() as server:
        transport = SmtpTransport(smtp_settings(tmp_path, server))
        hand_over(transport, MESSAGE, ENVELOPE, Begin())
        transport.close()
    name = server.commands[0].split()[1]
    assert name == "[127.0.0.1]" or "." in name
