"""Messages that bring their pictures along: the HTML and what it shows in one part, by the rules of MIME.

Not here: the other parts of a message (test_message).
"""

import re
from random import Random

import pytest

from feeds.rendering.edition import picture_part
from feeds.rendering.galley import galley_from
from feeds.rendering.message import MessageUnbuildable
from feeds.rendering.mime import Embedded
from feeds.rendering.views import Digest
from tests.rendering.message_givens import OWN, parts, read

JPEG = Embedded(f"{'ab' * 16}@gazette.example", "image/jpeg", Random(1).randbytes(90_000))
PNG = Embedded(f"{'cd' * 16}@gazette.example", "image/png", Random(2).randbytes(1_000))


def stored(html, *pictures):
    brought = {picture_part(one.cid, one.media_type): one.data for one in pictures}
    return parts(Digest("The ferry", "", html, "Café\n")) | brought


def message(*pictures):
    shown = "".join(f'<img src="cid:{picture.cid}" alt="A quay">' for picture in pictures)
    return galley_from(stored(f"<!DOCTYPE html><p>Café</p>{shown}", *pictures)).fill(**OWN)


@pytest.mark.rule("M6")
def test_html_and_its_pictures_are_one_part_behind_the_text():
    parts = [part.get_content_type() for part in read(message(JPEG, PNG)).walk()]
    related = ["multipart/related", "text/html", "image/jpeg", "image/png"]
    assert parts == ["multipart/alternative", "text/plain", *related]


def test_every_picture_is_found_by_the_name_that_the_html_calls_it():
    found = {part["Content-ID"]: part.get_content() for part in read(message(JPEG, PNG)).walk() if part["Content-ID"]}
    assert found == {f"<{one.cid}>": one.data for one in (JPEG, PNG)}


def test_related_part_says_what_it_begins_with():
    related = read(message(JPEG)).get_payload(1)
    assert related.get_param("type") == "text/html"
    assert [part["Content-Disposition"] for part in related.iter_parts()][1].startswith("inline")


@pytest.mark.rule("M5")
def test_lines_stay_short_and_no_name_is_encoded():
    data = message(JPEG, PNG)
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert f"\r\nContent-ID: <{JPEG.cid}>\r\n".encode() in data
    assert b"=?" not in data


def test_neither_boundary_begins_a_line_of_the_other():
    outer, inner = re.findall(rb'boundary="([^"]+)"', message(JPEG))
    assert not outer.startswith(inner)
    assert not inner.startswith(outer)


def test_same_message_is_the_same_bytes():
    assert message(JPEG, PNG) == message(JPEG, PNG)


def test_message_without_pictures_has_two_parts():
    assert [part.get_content_type() for part in read(message()).iter_parts()] == ["text/plain", "text/html"]


def test_name_that_is_no_one_word_is_refused():
    with pytest.raises(MessageUnbuildable, match="Content-ID"):
        message(Embedded("a b@gazette.example", "image/png", b"x"))


def test_stored_parts_bring_what_the_html_shows_in_its_order():
    html = f'<!DOCTYPE html><img src="cid:{PNG.cid}"><img src="cid:{JPEG.cid}">'
    left_behind = Embedded("unshown@gazette.example", "image/png", b"left behind")
    data = galley_from(stored(html, JPEG, PNG, left_behind)).fill(**OWN)
    kinds = [part.get_content_type() for part in read(data).get_payload(1).iter_parts()]
    assert kinds == ["text/html", "image/png", "image/jpeg"]
