"""A real postfix of its own on a free port of this machine, which keeps to itself: its settings are the test's.

Where it is not installed, or the test is not root's, the test is skipped. Not here: what it does with mail (the tests).
"""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.acceptance.mail_givens import PATIENCE
from tests.judges import judge

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="postfix must be started by root")
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
myhostname = mail.gazette.example
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
smtpd_recipient_restrictions = permit_mynetworks, reject
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def running_postfix(main, master):
    """Run it for as long as the block takes, with more lines of both its files; give its folder and its port.

    In them ``{folder}`` stands for the folder. It holds ``mail.log``, and ``out``, in which a pipe may write.
    """
    command = judge("postfix")
    folder = Path(tempfile.mkdtemp(prefix="pressrun-postfix-"))  # its processes are other users: none of pytest's
    folder.chmod(0o755)
    for name in ("conf", "queue", "data", "out"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "out", "nobody")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name, text in (("main.cf", MAIN + main), ("master.cf", MASTER + master)):
        (folder / "conf" / name).write_text(text.format(folder=folder, port=port))
    how = {"capture_output": True, "text": True, "timeout": PATIENCE}
    try:
        started = subprocess.run([command, "-c", str(folder / "conf"), "start"], check=False, **how)
        assert started.returncode == 0, started.stderr
        yield folder, port
    finally:
        subprocess.run([command, "-c", str(folder / "conf"), "abort"], check=False, **how)
        shutil.rmtree(folder, ignore_errors=True)
