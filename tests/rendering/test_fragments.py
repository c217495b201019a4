"""Selections of one edition share prepared pieces: what is joined of them is what is rendered in one go, byte for byte.

Not here: how pieces are stored (test_renderings), messages of one digest (test_galley).
"""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from functools import cache
from random import Random

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Tag, whole
from feeds.rendering.coding import Coded
from feeds.rendering.cutting import Own, cut_html, cut_text
from feeds.rendering.digest import render_digest
from feeds.rendering.dkim import Algorithm, Signer, generate_key
from feeds.rendering.edition import as_read, parts_of
from feeds.rendering.environment import open_templates
from feeds.rendering.forme import forme_of
from feeds.rendering.galley import galley_from
from feeds.rendering.views import Digest
from tests.rendering.givens import edition, entry
from tests.rendering.message_givens import FRAME, OWN

LAYOUTS, GROUPINGS, LANGUAGES = ("front-page", "reading-list", "full-text"), ("", "section", "tag"), ("en", "de", "ar")
MARK = "5e" * 16
ODD = ("", ' — "quoted" & <b>\'s', " \u05e9\u05dc\u05d5\u05dd", " …\xa0…")
KEY = generate_key(Algorithm.RSA)
TEMPLATES = open_templates()


@cache
def stories():
    return tuple(
        entry(
            id=f"urn:{n}",
            url=f"https://gazette.example/{n}/",
            title=f"Story {n} of the harbour{ODD[n % len(ODD)]}",
            summary=f"What was seen on pier {n}, and by whom. And more." if n % 5 else "",
            html=f"<p>From <em>pier</em> {n}.</p>\n<pre>\nFrom here\n\n\n\n.dot\n</pre><table><tr><td>{n}</td></tr></table>",
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


@cache
def learned(**facts):
    """Render many selections of an edition, so that nearly all pieces of it are known."""
    random = Random(1)
    for _ in range(60):
        render_digest(view(random.sample(range(24), 9), **facts), TEMPLATES)
    for _ in range(20):
        render_digest(view(random.sample(range(24), random.randint(1, 24)), **facts), TEMPLATES)


selections = st.lists(st.integers(0, 23), min_size=1, max_size=24, unique=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group_by", GROUPINGS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_selection_is_what_is_rendered_in_one_go(layout, group_by, language):
    facts = setting(layout, group_by, language)
    random, joined = Random(layout + group_by + language), 0
    for number in range(70):
        given_view = view(random.sample(range(24), 8), more_count=number % 3, **facts)
        made = render_digest(given_view, TEMPLATES)
        joined += made.is_joined
        assert words(made) == words(in_one_go(given_view)), number
        assert ("".join(made.html_pieces), "".join(made.text_pieces)) == (made.html, made.text)
    assert joined > 20


@settings(deadline=None, max_examples=60)
@given(selections, st.sampled_from(LAYOUTS), st.integers(0, 2))
def test_message_of_joined_pieces_decodes_to_the_whole_and_is_well_signed(places, layout, more):
    facts = setting(layout, "", "en")
    given_view = view(places, more_count=more, **facts)
    for _ in range(2):
        made = render_digest(given_view, TEMPLATES)
    assert made.is_joined
    parts, kept = parts_of(made, FRAME), dict[object, Coded]()
    message = galley_from(parts, signers=[Signer(KEY, "press")], kept=kept).fill(**OWN)
    shown = message_from_bytes(message, policy=default)
    html, text = (shown.get_body([kind]).get_content() for kind in ("html", "plain"))
    told = as_read(whole(parts_of(in_one_go(given_view), FRAME)))
    leave = as_read(parts)
    assert leave == told
    assert (html.rstrip("\n"), text.rstrip("\n")) == tuple(
        one.replace(FRAME.leave_url, OWN["leave_url"]).rstrip("\n") for one in told
    )
    assert dkim.verify(message, dnsfunc=lambda *_, **__: KEY.record.encode())
    # What was coded before makes no other bytes.
    assert galley_from(parts, signers=[Signer(KEY, "press")], kept=kept).fill(**OWN) == message
