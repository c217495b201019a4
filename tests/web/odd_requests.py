"""Requests that no browser sends, and some that one does: any method, path, field and body, from a seed.

Pure. Not here: sending them, and what must hold of the answers (fuzzing).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from urllib.parse import quote

SAFE = "GET", "HEAD", "OPTIONS"
METHODS = (
    *SAFE,
    "POST",
    "POST",
    "POST",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "TRACE",
    "PROPFIND",
    "get",
    "X" * 300,
    "M-S",
)
VERSIONS = (*["1.1"] * 20, "1.0", "1.0", "2.0", "x")
ODD = (
    "",
    "\x00",
    "\ud800",
    "\udfff\ud800",
    "ä",
    "日本",
    "😀",
    "\u202e",
    "\r\nSet-Cookie: a=b",
    "'\"><script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "{% raise %}",
    "%s%n%x",
    "../" * 9,
    "a" * 3000,
    "-1",
    "1e999",
    "9" * 400,
    "None",
    "\x7f\x80\xff",
    "\u2028",
    "'; DROP TABLE subscribers; --",
)
STEPS = "", "subscribe", "confirm", "leave", "back", "preferences", "manage", "move", "view", "proof", "x", ".", ".."
PLACES = (
    "/",
    "/rss.xml",
    "/feed.json",
    "/ferry/",
    "/ferry",
    "/newsletters/weekly/",
    "/media/x",
    "/private/x/rss.xml",
    "/healthz",
    "/readyz",
    "/metrics",
    "/none",
    "*",
)
FIELDS = (
    ("newsletter", ("weekly", "daily", "none")),
    ("address", ("ann@x.example", "zoe@x.example", "ann@", "@", "a@b", '"a b"@x.example', "ü@ü.example")),
    ("language", ("en", "de", "zh-Hant", "xx", "e" * 99)),
    ("timezone", ("Europe/Dublin", "Mars/X", "../../etc/passwd")),
    ("website", ("", "x")),
    ("do", ("data", "move", "forget", "none")),
    ("sure", ("yes", "no")),
    ("cadence", ("", "day", "week", "month", "article")),
    ("tongue", ("", "de", "xx")),
    ("follow", ("ferry", "none")),
    ("mute", ("ferry", "none")),
    ("paused_until", ("", "2026-12-31", "0001-01-01", "9999-12-31", "2027-13-01", "1-1-1", "٢٠٢٧-٠١-٠١")),
    ("List-Unsubscribe", ("One-Click", "x")),
    ("proof", ("", "x", "1.2.3")),
    ("challenge", ("", "x", "1.2.3")),
)
HEADERS = (
    ("Host", ("gazette.example", "evil.example", "", "a b", "[::1", "x" * 5000)),
    ("Accept-Language", ("de", "*", "en;q=9", ";;;,,", "x" * 900, "de;q=0.00001")),
    ("Accept-Encoding", ("gzip, br", "br;q=0", "*;q=0", "identity;q=0, *;q=0", ",,;q")),
    ("If-None-Match", ("*", '"x"', 'W/"x", "y"', '"', "x" * 3000)),
    ("If-Match", ("*", '"x"', "")),
    ("If-Modified-Since", ("Mon, 23 Nov 2026 12:00:00 GMT", "yesterday", "Mon, 99 Nov 2026", "0")),
    ("If-Unmodified-Since", ("Mon, 23 Nov 1970 12:00:00 GMT", "x")),
    ("Range", ("bytes=0-1", "bytes=9-1", "bytes=-", "bytes=0-0,2-3,5-", "x=1", "bytes=99999999999999999999-")),
    ("If-Range", ('"x"', "Mon, 23 Nov 2026 12:00:00 GMT")),
    ("A-IM", ("feed", "feed;q=0", "x, feed")),
    ("X-Forwarded-For", ("1.2.3.4", "::1", "x", ",,,", "1.2.3.4:99999", "[::1", "127.0.0.1, 127.0.0.1")),
    ("Authorization", ("Bearer x", "Basic eA==", "x", "Bearer \xff")),
    ("Cookie", ("a=b", "\xff=;;")),
    ("Origin", ("https://evil.example", "null", "x://[", "https://gazette.example:99999")),
    ("Sec-Fetch-Site", ("cross-site", "same-origin", "x")),
    ("Expect", ("100-continue", "x")),
    ("Connection", ("close", "upgrade", "keep-alive, x")),
    ("Upgrade", ("websocket", "h2c")),
    ("Transfer-Encoding", ("chunked", "gzip, chunked", "x")),
    ("User-Agent", ("", "Feedly/1.0 (9999999999999999999 subscribers)", "\xff\xfe")),
    ("X-\xff", ("x",)),
)
KINDS = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "y" * 300,
    'multipart/form-data; boundary="x; charset=utf-7"',
    "MULTIPART/FORM-DATA; BOUNDARY=x",
    "application/json",
    "text/plain",
    "",
    "\xff/\xfe",
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its bytes; ``is_cut`` tells whether it promises more than comes."""

    method: str
    target: str
    data: bytes
    is_cut: bool


def odd_request(random: Random, paths: list[str], *, only_safe: bool) -> Request:
    """Return a request to one of these paths, or to something like them."""
    method = random.choice(SAFE) if only_safe else random.choice(METHODS)
    target, body = _target(random, paths), b""
    heads = [("Host", "gazette.example")] if random.random() < 0.97 else []
    heads += [_header(random) for _ in range(random.choice((0, 0, 1, 2, 5)))]
    if method not in SAFE or random.random() < 0.1:
        kind, body = _body(random)
        heads += [("Content-Type", kind), ("Content-Length", _length(random, body))]
    lines = [f"{method} {target} HTTP/{random.choice(VERSIONS)}"]
    lines += [f"{name}: {value}" for name, value in heads]
    data = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body
    promised = [value for name, value in heads if name == "Content-Length"]
    is_cut = any(name == "Transfer-Encoding" for name, _ in heads) or promised not in ([], [str(len(body))])
    return Request(method, target, data, is_cut)


def _target(random: Random, paths: list[str]) -> str:
    path = random.choice((random.choice(paths), random.choice(paths), random.choice(PLACES), _made(random)))
    if random.random() < 0.4:
        path = _spoilt(random, path)
    if random.random() < 0.3:
        path += f"?{random.choice(('lang', 'next', 'utm_source', ''))}={_coded(random, random.choice(ODD))}"
    return f"http://evil.example{path}" if random.random() < 0.03 else path


def _made(random: Random) -> str:
    who = "".join(random.choices("0123456789abcdef", k=random.choice((1, 16, 32))))
    token = (
        f"{who}.{random.choice(('weekly', 'daily', ''))}.{random.choice('0129')}.{'0' * random.choice((39, 40, 41))}"
    )
    return f"/readers/{random.choice(STEPS)}/{token}"


def _spoilt(random: Random, path: str) -> str:
    at = random.randrange(len(path) + 1)
    odd = _coded(random, random.choice(ODD))
    return random.choice(
        (
            path[:at],
            path[:at] + odd + path[at:],
            path[:at] + random.choice("0fz/.%;\\") + path[at + 1 :],
            path + "/",
            path.replace("/", "//"),
            path.replace("/", "%2f"),
            path.upper(),
            f"/.{path}",
            f"/%2e%2e{path}",
            path + "/" + "a/" * 400,
        )
    )


def _coded(random: Random, text: str) -> str:
    if random.random() < 0.1:
        return "".join(one for one in text if one.isprintable() and one != " ")
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _header(random: Random) -> tuple[str, str]:
    name, values = random.choice(HEADERS)
    value = random.choice((*values, random.choice(ODD).replace("\r\n", " ").replace("\x00", "")))
    return name, value.encode("utf-8", "replace").decode("latin-1") if random.random() < 0.5 else value


def _length(random: Random, body: bytes) -> str:
    if random.random() < 0.95:
        return str(len(body))
    return random.choice(("0", "-1", "x", str(len(body) + 5), str(len(body) // 2), "9" * 30))


def _body(random: Random) -> tuple[str, bytes]:
    kind = random.choice(KINDS[:1] * 8 + KINDS[2:3] * 4 + KINDS)
    fields = [_field(random) for _ in range(random.choice((0, 1, 3, 6, 12, 150)))]
    if random.random() < 0.1:
        return kind, random.choice((random.randbytes(200), b"a" * 20_000, b"&" * 9000, b"[" * 9000, b"%", b"=&=&;"))
    if "multipart" in kind.lower():
        return kind, _parts(random, fields)
    return kind, b"&".join(_pair(random, name) + b"=" + _pair(random, value) for name, value in fields)


def _field(random: Random) -> tuple[str, str]:
    name, values = random.choice(FIELDS)
    return random.choice((name,) * 15 + ODD), random.choice((*values, *values, random.choice(ODD)))


def _pair(random: Random, text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return data if random.random() < 0.1 else quote(data, safe="@").encode()


def _parts(random: Random, fields: list[tuple[str, str]]) -> bytes:
    found = b""
    for name, value in fields:
        file = random.choice(("", "", "", '; filename="x"', '; filename="../\x00"', "; filename*=utf-8''%ff"))
        head = f'Content-Disposition: form-data; name="{name}"{file}\r\n'
        more = random.choice(
            ("", "", "Content-Type: text/plain; charset=x\r\n", "Content-Type: multipart/mixed\r\n", "X\r\n")
        )
        found += b"--x\r\n" + (head + more).encode("utf-8", "surrogatepass") + b"\r\n"
        found += value.encode("utf-8", "surrogatepass") + b"\r\n"
    end = random.choice((b"--x--\r\n", b"--x--\r\n", b"--x\r\n", b"", b"--x"))
    return (found + end)[: random.choice((len(found) + 9, len(found) + 9, len(found) // 2))]
