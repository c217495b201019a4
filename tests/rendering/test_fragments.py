"""Selections of one edition share prepared pieces: what is joined of them is what is rendered in one go, byte for byte.

Not here: how pieces are stored (test_renderings), messages of one digest (test_galley).
"""

import re
from dataclasses import replace
from functools import cache
from html import escape
from random import Random

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Tag, whole
from feeds.rendering.cutting import Own, cut_html, cut_text, glued
from feeds.rendering.digest import render_digest
from feeds.rendering.dkim import Algorithm, Signer, generate_key, txt_record
from feeds.rendering.edition import as_read, parts_of
from feeds.rendering.environment import open_templates
from feeds.rendering.galley import galley_from
from feeds.rendering.inlining import inline
from feeds.rendering.lines import Lines
from tests.rendering.givens import edition, entry
from tests.rendering.message_givens import FRAME, OWN, written

LAYOUTS, GROUPINGS, LANGUAGES = ("front-page", "reading-list", "full-text"), ("", "section", "tag"), ("en", "de", "ar")
MARK = "5e" * 16
ODD = ("", ' — "quoted" & <b>\'s', ' "quoted" &amp;', " \u05e9\u05dc\u05d5\u05dd", " …\xa0…")
SIGNER = Signer(generate_key(Algorithm.RSA), "press")
TEMPLATES = open_templates()


@cache
def stories():
    return tuple(
        entry(
            id=f"urn:{n}",
            url=f"https://gazette.example/{n}/",
            title=f"Story {n} of the harbour{ODD[n % len(ODD)]}",
            summary=f"What was seen on pier {n}, and by whom. And more." if n % 5 else "",
            html=f"<p>On <em>pier</em> {n}.</p><pre>From here\n\n\n\n.dot\n</pre><table><tr><td>{n}</td></tr></table>",
            section=("Harbour", "Town", "")[n % 3],
            tags=(Tag(f"t{n % 4}", f"Tag {n % 4}"),),
            language=("en", "he")[n % 6 == 0],
            direction=("ltr", "rtl")[n % 6 == 0],
        )
        for n in range(24)
    )


def view(places, *, mark=MARK, **facts):
    return edition(entries=tuple(stories()[n] for n in places), mark=mark, **facts)


def setting(layout, group_by, language):
    direction = "rtl" if language == "ar" else "ltr"
    return {"layout": layout, "group_by": group_by, "language": language, "direction": direction}


def in_one_go(given_view):
    """Return the same digest rendered by itself, but for what its merge fields are known by."""
    made = render_digest(replace(given_view, mark=""), TEMPLATES)
    return replace(made, **{part: getattr(made, part).replace(made.mark, MARK) for part in ("html", "text")}, mark=MARK)


def words(digest):
    return digest.subject, digest.preheader, digest.html, digest.text, digest.shown


selections = st.lists(st.integers(0, 23), min_size=1, max_size=24, unique=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group_by", GROUPINGS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_selection_is_what_is_rendered_in_one_go(layout, group_by, language):
    facts = setting(layout, group_by, language)
    random, joined = Random(layout + group_by + language), 0
    for number in range(45):
        given_view = view(random.sample(range(12), 6), more_count=number % 3, **facts)
        made = render_digest(given_view, TEMPLATES)
        joined += made.is_joined
        assert words(made) == words(in_one_go(given_view)), number
        assert ("".join(made.html_pieces), "".join(made.text_pieces)) == (made.html, made.text)
    assert joined > 8


@settings(deadline=None, max_examples=60)
@given(selections, st.sampled_from(LAYOUTS), st.integers(0, 2))
def test_message_of_pieces_says_what_the_whole_says_and_is_well_signed(places, layout, more):
    given_view = view(places, more_count=more, layout=layout)
    for _ in range(2):
        made = render_digest(given_view, TEMPLATES)
    assert made.is_joined
    parts, kept = parts_of(made, FRAME), {}
    message = galley_from(parts, signers=[SIGNER], kept=kept).fill(**OWN)
    html, text = as_read(parts_of(in_one_go(given_view), FRAME))
    assert (written(message, "html"), written(message, "plain")) == (f"{html}\n", text)
    assert dkim.verify(message, dnsfunc=lambda *_, **__: txt_record(SIGNER.key).encode())
    # What was coded before makes no other bytes.
    assert galley_from(parts, signers=[SIGNER], kept=kept).fill(**OWN) == message


def test_piece_that_two_messages_have_is_coded_once():
    kept = {}
    for places in ((0, 1, 2), (0, 1, 2), (1, 0, 2)):
        render_digest(view(places), TEMPLATES)
        galley_from(parts_of(render_digest(view(places), TEMPLATES), FRAME), kept=kept)
    coded = [piece.sent for pieces in kept.values() for piece in pieces if isinstance(piece, Lines)]
    assert len(coded) == len(set(coded)) > 20


def test_parts_in_pieces_and_whole_say_the_same():
    stored = parts_of(render_digest(view((3, 4, 5)), TEMPLATES), FRAME)
    assert isinstance(stored["html"], tuple)
    assert as_read(stored) == as_read(whole(stored))


def test_edition_of_another_mark_knows_nothing_of_the_pieces():
    places = (0, 1, 2)
    assert render_digest(view(places), TEMPLATES).is_joined or render_digest(view(places), TEMPLATES).is_joined
    assert not render_digest(view(places, mark="6f" * 16), TEMPLATES).is_joined


def test_too_long_a_joined_digest_is_trimmed_where_the_whole_is():
    long = tuple(entry(id=f"urn:{n}", title=f"Story {n}", html=f"<p>{'word ' * 900}{n}</p>" * 4) for n in range(30))
    facts = {"layout": "full-text", "mark": MARK}
    views = [edition(entries=long[at : at + 20], **facts) for at in (0, 5, 10, 0, 3, 7)]
    made = [render_digest(one, TEMPLATES) for one in views]
    assert any(one.is_joined for one in made)
    assert [words(one) for one in made] == [words(in_one_go(one)) for one in views]
    assert max(one.shown for one in made) < 20


# ---- templates of a site's own ----


def site(folder, **files):
    """Return templates of which these are a site's own, ``parts_story`` being parts/story.html."""
    for name, text in files.items():
        file = folder / "digest" / f"{name.replace('_', '/').replace('--', '-')}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return open_templates(folder)


ROW = '<tr><td class="reading"><h2><a href="{{ item.url }}">{{ item.headline }}</a></h2></td></tr>\n'


@pytest.mark.parametrize(
    "part",
    [
        ROW,
        ROW.replace("{{ item.headline }}", "{{ loop.index }}. {{ item.headline }}"),
        ROW.replace("{{ item.headline }}", "{{ item.headline }} of {{ stories|length }}"),
        '{% set it %}{% include "digest/parts/words.html" %}{% endset %}<tr><td>{{ it }}{{ it|length }}</td></tr>',
        '<tr><td>{% filter upper %}{% include "digest/parts/byline.html" %}{% endfilter %}</td></tr>',
        "{% macro say(item) %}{% include 'digest/parts/byline.html' %}{% endmacro %}"
        "<tr><td>{{ say(item)|length }}</td></tr>",
        "<tr><td><p>{{ item.headline }}<p>And more</td></tr>",
        "<!-- {{ item.url }} --><tr><td><!--[if mso]>{{ item.headline }}<![endif]-->{{ item.headline }}</td></tr>",
        "",
    ],
)
def test_whatever_a_part_does_a_selection_is_what_it_is_in_one_go(part, tmp_path):
    templates = site(tmp_path, parts_reading=part)
    random = Random(2)
    for number in range(25):
        given_view = view(random.sample(range(8), 4), layout="reading-list", more_count=number % 2)
        made = render_digest(given_view, templates)
        alone = render_digest(replace(given_view, mark=""), templates)
        assert made.html == alone.html.replace(alone.mark, MARK)
        assert made.text == alone.text.replace(alone.mark, MARK)


def test_part_that_counts_its_places_is_joined_where_it_stood_at_that_place_before(tmp_path):
    templates = site(
        tmp_path, parts_reading=ROW.replace("{{ item.headline }}", "{{ loop.index }}. {{ item.headline }}")
    )
    made = [
        render_digest(view(places, layout="reading-list"), templates) for places in ((0, 1, 2), (3, 1, 2), (2, 1, 0))
    ]
    assert [one.is_joined for one in made] == [False, False, False]
    assert render_digest(view((0, 1, 2), layout="reading-list"), templates).is_joined


def test_layout_that_changes_what_parts_make_is_rendered_in_one_go(tmp_path):
    layout = (
        '{% extends "digest/base.html" %}{% block stories %}{% set all %}'
        "{% for group in groups %}{% for item in group.stories %}"
        '{% include "digest/parts/reading.html" %}'
        "{% endfor %}{% endfor %}{% endset %}{{ all }}{{ all|length }}{% endblock %}"
    )
    templates = site(tmp_path, **{"reading--list": layout})
    for _ in range(3):
        made = render_digest(view((0, 1, 2), layout="reading-list"), templates)
    alone = render_digest(view((0, 1, 2), layout="reading-list", mark=""), templates)
    assert made.html == alone.html.replace(alone.mark, MARK)


def test_subject_within_other_words_is_told_apart_too(tmp_path):
    base = (open_templates().roots[-1] / "digest/base.html").read_text(encoding="utf-8")
    templates = site(tmp_path, base=base.replace("<title>{{ subject }}", "<title>Gazette: {{ subject }} (weekly)"))
    for places in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
        render_digest(view(places, layout="reading-list"), templates)
    made = render_digest(view((2, 1, 0), layout="reading-list"), templates)
    assert made.is_joined
    assert f"<title>Gazette: {escape(made.subject, quote=False)} (weekly)</title>" in made.html


# ---- cutting ----


@given(st.text(alphabet="a<>&\"' é\xa0…\u05d0", max_size=20))
def test_own_words_are_written_as_the_inliner_writes_them(said):
    page = f'<!DOCTYPE html><html><head></head><body><p title="{escape(said)}">{escape(said)}.</p></body></html>'
    written_anew = inline(page, "")
    assert f"title={Own(said, is_in_tag=True).written}" in written_anew
    assert f">{Own(said, is_in_tag=False).written}.</p>" in written_anew


@given(st.lists(st.text(alphabet="ab\n", max_size=9), min_size=1, max_size=7).filter(lambda parts: len(parts) % 2))
def test_text_in_pieces_is_finished_as_a_whole(parts):
    def finish(text):
        return re.sub("\n{3,}", "\n\n", text)

    pieces = cut_text("|".join(parts), "|", finish)
    assert "".join(pieces) == finish("".join(parts))


@given(st.lists(st.sampled_from(["|", "-", "a", "b", "c"])))
def test_glued_pieces_say_the_same_and_what_is_repeated_goes_before_what_follows(pieces):
    assert "".join(glued(pieces)) == "".join(pieces)
    assert glued(["a", "|", "b", "|", "c"]) == ("a", "|b", "|c")


def test_short_words_are_not_looked_for():
    assert cut_html("<title>A</title>|<p>A|A", "|", ["A"]) == ["<title>A</title>", "<p>A", "A"]
    own = "A longer one"
    assert cut_html(f'<p title="{own}">{own}|{own}', "|", [own]) == [
        "<p title=", Own(own, is_in_tag=True), ">", Own(own, is_in_tag=False), own
    ]  # fmt: skip
