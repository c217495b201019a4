"""Secrets: read from the environment or from a file of their own, and never shown.

Not here: what a secret is for (transports, store).
"""

from __future__ import annotations

import shlex
import stat
from collections.abc import Mapping
from pathlib import Path

from feeds.config.words import Wrong, nearest

REMEDY = '"env:NAME" (an environment variable) or "file:PATH" (a file that only its owner can read)'
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Secret:
    """A value that only :meth:`reveal` gives away; its repr, str and JSON say ``shown`` instead."""

    __slots__ = ("_shown", "_value")

    def __init__(self, value: str, *, shown: str) -> None:
        self._value = value
        self._shown = shown

    def reveal(self) -> str:
        """Return the secret itself: for the one call that needs it, and for no log."""
        return self._value

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"Secret({self._shown!r})"


def is_reference(text: str) -> bool:
    """Return whether ``text`` says where a secret is, rather than being one."""
    return text.startswith(("env:", "file:"))


def read_secret(reference: str, *, folder: Path, environ: Mapping[str, str]) -> Secret:
    """Read the secret that ``env:NAME`` or ``file:PATH`` names; a relative path starts at ``folder``.

    A file's trailing newline is no part of the secret. Raises Wrong, which never holds the secret.
    """
    kind, _, name = reference.partition(":")
    if not name.strip() or not name.isprintable():
        raise Wrong(f'"{kind}:" is followed by no name; expected {REMEDY}')
    value = _from_environment(name, environ) if kind == "env" else _from_file(folder / name)
    if not value:
        raise Wrong(f"{reference} is empty; expected a secret in it")
    return Secret(value, shown=f"(secret from {reference})")


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        close = nearest(name, environ)
        hint = f'nearest: "{close}"' if close else "expected it in the environment that this program is started in"
        raise Wrong(f"environment variable {name} is not set; {hint}")
    return environ[name]


def _from_file(path: Path) -> str:
    try:
        _must_be_private(path)
        return path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        problem = "is not UTF-8 text"
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    # Raised here, outside the handler: a decoding error holds the file's bytes, and would go along as the context.
    raise Wrong(f"{path} {problem}; expected a file that holds the secret alone")


def _must_be_private(path: Path) -> None:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise Wrong(f"{path} is no regular file; expected a file that holds the secret alone")
    if mode & _OTHERS:
        raise Wrong(f"{path} is open to group or others; mend it with: chmod 600 {shlex.quote(str(path))}")
