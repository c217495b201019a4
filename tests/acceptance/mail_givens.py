"""What tests of mail begin with: readers, a mail server that records, programs that can be killed, and who got what.

Not here: what is expected of it all.
"""

import asyncio
import email.policy
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from feeds.app import App
from feeds.app.post import Post
from feeds.app.press_run import press_run
from feeds.app.readers import Readers
from feeds.config import load_config
from feeds.model import DeliveryState
from tests.site_fixtures import ROOT

HERE = "127.0.0.1"
CONNECTIONS = 4
PATIENCE = 60  # seconds for what takes a second on a machine with nothing else to do

_ENTRY = re.compile(r"^ *https://gazette\.example/([\w-]+)/$", re.MULTILINE)

# Children are forked by a process of one thread: the test's own has the mail server's thread beside it.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["feeds.jobs.deliver.delivering", "tests.acceptance.mail_givens"])


# ---- what came out ----


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it arrived."""

    recipient: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=email.policy.default)

    @property
    def name(self) -> str:
        return self.message["Message-ID"]

    @property
    def text(self) -> str:
        return self.message.get_body(("plain",)).get_content().replace("\r\n", "\n")

    @property
    def entries(self) -> list[str]:
        """The slugs of the entries that it brings, in its order."""
        return _ENTRY.findall(self.text)


def by_reader(letters):
    """Return address → that reader's letters, in the order in which they came."""
    found = {}
    for letter in letters:
        found.setdefault(letter.recipient, []).append(letter)
    return found


def copies(letters):
    """Count each reader's copies of each message."""
    return Counter((letter.recipient, letter.name) for letter in letters)


def letters_in(maildir):
    """Return the letters in a maildir, those too that a mail program has seen."""
    files = (file for place in ("new", "cur") for file in sorted((maildir / place).glob("*")))
    found = ((message_from_bytes(data := file.read_bytes(), policy=email.policy.default)["To"], data) for file in files)
    return [Letter(to.addresses[0].addr_spec, data) for to, data in found]


# ---- a mail server ----


class MailServer(Controller):
    """A mail server that keeps what it takes, in ``taken``, and does as it is told.

    ``refuses`` maps an address to the reply that it gets at RCPT. Who is in ``stalls`` is not answered at RCPT while
    they are. ``seconds`` is how long an answer to the final dot takes. ``look(phase, address)`` is called at each
    RCPT, DATA and DOT, before the answer. ``steps`` counts recipients named and messages taken.
    """

    def __init__(self) -> None:
        self.taken, self.refuses, self.stalls, self.seconds, self.steps = [], {}, set(), 0.0, 0
        self.look = lambda _phase, _address: None
        self.stalled = threading.Event()
        self._changed = threading.Condition()
        self._socket = socket.create_server((HERE, 0))
        super().__init__(self, hostname=HERE, port=self._socket.getsockname()[1], server_hostname="mx.example")

    def factory(self):
        return _Smtp(self.handler, **self.SMTP_kwargs)

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self._socket)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd calls it so
        self.look("RCPT", address)
        self._count()
        while address in self.stalls:
            self.stalled.set()
            await asyncio.sleep(0.005)
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        self.look("DOT", recipient)
        self.taken.append(Letter(recipient, envelope.content))
        self._count()
        if self.seconds:
            await asyncio.sleep(self.seconds)
        return f"250 2.0.0 queued as {len(self.taken)}"

    def _count(self):
        with self._changed:
            self.steps += 1
            self._changed.notify_all()

    def wait_for(self, steps):
        """Wait until so many recipients were named and messages taken, together."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.steps >= steps, PATIENCE), f"{self.steps} of {steps} steps"


class _Smtp(SMTP):
    """A session that tells of DATA before it is answered."""

    async def smtp_DATA(self, arg):  # noqa: N802
        self.event_handler.look("DATA", self.envelope.rcpt_tos[0])
        await super().smtp_DATA(arg)


@contextmanager
def mail_server():
    """Run a mail server for as long as the block takes."""
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stalls.clear()
        server.stop()


# ---- a site with readers ----


def by_smtp(server, in_doubt="hold", connections=CONNECTIONS):
    """Return the part of a config that sends by a server."""
    return f"""
[transport]
connections = {connections}
kind = "smtp"
host = "{HERE}"
port = {server.port}
tls = "none"
in_doubt = "{in_doubt}"
"""


def site_in(request, database, more):
    """Return a site that is configured so, with an empty store of its own in "sqlite" or "postgresql"."""
    if database == "sqlite":
        site = request.getfixturevalue("site")
    else:
        site = request.getfixturevalue("bare_site")
        template = request.getfixturevalue("migrated_postgres")
        more += f'[store]\nurl = "{request.getfixturevalue("postgres")(template=template)}"\n'
    site.configure(more)
    return site


def cadence(every, **more):
    """Return the part of a config that says how often the weekly is due, and more about it."""
    lines = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'{lines}[newsletters.cadence]\nevery = "{every}"\n'


def readers(count):
    """Return so many addresses."""
    return [f"reader-{n:03}@inbox.example" for n in range(count)]


def join(site, *addresses, newsletter="weekly"):
    """Subscribe readers, by a file as an operator with many would."""
    file = site.folder / "readers.csv"
    file.write_text("email\n" + "".join(f"{address}\n" for address in addresses), encoding="utf-8")
    with site.app() as app:
        report = Readers(app).import_file(file, [newsletter], consent="paper form, spring fair")
    assert len(report.added) == len(addresses)


def leave(site, address):
    with site.app() as app:
        Readers(app).remove(address)


def pause(site, address, until):
    with site.app() as app:
        Readers(app).pause(address, until=until)


def run(site, at=None):
    """Do one press run, at an instant that the site's clock is set to."""
    site.now = at or site.now
    with site.app() as app:
        return press_run(app)


def edition_for(site, *addresses, articles=2):
    """Fix an edition of some articles that went live by now, by the clock on the wall, for these readers."""
    site.now = datetime.now(UTC) - timedelta(hours=1)
    with site.app() as app:
        Post(app).compose()  # from now on what comes is news
    join(site, *addresses)
    site.articles(articles)
    site.print()
    with site.app() as app:
        (report,) = Post(app).compose("weekly", at=site.now).reports
    assert (report.deliveries, report.selections[0].entries) == (len(addresses), articles)
    return report.edition


def deliver(site):
    with site.app() as app:
        return Post(app).deliver()


def deliver_to_the_end(site):
    """Deliver until nothing is in anybody's hands: a database server may take a moment to see that a worker died."""
    deadline = time.monotonic() + PATIENCE
    while deliver(site).counts or standing(site).keys() & set(_UNFINISHED):
        assert time.monotonic() < deadline, standing(site)


_UNFINISHED = (DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.SENDING)


def standing(site):
    """Return how many deliveries stand in which state."""
    return Counter(listed.delivery.state for listed in deliveries(site))


def deliveries(site, *states):
    with site.app() as app:
        return Post(app).deliveries(states=states)


def states(site):
    """Return address → the state of its delivery, where there is one edition."""
    return {listed.address: listed.delivery.state for listed in deliveries(site)}


def addresses_in(site, *states):
    """Return the addresses of the deliveries in some states."""
    return sorted(listed.address for listed in deliveries(site, *states))


# ---- programs that can be killed ----


def _deliver(config):
    app = App(load_config(Path(config), {}))
    Post(app).deliver()
    app.close()


@contextmanager
def delivering(site):
    """Deliver in a process of its own while the block goes on, which may kill it; wait for its end."""
    child = _FORKS.Process(target=_deliver, args=(str(site.folder / "config.toml"),))
    child.start()
    try:
        yield child
    finally:
        child.join(PATIENCE)
        child.kill()
        child.join()


@contextmanager
def program(site, *arguments):
    """Run a command as a process of its own while the block goes on; wait for its end, and read what it said."""
    around = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    started = subprocess.Popen(
        [sys.executable, "-m", "feeds", *arguments],
        cwd=site.folder,
        env=around | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield started
        said, _ = started.communicate(timeout=PATIENCE)
        started.said = said
    finally:
        if started.poll() is None:
            started.kill()
            started.communicate()


def was_killed(child):
    """Tell whether a process was killed, and not done before."""
    code = child.returncode if isinstance(child, subprocess.Popen) else child.exitcode
    return code == -signal.SIGKILL


def workers_of(process):
    """Return the process ids of the workers that a program has started."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    ids = [int(one) for one in found.read_text().split()] if found.exists() else []
    return [one for one in ids if b"multiprocessing.spawn" in Path(f"/proc/{one}/cmdline").read_bytes()]
