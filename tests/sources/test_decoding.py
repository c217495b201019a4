"""Bytes become clean text: as declared, or with a note that says what was done; garbled in silence never.

Not here: what the text means (rules).
"""

import codecs
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.text import clean_text
from feeds.sources.decoding import decode

FRENCH = "Après l’hiver, les écoliers de l’île n’auront plus à attendre : « enfin ! » dit la maîtresse."
ENGLISH = "“At last,” said Zoë, who keeps the café at the pier — it cost her £40 a week."
GERMAN = "Die Fähre fährt ab Montag wieder. Größere Schäden gab es nicht, sagte die Wirtin über die Pause."
POLISH = "Prom znów kursuje od poniedziałku. Uczniowie z wyspy nie będą już czekać zimą. Żółta łódź też."
RUSSIAN = "Паром снова ходит с понедельника. Школьники острова больше не ждут зимой на причале."
GREEK = "Το πλοίο ξεκινά πάλι τη Δευτέρα. Οι μαθητές του νησιού δεν θα περιμένουν πια το χειμώνα."
ARABIC = "تعود العبارة إلى العمل يوم الاثنين. قالت المعلمة إن تلاميذ الجزيرة لن ينتظروا بعد الآن في البرد."
JAPANESE = "フェリーは月曜日から再び運航する。島の子供たちはもう冬の桟橋で待たなくてよい、と先生は言った。"
CHINESE = "渡轮从星期一起恢复运行。老师说，岛上的学生冬天再也不用在码头等候了。"
KOREAN = "페리는 월요일부터 다시 운항한다. 섬의 학생들은 더 이상 겨울에 부두에서 기다리지 않아도 된다."

LEGACY = [
    ("cp1252", FRENCH),
    ("cp1252", ENGLISH),
    ("iso8859-1", GERMAN),
    ("cp1250", POLISH),
    ("iso8859-2", POLISH),
    ("cp1251", RUSSIAN),
    ("koi8-r", RUSSIAN),
    ("cp1253", GREEK),
    ("cp1256", ARABIC),
    ("shift_jis", JAPANESE),
    ("euc_jp", JAPANESE),
    ("gb18030", CHINESE),
    ("euc_kr", KOREAN),
]
UTF_7_SCRIPT = b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"


def page(text, *, declares, encoding=None):
    return f'<html><meta charset="{declares}"><p>{text}</p></html>'.encode(encoding or declares)


def read(data, **options):
    decoded = decode(data, **options)
    return decoded.text, " ".join(decoded.notes)


@pytest.mark.rule("T50")
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_mark_settles_the_encoding(mark, encoding):
    assert read(mark + JAPANESE.encode(encoding)) == (JAPANESE, "")


@pytest.mark.rule("T50")
@pytest.mark.parametrize(("encoding", "text"), LEGACY)
def test_undeclared_encoding_is_recognised_and_named(encoding, text):
    for length in (1, 40):
        decoded, note = read(text.encode(encoding) * length)
        assert decoded == text * length
        assert "it is not UTF-8: read as" in note


@pytest.mark.rule("T50")
@pytest.mark.parametrize(("encoding", "text"), LEGACY)
def test_declared_encoding_is_believed_without_a_word(encoding, text):
    decoded, note = read(page(text, declares=encoding), html=True)
    assert (text in decoded, note) == (True, "")


@pytest.mark.rule("T50")
@pytest.mark.parametrize("label", ["ISO-8859-1", "latin1", "us-ascii", "windows-1252"])
def test_latin_1_means_on_the_web_what_it_always_meant(label):
    assert ENGLISH in read(page(ENGLISH, declares=label, encoding="cp1252"), html=True)[0]


@pytest.mark.rule("T50")
def test_declaration_counts_in_the_head_of_markup_only():
    data = page(RUSSIAN, declares="shift_jis", encoding="cp1251")
    assert RUSSIAN in read(data)[0]
    assert RUSSIAN in read(b" " * 5000 + data, html=True)[0]


@pytest.mark.rule("T50")
def test_xml_declaration_counts_too():
    data = f'<?xml version="1.0" encoding="windows-1251"?><p>{RUSSIAN}</p>'.encode("cp1251")
    assert RUSSIAN in read(data, html=True)[0]


@pytest.mark.rule("T50")
@pytest.mark.parametrize("label", ["windows-1251", "ISO-8859-1", "shift_jis", "gbk"])
def test_what_is_utf_8_is_read_so_whatever_it_declares_and_that_is_said(label):
    decoded, note = read(page(FRENCH, declares=label, encoding="utf-8"), html=True)
    assert FRENCH in decoded
    assert "but is UTF-8" in note


@pytest.mark.rule("T50")
def test_what_is_not_the_utf_8_that_it_declares_is_recognised_and_named():
    decoded, note = read(page(RUSSIAN, declares="utf-8", encoding="cp1251"), html=True)
    assert RUSSIAN in decoded
    assert "read as cp1251" in note


@pytest.mark.rule("T50")
@pytest.mark.parametrize("label", ["utf-7", "UTF7", "unicode-1-1-utf-7", "utf-16", "utf-32le", "hz", "iso-2022-kr"])
def test_encodings_that_hide_markup_are_never_obeyed(label):
    hidden = page("~{" + UTF_7_SCRIPT.decode(), declares=label, encoding="ascii")
    assert read(hidden, html=True)[0].encode() == hidden


@pytest.mark.rule("T50")
@pytest.mark.parametrize("label", ["unicode_escape", "raw_unicode_escape"])
def test_escapes_are_never_read_as_an_encoding(label):
    hidden = page(r"\x3cscript\x3e \u003cscript\u003e", declares=label, encoding="ascii")
    assert "<script" not in read(hidden, html=True)[0]


@pytest.mark.rule("T50")
@pytest.mark.parametrize("label", ["rot13", "hex", "base64", "undefined", "idna", "punycode", "no-such", "x" * 500])
def test_what_is_no_encoding_of_text_is_passed_over(label):
    assert FRENCH in read(page(FRENCH, declares=label, encoding="utf-8"), html=True)[0]
    assert "café" in read(page("café", declares=label, encoding="cp1252"), html=True)[0]


@pytest.mark.rule("T50")
def test_utf_16_without_a_mark_is_refused_and_not_garbled():
    assert decode(ENGLISH.encode("utf-16-le")) is None
    assert decode(page("The ferry", declares="utf-16", encoding="utf-16-be"), html=True) is None


@pytest.mark.rule("T42")
@pytest.mark.parametrize("broken", [b"\xff", b"\xc3", b"\xe2\x80", b"\xf0\x9f\x98", b"\xc0\xaf", b"\xf5\x80"])
def test_broken_byte_costs_one_character_and_is_said(broken):
    text, note = read(ENGLISH.encode() + broken + b" and more. " + ENGLISH.encode())
    assert text.replace("\ufffd", "") == f"{ENGLISH} and more. {ENGLISH}"
    assert "were replaced by \ufffd" in note


@pytest.mark.rule("T42")
def test_broken_utf_16_costs_one_character_and_is_said():
    text, note = read(codecs.BOM_UTF16_LE + ENGLISH.encode("utf-16-le") + b"\x3d")
    assert (text, "were replaced" in note) == (f"{ENGLISH}\ufffd", True)


@pytest.mark.rule("T42")
def test_replacement_character_of_the_author_is_no_fault():
    assert read(f"A \ufffd of mine. {FRENCH}".encode()) == (f"A \ufffd of mine. {FRENCH}", "")


@pytest.mark.rule("T5")
@pytest.mark.parametrize("lone", [b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xb0\x80\xed\xa0\x80"])
def test_lone_surrogate_becomes_a_replacement_character(lone):
    text, note = read(b"The ferry " + lone + b" runs.")
    assert text.replace("\ufffd", "") == "The ferry  runs."
    assert "were replaced by \ufffd" in note
    text.encode()


@pytest.mark.rule("T5")
def test_lone_surrogate_in_utf_16_becomes_a_replacement_character():
    data = codecs.BOM_UTF16_BE + "The ferry ".encode("utf-16-be") + b"\xd8\x00" + " runs.".encode("utf-16-be")
    assert read(data)[0] == "The ferry \ufffd runs."


@pytest.mark.rule("T5")
def test_pair_of_surrogates_written_as_bytes_is_the_character_it_stands_for():
    text, note = read(b"A boat \xed\xa0\xbd\xed\xba\xa4 sails.")
    assert (text, "CESU-8" in note) == ("A boat 🚤 sails.", True)


@pytest.mark.rule("T43")
def test_nul_and_other_controls_are_removed_and_that_is_said():
    text, note = read(b"The fer\x00ry\x08 runs\x0b.\r\nAgain.")
    assert (text, note) == ("The ferry runs.\nAgain.", "characters that no document may hold were removed")


def test_line_ends_become_line_feeds_without_a_word():
    assert read("a\r\nb\rc\u2028d\u0085e\n".encode()) == ("a\nb\nc\nd\ne\n", "")


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, b"PK\x03\x04" + b"\x00" * 50]
)
def test_binary_data_is_no_text(data):
    assert decode(data) is None


def test_empty_file_is_empty_text():
    assert read(b"") == ("", "")


def test_encoding_is_recognised_in_a_long_file_too():
    data = (JAPANESE * 3000).encode("shift_jis")
    assert len(data) > 2 * 65_536
    assert read(data)[0] == JAPANESE * 3000


@pytest.mark.rule("T43")
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_become_clean_text_or_are_refused(data, html):
    decoded = decode(data, html=html)
    assert decoded is None or clean_text(decoded.text) == decoded.text
    assert decoded is None or decoded.text.encode().decode() == decoded.text


@given(st.text(max_size=100).map(clean_text))
def test_clean_utf_8_comes_through_unchanged(text):
    assert read(text.encode()) == (text, "")


@pytest.mark.parametrize(
    "data", [gzip.compress(b"words", mtime=0), b"PK\x03\x04 words", b"%PDF-1.4\nwords", b"\xff\xd8\xff words"]
)
def test_compressed_file_is_no_text_however_short(data):
    assert decode(data) is None
