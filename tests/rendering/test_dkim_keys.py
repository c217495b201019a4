"""Keys for signing: made, kept from others, read back, or refused with what mends it.

Not here: what they sign (test_dkim).
"""

import stat
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from feeds.config import load_config
from feeds.errors import ConfigInvalid
from feeds.rendering.dkim import Algorithm, KeyUnfit, generate_key, read_key, signers_of, txt_record, write_key
from tests.judges import judge

SITE = """\
[site]
id = "7f0f8b5e-6a57-4a0b-9a0e-3d2c4b1f6e21"
title = "The Harbour Gazette"
url = "https://gazette.example/"
"""
RSA, ED25519 = generate_key(Algorithm.RSA), generate_key(Algorithm.ED25519)


@pytest.fixture
def signers(tmp_path):
    """Give what reads the signers of a site with this in its [dkim] section, which begins on line 5."""

    def signers(settings):
        config = tmp_path / "config.toml"
        config.write_text(f"{SITE}[dkim]\n{settings}")
        return signers_of(load_config(config, {}))

    return signers


@pytest.fixture
def refused(signers):
    def refused(settings):
        with pytest.raises(ConfigInvalid) as caught:
            signers(settings)
        return [f"{mistake.line}: {mistake.key}: {mistake.expected}" for mistake in caught.value.mistakes]

    return refused


def pem(key, encryption=None):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


# ---- making and keeping ----


@pytest.mark.rule("T100")
def test_key_is_written_for_its_owner_alone_and_never_over_another(tmp_path):
    path = tmp_path / "dkim.pem"
    write_key(path, RSA)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_key(path, ED25519)
    assert path.read_bytes() == RSA.pem
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_key(tmp_path / "link", RSA)


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_key_that_is_read_back_is_the_same(key):
    again = read_key(key.pem)
    assert (again.algorithm, again.public, again.pem) == (key.algorithm, key.public, key.pem)
    assert again.sign(b"x") == key.sign(b"x")


@pytest.mark.rule("T99")
def test_key_does_not_show():
    assert "PRIVATE" not in repr(RSA) + str(RSA)
    assert all(line not in repr(RSA) for line in RSA.pem.decode().splitlines() if line)


def test_record_says_the_kind_of_key_and_its_public_half():
    assert txt_record(RSA) == f"v=DKIM1; k=rsa; p={RSA.public}"
    assert txt_record(ED25519) == f"v=DKIM1; k=ed25519; p={ED25519.public}"
    assert len(ED25519.public) == 44  # 32 octets and no more, RFC 8463 section 4


def test_openssl_finds_the_same_public_half(tmp_path):
    command = [judge("openssl"), "pkey", "-pubout"]
    shown = subprocess.run(command, input=RSA.pem, capture_output=True, check=True).stdout.decode()
    assert "".join(shown.splitlines()[1:-1]) == RSA.public


def test_key_that_openssl_makes_is_read():
    made = subprocess.run([judge("openssl"), "genrsa", "-traditional", "2048"], capture_output=True, check=True).stdout
    assert b"BEGIN RSA PRIVATE KEY" in made
    assert read_key(made).algorithm is Algorithm.RSA


@pytest.mark.rule("M7")
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pem(rsa.generate_private_key(65537, 1024)), "1024 bits; expected 2048 to 4096"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "another kind"),
        (pem(rsa.generate_private_key(65537, 2048), BestAvailableEncryption(b"x")), "protected by a password"),
        (b"", "no private key in PEM form"),
        (b"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n", "no private key in PEM form"),
    ],
)
def test_key_that_cannot_sign_mail_is_refused(data, why):
    with pytest.raises(KeyUnfit, match=why):
        read_key(data)


# ---- as the config names them ----


def test_site_without_a_key_has_no_signers(signers):
    assert signers("") == []


def test_signers_are_read_beside_the_config_rsa_first(signers, tmp_path):
    write_key(tmp_path / "a.pem", ED25519)
    write_key(tmp_path / "b.pem", RSA)
    one, other = signers('ed25519_key = "a.pem"\nkey = "file:b.pem"\nselector = "Autumn"\ndomain = "News.example"\n')
    assert (one.selector, one.domain, one.key.public) == ("autumn", "news.example", RSA.public)
    assert (other.selector, other.domain, other.key.public) == ("pressrun-ed25519", "news.example", ED25519.public)


def test_without_a_domain_the_senders_signs(signers, tmp_path):
    write_key(tmp_path / "dkim.pem", RSA)
    (signer,) = signers(f'key = "{tmp_path}/dkim.pem"')
    assert (signer.selector, signer.domain) == ("pressrun", "")


@pytest.mark.rule("T100")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_key_that_others_may_read_is_refused_with_the_command_that_mends_it(refused, tmp_path, mode):
    path = tmp_path / "dkim.pem"
    write_key(path, RSA)
    path.chmod(mode)
    mending = f"6: dkim.key: {path} is open to group or others; mend it with: chmod 600 {path}"
    assert refused('key = "dkim.pem"') == [mending]


def test_every_unfit_key_is_named_at_once_with_its_line(refused, tmp_path):
    write_key(tmp_path / "a.pem", ED25519)
    (said, other) = refused('key = "a.pem"\ned25519_key = "b.pem"\n')
    assert said == f"6: dkim.key: {tmp_path}/a.pem holds a key for ed25519-sha256; expected one for rsa-sha256"
    assert other.startswith(f"7: dkim.ed25519_key: {tmp_path}/b.pem cannot be read (No such file")


@pytest.mark.rule("T99")
def test_what_a_key_file_holds_is_not_told(refused, tmp_path):
    path = tmp_path / "dkim.pem"
    path.write_bytes(RSA.pem[:-200])
    path.chmod(0o600)
    (said,) = refused('key = "dkim.pem"')
    assert said == f"6: dkim.key: {path} holds no private key in PEM form; `pressrun dkim keygen` makes one"
