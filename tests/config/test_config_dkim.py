import pytest

ED25519 = 'ed25519_key = "e.pem"\n'


def test_mail_is_not_signed_by_default(read):
    dkim = read().dkim
    assert (dkim.key, dkim.ed25519_key, dkim.domain) == (None, None, None)
    assert (dkim.selector, dkim.ed25519_selector) == ("pressrun", "pressrun-ed25519")


@pytest.mark.parametrize("path", ["keys/dkim.pem", "file:keys/dkim.pem"])
def test_key_lies_beside_the_config_and_is_not_opened_yet(read, tmp_path, path):
    assert read(f'[dkim]\nkey = "{path}"\n').dkim.key == tmp_path / "keys" / "dkim.pem"


@pytest.mark.rule("T99")
@pytest.mark.parametrize("value", ["env:KEY", "-----BEGIN PRIVATE KEY-----"])
def test_key_that_is_no_file_is_refused_and_not_repeated(mistakes, value):
    (said,) = mistakes(f'[dkim]\nkey = "{value}"\n')
    assert said.startswith("dkim.key: is no file; expected")
    assert value not in said


@pytest.mark.rule("M7")
def test_ed25519_never_signs_alone(mistakes):
    (said,) = mistakes(f"[dkim]\n{ED25519}")
    assert said.startswith("dkim.ed25519_key: signs alone; expected an RSA key beside it")


def test_two_keys_are_not_found_by_one_name(mistakes):
    (said,) = mistakes(f'[dkim]\nkey = "k.pem"\n{ED25519}ed25519_selector = "pressrun"\n')
    assert said == 'dkim.ed25519_selector: "pressrun" is the other key\'s; expected one of its own'


@pytest.mark.parametrize("value", ["", "a b", "-a", "a-", "a..b", "é", "a_b", "a" * 64, "a;b=c"])
def test_selector_that_no_name_can_hold_is_refused(mistakes, value):
    (said,) = mistakes(f'[dkim]\nselector = "{value}"\n')
    assert said.startswith("dkim.selector: ")


@pytest.mark.parametrize("value", ["gazette", "gazette.example.", "https://gazette.example", "büro.example", "a@b.c"])
def test_domain_that_is_none_is_refused(mistakes, value):
    (said,) = mistakes(f'[dkim]\ndomain = "{value}"\n')
    assert said.startswith("dkim.domain: ")


def test_names_are_kept_in_lower_case(read):
    dkim = read('[dkim]\ndomain = "News.Gazette.example"\nselector = "A.2026"\n').dkim
    assert (dkim.domain, dkim.selector) == ("news.gazette.example", "a.2026")
