"""Enclosures and pictures that are missing, empty, not what their names say, or lie where they must not.

Each of a feed's addresses of media leads to the site's own shelf. Not here: pictures that run (payloads).
"""

import struct
import zlib

from tests.formats.corpus.cases import Theme, html, md


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    """Return a grey picture."""
    rows = zlib.compress(b"".join(b"\0" + bytes(width) for _ in range(min(height, 50))))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


FILES = {
    "a.mp3": b"ID3\x03" + bytes(996),
    "empty.mp3": b"",
    "b.pdf": b"%PDF-1.4\n",
    "a & b's <1>.mp3": b"ID3\x03odd",
    "ümlaut 渡船.mp3": b"ID3\x03far",
    "sub/c.ogg": b"OggS" + bytes(60),
    "grey.png": png(40, 30),
    "wide.png": png(50_000, 50_000),
    "words.png": b"Only words.",
    "cut.png": png(40, 30)[:40],
    "page.jpg": b"<script>alert(1)</script>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "program.exe": b"MZ",
    "no-suffix": b"words",
    ".hidden.mp3": b"ID3\x03hidden",
}


def enclosed(name, written, files=(), **expected):
    return md(f"{name}.md", f"enclosures: {written}", files=list(files), **expected)


def shown(name, markup, *lacks, **expected):
    return html(f"{name}.html", f"<p>Words. {markup}</p>", lacks=lacks, **({"holds": "Words."} | expected))


CASES = (
    enclosed("sound", "a.mp3", [("audio/mpeg", 1000)]),
    enclosed("several", "[a.mp3, b.pdf]", [("audio/mpeg", 1000), ("application/pdf", 9)]),
    enclosed("twice", "[a.mp3, ./a.mp3, sub/../a.mp3]", [("audio/mpeg", 1000)]),
    enclosed("with-title", "[{file: a.mp3, title: '<b>Listen</b> & more'}]", [("audio/mpeg", 1000)]),
    enclosed("below", "sub/c.ogg", [("audio/ogg", 64)]),
    enclosed("odd-name", "'a & b''s <1>.mp3'", [("audio/mpeg", 7)]),
    enclosed("odd-name-encoded", "'a%20&%20b''s%20%3C1%3E.mp3'", [("audio/mpeg", 7)]),
    enclosed("other-script", "ümlaut 渡船.mp3", [("audio/mpeg", 7)]),
    enclosed("with-query", "a.mp3?download=1", [("audio/mpeg", 1000)]),
    enclosed("empty-file", "empty.mp3", [("audio/mpeg", 0)]),
    enclosed("missing", "nowhere.mp3", noted="is not there"),
    enclosed("folder", "sub", noted="is no file"),
    enclosed("upwards", "../../../../etc/passwd", noted="outside the articles folder", lacks="passwd"),
    enclosed("upwards-encoded", "'%2e%2e/%2e%2e/etc/passwd'", noted="outside the articles folder", lacks="passwd"),
    enclosed("absolute", "/etc/passwd", noted="is not there", lacks="passwd"),
    enclosed("nul-in-name", '"a.mp3\\0.png"', lacks="\0"),
    enclosed("program", "program.exe", noted="of a kind that is not published"),
    enclosed("no-suffix", "no-suffix", noted="of a kind that is not published"),
    enclosed("drawing", "drawing.svg", noted="of a kind that is not published"),
    enclosed("runs", "javascript:alert(1)", lacks="javascript"),
    enclosed("by-file-address", "file:///etc/passwd", lacks="passwd"),
    enclosed("nonsense", "[1, null, {x: y}, [a.mp3]]"),
    enclosed("empty", "''"),
    shown("picture", '<img src="grey.png" alt="Grey">', holds='alt="Grey" width="40" height="30"'),
    shown("picture-in-capitals", '<IMG SRC="grey.png" ALT="Grey">', holds='alt="Grey"'),
    shown("picture-missing", '<img src="nowhere.png" alt="A ferry">', "<img", holds="<em>A ferry</em>"),
    shown("picture-without-alt", '<img src="grey.png">', holds='alt=""'),
    shown("picture-of-words", '<img src="words.png" alt="Words only">', "<img", holds="Words only"),
    shown("picture-cut-short", '<img src="cut.png" alt="Cut">'),
    shown("picture-too-wide", '<img src="wide.png" alt="Wide">', "<img", holds="<em>Wide</em>"),
    shown("picture-is-a-page", '<img src="page.jpg" alt="Page">', "<img", "alert", holds="Page"),
    shown("picture-is-a-drawing", '<img src="drawing.svg" alt="Drawn">', "<img", holds="Drawn"),
    shown("picture-is-a-sound", '<img src="a.mp3" alt="Sound">', "<img", holds="Sound"),
    shown("picture-sizes", '<img src="grey.png" width="100%" height="-5" alt="S">', "100%", '"-5"', holds='width="40"'),
    shown("picture-far-away", '<img src="https://a.example/x.png?a=1&amp;b=2" alt="Far">', holds="x.png?a=1&amp;b=2"),
    shown("picture-breaks-out", "<img src='grey.png' alt='\"&gt;&lt;script&gt;alert(1)'>", 'alt=""><script'),
    shown("sound-in-page", '<audio src="a.mp3" onplay=alert(1)>No sound</audio>', "<audio", "onplay"),
    shown("link-to-sound", '<a href="a.mp3">Listen</a>', holds=".mp3"),
    md("cover-missing.md", "image: nowhere.png", holds="Some plain words.", lacks="nowhere"),
    md("cover-upwards.md", "image: ../../../etc/passwd", lacks="passwd"),
    md("cover-runs.md", "image: javascript:alert(1)", lacks="javascript"),
    md("cover-marked-up.md", "image: {src: grey.png, alt: '\"><b>', caption: '<i>c</i>', credit: 'a & b'}",
       holds="&lt;i&gt;c&lt;/i&gt; (a &amp; b)", lacks="<figcaption><i>"),
    md("cover-list.md", "image: [grey.png, words.png]"),
)  # fmt: skip
THEME = Theme(cases=CASES, files=FILES)
