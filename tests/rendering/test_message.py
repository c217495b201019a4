"""A message as bytes: its head and its lines, whatever stands in titles and names.

Not here: merge fields (test_galley), signatures (test_dkim), embedded pictures.
"""

import re
from dataclasses import replace
from datetime import timedelta
from email.header import decode_header

import pytest

from feeds.rendering.message import MessageUnbuildable, require_sound, require_sound_body
from feeds.rendering.views import Digest, Mailbox
from tests.rendering.givens import MONDAY, digest, entries
from tests.rendering.message_givens import FRAME, LEAVE, NAMES, header, message, names, read

BREAKS = "\r\n", "\r", "\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"


def built(subject="Monday", html="<p>x</p>", text="x", **differences):
    """Return the message of a digest, with differences in what all readers get or in what is one reader's own."""
    of_all = {name: differences.pop(name) for name in FRAME.__dataclass_fields__ if name in differences}
    own = {"recipient": Mailbox("", "reader@home.example")} | differences
    own |= {"leave_url": of_all.get("leave_url", LEAVE)}
    return message(Digest(subject, "", html, text), replace(FRAME, **of_all), **own)


def decoded(value):
    parts = decode_header(value)
    return "".join(text if isinstance(text, str) else text.decode(charset or "ascii") for text, charset in parts)


@pytest.mark.rule("M1")
def test_message_has_one_from_a_date_and_the_id_it_was_given():
    data = built()
    assert header(data, "From") == "The Harbour Weekly <weekly@harbour.example>"
    assert header(data, "Date") == "Mon, 23 Nov 2026 07:00:00 +0000"
    assert header(data, "Message-ID") == "<weekly.12.ab@harbour.example>"


@pytest.mark.rule("M1")
def test_same_message_has_the_same_bytes():
    assert built() == built()
    assert built() != built(message_id="other@harbour.example")


@pytest.mark.rule("M3")
@pytest.mark.rule("M4")
def test_message_says_that_it_is_automatic_and_how_to_leave():
    data = built()
    assert header(data, "List-Id") == "<weekly.harbour.example>"
    assert header(data, "List-Unsubscribe") == "<mailto:weekly@harbour.example?subject=unsubscribe>"
    assert header(data, "Auto-Submitted") == "auto-generated"
    assert header(data, "Precedence") == "bulk"
    assert header(data, "Feedback-ID") == "12:weekly:digest:7f0f8b5e6a57"


@pytest.mark.rule("M3")
def test_answers_go_where_the_newsletter_wants_them():
    data = built(reply_to=Mailbox("Newsroom: Größe", "desk@harbour.example"))
    assert header(data, "Reply-To").endswith("<desk@harbour.example>")
    assert names(data) == [*NAMES[:1], "Reply-To", *NAMES[1:]]


@pytest.mark.rule("M5")
def test_long_structured_headers_are_never_encoded_words():
    leave = "mailto:weekly@harbour.example?subject=unsubscribe-" + "a1" * 200
    data = built(leave_url=leave, message_id="b" * 300 + "@harbour.example")
    assert header(data, "List-Unsubscribe") == f"<{leave}>"
    assert b"=?" not in data


@pytest.mark.rule("M5")
def test_display_name_with_a_colon_is_no_group():
    data = built(sender=Mailbox('Example News: the "best", of all', "a@b.example"))
    assert header(data, "From") == '"Example News: the \\"best\\", of all" <a@b.example>'


@pytest.mark.rule("M5")
def test_long_name_with_commas_keeps_its_quotes():
    name = "Example, News: the best of all, and of the harbour too, (really) every single week"
    assert header(built(sender=Mailbox(name, "a@b.example")), "From") == f'"{name}"\n <a@b.example>'


@pytest.mark.rule("M5")
def test_encoded_words_are_short_and_made_of_whole_characters():
    subject = "مهرجان الميناء 👨‍👩‍👧‍👦 " * 9
    data = built(subject=subject, sender=Mailbox("جريدة الميناء القديم في المدينة الكبيرة", "a@b.example"))
    words = re.findall(r"=\?\S+\?=", header(data, "Subject") + " " + header(data, "From"))
    assert len(words) > 5
    assert all(len(word) <= 75 for word in words)
    assert all(decoded(word) for word in words)  # a split character would not decode
    assert decoded(header(data, "Subject")) == subject.strip()


@pytest.mark.rule("M5")
def test_lines_are_short_and_end_in_crlf():
    made = digest(entries=entries(12))
    data = built(html=made.html + "z" * 6000, text=made.text, subject=made.subject)
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert data.isascii()


@pytest.mark.rule("M6")
def test_text_comes_first_and_html_last():
    found = read(built(text="héllo\n", html="<p>héllo</p>\n"))
    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().split() for part in found.iter_parts()] == [["héllo"], ["<p>héllo</p>"]]


@pytest.mark.rule("M6")
@pytest.mark.parametrize(
    ("field", "difference"),
    [
        ("Message-ID", {"message_id": "a@b\r\nBcc: x@y"}),
        ("List-Id", {"list_id": "a\x00b"}),
        ("List-Id", {"list_id": "a" * 256}),
        ("List-Unsubscribe", {"leave_url": "mailto:a@b>, <https://evil.example"}),
        ("Feedback-ID", {"feedback_id": "1:weekly:\r\nBcc"}),
        ("Reply-To", {"reply_to": Mailbox("x", "a@b\nBcc: z@z")}),
        ("From", {"sender": Mailbox("x", "a@b\nBcc: z@z")}),
        ("To", {"recipient": Mailbox("x", "a@b@c")}),
        ("To", {"recipient": Mailbox("x", "u@bücher.example")}),
        ("To", {"recipient": Mailbox("x", "=?utf-8?q?u?=@home.example")}),
        ("Message-ID", {"message_id": "=?utf-8?q?u?=@harbour.example"}),
    ],
)
def test_unfit_value_is_refused_and_the_field_named(field, difference):
    with pytest.raises(MessageUnbuildable) as caught:
        built(**difference)
    assert caught.value.field == field


@pytest.mark.rule("T1")
@pytest.mark.parametrize("line_break", BREAKS)
def test_line_break_in_a_title_becomes_a_space(line_break):
    data = built(subject=f"one{line_break}Bcc: two@x.example")
    assert header(data, "Subject") == "one Bcc: two@x.example"
    assert names(data) == NAMES


@pytest.mark.rule("T2")
@pytest.mark.rule("T3")
@pytest.mark.parametrize(
    "title", ["a=?UTF-8?Q?=0A?=Bcc: x@y", "=?utf-8?q?a=0D=0ABcc:_x@y?=", "é =?utf-8?b?Cg==?=Bcc: x"]
)
def test_encoded_word_in_a_title_adds_no_header(title):
    data = built(subject=title, sender=Mailbox(title, "a@b.example"), recipient=Mailbox(title, "c@d.example"))
    assert names(data) == NAMES
    assert "=?" not in decoded(header(data, "Subject"))


@pytest.mark.rule("T4")
def test_nul_is_removed_from_titles_and_names():
    data = built(subject="a\x00b", sender=Mailbox("c\x00d", "a@b.example"))
    assert header(data, "Subject") == "ab"
    assert header(data, "From") == "cd <a@b.example>"


@pytest.mark.rule("T8")
def test_line_separator_is_stripped_from_a_name():
    assert header(built(sender=Mailbox("a\u2028b", "a@b.example")), "From") == "a b <a@b.example>"


@pytest.mark.rule("T19")
def test_endless_title_is_cut_at_a_whole_character():
    family = "👨‍👩‍👧‍👦"
    value = decoded(header(built(subject=family * 10_000), "Subject"))
    assert value == family * 199 + "…"


@pytest.mark.rule("D11")
@pytest.mark.rule("T20")
def test_headers_are_the_intended_ones_and_no_others():
    assert names(built(subject="x" * 5000, date=MONDAY + timedelta(microseconds=5))) == NAMES


HEAD = b"From: a@b.example\r\nSubject: x\r\n"


@pytest.mark.rule("D11")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: x\r\n", b""),
        (b"Subject: x\r\n", b"Subject: x\r\nBcc: z@x.example\r\n"),
        (b"Subject: x\r\n", b"Subject: x\r\nSubject: x\r\n"),
        (b"Subject: x", b"Subject: x\nBcc: z@x.example"),
        (b"Subject: x", b"Subject: x\rBcc: z@x.example"),
        (b"Subject: x", b"Subject: x\r\n\r\nThe body"),
        (b"Subject: x", b"Subject: x\r\nBcc"),
        (b"Subject: x", b"Subject: x\r\n\tBcc: z@x.example"),
        (b"Subject", b"subject"),
        (b"Subject: x", b"Subject: " + b"x" * 990),
        (b"Subject: x", b"Subject: x\r\n " + b"x" * 998),
        (b"Subject: x", b"Subject: \xc3\xa9"),
        (b"Subject: x", b"Subject: \0"),
        (b"Subject: x\r\n", b"Subject: x"),
        (b"From: a@b.example\r\nSubject: x", b"Subject: x\r\nFrom: a@b.example"),
    ],
)
def test_head_that_is_not_as_it_was_meant_is_refused(old, new):
    require_sound(HEAD.replace(b": x", b": x\r\n  and on"), [b"From", b"Subject"])
    with pytest.raises(MessageUnbuildable):
        require_sound(HEAD.replace(old, new), [b"From", b"Subject"])


@pytest.mark.rule("M5")
@pytest.mark.parametrize("odd", [b"x" * 79, b"a\nb", b"a\rb", b".", b".x", b"\xc3\xa9", b"\0"])
def test_body_with_an_odd_line_is_refused(odd):
    require_sound_body(b"x" * 78 + b"\r\n")
    for lines in (odd + b"\r\n", b"x\r\n" + odd + b"\r\nx\r\n"):
        with pytest.raises(MessageUnbuildable):
            require_sound_body(lines)
    with pytest.raises(MessageUnbuildable):
        require_sound_body(b"a line without its end")


def test_part_that_looks_like_a_boundary_is_encoded():
    boundary = re.findall(rb'boundary="(.*?)"', built())[0]
    data = built(text=f"--{boundary.decode()}--\n")
    assert len(read(data).get_payload()) == 2


@pytest.mark.rule("M5")
@pytest.mark.parametrize("rest", ["here on", "x" * 68, "x" * 500])
def test_no_line_begins_as_mboxes_begin_a_message(rest):
    data = built(text=f"One\nFrom {rest}\n", html=f"<p>\nFrom {rest}</p>")
    assert b"\nFrom " not in data
    assert max(len(line) for line in data.split(b"\r\n")) <= 78
    parsed = read(data)
    assert parsed.get_body(("plain",)).get_content().splitlines() == ["One", f"From {rest}"]
