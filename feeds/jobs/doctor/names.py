"""What the DNS says of the domains that mail goes as: SPF, DKIM, DMARC, MX, and the names of our own addresses.

Not here: judging it (the rules), which addresses send (senders).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from feeds.config import Config, NewsletterConfig
from feeds.errors import ConfigInvalid
from feeds.jobs.doctor.senders import senders_of
from feeds.model.names import IpAddress
from feeds.outgoing.dns import Resolver
from feeds.rendering.dkim import signers_of
from feeds.rendering.dkim.publishing import public_keys
from feeds.rules.checkup import Finding, Spot
from feeds.rules.dkim_records import examine_dkim
from feeds.rules.dmarc_advice import Identity, examine_dmarc
from feeds.rules.mail_hosts import examine_mail_domain, examine_reverse
from feeds.rules.spf_advice import Senders, examine_spf


def examine_names(config: Config, resolver: Resolver, *, sends_from: Sequence[IpAddress]) -> list[Finding]:
    """Ask the DNS for all that receivers of our mail will ask it for."""
    if not config.newsletters:
        return [Spot("newsletters", str(config.file)).warning("there is none, so no mail is sent", remedy="add one")]
    senders, own = senders_of(config.transports, sends_from, resolver)
    spf, passes_spf = _spf(config, resolver, senders)
    dkim, passes_dkim = _dkim(config, resolver)
    dmarc = [
        finding
        for who in dict.fromkeys(
            _identity(config, one, passes_spf=passes_spf, passes_dkim=passes_dkim) for one in config.newsletters
        )
        for finding in resolver.look_up(examine_dmarc(who))
    ]
    hosts = [
        one for domain, uses in _uses(config).items() for one in resolver.look_up(examine_mail_domain(domain, uses))
    ]
    named = [one for address, host in own.items() for one in resolver.look_up(examine_reverse(address, host))]
    return _once([*spf, *dkim, *dmarc, *hosts, *named])


def path_of(newsletter: NewsletterConfig) -> str:
    """Return the address that a newsletter's bounces come back to."""
    return (newsletter.return_path or newsletter.sender).email


def _spf(config: Config, resolver: Resolver, senders: Sequence[Senders]) -> tuple[list[Finding], set[str]]:
    """Return what is found, and the domains whose record names all that sends."""
    findings, passing = list[Finding](), set[str]()
    for domain, path in {_domain(path_of(one)): path_of(one) for one in config.newsletters}.items():
        found, passes = resolver.look_up(examine_spf(path, *senders))
        findings += found
        passing |= {domain} if passes else set()
    return findings, passing


def _dkim(config: Config, resolver: Resolver) -> tuple[list[Finding], set[str]]:
    """Return what is found, and the domains of which a signature can be verified."""
    try:
        signers = signers_of(config)
    except ConfigInvalid as error:
        return [
            Spot("DKIM", str(one.file)).error(
                f"{one.key}: {one.expected}", remedy="mend it: nothing is sent before that"
            )
            for one in error.mistakes
        ], set()
    if not signers:
        what = (
            "no key is configured, so Pressrun signs nothing; large receivers want a signature of the sender's domain"
        )
        remedy = "make a key with `pressrun dkim keygen`, unless your mail server signs for that domain"
        return [Spot("DKIM", str(config.file)).warning(what, remedy=remedy)], set()
    findings, passing = list[Finding](), set[str]()
    for key in public_keys(config, [(one.selector, one.key) for one in signers]):
        found, passes = resolver.look_up(examine_dkim(key))
        findings += found
        passing |= {key.domain} if passes else set()
    return findings, passing


def _identity(config: Config, one: NewsletterConfig, *, passes_spf: set[str], passes_dkim: set[str]) -> Identity:
    path = _domain(path_of(one))
    signer = (config.dkim.domain or _domain(one.sender.email)) if config.dkim.key else ""
    return Identity(
        sender=one.sender.email,
        path=path,
        signer=signer,
        passes_spf=path in passes_spf,
        passes_dkim=signer in passes_dkim,
    )


def _uses(config: Config) -> dict[str, tuple[str, ...]]:
    """Return what mail to each domain is needed for."""
    uses: dict[str, list[str]] = {}
    for one in config.newsletters:
        path, answers = path_of(one), (one.reply_to or one.sender).email
        for address, use in (
            (one.sender.email, "mail to the sender"),
            (path, "bounces"),
            (path if config.transport.verp else answers, "mail of readers who leave"),
            (answers, "answers"),
        ):
            uses.setdefault(_domain(address), []).append(use)
    return {domain: tuple(dict.fromkeys(several)) for domain, several in uses.items()}


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))
