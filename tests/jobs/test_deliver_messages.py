"""Messages as a mail server takes them, byte by byte, from the article's file on; whatever stands in titles and names.

Not here: building one message (tests/rendering/test_message.py), reading articles (tests/sources).
"""

import re
from collections import Counter
from email.parser import BytesHeaderParser
from email.policy import compat32

import pytest

from feeds.app.post import Post
from feeds.app.readers import Readers
from feeds.rules.message_identity import return_path
from feeds.store import keys
from tests.acceptance.mail_givens import by_smtp, cadence, deliveries, join, letters_in, run
from tests.jobs.post_givens import ANN, DAY, MONDAY, change_subscriber, delivered, fixed, printed
from tests.site_fixtures import NOON
from tests.transports.givens import CLOSE, ScriptedServer, real_server

NAMES = [
    *("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe"),
    *("Auto-Submitted", "Precedence", "Feedback-ID", "MIME-Version", "Content-Type"),
]
BREAKS = ["\r", "\n", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.fixture
def server():
    with real_server() as server:
        yield server


def taken(server):
    """Return recipient → (return path, message) of what a server took."""
    return {one.rcpt_tos[0]: (one.mail_from, one.content) for one in server.taken}


def header_block(message):
    return message.partition(b"\r\n\r\n")[0]


def names(message):
    return list(BytesHeaderParser(policy=compat32).parsebytes(message))


def fields(message):
    """Return the header's fields by name, each as its bytes with the folds taken out; every name stands once."""
    lines = header_block(message).replace(b"\r\n ", b" ").split(b"\r\n")
    found = dict(line.split(b": ", 1) for line in lines)
    assert len(found) == len(lines)
    return {name.decode(): value for name, value in found.items()}


# ---- what every message has ----


@pytest.fixture
def sent(site, server):
    """Give what two readers were sent, one of them with a name: recipient → (return path, message)."""
    fixed(site, by_smtp(server))
    with site.app() as app:
        Readers(app).add(ANN, ["weekly"], consent="At the fair.", name="Ann Lee")
    delivered(site)
    return taken(server)


@pytest.mark.rule("M1")
@pytest.mark.rule("M3")
@pytest.mark.rule("M4")
@pytest.mark.rule("D11")
def test_message_has_each_header_once_as_it_was_meant(sent):
    message = sent[ANN][1]
    found = fields(message)
    assert [*found] == NAMES
    assert found["From"] == b"weekly@gazette.example"
    assert found["To"] == b"Ann Lee <ann@inbox.example>"
    assert found["Subject"] == b"The ferry runs again"
    assert found["Date"] == b"Mon, 25 Nov 2024 07:00:00 +0000"
    assert re.fullmatch(rb"<weekly\.20241125T0700\.[0-9a-f]{24}@gazette\.example>", found["Message-ID"])
    assert found["List-Id"] == b"<weekly.gazette.example>"
    token = rb"weekly\+u\d+-\d+-[0-9a-f]{16}@gazette\.example"
    assert re.fullmatch(rb"<mailto:" + token + rb"\?subject=unsubscribe>", found["List-Unsubscribe"])
    assert (found["Auto-Submitted"], found["Precedence"]) == (b"auto-generated", b"bulk")


@pytest.mark.rule("M4")
def test_feedback_id_has_four_fields_and_is_the_same_for_every_reader(sent):
    (one, other) = (fields(message)["Feedback-ID"] for _, message in sent.values())
    assert one == other == b"1:weekly:digest:7f0f8b5e6a57"


@pytest.mark.rule("M1")
def test_readers_differ_in_recipient_message_id_and_link_to_leave_alone(sent):
    one, other = (fields(message) for _, message in sent.values())
    assert {name for name in NAMES if one[name] != other[name]} == {"To", "Message-ID", "List-Unsubscribe"}
    link = rb"mailto:weekly\+u[^=]*=3Dunsubscribe"
    bodies = [re.subn(link, b"", message.partition(b"\r\n\r\n")[2]) for _, message in sent.values()]
    assert bodies[0] == bodies[1]
    assert bodies[0][1] == 2  # in the text and in the HTML


@pytest.mark.rule("M5")
@pytest.mark.rule("M6")
def test_lines_are_short_and_whole_and_the_text_stands_before_the_html(sent):
    for _, message in sent.values():
        assert message.isascii()
        assert message.count(b"\r\n") == message.count(b"\n") == message.count(b"\r")
        header, _, body = message.partition(b"\r\n\r\n")
        assert max(map(len, header.split(b"\r\n"))) <= 998
        assert max(map(len, body.split(b"\r\n"))) <= 78
        kinds = re.findall(rb"^Content-Type: ([a-z/]+)", message, re.MULTILINE)
        assert kinds == [b"multipart/alternative", b"text/plain", b"text/html"]


# ---- the return path ----


@pytest.mark.rule("M4")
def test_return_path_is_of_the_delivery_alone_and_carries_a_token_of_the_sites_key(site, sent):
    with site.app() as app, app.store.writing() as tx:
        key = keys.current(tx, at=MONDAY)
    for listed in deliveries(site):
        path, message = sent[listed.address]
        name = fields(message)["Message-ID"].decode().strip("<>")
        assert path == return_path("weekly@gazette.example", delivery=listed.delivery.id, message=name, key=key)
        assert re.fullmatch(rf"weekly\+b{listed.delivery.id}-{key[0]}-[0-9a-f]{{16}}@gazette\.example", path)
    assert len({path for path, _ in sent.values()}) == 2


def test_return_path_is_plain_where_the_config_says_so(site, server):
    fixed(site, f"{by_smtp(server)}verp = false\n")
    delivered(site)
    assert {path for path, _ in taken(server).values()} == {"weekly@gazette.example"}


# ---- the same on each attempt ----


@pytest.mark.rule("M1")
@pytest.mark.rule("D2")
@pytest.mark.parametrize("first", ["451 4.3.0 come back later", ("354 go on", CLOSE)], ids=["refused", "lost"])
def test_message_is_the_same_at_its_second_attempt_though_all_around_it_changed(site, first):
    with ScriptedServer({"DOT": first}, {}) as server:
        fixed(site, by_smtp(server, "resend"), ANN)
        delivered(site)
        site.edit("ferry.md", "ferry", "boat")
        site.configure(cadence("monday", description='"Another line."') + by_smtp(server, "resend"))
        printed(site, MONDAY + DAY)
        delivered(site, MONDAY + DAY)
        assert len(server.bodies) == 2
        assert server.bodies[0] == server.bodies[1]


@pytest.mark.rule("D2")
def test_deliberate_resend_after_a_bounce_has_a_message_id_of_its_own(site):
    with ScriptedServer({"DOT": "550 5.6.0 not today"}, {}) as server:
        fixed(site, by_smtp(server), ANN)
        delivered(site)
        with site.app() as app:
            Post(app).retry("weekly/1", states=["bounced"])
        delivered(site, MONDAY + DAY)
        one, other = (fields(body)["Message-ID"] for body in server.bodies)
        assert one != other
    assert [listed.delivery.generation for listed in deliveries(site)] == [1]


# ---- hostile titles and names ----


def quoted(text):
    """Write text as a double-quoted scalar of YAML, with an escape for all that is not plainly to be seen."""
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in text) + '"'


HOSTILE = {
    **{f"break-{number}": f"The ferry{mark}Bcc: z@x.example" for number, mark in enumerate(BREAKS)},
    "encoded-break": "a=?UTF-8?Q?=0A?=Bcc: x@y.example",
    "encoded-header": "=?utf-8?q?a=0D=0ABcc:_x@y.example?=",
    "nul": "The\0 ferry",
    "direction": "The \u202eyrref\u2069 runs",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 2_000,
    "long": "The ferry runs again " * 250,
    "group": "Gazette: the best <x@y.example>;",
    "colon": "Bcc: x@y.example",
}


@pytest.fixture
def hostile(site):
    """Give the messages of a site in which each article is an edition, with a hostile title each."""
    site.configure(cadence("article"))
    run(site, NOON)
    join(site, ANN)
    for name, title in HOSTILE.items():
        site.article(f"{name}.md", title=quoted(title), date="2024-11-24 09:00")
    site.write("surrogate.md", b"---\ntitle: The \xed\xa0\x80 ferry\ndate: 2024-11-24 09:00\n---\nWords.\n")
    site.outcome = run(site, MONDAY)
    return site


@pytest.mark.rule("T1")
@pytest.mark.rule("T2")
@pytest.mark.rule("T3")
@pytest.mark.rule("T20")
def test_hostile_title_adds_no_header_and_stops_no_edition(hostile):
    letters = letters_in(hostile.folder / "var" / "maildir")
    assert (len(letters), hostile.outcome.deliver.counts) == (len(HOSTILE) + 1, {"sent": len(HOSTILE) + 1})
    assert hostile.outcome.compose.is_clean
    for letter in letters:
        assert names(letter.data) == NAMES
        assert b"\nBcc:" not in letter.data.partition(b"\n\n")[0]


@pytest.mark.rule("T1")
@pytest.mark.rule("T4")
@pytest.mark.rule("T5")
@pytest.mark.rule("T19")
def test_subject_says_a_hostile_title_in_one_line_and_whole_characters(hostile):
    subjects = {letter.entries[0]: letter.message["Subject"] for letter in letters_in(hostile.folder / "var/maildir")}
    said = [subjects[entry.slug] for key, entry in hostile.entries().items() if key.startswith("break-")]
    assert Counter(said) == {"The ferry Bcc: z@x.example": 6, "The ferryBcc: z@x.example": 5}  # XML forbids five
    by_key = {key.removesuffix(".md"): subjects[entry.slug] for key, entry in hostile.entries().items()}
    assert by_key["nul"] == "The ferry"
    assert by_key["surrogate"].startswith("The \ufffd")
    assert by_key["colon"] == "Bcc: x@y.example"
    assert set(by_key["emoji"].rstrip("…").split("\U0001f468")) == {"", "\u200d\U0001f469\u200d\U0001f467"}
    assert len(by_key["long"]) <= 200


PEOPLE = {
    "breaks@x.example": "".join(f"Ann{mark}" for mark in BREAKS),
    "bcc@x.example": "Ann\r\nBcc: z@x.example",
    "encoded@x.example": "=?utf-8?q?a=0D=0ABcc:_x@y.example?=",
    "nul@x.example": "An\0n",
    "quotes@x.example": 'Ann "the \\ Ferry" Lee, Jr. <z@x.example>',
    "group@x.example": "Readers: z@x.example;",
    "bidi@x.example": "Ann\u202e\u2066Lee",
    "emoji@x.example": "\U0001f600" * 500,
    "surrogate@x.example": "Ann\ufffd",
}


@pytest.mark.rule("T7")
@pytest.mark.rule("T8")
def test_hostile_name_adds_no_header_and_costs_nobody_their_message(site, server):
    fixed(site, by_smtp(server), *PEOPLE)
    for address, name in PEOPLE.items():
        change_subscriber(site, address, name=name)
    assert delivered(site).counts == {"sent": len(PEOPLE)}
    for address, (_, message) in taken(server).items():
        assert names(message) == NAMES
        assert re.search(rf"(^| <){address}>?$".encode(), fields(message)["To"])
        lines = re.sub(rb"\r\nList-Unsubscribe: .*", b"", header_block(message)).split(b"\r\n")
        assert max(map(len, lines)) <= 78
