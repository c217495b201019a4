"""What can go wrong, in one tree, each error carrying its subject.

    PressrunError
    ├── ConfigInvalid            every mistake in config.toml, at once
    ├── UsageWrong               a command asked for something that is not there
    ├── StoreUnusable
    │   ├── StoreUnreadable      not a database, or one that cannot be reached
    │   ├── SchemaTooNew         made by a newer Pressrun
    │   └── SchemaTooOld         waits for `pressrun migrate`
    ├── PressBusy                another run is at work on this site
    ├── SourceUnreadable         nothing can be read from a source: nothing of it is withdrawn
    ├── ArticleRefused           one article cannot be read: the others go on
    ├── NoteUnreadable           an editor's note cannot be read: its edition waits
    ├── TemplateInvalid          a template is wrong: file, line, what
    │   └── DigestFaulty         what it makes breaks a rule for mail: nothing of it is fixed
    ├── EntryUnprintable         one entry cannot stand in one document
    ├── OutputRefused            a document cannot be written where it belongs
    ├── TransportUnusable        nothing can be handed over to the mail server: no reader is blamed
    ├── LedgerBehind             the store may have forgotten whom it mailed: nothing is sent
    ├── MailboxUnusable          the mailbox that reports come to cannot be read: what is in it stays there
    ├── PortTaken                the web server cannot listen where it should
    └── RequestFailed            an address on the web, or a file, gives nothing that can be read
        ├── AddressRefused       a request may not go there
        └── AnswerTooLarge       what comes from there is more than is taken

Not here: expected outcomes (an unchanged feed, a held withdrawal); those are values.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class PressrunError(Exception):
    """Base of all errors that Pressrun raises on purpose; ``exit_code`` is what a command ends with."""

    exit_code = 1

    def __reduce__(self) -> tuple[object, ...]:
        """Stay the same on the way from a worker process, whatever the constructor takes."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in the config: where it stands, and what was expected there."""

    file: Path
    line: int | None
    key: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.key}: {self.expected}" if self.key else f"{place}: {self.expected}"


class ConfigInvalid(PressrunError):
    """The config has mistakes; all of them are here."""

    exit_code = 2

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


class UsageWrong(PressrunError):
    """A command was asked for something that does not exist or makes no sense."""

    exit_code = 2


class StoreUnusable(PressrunError):
    """The store cannot be used; nothing was changed."""

    exit_code = 4


class StoreUnreadable(StoreUnusable):
    """The database cannot be opened, or is no database."""


class SchemaTooNew(StoreUnusable):
    """The store was made by a newer program than this one."""


class SchemaTooOld(StoreUnusable):
    """The store waits for its migration."""


class PressBusy(PressrunError):
    """Another run is at work on this site; nothing was done. ``process`` names it, "" where it is not known."""

    exit_code = 6

    def __init__(self, process: str = "") -> None:
        self.process = process
        who = f" (process {process})" if process else ""
        super().__init__(f"another run is at work on this site{who}; nothing was done, try again when it has ended")


class SourceUnreadable(PressrunError):
    """A source as a whole cannot be read (a folder renamed, a disk not mounted)."""


class ArticleRefused(PressrunError):
    """One article cannot be read; ``reason`` says why and what to do.

    ``hides`` is True where it may say that the article is not, or not yet, for everyone: an older public version of it
    must then not stay public.
    """

    def __init__(self, reason: str, hides: bool = False) -> None:
        self.reason = reason
        self.hides = hides
        super().__init__(reason)


class NoteUnreadable(PressrunError):
    """An editor's note cannot be read; no edition goes without what its editor wrote for it."""

    exit_code = 2

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: the editor's note: {reason}")


class TemplateInvalid(PressrunError):
    """A template is wrong; ``place`` is its file and line."""

    exit_code = 2

    def __init__(self, place: str, what: str) -> None:
        self.place = place
        super().__init__(f"{place}: {what}")


class DigestFaulty(TemplateInvalid):
    """A digest breaks rules for mail by no entry's fault; its edition waits. ``faults`` says which."""

    def __init__(self, place: str, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__(place, "; ".join(faults))


class EntryUnprintable(PressrunError):
    """One entry cannot stand in a document; the rest can."""

    def __init__(self, entry_id: str, reason: str) -> None:
        self.entry_id = entry_id
        self.reason = reason
        super().__init__(f"{entry_id}: {reason}")


class OutputRefused(PressrunError):
    """A document cannot be written; the old one stays whole."""

    exit_code = 5

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


class TransportUnusable(PressrunError):
    """Messages cannot be handed over at all: no connection, no TLS, no login. Nothing was sent, nobody is blamed."""

    exit_code = 7


class LedgerBehind(PressrunError):
    """The store was restored from a backup, or may have been: it may have forgotten sends, so nothing is sent."""

    exit_code = 8


class MailboxUnusable(PressrunError):
    """The mailbox that reports of bounces come to cannot be read, or not be tidied; what is in it stays there."""


class RequestFailed(PressrunError):
    """Nothing can be read from an address; ``reason`` says why."""

    exit_code = 2

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(f"{address}: {reason}")


class AddressRefused(RequestFailed):
    """A request may not go to this address: it is no public one, or not of the web."""


class AnswerTooLarge(RequestFailed):
    """What an address gives is larger than what is taken, or grows like a compression bomb."""


class PortTaken(PressrunError):
    """The web server cannot listen at its address; nothing is served."""

    exit_code = 2

    def __init__(self, host: str, port: int, reason: str, *, remedy: str = "") -> None:
        remedy = remedy or "end the program that has it, or choose another [web] port, or leave HTTP out with --no-web"
        super().__init__(f"{host} port {port}: cannot be listened at ({reason}); {remedy}")
