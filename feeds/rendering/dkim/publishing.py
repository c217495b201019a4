"""The public halves of the keys that sign, as the DNS is to have them: one for each key and domain that it signs for.

Not here: the keys (keys), whether the DNS has them (rules.dkim_records).
"""

from __future__ import annotations

from collections.abc import Iterable

from feeds.config import Config
from feeds.rendering.dkim.keys import Key, txt_record
from feeds.rules.dkim_records import PublicKey


def signed_domains(config: Config) -> tuple[str, ...]:
    """Return the domains that the site's mail is signed for: the one that is configured, else those of the senders."""
    if config.dkim.domain:
        return (config.dkim.domain,)
    return tuple(dict.fromkeys(one.sender.email.rpartition("@")[2].lower() for one in config.newsletters))


def public_keys(config: Config, keys: Iterable[tuple[str, Key]]) -> list[PublicKey]:
    """Return the public halves of keys, each given with its selector."""
    named = [(selector, txt_record(key)) for selector, key in keys]
    return [PublicKey(domain, selector, text) for domain in signed_domains(config) for selector, text in named]
