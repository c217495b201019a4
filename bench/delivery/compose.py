"""Measure what one reader's message of 52 KB costs, built and signed, beside EmailMessage and dkimpy.

    python -m bench.delivery.compose [--number 5000]

On one core, by the processor's clock. Not here: sending it (send), rendering a digest (bench.digest), whether the
signatures are right (tests).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import dkim

from feeds.rendering.dkim import Algorithm, Key, Signer, generate_key
from feeds.rendering.edition import parts_of
from feeds.rendering.fields import OwnPages, placeholders
from feeds.rendering.galley import galley_from
from feeds.rendering.views import Digest, Frame, Mailbox
from feeds.rules.message_identity import leave_url, message_id, return_path
from feeds.rules.reader_tokens import Purpose, reader_token, reader_url

MONDAY = datetime(2024, 11, 25, 7, tzinfo=UTC)
KEY = (1, b"k" * 32)
MARK = "5e" * 16
STYLE = "font-family:Georgia,serif;font-size:16px;line-height:24px;color:#191c1e;margin:0 0 12px"
WORDS = "The ferry left pier three at ten past six with a piano on its foredeck, and nobody on the quay asked why. "
FRAME = Frame(
    sender=Mailbox("The Bench", "weekly@bench.example"),
    list_id="weekly.bench.example",
    leave_url="mailto:weekly@bench.example?subject=unsubscribe",
    feedback_id="1:weekly:digest:7f0f8b5e",
    return_path="weekly@bench.example",
    readers_at="https://bench.example/",
)
PLACES = placeholders(MARK)
DIGEST = Digest(
    "The ferry runs again, and 19 more",
    "",
    "<!DOCTYPE html>\n"
    + f'<p style="{STYLE}">{WORDS * 2}</p>\n' * 128
    + f'<a href="{PLACES["preferences_url"]}"></a>\n<a href="{PLACES["leave_page"]}">',
    f"{WORDS.strip()}\n" * 70 + f"Preferences:\n{PLACES['preferences_url']}\nUnsubscribe:\n{PLACES['leave_page']}\n",
    mark=MARK,
)

Make = Callable[[int], bytes]


def main() -> None:
    """Measure, and print the table as Markdown."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--number", type=int, default=5000, help="how many messages of ours; of the peers a tenth")
    number = asked.parse_args().number
    rsa, ed25519 = generate_key(Algorithm.RSA), generate_key(Algorithm.ED25519)
    signers = [Signer(rsa, "press"), Signer(ed25519, "press-ed25519")]
    rows = [
        ("EmailMessage, built anew", plain, number // 10),
        ("dkimpy, RSA-2048, the message built before", signed_by_dkimpy(rsa), number // 50),
        ("ours, unsigned", ours([]), number),
        ("ours, RSA-2048", ours(signers[:1]), number),
        ("ours, RSA-2048 and Ed25519", ours(signers), number),
        ("of which RSA-2048 itself, by `cryptography`", lambda _: rsa.sign(b"x" * 1500), number),
    ]
    print("| what | ms | a second | bytes |\n| --- | --: | --: | --: |")
    for name, make, rounds in rows:
        made = make(0)
        took = timed(make, max(rounds, 10))
        print(f"| {name} | {took * 1000:.3f} | {1 / took:,.0f} | {len(made):,} |", flush=True)


def timed(make: Make, rounds: int) -> float:
    """Return the seconds of the processor that one message takes."""
    begun = time.process_time()
    for number in range(rounds):
        make(number)
    return (time.process_time() - begun) / rounds


def ours(signers: list[Signer]) -> Make:
    """Return what makes a message as a delivery does, its addresses and links with their tokens included."""
    galley = galley_from(parts_of(DIGEST, FRAME), signers=signers)

    def make(number: int) -> bytes:
        name = message_id("weekly/2024-11-25T07:00", f"{number:x}", generation=0, host="bench.example")
        leave = leave_url(FRAME.leave_url, base=FRAME.return_path, delivery=number, message=name, key=KEY)
        return_path(FRAME.return_path, delivery=number, message=name, key=KEY)
        to = Mailbox(f"Reader {number}", f"reader-{number}@inbox.example")
        return galley.fill(recipient=to, date=MONDAY, message_id=name, leave_url=leave, pages=pages_of(number))

    return make


def pages_of(number: int) -> OwnPages:
    """Return the addresses of a reader's own pages."""
    about = (f"{number:016x}", "weekly")
    leave, preferences = (
        reader_url(FRAME.readers_at, purpose, reader_token(purpose, about, state="0", key=KEY))
        for purpose in (Purpose.LEAVE, Purpose.PREFERENCES)
    )
    return OwnPages(leave, preferences)


def plain(number: int) -> bytes:
    """Make a message as the standard library's documentation does."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "The Bench <weekly@bench.example>", f"Reader <reader-{number}@inbox.example>"
    message["Subject"], message["Date"] = DIGEST.subject, format_datetime(MONDAY)
    message["Message-ID"], message["List-Id"] = f"<{number}@bench.example>", "<weekly.bench.example>"
    message["List-Unsubscribe"] = f"<mailto:weekly+{number}@bench.example>"
    message.set_content(DIGEST.text)
    message.add_alternative(DIGEST.html, subtype="html")
    return message.as_bytes()


def signed_by_dkimpy(key: Key) -> Make:
    """Return what signs one message with dkimpy, over and over."""
    message = plain(0)

    def make(_number: int) -> bytes:
        signature: bytes = dkim.sign(
            message,
            b"press",
            b"bench.example",
            key.pem,
            canonicalize=(b"relaxed", b"relaxed"),
            signature_algorithm=b"rsa-sha256",
        )
        return signature + message

    return make


if __name__ == "__main__":
    main()
