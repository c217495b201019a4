"""Whatever an entry holds, every document stays well-formed and its neighbours stay in it.

Not here: cleaning at the store's door (rules): here nothing was cleaned.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.formats import FORMATS, render_clean
from feeds.formats.check import check_document
from feeds.formats.parsing import count_entries, parse_json, parse_xml
from feeds.model import Episode, EpisodeKind, Person, Podcast, Tag, Tombstone
from tests.formats.givens import FEED, NOON, PICTURE, SITE, SOUND, entry, json_feed, rss

CONTROLS = [
    "\x00",
    "\x08",
    "\x0b",
    "\x1f",
    "\x7f",
    "\x85",
    "\ud800",
    "\udfff",
    "\ufdd0",
    "\ufffe",
    "\uffff",
    "\U0001ffff",
]
MARKS = ["\u2028", "\u202e", "\ufeff", "\r", '"', "%", "#", "&", "&#0;", "&nbsp;"]
MARKUP = ["]]>", "<![CDATA[", "<!DOCTYPE x>", "<?x?>", "<!--", "<b"]
NASTY = CONTROLS + MARKS + MARKUP
text = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=9), st.characters()), max_size=6).map("".join)
authors = st.lists(st.builds(Person, text, st.none() | text, st.none() | text), max_size=2).map(tuple)
tags = st.lists(st.builds(Tag, text, text), max_size=2).map(tuple)
images = st.builds(
    lambda **texts: replace(PICTURE, **texts),
    alt=text,
    caption=text,
    credit=text,
    media_type=text,
)
files = st.builds(lambda kind, title: (replace(SOUND, media_type=kind, title=title),), text, text)
numbers = st.none() | st.integers()
episodes = st.builds(Episode, duration=numbers, number=numbers, season=numbers, kind=st.sampled_from(EpisodeKind))
podcasts = st.builds(
    Podcast,
    guid=text,
    author=text,
    image_url=text,
    categories=st.lists(st.lists(text, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    owner=st.none() | st.builds(Person, text, text),
    locked=st.none() | st.booleans(),
)
stones = st.lists(st.builds(Tombstone, text, st.just(NOON), text), max_size=2).map(tuple)
hostile = st.builds(
    lambda url, **fields: entry(2, url=SITE + url, **fields),
    text,
    title=text,
    summary=text,
    html=text,
    language=text,
    authors=authors,
    tags=tags,
    image=images,
    enclosures=files,
    tag_urls=st.dictionaries(text, text, max_size=2),
    section=text,
    section_url=text,
    rights=text,
    episode=st.none() | episodes,
)
feeds = st.builds(
    lambda **fields: replace(FEED, **fields),
    title=text,
    description=text,
    language=text,
    author=st.builds(Person, text),
    icon_url=text,
    page_url=text,
    rights=text,
    hubs=st.lists(text, max_size=2).map(tuple),
    previous=st.dictionaries(st.sampled_from(list(FORMATS)), text),
    current=st.dictionaries(st.sampled_from(list(FORMATS)), text),
    tombstones=stones,
    podcast=st.none() | podcasts,
)


@pytest.mark.rule("F1")
@pytest.mark.rule("T41")
@settings(max_examples=60, deadline=None)
@given(feeds, hostile)
def test_no_text_makes_a_document_ill_formed_or_costs_a_neighbour(feed, odd):
    for name, format in FORMATS.items():
        rendered = render_clean(format, feed, [entry(1), odd, entry(3)])
        assert rendered.entries == (entry(1), odd, entry(3))
        assert count_entries(rendered.data) == 3
        rendered.data.decode("utf-8")
        assert not rendered.data.startswith(b"\xef\xbb\xbf")
        assert [fault for fault in check_document(name, rendered.data) if "content" not in fault] == []


@settings(max_examples=40, deadline=None)
@given(text)
def test_any_id_is_printed_unchanged_or_refused_by_name(identifier):
    rendered = render_clean(FORMATS["json"], FEED, [entry(1), entry(2, id="urn:x:" + identifier)])
    assert len(rendered.entries) + len(rendered.left_out) == 2
    if not rendered.left_out:
        assert f"urn:x:{identifier}".encode() in rendered.data


@pytest.mark.rule("T37")
@pytest.mark.parametrize("content", ["]]>", "<![CDATA[x]]>", "<p>a ]]&gt; b</p>", "]]]]>><![CDATA["])
def test_end_of_a_character_section_in_content_reaches_the_reader_whole(content):
    assert rss(entry(html=content)).findtext("item/{*}encoded") == content
    assert json_feed(entry(html=content))["items"][0]["content_html"] == content


@pytest.mark.rule("T41")
@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff"])
def test_forbidden_character_is_taken_out_and_the_rest_is_kept(character):
    channel = rss(entry(html=f"<p>a{character}b</p>"))
    assert channel.findtext("item/{*}encoded") == "<p>ab</p>"


@pytest.mark.rule("F1")
def test_lone_surrogate_is_shown_as_the_replacement_character():
    assert rss(entry(html="a\ud800b")).findtext("item/{*}encoded") == "a\ufffdb"


@pytest.mark.rule("T48")
def test_document_type_is_refused_when_a_document_is_read_back():
    with pytest.raises(ValueError, match="document type"):
        parse_xml(b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>&a;</rss>')


@pytest.mark.rule("T44")
def test_entity_of_a_local_file_is_not_resolved(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    document = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "{secret.as_uri()}">]><rss>&a;</rss>'
    with pytest.raises(ValueError, match="document type") as refusal:
        parse_xml(document.encode())
    assert "hidden" not in str(refusal.value)


@pytest.mark.rule("T47")
@pytest.mark.parametrize("document", [b"<a>" * 5_000 + b"</a>" * 5_000, b"<a>" + b"x" * 12_000_000 + b"</a>"])
def test_document_of_monstrous_depth_or_text_is_refused_when_read_back(document):
    with pytest.raises(ValueError, match="not well-formed"):
        parse_xml(document)


@pytest.mark.rule("T41")
def test_forbidden_character_hidden_in_a_json_escape_is_found():
    with pytest.raises(ValueError, match="no document may hold"):
        parse_json(b'{"items": [{"title": "a\\u0000b"}]}')


@pytest.mark.parametrize("spelt", [b"\\b", b"\\f", b"\\ud800", "\ufffe".encode(), "\uffff".encode()])
def test_json_with_any_illegal_character_is_refused_however_it_is_spelt(spelt):
    with pytest.raises(ValueError, match="characters that no document may hold"):
        parse_json(b'{"items": [{"title": "a' + spelt + b'"}]}')


@pytest.mark.parametrize("spelt", [rb"\n", rb"\t", rb"\"", rb"\\", rb"\/", rb"\\u", rb"\u00e9", "\ufffd".encode()])
def test_json_with_harmless_escapes_is_taken(spelt):
    assert parse_json(b'{"items": [{"title": "a' + spelt + b'"}]}')["items"]
