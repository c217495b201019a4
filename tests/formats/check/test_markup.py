"""Reading HTML for what other sites cannot show.

Not here: where it stands in a document (test_planted_faults).
"""

import pytest

from feeds.formats.check.markup import MOST_FAULTS, feeds_of_page, markup_faults, tags


def whats(markup):
    return [fault.what for fault in markup_faults(markup)]


@pytest.mark.parametrize("markup", [
    "", "text", "5 < 6 > 4", "a <3 b", '<p class="on">', '<a href="mailto:a@b.example">', '<a href="tel:+353">',
    "<A HREF='HTTPS://A.example/'>", "<!-- <script> -->", "<!-- unclosed <script>", "<p", '<img src="https://a.example/',
    '<img srcset="https://a.example/w_424,c_limit/x.jpg 424w,https://a.example/w_9,c/y.jpg 9w, https://a.example/z">',
    "<code>&lt;script&gt;</code>", "<onclick>", "<p on>", "<table><tr><td>",
])  # fmt: skip
def test_harmless_markup_has_no_fault(markup):
    assert whats(markup) == []


@pytest.mark.parametrize(("markup", "fault"), [
    ("<SCRIPT>x()</SCRIPT>", "<script>"), ("<p><iframe/src=x>", "<iframe>"), ("</p><form>", "<form>"),
    ("<p OnClick=x()>", "a onclick attribute"), ("<p\n onload='x'>", "a onload attribute"),
    ('<a title=">" href="/x">', "the relative address '/x'"), ("<a href=x>", "the relative address 'x'"),
    ('<a href="&#47;x">', "the relative address '/x'"), ('<a href="#top">', "the relative address '#top'"),
    ('<a href="java\nscript:x">', "the address 'java\\nscript:x', which is no web address"),
    ('<a href="data:text/html,x">', "the address 'data:text/html,x', which is no web address"),
    ('<img src="data:image/gif;base64,R0">', "a picture written out in it (data:)"),
    ('<video poster="a.jpg">', "the relative address 'a.jpg'"),
    ('<img srcset="https://a.example/1 1x,b.png 2x">', "the relative address 'b.png'"),
])  # fmt: skip
def test_fault_is_named(markup, fault):
    assert fault in whats(markup)


def test_each_fault_is_named_once_and_not_without_end():
    assert whats("<script></script>" * 50) == ["<script>"]
    assert len(whats("".join(f"<a href='{n}'>" for n in range(500)))) == MOST_FAULTS


def test_what_a_script_holds_is_not_read_as_html():
    assert [name for name, _ in tags("<script>'<a>'</script><b>")] == ["script", "b"]


def test_first_of_two_attributes_counts():
    assert list(tags('<a href="/one" HREF="/two">')) == [("a", {"href": "/one"})]


def test_feeds_that_a_page_names_are_found():
    page = """<link rel="alternate" type="application/rss+xml" href="/rss"><link rel=stylesheet href=/s>
        <LINK REL='feed alternate' TYPE='application/atom+xml' HREF='https://a.example/atom'>
        <link rel="alternate" hreflang="fr" href="/fr">"""
    assert feeds_of_page(page) == ["/rss", "https://a.example/atom"]
