"""How a message is taken apart, and how findings are placed, weighed and told to whom.

Not here: which faults there are (test_planted_mail_faults).
"""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from feeds.rendering.digest import FILLER
from feeds.rendering.lint import Sender, Severity, judge_message
from feeds.rendering.lint.judging import judge_opening
from tests.rendering.lint.given_messages import good, good_digest, message_of, replaced, spoilt

OPEN_LINK = ("html", 'href="https://harbour.example/quay/"', 'href="http://harbour.example/quay/"')
NO_LEAVING = ("raw", "List-Unsubscribe: <mailto:weekly@harbour.example?subject=unsubscribe>\r\n", "")
SIGNED = "from:from:to:to:subject:subject:date:date:reply-to:message-id:message-id:mime-version"
SIGNED += ":content-type:content-type:list-id:list-unsubscribe:list-unsubscribe"


def of_rule(rule, data, **asked):
    return [one for one in judge_message(data, **asked).findings if one.rule == rule]


def signed(algorithm="rsa-sha256", fields=SIGNED, bits=2048, more="", body=None):
    """Return the good message with a signature that has the right body hash; whether its key fits is not judged."""
    said = good().partition(b"\r\n\r\n")[2] if body is None else body
    own_hash = base64.b64encode(hashlib.sha256(said).digest()).decode()
    key = base64.b64encode(b"x" * (bits // 8)).decode()
    tags = (
        f"v=1; a={algorithm}; c=simple/simple; d=harbour.example; s=a; h={fields};{more}\r\n bh={own_hash};\r\n b={key}"
    )
    return f"DKIM-Signature: {tags}\r\n".encode() + good()


def test_finding_in_a_header_names_field_and_line():
    (fault,) = of_rule("M4", spoilt("raw", "Precedence: bulk", "Precedence: list"))
    rows = good().split(b"\r\n")
    assert (fault.spot.name, rows[fault.spot.line - 1]) == ("Precedence", b"Precedence: bulk")


def test_finding_in_the_html_stands_on_its_line():
    html = good_digest().html
    line = html[: html.index('href="https://harbour.example/quay/"')].count("\n") + 1
    (fault,) = of_rule("M12", spoilt(*OPEN_LINK))
    assert (str(fault.spot.part), fault.spot.line) == ("HTML part", line)


@pytest.mark.rule("M19")
def test_address_that_both_parts_say_as_words_is_no_link_that_one_lacks():
    said, digest = "Write https://isle.example/map on the board.", good_digest()
    html = replaced(digest.html, "</div>\n</body>", f"<p>{said}</p></div>\n</body>")
    data = message_of(replace(digest, html=html, text=f"{digest.text}\n{said}\n"), "mailto:a@harbour.example")
    assert of_rule("M19", data) == []


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("M1", ("raw", re.compile(r"Subject: .*(?:\r\n .*)*\r\n"), "")),
        ("M9", ("html", "</title>", " and more</title>")),
        ("M16", ("html", FILLER, "")),
    ],
)
def test_opening_is_judged_alone_as_it_is_in_the_whole(rule, fault):
    data = spoilt(*fault)
    found = judge_opening(data, sender=Sender(), weights={}).findings
    assert [one for one in found if one.rule == rule] == of_rule(rule, data) != []


@pytest.mark.parametrize("fault", [OPEN_LINK, NO_LEAVING])
def test_what_stands_elsewhere_is_no_part_of_the_opening(fault):
    assert judge_opening(spoilt(*fault), sender=Sender(), weights={}).findings == ()


def test_what_an_entry_can_cause_warns_and_stops_no_press():
    (fault,) = of_rule("M12", spoilt(*OPEN_LINK))
    assert (fault.severity, fault.stops_press) == (Severity.WARNING, False)


def test_what_only_we_can_cause_stops_the_press():
    (fault,) = of_rule("M2", spoilt(*NO_LEAVING))
    assert (fault.severity, fault.stops_press) == (Severity.ERROR, True)


def test_config_makes_an_error_of_a_warning_and_still_stops_no_press_for_an_entry():
    (fault,) = of_rule("M12", spoilt(*OPEN_LINK), weights={"M12": "error"})
    assert (fault.severity, fault.stops_press) == (Severity.ERROR, False)


def test_config_makes_light_of_an_error():
    (fault,) = of_rule("M2", spoilt(*NO_LEAVING), weights={"M2": "warning"})
    assert (fault.severity, fault.stops_press) == (Severity.WARNING, False)


def test_rule_that_is_off_is_not_told_of():
    assert of_rule("M2", spoilt(*NO_LEAVING), weights={"M2": "off"}) == []


def test_gravest_stand_first():
    data = spoilt("html", 'alt="A ferry"', "").replace(b"Message-ID: <", b"Message-ID: ", 1)
    severities = [one.severity for one in judge_message(data).findings]
    assert severities == sorted(severities, key=["error", "warning", "advice"].index)
    assert {"error", "warning", "advice"} == set(severities)


@pytest.mark.rule("M2")
def test_mailto_alone_is_advice_as_long_as_nothing_better_is_served():
    (fault,) = of_rule("M2", good())
    assert fault.severity is Severity.ADVICE
    assert fault.seen_by == ("Gmail", "Yahoo")


@pytest.mark.rule("M2")
def test_one_click_beside_mailto_is_good():
    one_click = (
        "List-Unsubscribe: <https://harbour.example/u/1>, <mailto:weekly@harbour.example?subject=unsubscribe>\r\n"
    )
    one_click += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    assert of_rule("M2", spoilt("raw", NO_LEAVING[1], one_click)) == []


def test_sender_that_is_known_must_be_in_the_message():
    known = Sender(host="harbour.example", postal_address="3 Pier Road")
    assert of_rule("M17", good(), sender=known) == []
    (html, text) = of_rule("M17", good(), sender=Sender(host="harbour.example", postal_address="4 Pier Road"))
    assert {str(html.spot.part), str(text.spot.part)} == {"HTML part", "text part"}
    assert [one.severity for one in of_rule("M17", good(), sender=Sender(host="harbour.example"))] == ["advice"]


@pytest.mark.rule("M7")
def test_message_without_a_signature_is_not_blamed_since_ours_are_signed_as_they_leave():
    assert of_rule("M7", good()) == []


@pytest.mark.rule("M7")
def test_sound_signature_is_found_good():
    assert of_rule("M7", signed()) == []


@pytest.mark.rule("M7")
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"algorithm": "ed25519-sha256"}, "alone"),
        ({"algorithm": "rsa-sha1"}, "alone"),
        ({"bits": 1024}, "1024 bits"),
        ({"fields": SIGNED.replace(":list-id", "")}, "list-id"),
        ({"fields": SIGNED.replace("from:from:", "from:")}, "another field could be added"),
        ({"more": " l=100;"}, "l="),
        ({"body": b"another body"}, "not this body's"),
    ],
)
def test_unsound_signature_is_named(spoil, said):
    assert any(said in one.what for one in of_rule("M7", signed(**spoil)))


def test_picture_among_the_parts_is_no_fault():
    linked = spoilt("html", 'src="https://harbour.example/media/a.jpg"', 'src="cid:a@harbour.example"')
    head, _, body = linked.partition(b"\r\n\r\n")
    boundary = head.rpartition(b'boundary="')[2].rstrip(b'"')
    text, html = body.split(b"--" + boundary + b"\r\n")[1:3]
    html = html.partition(b"\r\n--" + boundary + b"--")[0]
    related = b"\r\n--r\r\n".join(
        [
            b'Content-Type: multipart/related; boundary="r"\r\n',
            html,
            b"Content-Type: image/jpeg\r\nContent-ID: <a@harbour.example>\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\nAA==",
        ]
    )
    whole = b"--%b\r\n%b--%b\r\n%b\r\n--r--\r\n--%b--\r\n" % (boundary, text, boundary, related, boundary)
    judged = judge_message(head + b"\r\n\r\n" + whole)
    assert [one.text for one in judged.findings if one.rule in {"M6", "M11"}] == []


@pytest.mark.rule("M13")
@pytest.mark.parametrize(
    ("style", "client", "severity"),
    [
        ("position:absolute", "Gmail", "warning"),
        ("display:flex", "Outlook on Windows", "warning"),
        ("text-shadow:1px 1px 1px #ccc", "Outlook.com", "advice"),
        ("width:100px; width:calc(100% - 2px)", "Yahoo", "advice"),
        ("background-color:#fffefb; background-image:url(https://a.example/a.png)", "Outlook on Windows", "advice"),
    ],
)
def test_finding_names_the_clients_that_show_it_broken(style, client, severity):
    plain = "font-family:Georgia; font-size:16px; line-height:24px; color:#191c1e"
    html = f'<p style="{plain}; {style}">Words.</p></div>\n</body>'
    known = {one.what for one in judge_message(good()).findings}
    found = of_rule("M13", spoilt("html", "</div>\n</body>", html))
    (fault,) = [one for one in found if one.what not in known]
    assert client in {name.partition(" (")[0] for name in fault.seen_by}
    assert fault.severity == severity


@pytest.mark.rule("M14")
def test_ink_that_an_inverting_client_leaves_dark_is_found():
    html = '<p style="font-family:Georgia; font-size:16px; line-height:24px; color:#0000ff">Words.</p></div>\n</body>'
    (fault,) = [one for one in of_rule("M14", spoilt("html", "</div>\n</body>", html)) if "inverts" in one.what]
    assert fault.what.startswith("#0000ff on ")


@pytest.mark.rule("M11")
@pytest.mark.parametrize(
    ("words", "is_found"), [("Now on sale.", True), ("Now on sale at every kiosk of the three islands.", False)]
)
def test_mail_that_is_one_picture_is_found(words, is_found):
    page = (
        f'<!DOCTYPE html><body><img src="https://a.example/a.png" alt="" width="600" height="900"><p>{words}</p></body>'
    )
    head = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    assert any("without its pictures" in one.what for one in of_rule("M11", head + page.encode())) is is_found
