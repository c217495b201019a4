"""A delivery whose system calls strace watches, and makes fail.

Not here: which of them, and what must hold then (the tests).
"""

import ctypes
import multiprocessing
import re
import subprocess
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from feeds.cli import main
from tests.acceptance.mail_givens import PATIENCE
from tests.judges import judge

CALLS = ("pwrite64", "fdatasync", "fsync", "rename", "sendto")
SAID = "said.txt"  # in the site's folder: what the program said
KILL, NO_DISK, NO_ROOM = "signal=KILL", "error=EIO", "error=ENOSPC"

_SET_PTRACER, _ANYONE = 0x59616D61, ctypes.c_ulong(-1)  # prctl(2)
_FORKS = multiprocessing.get_context("forkserver")
_CALL = re.compile(r"^(\w+)\(", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fault:
    """The ``number``-th of a process's calls of one kind fails in one way."""

    call: str
    number: int
    how: str

    def __str__(self):
        return f"{self.call} {self.number}: {self.how}"


def watched(site, *options, file):
    """Deliver in a process of its own under strace, which writes into a file; return how the process ended.

    Only its first thread is watched, which writes the ledger and hands messages over; others open connections.
    """
    child = _FORKS.Process(target=_deliver, args=(str(site.folder / "config.toml"),))
    child.start()
    command = [judge("strace"), "-qq", "-o", str(file), *options, "-p", str(child.pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        child.join(PATIENCE)
        is_stuck = child.is_alive()
        child.kill()
        child.join()
        said = tracer.communicate(timeout=PATIENCE)[1]
    assert not is_stuck, f"it hangs: {options}"
    assert "Operation not permitted" not in said, said
    return child.exitcode


def counted(site, file):
    """Deliver undisturbed; return how many calls of each kind that took."""
    assert watched(site, "-e", f"trace={','.join(f'?{call}' for call in CALLS)}", file=file) == 0
    return Counter(_CALL.findall(file.read_text()))


def fail(site, fault, file):
    """Deliver with a fault; return how the process ended, and whether the fault struck."""
    how = f"inject={fault.call}:{fault.how}:when={fault.number}"
    code = watched(site, "-e", f"trace={fault.call}", "-e", how, file=file)
    return code, "INJECTED" in file.read_text() or code < 0


def _deliver(config):
    ctypes.CDLL(None).prctl(_SET_PTRACER, _ANYONE, 0, 0, 0)
    while "TracerPid:\t0\n" in Path("/proc/self/status").read_text():
        time.sleep(0.001)
    with Path(config).with_name(SAID).open("w") as said, redirect_stdout(said), redirect_stderr(said):
        main(("deliver", "--config", config))
