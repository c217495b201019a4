"""The signers that the config asks for, with their keys read; what is unfit is told as a mistake in the config.

Not here: what a key may be (keys), the section itself (config).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from feeds.config import Config, Wrong, line_of, lines_of, read_secret
from feeds.errors import ConfigInvalid, Mistake
from feeds.rendering.dkim.keys import Algorithm, Key, KeyUnfit, read_key
from feeds.rendering.dkim.signing import Signer


def signers_of(config: Config) -> list[Signer]:
    """Return what signs the site's messages, RSA first; none where the config names no key.

    Raises ConfigInvalid where a key's file is not there, can be read by others, or holds no key of its kind.
    """
    signers, mistakes = list[Signer](), list[Mistake]()
    for name, path, selector, algorithm in _named(config):
        try:
            key = _key_in(path, algorithm)
        except Wrong as wrong:
            line = line_of(("dkim", name), lines_of(config.file.read_text(encoding="utf-8-sig")))
            mistakes.append(Mistake(config.file, line, f"dkim.{name}", str(wrong)))
        else:
            signers.append(Signer(key, selector, config.dkim.domain or ""))
    if mistakes:
        raise ConfigInvalid(tuple(mistakes))
    return signers


def _named(config: Config) -> Iterator[tuple[str, Path, str, Algorithm]]:
    dkim = config.dkim
    if dkim.key:
        yield "key", dkim.key, dkim.selector, Algorithm.RSA
    if dkim.ed25519_key:
        yield "ed25519_key", dkim.ed25519_key, dkim.ed25519_selector, Algorithm.ED25519


def _key_in(path: Path, algorithm: Algorithm) -> Key:
    pem = read_secret(f"file:{path}", folder=path.parent, environ={}).reveal()
    try:
        key = read_key(pem.encode())
    except KeyUnfit as unfit:
        raise Wrong(f"{path} {unfit}") from None
    if key.algorithm is not algorithm:
        raise Wrong(f"{path} holds a key for {key.algorithm}; expected one for {algorithm}")
    return key
