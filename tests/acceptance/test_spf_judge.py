"""SPF before another judge: random records are evaluated by us and by Mail::SPF, over one real name server.

Not here: single mechanisms, and what is said of a record (tests/rules/test_spf.py).
"""

import random
import subprocess
from ipaddress import ip_address

from feeds.outgoing.dns import Resolver
from feeds.rules.spf_check import check_host
from tests.judges import judge, perl_module
from tests.zones import HERE, serving

RECORDS = 80
NEAR = range(7, 11)  # look-ups: Mail::SPF counts a redirect also where a mechanism matched, and gives up sooner
ADDRESSES = ("192.0.2.25", "198.51.100.7", "2001:db8::25")
HOSTS = (
    "one.host.example. IN A 192.0.2.25",
    "one.host.example. IN AAAA 2001:db8::1",
    "two.host.example. IN A 198.51.100.9",
    "two.host.example. IN AAAA 2001:db8::25",
    "many.host.example. IN A 203.0.113.1",
    "many.host.example. IN A 198.51.100.7",
    "mail.host.example. IN MX 10 one.host.example.",
    "mail.host.example. IN MX 20 two.host.example.",
    "text.host.example. IN TXT nothing",
    "alias.host.example. IN CNAME one.host.example.",
    "25.2.0.192.list.example. IN A 127.0.0.2",
    "25.2.0.192.in-addr.arpa. IN PTR one.host.example.",
    "7.100.51.198.in-addr.arpa. IN PTR one.host.example.",
)
TERMS = (
    *("a:one.host.example", "a:two.host.example", "a:many.host.example/28", "a:one.host.example//64", "a:gone.example"),
    *("mx:mail.host.example", "mx:mail.host.example/24//120", "mx:one.host.example", "a:alias.host.example", "a", "mx"),
    *("ip4:192.0.2.0/24", "ip4:198.51.100.7", "ip6:2001:db8::/32", "ip6:2001:db8::25", "ip4:203.0.113.0/24"),
    *("exists:%{ir}.list.example", "exists:%{l}.%{d2}", "ptr:host.example", "include:gone.example"),
    *("include:text.host.example", "exp=why.example", "moo=%{d}", "redirect=gone.example", "ip4:192.0.2", "moo"),
)
ENDINGS = ("-all", "~all", "?all", "", "", "+all")
PERL = """
use Mail::SPF; use Net::DNS::Resolver;
my $port = shift;
my $asked = Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 0, udp_timeout => 5);
my $server = Mail::SPF::Server->new(dns_resolver => $asked);
while (<STDIN>) {
    chomp; my ($domain, $address) = split / /;
    my $request = Mail::SPF::Request->new(versions => [1], scope => 'mfrom', identity => "weekly\\@$domain",
        ip_address => $address, helo_identity => $domain);
    print $server->process($request)->code, "\\n";
}
"""


def records():
    """Return domain → record: random terms with random qualifiers, includes of and redirects to one another."""
    chance, found = random.Random(7208), {}
    for n in range(RECORDS):
        words = [
            chance.choice(("", "", "", "-", "~", "?")) + term
            for term in chance.sample(TERMS[:18], chance.randint(0, 5))
        ]
        if chance.random() < 0.25:
            words.insert(chance.randint(0, len(words)), chance.choice(TERMS[18:]))
        for name in ("include:", "redirect="):
            if chance.random() < 0.4:
                words.insert(chance.randint(0, len(words)), f"{name}d{chance.randint(0, RECORDS)}.example")
        found[f"d{n}.example"] = " ".join(["v=spf1", *words, chance.choice(ENDINGS)]).rstrip()
    return found


def test_we_and_another_implementation_conclude_the_same(tmp_path):
    perl_module("Mail::SPF")
    known = records()
    lines = [f'{domain}. IN TXT "{text}"' for domain, text in known.items()]
    asked = [(domain, address) for domain in known for address in ADDRESSES]
    with serving(tmp_path / "dns", *HOSTS, *lines) as port:
        given = "".join(f"{domain} {address}\n" for domain, address in asked)
        done = subprocess.run(
            [judge("perl"), "-e", PERL, str(port)], input=given, capture_output=True, text=True, timeout=300, check=True
        )
        resolver = Resolver([(HERE, port)], all_seconds=300)
        ours = [
            resolver.look_up(check_host(ip_address(address), domain, f"weekly@{domain}")) for domain, address in asked
        ]
    theirs = done.stdout.split()
    assert len(theirs) == len(asked)
    differing = [
        (domain, known[domain], address, one, other)
        for (domain, address), one, other in zip(asked, ours, theirs, strict=True)
        if one.result != other and not (other == "permerror" and one.look_ups in NEAR)
    ]
    assert differing == []
    assert len(set(theirs)) >= 5  # the records are no sham: nearly every result comes up
