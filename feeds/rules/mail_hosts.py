"""What to say of the hosts behind a domain: does it take mail, and does an address that sends have a name.

MX: RFC 5321 section 5.1, RFC 7505. Not here: who may send for a domain (spf_advice).
"""

from __future__ import annotations

from collections.abc import Iterator

from feeds.model.names import Asking, IpAddress, NameAnswer, Question, RecordKind
from feeds.rules.checkup import Finding, Spot
from feeds.rules.zone_lines import address_line, mx_line, ptr_line

MOST_NAMES = 5  # of one address: no server that sends has more


def examine_mail_domain(domain: str, uses: tuple[str, ...]) -> Asking[list[Finding]]:
    """Judge whether a domain takes mail; ``uses`` say what it is needed for, such as ``bounces``."""
    spot, needed = Spot("MX", domain), _listed(uses)
    answer = yield Question(domain, RecordKind.MX)
    if answer.is_silent:
        return [spot.unknown(answer.problem)]
    if answer.records == ("",):
        what = f"it says that it takes no mail (a null MX), and {needed} would go there"
        return [spot.error(what, mx_line(domain, f"mail.{domain}"), remedy="name its mail server, such as")]
    addresses = yield from _addresses(answer.records or (domain,))
    silent = next((one for one in addresses if one.is_silent), None)
    if any(one.records for one in addresses):
        return [_reachable(spot, answer.records)]
    if silent is not None:
        return [spot.unknown(f"{silent.question.name}: {silent.problem}")]
    what = (
        f"none of its mail servers has an address ({', '.join(answer.records)})"
        if answer.records
        else "it takes no mail"
    )
    line = mx_line(domain, f"mail.{domain}")
    return [
        spot.error(f"{what}, and {needed} would go there", line, remedy="name a mail server that is there, such as")
    ]


def _addresses(hosts: tuple[str, ...]) -> Asking[list[NameAnswer]]:
    """Return what is known of hosts' addresses, up to the first that has one."""
    found: list[NameAnswer] = []
    for host in hosts:
        for kind in (RecordKind.A, RecordKind.AAAA):
            found.append((yield Question(host, kind)))
            if found[-1].records:
                return found
    return found


def _reachable(spot: Spot, hosts: tuple[str, ...]) -> Finding:
    if hosts:
        return spot.ok(f"mail to it goes to {hosts[0]}")
    line = mx_line(spot.where, spot.where)
    return spot.warning("it has no MX record; mail to it goes to its own address", line, remedy="say so by a record")


def examine_reverse(address: IpAddress, host: str) -> Asking[list[Finding]]:
    """Judge whether an address has a name that leads back to it; ``host`` is the name that it might have."""
    spot, host = Spot("PTR", str(address)), host or "mail.example.org"
    if not address.is_global:
        what = "it is no public address, so the world sees mail come from another"
        return [spot.warning(what, remedy="name the address that the world sees with --sends-from")]
    answer = yield Question(address.reverse_pointer, RecordKind.PTR)
    if answer.is_silent:
        return [spot.unknown(answer.problem)]
    if not answer.records:
        remedy = "ask whoever gave you the address (your provider) for this record; large receivers refuse mail without"
        return [spot.error("it has no name", ptr_line(str(address), host), remedy=remedy)]
    kind = RecordKind.A if address.version == 4 else RecordKind.AAAA
    confirming = []
    for name in answer.records[:MOST_NAMES]:
        confirming.append((yield Question(name, kind)))
    return list(_confirmed(spot, str(address), confirming))


def _confirmed(spot: Spot, address: str, answers: list[NameAnswer]) -> Iterator[Finding]:
    good = next((one for one in answers if address in one.records), None)
    silent = next((one for one in answers if one.is_silent), None)
    if good is not None:
        yield spot.ok(f"its name is {good.question.name}, which leads back to it")
    elif silent is not None:
        yield spot.unknown(f"{silent.question.name}: {silent.problem}")
    else:
        name = answers[0].question.name
        what = f"its name is {name}, which does not lead back to it"
        yield spot.error(what, address_line(name, address), remedy="add this record")


def _listed(uses: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(uses[:-1]), uses[-1])))
