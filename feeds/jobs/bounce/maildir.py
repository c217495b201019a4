"""A maildir of reports: what was taken in is moved to its folder Processed, as mail programs and IMAP servers know it.

The maildir format is described at https://cr.yp.to/proto/maildir.html. Not here: what the reports say (taking).
"""

from __future__ import annotations

import os
from pathlib import Path

from feeds.errors import MailboxUnusable, UsageWrong
from feeds.rules.bounces_mime import MOST_RAW

DONE = ".Processed"  # a folder of a maildir begins with a period (Maildir++)


class MaildirBox:
    """A maildir; see Box."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._done = folder, folder / DONE
        if not (folder / "new").is_dir():
            raise UsageWrong(f"{folder} is no maildir: there is no folder new/ in it")

    def names(self) -> list[str]:
        """Return the paths of its messages within it, in the order of their names, which begin with their time."""
        found = []
        for place in ("new", "cur"):
            try:
                listed = sorted(file.name for file in (self._folder / place).iterdir())
            except FileNotFoundError:
                listed = []
            except OSError as error:
                raise MailboxUnusable(f"{self._folder / place}: {error.strerror}") from error
            found += [f"{place}/{name}" for name in listed if not name.startswith(".")]
        return found

    def read(self, name: str) -> bytes | None:
        """Return the beginning of a message; see Box."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        try:
            with os.fdopen(os.open(self._folder / name, flags), "rb") as file:
                return file.read(MOST_RAW)
        except FileNotFoundError:  # another run was quicker
            return None

    def put_away(self, name: str, *, flagged: bool) -> None:
        """Move a message to the folder, marked as seen; see Box."""
        base = name.partition("/")[2].partition(":")[0]
        flags = "FS" if flagged else "S"
        try:
            for place in ("cur", "new", "tmp"):
                (self._done / place).mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._done / "maildirfolder").touch()
            (self._folder / name).rename(self._done / "cur" / f"{base}:2,{flags}")
        except FileNotFoundError:
            return
        except OSError as error:
            raise MailboxUnusable(f"{self._done}: nothing can be put there ({error.strerror})") from error
