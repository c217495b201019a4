"""The record by which a DKIM key is found: what is well, what is wrong with it, and the line that mends it.

Not here: keys and signatures (tests/rendering/dkim).
"""

import pytest

from feeds.rules.checkup import Grade
from feeds.rules.dkim_records import PublicKey, examine_dkim
from tests.rules.given_names import SILENT, answered

P = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + "Qm" * 180 + "IDAQAB"
NAME = "autumn._domainkey.gazette.example"
KEY = PublicKey("gazette.example", "autumn", f"v=DKIM1; k=rsa; p={P}")
ED25519 = PublicKey("gazette.example", "autumn", "v=DKIM1; k=ed25519; p=x86iFKpVLu2t1FEy7K08rdfYno2F6eevvJid6lCFvAE=")


def examined(*texts, key=KEY):
    """Return the findings, and whether a signature can be verified."""
    return answered(examine_dkim(key), {f"{NAME} TXT": texts} if texts else {})


def fault(*texts, key=KEY):
    """Return what is said of a record that does not serve, the line that mends it being ours."""
    findings, serves = examined(*texts, key=key)
    (found,) = findings
    assert (found.grade, found.lines, serves) == (Grade.ERROR, (key.line,), False)
    return found.what


@pytest.mark.parametrize(
    "text",
    [
        KEY.text,
        f"p={P}",
        f"k=rsa; p={P}; s=*; t=s; h=sha1:sha256; n=for the weekly",
        f"v=DKIM1;k=rsa;p={P[:100]} {P[100:]};",
    ],
)
def test_record_that_holds_our_key_is_well(text):
    findings, serves = examined(text)
    assert ([one.grade for one in findings], serves) == ([Grade.OK], True)


def test_line_has_no_string_of_more_than_255_characters():
    strings = KEY.line.partition(" IN TXT ")[2].split('" "')
    assert "".join(strings).strip('"') == KEY.text
    assert max(len(one.strip('"')) for one in strings) == 255


def test_record_that_is_not_there_is_given():
    assert fault() == "there is no such record, so no signature can be verified"


def test_dns_that_is_down_is_not_taken_for_a_record_that_is_not_there():
    ((found,), serves) = answered(examine_dkim(KEY), {f"{NAME} TXT": SILENT})
    assert ("could not be looked up" in found.what, found.lines, serves) == (True, (), False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"v=DKIM1; k=rsa; p={P[:-8]}", f"only the first {len(P) - 8} of the key's {len(P)} characters"),
        (KEY.text[:255], "cut off at 255 characters"),
        (f"v=DKIM1; k=rsa; p={P[:-8]}AAAAAAAA", "another key"),
        (f"v=DKIM1; k=rsa; p={P}AB", "before or behind"),
        ("v=DKIM1; k=rsa; p=", "withdrawn"),
        ("v=DKIM1; k=rsa", "p= is missing"),
        (f"v=DKIM1; k=ed25519; p={P}", "k="),
        (f"v=dkim1; k=rsa; p={P}", "v=dkim1"),
        (f"k=rsa; v=DKIM1; p={P}", "first"),
        (f"v=DKIM1; k=rsa; h=sha1; p={P}", "h=sha1"),
        (f"v=DKIM1; k=rsa; s=tlsrpt; p={P}", "s=tlsrpt"),
        (f'"v=DKIM1; k=rsa; p={P[:200]}" "{P[200:]}"', "quotes"),
        (f'v=DKIM1; k=rsa; p={P[:200]}" "{P[200:]}', "quotes"),
        (f"v=DKIM1\\; k=rsa\\; p={P}", "backslashes"),
        (f"v=DKIM1; k=rsa; p={P}; p={P}", "twice"),
        (P, "no list of tags"),
    ],
)
def test_fault_is_named(text, said):
    assert said in fault(text)


def test_strings_entered_as_records_of_their_own_are_known_for_what_they_are():
    assert "cut into 2 records" in fault(KEY.text[:255], KEY.text[255:])


def test_old_record_beside_the_new_one_is_told():
    assert "2 records" in fault(KEY.text, "v=DKIM1; k=rsa; p=MIIBOLD")


def test_key_that_is_tried_out_still_serves():
    findings, serves = examined(f"v=DKIM1; k=rsa; t=y:s; p={P}")
    assert ([one.grade for one in findings], serves) == ([Grade.OK, Grade.WARNING], True)


def test_key_of_the_newer_kind_is_found_by_its_own_record():
    assert examined(ED25519.text, key=ED25519)[1]
    assert "k=" in fault(f"v=DKIM1; p={ED25519.tags['p']}", key=ED25519)
