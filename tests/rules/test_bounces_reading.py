"""What stands in a report is found: whom it is about, by which proofs, and what it says; in every dialect that we know.

Not here: what becomes of the reader (tests/jobs/test_bounce.py), the codes and words alone (test_bounces.py).
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from feeds.model.bounces import Kind, Reason
from feeds.rules.bounces import judge
from feeds.rules.bounces_mime import MOST_READ
from feeds.rules.bounces_reading import Sort, read_report
from feeds.rules.message_identity import read_token
from tests.rules.bounce_givens import ANN, MESSAGE_ID, NAMES, addresses, report

HARD, SOFT, ABOUT_US = Kind.HARD, Kind.SOFT, Kind.ABOUT_US
OURS = read_token(addresses()["@RETURN_PATH@"])
FAILURES = {
    "aol-old": (ABOUT_US, Reason.POLICY),
    "exchange-access-denied": (SOFT, Reason.USER_UNKNOWN),
    "exchange-forwarded": (SOFT, Reason.USER_UNKNOWN),
    "exchange-german": (HARD, Reason.USER_UNKNOWN),
    "exchange-loop": (SOFT, Reason.UNREACHABLE),
    "exchange-not-found": (HARD, Reason.USER_UNKNOWN),
    "exchange-quota": (SOFT, Reason.MAILBOX_FULL),
    "exchange-recip-not-found": (HARD, Reason.USER_UNKNOWN),
    "exchange-restricted": (ABOUT_US, Reason.POLICY),
    "exchange-spam-content": (ABOUT_US, Reason.SPAM),
    "exim-old": (HARD, Reason.USER_UNKNOWN),
    "exim-old-retry-timeout": (SOFT, Reason.EXPIRED),
    "exim-with-status": (SOFT, Reason.OTHER),
    "gmail-disabled": (SOFT, Reason.MAILBOX_DISABLED),
    "gmail-no-such-user": (HARD, Reason.USER_UNKNOWN),
    "gmail-over-quota": (SOFT, Reason.MAILBOX_FULL),
    "gmail-unauthenticated": (ABOUT_US, Reason.POLICY),
    "icloud-base64-status": (HARD, Reason.USER_UNKNOWN),
    "opensmtpd-error": (HARD, Reason.USER_UNKNOWN),
    "outlook-com-reputation": (ABOUT_US, Reason.SPAM),
    "outlook-com-unavailable": (SOFT, Reason.OTHER),
    "postfix-given-up": (SOFT, Reason.EXPIRED),
    "postfix-given-up-full": (SOFT, Reason.MAILBOX_FULL),
    "postfix-host-not-found": (SOFT, Reason.HOST_UNKNOWN),
    "postfix-mailbox-full": (SOFT, Reason.MAILBOX_FULL),
    "postfix-mailbox-unavailable": (SOFT, Reason.OTHER),
    "postfix-message-too-big": (ABOUT_US, Reason.SIZE),
    "postfix-null-mx": (HARD, Reason.USER_UNKNOWN),
    "postfix-plain-550": (HARD, Reason.USER_UNKNOWN),
    "postfix-spam-in-the-name": (HARD, Reason.USER_UNKNOWN),
    "postfix-spamhaus": (ABOUT_US, Reason.SPAM),
    "postfix-timed-out": (SOFT, Reason.EXPIRED),
    "postfix-unknown-or-spam": (SOFT, Reason.SPAM),
    "postfix-user-unknown": (HARD, Reason.USER_UNKNOWN),
    "qmail-no-mailbox": (HARD, Reason.USER_UNKNOWN),
    "qmail-quota": (SOFT, Reason.MAILBOX_FULL),
    "qmail-remote-unknown": (HARD, Reason.USER_UNKNOWN),
    "sendmail-user-unknown": (HARD, Reason.USER_UNKNOWN),
    "utf8-recipient": (HARD, Reason.USER_UNKNOWN),
    "yahoo-no-account": (HARD, Reason.USER_UNKNOWN),
    "yahoo-old": (SOFT, Reason.USER_UNKNOWN),
    "yahoo-too-many-complaints": (ABOUT_US, Reason.POLICY),
}
SORTS = {
    Sort.COMPLAINT: ["complaint-by-message-id", "complaint-opt-out", "outlook-com-complaint", "yahoo-complaint"],
    Sort.DELAY: ["exim-old-delay", "gmail-delay", "postfix-delayed", "postfix-relayed", "sendmail-warning"],
    Sort.PLAIN: ["human-answer", "leave-by-mail", "leave-by-robot"],
    Sort.AUTOMATIC: [
        *("challenge-boxbe", "challenge-response", "feedback-auth-failure", "feedback-not-spam", "read-receipt"),
        *("vacation-by-precedence", "vacation-german", "vacation-outlook", "vacation-rfc3834", "vacation-x-autoreply"),
    ],
}
OTHERS = [(name, sort) for sort, names in SORTS.items() for name in names]


def read(name, **of):
    return read_report(report(name, **of))


def test_every_report_of_the_corpus_has_its_place_here():
    assert sorted([*FAILURES, *(name for name, _ in OTHERS), "expanded-list"]) == NAMES
    assert len(NAMES) >= 60


# ---- what it says ----


@pytest.mark.rule("M8")
@pytest.mark.parametrize("name", FAILURES)
def test_failure_is_read_for_its_kind_and_reason(name):
    found = read(name)
    fate, is_theirs = found.fate_of(ANN)
    failure = judge(fate.said, status=fate.status, is_theirs=is_theirs)
    assert (found.sort, failure.kind, failure.reason) == (Sort.FAILURE, *FAILURES[name])


@pytest.mark.parametrize(("name", "sort"), OTHERS)
def test_what_is_no_failure_is_told_apart(name, sort):
    assert read(name).sort is sort


def test_failure_of_another_behind_a_list_is_none_of_the_readers():
    assert read("expanded-list").fate_of(ANN) is None
    assert read("expanded-list").fate_of("carol@elsewhere.example") is not None


def test_old_report_is_quoted_with_what_it_says_of_the_address():
    assert read("qmail-no-mailbox").fate_of(ANN)[0].said == "Sorry, no mailbox here by that name. (#5.1.1)"


def test_diagnostic_over_several_lines_is_one():
    said = judge(read("gmail-no-such-user").fate_of(ANN)[0].said).said
    assert said.startswith("550-5.1.1 The email account that you tried to reach does not exist. Please try")


# ---- what proves it ----


@pytest.mark.parametrize("name", sorted({*FAILURES, *SORTS[Sort.COMPLAINT]} - {"complaint-by-message-id"}))
def test_token_of_the_return_path_is_found(name):
    assert OURS in read(name).tokens


@pytest.mark.parametrize("name", sorted({*FAILURES, "complaint-by-message-id"}))
def test_message_id_of_what_came_back_is_found(name):
    assert MESSAGE_ID in read(name).message_ids


@pytest.mark.parametrize("field", ["Delivered-To", "X-Original-To", "Envelope-To", "To", "X-Envelope-To"])
def test_token_is_found_in_whatever_field_says_to_whom_it_was_sent(field):
    sent_to = addresses()["@RETURN_PATH@"]
    assert read_report(f"{field}: <{sent_to.upper()}>\nSubject: x\n\nx".encode()).tokens == (OURS,)


def test_token_is_found_where_only_a_relay_says_to_whom_it_was_sent():
    line = f"Received: from a by b with ESMTP\n\tfor <{addresses()['@RETURN_PATH@']}>; Mon, 25 Nov 2024"
    assert read_report(f"{line}\n\nx".encode()).tokens == (OURS,)


def test_token_is_found_behind_what_a_forwarder_made_of_the_address():
    local, _, domain = addresses()["@RETURN_PATH@"].partition("@")
    assert read_report(f"To: SRS0=xTy7=ZZ={domain}={local}@fwd.example\n\nx".encode()).tokens == (OURS,)


def test_leave_address_in_what_came_back_asks_for_nothing():
    found = read("postfix-user-unknown")
    assert b"+u7-1-" in report("postfix-user-unknown")
    assert found.leaving == ()


def test_leave_address_that_mail_is_sent_to_does():
    assert read("leave-by-mail").leaving == (read_token(addresses()["@LEAVE@"]),)


# ---- the same report however it comes ----


def test_report_is_the_same_through_a_pipe_and_from_a_mailbox():
    data = report("gmail-no-such-user")
    piped = b"From MAILER-DAEMON  Mon Nov 25 07:01:00 2024\n" + data
    assert {read_report(one).id for one in (data, piped, data.replace(b"\n", b"\r\n"))} == {read_report(data).id}


def test_another_report_is_another():
    assert read_report(report("qmail-quota")).id != read_report(report("qmail-quota") + b"\n").id


# ---- nothing in it does harm ----


def nested(depth):
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"To: {addresses()['@RETURN_PATH@']}\n{head}".encode()


@pytest.mark.rule("T34")
def test_report_nested_a_thousand_deep_is_read_as_far_as_it_goes():
    assert read_report(nested(1000)).tokens == (OURS,)


HOSTILE = {
    "empty": b"",
    "zeroes": b"\0" * 100_000,
    "no head": b"\n\n\n",
    "one line": b"<" * 2_000_000,
    "addresses": b"To: " + b"a@b," * 500_000,
    "colons": b"Content-Type: multipart/mixed; " + b";boundary=" * 100_000 + b"\n\nx",
    "boundaries": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * 400_000,
    "angles": b"Subject: x\n\n" + b"<x@y>: " * 200_000,
    "qmail": b"From: MAILER-DAEMON@x\n\nHi. This is the qmail-send program\n\n" + b"<a@b.example>:\n" * 50_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?x?= " * 100_000 + b"\n\nx",
    "bad charset": b"Subject: =?nonsense-99?b?/////?=\n\nx",
    "bad base64": b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n=====",
    "8 bits": bytes(range(256)) * 1000,
}


@pytest.mark.rule("T49")
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_report_is_read_in_bounded_time(data, benchmark_seconds):
    with benchmark_seconds(5):
        assert read_report(data).sort in {Sort.PLAIN, Sort.FAILURE}


def test_what_lies_behind_the_part_that_is_looked_at_changes_nothing():
    data = report("postfix-user-unknown")
    padded = data + b"x" * (MOST_READ - len(data))
    assert read_report(padded + b"y" * 50_000_000).id == read_report(padded).id


LINES = some.lists(
    some.sampled_from(
        [
            *("To: x+b7-1-0123456789abcdef@y", "Content-Type: multipart/report; boundary=b", "--b", "--b--", ""),
            *(
                "Content-Type: message/delivery-status",
                "Action: failed",
                "Status: 5.1.1",
                "Final-Recipient: rfc822; a@b",
            ),
            *("Content-Type: message/rfc822", "Message-ID: <a@b>", "Content-Transfer-Encoding: base64", "\tfolded"),
            *("Content-Type: message/feedback-report", "Feedback-Type: abuse", "Subject: =?utf-8?q?=FF?=", "<a@b>:"),
            *("Hi. This is the qmail-send program", "Auto-Submitted: auto-replied", "X-Failed-Recipients: a@b"),
        ]
    ),
    max_size=40,
)


@given(some.binary(max_size=2000))
@example(b"Content-Type: multipart/mixed; boundary=\xff\n\n--\xff\n")
def test_no_bytes_at_all_make_reading_raise(data):
    read_report(data)


@given(LINES, some.sampled_from(["\n", "\r\n"]))
def test_no_order_of_lines_makes_reading_raise(lines, end):
    found = read_report(end.join(lines).encode())
    assert len(found.id) == 64
    for fate in found.fates:
        judge(fate.said, status=fate.status)
