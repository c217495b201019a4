"""What no key can be asked alone: duplicates, colliding places, keys that need one another.

The checks read the raw data, so that they speak up beside all other mistakes. Not here: single values (values, places).
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from feeds.config.bounces import ImapConfig
from feeds.config.defaults import Data, table, tables
from feeds.config.dkim import dkim_findings
from feeds.config.feed_checks import feed_findings
from feeds.config.places import Surroundings, as_path, as_store_url, sqlite_path
from feeds.config.positions import Finding, Where
from feeds.config.schema import REPEATED, SECTIONS, CadenceConfig, NewsletterConfig
from feeds.config.secrets import is_reference
from feeds.config.theme_checks import unreadable_colours
from feeds.config.times import needs_first_day
from feeds.config.words import quietly, quoted
from feeds.rules.cadence import WORDS
from feeds.rules.slugs import slug_of


def findings(data: Data, folder: Path) -> list[Finding]:
    """Return everything that is wrong between the keys of ``data``, which has its defaults already."""
    return [
        *(found for section in sorted(REPEATED) for found in _repeated_slugs(data, section)),
        *feed_findings(data),
        *(found for section in ("feeds", "newsletters") for found in _tags_both_ways(data, section)),
        *_alias_rings(data),
        *_cadences(data),
        *_choices(data),
        *_minimums(data),
        *_renames(data),
        *unreadable_colours(data),
        *_smtp(("transport",), table(data, "transport")),
        *(found for index, one in tables(data, "fallbacks") for found in _smtp(("fallbacks", index), one)),
        *_mailboxes(table(table(data, "bounces"), "imap")),
        *dkim_findings(table(data, "dkim")),
        *_exposed(data, folder),
        *_read_again(data, folder),
        *_notes_among_articles(data, folder),
        *_over_templates(data, folder),
    ]


def _repeated_slugs(data: Data, section: str) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, entry in tables(data, section):
        slug = entry.get("slug", "articles" if section == "sources" else None)
        if not isinstance(slug, str):
            continue
        if slug in first:
            yield (section, index, "slug"), f"{quoted(slug)} is taken by {section}[{first[slug]}]; expected another"
        first.setdefault(slug, index)


def _tags_both_ways(data: Data, section: str) -> Iterator[Finding]:
    for index, asking in tables(data, section):
        wanted = {slug for _, _, slug in _tags(asking, "tags")}
        for place, tag, slug in _tags(asking, "not_tags"):
            if slug in wanted:
                yield (
                    (section, index, "not_tags", place),
                    f"{quoted(tag)} is among tags too; expected it in one of them",
                )


def _tags(asking: Data, key: str) -> Iterator[tuple[int, str, str]]:
    """Yield each tag of a list with its place and its slug; what is none is another check's business."""
    listed = asking.get(key)
    for place, tag in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(tag, str) and (slug := slug_of(tag, signs=True)):
            yield place, tag, slug


def _alias_rings(data: Data) -> Iterator[Finding]:
    aliases = table(table(data, "tags"), "aliases")
    for old in aliases:
        seen, name = {old}, aliases[old]
        while isinstance(name, str) and name in aliases and name not in seen:
            seen.add(name)
            name = aliases[name]
        if name == old:
            yield ("tags", "aliases", old), f"{quoted(old)} leads back to itself; expected a spelling that stays"


def _cadences(data: Data) -> Iterator[Finding]:
    for index, newsletter in tables(data, "newsletters"):
        where, cadence = ("newsletters", index, "cadence"), table(newsletter, "cadence")
        for key in ("every", "at"):
            if "cron" in cadence and key in cadence:
                yield (*where, key), f"cannot stand beside cron, which says when in its place; expected {key} or cron"
        if "cron" not in cadence and "from" not in cadence and needs_first_day(cadence.get("every")):
            yield (*where, "from"), f"missing; every = {quoted(cadence['every'])} needs the date of its first day"


def _choices(data: Data) -> Iterator[Finding]:
    """Find what readers may choose, and could not be given."""
    for index, newsletter in tables(data, "newsletters"):
        cadence, where = table(newsletter, "cadence"), ("newsletters", index)
        for place, word in enumerate(_listed(newsletter, "cadences")):
            if "cron" in cadence:
                yield (
                    (*where, "cadences", place),
                    "cannot stand beside cron, which names no hour; expected every, at",
                )
            elif word == cadence.get("every", CadenceConfig.model_fields["every"].default):
                yield (*where, "cadences", place), f"{quoted(word)} is the newsletter's own; expected others"
            elif "from" not in cadence and needs_first_day(word):
                yield (
                    (*where, "cadence", "from"),
                    f"missing; {quoted(word)} in cadences needs the date to count from",
                )
        for place, language in enumerate(_listed(newsletter, "digest_languages")):
            if language in WORDS:
                yield (*where, "digest_languages", place), f"{quoted(language)} is a cadence; expected a language"
        for key in ("cadences", "digest_languages"):
            yield from _listed_twice(newsletter, where, key)


def _listed_twice(newsletter: Data, where: Where, key: str) -> Iterator[Finding]:
    known = [str(one).lower() for one in _listed(newsletter, key)]
    for place, one in enumerate(known):
        if one in known[:place]:
            yield (*where, key, place), f"{quoted(one)} stands there twice; expected it once"


def _listed(newsletter: Data, key: str) -> list[object]:
    listed = newsletter.get(key)
    return listed if isinstance(listed, list) else []


def _minimums(data: Data) -> Iterator[Finding]:
    for index, newsletter in tables(data, "newsletters"):
        least = newsletter.get("minimum")
        most = newsletter.get("maximum", NewsletterConfig.model_fields["maximum"].default)
        if type(least) is int and type(most) is int and least > most > 0:
            yield ("newsletters", index, "minimum"), f"{least} is more than maximum; expected {most} or less"


def _renames(data: Data) -> Iterator[Finding]:
    places = [(index, slug) for index, newsletter in tables(data, "newsletters") if (slug := newsletter.get("slug"))]
    claimed: list[tuple[int, object]] = []
    for index, newsletter in tables(data, "newsletters"):
        old, where = newsletter.get("renamed_from"), ("newsletters", index, "renamed_from")
        if not isinstance(old, str):
            continue
        for place in (place for place, slug in places if slug == old):
            yield where, f"{quoted(old)} is still the slug of newsletters[{place}]; expected one that is gone"
        for place in (place for place, slug in claimed if slug == old):
            yield where, f"{quoted(old)} is claimed by newsletters[{place}] too; expected it in one of them"
        claimed.append((index, old))


def _smtp(where: Where, transport: Data) -> Iterator[Finding]:
    host = transport.get("host")
    if transport.get("kind") == "smtp" and host is None:
        yield (*where, "host"), 'missing; kind = "smtp" needs the mail server\'s name'
    if transport.get("tls") == "none" and isinstance(host, str) and not _is_loopback(host):
        yield (
            (*where, "tls"),
            f'"none" would send mail and password in the clear to {quoted(host)}; expected "required"',
        )
    for given, needed in (("username", "password"), ("password", "username")):
        if given in transport and needed not in transport:
            yield (*where, needed), f"missing; {given} is given, and neither works alone"


def _mailboxes(imap: Data) -> Iterator[Finding]:
    keys = ImapConfig.model_fields
    mailbox, done = (imap.get(key, keys[key].default) for key in ("mailbox", "done"))
    if imap and mailbox == done:
        yield (
            ("bounces", "imap", "done"),
            "is the mailbox that reports come to, too, and they would be read for ever; expected another",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _exposed(data: Data, folder: Path) -> Iterator[Finding]:
    """Find what would be served to everyone because it lies in the output folder."""
    output = _place(_given(data, ("output", "path")), folder)
    if output is None:
        return
    if folder.is_relative_to(output):
        yield ("output", "path"), f"{output} holds the config itself, and all of it is served; expected a folder below"
        return
    for where, place in _private_places(data, folder):
        if place.is_relative_to(output):
            yield where, f"{place} lies in the output folder, which is served; expected a place outside {output}"


def _read_again(data: Data, folder: Path) -> Iterator[Finding]:
    """Find folders of articles that would take in what is printed from them."""
    written = [_place(_given(data, ("output", key)), folder) for key in ("path", "preview_path")]
    for index, _source in tables(data, "sources"):
        source = _place(_given(data, ("sources", index, "path")), folder)
        inside = next((place for place in written if source and place and place.is_relative_to(source)), None)
        if inside:
            yield (
                ("sources", index, "path"),
                f"{source} holds {inside}, whose pages would be read as articles; expected a folder for articles alone",
            )


def _notes_among_articles(data: Data, folder: Path) -> Iterator[Finding]:
    """Find folders of editors' notes that would be published as articles."""
    sources = [_place(_given(data, ("sources", index, "path")), folder) for index, _source in tables(data, "sources")]
    for index, _newsletter in tables(data, "newsletters"):
        notes = _place(_given(data, ("newsletters", index, "notes")), folder)
        if notes and any(source and notes.is_relative_to(source) for source in sources):
            yield (
                ("newsletters", index, "notes"),
                f"{notes} lies in a folder of articles, as which its notes would be published; expected another",
            )


def _over_templates(data: Data, folder: Path) -> Iterator[Finding]:
    """Find what would be written among the site's own templates."""
    templates = folder / "templates"
    for key in ("path", "preview_path"):
        written = _place(_given(data, ("output", key)), folder)
        if written and written.is_relative_to(templates):
            yield ("output", key), f"{written} lies in the folder of the site's templates; expected a folder of its own"


def _private_places(data: Data, folder: Path) -> Iterator[tuple[Where, Path]]:
    keys: list[Where] = [("store", "media"), ("transport", "path"), ("output", "preview_path")]
    keys += [("sources", index, "path") for index, _source in tables(data, "sources")]
    keys += [("newsletters", index, "notes") for index, _newsletter in tables(data, "newsletters")]
    places = [(where, _place(_given(data, where), folder)) for where in keys]
    places.append((("store", "url"), _database_file(_given(data, ("store", "url")), folder)))
    return ((where, place) for where, place in places if place is not None)


def _given(data: Data, where: Where) -> object:
    """Return the value of a key as it is given, else its default."""
    section, *index, key = where
    holder = data[str(section)]
    for step in index:
        holder = holder[step]
    default = SECTIONS[str(section)].model_fields[str(key)].default
    return holder.get(key, default) if isinstance(holder, dict) else default


def _place(value: object, folder: Path) -> Path | None:
    return quietly(lambda text: as_path(text, folder), value)


def _database_file(value: object, folder: Path) -> Path | None:
    if not isinstance(value, str) or is_reference(value):
        return None
    url = quietly(lambda text: as_store_url(text, Surroundings(folder, {})), value)
    return sqlite_path(url.reveal()) if url else None
