"""Elements: written once, the same in every document that holds them, and cut from it byte for byte.

Not here: what stands in an element (test_rss, test_atom, test_json_feed), whole documents (test_printing).
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from feeds.errors import PressrunError
from feeds.formats import FORMATS, MAX_BYTES, how_many_fit, print_document, print_elements, print_entry_elements
from feeds.formats.parsing import count_entries, parse_xml
from feeds.model import Episode, EpisodeKind
from tests.formats.givens import FEED, PICTURE, SOUND, entry, varied
from tests.formats.test_hostile_entries import hostile

EVERYTHING = entry(
    9,
    image=PICTURE,
    enclosures=(SOUND,),
    language="ar",
    section="News",
    rights="Harbour Press",
    episode=Episode(duration=754, number=3, season=1, kind=EpisodeKind.BONUS, explicit=False),
)
everywhere = pytest.mark.parametrize("format", FORMATS.values(), ids=list(FORMATS))


def elements(format, *entries):
    made = [print_entry_elements([format], one, full_text=True, language="en-GB") for one in entries]
    return [each.data[format.name] for each in made]


@everywhere
def test_document_is_cut_into_the_bytes_that_it_was_joined_of(format):
    whole = elements(format, *varied(), EVERYTHING)
    assert format.cut(print_document(format, FEED, whole)) == whole
    assert format.cut(print_document(format, FEED, [])) == []


@everywhere
@settings(max_examples=60, deadline=None)
@given(hostile)
def test_no_text_is_taken_for_the_edge_of_an_element(format, odd):
    whole = elements(format, entry(1), odd, entry(3))
    assert format.cut(print_document(format, FEED, whole)) == whole


@everywhere
@pytest.mark.parametrize(
    "text", ["</item>\n    <item>", "</entry>\n  <entry>", '},\n{"id": "x"', '"items": [\n', "\n]\n}\n"]
)
def test_text_that_looks_like_the_edge_of_an_element_is_text(format, text):
    odd = entry(2, title=text, summary=text, html=f"<p>{text}</p>")
    feed = replace(FEED, title=text, description=text)
    whole = elements(format, entry(1), odd, entry(3))
    assert format.cut(print_document(format, feed, whole)) == whole


@pytest.mark.rule("F13")
@everywhere
def test_element_is_the_same_whatever_was_written_before_it(format):
    assert elements(format, EVERYTHING) == elements(format, *varied(), EVERYTHING)[-1:]


@pytest.mark.rule("F1")
def test_entries_are_written_together_as_each_alone_and_a_bad_one_costs_no_other():
    several = [entry(1), entry(2, url="/ferry/"), entry(3, title=None), EVERYTHING]
    together = print_elements(FORMATS.values(), several, full_text=True, language="")
    alone = [print_entry_elements(FORMATS.values(), one, full_text=True, language="") for one in several]
    assert together == alone
    assert [len(made.data) for made in together] == [3, 0, 0, 3]
    assert [made.entry_id for made in together] == [one.id for one in several]


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_prefixes_are_declared_by_the_root_alone(name):
    format = FORMATS[name]
    (element,) = elements(format, EVERYTHING)
    assert b"xmlns" not in element
    assert b"media:content" in element


@everywhere
def test_entry_that_cannot_be_prepared_is_left_out_of_every_format_with_the_reason(format):
    made = print_entry_elements(FORMATS.values(), entry(url="/ferry/"), full_text=True, language="")
    assert (made.data, set(made.left_out)) == ({}, set(FORMATS))
    assert made.left_out[format.name] == "its link is not an absolute web address"


@pytest.mark.rule("F11")
def test_entry_that_no_document_has_room_for_is_left_out():
    made = print_entry_elements(FORMATS.values(), entry(title="x" * MAX_BYTES), full_text=True, language="")
    assert made.data == {}
    assert "bytes" in made.left_out["json"]


@pytest.mark.rule("F1")
@everywhere
def test_document_of_elements_that_were_read_back_alone_is_whole(format):
    data = print_document(format, FEED, elements(format, *varied(), EVERYTHING))
    assert count_entries(data) == len(varied()) + 1


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_elements_are_read_back_under_the_prefixes_of_the_documents(name):
    format = FORMATS[name]
    document, alone = (
        parse_xml(data).nsmap for data in (format.frame(FEED), format.alone(elements(format, entry())[0]))
    )
    assert document == alone


@pytest.mark.rule("F1")
@pytest.mark.parametrize("name", ["rss", "atom"])
@pytest.mark.parametrize("spoilt", [b"", b"<item>", b"</entry>", b"<item/><item/>"])
def test_what_is_no_element_makes_no_document(name, spoilt):
    whole = elements(FORMATS[name], entry(1), entry(3))
    with pytest.raises(PressrunError, match=f"no {name} document can be printed"):
        print_document(FORMATS[name], FEED, [whole[0], spoilt, whole[1]])


@pytest.mark.rule("F1")
def test_item_on_two_lines_makes_no_json_document():
    with pytest.raises(PressrunError, match="no json document can be printed"):
        print_document(FORMATS["json"], FEED, [*elements(FORMATS["json"], entry(1)), b'{"id":\n"urn:x"}'])


@pytest.mark.parametrize("name", ["rss", "atom"])
@pytest.mark.parametrize("spoilt", ["<{0}>", "</{0}>", "<{0}></{0}><{0}></{0}>", "x<{0}></{0}>", "<{0}></{0}>x", ""])
def test_element_is_whole_only_from_its_own_start_to_its_own_end(name, spoilt):
    tag = {"rss": "item", "atom": "entry"}[name]
    assert FORMATS[name].is_whole(f"<{tag}><title/></{tag}>".encode())
    assert not FORMATS[name].is_whole(spoilt.format(tag).encode())


@pytest.mark.rule("F11")
@everywhere
def test_as_many_elements_fit_as_leave_the_document_below_its_size(format):
    whole = elements(format, *(entry(number, html="<p>" + "x" * 150_000) for number in range(9)))
    fitting = how_many_fit(format, FEED, whole)
    assert len(print_document(format, FEED, whole[:fitting])) <= MAX_BYTES
    assert len(print_document(format, FEED, whole[: fitting + 1])) > MAX_BYTES
