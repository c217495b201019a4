"""Reading one raw entry as an article: Markdown, HTML or the raw copy of a news desk, with or without front matter.

Pure, but for asking the desk for files. Not here: finding files and front matter (sources), identity (identity).
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from feeds.errors import ArticleRefused
from feeds.model import Article, Block, Enclosure, Image, LocalFile, Person, RawEntry, Role
from feeds.rules.addresses import AddressBook, FindFile, absolute
from feeds.rules.dates import date_in_name, is_date_line, read_date_line, without_date
from feeds.rules.html import CleanHtml, clean_html, text_to_html
from feeds.rules.html_walk import file_name
from feeds.rules.limits import check_lines, check_markdown
from feeds.rules.markdown import markdown_to_html
from feeds.rules.meta import Declared, read_meta
from feeds.rules.meta_keys import meta_key
from feeds.rules.raw_copy import authors_of, copy_to_html, date_of, is_picture_name, read_raw_copy
from feeds.rules.raw_copy_corrections import split_corrections
from feeds.rules.sentences import first_sentences
from feeds.rules.slugs import slug_of
from feeds.rules.text import alike, clean_line, clean_name, cut, scalar

READING = 3  # raise it when the same bytes are to be read anew after an upgrade
SUMMARY_LENGTH = 280
TITLE_LENGTH = 500
_NOT_CONTENT = frozenset({"id", "slug", "aliases", "redirect_from", "draft"})
_STAND_IN = "Title"
_PICTURE_SUFFIXES = ("", ".jpg", ".jpeg", ".png", ".webp", ".gif")


@dataclass(frozen=True, slots=True)
class Desk:
    """What reading needs to know of the place: the source, its zone and language, the site, and how to find files."""

    source: str
    zone: ZoneInfo
    site_url: str
    find_file: FindFile
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it was read, and what had to be guessed, mended or left out."""

    article: Article
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """A body as it was read, and what it says of itself; front matter overrides all of it.

    ``prose`` is the running text in it, of which a summary can be made.
    """

    blocks: tuple[Block, ...]
    html: str
    text: str
    prose: str
    picture: Image | None = None  # the first in the body
    says: Declared = field(default_factory=Declared)
    notes: tuple[str, ...] = ()


def read_article(raw: RawEntry, desk: Desk) -> Reading:
    """Read a raw entry. Raises ArticleRefused where it says nothing, or cannot be understood safely."""
    declared = read_meta(raw.meta, desk.zone)
    url = absolute(declared.url) if declared.url else None
    book = AddressBook(source=desk.source, key=raw.key, site_url=desk.site_url, base=url, find_file=desk.find_file)
    body = _READERS[raw.media_type](raw, desk, book=book, declared=declared)
    if not clean_line(body.text) and not declared.title and not body.says.title:
        raise ArticleRefused("it holds no text; write something, or remove the file")
    image = _image(declared, body, book)
    article = _combine(raw, declared, body, book=book, desk=desk)
    notes = (*raw.notes, *declared.notes, *body.says.notes, *body.notes, *book.notes)
    if declared.url and url is None:
        notes = (*notes, f"url: {cut(declared.url, 80)!r} is no web address; the article gets a page of its own")
    return Reading(replace(article, url=url, image=image), tuple(dict.fromkeys(notes)))


def content_hash(raw: RawEntry, files: tuple[tuple[str, str], ...]) -> str:
    """Return the hash that changes when, and only when, somebody edits the article or a file in it."""
    meta = {key: value for key, value in raw.meta.items() if meta_key(key) not in _NOT_CONTENT}
    said = [raw.media_type, raw.text.strip(), _plain(meta), sorted(name for _, name in files if name)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "replace")).hexdigest()


def wanted_slug(article: Article, key: str) -> str:
    """Return the slug that an entry would like: as declared, else of its file's name, for raw copy of its title."""
    stem = posixpath.splitext(posixpath.basename(key))[0]
    if stem.lower() in {"index", "readme"} and posixpath.dirname(key):
        stem = posixpath.basename(posixpath.dirname(key))
    by_name = slug_of(without_date(stem))
    is_raw_copy = not any(block.is_html for block in article.blocks)
    return (
        article.asked_slug or (slug_of(article.title) if is_raw_copy else by_name) or by_name or slug_of(article.title)
    )


def _plain(value: Any) -> Any:
    """Return front matter as JSON can write it, always the same: YAML knows sets, dates, and keys of any kind."""
    if isinstance(value, Mapping):
        return {scalar(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Set):
        return sorted(map(scalar, value))
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return hex(value) if isinstance(value, int) else scalar(value)


# ---- the three kinds ----


class _Reader(Protocol):
    def __call__(self, raw: RawEntry, desk: Desk, *, book: AddressBook, declared: Declared) -> _Body: ...


def _read_markdown(raw: RawEntry, desk: Desk, *, book: AddressBook, declared: Declared) -> _Body:
    check_markdown(raw.text)
    html = markdown_to_html(raw.text)
    if html is not None:
        return _from_html(clean_html(html, link=book.link, show=book.show, title=declared.title), desk)
    body = _from_html(CleanHtml(text_to_html(raw.text), text=raw.text, prose=raw.text), desk)
    return replace(body, notes=("its Markdown is nested too deeply: kept as plain paragraphs",))


def _read_html(raw: RawEntry, desk: Desk, *, book: AddressBook, declared: Declared) -> _Body:
    return _from_html(clean_html(raw.text, link=book.link, show=book.show, title=declared.title), desk)


def _read_plain(raw: RawEntry, desk: Desk, *, book: AddressBook, declared: Declared) -> _Body:
    check_lines(raw.text)
    blocks = _overridden(read_raw_copy(raw.text), raw.text, declared)
    kept, corrections = split_corrections(blocks, desk.zone)
    shown, image = (kept, {}) if declared.image else _picture_of(kept, book)
    dates = [block.content for block in blocks if _is_date(block)]
    says = Declared(
        title=_first(blocks, Role.TITLE),
        standfirst=_first(blocks, Role.STANDFIRST),
        published_at=date_of(blocks, desk.zone),
        authors=tuple(Person(name) for name in authors_of(blocks)),
        image=image,
        corrections=corrections,
        notes=tuple(note for note in (read_date_line(line, desk.zone).note for line in dates) if note),
    )
    notes = tuple(f"{b.content}: names a picture that is not here" for b in shown if _is_left_behind(b))
    prose = "\n".join(b.content for b in kept if b.role in {Role.DATELINE, Role.BODY} and not _is_date(b))
    text = prose or raw.text
    return _Body(blocks=blocks, html=copy_to_html(shown), text=text, prose=prose, says=says, notes=notes)


_READERS: Mapping[str, _Reader] = {
    "text/markdown": _read_markdown,
    "text/html": _read_html,
    "text/plain": _read_plain,
}


def _from_html(clean: CleanHtml, desk: Desk) -> _Body:
    blocks = (Block(Role.BODY, clean.html, is_html=True),) if clean.html else ()
    says = replace(_page_says(clean.meta, desk.zone), title=clean_line(clean.heading) or _page_title(clean.meta))
    image = None
    if clean.picture:
        address, alt, width, height = clean.picture
        image = Image(address=address, alt=alt, width=width, height=height)
    return _Body(
        blocks=blocks, html=clean.html, text=clean.text, prose=clean.prose, picture=image, says=says, notes=clean.notes
    )


def _page_says(meta: Mapping[str, list[str]], zone: ZoneInfo) -> Declared:
    """Read the head of a saved page in the same way as front matter."""
    names = {
        "summary": ("og:description", "description"),
        "date": ("article:published_time", "date", "dc.date", "time"),
        "updated": ("article:modified_time",),
        "section": ("article:section",),
        "language": ("language",),
        "image": ("og:image",),
        "image_alt": ("og:image:alt",),
    }
    given: dict[str, Any] = {
        key: next((meta[name][0] for name in candidates if name in meta), None) for key, candidates in names.items()
    }
    authors = meta.get("author") or meta.get("article:author") or []
    given["authors"] = [name for name in authors if not name.startswith(("http:", "https:", "/"))]
    given["tags"] = meta.get("article:tag") or meta.get("keywords") or []
    return read_meta(given, zone)


def _page_title(meta: Mapping[str, list[str]]) -> str:
    return clean_line((meta.get("og:title") or meta.get("title") or [""])[0])


# ---- putting them together ----


def _combine(raw: RawEntry, declared: Declared, body: _Body, *, book: AddressBook, desk: Desk) -> Article:
    says = body.says
    title = cut(declared.title or says.title, TITLE_LENGTH) or cut(_first_line(body.text) or raw.key, 90)
    standfirst = declared.standfirst or says.standfirst
    return Article(
        title=title,
        blocks=_with_declared(body.blocks, title, standfirst),
        html=body.html,
        summary=declared.summary or says.summary or standfirst or _summary(body.prose, title),
        authors=declared.authors or says.authors,
        tags=declared.tags or says.tags,
        section=declared.section or says.section,
        language=declared.language or says.language or desk.language,
        enclosures=_enclosures(declared, book),
        access=declared.access,
        corrections=tuple(sorted({*declared.corrections, *says.corrections}, key=lambda one: (one.at, one.text))),
        draft=declared.draft,
        declared_id=declared.id,
        asked_slug=declared.slug,
        published_at=declared.published_at or _date_beside(raw, says, desk),
        promised_year=declared.promised_year or (None if declared.published_at else says.promised_year),
        declared_updated_at=declared.updated_at or says.updated_at,
        former_addresses=declared.aliases,
        files=tuple(sorted(book.files.items())),
        linked_entries=tuple(dict.fromkeys(book.entries)),
        rights=declared.rights,
        episode=declared.episode,
    )


def _summary(prose: str, title: str) -> str:
    """Return the first sentences of a text, without what at its head is the title already: a line, or a sentence."""
    first, _, rest = prose.lstrip().partition("\n")
    if alike(first, title):
        return first_sentences(rest, SUMMARY_LENGTH)
    opens = not title[-1:].isalnum() and first.startswith(title)
    return first_sentences(prose.lstrip()[len(title) :] if opens else prose, SUMMARY_LENGTH)


def _first_line(text: str) -> str:
    return next(filter(None, map(clean_line, text.splitlines())), "")


def _date_beside(raw: RawEntry, says: Declared, desk: Desk) -> Any:
    named = date_in_name(raw.key, desk.zone)
    return (says.published_at or named) if raw.media_type == "text/html" else (named or says.published_at)


def _with_declared(blocks: tuple[Block, ...], title: str, standfirst: str) -> tuple[Block, ...]:
    """Put a title, and a standfirst under it, into blocks that have none of their own."""
    roles = [block.role for block in blocks]
    if Role.TITLE not in roles:
        blocks, roles = (Block(Role.TITLE, title), *blocks), [Role.TITLE, *roles]
    if not standfirst or Role.STANDFIRST in roles:
        return blocks
    under = roles.index(Role.TITLE) + 1
    return (*blocks[:under], Block(Role.STANDFIRST, standfirst), *blocks[under:])


def _enclosures(declared: Declared, book: AddressBook) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}  # one file under two names is one enclosure
    for address, title in declared.enclosures:
        file = book.file(address)
        if isinstance(file, LocalFile):
            enclosure = Enclosure(
                address=f"media:{file.name}",
                media_type=file.media_type,
                length=file.length,
                title=title or clean_name(file_name(address)),
            )
            found.setdefault(enclosure.address, enclosure)
        else:
            book.notes.append(f"enclosure {address}: {file}")
    return tuple(found.values())


def _image(declared: Declared, body: _Body, book: AddressBook) -> Image | None:
    given = declared.image or body.says.image
    if not given:
        return body.picture
    picture = book.show(given["address"])
    if picture is None:
        return None
    file = book.file(given["address"]) if picture.address.startswith("media:") else None
    return Image(
        address=picture.address,
        media_type=file.media_type if isinstance(file, LocalFile) else "",
        length=file.length if isinstance(file, LocalFile) else None,
        alt=given.get("alt", ""),
        caption=given.get("caption", ""),
        credit=given.get("credit", ""),
        width=picture.width,
        height=picture.height,
    )


# ---- the picture of a piece of raw copy ----


def _picture_of(blocks: tuple[Block, ...], book: AddressBook) -> tuple[tuple[Block, ...], dict[str, str]]:
    """Find the picture that a left-behind file name means; return the blocks still to show in the body, and it."""
    for name in (block.content for block in blocks if _is_left_behind(block)):
        path = next((p for p in _names(name) if isinstance(book.file(p), LocalFile)), None)
        if path is None:
            continue
        title = next((number for number, b in enumerate(blocks) if b.role is Role.TITLE), 0)  # above it stand labels
        captions = [b for b in blocks[title:] if b.role is Role.CAPTION and not _is_left_behind(b)][:1]
        credits = [b for b in blocks if b.role is Role.CREDIT][:1]
        shown = tuple(b for b in blocks if b not in captions and b not in credits and b.content != name)
        caption, credit = (found[0].content if found else "" for found in (captions, credits))
        return shown, {"address": path, "alt": caption, "caption": caption, "credit": credit}
    return blocks, {}


def _overridden(blocks: tuple[Block, ...], text: str, declared: Declared) -> tuple[Block, ...]:
    """Let front matter overrule what was guessed: a guess that it contradicts is body text after all."""
    headline = _first(blocks, Role.TITLE)
    if declared.title and not alike(headline, declared.title):
        blocks = _under_another_title(declared.title, text, headline)
    if declared.standfirst and not alike(_first(blocks, Role.STANDFIRST), declared.standfirst):
        blocks = tuple(replace(b, role=Role.BODY) if b.role is Role.STANDFIRST else b for b in blocks)
    return blocks


def _under_another_title(title: str, text: str, headline: str) -> tuple[Block, ...]:
    """Read the text as it stands under a headline that it does not hold; what was its headline is body, if no more."""
    # The title itself may not look like one (a date, two sentences), so that another word holds its place.
    first, *rest = read_raw_copy(f"{_STAND_IN}\n\n{text}")
    first = replace(first, content=title + first.content.removeprefix(_STAND_IN))
    if rest and rest[0].role is Role.CAPTION and headline and clean_line(rest[0].content) == headline:
        rest[0] = replace(rest[0], role=Role.BODY)
    return (first, *rest)


def _names(name: str) -> list[str]:
    return [
        f"{folder}{name.strip()}{suffix}" for folder in ("", "pictures/", "images/") for suffix in _PICTURE_SUFFIXES
    ]


def _is_left_behind(block: Block) -> bool:
    return block.role is Role.CAPTION and is_picture_name(block.content)


def _is_date(block: Block) -> bool:
    return block.role is Role.DATELINE and is_date_line(block.content)


def _first(blocks: tuple[Block, ...], role: Role) -> str:
    return next((clean_line(block.content) for block in blocks if block.role is role), "")
