"""The pictures of an edition: made for mail of what lies on the shelf, each once, with a note where one is missing.

Not here: making one (rendering.mail_pictures), putting it on the site (jobs.publish).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from feeds.config import Config, Layout, NewsletterConfig, Pictures
from feeds.model import Entry, Printed
from feeds.rendering.article_pictures import pictures_in, without_pictures
from feeds.rendering.edition import host_of, picture_part
from feeds.rendering.mail_html import WIDEST
from feeds.rendering.mail_pictures import Made, made_for_mail
from feeds.rendering.views import DigestView, MailPicture
from feeds.store import edition_files
from feeds.store.edition_files import OWN
from feeds.store.engine import Transaction
from feeds.store.media import MEDIA_NAME, Shelf

DENSITY = 2  # pixels of a good screen for each that a layout counts in
MOST_EMBEDDED = 500_000  # bytes


@dataclass(frozen=True, slots=True)
class Box:
    """What a picture is made to fit, in its own pixels."""

    width: int
    height: int


# As wide as the sheet; beside words, where a telephone shows it across its screen; above the newsletter's name.
SHEET, BESIDE, LOGO = Box(DENSITY * WIDEST, 3264), Box(640, 430), Box(640, 240)


@dataclass(frozen=True, slots=True)
class MailFile:
    """A picture as an edition's mail shows it at an address; ``entry_id`` says whose it is, OWN the edition's."""

    entry_id: str
    address: str
    made: Made


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """The entries of a digest, and the pictures that they can show there, by the address that each has in print.

    ``notes`` tell what is amiss with some.
    """

    entries: tuple[Printed, ...]
    pictures: dict[str, MailPicture]
    logo: MailPicture | None
    files: tuple[MailFile, ...]
    notes: tuple[str, ...]

    def in_view(self, view: DigestView) -> DigestView:
        """Return a view in which these pictures are shown."""
        theme, logo = view.theme, self.logo
        if logo:
            theme = replace(theme, logo_url=logo.address, logo_width=logo.width, logo_height=logo.height)
        return replace(view, pictures=self.pictures, theme=theme)

    def shown_in(self, html: str) -> tuple[MailFile, ...]:
        """Return the files that a digest shows; what did not fit into it, or stands in brief, shows none."""
        return tuple(file for file in self.files if file.address in html)


class PictureDesk:
    """Makes pictures for mail, each once in a run."""

    def __init__(self, config: Config, shelf: Shelf) -> None:
        self.logo, self.host = config.theme.logo, host_of(config)
        self.folder_url = f"{config.site.url}media/"
        self._shelf = shelf
        self._made: dict[tuple[Path, Box], Made | str] = {}

    def arrange(self, newsletter: NewsletterConfig, shown: Sequence[tuple[Entry, Printed]]) -> Arranged:
        """Return the entries of a digest with their pictures; one that cannot be shown is left out and named."""
        work = _Arranging(self, newsletter)
        entries = tuple(work.entry(*one, is_first=place == 0) for place, one in enumerate(shown))
        return Arranged(
            entries=entries,
            pictures=work.pictures,
            logo=work.logo(),
            files=tuple(dict.fromkeys(work.files)),
            notes=tuple(work.notes),
        )

    def made(self, path: Path, box: Box) -> Made | str:
        """Return the picture in a file made for mail, or what is wrong with it."""
        if (path, box) not in self._made:
            self._made[path, box] = _read_and_made(path, box)
        return self._made[path, box]

    def shelved(self, address: str) -> Path | None:
        """Return the file on the shelf that an address in print means, None for what lies elsewhere."""
        name = address.removeprefix(self.folder_url)
        is_ours = address.startswith(self.folder_url) and MEDIA_NAME.fullmatch(name)
        return self._shelf.path(name) if is_ours else None

    def keep(self, tx: Transaction, edition_id: str, files: Iterable[MailFile]) -> None:
        """Put what an edition shows from the site onto the shelf, and note that it is to be published."""
        linked = [file for file in files if file.address.startswith(self.folder_url)]
        for file in linked:
            self._shelf.keep(file.made.name, file.made.data)
        edition_files.add(tx, edition_id, ((file.entry_id, file.made.name) for file in linked))


class _Arranging:
    """Goes through the entries of one digest."""

    def __init__(self, desk: PictureDesk, newsletter: NewsletterConfig) -> None:
        self._desk, self._manner, layout = desk, newsletter.pictures, newsletter.layout
        self._is_whole = layout is Layout.FULL_TEXT
        self._shows_any = self._manner is not Pictures.NONE and layout is not Layout.READING_LIST
        self._taken: dict[str, Made] = {}  # what two entries show is of one size
        self.pictures: dict[str, MailPicture] = {}
        self.files: list[MailFile] = []
        self.notes: list[str] = []

    def entry(self, entry: Entry, printed: Printed, *, is_first: bool) -> Printed:
        """Return an entry with the pictures that can be shown."""
        if not self._shows_any:
            return without_pictures(printed, lambda _address: True)
        box = SHEET if is_first or self._is_whole else BESIDE
        gone, lacks_alt = set[str](), False
        for address, alt in self._wanted(printed):
            if problem := self._take(entry.id, address, box):
                self.notes.append(f"{entry.source}/{entry.key}: a picture {problem}; the mail goes without it")
                gone.add(address)
            lacks_alt |= not (problem or alt.strip())
        if lacks_alt:
            remedy = "write image_alt in its front matter, or the alt text in the article"
            self.notes.append(f"{entry.source}/{entry.key}: its picture has no alt text; {remedy}")
        return without_pictures(printed, gone.__contains__) if gone else printed

    def logo(self) -> MailPicture | None:
        """Return the picture above the newsletter's name."""
        path = self._desk.logo
        if path is None or self._manner is Pictures.NONE:
            return None
        made = self._desk.made(path, LOGO)
        if isinstance(made, str):
            self.notes.append(f"{path}: the logo {made}; the mail goes without it")
            return None
        width, height = (max(1, round(side / DENSITY)) for side in (made.width, made.height))
        return MailPicture(self._note(OWN, made), width, height)

    def _wanted(self, printed: Printed) -> list[tuple[str, str]]:
        own = [(printed.image.address, printed.image.alt)] if printed.image else []
        return own + [one for one in pictures_in(printed.html) if self._is_whole and one[0] not in dict(own)]

    def _take(self, entry_id: str, address: str, box: Box) -> str:
        """Have a picture shown; return what is wrong with it, "" where it is fine or is not ours."""
        path = self._desk.shelved(address)
        if path is None:
            return ""
        made = self._taken.get(address) or self._desk.made(path, box)
        if isinstance(made, str):
            return made
        scale = min(1, WIDEST / made.width)
        width, height = (max(1, round(side * scale)) for side in (made.width, made.height))
        self.pictures[address] = MailPicture(self._note(entry_id, made), width, height)
        self._taken[address] = made
        return ""

    def _note(self, entry_id: str, made: Made) -> str:
        """Note whose a picture is; return the address at which a mail shows it."""
        is_linked = self._manner is Pictures.LINKED
        address = self._desk.folder_url + made.name if is_linked else f"cid:{made.name[:32]}@{self._desk.host}"
        self.files.append(MailFile(entry_id, address, made))
        return address


def embedded_parts(files: Iterable[MailFile]) -> dict[str, bytes]:
    """Return the pictures that a message brings along, as parts of what an edition was rendered to."""
    embedded = ((file.address.removeprefix("cid:"), file) for file in files if file.address.startswith("cid:"))
    return {picture_part(cid, file.made.media_type): file.made.data for cid, file in embedded}


def size_notes(files: Iterable[MailFile]) -> list[str]:
    """Return what there is to say of how much a message brings along."""
    size = sum(map(len, embedded_parts(files).values()))
    said = f"the pictures in each message come to {size // 1000:,} KB; fewer entries, or linked pictures, keep it light"
    return [said] if size > MOST_EMBEDDED else []


def _read_and_made(path: Path, box: Box) -> Made | str:
    is_from_sync = MEDIA_NAME.fullmatch(path.name)  # not the logo
    try:
        data = path.read_bytes()
    except OSError as error:
        remedy = "; `pressrun sync` fetches what is missing" if is_from_sync else ""
        return f"cannot be read ({path}: {error.strerror}){remedy}"
    if is_from_sync and hashlib.sha256(data).hexdigest() != path.stem:
        return f"is damaged on the shelf; remove {path}, and `pressrun sync` fetches it anew"
    return made_for_mail(data, width=box.width, height=box.height)
