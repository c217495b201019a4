"""The output folder as it is served: each document with its validators, read once and kept while its file stays.

A document that is swapped is seen at the next request. Not here: which address means which file (places).
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from feeds.store.media import MEDIA_NAME
from feeds.web.codings import SUFFIXES
from feeds.web.headers import NOTHING, SAFE, Pairs, content_type, lasting, of_kept, pairs, validators, varying
from feeds.web.keeping import Keeping
from feeds.web.media_types import is_text, media_type
from feeds.web.places import CODED, GONE, INDEX, MOVED, is_feed
from feeds.web.reading import link_header, page_policy

LOG = logging.getLogger("pressrun")
MOST_KEPT = 64 * 1024 * 1024  # bytes of documents in memory
LARGEST_KEPT = 4 * 1024 * 1024  # one that is larger is read from the disk as it is sent
_TAG_ENDS = {"": "", "gzip": "-gz", "br": "-br"}
Seen = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Served:
    """A document in one content coding, ready to be sent; ``body`` is None where it is sent from the disk.

    ``headers`` are those of a 200, ``kept`` those of a 304; ``etag`` is that of this coding, ``plain_etag`` of none.
    """

    file: str
    etag: bytes
    plain_etag: bytes
    modified: int
    body: bytes | None
    headers: Pairs
    kept: Pairs
    status: int = 200


class Folder:
    """The folder that is served. Paths are relative to it; those that lead out of it by a link are no paths."""

    def __init__(self, root: Path, *, max_age: int) -> None:
        self.root = str(root)
        self._max_age = max_age
        self._kept: Keeping[tuple[str, str], tuple[tuple[Seen, Seen], Served]] = Keeping(MOST_KEPT)
        self._digests: Keeping[tuple[str, Seen], str] = Keeping(MOST_KEPT // 64)

    def is_there(self) -> bool:
        """Tell whether there is a folder at all."""
        return Path(self.root).is_dir()

    def path(self, place: str) -> str:
        """Return the place as a path."""
        return f"{self.root}/{place}"

    def has(self, place: str) -> bool:
        """Tell whether something stands at a place."""
        return os.access(self.path(place), os.F_OK)

    def is_folder(self, place: str) -> bool:
        """Tell whether a place is a folder with a page of its own, or with the sign of one."""
        return any(self.has(f"{place}/{INDEX}{sign}") for sign in ("", GONE, MOVED))

    def is_coded_form(self, place: str) -> bool:
        """Tell whether a file is the coded form of a document beside it: that is never asked for by name."""
        return place.endswith(CODED) and self.has(place.rpartition(".")[0])

    def data(self, place: str) -> bytes | None:
        """Return what stands at a place, None where nothing does. It waits for the disk."""
        file = self._real(place)
        try:
            return Path(file).read_bytes() if file else None
        except OSError:
            return None

    def look(self, place: str, codings: tuple[str, ...]) -> tuple[str, tuple[Seen, Seen]] | None:
        """Return the first of these codings that a document has, and how its files look now; None where it has none.

        A coded form that is older than its document was made from the one before.
        """
        plain = _seen(self.path(place))
        if plain is None:
            return None
        for coding in codings if is_text(media_type(place)) else ("",):
            coded = _seen(self.path(place) + SUFFIXES[coding]) if coding else plain
            if coded is not None and coded[0] >= plain[0]:
                return coding, (plain, coded)
        return "", (plain, plain)

    def find(self, place: str, coding: str, seen: tuple[Seen, Seen]) -> Served | None:
        """Return a document that was read before and still looks the same, or None."""
        kept = self._kept.find((place, coding))
        return kept[1] if kept is not None and kept[0] == seen else None

    def read(self, place: str, coding: str, seen: tuple[Seen, Seen]) -> Served | None:
        """Read a document; None where it cannot be read, or a link leads out of the folder. It waits for the disk."""
        file = self._real(place)
        if file is None:
            return None
        try:
            served = self._served(place, coding, file=file, seen=seen)
        except OSError as error:
            LOG.warning("%s: cannot be served: %s", file, error.strerror)
            return None
        self._kept.keep((place, coding), (seen, served), len(served.body or b""))
        return served

    def _real(self, place: str) -> str | None:
        """Return where a file really is, None where that is not in the folder."""
        file = os.path.realpath(self.path(place))
        if file.startswith(os.path.realpath(self.root) + os.sep):
            return file
        LOG.warning("%s: leads out of the output folder, and is not served", self.path(place))
        return None

    def _served(self, place: str, coding: str, *, file: str, seen: tuple[Seen, Seen]) -> Served:
        kind = media_type(place)
        data = Path(file).read_bytes() if is_text(kind) and seen[0][2] <= LARGEST_KEPT else None
        digest = hashlib.sha256(data).hexdigest() if data is not None else self._digest(place, file, seen=seen[0])
        body = Path(file + SUFFIXES[coding]).read_bytes() if coding and data is not None else data
        plain_etag, etag = (f'"{digest[:32]}{end}"' for end in ("", _TAG_ENDS[coding]))
        modified = seen[0][0] // 1_000_000_000
        fields = [
            ("content-type", content_type(kind)),
            ("content-length", str(seen[1][2] if body is None else len(body))),
            ("content-encoding", coding),
            *validators(etag, modified),
            ("cache-control", lasting(place, max_age=self._max_age)),
            ("vary", varying(place, kind)),
            ("content-security-policy", _policy(kind, data)),
            ("link", link_header(data) if data is not None and is_feed(place) else ""),
        ]
        headers = pairs(fields) + SAFE
        return Served(
            file + SUFFIXES[coding],
            etag.encode(),
            plain_etag.encode(),
            modified,
            body,
            headers,
            of_kept(headers),
        )

    def _digest(self, place: str, file: str, *, seen: Seen) -> str:
        """Return the hash of a file that is not kept: media are named by it, others are read for it once."""
        name = place.rpartition("/")[2]
        if place == f"media/{name}" and MEDIA_NAME.fullmatch(name):
            return name[:64]
        known = self._digests.find((file, seen))
        if known is None:
            with Path(file).open("rb") as opened:
                known = hashlib.file_digest(opened, "sha256").hexdigest()
            self._digests.keep((file, seen), known, len(known))
        return known


def _policy(kind: str, data: bytes | None) -> str:
    if kind == "text/html":
        return page_policy(data or b"")
    return NOTHING if is_text(kind) else ""


def _seen(path: str) -> Seen | None:
    """Return how a file looks: time, inode, length, and time of its last change; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 (each request comes here, and pathlib takes three times as long)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size, found.st_ctime_ns
