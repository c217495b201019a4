"""``pressrun dkim`` as an operator meets it: keys that only their owner can read, and what to write where.

Not here: the keys themselves (tests/rendering/dkim), whether the DNS has them (test_cli_doctor).
"""

import os
import stat
import subprocess

import pytest

from tests.site_fixtures import CONFIG

SECOND = '\n[[newsletters]]\nslug = "daily"\ntitle = "Daily"\nfrom = "daily@news.example"\n'


def mode(file):
    return stat.S_IMODE(file.stat().st_mode)


@pytest.mark.rule("T100")
def test_key_can_be_read_by_its_owner_alone_whatever_the_umask(site):
    before = os.umask(0)
    try:
        ended = site.run("dkim", "keygen")
    finally:
        os.umask(before)
    assert ended.code == 0
    assert (mode(site.folder / "keys" / "pressrun.pem"), mode(site.folder / "keys")) == (0o600, 0o700)


def test_key_that_is_there_is_never_written_over(site):
    site.run("dkim", "keygen")
    before = (site.folder / "keys" / "pressrun.pem").read_bytes()
    ended = site.run("dkim", "keygen")
    assert (ended.code, "is there already" in ended.err) == (2, True)
    assert (site.folder / "keys" / "pressrun.pem").read_bytes() == before


def test_lines_for_the_config_make_it_sign_and_the_record_is_told_again(site):
    made = site.run("dkim", "keygen", "--selector", "autumn", "--json").json
    site.configure("\n".join(made["config_lines"]))
    assert site.run("dkim", "record", "--json").json == made["records"]
    assert made["records"][0]["name"] == "autumn._domainkey.gazette.example"


def test_both_keys_stand_in_the_config_together(site):
    lines = site.run("dkim", "keygen", "--json").json["config_lines"]
    lines += site.run("dkim", "keygen", "--ed25519", "--json").json["config_lines"][1:]
    site.configure("\n".join(lines))
    kinds = [one["text"].split("; ")[1] for one in site.run("dkim", "record", "--json").json]
    assert kinds == ["k=rsa", "k=ed25519"]


def test_record_holds_the_public_half_of_the_key_in_the_file(site):
    (record,) = site.run("dkim", "keygen", "--json").json["records"]
    file = str(site.folder / "keys" / "pressrun.pem")
    said = subprocess.run(["openssl", "pkey", "-in", file, "-pubout"], capture_output=True, text=True, check=True)
    public = "".join(said.stdout.splitlines()[1:-1])
    assert record["text"] == f"v=DKIM1; k=rsa; p={public}"
    assert "".join(record["strings"]) == record["text"]
    assert max(map(len, record["strings"])) <= 255


def test_private_half_is_never_shown(site):
    ended = site.run("dkim", "keygen")
    secret = (site.folder / "keys" / "pressrun.pem").read_text().splitlines()[5]
    assert "PRIVATE" not in ended.out
    assert secret not in ended.out


def test_each_domain_that_is_signed_for_has_its_record(site):
    site.configure(config=CONFIG + SECOND)
    names = [one["name"] for one in site.run("dkim", "keygen", "--json").json["records"]]
    assert names == ["pressrun._domainkey.gazette.example", "pressrun._domainkey.news.example"]


def test_key_is_not_put_where_everyone_can_fetch_it(site):
    ended = site.run("dkim", "keygen", "--out", str(site.public / "key.pem"))
    assert (ended.code, "is served" in ended.err, site.public.exists()) == (2, True, False)


def test_key_can_be_put_elsewhere(site, tmp_path):
    file = tmp_path / "elsewhere" / "key.pem"
    made = site.run("dkim", "keygen", "--out", str(file), "--json").json
    assert mode(file) == 0o600
    assert made["config_lines"][-1] == f'key = "file:{file}"'


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("keygen", "--selector", "a b"), "no selector"), (("record",), "dkim keygen")],
)
def test_what_cannot_be_done_is_told(site, arguments, said):
    ended = site.run("dkim", *arguments)
    assert (ended.code, said in ended.err) == (2, True)


def test_for_people_the_record_stands_in_three_forms(site):
    ended = site.run("dkim", "keygen")
    assert "a TXT record for pressrun._domainkey.gazette.example:" in ended.out
    assert 'pressrun._domainkey.gazette.example. IN TXT "v=DKIM1; k=rsa; p=' in ended.out
    assert '  key = "file:keys/pressrun.pem"' in ended.out
