"""A real name server on this machine: NSD, which serves one zone, the root, and so knows of every name whether it is.

Where it is not installed, the test is skipped (failed where judges are required). Not here: which names (the tests).
"""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.judges import judge

HERE = "127.0.0.1"
PATIENCE = 20  # seconds
_HEAD = """\
$TTL 300
@ IN SOA ns.root.example. hostmaster.root.example. 1 3600 900 604800 300
@ IN NS ns.root.example.
ns.root.example. IN A 127.0.0.1
"""
_SETTINGS = """\
server:
  ip-address: {here}@{port}
  username: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  logfile: "{folder}/nsd.log"
  server-count: 1
  ipv4-edns-size: 1232
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: "root.zone"
"""
_BROKEN = """\
zone:
  name: "{name}"
  zonefile: "{name}.zone"
"""


@contextmanager
def serving(folder: Path, *lines: str, broken: tuple[str, ...] = ()) -> Iterator[int]:
    """Serve records, each a line of a zone file, by UDP and TCP for as long as the block takes; give the port.

    Of the zones in ``broken`` the server says that it cannot say (SERVFAIL).
    """
    program, port = judge("nsd"), _free_port()
    folder.mkdir(exist_ok=True)
    (folder / "root.zone").write_text(_HEAD + "".join(f"{line}\n" for line in lines))
    zones = "".join(_BROKEN.format(name=name) for name in broken)
    (folder / "nsd.conf").write_text(_SETTINGS.format(here=HERE, port=port, folder=folder) + zones)
    server = subprocess.Popen([program, "-d", "-c", str(folder / "nsd.conf")], stderr=subprocess.DEVNULL)
    try:
        _wait_for(server, port, folder / "nsd.log")
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)


def _wait_for(server: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection((HERE, port), 1).close()
            return
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "the name server does not come up"
        time.sleep(0.02)


def _free_port() -> int:
    """Return a port that is free for UDP and for TCP."""
    while True:
        with socket.create_server((HERE, 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            port = tcp.getsockname()[1]
            try:
                udp.bind((HERE, port))
            except OSError:
                continue
            return port
