"""Messages of any text at all, judged on their bytes: 500 of them here, N by ``make messages``.

Not here: single cases, each with what it is about (test_message, test_galley).
"""

import html
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.header import decode_header
from email.utils import parseaddr

import dkim
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from feeds.rendering.dkim import Algorithm, Signer, generate_key, txt_record
from feeds.rendering.fields import placeholders
from feeds.rendering.galley import galley_from
from feeds.rendering.message import LONGEST_NAME, LONGEST_SUBJECT, header_text
from feeds.rendering.views import Digest, Mailbox
from tests.rendering.message_givens import FRAME, NAMES, names, parts, read, written

NUMBER = int(os.environ.get("MESSAGES", "500"))
MARK = "ab" * 16
PLACE = placeholders(MARK)["leave_url"]
SIGNERS = [Signer(generate_key(Algorithm.RSA), "press"), Signer(generate_key(Algorithm.ED25519), "press-ed")]
ENCODED = re.compile(rb"=\?[^?\s]+\?[bqBQ]\?[^?]*\?=")

HOSTILE = [
    *(
        "\r\nBcc: z@x.example",
        "=?utf-8?q?a=0D=0ABcc:_x?=",
        "=?",
        "?=",
        "\0",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\x85",
        "\x1c",
    ),
    *("👨\u200d👩\u200d👧", "🏴\U000e0067", "e\u0301", "ﷺ", "٩", "𝔘", "\ufffd", '"', "\\", "<a@b>", ",;:", "(x)", "."),
    *("\n.", "\nFrom ", "\n--=_", " \n", "\t", "=3D", "=\n", "&amp;", "--", PLACE[:-1], PLACE.replace("ab", "cd")),
]
TEXTS = some.lists(some.sampled_from(HOSTILE) | some.text(max_size=40), max_size=8).map("".join)
LONG = some.tuples(some.sampled_from("aé字👨="), some.integers(200, 400)).map(lambda pair: pair[0] * pair[1])
TITLES = TEXTS | LONG | some.text(max_size=300)
URLS = some.text("abcxyz09-._~:/?#[]@!$&'()*+,;=%", max_size=80).map(lambda tail: f"https://gazette.example/{tail}")
URLS |= some.integers(900, 2048).map(lambda length: "https://gazette.example/" + "p" * length)
BODIES = some.lists(TEXTS | URLS | some.just(PLACE), max_size=8).map("\n".join)
ADDRESSES = some.from_regex(r"[a-z0-9]([a-z0-9._+-]{0,40}[a-z0-9])?@[a-z]{1,20}(\.[a-z]{2,9}){1,3}", fullmatch=True)
ADDRESSES = ADDRESSES.filter(lambda address: ".." not in address)
MAILBOXES = some.builds(Mailbox, TITLES, ADDRESSES)
LEAVES = some.text("abcxyz09-._~/?&'()*+,;=%", max_size=800).map(lambda tail: f"https://gazette.example/{tail}")
DATES = some.datetimes(datetime(2020, 1, 1), datetime(2024, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
EDITIONS = some.builds(
    lambda subject, text, page, frame: (Digest(subject, "", page, text, mark=MARK), replace(FRAME, **frame)),
    TITLES,
    BODIES,
    BODIES,
    some.fixed_dictionaries({"sender": MAILBOXES, "reply_to": some.none() | MAILBOXES}),
)
READERS = some.fixed_dictionaries(
    {
        "recipient": MAILBOXES,
        "date": DATES,
        "message_id": ADDRESSES,
        "leave_url": LEAVES.filter(lambda url: not ENCODED.search(url.encode())),
    }
)


def record(name, timeout=5):
    (signer,) = (one for one in SIGNERS if name.startswith(f"{one.selector}.".encode()))
    return txt_record(signer.key).encode()


def unfolded(head):
    """Return the fields of a head as (name, value), with the folds taken out."""
    return [tuple(line.split(b": ", 1)) for line in re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")]


def decoded(value):
    found = ((text, charset) for text, charset in decode_header(value))
    return "".join(text if isinstance(text, str) else text.decode(charset or "ascii") for text, charset in found)


def lined(text):
    """Return a text as a part holds it: every line ended."""
    return "".join(f"{line}\n" for line in re.split("\r\n|\r|\n", re.sub(r"(\r\n|\r|\n)\Z", "", text)) if text)


@pytest.mark.rule("M5")
@pytest.mark.rule("M7")
@pytest.mark.rule("T20")
@pytest.mark.rule("D11")
@settings(max_examples=NUMBER, deadline=None, suppress_health_check=list(HealthCheck))
@given(EDITIONS, READERS)
def test_message_of_any_text_is_sound(edition, reader):
    data = galley_from(parts(*edition), signers=SIGNERS).fill(**reader)
    head, _, body = data.partition(b"\r\n\r\n")
    assert data.isascii() and b"\0" not in data
    assert data.count(b"\r\n") == data.count(b"\r") == data.count(b"\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert not re.search(rb"^(?:\.|From )", data, re.MULTILINE)
    _require_fields(data, head, edition, reader)
    assert dkim.DKIM(data, minkey=2048).verify(dnsfunc=record)
    assert galley_from(parts(*edition), signers=SIGNERS).fill(**reader) == data


def _require_fields(data, head, edition, reader):
    digest, frame = edition
    intended = ["DKIM-Signature"] * 2 + NAMES[:1] + (["Reply-To"] if frame.reply_to else []) + NAMES[1:]
    fields = unfolded(head)
    assert [name.decode() for name, _ in fields] == names(data) == intended
    for name, value in fields:
        words = ENCODED.findall(value)
        assert not words or name in {b"From", b"To", b"Reply-To", b"Subject"}, name
        assert all(len(word) <= 75 and decoded(word.decode()) for word in words)
    values = {name.decode(): value.decode() for name, value in fields}
    assert decoded(values["Subject"].strip()) == header_text(digest.subject, LONGEST_SUBJECT)
    for name, mailbox in (("From", frame.sender), ("To", reader["recipient"]), ("Reply-To", frame.reply_to)):
        if mailbox:
            shown, address = parseaddr(values[name].strip())
            assert (decoded(shown), address) == (header_text(mailbox.name, LONGEST_NAME), mailbox.address)
    assert values["List-Unsubscribe"] == f"<{reader['leave_url']}>"


@settings(max_examples=max(100, NUMBER // 5), deadline=None)
@given(EDITIONS, READERS)
def test_both_parts_are_read_back_as_they_were_with_the_readers_own_link(edition, reader):
    digest, url = edition[0], reader["leave_url"]
    data = galley_from(parts(*edition)).fill(**reader)
    assert written(data, "plain") == lined(digest.text).replace(PLACE, url)
    assert written(data, "html") == lined(digest.html).replace(PLACE, html.escape(url))
    assert [part.get_content_type() for part in read(data).iter_parts()] == ["text/plain", "text/html"]


@settings(max_examples=50, deadline=None)
@given(EDITIONS, READERS, some.timedeltas(timedelta(0), timedelta(microseconds=999_999)))
def test_parts_of_a_second_change_no_byte(edition, reader, rest):
    galley, second = galley_from(parts(*edition)), reader["date"].replace(microsecond=0)
    assert galley.fill(**reader | {"date": second}) == galley.fill(**reader | {"date": second + rest})
