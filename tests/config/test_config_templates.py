import re
import tomllib
from pathlib import Path
from uuid import UUID

import pytest

from feeds.config import load_config, new_config_text, shown
from feeds.config.schema import SECTIONS, keys_of, part_at

ROOT = Path(__file__).parents[2]
TEMPLATE = (ROOT / "templates/site/config.toml").read_text(encoding="utf-8")
SAMPLE = (ROOT / "config.toml").read_text(encoding="utf-8")
KEY = re.compile(r"^#?(\w+) = ", re.MULTILINE)
ID = UUID("3e5b2c1a-9d1f-4f6e-8c55-0b8a4f7d2e10")


def filled(**given):
    values = {"site_id": ID, "title": "My Site", "url": "http://localhost:8000/", "timezone": "UTC"} | given
    return new_config_text(TEMPLATE, **values)


def loaded(tmp_path, text, **environ):
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, environ)


TABLES = [
    *((section,) for section in SECTIONS),
    *((section, key) for section in SECTIONS for key in keys_of(section) if part_at(section, key) != part_at(section)),
]
ALL_KEYS = {".".join(table): set(keys_of(*table)) for table in TABLES}


def keys_by_table(text):
    """Map each section, and each table within one, to the keys that stand in it, set or commented out."""
    pieces = re.split(r"^#?\[+([a-z.]+)\]+$", text, flags=re.MULTILINE)[1:]
    keys = {name: set() for name in ALL_KEYS}
    for name, piece in zip(pieces[::2], pieces[1::2], strict=True):
        section, _, table = name.partition(".")
        keys[section] |= {table} if table else set(KEY.findall(piece))
        if table and name in keys:
            keys[name] |= set(KEY.findall(piece))
    return keys


def uncommented(text, *, but=()):
    found = "|".join(sorted(set(KEY.findall(text)) - set(but)))
    return re.sub(rf"^#(?=({found}) = |\[)", "", text, flags=re.MULTILINE)


def test_new_site_loads_with_what_it_was_given(tmp_path):
    site = loaded(tmp_path, filled()).site
    assert (site.id, site.title, site.url, site.timezone) == (ID, "My Site", "http://localhost:8000/", "UTC")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.notes.example/blog/", "notes.example"),
        ("https://b\u00fccher.example/", "xn--bcher-kva.example"),
        ("http://localhost:8000/", "news.example"),
        ("http://192.0.2.7/", "news.example"),
        ("no address", "news.example"),
    ],
)
def test_sender_of_a_new_site_is_of_its_own_domain_where_it_can_be(url, domain):
    newsletter = tomllib.loads(filled(url=url))["newsletters"][0]
    assert newsletter["from"] == f"newsletter@{domain}"


@pytest.mark.parametrize("title", ['The "Harbour" \\ Gazette', "{{ url }}", "Café ☕", "x\x7fy", "\\u0041"])
def test_any_title_is_written_so_that_it_reads_back(title):
    assert tomllib.loads(filled(title=title))["site"]["title"] == title


@pytest.mark.parametrize("text", [TEMPLATE, SAMPLE], ids=["template", "sample"])
def test_every_key_of_the_schema_stands_in_the_file(text):
    assert "newsletters.cadence" in ALL_KEYS
    assert keys_by_table(text) == ALL_KEYS


@pytest.mark.parametrize("text", [TEMPLATE, SAMPLE], ids=["template", "sample"])
def test_every_key_is_explained_above_it_or_above_its_group(text):
    explained = "".join(re.findall(r"^#?\[.*\n|^# .*\n(?:#?\w+ = .*\n)+", text, flags=re.MULTILINE))
    assert keys_by_table(explained) == ALL_KEYS


def test_keys_commented_out_are_the_defaults(tmp_path):
    """Take every # away: only keys that have no default may change what is in effect."""
    plain = shown(loaded(tmp_path, filled()))
    full = shown(
        loaded(
            tmp_path,
            uncommented(filled(), but=["cron"]),
            SMTP_PASSWORD="x",
            IMAP_PASSWORD="x",
            RESERVE_PASSWORD="x",
            METRICS_TOKEN="x" * 20,
        )
    )
    changed = {key for key, value in flat(full) if (key, value) not in list(flat(plain))}
    assert changed == {
        *("site.author", "site.postal_address", "site.description", "sources.language", "tags.aliases.ferries"),
        *("site.rights", "site.icon", "feeds.description", "feeds.language", "feeds.rights", "feeds.moved_from"),
        *(f"feeds.podcast.{key}" for key in keys_of("feeds", "podcast")),
        *("newsletters.reply_to", "newsletters.return_path", "newsletters.description", "newsletters.language"),
        *("newsletters.lateness", "newsletters.renamed_from", "newsletters.cadence.from", "newsletters.group_by"),
        *("newsletters.cadence.timezone", "theme.logo", "transport.certificates"),
        *(
            "transport.slug",
            "transport.host",
            "transport.ramp",
            "transport.username",
            "transport.password",
        ),
        *(f"fallbacks.{key}" for key in keys_of("fallbacks")),
        *(f"transport.per_{span}" for span in ("second", "hour", "day")),
        *("dkim.domain", "dkim.key", "dkim.ed25519_key", "readers.from", "web.metrics_token"),
        *(f"bounces.imap.{key}" for key in keys_of("bounces", "imap")),
    }


def flat(settings, within=""):
    for key, value in settings.items():
        tables = [table for table in (value if isinstance(value, list) else [value]) if isinstance(table, dict)]
        for table in tables:
            yield from flat(table, f"{within}{key}.")
        if not tables:
            yield within + key, value


def test_cron_line_of_a_new_site_is_its_usual_cadence(tmp_path):
    usual = loaded(tmp_path, filled()).newsletters[0].cadence_in("UTC")
    text = re.sub(r"^#cron", "cron", filled(), flags=re.MULTILINE)
    text = re.sub(r"^#?(every|at) = .*$", "", text, flags=re.MULTILINE)
    assert loaded(tmp_path, text).newsletters[0].cadence_in("UTC") == usual


def test_feeds_of_a_new_site_are_those_of_a_site_without_any(tmp_path, read):
    ours = loaded(tmp_path, filled(title="The Harbour Gazette")).feeds
    assert ours == read().feeds


def test_sample_site_is_the_harbour_gazette():
    config = load_config(ROOT / "config.toml", {})
    assert (config.site.url, config.site.zone.key) == ("https://gazette.example/", "Europe/Dublin")
    assert [feed.slug for feed in config.feeds] == ["site", "tags", "authors", "harbour"]
    assert config.newsletters[0].sender == ("The Harbour Gazette", "weekly@gazette.example")
    assert str(config.newsletters[0].cadence_in(config.site.timezone)) == "0 7 * * 1 Europe/Dublin"
