"""Whatever an entry says, cleaned as all entries are, no message with it has a fault that would stop the press.

Not here: faults of templates, headers and size, which do (test_planted_mail_faults).
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Image, Person
from feeds.rendering.lint import judge_message
from feeds.rules.html import clean_html
from feeds.rules.text import clean_line
from tests.rendering.givens import PLAIN, URL
from tests.rendering.lint.given_messages import LAYOUTS, message, view

ODD_BODIES = [
    '<p>See <a href="http://pier.example/">it</a>, <a href="#part">a part</a>, <a href="">nothing</a>.</p>',
    '<p><img src="https://pier.example/p.gif" width="1" height="1" alt=""></p>',
    '<p><img src="http://pier.example/p.gif"><img alt="none"></p>',
    "<h1>One</h1><h1>Two</h1><h5>Three</h5><h6></h6>",
    "<table><tr><td><table><tr><td>Within</td></tr></table><h2>A heading</h2></td></tr></table>",
    '<div lang="ar">مهرجان</div><div lang="he" dir="ltr">נמל</div>',
    "<p>• one<br><br>• two</p><ul><li></li></ul>",
    "<pre>" + "x" * 300 + "</pre>",
    '<p><a href="https://pier.example/' + "a" * 900 + '">long</a></p>',
    "<details><summary>More</summary><p>Within</p></details><ruby>漢<rt>kan</rt></ruby><mark>m</mark>",
    "<p>&lt;script&gt;alert()&lt;/script&gt; {{ x }} %s {0} =?utf-8?q?x?=</p>",
    "<p>Unsubscribe here: <a href='https://pier.example/unsubscribe'>Unsubscribe</a></p>",
    "<blockquote><p>" + "word " * 400 + "</p></blockquote>",
]
TITLES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["=?utf-8?q?a?=", "=?", "\u200b", "\u202e", "a\r\nBcc: x", "<h1>", "{{ x }}", "…" * 300, "字" * 400]
    ),
)


def printed(html, **differences):
    body = clean_html(html, link=lambda address: address or None, show=lambda address: None).html
    return replace(PLAIN, html=body, **differences)


def stopping(entry, layout):
    judged = judge_message(message(view(layout=layout, entries=(entry, PLAIN), more_count=0)))
    return [one.text for one in judged.findings if one.stops_press]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("html", ODD_BODIES, ids=range(len(ODD_BODIES)))
def test_odd_body_stops_no_press(html, layout):
    assert stopping(printed(html), layout) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=25, deadline=None)
@given(title=TITLES, summary=st.text(max_size=200), name=TITLES, alt=TITLES, words=st.text(max_size=200))
def test_odd_words_stop_no_press(layout, title, summary, name, alt, words):
    given_words = {"title": title, "summary": summary, "section": name}
    clean = {key: clean_line(text) for key, text in given_words.items()}
    people = (Person(clean_line(name)),) if clean_line(name) else ()
    picture = Image(address=f"{URL}media/a.jpg", alt=clean_line(alt), caption=clean_line(words), credit=clean["title"])
    entry = printed(f"<p>{clean_line(words)}</p>", authors=people, image=picture, **clean)
    assert stopping(entry, layout) == []
