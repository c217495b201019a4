"""The section [web]: where ``serve`` listens, how long answers hold, and whose word on clients is taken.

Not here: serving (web).
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from feeds.config.parts import Hidden, Part
from feeds.config.secrets import Secret
from feeds.config.values import as_text
from feeds.config.words import Wrong, quoted

Network = IPv4Network | IPv6Network
SHORTEST_TOKEN = 20


def as_host(value: object) -> str:
    """Return ``value`` if a program can listen there: an IP address of this machine, or ``localhost``."""
    text = as_text(value)
    try:
        return text if text == "localhost" else str(ip_address(text))
    except ValueError:
        raise Wrong(f'{quoted(text)} is no IP address; expected one of this machine\'s, "127.0.0.1" or "::"') from None


def as_network(value: object) -> Network:
    """Return the network that ``value`` names, a single address being the smallest."""
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    text = as_text(value)
    try:
        return ip_network(text)
    except ValueError:
        hint = "an IP address or a network such as 10.0.0.0/8"
        raise Wrong(f"{quoted(text)} is neither address nor network; expected {hint}") from None


def as_token(value: Secret) -> Secret:
    """Return a secret that nobody can guess by trying: what asks for it is open to all the world."""
    if len(value.reveal()) < SHORTEST_TOKEN or not value.reveal().isascii():
        hint = f"{SHORTEST_TOKEN} ASCII characters or more, such as `openssl rand -hex 16` gives"
        raise Wrong(f"{value} could be guessed; expected {hint}")
    return value


Host = Annotated[str, BeforeValidator(as_host)]
Networks = Annotated[
    tuple[Annotated[Network, BeforeValidator(as_network), PlainSerializer(str)], ...], Field(strict=False)
]
Token = Annotated[Hidden, AfterValidator(as_token)]
_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1"))


class WebConfig(Part):
    """How `pressrun serve` answers over HTTP."""

    host: Host = Field("127.0.0.1", description="the address that it listens at")
    port: int = Field(8000, ge=1, le=65535, description="the port that it listens at")
    max_age_seconds: int = Field(1800, ge=900, le=3600, description="for how long a poller need not ask again")
    requests_per_minute: int = Field(600, ge=0, description="how much one client may ask; 0 for no limit")
    trusted_proxies: Networks = Field(_LOOPBACK, description="whose X-Forwarded-For is believed")
    metrics_token: Token | None = Field(None, description="who bears it may read /metrics from elsewhere: a secret")
