"""Mail servers on this machine: a real one, and one that follows a script; and what is handed over to them.

Not here: what is expected of the transports.
"""

import re
import socket
import ssl
import struct
import threading
import time
from contextlib import contextmanager, suppress

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from feeds.config import TransportConfig
from feeds.config.places import Surroundings
from feeds.errors import TransportUnusable
from feeds.model import Envelope, Parcel

HERE = "127.0.0.1"
ENVELOPE = Envelope("weekly@gazette.example", "ann@reader.example", "weekly.2026-11-23.ann.0")
MESSAGE = b"Subject: The ferry runs again\r\nMessage-ID: <1@gazette.example>\r\n\r\nFrom Monday.\r\n"
LARGE = MESSAGE + b"All winter long we waited for the ferry.\r\n" * 250_000
PASSWORD = "correct horse"
PATIENCE = 20  # seconds for what takes none on a machine with nothing else to do

# What the scripted server does in place of a reply, or after one.
CLOSE, RESET, TLS = "close", "reset", "tls"


class Begin:
    """Stands for storing that a message is being sent: counts, and answers as it is told, or raises."""

    def __init__(self, answer=True, look=lambda: None):
        self.answer, self.look, self.calls, self.seen = answer, look, 0, None

    def __call__(self):
        self.calls += 1
        self.seen = self.look()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def settings(folder, **given):
    """Return the settings of a transport; the password is PASSWORD where one is named."""
    return TransportConfig.model_validate(given, context=Surroundings(folder, {"SECRET": PASSWORD}))


def smtp_settings(folder, server, **given):
    """Return the settings that lead to a server, in the clear unless they say otherwise."""
    return settings(folder, **({"kind": "smtp", "host": HERE, "port": server.port, "tls": "none"} | given))


def hand_over(transport, message, envelope, begin):
    """Hand one message over as a worker does: ``begin`` says at the brink whether it goes; return the reply, if any."""
    transport.take(Parcel((message,), envelope))
    go = ()
    while True:
        try:
            steps = transport.work(go, PATIENCE)
        except BaseException:
            transport.close()
            raise
        assert len(steps) <= 1
        go = ()
        for step in steps:
            assert step.name == envelope.name
            if step.reply is not None:
                return step.reply
            try:
                go = (step.name,) if begin() else None
            except BaseException:
                transport.close()
                raise
        if go is None:
            transport.work((), 0)
            return None


def refusal(transport, begin=None):
    """Return why nothing at all can be handed over; nothing was begun."""
    begin = begin or Begin()
    try:
        reply = hand_over(transport, MESSAGE, ENVELOPE, begin)
    except TransportUnusable as error:
        assert begin.calls == 0
        return str(error)
    raise AssertionError(f"it could be used: {reply}")


class Identity:
    """A certificate for a name, and the file of the CA that vouches for it."""

    def __init__(self, folder, name=HERE):
        ca = trustme.CA()
        self.authority = folder / "ca.pem"
        ca.cert_pem.write_to_path(self.authority)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(name).configure_cert(self.context)


class Kept:
    """A handler that keeps what it takes."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd calls it so
        self.taken.append(envelope)
        return "250 2.0.0 queued as 4711"


class _Listening(Controller):
    def __init__(self, handler, **given):
        self.socket = socket.create_server((HERE, 0))
        super().__init__(handler, hostname=HERE, port=self.socket.getsockname()[1], **given)

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self.socket, ssl=self.ssl_context)


@contextmanager
def real_server(**given):
    """Run a real mail server; ``taken`` holds what it took."""
    handler = Kept()
    server = _Listening(handler, server_hostname="mx.example", **given)
    server.taken = handler.taken
    server.start()
    try:
        yield server
    finally:
        server.stop()


def only_password(server, session, envelope, mechanism, data):
    """Let in who knows the password, for a mail server with a login."""
    knows = data.password == PASSWORD.encode()
    return AuthResult(success=knows, handled=knows)


FRIENDLY = {
    "BANNER": "220 mx.example",
    "EHLO": "250 mx.example",
    "STARTTLS": ("220 go ahead", TLS),
    "DATA": "354 go ahead",
    "BODY": (),
    "DOT": "250 2.0.0 queued",
    "QUIT": ("221 bye", CLOSE),
}


class ScriptedServer:
    """A server that follows a script: for each command a reply, or several steps.

    A step is a line to say, octets to send as they are, seconds to wait, what to wait for (called with the server
    until it is true, or patience ends, and with it the connection), or CLOSE, RESET, TLS. BANNER is said first, BODY
    is done once DATA was answered, DOT after the final dot. Each connection has its own script, the last is repeated;
    what a script does not say is answered as a friendly server would.
    """

    def __init__(self, *scripts, context=None):
        self.scripts, self.context = scripts or ({},), context
        self.connections, self.commands, self.bodies = 0, [], []
        self.over, self.talks = threading.Event(), []
        self._socket = socket.create_server((HERE, 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a connection
        self._thread.join()
        self._socket.close()
        for talk in self.talks:
            talk.end()

    @property
    def verbs(self):
        """The commands heard, without their arguments."""
        return [line.split()[0].upper() for line in self.commands if line]

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            self.connections += 1
            self.talks.append(_Talk(self, connection, script))


class _Talk:
    """One connection to a scripted server."""

    def __init__(self, server, connection, script):
        self.server, self.connection, self.script = server, connection, script
        self.file, self.said = connection.makefile("rb"), ""
        self.thread = threading.Thread(target=self.go_on)
        self.thread.start()

    def end(self):
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.thread.join()

    def go_on(self):
        with suppress(OSError, ValueError):
            self.act("BANNER")
            while line := self.file.readline():
                self.server.commands.append(line.decode("latin-1").strip())
                verb = self.server.verbs[-1]
                self.act(verb)
                if verb == "DATA" and self.said.startswith("354"):
                    self.take_body()
        self.close()

    def take_body(self):
        self.act("BODY")
        lines = []
        while (line := self.file.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        if line:
            self.server.bodies.append(b"".join(lines))
            self.act("DOT")

    def act(self, command):
        steps = self.script.get(command, FRIENDLY.get(command, "250 ok"))
        for step in (steps,) if isinstance(steps, str | bytes) else steps:
            self.do(step)

    def do(self, step):
        if isinstance(step, float):
            self.server.over.wait(step)
        elif callable(step):
            self.wait_for(step)
        elif step in {CLOSE, RESET}:
            self.close(step)
            raise ConnectionAbortedError
        elif step == TLS:
            self.file.close()
            self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
            self.file = self.connection.makefile("rb")
        else:
            self.said = step if isinstance(step, str) else step.decode("latin-1")
            self.connection.sendall(step if isinstance(step, bytes) else step.encode() + b"\r\n")

    def wait_for(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition(self.server):
            if time.monotonic() > end or self.server.over.wait(0.005):
                raise ConnectionAbortedError

    def close(self, how=CLOSE):
        if how == RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.file.close()
        self.connection.close()


def messages_in(maildir):
    """Return the messages that a maildir shows, by their file's name."""
    return {file.name: file.read_bytes() for place in ("new", "cur") for file in sorted((maildir / place).glob("*"))}


def subject_of(data):
    """Return the subject that a message has."""
    return re.search(rb"^Subject: ([^\r\n]*)", data, re.MULTILINE)[1].decode()
