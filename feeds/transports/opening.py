"""The way to a mail server: connected, encrypted, introduced, logged in, or a plain word on why not.

Nothing private goes out before the certificate was checked. Not here: handing messages over (smtp).
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from base64 import b64encode
from contextlib import suppress

from feeds.config import Tls, TransportConfig
from feeds.errors import TransportUnusable
from feeds.model import Phase, Reply
from feeds.transports.connection import Connection, TlsConnection
from feeds.transports.hearing import one_line, reply_of

_LATER = "nothing was sent; try again later, or ask who runs it"


class _ComeLater(Exception):
    """The server was reached, and asks to come back later."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply


def open_connection(config: TransportConfig, *, implicit_tls: bool) -> Connection | Reply:
    """Return a connection that is ready for messages, or the server's reply where it asks to come later (4xx).

    ``implicit_tls`` encrypts from the first octet on, otherwise STARTTLS does. Raises TransportUnusable where no
    message can be handed over.
    """
    implicit_tls = implicit_tls and config.tls is Tls.REQUIRED
    try:
        connection = _reach(config, implicit_tls)
        try:
            _introduce(connection, config)
            if config.tls is Tls.REQUIRED and not implicit_tls:
                _encrypt(connection, config)
                _introduce(connection, config)
            if config.username is not None and config.password is not None:
                _log_in(connection, config, username=config.username, password=config.password.reveal())
        except BaseException:
            connection.close()
            raise
    except _ComeLater as later:
        return later.reply
    return connection


def unusable(config: TransportConfig, problem: str, remedy: str) -> TransportUnusable:
    """Return the error that names the server, what is wrong with it, and what to do."""
    return TransportUnusable(f"{config.host}:{config.port}: {problem}; {remedy}")


def check(config: TransportConfig, keys: str) -> str:
    """Return the words on which keys of which transport to look at."""
    return f"check {config.section} {keys}"


def _check_place(config: TransportConfig) -> str:
    return check(config, "host and port")


def _reach(config: TransportConfig, implicit_tls: bool) -> Connection:
    # Without a name smtplib asks the DNS for ours, which may take as long as it likes; _introduce gives it one.
    host, name, seconds = (config.host or "").strip("[]"), "localhost", config.timeout_seconds
    try:
        if implicit_tls:
            return TlsConnection(host, config.port, name, timeout=seconds, context=_context(config))
        return Connection(host, config.port, name, timeout=seconds)
    except smtplib.SMTPConnectError as error:
        raise _turned_away(config, error.smtp_code, _octets(error.smtp_error)) from error
    except ssl.SSLError as error:
        raise _insecure(config, error) from error
    except socket.gaierror as error:
        raise unusable(config, f"no server of that name is found ({error.strerror})", _check_place(config)) from error
    except (OSError, UnicodeError) as error:
        remedy = f"{_check_place(config)}, and that it runs"
        raise unusable(config, f"cannot be reached ({_said(error)})", remedy) from error


def _introduce(connection: Connection, config: TransportConfig) -> None:
    """Say EHLO; what was learned from an earlier one is forgotten."""
    try:
        connection.local_hostname = _own_name(connection)
        code, text = connection.ehlo()
    except OSError as error:
        raise unusable(config, f"broke off at EHLO ({_said(error)})", _check_place(config)) from error
    if code != 250:
        raise _turned_away(config, code, text)


def _encrypt(connection: Connection, config: TransportConfig) -> None:
    if not connection.has_extn("starttls"):
        hint = f'nothing was sent; {check(config, "port")}, and set tls = "none" only towards this machine itself'
        raise unusable(config, "offers no TLS (STARTTLS)", hint)
    context = _context(config)
    try:
        connection.starttls(context=context)
    except smtplib.SMTPResponseException as error:
        said = f"{error.smtp_code} {one_line(_octets(error.smtp_error))}"
        raise unusable(config, f"offers TLS, and refuses it: {said}", _LATER) from error
    except ssl.SSLError as error:
        raise _insecure(config, error) from error
    except (OSError, ValueError) as error:
        raise unusable(config, f"broke off at TLS ({_said(error)})", _LATER) from error


def _context(config: TransportConfig) -> ssl.SSLContext:
    """Return a context that checks certificates and names: by the CA that is configured, else by the system's."""
    try:
        return ssl.create_default_context(cafile=config.certificates)
    except OSError as error:
        problem = f"no certificates can be read from {config.certificates} ({error.strerror or error})"
        raise unusable(config, problem, f"{check(config, 'certificates')}: a file in PEM form") from error


def _log_in(connection: Connection, config: TransportConfig, *, username: str, password: str) -> None:
    remedy = f"{check(config, 'username and password')}; no reader is to blame"
    problem = ""
    if not (username + password).isascii():
        problem = "cannot be told a name or a password with letters beyond ASCII"
    else:
        try:
            connection.login(username, password)
        except smtplib.SMTPResponseException as error:
            said = one_line(_without(password, username, _octets(error.smtp_error)))
            problem = f"refuses the login: {error.smtp_code} {said}"
        except (OSError, ValueError) as error:
            problem = f"takes no login ({one_line(_without(password, username, str(error).encode()))})"
    if problem:  # raised outside the handlers: what the server says may hold the password, and would go along
        raise unusable(config, problem, remedy)


def _without(password: str, username: str, said: bytes) -> bytes:
    """Return what the server said without the password, in any form in which it was told."""
    told = f"\0{username}\0{password}".encode()
    for form in (b64encode(told), b64encode(password.encode()), password.encode()):
        said = said.replace(form, b"...") if form else said
    return said


def _turned_away(config: TransportConfig, code: int, text: bytes) -> Exception:
    reply = reply_of(code, text, Phase.SENDER)
    if 400 <= code < 500:
        return _ComeLater(reply)
    return unusable(config, f"turned us away: {code} {reply.text}", "nothing was sent; ask who runs it why")


def _insecure(config: TransportConfig, error: ssl.SSLError) -> TransportUnusable:
    if isinstance(error, ssl.SSLCertVerificationError):
        remedy = f"if the server is your own, name the file of its CA in {config.section} certificates"
        return unusable(config, f"its certificate is not trusted: {error.verify_message}", remedy)
    return unusable(config, f"no TLS could be agreed on ({error.reason or error})", check(config, "port"))


def _own_name(connection: Connection) -> str:
    """Return what to introduce this machine as: its full name, else its address (RFC 5321 section 4.1.4)."""
    name = socket.gethostname()
    if "." in name.strip(".") and name.isascii():
        return name
    address = "127.0.0.1"
    with suppress(AttributeError):
        address = connection.sock.getsockname()[0]  # type: ignore[union-attr]
    return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"


def _octets(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _said(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
