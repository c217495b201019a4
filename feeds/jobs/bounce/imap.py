"""A mailbox of reports on an IMAP server (RFC 3501), over TLS from the first byte; messages are read by their UIDs.

What was taken in is moved, or deleted where the config says so. Not here: what the reports say (taking).
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from feeds.config import ImapConfig
from feeds.errors import MailboxUnusable
from feeds.rules.bounces import one_line
from feeds.rules.bounces_mime import MOST_RAW


class ImapBox:
    """A mailbox, open within a ``with``; see Box. Raises MailboxUnusable where the server does not do its part."""

    def __init__(self, config: ImapConfig) -> None:
        self._config = config
        self._server: imaplib.IMAP4_SSL
        self._able: list[str] = []

    def __enter__(self) -> Self:
        config = self._config
        with self._named_errors():
            trusted = ssl.create_default_context(cafile=config.certificates)
            self._server = imaplib.IMAP4_SSL(
                config.host, config.port, ssl_context=trusted, timeout=config.timeout_seconds
            )
            try:
                self._log_in()
                self._do("select", _quoted(config.mailbox))
            except BaseException:
                self._leave()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def names(self) -> list[str]:
        """Return the UIDs of the messages that nobody has deleted, oldest first."""
        with self._named_errors():
            return _words(self._do("uid", "SEARCH", "UNDELETED"))

    def read(self, name: str) -> bytes | None:
        """Return the beginning of a message; see Box. It is not marked as seen by that."""
        with self._named_errors():
            answers = self._do("uid", "FETCH", name, f"(BODY.PEEK[]<0.{MOST_RAW}>)")
        return next((one[1] for one in answers if isinstance(one, tuple)), None)

    def put_away(self, name: str, *, flagged: bool) -> None:
        """Move or delete a message, marked as seen; see Box."""
        with self._named_errors():
            self._do("uid", "STORE", name, "+FLAGS.SILENT", r"(\Seen \Flagged)" if flagged else r"(\Seen)")
            if self._config.delete and not flagged:
                self._remove(name)
            else:
                self._move(name)

    def _move(self, name: str) -> None:
        verb, done = ("MOVE" if self._can("MOVE") else "COPY"), _quoted(self._config.done)
        status, _ = self._server.uid(verb, name, done)
        if status != "OK":  # it is not there yet (RFC 3501 section 6.4.7)
            self._do("create", done)
            self._do("uid", verb, name, done)
        if verb == "COPY":
            self._remove(name)

    def _remove(self, name: str) -> None:
        """Mark a message as deleted, which is enough for it not to come again; and remove it where that is safe."""
        self._do("uid", "STORE", name, "+FLAGS.SILENT", r"(\Deleted)")
        if self._can("UIDPLUS"):  # else all would go that somebody else has marked, too
            self._do("uid", "EXPUNGE", name)

    def _log_in(self) -> None:
        username, password = self._config.username, self._config.password.reveal()
        if "AUTH=PLAIN" in self._server.capabilities:  # it takes any character (RFC 4616)
            self._do("authenticate", "PLAIN", lambda _: f"\0{username}\0{password}".encode())
        else:
            self._do("login", username, password)
        self._able = _words(self._do("capability"))  # most servers tell all only to who has logged in

    def _can(self, capability: str) -> bool:
        return capability in self._able

    def _do(self, verb: str, *arguments: Any) -> list[Any]:
        status, answers = getattr(self._server, verb)(*arguments)
        if status != "OK":
            said = b" ".join(one for one in answers if isinstance(one, bytes)).decode("utf-8", "replace")
            raise imaplib.IMAP4.error(said)
        return list(answers)

    def _leave(self) -> None:
        with suppress(OSError, imaplib.IMAP4.error):
            self._server.logout()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        config = self._config
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            reason = f"its certificate is not to be trusted ({error.verify_message}); see [bounces.imap] certificates"
        except UnicodeEncodeError:
            reason = "it takes no name or password beyond ASCII"  # the error itself would hold it
        except (OSError, imaplib.IMAP4.error) as error:
            reason = one_line(str(error)) or type(error).__name__
        else:
            return
        raise MailboxUnusable(f"{config.host} port {config.port}, mailbox {config.mailbox!r}: {reason}")


def _words(answers: list[Any]) -> list[str]:
    return [
        word.decode("ascii", "replace") for one in answers if isinstance(one, bytes) for word in one.upper().split()
    ]


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
