"""``pressrun doctor`` as an operator meets it: a real name server, a real mail server, a site's own files.

Not here: what is right in a record (tests/rules), questions to the DNS (tests/outgoing/test_dns.py).
"""

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from tests.site_fixtures import CONFIG
from tests.transports.givens import PASSWORD, Identity, only_password, real_server
from tests.zones import HERE, serving

OURS = "45.79.0.25"  # any public address: nobody asks it anything
MX = ("gazette.example. IN MX 10 mx.gazette.example.", f"mx.gazette.example. IN A {OURS}")
SPF = f'gazette.example. IN TXT "v=spf1 ip4:{OURS} -all"'
DMARC = '_dmarc.gazette.example. IN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@gazette.example"'
PTR = "25.0.79.45.in-addr.arpa. IN PTR mx.gazette.example."
SIGNED = '[dkim]\nkey = "keys/pressrun.pem"\n'


@pytest.fixture
def signing(site):
    """Give a site with a key, and the record that publishes it."""
    (site.folder / "var" / "pressrun.db").chmod(0o600)  # as the program makes it; the site's is a copy
    made = site.run("dkim", "keygen", "--json").json
    site.configure(SIGNED)
    return site, made["records"][0]["line"]


def examined(site, *lines, arguments=("--sends-from", OURS), broken=()):
    """Return how doctor ends, with these records in the DNS."""
    with serving(site.folder / "dns", *lines, broken=broken) as port:
        return site.run("doctor", "--resolver", f"{HERE}:{port}", *arguments)


def found(site, *lines, area=None, **given):
    """Return where → grade of an area's findings."""
    report = examined(site, *lines, arguments=("--sends-from", OURS, "--json"), **given).json
    return [(one["where"], one["grade"]) for one in report["findings"] if one["area"] == area]


def by_smtp(server, **given):
    lines = {"host": f'"{HERE}"', "port": server.port} | given
    return '[transport]\nkind = "smtp"\n' + "".join(f"{key} = {value}\n" for key, value in lines.items())


def test_site_with_everything_in_place_has_no_error(signing):
    site, key = signing
    ended = examined(site, *MX, SPF, DMARC, PTR, key)
    assert (ended.code, ended.err) == (0, "")
    assert "0 errors" in ended.out
    assert "its messages pass DMARC by DKIM of gazette.example and by SPF of gazette.example" in ended.out


def test_all_that_is_missing_in_the_dns_is_told_with_the_record_to_add(signing):
    site, key = signing
    ended = examined(site)
    assert ended.code == 1
    told = [line.strip() for line in ended.out.splitlines()]
    assert key in told
    assert f'gazette.example. IN TXT "v=spf1 ip4:{OURS} ~all"' in told
    assert '_dmarc.gazette.example. IN TXT "v=DMARC1; p=none; rua=mailto:weekly@gazette.example"' in told
    assert "gazette.example. IN MX 10 mail.gazette.example." in told
    assert "25.0.79.45.in-addr.arpa. IN PTR mail.example.org." in told


@pytest.mark.parametrize("area", ["SPF", "DKIM", "DMARC", "MX", "PTR"])
def test_records_that_doctor_says_to_add_are_those_that_it_finds_well(signing, area):
    site, _key = signing
    missing = examined(site, arguments=("--sends-from", OURS, "--json")).json["findings"]
    given = [line for one in missing if one["area"] == area for line in one["lines"]]
    hosts = (f"mail.gazette.example. IN A {OURS}", f"mail.example.org. IN A {OURS}")
    assert given
    assert {grade for _, grade in found(site, *given, *hosts, area=area)} == {"ok"}


def test_dns_that_is_down_is_said_so_and_nothing_is_said_to_be_missing(signing):
    site, _key = signing
    ended = site.run("doctor", "--resolver", f"{HERE}:1", "--sends-from", OURS, "--json")
    about_names = [one for one in ended.json["findings"] if one["area"] in {"SPF", "DKIM", "DMARC", "MX", "PTR"}]
    assert ended.code == 1
    assert len(about_names) == 5
    assert {("could not be looked up" in one["what"], tuple(one["lines"])) for one in about_names} == {(True, ())}


def test_zone_that_is_broken_is_told_from_one_that_has_nothing(signing):
    site, _key = signing
    assert "SERVFAIL" in examined(site, broken=("gazette.example",)).out


def test_address_is_assumed_from_the_mail_server_and_that_is_said(site):
    site.configure('[transport]\nkind = "smtp"\nhost = "smtp.provider.example"\nport = 1\n')
    lines = (*MX, SPF, "smtp.provider.example. IN A 45.79.0.99")
    ended = examined(site, *lines, arguments=())
    assert "45.79.0.99 (assumed: that of the mail server smtp.provider.example) may not send" in ended.out
    assert f'gazette.example. IN TXT "v=spf1 ip4:{OURS} a:smtp.provider.example -all"' in ended.out


def test_return_path_of_another_organisation_is_judged_by_its_own_record(site):
    site.configure(config=CONFIG + 'return_path = "us@bounces.example"\n')
    lines = (*MX, DMARC, f'bounces.example. IN TXT "v=spf1 ip4:{OURS} -all"')
    assert found(site, *lines, area="SPF") == [("bounces.example", "ok")]
    assert found(site, *lines, area="MX") == [("gazette.example", "ok"), ("bounces.example", "error")]
    assert found(site, *lines, area="alignment") == [("weekly@gazette.example", "error")]


# ---- keys and secrets ----


def test_key_that_is_not_the_published_one_is_told_with_the_right_record(signing):
    site, key = signing
    site.run("dkim", "keygen", "--selector", "other")
    (other,) = (site.folder / "keys").glob("other.pem")
    other.replace(site.folder / "keys" / "pressrun.pem")
    ended = examined(site, *MX, SPF, DMARC, PTR, key)
    new = site.run("dkim", "record", "--json").json[0]["line"]
    assert (ended.code, "another key" in ended.out, new in ended.out) == (1, True, True)


def test_both_keys_are_looked_for(signing):
    site, key = signing
    site.run("dkim", "keygen", "--ed25519")
    site.configure(f'{SIGNED}ed25519_key = "keys/pressrun-ed25519.pem"\n')
    assert found(site, key, area="DKIM") == [
        ("pressrun._domainkey.gazette.example", "ok"),
        ("pressrun-ed25519._domainkey.gazette.example", "error"),
    ]


@pytest.mark.rule("T100")
def test_key_that_others_can_read_is_told_with_the_command(signing):
    site, _key = signing
    file = site.folder / "keys" / "pressrun.pem"
    file.chmod(0o640)
    ended = examined(site)
    assert (ended.code, f"chmod 600 {file}" in ended.out) == (1, True)


@pytest.mark.rule("T100")
def test_store_that_others_can_read_is_told_with_the_command(site):
    file = site.folder / "var" / "pressrun.db"
    file.chmod(0o644)
    assert f"chmod 600 {file}" in examined(site).out
    file.chmod(0o600)
    assert f"chmod 600 {file}" not in examined(site).out


# ---- the mail server ----


def test_mail_server_is_tried_with_its_login_and_its_certificate(site, monkeypatch):
    monkeypatch.setenv("SECRET", PASSWORD)
    identity = Identity(site.folder)
    with real_server(tls_context=identity.context, auth_required=True, authenticator=only_password) as server:
        site.configure(by_smtp(server, certificates='"ca.pem"', username='"gazette"', password='"env:SECRET"'))
        ended = examined(site)
    assert "is reached by TLSv1.3, and its certificate is trusted" in ended.out
    assert "it lets gazette in" in ended.out
    assert server.taken == []


@pytest.mark.rule("T99")
def test_login_that_is_refused_is_an_error_that_does_not_tell_the_password(site, monkeypatch):
    monkeypatch.setenv("SECRET", "canary-7c1b")
    identity = Identity(site.folder)
    with real_server(tls_context=identity.context, auth_required=True, authenticator=only_password) as server:
        site.configure(by_smtp(server, certificates='"ca.pem"', username='"gazette"', password='"env:SECRET"'))
        ended = examined(site)
    assert ended.code == 1
    assert "refuses the login" in ended.out
    assert "canary-7c1b" not in ended.out + ended.err


def test_certificate_that_ends_within_days_is_a_warning(site):
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.cert_pem.write_to_path(site.folder / "ca.pem")
    ends = datetime.now(UTC) + timedelta(days=3, hours=1)
    authority.issue_cert(HERE, not_after=ends).configure_cert(context)
    with real_server(tls_context=context) as server:
        site.configure(by_smtp(server, certificates='"ca.pem"'))
        ended = examined(site)
    assert f"its certificate holds for 3 more days, until {ends:%Y-%m-%d}" in ended.out


def test_mail_server_that_is_not_trusted_or_not_there_is_an_error(site):
    with real_server(tls_context=Identity(site.folder).context) as server:
        site.configure(by_smtp(server))
        assert "its certificate is not trusted" in examined(site).out
    assert found(site, area="transport") == [(f"{HERE}:{server.port}", "error")]


def test_each_fallback_is_tried_and_may_send(site):
    lines = (*MX, SPF, "smtp.reserve.example. IN A 45.79.0.99")
    with real_server(tls_context=Identity(site.folder).context) as server:
        reserve = '[[fallbacks]]\nslug = "reserve"\nhost = "smtp.reserve.example"\nport = 1\n'
        site.configure(by_smtp(server, certificates='"ca.pem"') + reserve)
        assert found(site, *lines, area="transport")[0] == (f"{HERE}:{server.port}", "ok")
        assert found(site, *lines, area="transport")[-1] == ("smtp.reserve.example:1", "error")
        ended = examined(site, *lines, arguments=())
    assert "45.79.0.99 (assumed: that of the mail server smtp.reserve.example) may not send" in ended.out


# ---- the machine ----


def test_damage_of_the_database_is_found(site):
    site.articles(40)
    site.sync()
    file = site.folder / "var" / "pressrun.db"
    assert found(site, area="database") == [(str(file), "ok")]
    with file.open("r+b") as opened:
        opened.seek(4096 * 5)
        opened.write(b"\xff" * 4096 * 12)
    assert found(site, area="database") == [(str(file), "error")]


def test_store_is_neither_made_nor_migrated(bare_site):
    ended = examined(bare_site)
    assert "there is none yet" in ended.out
    assert not (bare_site.folder / "var").exists()


def test_run_in_a_time_to_come_shows_that_the_clock_is_slow(site):
    site.now = datetime.now(UTC) + timedelta(days=2)
    site.sync()
    assert [grade for _, grade in found(site, area="clock")] == ["error"]


def test_disk_is_measured(site):
    usage = os.statvfs(site.folder)
    assert next(Path(where) for where, _ in found(site, area="disk")).is_dir()
    assert f"of {usage.f_blocks * usage.f_frsize // 1_000_000:,}" in examined(site).out


# ---- the command ----


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--resolver", "ns.example"), "no name server"), (("--sends-from", "mx.example"), "no IP address")],
)
def test_option_that_is_no_address_is_refused(site, arguments, said):
    ended = site.run("doctor", *arguments)
    assert (ended.code, said in ended.err) == (2, True)


def test_maildir_is_told_to_mail_nobody(site):
    assert [grade for _, grade in found(site, *MX, SPF, area="transport")] == ["warning"]
