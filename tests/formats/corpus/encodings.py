"""Bytes in other encodings, in none, in two at once, or no text at all.

Read as declared, else as UTF-8, else as detected; never garbled in silence. Not here: characters that are legal UTF-8
and illegal in XML (characters).
"""

import gzip

from tests.formats.corpus.cases import Theme, case

FRONT = "---\ntitle: Café {}\ndate: 2024-11-20\n---\nLe café est très agréable, à côté de l'hôtel où l'été s'achève.\n"


def encoded(name, encoding, *, bom=b"", **expected):
    text = FRONT.format(name)
    expected = {"title": f"Café {name}", "holds": "agréable, à côté"} | expected
    return case(f"{name}.md", bom + text.encode(encoding), **expected)


def declared(name, charset, data, **expected):
    head = f"<html><head><meta charset={charset}></head><body><h1>{name}</h1><p>".encode()
    return case(f"{name}.html", head + data + b"</p></body></html>", **expected)


CASES = (
    encoded("utf-8", "utf-8"),
    encoded("utf-8-marked", "utf-8", bom=b"\xef\xbb\xbf"),
    encoded("utf-8-marked-twice", "utf-8", bom=b"\xef\xbb\xbf\xef\xbb\xbf"),
    encoded("utf-16", "utf-16"),
    encoded("utf-16-big", "utf-16-be", bom=b"\xfe\xff"),
    encoded("utf-32", "utf-32"),
    encoded("utf-16-unmarked", "utf-16-le", refused="binary", holds=(), title=""),
    encoded("latin-1", "latin-1", noted="not UTF-8"),
    encoded("windows-1252", "cp1252", noted="not UTF-8"),
    encoded("mac-roman", "mac_roman", noted="not UTF-8"),
    case("utf-16-odd.md", b"\xff\xfe" + "---\ntitle: Odd\n---\nWords.\n".encode("utf-16-le") + b"\x41", title="Odd"),
    case("utf-16-wrong-mark.md", b"\xfe\xff" + "---\ntitle: Wrong\n---\n".encode("utf-16-le")),
    case("broken-byte.md", b"---\ntitle: Caf\xc3\xa9 crois\xc3\xa9\n---\nCr\xc3\xa8me br\xc3\xbbl\xc3\xa9e \xff end.\n",
         title="Café croisé", holds="brûlée \ufffd end.", noted="could not be read"),
    case("cut-in-a-letter.md", "---\ntitle: Cut\n---\nÉté, café, crème, fin: é".encode()[:-1], title="Cut"),
    case("overlong.md", b"---\ntitle: Overlong\n---\nAn overlong \xc0\xbcscript\xc0\xbe here.\n", lacks="<script"),
    case("five-bytes.md", b"---\ntitle: Five\n---\nFive \xf8\x88\x80\x80\x80 bytes.\n", title="Five"),
    case("beyond-unicode.md", b"---\ntitle: Beyond\n---\nBeyond \xf4\x90\x80\x80 it.\n", title="Beyond"),
    case("cesu.md", b"---\ntitle: Cesu\n---\nSmile \xed\xa0\xbd\xed\xb8\x80 here.\n", holds="Smile 😀 here.",
         noted="CESU-8"),
    case("half-a-pair.md", b"---\ntitle: Half\n---\nHalf \xed\xa0\x80 here.\n", holds="Half \ufffd here."),
    case("nul-now-and-then.md", b"---\ntitle: Now\n---\nNow\0 and\0 then.\n", holds="Now and then."),
    case("nul-everywhere.md", b"---\0title\0:\0N\0" * 20, refused="binary"),
    case("only-nul.txt", b"\0" * 100, refused="binary"),
    case("compressed.md", gzip.compress(b"---\ntitle: Packed\n---\nPacked words.\n", mtime=0), refused="binary"),
    case("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, refused="binary"),
    case("program.txt", b"\x7fELF" + b"\x00\x01\x02\x03" * 99, refused="binary"),
    case("escape-of-japan.md", "---\ntitle: Iso\n---\n渡船は遅れた。\n".encode("iso2022_jp"), title="Iso"),
    declared("declared-latin", "iso-8859-1", "Très agréable".encode("latin-1"), holds="Très agréable"),
    declared("declared-smart-quotes", "iso-8859-1", b"\x93Yes\x94 \x80 5", holds="“Yes” € 5"),
    declared("declared-shift-jis", "shift_jis", "渡船は遅れた".encode("cp932"), holds="渡船は遅れた"),
    declared("declared-wrongly", "shift_jis", "Très agréable, déjà".encode(), holds="Très agréable, déjà"),
    declared("declared-utf-7", "utf-7", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-", lacks="<script"),
    declared("declared-utf-16", "utf-16", b"Words in ASCII", holds="Words in ASCII"),
    declared("declared-hz", "hz-gb-2312", b"~{<script>alert(1)</script>~}", lacks="<script"),
    declared("declared-nonsense", "klingon", "Très".encode(), holds="Très"),
    declared("declared-rot13", "rot13", b"Words", holds="Words"),
    declared("declared-hex", "hex", b"Words", holds="Words"),
    declared("declared-idna", "idna", b"Words", holds="Words"),
    declared("declared-markup", '"><script>', b"Words", refused="no text"),
    case("declared-in-xml.html", b"<?xml version='1.0' encoding='latin1'?><h1>Xml</h1><p>Tr\xe8s</p>", holds="Très"),
)  # fmt: skip
THEME = Theme(cases=CASES)
