"""Faults planted in a good message, one at a time: each is found by its rule. And nothing is found in good ones.

Not here: messages that are hardly any (test_hostile_messages), how findings are weighed (test_judging).
"""

import hashlib
import re
from dataclasses import replace

import pytest

from feeds.rendering import samples
from feeds.rendering.lint import Sender, Severity, judge_message
from feeds.rendering.views import Corrected, Theme
from feeds.rules.printing import direction_of
from tests.rendering.givens import ARABIC, MONDAY, PICTURE, SITE, URL, entries, entry
from tests.rendering.lint.given_messages import FERRY, LAYOUTS, QUAY, good, message, spoilt, view

CLOSING = re.compile(r"--=_[0-9a-f]{32}--")
END = "</div>\n</body>"
LEAVE = "List-Unsubscribe: <mailto:weekly@harbour.example?subject=unsubscribe>"
POST = "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
UNSUBSCRIBE = re.compile(r"<a [^<>]*@field.invalid[^<>]*>Unsubscribe</a>")
FROM = "From: The Harbour Gazette <weekly@harbour.example>"
SUBJECT = "Subject: The ferry sails, and 11 more"
SHOWN = 'src="https://harbour.example/media/a.jpg" alt="A ferry" width="544" height="363"'
BARE_PICTURE = SHOWN.replace(' alt="A ferry"', "")
HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;opacity:0"
PREHEADER = (
    "It left pier three at ten past six with a piano on its foredeck."
    " · The quay is mended · Story 1 · Story 2 · Story 3 · Story 4…"
)
STYLED = "font-family:Georgia; font-size:16px; line-height:24px; color:#191c1e"
UNSUBSCRIBE_TEXT = re.compile(r"To unsubscribe.*\n.*@field.invalid")
ENCODING = "Content-Transfer-Encoding: quoted-printable"
DARK, LAST_STYLE = "@media (prefers-color-scheme: dark)", "</style>\n</head>"
LONG = "https://isle.example/a/very/long/address"
LONG_WORD = "=?utf-8?q?" + "a" * 70 + "?="


def into(html):
    """Return what puts HTML at the end of the mail."""
    return "html", END, f"{html}{END}"


def text(style):
    """Return what puts a paragraph so styled at the end of the mail."""
    return into(f'<p style="{STYLED}; {style}">Words.</p>')


# rule, part, what stands in the good message, and what is put in its place
PLANTED = [
    ("M1", "raw", f"{FROM}\r\n", ""),
    ("M1", "raw", FROM, f"{FROM}\r\n{FROM}"),
    ("M1", "raw", FROM, f"{FROM}, Bo <bo@harbour.example>"),
    ("M1", "raw", FROM, "From: Harbour News: the best <weekly@harbour.example>"),
    ("M1", "raw", "From: The Harbour Gazette <weekly@harbour.example>", "From: The Harbour Gazette"),
    ("M1", "raw", "Date: Mon, 23 Nov 2026 07:00:00 +0000\r\n", ""),
    ("M1", "raw", "Date: Mon, 23", "Date: Tue, 23"),
    ("M1", "raw", "07:00:00 +0000", "07:00:00 -0000"),
    ("M1", "raw", "Date: Mon, 23 Nov 2026 07:00:00 +0000", "Date: 2026-11-23T07:00:00Z"),
    ("M1", "raw", "Message-ID: <e12.s7.0@harbour.example>\r\n", ""),
    ("M1", "raw", "Message-ID: <e12.s7.0@harbour.example>", "Message-ID: e12.s7.0@harbour.example"),
    ("M1", "raw", "Message-ID: <e12.s7.0@harbour.example>", "Message-ID: <e12.s7.0@mailer.invalid>"),
    ("M1", "raw", SUBJECT, f"{SUBJECT}\r\n{SUBJECT}"),
    ("M1", "raw", "To: Nell Varley <nell@reader.example>\r\n", ""),
    ("M2", "raw", f"{LEAVE}\r\n", ""),
    ("M2", "raw", LEAVE, "List-Unsubscribe: mailto:weekly@harbour.example"),
    ("M2", "raw", LEAVE, "List-Unsubscribe: <http://harbour.example/leave>"),
    ("M2", "raw", LEAVE, "List-Unsubscribe: <https://harbour.example/leave>"),
    ("M2", "raw", LEAVE, f"{LEAVE}, <https://harbour.example/leave>\r\n{POST}"),
    ("M2", "raw", LEAVE, f"List-Unsubscribe: <https://a.example/>, <https://b.example/>\r\n{POST}"),
    ("M2", "raw", LEAVE, f"{LEAVE}\r\n{POST}"),
    ("M2", "raw", LEAVE, "List-Unsubscribe: <https://a.example/>\r\nList-Unsubscribe-Post: yes"),
    ("M2", "raw", LEAVE, "List-Unsubscribe: <ftp://a.example/>"),
    ("M3", "raw", "List-Id: <weekly.harbour.example>\r\n", ""),
    ("M3", "raw", "List-Id: <weekly.harbour.example>", "List-Id: weekly.harbour.example"),
    ("M3", "raw", "List-Id: <weekly.harbour.example>", f"List-Id: <{'w' * 250}.example>"),
    ("M3", "raw", "List-Id: <weekly.harbour.example>", "List-Id: <the weekly.harbour.example>"),
    ("M3", "raw", LEAVE, f"{LEAVE}\r\n{LEAVE}"),
    ("M3", "raw", LEAVE, "List-Unsubscribe: <mailto:weekly@harbour.example?subject=please leave>"),
    ("M3", "raw", LEAVE, f"{LEAVE}\r\nList-Help: https://harbour.example/help"),
    ("M4", "raw", "Auto-Submitted: auto-generated\r\n", ""),
    ("M4", "raw", "Auto-Submitted: auto-generated", "Auto-Submitted: no"),
    ("M4", "raw", "Precedence: bulk", "Precedence: first-class"),
    ("M4", "raw", "Feedback-ID: 12:weekly:digest:", "Feedback-ID: 1:12:weekly:digest:"),
    ("M4", "raw", "Feedback-ID: 12:weekly:digest:3e5b2c1a9d1f", "Feedback-ID: 12:weekly:digest:"),
    ("M4", "raw", "Feedback-ID: 12:", "Feedback-ID: nell@reader.example:"),
    ("M4", "raw", "Feedback-ID: 12:", f"Feedback-ID: {hashlib.md5(b'nell@reader.example').hexdigest()}:"),
    ("M4", "raw", "Feedback-ID: 12:weekly:digest:3e5b2c1a9d1f\r\n", ""),
    ("M5", "raw", "Precedence: bulk\r\n", "Precedence: bulk\n"),
    ("M5", "raw", "Precedence: bulk\r\n", "Precedence: bulk\r"),
    ("M5", "raw", SUBJECT, f"{SUBJECT} {'a' * 1000}"),
    ("M5", "raw", SUBJECT, f"Subject: {LONG_WORD}"),
    ("M5", "raw", SUBJECT, "Subject: =?utf-8?q?caf=C3?= =?utf-8?q?=A9?="),
    ("M5", "raw", SUBJECT, "Subject: =?utf-8?b?Y2Fm*?="),
    ("M5", "raw", SUBJECT, "Subject: =?utf-8?q?the ferry?="),
    ("M5", "raw", SUBJECT, "Subject: =?utf-8?q?the_fer"),
    ("M5", "raw", LEAVE, "List-Unsubscribe: =?utf-8?q?=3Cmailto=3Aweekly=40harbour=2Eexample=3E?="),
    ("M5", "raw", "Feedback-ID: 12:", "Feedback-ID: =?utf-8?q?12?=:"),
    ("M5", "raw", FROM, 'From: "=?utf-8?q?Caf=C3=A9?=" <weekly@harbour.example>'),
    ("M5", "raw", "From: The Harbour", "From: Thé Harbour"),
    ("M5", "raw", "Precedence: bulk", "Precedence: bulk\r\nno field at all"),
    ("M5", "raw", "=3D", "=ZZ"),
    ("M5", "raw", f"{ENCODING}\r\n\r\nThe", "Content-Transfer-Encoding: x-zip\r\n\r\nThe"),
    ("M5", "raw", f"{ENCODING}\r\n\r\nThe", "\r\nThé"),
    ("M5", "raw", "The Harbour Weekly\r\n", "The Harbour =FFWeekly\r\n"),
    ("M6", "raw", CLOSING, ""),
    ("M6", "raw", "multipart/alternative", "multipart/mixed"),
    ("M6", "raw", "text/plain", "text/x-plain"),
    ("M6", "raw", "text/html", "application/x-html"),
    ("M6", "raw", "MIME-Version: 1.0\r\n", ""),
    ("M6", "raw", "MIME-Version: 1.0", "MIME-Version: 2.0"),
    ("M6", "raw", 'boundary="=_', 'boundary="=-'),
    ("M6", "raw", 'text/plain; charset="utf-8"', "text/plain"),
    ("M6", "raw", "Precedence: bulk", "Precedence: bulk\x07"),
    ("M6", "raw", "Subject: The ferry", "Subject: The \x00ferry"),
    ("M9", "html", "<!DOCTYPE html>\n", ""),
    ("M9", "html", "<!DOCTYPE html>", "<!-- ours --><!DOCTYPE html>"),
    ("M9", "html", "<!DOCTYPE html>", '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">'),
    ("M9", "html", '<html lang="en-GB"', "<html"),
    ("M9", "html", '<html lang="en-GB"', '<html lang="English, of course"'),
    ("M9", "html", '<html lang="en-GB" dir="ltr"', '<html lang="en-GB"'),
    ("M9", "html", '11 more" lang="en-GB"', '11 more"'),
    ("M9", "html", '<meta charset="utf-8">', ""),
    ("M9", "html", '<meta charset="utf-8">', '<meta charset="iso-8859-1">'),
    ("M9", "html", '<meta charset="utf-8">\n', '<meta name="author" content="us">\n<meta charset="utf-8">\n'),
    ("M9", "html", "<title>The ferry sails, and 11 more</title>", ""),
    ("M9", "html", "<title>The ferry sails, and 11 more", "<title>Newsletter"),
    ("M9", "html", 'content="width=device-width, initial-scale=1"', 'content="width=1024"'),
    ("M9", "html", 'name="color-scheme"', 'name="colour-scheme"'),
    ("M9", "html", 'name="supported-color-schemes"', 'name="supported"'),
    ("M9", "html", 'name="format-detection"', 'name="format"'),
    ("M9", "html", "PixelsPerInch>96</o:PixelsPerInch", "AllowPNG></o:AllowPNG"),
    ("M10", "html", '<table role="presentation" width="100%" border="0"', '<table width="100%" border="0"'),
    ("M10", "html", 'border="0" cellpadding="0"', 'border="1" cellpadding="0"'),
    ("M10", "html", '<!--[if mso]><table role="presentation"', "<!--[if mso]><table"),
    ("M10", *into("<table><tr><td>1</td><td>2</td></tr></table>")),
    ("M10", "html", "<h1", "<h2"),
    ("M10", *into("<h1>Another</h1>")),
    ("M10", *into("<h2>Here</h2><h5>Down</h5>")),
    ("M10", "html", 'role="article" ', ""),
    ("M10", "html", ' aria-label="The ferry sails, and 11 more"', ""),
    ("M10", *into(f'<div style="{STYLED}">One<br><br>Two</div>')),
    ("M10", *into(f'<p style="{STYLED}">• One</p>')),
    ("M11", "html", SHOWN, BARE_PICTURE),
    ("M11", "html", 'alt="A ferry"', 'alt="IMG_2041.jpg"'),
    ("M11", "html", 'width="544"', 'width="100%"'),
    ("M11", "html", ' height="363"', ""),
    ("M11", "html", 'src="https://harbour.example/media/a.jpg"', 'src="http://harbour.example/media/a.jpg"'),
    ("M11", "html", 'src="https://harbour.example/media/a.jpg"', 'src="/media/a.jpg"'),
    ("M11", "html", 'src="https://harbour.example/media/a.jpg"', 'src="cid:a@harbour.example"'),
    ("M11", "html", 'src="https://harbour.example/media/a.jpg"', ""),
    ("M12", *into("<script>x()</script>")),
    ("M12", *into('<iframe src="https://a.example/"></iframe>')),
    ("M12", *into('<form action="https://a.example/"><input name="a"></form>')),
    ("M12", *into('<embed src="https://a.example/a.swf">')),
    ("M12", *into('<video src="https://a.example/a.mp4"></video>')),
    ("M12", "html", '<meta charset="utf-8">', '<meta charset="utf-8"><base href="https://a.example/">'),
    ("M12", "html", '<meta charset="utf-8">', '<meta charset="utf-8"><link rel="stylesheet" href="https://a.example/a.css">'),
    ("M12", "html", '<meta charset="utf-8">', '<meta charset="utf-8"><meta http-equiv="refresh" content="1">'),
    ("M12", "html", "<h1", "<h1 onclick='x()'"),
    ("M12", "html", f'href="{QUAY}"', 'href="javascript:x()"'),
    ("M12", "html", f'href="{QUAY}"', 'href="java&#9;script:x()"'),
    ("M12", "html", f'href="{QUAY}"', 'href="data:text/html,x"'),
    ("M12", "html", f'href="{QUAY}"', 'href="/quay/"'),
    ("M12", "html", f'href="{QUAY}"', 'href="http://harbour.example/quay/"'),
    ("M12", "html", f'href="{QUAY}"', 'href=""'),
    ("M12", "html", f'href="{QUAY}"', 'href="https:///quay/"'),
    ("M12", *into(f'<a href="{FERRY}"></a>')),
    ("M12", *into(f'<p style="{STYLED}"><a style="color:#0b5563" href="{FERRY}">Click here</a></p>')),
    ("M13", *into("<p>Bare words.</p>")),
    ("M13", *text("color #191c1e")),
    ("M13", *text("position:absolute")),
    ("M13", *text("display:flex")),
    ("M13", *text("width:calc(100% - 20px)")),
    ("M13", *text("margin-inline:4px")),
    ("M13", *text("background-image:url(https://a.example/a.png)")),
    ("M13", *text("text-shadow:1px 1px 1px #cccccc")),
    ("M13", *into(f'<p style="{STYLED}; word-wrap:break-word">{LONG}</p>')),
    ("M13", *into(f'<p style="{STYLED}; overflow-wrap:anywhere"><b>See {LONG}.</b></p>')),
    ("M13", *into(f'<p style="{STYLED}; word-break:break-word; font-size:44px">{LONG[:26]}</p>')),
    ("M13", *text("word-break:keep-all")),
    ("M13", *into(f'<pre style="{STYLED}; white-space:pre-wrap">a = 1\n{"b = 2 + " * 9}</pre>')),
    ("M13", *text("white-space:pre-wrap")),
    ("M13", *text("border-radius:50%")),
    ("M13", *text("border-radius:25px")),
    ("M13", "html", 'width="100%" border="0"', 'style="table-layout:fixed" border="0"'),
    ("M13", *into(f'<table width="9" style="table-layout:fixed"><tr>{"<td></td>" * 2}</tr></table>')),
    ("M13", "html", "media/a.jpg", "media/a.webp"),
    ("M13", *into('<svg width="10" height="10"></svg>')),
    ("M13", "html", "padding: 0 !important;", "padding: 0;"),
    ("M14", *text("color:#999999")),
    ("M14", *text("background-color:#333333")),
    ("M14", *text("color:rgba(25, 28, 30, 0.4)")),
    ("M14", *text("color:#0000ff")),
    ("M14", "html", "[data-ogsc]", "[data-ogs]"),
    ("M14", "html", "[data-ogsb]", "[data-ogs]"),
    ("M14", "html", DARK, "@media (prefers-color-scheme: light)"),
    ("M14", "html", LAST_STYLE, f"{DARK} {{ .foot {{ color: #333333 !important; }} }}{LAST_STYLE}"),
    ("M15", "html", "</style>\n<style>", ""),
    ("M15", "html", ".outer { padding: 0 !important; }", ".outer { padding: 0 !important; "),
    ("M15", "html", ".outer { padding: 0 !important; }", ".outer { padding 0; }"),
    ("M15", "html", ".outer { padding: 0 !important; }", ".outer { padding: 0 !important; } }"),
    ("M15", "html", "<style>", '<style>@import "https://a.example/a.css";'),
    ("M15", "html", "<style>", "<style>.a { background: url(https://a.example/a.png) !important; }"),
    ("M15", "html", "<style>", f"<style>{'.a { color: #000000 !important; }' * 600}"),
    ("M15", *into("<style>.a { color: #000000 !important; }</style>")),
    ("M16", "html", PREHEADER, "Short."),
    ("M16", "html", PREHEADER, PREHEADER * 2),
    ("M16", "html", HIDDEN, STYLED),
    ("M16", "html", HIDDEN, "display:none"),
    ("M16", "html", "\u034f\u200c\u00a0" * 70, ""),
    ("M16", "text", "The Harbour Weekly", f"{PREHEADER}\nThe Harbour Weekly"),
    ("M17", *into(f'<p style="{STYLED}">{"It rains. " * 8_000}</p>')),
    ("M17", *into(f'<p style="{STYLED}">{"It rains. " * 9_500}</p>')),
    ("M17", "html", UNSUBSCRIBE, ""),
    ("M17", "text", UNSUBSCRIBE_TEXT, ""),
    ("M18", "html", 'lang="en-GB" dir="ltr"', 'lang="ar" dir="ltr"'),
    ("M18", *into('<table role="presentation" width="700" border="0" cellpadding="0" cellspacing="0"></table>')),
    ("M18", *text("width:640px")),
    ("M18", *text("min-width:480px")),
    ("M18", *text("font-size:11px")),
    ("M18", *text("line-height:18px")),
    ("M18", *text("height:20px; overflow:hidden")),
    ("M18", "html", "initial-scale=1", "initial-scale=1, user-scalable=no"),
    ("M18", "html", "padding:12px 24px", "padding:2px 24px"),
    ("M19", "text", f"{QUAY}\n", ""),
    ("M19", "text", FERRY, f"{FERRY}\nhttps://elsewhere.example/"),
    ("M19", "text", f"{FERRY}\n", f"{QUAY}\n{FERRY}\n"),
    ("M19", "text", "In brief", "In brief, " + "what else there was on the water " * 3),
    ("M19", "text", "In brief", "<p>In brief</p>"),
    ("M19", *into(f'<p style="{STYLED}">{" ".join(f"word{n}" for n in range(200))}</p>')),
    ("M20", *into('<img src="https://a.example/a.gif" alt="" width="1" height="1">')),
    ("M20", *into('<img src="https://a.example/a.gif" alt="" width="9" height="9" style="display:none">')),
    ("M20", *into('<img src="https://a.example/open/a.gif" alt="" width="9" height="9">')),
]  # fmt: skip
RULES = [f"M{number}" for number in range(1, 21) if number not in {7, 8}]
GRAVE = (Severity.ERROR, Severity.WARNING)
# As long as no address is served to post to, a reader leaves by a mail.
EXPECTED = {("M2", "it holds a mailto address alone: a reader leaves by sending a mail, not with one click")}
ALIKE = {"full": samples.DIGEST, "bare": samples.BARE_DIGEST, "plain": view(), "many": view(entries=entries(30))}
MIRRORED = {
    language: view(
        language=language,
        direction="rtl",
        entries=(ARABIC,) * 3,
        site=replace(SITE, language=language, direction="rtl"),
    )
    for language in ("ar", "he")
}


HEADLINES = {
    "de": "Die Fähre fährt wieder",
    "fr": "Le ferry repart",
    "es": "El ferry vuelve",
    "pt": "O ferry volta",
    "ja": "港のフェリーが再び運航を開始",
    "zh": "渡轮恢复运行",
    "zh-Hant": "渡輪恢復運行",
    "ko": "여객선이 다시 운항을 시작",
    "ar": "العبارة تعود إلى الإبحار",
    "he": "המעבורת שבה להפליג",
}
BODY = """<h2>{0}</h2><p>{0} <a href="https://isle.example/{1}">{0}</a></p><blockquote><p>{0}</p></blockquote><ul><li>{0}</li>
</ul><table><tr><th>{0}</th></tr><tr><td>1</td></tr></table><pre>{0}</pre><hr>"""


def furnished(language):
    """Return an edition in which every part of a digest stands, in a language."""
    said, direction = HEADLINES[language], direction_of(language)
    stories = (
        {"title": f"{said} {n}", "url": f"{URL}{n}/", "html": BODY.format(said, n), "summary": f"{said}. " * 5}
        for n in range(14)
    )
    return view(
        language=language,
        direction=direction,
        site=replace(SITE, language=language, direction=direction),
        entries=tuple(entry(**story, language=language, direction=direction, image=PICTURE) for story in stories),
        group_by="tag",
        note=f'<p>{said} <a href="{URL}note/">{said}</a></p>',
        corrections=(Corrected(said, f"{URL}c/", MONDAY, said * 3),),
        preferences_url=f"{URL}preferences/",
        theme=Theme(logo_url=f"{URL}logo.png", logo_width=200, logo_height=60, radius=8),
    )


def told(digest_view):
    known = Sender(postal_address=digest_view.site.postal_address)
    return {(one.rule, one.what) for one in judge_message(message(digest_view), sender=known).findings}


def grave(data):
    return [one.text for one in judge_message(data).findings if one.severity in GRAVE]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("digest_view", [*ALIKE.values(), *MIRRORED.values()], ids=[*ALIKE, *MIRRORED])
def test_nothing_is_found_in_our_own_messages(digest_view, layout):
    assert told(replace(digest_view, layout=layout)) == EXPECTED


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", HEADLINES)
def test_nothing_is_found_in_an_edition_with_every_part_in_any_language(language, layout):
    assert told(replace(furnished(language), layout=layout)) == EXPECTED


@pytest.mark.rule("M1", "M2", "M3", "M4", "M5", "M6", "M9", "M10", "M11", "M12")
@pytest.mark.rule("M13", "M14", "M15", "M16", "M17", "M18", "M19", "M20")
@pytest.mark.parametrize(("rule", "part", "old", "new"), PLANTED)
def test_planted_fault_is_found_by_its_rule(rule, part, old, new):
    known = {(one.rule, one.what) for one in judge_message(good()).findings}
    found = {(one.rule, one.what) for one in judge_message(spoilt(part, old, new)).findings}
    assert rule in {each for each, _ in found - known}


def test_at_least_60_different_faults_are_planted_and_each_rule_has_one():
    assert len({(part, old, new) for _, part, old, new in PLANTED}) >= 60
    assert {rule for rule, *_ in PLANTED} == set(RULES)


def test_planted_fault_brings_few_others_with_it():
    noise = {(part, old, new): len(grave(spoilt(part, old, new))) for _, part, old, new in PLANTED}
    assert {planted: number for planted, number in noise.items() if number > 6} == {}


def test_every_finding_says_where_why_and_what_to_do():
    for _, part, old, new in PLANTED:
        for one in judge_message(spoilt(part, old, new)).findings:
            assert str(one.spot) and one.what and one.why and one.remedy
