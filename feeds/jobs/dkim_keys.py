"""Keys for signing: a new one made and written, and what the DNS and the config are to say of it.

Not here: the keys themselves (rendering.dkim), whether the DNS has them (doctor).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from feeds.config import Config
from feeds.errors import OutputRefused, UsageWrong
from feeds.rendering.dkim import Algorithm, Key, generate_key, signers_of, write_key
from feeds.rendering.dkim.publishing import public_keys, signed_domains
from feeds.rules.zone_lines import txt_pieces

FOLDER = "keys"  # beside the config


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A TXT record: its name and text, the strings that the text is cut into, and all of it as in a zone file."""

    name: str
    text: str
    strings: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that was made: its file, what it signs by, the records that publish it, and the lines for the config."""

    file: Path
    algorithm: Algorithm
    records: tuple[KeyRecord, ...]
    config_lines: tuple[str, ...]


def make_key(config: Config, algorithm: Algorithm, *, selector: str | None, file: Path | None) -> MadeKey:
    """Make a key and write it to a new file, by default named after its selector, in a folder beside the config.

    Raises UsageWrong where the file is there already, or would be served; OutputRefused where it cannot be written.
    """
    if not signed_domains(config):
        raise UsageWrong(f"{config.file}: it has no newsletter, and so no domain to sign for")
    is_rsa = algorithm is Algorithm.RSA
    selector = selector or (config.dkim.selector if is_rsa else config.dkim.ed25519_selector)
    file = (file or config.folder / FOLDER / f"{selector}.pem").absolute()
    if file.resolve().is_relative_to(config.output.path.resolve()):
        raise UsageWrong(f"{file} lies in the output folder, which is served; choose another with --out")
    key = generate_key(algorithm)
    _write(file, key)
    return MadeKey(file, algorithm, _records(config, [(selector, key)]), _lines(config, selector, file, is_rsa=is_rsa))


def records_of(config: Config) -> tuple[KeyRecord, ...]:
    """Return the records of the keys that are configured; raise UsageWrong where there are none."""
    signers = signers_of(config)
    if not signers:
        raise UsageWrong(f"{config.file}: [dkim] names no key; `pressrun dkim keygen` makes one")
    return _records(config, [(one.selector, one.key) for one in signers])


def _records(config: Config, keys: Iterable[tuple[str, Key]]) -> tuple[KeyRecord, ...]:
    return tuple(
        KeyRecord(one.name, one.text, tuple(txt_pieces(one.text)), one.line) for one in public_keys(config, keys)
    )


def _write(file: Path, key: Key) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_key(file, key)
    except FileExistsError as error:
        raise UsageWrong(
            f"{file} is there already, and is left as it is; give the new key another --selector, so that mail that is"
            " on its way can still be verified by the old one"
        ) from error
    except OSError as error:
        raise OutputRefused(file, f"the key cannot be written: {error.strerror}") from error


def _lines(config: Config, selector: str, file: Path, *, is_rsa: bool) -> tuple[str, ...]:
    name = file.relative_to(config.folder) if file.is_relative_to(config.folder) else file
    which = "" if is_rsa else "ed25519_"
    return "[dkim]", f'{which}selector = "{selector}"', f'{which}key = "file:{name}"'
