"""Measure a send, from the queued edition to the last answer, against smtp-sink, beside smtp-source and a plain loop.

    python -m bench.delivery.send [--readers 20000] [--rounds 3] [--workers 1] [--connections 16]

As root, with Debian's postfix. Not here: what composing and signing one message costs (compose).
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.feeds.measuring import Cost, measure
from bench.feeds.synthetic import Article
from feeds.app import App
from feeds.config import load_config
from feeds.model import Subscriber
from feeds.store import subscribers
from feeds.store.engine import Store, sqlite_module

ROOT = Path(__file__).parents[2]
ENTRIES, DOMAINS = 4, 500  # articles in full: some 52 KB as a message
PLAIN_MESSAGES = 300  # the plain loop is slow
PEER = """\
import smtplib
from email.message import EmailMessage
import dkim
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import rsa
secret = rsa.generate_private_key(65537, 2048)
key = secret.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
line = "All winter long we waited for the ferry, and now it runs again.\\n"
server = smtplib.SMTP("127.0.0.1", {port})
for number in range({messages}):
    message = EmailMessage()
    message["From"], message["To"] = "weekly@bench.example", f"reader-{{number}}@inbox.example"
    message["Subject"] = "The ferry runs again"
    message.set_content(line * ({size} // 6 // len(line)))
    message.add_alternative(line * ({size} * 5 // 6 // len(line)), subtype="html")
    data = message.as_bytes().replace(b"\\n", b"\\r\\n")
    data = dkim.sign(data, b"pressrun", b"bench.example", key) + data
    server.sendmail("weekly@bench.example", [message["To"]], data)
server.quit()
"""
CONFIG = """\
[site]
id = "7f0f8b5e-6a57-4a0b-9a0e-3d2c4b1f6e21"
title = "The Bench"
url = "https://bench.example/"
author = "The desk"
postal_address = "1 Harbour Road, Port Example"

[[newsletters]]
slug = "weekly"
title = "The Bench weekly"
from = "Weekly <weekly@bench.example>"
layout = "full-text"
maximum = 50

[transport]
kind = "smtp"
host = "127.0.0.1"
port = {port}
tls = "none"
connections = {connections}
workers = {workers}
"""


@contextmanager
def sink() -> Iterator[int]:
    """Run postfix's sink on a free port of this machine, and give the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [_tool("smtp-sink"), "-u", "nobody", f"127.0.0.1:{port}", "1000"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def _tool(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        raise SystemExit(f"{name} is not here: install Debian's postfix")
    return found


def pressrun(folder: Path, *arguments: str) -> Cost:
    """Run a command of ours in a folder, as a process; return what it took."""
    return measure(sys.executable, "-m", "feeds", *arguments, cwd=folder)[0]


def stocked(folder: Path, config: str, readers: int, *, odd: str = "") -> Cost:
    """Make a site with articles and readers, and an edition that is not sent yet; return what composing it took.

    With ``odd`` every tenth reader is at that destination.
    """
    (folder / "config.toml").write_text(config, encoding="utf-8")
    (folder / "articles").mkdir()
    for number in range(ENTRIES):
        article = Article(number)
        (folder / "articles" / f"{number}.md").write_text(article.file(), encoding="utf-8")
    pressrun(folder, "migrate")
    app = App(load_config(folder / "config.toml", {}))
    subscribe(app.store, readers, odd=odd)
    app.close()
    for command in ("compose", "sync", "publish"):  # what comes from the first on is news
        pressrun(folder, command)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    return pressrun(folder, "compose", "weekly", "--at", f"{now:%Y-%m-%dT%H:%M}Z")


def subscribe(store: Store, readers: int, *, odd: str) -> None:
    """Write readers into the store, as the import of a list would."""
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    people = [
        Subscriber(id=f"r{n:07}", address=address, address_key=address, name=f"Reader {n}", created_at=long_ago)
        for n in range(readers)
        for address in [f"reader-{n}@{odd if odd and n % 10 == 0 else f'inbox{n % DOMAINS}.example'}"]
    ]
    with store.writing() as tx:
        subscribers.add(tx, people)
        pairs = [(one.id, "weekly") for one in people]
        subscribers.add_active(tx, pairs, at=long_ago, floors={"weekly": long_ago})


def requeue(folder: Path) -> None:
    """Make an edition that was sent unsent again."""
    with closing(sqlite_module().connect(str(folder / "var" / "pressrun.db"))) as store, store:
        store.execute("UPDATE deliveries SET state = 'queued', attempts = 0, ended_at = NULL, dated_at = NULL")


def main() -> None:
    """Measure, and print the table as Markdown."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--readers", type=int, default=20_000)
    asked.add_argument("--rounds", type=int, default=3, help="how often ours is done; the best is told")
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--connections", type=int, default=16)
    given = asked.parse_args()
    with sink() as port, tempfile.TemporaryDirectory(prefix="pressrun-bench-") as scratch:
        folder = Path(scratch)
        config = CONFIG.format(port=port, connections=given.connections, workers=given.workers)
        composed = stocked(folder, config, given.readers)
        size = weight(folder)
        print(f"messages of {size:,} octets\n\n| what | messages/s | CPU, ms a message | peak MB |")
        print("| --- | --: | --: | --: |")
        _add("composed: rendered, and the audience fixed", given.readers, composed)
        _add("smtp-source, the limit here", given.readers, limit(port, given, size=size))
        _add("EmailMessage, dkimpy, smtplib, one after another", PLAIN_MESSAGES, plain(port, size))
        _add("pressrun deliver", given.readers, best(folder, given.rounds))
        pressrun(folder, "dkim", "keygen", "--out", "dkim.pem")
        (folder / "config.toml").write_text(config + '[dkim]\nkey = "dkim.pem"\n', encoding="utf-8")
        _add("pressrun deliver, RSA-2048", given.readers, best(folder, given.rounds))


def _add(name: str, messages: int, cost: Cost) -> None:
    rate, each = messages / cost.wall, cost.cpu / messages * 1000
    print(f"| {name} | {rate:,.0f} | {each:.2f} | {cost.memory:.0f} |", flush=True)


def weight(folder: Path) -> int:
    """Return the size of a message, in octets."""
    pressrun(folder, "preview", "weekly")
    return (folder / "var" / "preview" / "weekly" / "digest.eml").stat().st_size


def limit(port: int, given: argparse.Namespace, *, size: int) -> Cost:
    """Return what postfix's own source takes for as many messages of the size of ours."""
    asked = ("-s", given.connections, "-m", given.readers, "-l", size, "-d")
    return measure(_tool("smtp-source"), *asked, f"127.0.0.1:{port}", cwd=Path.cwd())[0]


def plain(port: int, size: int) -> Cost:
    """Return what the plainest program takes."""
    return measure(sys.executable, "-c", PEER.format(port=port, messages=PLAIN_MESSAGES, size=size), cwd=ROOT)[0]


def best(folder: Path, rounds: int) -> Cost:
    """Return what the fastest of several sends took, from the start of the command to its end."""
    costs = []
    for _ in range(rounds):
        requeue(folder)
        costs.append(pressrun(folder, "deliver", "--quiet"))
    return min(costs, key=lambda cost: cost.wall)


if __name__ == "__main__":
    main()
