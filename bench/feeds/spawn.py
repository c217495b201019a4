"""Run a command and write what it cost, as JSON, to the file named first.

A small process of its own: Linux counts the memory of the process that starts another as the other's, too.
Not here: what is run (measuring).
"""

import json
import os
import sys
import time

report, *command = sys.argv[1:]
begun = time.perf_counter()
pid = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(pid, 0)
told = {
    "code": os.waitstatus_to_exitcode(status),
    "cpu": usage.ru_utime + usage.ru_stime,
    "wall": time.perf_counter() - begun,
    "memory": usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),  # macOS counts bytes, Linux kilobytes
}
with open(report, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib would be the largest thing in memory
    json.dump(told, file)
