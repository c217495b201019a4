"""Rule M7: where a message is signed, the signature is one that every provider reads, and of this very body.

Our messages are signed as they leave, so one without is no fault. Not here: keys and whether they fit (dkim).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator

from feeds.rendering.lint.case import Case, Check, on
from feeds.rendering.lint.findings import Finding, advice, error, warning
from feeds.rendering.lint.opening import Field

SHORTEST_RSA = 256  # octets: 2,048 bits
# What a signature must cover where it stands there; and what it should name once more, so that none can be added.
SIGNED = (
    *("from", "to", "subject", "date", "reply-to", "message-id", "mime-version", "content-type"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post"),
)
OVER_SIGNED = ("from", "to", "subject", "date", "content-type", "message-id", "list-unsubscribe")

Tags = dict[str, str]


def is_signed_by_rsa(case: Case) -> Iterator[Finding]:
    """M7: one signature is rsa-sha256 with 2,048 bits; one by Ed25519 stands beside it, never alone."""
    fields = case.root.all("dkim-signature")
    algorithms = [_tags(field).get("a", "").lower() for field in fields]
    if fields and "rsa-sha256" not in algorithms:
        what = f"it is signed by {', '.join(algorithms) or 'nothing'} alone"
        yield error("M7", on(fields[0]), what, remedy="sign it with rsa-sha256 too: many cannot read another")
    for field, algorithm in zip(fields, algorithms, strict=True):
        length = len(_decoded(_tags(field).get("b", "")) or b"")
        if algorithm == "rsa-sha256" and length < SHORTEST_RSA:
            what = f"its key has {length * 8} bits" if length else "its signature cannot be read"
            yield error("M7", on(field), what, remedy="sign with a key of 2,048 bits")


def signs_what_matters(case: Case) -> Iterator[Finding]:
    """M7: the fields that matter are signed, the most important once more than they stand there; no l=."""
    present = {field.key for field in case.root.fields}
    for field in case.root.all("dkim-signature"):
        tags = _tags(field)
        signed = [name.strip().lower() for name in tags.get("h", "").split(":")]
        missing = [name for name in SIGNED if name in present and name not in signed]
        if missing:
            yield error("M7", on(field), f"it does not cover {', '.join(missing)}", remedy="name them in h=")
        bare = [name for name in OVER_SIGNED if name in present and signed.count(name) == 1]
        if bare:
            what = f"another field could be added beside {', '.join(bare)}"
            yield advice("M7", on(field), what, remedy="name each once more in h= than it stands there")
        if "l" in tags:
            what = "it covers the body up to a length only (l=), and anything can be added"
            yield warning("M7", on(field), what, remedy="sign the whole body")


def is_of_this_body(case: Case) -> Iterator[Finding]:
    """M7: the hash of the body is the body's."""
    for field in case.root.all("dkim-signature"):
        tags = _tags(field)
        if tags.get("a", "").lower().endswith("-sha256") and "l" not in tags:
            form = tags.get("c", "simple/simple").lower().partition("/")[2] or "simple"
            made = base64.b64encode(hashlib.sha256(_canonical(case.root.body, form)).digest()).decode()
            if made != "".join(tags.get("bh", "").split()):
                what = "the hash in it is not this body's: it was changed after it was signed"
                yield error("M7", on(field), what, remedy="sign last, and let nothing change it after that")


CHECKS: tuple[Check, ...] = (is_signed_by_rsa, signs_what_matters, is_of_this_body)


def _tags(field: Field) -> Tags:
    pairs = (piece.partition("=") for piece in field.value.split(";") if "=" in piece)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _canonical(body: bytes, form: str) -> bytes:
    """Return a body as DKIM hashes it (RFC 6376 sections 3.4.3 and 3.4.4)."""
    wire = re.sub(rb"(?<!\r)\n", b"\r\n", body)
    if form == "relaxed":
        wire = re.sub(rb"[ \t]+(?=\r\n|\Z)", b"", re.sub(rb"[ \t]+", b" ", wire))
    stripped = re.sub(rb"(?:\r\n)+\Z", b"", wire)
    return stripped + b"\r\n" if stripped or form == "simple" else b""
