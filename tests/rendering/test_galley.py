"""Merge fields: filled for one reader, in each part as that part needs it, and never written by an article.

Not here: heads and lines (test_message), signatures (test_dkim), any text at all (test_any_message).
"""

import hashlib
import json
import re
from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest

from feeds.rendering.dkim.relaxing import relaxed_lines
from feeds.rendering.edition import as_read, parts_of
from feeds.rendering.fields import divided, mark_of, placeholders
from feeds.rendering.galley import galley_from, proof_message
from feeds.rendering.message import MessageUnbuildable
from feeds.rendering.views import Digest, Mailbox
from tests.rendering.givens import MONDAY, digest, edition, entries, entry
from tests.rendering.message_givens import FRAME, LEAVE, OWN, OWN_LEAVE, header, message, parts, read, written

MARK = "ab" * 16
PLACE = placeholders(MARK)["leave_url"]


def marked(html="", text=""):
    return Digest("Monday", "", html, text, mark=MARK)


# ---- filling ----


@pytest.mark.rule("M2")
@pytest.mark.parametrize("layout", ["front-page", "reading-list", "full-text"])
def test_readers_own_link_stands_in_the_head_and_in_both_parts(layout):
    data = message(digest(layout=layout, entries=entries(3)), leave_url=OWN_LEAVE)
    assert header(data, "List-Unsubscribe") == f"<{OWN_LEAVE}>"
    assert re.findall(r'href="(mailto:[^"]*)"', written(data, "html")) == [OWN_LEAVE]
    assert re.findall(r"^mailto:.*$", written(data, "plain"), re.MULTILINE) == [OWN_LEAVE]
    assert b"field.invalid" not in data


def test_value_is_escaped_as_its_part_needs_it():
    url = "https://gazette.example/leave?a=1&b='2'\"&amp;"
    data = message(marked(f'<a href="{PLACE}">Leave: {PLACE}</a>', f"Leave: {PLACE}."), leave_url=url)
    escaped = "https://gazette.example/leave?a=1&amp;b=&#x27;2&#x27;&quot;&amp;amp;"
    assert written(data, "html") == f'<a href="{escaped}">Leave: {escaped}</a>\n'
    assert written(data, "plain") == f"Leave: {url}.\n"
    assert header(data, "List-Unsubscribe") == f"<{url}>"


@pytest.mark.rule("M5")
@pytest.mark.parametrize("before", [0, 1, 60, 70, 74, 75, 76, 77, 150])
@pytest.mark.parametrize("end", ["", " ", "é", "=", "\n", "\n.", "\nFrom "])
def test_no_line_break_splits_a_field(before, end):
    text = f"{'x' * before}{end}{PLACE} and on\n"
    data = message(marked("<p>", text), leave_url=LEAVE)
    coded = LEAVE.replace("=", "=3D")
    assert f"\r\n{coded}=\r\n".encode() in data
    assert written(data, "plain") == text.replace(PLACE, LEAVE)
    body = data.partition(b"\r\n\r\n")[2].partition(b"Content-Type: text/html")[0]
    assert max(map(len, body.split(b"\r\n"))) <= 76


def test_field_may_stand_first_last_beside_another_or_alone():
    for text in (PLACE, f"{PLACE}{PLACE}", f"{PLACE}\n{PLACE}", f"x{PLACE}", f"{PLACE}x\n\n\n"):
        found = written(message(marked("<p>", text)), "plain")
        assert found == text.replace(PLACE, LEAVE) + ("" if text.endswith("\n") else "\n")


def test_long_value_is_broken_softly_and_read_back_whole():
    url = "https://gazette.example/leave?t=" + "a=b" * 250
    data = message(marked(f'<a href="{PLACE}">', PLACE), leave_url=url)
    assert written(data, "plain") == f"{url}\n"
    assert max(map(len, data.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 78


# ---- what an article can say ----


@pytest.mark.parametrize("mark", ["0" * 32, "", "{mark}", MARK])
def test_placeholder_that_an_article_writes_stays_as_it_is(mark):
    place = placeholders(mark)["leave_url"]
    story = f'<p><a href="{place}">Leave</a> {place}</p>'
    hostile = entry(title=place, summary=f"See {place}", html=story)
    data = message(digest(entries=(hostile,), layout="full-text"), leave_url=OWN_LEAVE)
    assert written(data, "html").count(OWN_LEAVE) == 1
    assert written(data, "plain").count(OWN_LEAVE) == 1
    assert place in written(data, "html")
    assert place in written(data, "plain")


def test_mark_is_of_all_that_an_edition_says():
    others = [edition(entries=(entry(title="Another"),)), edition(note="<p>x</p>"), edition(reply_to="x@y.example")]
    assert len({mark_of(edition()), *map(mark_of, others)}) == 4
    assert mark_of(edition()) == mark_of(edition()) == digest().mark
    assert re.fullmatch("[0-9a-f]{32}", mark_of(edition(title="\ud800")))


def test_mark_of_one_edition_is_nothing_in_another():
    assert [*divided(PLACE, "cd" * 16, str)] == [PLACE]
    assert len(divided(PLACE, MARK, str)) == 3


# ---- what is stored ----


def test_edition_stored_before_there_were_fields_still_goes():
    frame = json.loads(parts()["frame"])
    del frame["mark"]
    html, text = f'<a href="{LEAVE}">Leave</a> {PLACE}\n', f"Leave: {LEAVE}\n"
    old = parts(Digest("Monday", "", html, text)) | {"frame": json.dumps(frame).encode()}
    data = galley_from(old).fill(**OWN | {"leave_url": OWN_LEAVE})
    assert (written(data, "html"), written(data, "plain")) == (html, text)
    assert header(data, "List-Unsubscribe") == f"<{OWN_LEAVE}>"


def test_parts_read_and_message_to_look_at_have_the_link_that_all_share():
    stored = parts(digest())
    html, text = as_read(stored)
    data = proof_message(stored, recipient=Mailbox("", "a@b.example"), date=MONDAY, message_id="m@b.example")
    assert html.count(LEAVE) == text.count(LEAVE) == 1
    assert (written(data, "html"), written(data, "plain")) == (f"{html}\n", text)


# ---- one galley for all ----


def test_galley_makes_the_same_bytes_again_and_others_for_others():
    galley = galley_from(parts(digest()))
    other = {"message_id": "n@b.example"}, {"recipient": Mailbox("", "b@c.example")}, {"leave_url": OWN_LEAVE}
    made = [galley.fill(**OWN | each) for each in ({}, *other, {"date": MONDAY + timedelta(seconds=1)})]
    assert len(set(made)) == 5
    assert galley.fill(**OWN) == made[0] == galley_from(parts(digest())).fill(**OWN)
    with pytest.raises(FrozenInstanceError):
        galley.body = ()


def test_pieces_are_whole_lines_and_what_all_share_is_shared():
    galley = galley_from(parts(digest()))
    ann, bob = (galley.begin(**OWN | {"leave_url": f"mailto:{name}@b.example"}).pieces() for name in ("ann", "bob"))
    assert b"".join(ann) == galley.fill(**OWN | {"leave_url": "mailto:ann@b.example"})
    assert all(piece.endswith(b"\r\n") for piece in ann)
    shared = [one for one, other in zip(ann, bob, strict=True) if one is other]
    assert len(ann) == 6  # head, body, and two links between
    assert (len(shared), sum(map(len, ann)) - sum(map(len, shared)) < 1_000) == (3, True)


def test_boundary_is_of_the_selection_and_not_of_the_reader():
    def boundary(data):
        return read(data).get_boundary()

    galley = galley_from(parts(digest()))
    ann, bob = (galley.fill(**OWN | {"message_id": name, "leave_url": name}) for name in ("a@b.example", "c@d.example"))
    assert boundary(ann) == boundary(bob)
    assert boundary(ann) != boundary(message(digest(title="Another")))
    assert boundary(ann) != boundary(message(digest(title="The Harbour Weekly", entries=(entry(title="x"),))))


def test_mark_leaves_no_trace_in_a_message():
    def with_mark(mark):
        place = placeholders(mark)["leave_url"]
        return Digest("x", "", f"<p>{place}", place, mark=mark)

    assert message(with_mark("0" * 32)) == message(with_mark(MARK))


def test_body_hash_is_continued_from_what_is_the_same_for_all():
    galley = galley_from(parts(digest()))
    first = galley.body[0]
    assert galley.begun.digest() == hashlib.sha256(relaxed_lines(first.sent)).digest()
    assert sum(len(piece.sent) for piece in galley.body if hasattr(piece, "sent")) > 5_000


@pytest.mark.rule("M6")
@pytest.mark.parametrize(
    ("field", "frame"),
    [
        ("From", {"sender": Mailbox("x", "a@b\nBcc: z@z")}),
        ("Reply-To", {"reply_to": Mailbox("x", "a b@c.example")}),
        ("List-Id", {"list_id": "a b"}),
        ("Feedback-ID", {"feedback_id": "é"}),
    ],
)
def test_what_is_unfit_for_all_readers_is_refused_once(field, frame):
    with pytest.raises(MessageUnbuildable) as caught:
        galley_from(parts_of(Digest("x", "", "x", "x"), replace(FRAME, **frame)))
    assert caught.value.field == field


@pytest.mark.parametrize("text", ["", ".", "..\n.\n", "From x\n", "a\rb\r\nc\n", " \t \n", "\0\x7f\n", "-- \n", "=\n"])
def test_odd_lines_are_carried_whole_and_none_begins_with_a_dot(text):
    data = message(Digest("x", "", text, text))
    lines = data.split(b"\r\n")
    assert not any(line.startswith((b".", b"From ")) for line in lines)
    assert written(data, "plain") == "".join(
        f"{line}\n" for line in re.split("\r\n|\r|\n", text.rstrip("\r\n")) if text
    )
