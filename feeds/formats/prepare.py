"""Makes an entry ready to be written: clean text, whole times, addresses that lead somewhere.

The rooms above clean too; a document must hold even where they did not. Not here: its feed (prepare_feed), writing it
(rss, atom, json_feed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from feeds.errors import EntryUnprintable
from feeds.formats.text import is_iri, language_tag, media_type, plain_text, web_address
from feeds.model import Enclosure, Episode, Image, Person, Printed, Tag
from feeds.rules.text import clean_line, clean_name, clean_text, cut

MAX_FULL_TEXT = 250_000  # bytes: four such entries fill a document, so a longer one goes in with its summary only
TITLE_LENGTH = 80  # characters of the text that stand for a title that is not there
SUMMARY_LENGTH = 300  # characters of the text that stand for it where the author wrote no summary


@dataclass(frozen=True, slots=True)
class Ready:
    """An entry ready to be written, and what had to be left out of it, in words."""

    entry: Printed
    notes: tuple[str, ...]


def prepare_entry(entry: Printed) -> Ready:
    """Make an entry fit for every format.

    Raises EntryUnprintable where its id is no absolute IRI, its link no web address, or a time has no zone.
    """
    if not is_iri(entry.id):
        raise EntryUnprintable(clean_text(entry.id), "its id is not an absolute IRI")
    url = web_address(entry.url)
    if not url:
        raise EntryUnprintable(entry.id, "its link is not an absolute web address")
    body, summary = clean_text(entry.html), clean_line(entry.summary)
    too_long = len(body.encode()) > MAX_FULL_TEXT
    if too_long:
        summary = summary or cut(plain_text(body), SUMMARY_LENGTH)
    published = whole_second(entry.id, entry.published_at)
    ready = replace(
        entry,
        url=url,
        title=clean_line(entry.title) or cut(summary or plain_text(body), TITLE_LENGTH) or url,
        summary=summary,
        html="" if too_long else _directed(entry, body),
        authors=tuple(person for author in entry.authors if (person := clean_person(author, entry.author_urls)).name),
        tags=tuple(tag for each in entry.tags if (tag := _tag(each)).slug),
        language=language_tag(entry.language),
        image=_image(entry.image),
        enclosures=tuple(file for each in entry.enclosures if (file := _enclosure(each)).address),
        published_at=published,
        updated_at=max(published, whole_second(entry.id, entry.updated_at)),
        tag_urls={clean_name(slug): web_address(page) for slug, page in entry.tag_urls.items()},
        section=clean_line(entry.section),
        section_url=web_address(entry.section_url),
        rights=clean_rights(entry.rights),
        episode=_episode(entry.episode) if entry.episode else None,
    )
    return Ready(ready, tuple(_notes(entry, ready, too_long=too_long)))


def whole_second(subject: str, at: datetime) -> datetime:
    """Return a time as every format can write it, in UTC; EntryUnprintable, of ``subject``, where none can."""
    # RSS has no fractions of a second (RFC 822 section 5), and a zone that is not UTC may have odd seconds.
    if at.tzinfo is None:
        raise EntryUnprintable(subject, "a time without a zone")
    try:
        return at.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise EntryUnprintable(subject, f"the year {at.year} cannot be written in UTC") from None


def clean_person(author: Person, pages: Mapping[str, str]) -> Person:
    """Return an author with a usable e-mail address, or none, and the page that they name or have here."""
    email = clean_line(author.email or "")
    usable = email.count("@") == 1 and not set(email) & set(' ()<>,;:"') and not email.startswith("@")
    page = web_address(author.url or pages.get(author.name, ""))
    return Person(clean_name(author.name), email if usable and not email.endswith("@") else None, page or None)


def clean_rights(rights: str) -> str:
    """Return the address of a licence as one, and any other word on the rights as a line."""
    return (web_address(rights) or clean_line(rights)) if rights else ""


def _directed(entry: Printed, body: str) -> str:
    # Direction can only be said inside the HTML: a dir attribute on an Atom element is an error.
    if entry.direction != "rtl" or not body or 'dir="rtl"' in body.partition(">")[0]:
        return body
    return f'<div dir="rtl">{body}</div>'


def _tag(tag: Tag) -> Tag:
    slug, name = clean_name(tag.slug), clean_name(tag.name)
    return Tag(slug or name, name or slug)


def _image(image: Image | None) -> Image | None:
    address = web_address(image.address) if image else ""
    if not image or not address:
        return None
    return replace(
        image,
        address=address,
        alt=clean_line(image.alt),
        caption=clean_line(image.caption),
        credit=clean_line(image.credit),
        media_type=media_type(image.media_type),
    )


def _enclosure(file: Enclosure) -> Enclosure:
    return Enclosure(
        address=web_address(file.address),
        media_type=media_type(file.media_type.strip()) or "application/octet-stream",
        length=max(0, int(file.length)),
        title=clean_line(file.title),
    )


def _episode(episode: Episode) -> Episode:
    # The directories take a nought or less for a fault of the whole feed.
    numbers = {
        name: value for name in ("duration", "number", "season") if (value := getattr(episode, name)) is not None
    }
    return replace(episode, **{name: value if value > 0 else None for name, value in numbers.items()})


def _notes(entry: Printed, ready: Printed, *, too_long: bool) -> list[str]:
    notes = [f"{entry.id}: text over {MAX_FULL_TEXT} bytes, printed as its summary"] if too_long else []
    if entry.image and not ready.image:
        notes.append(f"{entry.id}: its picture has no absolute address and was left out")
    if len(entry.enclosures) != len(ready.enclosures):
        notes.append(f"{entry.id}: an enclosure has no absolute address and was left out")
    return notes
