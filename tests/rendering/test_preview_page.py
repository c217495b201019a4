import re
from dataclasses import replace
from html import unescape

import pytest

from feeds.rendering.lint import judge_message
from feeds.rendering.preview_page import preview_page, views_of
from feeds.rendering.views import Mailbox
from tests.rendering import message_givens
from tests.rendering.givens import PICTURE, TEMPLATES, digest, entry

FRAME = replace(message_givens.FRAME, sender=Mailbox("The <Harbour> Weekly", "weekly@harbour.example"))


def message(made):
    return message_givens.message(made, FRAME)


@pytest.fixture(scope="module")
def made():
    return digest(entries=(entry(image=PICTURE, title="Tide & time <now>"),))


def page(made, **how):
    data = message(made)
    return preview_page(data, made.html, judge_message(data), templates=TEMPLATES, **{"reload": False} | how)


def test_page_shows_every_way_in_which_clients_show_the_edition(made):
    shown = [unescape(one) for one in re.findall(r'srcdoc="([^"]*)"', page(made))]
    assert shown == [view.html for view in views_of(made.html)]
    names = [view.name for view in views_of(made.html)]
    assert names == [
        "Desktop",
        "Phone",
        "Dark",
        "Colours inverted by the client",
        "Pictures blocked",
        "Without <style>",
    ]


def test_the_scheme_of_the_machine_decides_nothing(made):
    light, dark = (next(view.html for view in views_of(made.html) if view.name == name) for name in ("Phone", "Dark"))
    assert "prefers-color-scheme" not in light + dark
    assert "@media not all" in light
    assert "@media all" in dark


def test_blocked_pictures_and_dropped_styles_are_gone(made):
    by_name = {view.name: view.html for view in views_of(made.html)}
    assert "<img" in by_name["Pictures blocked"]
    assert PICTURE.address not in by_name["Pictures blocked"]
    assert "<style" not in by_name["Without <style>"]


def test_page_tells_size_headers_text_and_what_the_lint_finds(made):
    shown = page(made)
    assert f"{judge_message(message(made)).html_bytes:,} bytes of HTML" in shown
    assert "102,400" in shown
    assert "List-Id: &lt;weekly.harbour.example&gt;" in shown
    assert "It left pier three at ten past six" in shown
    assert "M2 " in shown


def test_nothing_of_the_edition_can_run_or_break_out(made):
    shown = page(made)
    assert "<h1>Tide &amp; time &lt;now&gt;</h1>" in shown
    assert set(re.findall(r'sandbox="([^"]*)"', shown)) == {"allow-same-origin"}
    assert "<script>" not in shown
    assert "<script>" in page(made, reload=True)
