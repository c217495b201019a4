"""The section [bounces]: how many soft bounces are borne, and the mailbox that reports are fetched from.

Not here: what a bounce is (rules.bounces), fetching (jobs.bounce).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from feeds.config.parts import Duration, Hidden, Part, Place, Text
from feeds.config.values import as_text
from feeds.config.words import Wrong, quoted
from feeds.rules.bounces import Patience


def as_mailbox_name(value: object) -> str:
    """Return ``value`` if it can name a mailbox on an IMAP server as it stands; else raise Wrong."""
    name = as_text(value)
    if not name.isascii() or "&" in name:
        raise Wrong(f"{quoted(name)} holds more than plain ASCII; expected a mailbox such as INBOX or Processed")
    return name


MailboxName = Annotated[str, BeforeValidator(as_mailbox_name)]
_WITHIN: Any = "60 days"  # validation makes a length of time of it


class ImapConfig(Part):
    """The mailbox that reports are fetched from, over TLS from the first byte."""

    host: Text = Field(description="the IMAP server's name")
    port: int = Field(993, ge=1, le=65535, description="its port for TLS")
    username: Text = Field(description="the name to log in with")
    password: Hidden = Field(description="the password to log in with: a secret")
    mailbox: MailboxName = Field("INBOX", description="the mailbox that reports come to")
    done: MailboxName = Field("Processed", description="the mailbox that they are moved to")
    delete: bool = Field(False, description="whether they are deleted instead")
    certificates: Place | None = Field(None, description="a file of CA certificates in place of the system's")
    timeout_seconds: int = Field(60, ge=5, le=600, description="how long the server's answer is waited for")


class BouncesConfig(Part):
    """How what comes back is dealt with."""

    limit: int = Field(7, ge=1, le=100, description="how many days with a soft bounce suppress an address")
    within: Duration = Field(_WITHIN, description="within what time")
    imap: ImapConfig | None = Field(None, description="the mailbox that `pressrun bounce --imap` reads")

    @property
    def patience(self) -> Patience:
        """Return what the rules ask of it."""
        return Patience(self.limit, self.within)
