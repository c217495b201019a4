"""A sender whom receivers can know: a domain, what the DNS says of it, and mail of its as it comes in somewhere.

Not here: the name server (name_server), who judges it (spam_filters).
"""

import re
from datetime import UTC, datetime
from email.utils import format_datetime

from tests.acceptance.spam_filters import Arrival

DOMAIN, HOST, SENDER = "gazette.example", "mail.gazette.example", "weekly@gazette.example"
ADDRESS = "198.18.0.25"  # for tests alone (RFC 2544); the filters know what is for examples
NAMES = {
    (DOMAIN, "A"): ADDRESS,
    (DOMAIN, "MX"): f"10 {HOST}.",
    (DOMAIN, "TXT"): f'"v=spf1 ip4:{ADDRESS} -all"',
    (f"_dmarc.{DOMAIN}", "TXT"): '"v=DMARC1; p=reject"',
    (HOST, "A"): ADDRESS,
    (HOST, "TXT"): '"v=spf1 a -all"',
    ("25.0.18.198.in-addr.arpa", "PTR"): f"{HOST}.",
}


def with_keys(site, *kinds):
    """Make keys as an operator does and let them sign: one for RSA, and of more ``kinds`` such as "--ed25519".

    Return what the DNS says of the sender then.
    """
    config, lines, names = site.folder / "config.toml", ["[dkim]"], dict(NAMES)
    for options in ((), *([kind] for kind in kinds)):
        made = site.run("dkim", "keygen", "--json", *options).json
        lines += made["config_lines"][1:]
        names |= {(one["name"], "TXT"): " ".join(f'"{part}"' for part in one["strings"]) for one in made["records"]}
    settings = config.read_text(encoding="utf-8").replace("[dkim]\n", "", 1)
    config.write_text("\n".join([settings, *lines, ""]), encoding="utf-8")
    return names


def on_the_way(data):
    """Return a message from a maildir with the line ends that it has on its way."""
    return re.sub(rb"\r?\n", b"\r\n", data)


def arrival(data, reader, *, address=ADDRESS):
    """Return a message with the header that its reader's server writes when it takes it from an address."""
    date = format_datetime(datetime.now(UTC))
    head = (
        f"Return-Path: <{SENDER}>\r\n"
        f"Received: from {HOST} ({HOST} [{address}])\r\n"
        f"\tby mx.reader.example (Postfix) with ESMTPS id 4Zq1bK0Xyz\r\n"
        f"\tfor <{reader}>; {date}\r\n"
    )
    return Arrival(head.encode() + data, HOST, address, SENDER, reader)
