"""What every feed must get right whatever its format: one function a rule, each yields what it finds.

Not here: what only one format asks for (rss, atom, json_feed), archives and hubs (history).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from feeds.formats.check.dates import Read, read_rfc822, read_rfc3339
from feeds.formats.check.findings import Finding, Spot, error, warning
from feeds.formats.check.markup import markup_faults
from feeds.formats.check.opening import Kind
from feeds.formats.check.views import Document, File, Part, Said, shortened
from feeds.formats.printing import MAX_BYTES
from feeds.formats.text import language_tag, media_type, web_address
from feeds.rules.archives import MOST_ENTRIES
from feeds.rules.tracking import is_tracking

_LAST_YEAR = 2100  # what is dated beyond is a slip
_PARAMETER = re.compile(r"[?&;](\w+)=")
_OF_RSS = {"pubDate", "lastBuildDate"}
_DAY_ALONE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")  # W3C-DTF lets Dublin Core say less


def check_size(document: Document) -> Iterator[Finding]:
    """F11: small documents."""
    remedy = "hold fewer entries; older ones belong in archives (RFC 5005)"
    if document.size > MAX_BYTES:
        yield error("F11", Spot(), f"it has {document.size:,} bytes, over {MAX_BYTES:,}", remedy=remedy)
    if document.held > MOST_ENTRIES:
        what = f"it holds {document.held} entries, over {MOST_ENTRIES}"
        yield warning("F11", Spot(), what, remedy=remedy)


def check_ids(document: Document) -> Iterator[Finding]:
    """F2 and F3: each entry has an id, and no two have the same."""
    seen: dict[str, int] = {}
    for entry in document.entries:
        if entry.id is None or not entry.id.value.strip():
            names = {Kind.ATOM: "id", Kind.JSON: "id", Kind.RSS_1: "rdf:about"}
            yield error("F3", entry.spot, f"no {names.get(document.kind, 'guid')}", remedy="give it one for good")
            continue
        if entry.id.value != entry.id.value.strip():
            yield error("F3", entry.id.spot, "white space stands around its id", remedy="remove it")
        seen[entry.id.value] = seen.get(entry.id.value, 0) + 1
        if seen[entry.id.value] == 2:
            what = "another entry has the same id"
            yield error("F2", entry.id.spot, what, remedy="give each entry an id of its own, and never change it")


def check_addresses(document: Document) -> Iterator[Finding]:
    """F5, F19, F23, F24, F26: what is to lead somewhere is an absolute web address."""
    links = [*document.selves, *document.hubs, *document.older]
    for part in parts(document):
        links += [part.link] if part.link else []
        links += part.addresses
    for link in links:
        if not web_address(link.value):
            what = f"{link.name}: {shortened(link.value)!r} is not an absolute web address"
            yield error(link.rule, link.spot, what, remedy="write it in full, from https:// on")


def check_self(document: Document) -> Iterator[Finding]:
    """F5: a document names its own address, once."""
    found = {link.value for link in document.selves}
    if len(found) != 1 or len(document.selves) != 1:
        spot = document.selves[1].spot if len(document.selves) > 1 else document.feed.spot
        what = f"{len(document.selves)} links to itself instead of one"
        name = "feed_url" if document.kind is Kind.JSON else '<atom:link rel="self">'
        yield error("F5", spot, what, remedy=f"name the exact address that readers subscribe to in {name}")
    if document.feed.link and document.feed.link.value in found:
        spot, remedy = document.feed.link.spot, "let it lead to the site's page"
        yield error("F5", spot, "its link leads to the feed itself", remedy=remedy)


def check_dates(document: Document) -> Iterator[Finding]:
    """F4: dates that every reader reads alike, and an entry's own."""
    for part in parts(document):
        yield from (fault for said in (part.published, part.updated) if said for fault in _date_faults(said))
        published, updated = when(part.published), when(part.updated)
        if part.updated and part is not document.feed and published and updated and updated < published:
            what = "it was updated before it was published"
            yield warning("F4", part.updated.spot, what, remedy="let updated begin with the time of publication")
    if document.kind is not Kind.ATOM:  # Atom's entries must say when they were updated, which `atom` asks for
        for entry in document.entries:
            if entry.published is None:
                name = "date_published" if document.kind is Kind.JSON else "pubDate"
                yield error("F4", entry.spot, f"no {name}", remedy="say when it was published")


def check_order(document: Document) -> Iterator[Finding]:
    """F14: newest first, by either date."""
    before: tuple[datetime, datetime] | None = None
    for entry in document.entries:
        published, updated = when(entry.published), when(entry.updated)
        now = (published or updated), (updated or published)
        if before and now[0] and now[1] and now[0] > before[0] and now[1] > before[1]:
            yield warning("F14", entry.spot, "it is newer than the entry before it", remedy="write the newest first")
            return
        before = (now[0], now[1]) if now[0] and now[1] else before


def check_files(document: Document) -> Iterator[Finding]:
    """F8: an enclosure says where it is, what it is, and how long."""
    for entry in document.entries:
        for file in entry.files:
            yield from _file_faults(file, is_json=document.kind is Kind.JSON)


def check_contents(document: Document) -> Iterator[Finding]:
    """F19: content that can be shown away from its page."""
    for part in document.entries:
        for said in part.contents:
            for fault in markup_faults(said.value):
                make = error if fault.is_grave else warning
                yield make("F19", said.spot, f"{fault.what} in its {said.name}", remedy=_CLEAN)


def check_languages(document: Document) -> Iterator[Finding]:
    """F21: the feed names its language, rightly spelt."""
    feed = document.feed
    if feed.language is None or not feed.language.value:
        yield warning("F21", feed.spot, "it names no language", remedy='name it, as in "en-GB"')
    for part in (feed, *document.entries):
        language = part.language
        if language and language.value and not language_tag(language.value):
            what = f"{shortened(language.value)!r} has not the form of a language tag"
            yield error("F21", language.spot, what, remedy='write it as in "en-GB" (BCP 47)')


def check_tracking(document: Document) -> Iterator[Finding]:
    """F23: links without tracking."""
    for entry in document.entries:
        names = _PARAMETER.findall(entry.link.value) if entry.link else []
        tracking = next(filter(is_tracking, names), None)
        if entry.link and tracking:
            what = f"its link carries the tracking query {tracking}"
            yield warning("F23", entry.link.spot, what, remedy="link to the page's own address")


CHECKS = (
    check_size,
    check_ids,
    check_addresses,
    check_self,
    check_dates,
    check_order,
    check_files,
    check_contents,
    check_languages,
    check_tracking,
)


_CLEAN = "clean the HTML, and write its addresses in full"


def read_date(said: Said) -> Read:
    """Read a date by the standard of its element."""
    if said.name in _OF_RSS:
        return read_rfc822(said.value)
    if said.name == "date" and _DAY_ALONE.fullmatch(said.value):
        return read_rfc3339(f"{(said.value + '-01-01')[:10]}T00:00:00Z")
    return read_rfc3339(said.value)


def when(said: Said | None) -> datetime | None:
    """Return the instant of a date, None where there is none that can be read."""
    return read_date(said).at if said else None


def _date_faults(said: Said) -> Iterator[Finding]:
    read = read_date(said)
    if read.problem:
        what = f"{said.name}: {shortened(said.value)!r} {read.problem}"
        yield error("F4", said.spot, what, remedy=_example(said))
    elif read.at and read.at.year > _LAST_YEAR:
        what = f"{said.name}: {shortened(said.value)!r} is so far ahead that it stays the newest for good"
        yield warning("F4", said.spot, what, remedy="say when it was published")


def _example(said: Said) -> str:
    example = "Sat, 02 Mar 2024 12:00:00 +0000" if said.name in _OF_RSS else "2024-03-02T12:00:00+00:00"
    return f"write it as in {example}"


def _file_faults(file: File, *, is_json: bool) -> Iterator[Finding]:
    if not web_address(file.address or ""):
        what = f"an enclosure's address {shortened(file.address or '')!r} is not an absolute web address"
        yield error("F8", file.spot, what, remedy="write it in full, from https:// on")
    if not is_media_type(file.media_type or ""):
        what = f"an enclosure's media type is {shortened(file.media_type or '')!r}"
        yield error("F8", file.spot, what, remedy='name it, as in "audio/mpeg"')
    yield from _length_faults(file, is_json=is_json)


def _length_faults(file: File, *, is_json: bool) -> Iterator[Finding]:
    remedy = "write the file's true number of bytes"
    is_number = isinstance(file.length, int) and not isinstance(file.length, bool) and file.length >= 0
    if file.length is None:
        make = warning if is_json else error
        yield make("F8", file.spot, "an enclosure does not say its length", remedy=remedy)
    elif not (is_number if is_json else str(file.length).isascii() and str(file.length).isdecimal()):
        what = f"an enclosure's length is {shortened(file.length)!r} instead of a number of bytes"
        yield error("F8", file.spot, what, remedy=remedy)
    elif str(file.length).strip("0") == "":
        yield warning("F8", file.spot, "an enclosure's length is 0", remedy=remedy)


def is_media_type(value: str) -> bool:
    """Tell whether a value is a media type, with or without parameters."""
    return bool(media_type(value.partition(";")[0].rstrip()))


def parts(document: Document) -> Iterator[Part]:
    """Yield the feed, then its entries."""
    yield document.feed
    yield from document.entries
