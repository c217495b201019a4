"""Trying out in a child process what may crash this one.

Not here: what is tried, and what it means that it crashed (drain).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress


def survives(work: Callable[[], object]) -> bool:
    """Do some work in a child process that is forked for it; tell whether the child came to its end by itself.

    What the work raises counts as an end: only a crash, or being killed for the memory that it takes, does not.
    """
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            work()
        os._exit(0)  # without cleaning up: files and connections are the parent's
    return os.WIFEXITED(os.waitpid(child, 0)[1])
