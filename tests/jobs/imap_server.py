"""A real IMAP server on loopback, with a certificate of its own CA, and a mailbox that tests look into by themselves.

Not here: what is taken from it (test_bounce_imap.py).
"""

import base64
import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import trustme

from feeds.config import ImapConfig, Secret
from tests.judges import judge

PASSWORD = 'a canary: passwörd"\\'
PATIENCE = 20
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
auth_mechanisms = {mechanisms}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
{capability}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
"""


class ImapServer:
    """Dovecot with one user; ``config`` is what reads the user's mailbox."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def config(self, **more) -> ImapConfig:
        given = {"host": "localhost", "port": self.port, "username": "bounces", "mailbox": "INBOX", "done": "Processed"}
        given |= {"password": Secret(PASSWORD, shown="(secret)"), "certificates": self.folder / "ca.pem"}
        return ImapConfig.model_construct(**{"delete": False, "timeout_seconds": 20} | given | more)

    @contextmanager
    def connection(self):
        trusted = ssl.create_default_context(cafile=self.folder / "ca.pem")
        with imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trusted) as server:
            server.authenticate("PLAIN", lambda _: f"\0bounces\0{PASSWORD}".encode())
            yield server

    def put_in(self, *messages: bytes, mailbox: str = "INBOX") -> None:
        with self.connection() as server:
            for message in messages:
                status, answer = server.append(mailbox, "", "", message.replace(b"\n", b"\r\n"))
                assert status == "OK", answer

    def listed(self, mailbox: str = "INBOX") -> list[tuple[str, set[str]]]:
        """Return (subject, flags) of the messages in a mailbox."""
        with self.connection() as server:
            if server.select(f'"{mailbox}"', readonly=True)[0] != "OK":
                return []
            _, found = server.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        pairs = [one for one in found if isinstance(one, tuple)]
        marks = [{flag.decode() for flag in imaplib.ParseFlags(head)} - {r"\Recent"} for head, _ in pairs]
        return [(text.decode().partition(":")[2].strip(), flags) for (_, text), flags in zip(pairs, marks, strict=True)]


@contextmanager
def imap_server(*, capability: str = "", mechanisms: str = "plain login"):
    """Run the server for as long as the block takes; with ``capability`` it says that it can do this only."""
    program = judge("dovecot")
    folder = Path(tempfile.mkdtemp(prefix="pressrun-imap-"))  # its processes are another user's: none of pytest's
    folder.chmod(0o755)
    try:
        port = _prepare(folder, capability, mechanisms)
        process = subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE)
        try:
            _wait_for(port, process, folder)
            yield ImapServer(folder, port)
        finally:
            process.terminate()
            process.wait(PATIENCE)
            process.stderr.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, capability: str, mechanisms: str) -> int:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate = authority.issue_cert("localhost")
    certificate.cert_chain_pems[0].write_to_path(folder / "server.pem")
    certificate.private_key_pem.write_to_path(folder / "server.key")
    (folder / "users").write_text(f"bounces:{{PLAIN.b64}}{_base64(PASSWORD)}\n", encoding="utf-8")
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", "nobody", "nogroup")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    able = f"imap_capability = {capability}" if capability else ""
    text = CONFIG.format(folder=folder, port=port, capability=able, mechanisms=mechanisms)
    (folder / "dovecot.conf").write_text(text, encoding="utf-8")
    return port


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _wait_for(port: int, process: subprocess.Popen, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    log = (folder / "log").read_text() if (folder / "log").exists() else os.strerror(0)
    raise AssertionError(f"dovecot does not start: {log}")
