"""A mail server that takes thousands of messages a second, keeps who got which, and writes a log as Postfix does.

Not here: a server that refuses, or keeps what it takes (mail_givens).
"""

import asyncio
import re
import socket
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.acceptance.mail_givens import HERE, PATIENCE

_PATH = re.compile(rb"<([^<>]*)>")
_NAME = re.compile(rb"^Message-ID: *(?:\r\n )?<([^<>]+)>\r$", re.MULTILINE | re.IGNORECASE)
_FIRST_QUEUED = 0x4B10000000  # a number that Postfix could have given


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that was taken, as its final dot came in: whether its sender heard the answer is another matter."""

    recipient: str
    name: str


class Sink:
    """Takes all messages. ``seconds`` is how long an answer to the final dot takes.

    ``arrivals`` are in the order in which they came; ``doubled`` are recipients who were named on a connection while
    their message was being handed over on another one.
    """

    def __init__(self, seconds=0.0):
        self.arrivals, self.doubled, self.seconds = [], [], seconds
        self.in_hand = Counter()
        self.lines = []
        self.connections = 0
        self._changed = threading.Condition()
        self._socket = socket.create_server((HERE, 0))
        self.port = self._socket.getsockname()[1]
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        self.log("postfix-script", 1, "starting the Postfix mail system")
        server = self.loop.run_until_complete(self.loop.create_server(lambda: _Session(self), sock=self._socket))
        self.loop.run_forever()
        server.close()
        self.loop.close()

    def start(self):
        self._thread.start()

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()

    def take(self, arrival):
        """Keep a message; return the number that it is queued by."""
        with self._changed:
            self.arrivals.append(arrival)
            self._changed.notify_all()
        return f"{_FIRST_QUEUED + len(self.arrivals):X}"

    def wait_for(self, number):
        """Wait until so many messages have come in all."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.arrivals) >= number, PATIENCE)
        assert arrived, f"{len(self.arrivals)} of {number} messages"

    # ---- the log ----

    def log(self, program, process, text):
        """Write a line of the log."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        self.lines.append(f"{now} mx postfix/{program}[{process}]: {text}\n")

    def write_log(self, path):
        """Write the log into a file; return its path."""
        path.write_text("".join(self.lines), encoding="ascii")
        return path


class _Session(asyncio.Protocol):
    """One connection (RFC 5321, RFC 2920)."""

    def __init__(self, sink):
        self._sink, self._heard, self._recipient = sink, b"", ""
        self._is_in_data = self._is_waiting = False
        sink.connections += 1
        self._process = 1000 + sink.connections

    def connection_made(self, transport):
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._say("220 mx.example ESMTP")

    def data_received(self, data):
        self._heard += data
        self._go_on()

    def connection_lost(self, _error):
        if self._is_in_data and not self._is_waiting:
            self._break_off()
        self._let_go()
        self._heard = b""
        self._sink.log("smtpd", self._process, "disconnect from localhost[127.0.0.1]")

    def _go_on(self):
        while not self._is_waiting:
            end = b"\r\n.\r\n" if self._is_in_data else b"\r\n"
            said, found, rest = self._heard.partition(end)
            if not found:
                return
            self._heard = rest
            self._take(said + b"\r\n") if self._is_in_data else self._answer(said)

    def _answer(self, line):
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._say("250-mx.example\r\n250-PIPELINING\r\n250 SIZE 52428800")
        elif verb == b"RCPT":
            self._recipient = _PATH.search(line)[1].decode()
            self._sink.in_hand[self._recipient] += 1
            if self._sink.in_hand[self._recipient] > 1:
                self._sink.doubled.append(self._recipient)
            self._say("250 2.1.5 Ok")
        elif verb == b"DATA":
            self._is_in_data = True
            self._say("354 End data with <CR><LF>.<CR><LF>")
        elif verb == b"QUIT":
            self._say("221 2.0.0 Bye")
            self._transport.close()
        else:
            self._let_go()
            self._say("250 2.0.0 Ok")

    def _take(self, message):
        name = _NAME.search(message)[1].decode()
        queued = self._sink.take(Arrival(self._recipient, name))
        self._log_taken(queued, name, len(message))
        if self._sink.seconds:
            self._is_waiting = True
            self._sink.loop.call_later(self._sink.seconds, self._have_taken, queued)
        else:
            self._have_taken(queued)

    def _have_taken(self, queued):
        self._is_in_data = self._is_waiting = False
        self._let_go()
        self._say(f"250 2.0.0 Ok: queued as {queued}")
        self._go_on()

    def _let_go(self):
        if self._recipient:
            self._sink.in_hand[self._recipient] -= 1
            self._recipient = ""

    def _say(self, words):
        self._transport.write(f"{words}\r\n".encode())

    def _log_taken(self, queued, name, size):
        log = self._sink.log
        log("smtpd", self._process, f"{queued}: client=localhost[127.0.0.1]")
        log("cleanup", 900, f"{queued}: message-id=<{name}>")
        log("qmgr", 901, f"{queued}: from=<weekly@gazette.example>, size={size}, nrcpt=1 (queue active)")
        sent = f"to=<{self._recipient}>, relay=mx[203.0.113.7]:25, delay=0.1, dsn=2.0.0, status=sent (250 2.0.0 Ok)"
        log("smtp", 902, f"{queued}: {sent}")
        log("qmgr", 901, f"{queued}: removed")

    def _break_off(self):
        """Log a message of which the end did not come, as Postfix does: it names what it has thrown away."""
        queued = f"{_FIRST_QUEUED - self._sink.connections:X}"
        self._sink.log("smtpd", self._process, f"{queued}: client=localhost[127.0.0.1]")
        if found := _NAME.search(self._heard):
            self._sink.log("cleanup", 900, f"{queued}: message-id=<{found[1].decode()}>")
        seen = f"lost connection after DATA ({len(self._heard)} bytes) from localhost[127.0.0.1]"
        self._sink.log("smtpd", self._process, seen)


@contextmanager
def sink(seconds=0.0):
    """Run such a server for as long as the block takes."""
    server = Sink(seconds)
    server.start()
    try:
        yield server
    finally:
        server.stop()
