"""Keys for DKIM: made, written where only their owner can read them, read back, and their half for the DNS.

Not here: signing (signing), which keys the config names (opening).
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# RFC 8301 section 3.2: no verifier need read a longer one; and those with less than 2,048 bits count for little.
SHORTEST_RSA, LONGEST_RSA = 2048, 4096
_EXPONENT = 65537


class Algorithm(StrEnum):
    """What a signature is made by (RFC 6376, RFC 8463)."""

    RSA = "rsa-sha256"
    ED25519 = "ed25519-sha256"


class KeyUnfit(ValueError):
    """A file holds no key that can sign mail; the text says what is wrong and what is expected."""


@dataclass(frozen=True, slots=True)
class Key:
    """A private key: what it signs by, the PEM that is kept of it, and the half that everyone may see, in base64.

    ``sign`` makes the signature of any octets.
    """

    algorithm: Algorithm
    pem: bytes
    public: str
    sign: Callable[[bytes], bytes]

    def __repr__(self) -> str:
        return f"Key({self.algorithm.value!r}, public={self.public!r})"


def generate_key(algorithm: Algorithm) -> Key:
    """Make a new key; RSA with 2,048 bits, whose record fits into any DNS answer."""
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    if algorithm is Algorithm.RSA:
        return _rsa(rsa.generate_private_key(_EXPONENT, SHORTEST_RSA))
    return _ed25519(ed25519.Ed25519PrivateKey.generate())


def read_key(pem: bytes) -> Key:
    """Return the key that a PEM file holds; raise KeyUnfit, which never holds the key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(pem, password=None)
    except TypeError:
        raise KeyUnfit("is protected by a password; expected a key without one") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnfit("holds no private key in PEM form; `pressrun dkim keygen` makes one") from None
    if isinstance(found, Ed25519PrivateKey):
        return _ed25519(found)
    if not isinstance(found, RSAPrivateKey):
        raise KeyUnfit("holds a key of another kind; expected one for RSA or Ed25519")
    if not SHORTEST_RSA <= found.key_size <= LONGEST_RSA:
        raise KeyUnfit(f"holds an RSA key of {found.key_size} bits; expected {SHORTEST_RSA} to {LONGEST_RSA}")
    return _rsa(found)


def write_key(path: Path, key: Key) -> None:
    """Write a key to a new file that only its owner can read; raise FileExistsError where there is one already."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.pem)
        file.flush()
        os.fsync(handle)


def txt_record(key: Key) -> str:
    """Return what the TXT record of a key says, at ``SELECTOR._domainkey.DOMAIN`` (RFC 6376 section 3.6.1)."""
    kind = "rsa" if key.algorithm is Algorithm.RSA else "ed25519"
    return f"v=DKIM1; k={kind}; p={key.public}"


def _rsa(key: RSAPrivateKey) -> Key:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    padding, algorithm = PKCS1v15(), SHA256()

    def sign(data: bytes) -> bytes:
        return key.sign(data, padding, algorithm)

    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Key(Algorithm.RSA, _pem(key), base64.b64encode(public).decode(), sign)


def _ed25519(key: Ed25519PrivateKey) -> Key:
    def sign(data: bytes) -> bytes:
        return key.sign(hashlib.sha256(data).digest())  # the hash is what is signed, RFC 8463 section 3

    public = key.public_key().public_bytes_raw()
    return Key(Algorithm.ED25519, _pem(key), base64.b64encode(public).decode(), sign)


def _pem(key: RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
