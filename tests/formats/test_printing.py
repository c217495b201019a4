"""Documents in every format: complete, in order, within their size, and never lost to one bad entry.

Not here: what a single format does with an entry's parts (test_rss, test_atom, test_json_feed).
"""

from dataclasses import replace
from datetime import datetime

import pytest

from feeds.errors import PressrunError
from feeds.formats import FORMATS, MAX_BYTES, render_clean
from feeds.formats.parsing import count_entries
from feeds.formats.rss import Rss
from tests.formats.givens import FEED, PICTURE, SITE, SOUND, entry, json_feed, varied

everywhere = pytest.mark.parametrize("name", FORMATS)


def titles(*entries):
    return [item["title"] for item in json_feed(*entries)["items"]]


class Fragile(Rss):
    """A format that cannot write one entry: it raises, writes nonsense, or leaves the entry out."""

    def __init__(self, way):
        self.way = way

    def element(self, entry, *, full_text, language):
        if entry.title == "bad" and self.way == "raises":
            raise ValueError("no such thing can be written")
        if entry.title == "bad":
            return {"writes nonsense": b"<item>", "leaves it out": b""}[self.way]
        return super().element(entry, full_text=full_text, language=language)


@everywhere
def test_every_entry_stands_in_the_document_once(name):
    rendered = render_clean(FORMATS[name], FEED, varied())
    assert rendered.entries == tuple(varied())
    assert count_entries(rendered.data) == len(varied())
    assert (rendered.left_out, rendered.dropped_for_size, rendered.notes) == ((), 0, ())


@everywhere
def test_feed_without_entries_is_a_document(name):
    assert count_entries(render_clean(FORMATS[name], FEED, []).data) == 0


@pytest.mark.rule("F14")
@everywhere
def test_entries_stand_in_the_order_given(name):
    shuffled = [entry(number) for number in (3, 1, 2)]
    data = render_clean(FORMATS[name], FEED, shuffled).data
    places = [data.index(one.id.encode()) for one in shuffled]
    assert places == sorted(places)


@pytest.mark.rule("F1")
@pytest.mark.parametrize("way", ["raises", "writes nonsense", "leaves it out"])
def test_entry_that_cannot_be_written_costs_no_other(way):
    rendered = render_clean(Fragile(way), FEED, [entry(1), entry(2, title="bad"), entry(3)])
    assert [one.id for one in rendered.entries] == [entry(1).id, entry(3).id]
    assert [error.entry_id for error in rendered.left_out] == [entry(2).id]


def test_reason_for_leaving_an_entry_out_is_told():
    rendered = render_clean(Fragile("raises"), FEED, [entry(title="bad")])
    assert rendered.left_out[0].reason == "no such thing can be written"


@pytest.mark.rule("F3")
@everywhere
@pytest.mark.parametrize("bad_id", ["", "ferry", "/ferry/", "urn:a b", "urn:\x00", "urn:\ud800"])
def test_entry_without_a_sound_id_is_named_and_left_out(name, bad_id):
    rendered = render_clean(FORMATS[name], FEED, [entry(1), entry(2, id=bad_id)])
    assert len(rendered.entries) == 1
    assert rendered.left_out[0].reason == "its id is not an absolute IRI"


@pytest.mark.rule("F2")
@everywhere
def test_second_entry_with_the_same_id_is_left_out(name):
    rendered = render_clean(FORMATS[name], FEED, [entry(1, title="first"), entry(1, title="second")])
    assert [one.title for one in rendered.entries] == ["first"]
    assert "same id" in rendered.left_out[0].reason


@pytest.mark.rule("F2")
@everywhere
def test_second_entry_with_an_id_stands_in_where_the_first_cannot_be_printed(name):
    rendered = render_clean(FORMATS[name], FEED, [entry(1, url="/"), entry(1, title="second")])
    assert [one.title for one in rendered.entries] == ["second"]


@everywhere
def test_entry_with_a_relative_link_is_left_out(name):
    rendered = render_clean(FORMATS[name], FEED, [entry(url="/ferry/")])
    assert rendered.left_out[0].reason == "its link is not an absolute web address"


@pytest.mark.rule("F4")
@pytest.mark.rule("T52")
@everywhere
def test_entry_whose_time_has_no_zone_is_left_out(name):
    rendered = render_clean(FORMATS[name], FEED, [entry(published_at=datetime(2024, 3, 2))])
    assert "without a zone" in rendered.left_out[0].reason


@everywhere
def test_entry_of_another_shape_altogether_costs_no_other(name):
    rendered = render_clean(FORMATS[name], FEED, [entry(1, title=None), entry(2)])
    assert [one.id for one in rendered.entries] == [entry(2).id]


@everywhere
def test_files_that_lead_nowhere_are_left_out_and_told(name):
    lost = entry(image=replace(PICTURE, address="c.png"), enclosures=(replace(SOUND, address="media:x"), SOUND))
    rendered = render_clean(FORMATS[name], FEED, [lost])
    assert len(rendered.entries) == 1
    assert [note.partition(": ")[2].split(" has")[0] for note in rendered.notes] == ["its picture", "an enclosure"]


@pytest.mark.parametrize(("summary", "html", "title"), [
    ("Only a summary.", "<p>x</p>", "Only a summary."),
    ("", "<p>Words &amp; <b>more</b></p>", "Words & more"),
    ("", "<p>" + "word " * 99, "word " * 14 + "word…"),
    ("", "", SITE + "1/"),
])  # fmt: skip
def test_entry_without_a_title_goes_by_its_first_words(summary, html, title):
    assert titles(entry(title=" \n", summary=summary, html=html)) == [title]


def test_white_space_and_controls_in_a_title_are_one_space():
    assert titles(entry(title="a\r\nb\u2028c\x0bd\te")) == ["a b c d e"]


@pytest.mark.rule("F11")
@everywhere
def test_document_drops_its_oldest_entries_until_it_fits(name):
    entries = [entry(number, html="<p>" + "x" * 150_000) for number in range(12)]
    rendered = render_clean(FORMATS[name], FEED, entries)
    assert rendered.entries == tuple(entries[:6])
    assert rendered.dropped_for_size == 6
    assert len(rendered.data) <= MAX_BYTES


@pytest.mark.rule("F11")
@everywhere
def test_entry_with_a_very_long_text_goes_in_with_its_summary(name):
    rendered = render_clean(FORMATS[name], FEED, [entry(1, html="é" * 125_001), entry(2)])
    assert len(rendered.entries) == 2
    assert b"It waits" in rendered.data and "éé".encode() not in rendered.data
    assert "printed as its summary" in rendered.notes[0]


@pytest.mark.rule("F11")
def test_long_text_without_a_summary_is_shortened_to_its_start():
    item = json_feed(entry(summary="", html="<p>" + "word " * 60_000))["items"][0]
    assert 200 < len(item["content_text"]) <= 300


@everywhere
@pytest.mark.parametrize("broken", [{"id": "feed"}, {"home_url": "/"}, {"addresses": {}}])
def test_feed_that_cannot_be_printed_at_all_says_so(name, broken):
    with pytest.raises(PressrunError):
        render_clean(FORMATS[name], replace(FEED, **broken), [entry()])
