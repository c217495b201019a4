"""The section [dkim]: what the site's mail is signed with.

The keys themselves are read by what signs. Not here: what a key may be (rendering.dkim).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo

from feeds.config.parts import Part
from feeds.config.places import as_path
from feeds.config.positions import Finding
from feeds.config.values import as_text
from feeds.config.words import Wrong, quoted

SELECTOR, ED25519_SELECTOR = "pressrun", "pressrun-ed25519"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")


def as_domain(value: object) -> str:
    """Return ``value`` in lower case if it is a domain with a dot in it, in ASCII; else raise Wrong."""
    text = as_text(value).lower()
    if not _NAME.fullmatch(text) or "." not in text:
        raise Wrong(f'{quoted(value)} is no domain; expected one such as "gazette.example" (in ASCII: xn--…)')
    return text


def as_selector(value: object) -> str:
    """Return ``value`` in lower case if a key can stand there in the DNS (RFC 6376 section 3.1); else raise Wrong."""
    text = as_text(value).lower()
    if not _NAME.fullmatch(text):
        raise Wrong(f'{quoted(value)} is no selector; expected letters, digits and hyphens, such as "autumn-2026"')
    return text


def _key_file(value: object, info: ValidationInfo[Any]) -> Path:
    if isinstance(value, str):
        if value.startswith(("env:", "-----")):  # what is no path is not repeated: it may be the key
            raise Wrong('is no file; expected "file:PATH", of a key that only its owner can read')
        value = value.removeprefix("file:")
    return as_path(value, info.context.folder)


Domain = Annotated[str, BeforeValidator(as_domain)]
Selector = Annotated[str, BeforeValidator(as_selector)]
KeyFile = Annotated[Path, BeforeValidator(_key_file)]


class DkimConfig(Part):
    """How mail is signed."""

    domain: Domain | None = Field(None, description="the domain that signs, if not that of a newsletter's sender")
    key: KeyFile | None = Field(None, description="the file of its RSA key")
    selector: Selector = Field(SELECTOR, description="the name by which that key is found in the DNS")
    ed25519_key: KeyFile | None = Field(None, description="the file of an Ed25519 key that signs beside it")
    ed25519_selector: Selector = Field(ED25519_SELECTOR, description="the name by which that one is found")


def dkim_findings(given: dict[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong between the keys of ``[dkim]``."""
    if "ed25519_key" not in given:
        return
    if "key" not in given:
        yield ("dkim", "ed25519_key"), "signs alone; expected an RSA key beside it, as many cannot read Ed25519"
    selectors = given.get("selector", SELECTOR), given.get("ed25519_selector", ED25519_SELECTOR)
    if selectors[0] == selectors[1]:
        yield ("dkim", "ed25519_selector"), f"{quoted(selectors[1])} is the other key's; expected one of its own"
