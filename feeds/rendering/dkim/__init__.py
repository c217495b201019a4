"""DKIM: keys and the signatures that they make (RFC 6376, RFC 8463). The one door to cryptography.

Not here: which messages are signed (galley), asking the DNS.
"""

from feeds.rendering.dkim.keys import Algorithm, Key, KeyUnfit, generate_key, read_key, txt_record, write_key
from feeds.rendering.dkim.opening import signers_of
from feeds.rendering.dkim.signing import Signer

__all__ = [
    "Algorithm",
    "Key",
    "KeyUnfit",
    "Signer",
    "generate_key",
    "read_key",
    "signers_of",
    "txt_record",
    "write_key",
]
