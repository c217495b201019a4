"""Secrets that a site holds, looked for in everything that it says, writes and sends, also while things go wrong.

Not here: how a secret is read (tests/config), tokens of private feeds (tests/web).
"""

import base64
import socket
from datetime import UTC, datetime
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import make_url

from tests.acceptance.mail_givens import cadence
from tests.jobs.post_givens import ANN, BOB
from tests.transports.givens import HERE, PASSWORD, Identity, only_password, real_server

STORE, IMAP, WRONG = "canary-store-5d1f", "canary-imap-77aa", "canary-wrong-0b9e"
CONFIG = """
[store]
url = "env:STORE"
[dkim]
key = "file:keys/pressrun.pem"
ed25519_key = "file:keys/pressrun-ed25519.pem"
[bounces.imap]
host = "{here}"
port = {closed}
username = "bounces"
password = "env:IMAP"
[transport]
kind = "smtp"
host = "{here}"
port = {port}
username = "gazette"
password = "env:SMTP"
certificates = "ca.pem"
"""
FIRST = (
    *(("config", "show"), ("config", "show", "--json"), ("check",), ("run", "--verbose"), ("run", "--json")),
    ("subscribers", "add", ANN, "weekly", "--consent", "paper form"),
    *(("preview", "weekly"), ("lint", "weekly"), ("compose", "weekly", "--at", "now")),
)
THEN = (
    *(
        ("deliver", "--json"),
        ("deliveries", "list", "--json"),
        ("deliveries", "show", ANN),
        ("editions", "list", "--json"),
    ),
    *(("send-test", "weekly", "--to", BOB), ("dkim", "record"), ("feeds", "list"), ("status", "--json")),
    ("subscribers", "export"),
)
ILL = (("deliver",), ("send-test", "weekly", "--to", BOB), ("doctor", "--resolver", f"{HERE}:9"), ("bounce", "--imap"))


def closed_port():
    with socket.create_server((HERE, 0)) as free:
        return free.getsockname()[1]


def forms(secret):
    """Return a secret as it may be met: as it is, and as hexadecimal, Base64 or part of an address."""
    coded = (base64.b64encode(secret), base64.urlsafe_b64encode(secret), base64.b64encode(b"\0gazette\0" + secret))
    return {secret, secret.hex().encode(), quote(secret).encode(), *(one.rstrip(b"=") for one in coded)}


def keys_of(site, url):
    """Return the keys that sign mail, and the one that signs links."""
    found = {file.stem: file.read_bytes().splitlines()[1] for file in (site.folder / "keys").iterdir()}
    with psycopg.connect(url) as connection:
        ((links,),) = connection.execute("SELECT secret FROM keys").fetchall()
    return found | {"links": bytes(links)}


@pytest.fixture
def site(bare_site):
    """Give a site with keys that sign mail, and news."""
    for kind in ((), ("--ed25519",)):
        assert bare_site.run("dkim", "keygen", *kind).code == 0
    bare_site.article("ferry.md", title="The ferry runs again", date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M"))
    return bare_site


@pytest.mark.rule("T99")
def test_no_secret_is_in_anything_that_is_said_written_or_sent(site, postgres, migrated_postgres):
    url = make_url(postgres(template=migrated_postgres)).set(password=STORE)
    environ = {"SMTP": PASSWORD, "IMAP": IMAP, "STORE": url.render_as_string(hide_password=False)}
    context = Identity(site.folder).context
    with real_server(tls_context=context, auth_required=True, authenticator=only_password) as server:
        site.configure(cadence("monday") + CONFIG.format(here=HERE, closed=closed_port(), port=server.port))
        well = {command: site.process(*command, **environ) for command in FIRST}
        ill = {command: site.process(*command, **environ | {"SMTP": WRONG}) for command in ILL}
        well |= {command: site.process(*command, **environ) for command in THEN}
    away = url.set(host=HERE, port=closed_port(), query={}).render_as_string(hide_password=False)
    ill["status",] = site.process("status", **environ | {"STORE": away})
    assert [(command, ended.err) for command, ended in well.items() if ended.code] == []
    assert [command for command, ended in ill.items() if not ended.code] == []
    assert len(server.taken) == 2
    secrets = keys_of(site, environ["STORE"])
    secrets |= {word: word.encode() for word in (PASSWORD, IMAP, STORE, WRONG)}
    told = {command: (ended.out + ended.err).encode() for command, ended in (well | ill).items()}
    told |= {envelope.rcpt_tos[0]: envelope.content for envelope in server.taken}
    told |= {str(file): file.read_bytes() for file in files_of(site)}
    found = {(where, name) for where, data in told.items() for name, secret in secrets.items() if holds(data, secret)}
    assert found == {(str(site.folder / "keys" / f"{name}.pem"), name) for name in ("pressrun", "pressrun-ed25519")}


def files_of(site):
    """Return all files of a site, its pages, previews and pictures among them."""
    files = [file for file in site.folder.rglob("*") if file.is_file()]
    assert {"index.html", "atom.xml", "digest.eml"} <= {file.name for file in files}
    return files


def holds(data, secret):
    return any(form in data for form in forms(secret))
