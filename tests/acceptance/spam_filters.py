"""rspamd and SpamAssassin as a reader's mail server runs them, on this machine and without any other.

What they would ask the world for is told by a name server on loopback, or left out by name. Not here: what is judged.
"""

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.judges import judge, perl_module

HERE = "127.0.0.1"
PATIENCE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Judged:
    """What a filter makes of a message: its score, and the rules that hold with the score of each (0 if not told)."""

    score: float
    rules: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it comes in: who says that he brings it, from which address, and for whom."""

    data: bytes
    host: str
    address: str
    sender: str
    recipient: str


class Rspamd:
    """A running rspamd that can be asked."""

    def __init__(self, port: int) -> None:
        self._port = port

    def judge(self, arrival: Arrival) -> Judged:
        """Return what it makes of a message that arrives now."""
        told = {
            "IP": arrival.address,
            "Helo": arrival.host,
            "Hostname": arrival.host,
            "From": arrival.sender,
            "Rcpt": arrival.recipient,
        }
        said = json.loads(self._ask("POST", "/checkv2", arrival.data, told))
        return Judged(said["score"], {name: symbol["score"] for name, symbol in said["symbols"].items()})

    def is_up(self) -> bool:
        """Tell whether it answers."""
        try:
            return self._ask("GET", "/ping").strip() == b"pong"
        except OSError:
            return False

    def _ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
        line = HTTPConnection(HERE, self._port, timeout=PATIENCE)
        try:
            line.request(method, path, body, dict(headers or {}))
            return line.getresponse().read()
        finally:
            line.close()


@contextmanager
def rspamd(folder: Path, name_server: int) -> Iterator[Rspamd]:
    """Run rspamd as Debian sets it up, with its files in ``folder``, for as long as the block takes.

    There is no redis, so that what learns and remembers (Bayes, greylisting, reputation) rests by itself.
    """
    program, port = judge("rspamd"), _free_port()
    settings = {
        # Its own list of suffixes takes twenty seconds to compile, and the mail has addresses in one of them only.
        "options": f'url_tld = "{folder}/suffixes"; disable_hyperscan = true;\n'
        f'dns {{ nameserver = "{HERE}:{name_server}"; timeout = 10s; }}\n',
        "worker-normal": f'bind_socket = "{HERE}:{port}"; count = 1;\n',
        "worker-controller": "enabled = false;\n",
        "worker-proxy": "enabled = false;\n",
    }
    (folder / "override.d").mkdir(parents=True)
    (folder / "suffixes").write_text("com\nexample\norg\n")
    for name, text in settings.items():
        (folder / "override.d" / f"{name}.inc").write_text(text)
    places = [f"--var={name}={folder}" for name in ("LOCAL_CONFDIR", "DBDIR", "RUNDIR", "LOGDIR")]
    with (folder / "out").open("wb") as out:
        running = subprocess.Popen([program, "--no-fork", "--insecure", *places], stdout=out, stderr=out)
    try:
        filter_ = Rspamd(port)
        deadline = time.monotonic() + PATIENCE
        while not filter_.is_up():
            assert running.poll() is None, (folder / "out").read_text()
            assert time.monotonic() < deadline, f"rspamd does not answer; see {folder}"
            time.sleep(0.1)
        yield filter_
    finally:
        running.terminate()
        running.wait(PATIENCE)


def spamassassin(folder: Path, name_server: int, arrivals: list[Arrival]) -> list[Judged]:
    """Return what SpamAssassin makes of some messages, which carry the header that the reader's server wrote."""
    perl_module("Mail::SPF")  # or it does not ask who may send
    settings = (
        f"dns_server {HERE}:{name_server}",
        "dns_available yes",
        "use_bayes 0",  # it has read no mail yet to judge by
    )
    options = ["--nocreate-prefs", *(f"--cf={line}" for line in settings)]
    files = [folder / f"{number}.eml" for number in range(len(arrivals))]
    for file, arrival in zip(files, arrivals, strict=True):
        file.write_bytes(arrival.data)
    done = subprocess.run(
        [judge("spamassassin"), *options, *map(str, files)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=os.environ | {"HOME": str(folder), "LC_ALL": "C"},
        timeout=2 * PATIENCE,
        check=True,
    )
    # They come back in an order of their own: who each is for stands in its Received header.
    said = re.sub(rb"\r?\n[ \t]+", b" ", done.stdout).decode(errors="replace")
    found = re.findall(r"^X-Spam-Status: \S+ score=(\S+) required=\S+ tests=(.*?) autolearn", said, re.MULTILINE)
    readers = re.findall(r"^Received: .*? for <(.*?)>;", said, re.MULTILINE)
    judged = {
        reader: Judged(float(score), dict.fromkeys(re.split(r",\s*", rules), 0.0))
        for reader, (score, rules) in zip(readers, found, strict=True)
    }
    return [judged[arrival.recipient] for arrival in arrivals]


def _free_port() -> int:
    with socket.create_server((HERE, 0)) as found:
        return found.getsockname()[1]
