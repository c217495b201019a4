"""From an entry in the store to one ready for print: every address absolute, every gap filled by the site's defaults.

Pure. Not here: which entries may be printed (queries), how they look (rendering, formats).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from html import escape, unescape
from urllib.parse import unquote

from feeds.model import Entry, Image, Person, Printed, Tag
from feeds.rules.queries import Facts, facts_of, section_slug
from feeds.rules.slugs import author_slug
from feeds.rules.tracking import without_tracking

_TAG = re.compile(r'<(?:a|img)(?: [a-z-]+="[^"]*")+>')
_ADDRESS = re.compile(r' (href|src)="([^"]*)"')
_DEAD_LINK = re.compile(r'<a(?: (?!href=)[a-z-]+="[^"]*")*>')
_ANY_TAG = re.compile(r'</?[a-z][a-z0-9]*(?: [a-z-]+="[^"]*")*>')
_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ku-arab", "ps", "sd", "ug", "ur", "yi"})
_RTL_SCRIPTS = frozenset({"arab", "hebr", "thaa", "syrc", "nkoo", "adlm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What print needs to know of the site. ``pages`` maps ``<source>/<key>`` to the address of that entry's page."""

    site_url: str
    language: str
    author: str
    zone: tzinfo = UTC
    pages: Mapping[str, str] = field(default_factory=dict)

    def facts_of(self, entry: Entry, tags: Iterable[Tag]) -> Facts:
        """Return what a query asks of an entry, with the site's language and author where it names none."""
        return facts_of(entry, {tag.slug for tag in tags}, site_language=self.language, site_author=self.author)

    def page_url(self, entry: Entry) -> str:
        """Return an entry's canonical address: its own, else that of its page."""
        return without_tracking(entry.article.url or f"{self.site_url}{entry.slug}/")

    def tag_url(self, slug: str) -> str:
        """Return the address of a tag's page."""
        return f"{self.site_url}tags/{slug}/"

    def author_url(self, name: str) -> str:
        """Return the address of an author's page."""
        return f"{self.site_url}authors/{author_slug(name)}/"

    def section_url(self, section: str) -> str:
        """Return the address of a section's page, "" where there is no section."""
        return f"{self.site_url}sections/{section_slug(section)}/" if section else ""

    def settled(self, address: str) -> str | None:
        """Return an address as it is printed, None where it leads to what is not public."""
        if address.startswith("media:"):
            return f"{self.site_url}media/{address.removeprefix('media:')}"
        if address.startswith("entry:"):
            return self.pages.get(unquote(address.removeprefix("entry:")))
        return without_tracking(address)


def print_entry(entry: Entry, press: Press, tags: tuple[Tag, ...]) -> Printed:
    """Return an entry as it is printed, with its ``tags`` as they are called now."""
    article = entry.article
    authors = article.authors or ((Person(press.author),) if press.author else ())
    language = article.language or press.language
    return Printed(
        id=entry.id,
        url=press.page_url(entry),
        title=article.title,
        summary=article.summary,
        html=_without_dead_links(with_addresses(article.html, press.settled)),
        blocks=article.blocks,
        authors=authors,
        tags=tags,
        section=article.section,
        language=language,
        direction=direction_of(language),
        image=_image(article.image, press),
        enclosures=tuple(replace(e, address=press.settled(e.address) or e.address) for e in article.enclosures),
        corrections=tuple(replace(c, at=c.at.astimezone(press.zone)) for c in article.corrections),
        published_at=entry.published_at,
        updated_at=entry.updated_at,
        author_urls={person.name: press.author_url(person.name) for person in authors},
        tag_urls={tag.slug: press.tag_url(tag.slug) for tag in tags},
        section_url=press.section_url(article.section),
        rights=article.rights,
        episode=article.episode,
    )


def for_feeds(entry: Printed) -> Printed:
    """Return an entry whose HTML says all that its page says: picture, body, corrections."""
    parts = [part for part in (_figure(entry), entry.html, _corrections(entry)) if part]
    return entry if parts == [entry.html] else replace(entry, html="\n".join(parts))


def direction_of(language: str) -> str:
    """Return ``rtl`` or ``ltr`` for a language tag (BCP 47); its script decides where it names one."""
    parts = language.lower().split("-")
    script = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), None)
    if script is not None:
        return "rtl" if script in _RTL_SCRIPTS else "ltr"
    return "rtl" if parts[0] in _RTL else "ltr"


def with_addresses(html: str, change: Callable[[str], str | None]) -> str:
    """Return clean HTML with the address of every link and picture changed; None takes the attribute out."""

    def changed(match: re.Match[str]) -> str:
        address = change(unescape(match[2]))
        return f' {match[1]}="{escape(address)}"' if address else ""

    return _TAG.sub(lambda tag: _ADDRESS.sub(changed, tag[0]), html)


def _without_dead_links(html: str) -> str:
    """Return clean HTML in which a link that lost its address is its text alone: it must not look like a link."""
    if not _DEAD_LINK.search(html):
        return html
    is_dead = False

    def kept(match: re.Match[str]) -> str:
        nonlocal is_dead
        tag = match[0]
        if tag.startswith(("<a ", "<a>")):
            is_dead = ' href="' not in tag
        elif tag != "</a>":
            return tag
        return "" if is_dead else tag

    return _ANY_TAG.sub(kept, html)


def _image(image: Image | None, press: Press) -> Image | None:
    return replace(image, address=press.settled(image.address) or image.address) if image else None


def _figure(entry: Printed) -> str:
    image = entry.image
    if image is None or escape(image.address) in entry.html:
        return ""
    size = f' width="{image.width}" height="{image.height}"' if image.width and image.height else ""
    words = " ".join(part for part in (image.caption, f"({image.credit})" if image.credit else "") if part)
    caption = f"<figcaption>{escape(words, quote=False)}</figcaption>" if words else ""
    return f'<figure><img src="{escape(image.address)}" alt="{escape(image.alt)}"{size}>{caption}</figure>'


def _corrections(entry: Printed) -> str:
    """Return the corrections, each with its day in the zone of the site, but for those that the body tells itself."""
    return "\n".join(
        f'<p><strong>Correction, <time datetime="{c.at.isoformat()}">{c.at:%Y-%m-%d}</time>:</strong>'
        f" {escape(c.text, quote=False)}</p>"
        for c in entry.corrections
        if escape(c.text, quote=False) not in entry.html
    )
