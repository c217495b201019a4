"""Notices as mail content: every kind in every language, in the digest's look, and with the site's own templates.

Not here: the message that is sent (tests/jobs/test_deliver_notices.py).
"""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.config import load_config
from feeds.errors import TemplateInvalid
from feeds.model import NoticeKind
from feeds.rendering import samples
from feeds.rendering.checking import check_templates
from feeds.rendering.environment import open_templates
from feeds.rendering.fields import OwnPages
from feeds.rendering.galley import galley_from
from feeds.rendering.lint import Severity
from feeds.rendering.lint.editions import judge_edition
from feeds.rendering.notices import frame_for, notice_parts, render_notice
from feeds.rendering.overrides import copy
from feeds.rendering.views import Mailbox, NoticeTopic, NoticeView
from tests.rendering.givens import MONDAY, SITE, TEMPLATES, URL, Page
from tests.rendering.message_givens import header, written
from tests.rendering.test_catalogues import LANGUAGES
from tests.site_fixtures import CONFIG

LINK = f"{URL}readers/confirm/0123456789abcdef0123456789abcdef.1.{'0f' * 20}"
WEEKLY = NoticeTopic("The Harbour Weekly", f"{URL}newsletters/weekly/", "Monday, 07:00")
TIDES = NoticeTopic("Tides <&>", f"{URL}newsletters/tides/", "Every day, 06:00")
WITHOUT_BUTTON = {NoticeKind.WELCOME}
BLAMABLE = {Severity.ERROR, Severity.WARNING}


def view(kind=NoticeKind.CONFIRM, **differences):
    given = NoticeView(
        site=SITE,
        kind=kind,
        date=MONDAY,
        address="ann@inbox.example",
        reply_to="weekly@harbour.example",
        language="en-GB",
        newsletters=(WEEKLY,),
        action_url=None if kind in WITHOUT_BUTTON else LINK,
        good_until=MONDAY + timedelta(days=7),
        wording="I want <this> by e-mail." if kind is NoticeKind.CONFIRM else "",
    )
    return replace(given, **differences)


def notice(kind=NoticeKind.CONFIRM, templates=TEMPLATES, **differences):
    return render_notice(view(kind, **differences), templates)


@pytest.fixture
def config(tmp_path):
    """Return the config of a paper with two newsletters."""

    def read(more=""):
        tides = '[[newsletters]]\nslug = "tides"\ntitle = "Tides"\nfrom = "Tides <tides@sea.example>"\n'
        tides += 'reply_to = "desk@sea.example"\nreturn_path = "back@sea.example"\n'
        (tmp_path / "config.toml").write_text(f"{CONFIG}\n{tides}\n{more}")
        return load_config(tmp_path / "config.toml", {})

    return read


# ---- what each says ----


@pytest.mark.rule("M9")
@pytest.mark.rule("M19")
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("kind", NoticeKind)
def test_notice_is_flawless_mail_in_every_language(config, kind, language):
    site = replace(SITE, language=language, postal_address="")
    parts = notice_parts(config(), view(kind, site=site, language=language), TEMPLATES)
    found = judge_edition(config(), "notice/sample", parts, at=MONDAY)
    assert [one.text for one in found if one.severity in BLAMABLE] == []


def test_confirmation_says_what_is_agreed_to_and_that_nothing_need_be_done():
    made = notice(newsletters=(WEEKLY, TIDES))
    for said in ("The Harbour Weekly", "Monday, 07:00", "do nothing", "30 November 2026", "ann@inbox.example"):
        assert said in made.text
        assert said in made.html
    assert "I want <this> by e-mail." in made.text
    assert "I want &lt;this&gt; by e-mail." in made.html
    assert "Tides &lt;&amp;&gt;" in made.html


@pytest.mark.parametrize("kind", NoticeKind)
def test_notice_has_one_button_at_most_and_one_headline(kind):
    page = Page(notice(kind).html)
    buttons = [link["href"] for link in page.all("a") if "padding:12px 24px" in link.get("style", "")]
    assert buttons == ([] if kind in WITHOUT_BUTTON else [LINK])
    assert len(page.all("h1")) == 1


@pytest.mark.rule("M20")
@pytest.mark.parametrize("kind", NoticeKind)
def test_notice_shows_nothing_that_could_tell_who_opened_it(kind):
    page = Page(notice(kind).html)
    assert page.all("img") == []
    assert {link["href"] for link in page.all("a")} <= {LINK, WEEKLY.url, URL} | set(mailto(page))


def mailto(page):
    return [link["href"] for link in page.all("a") if link["href"].startswith("mailto:")]


def test_nothing_but_the_welcome_lets_one_leave():
    assert {kind for kind in NoticeKind if mailto(Page(notice(kind).html))} == {NoticeKind.WELCOME}


def test_welcome_is_left_and_changed_on_pages_of_the_readers_own_where_there_are_some(config):
    has_pages = config("[readers]\npages = true\n")
    parts = notice_parts(has_pages, view(NoticeKind.WELCOME, preferences_url=LINK), TEMPLATES, newsletter="weekly")
    pages = OwnPages(f"{URL}readers/leave/ann", f"{URL}readers/preferences/ann")
    own = {"recipient": Mailbox("", "ann@inbox.example"), "date": MONDAY, "message_id": "notice.a.b@gazette.example"}
    made = galley_from(parts).fill(**own, leave_url="mailto:weekly@gazette.example", pages=pages)
    for kind in ("plain", "html"):
        assert [page in written(made, kind) for page in (pages.leave, pages.preferences)] == [True, True]
    assert header(made, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"


def test_who_has_left_can_take_it_back_where_that_is_possible():
    assert LINK in notice(NoticeKind.LEFT).text
    without = notice(NoticeKind.LEFT, action_url=None)
    assert "Subscribe again" not in without.text + without.html


def test_notice_looks_like_its_newsletter_or_like_the_site_where_it_is_about_several():
    assert Page(notice().html).text("h1") == "The Harbour Weekly"
    assert Page(notice(newsletters=(WEEKLY, TIDES)).html).text("h1") == SITE.title
    assert Page(notice(NoticeKind.MANAGE, newsletters=()).html).text("h1") == SITE.title


def test_notice_in_arabic_is_mirrored_and_its_address_is_not():
    page = Page(notice(language="ar").html)
    assert page.all("html")[0]["dir"] == "rtl"
    assert page.all("td", align="right")
    assert page.all("span", dir="ltr")


def test_subject_names_what_one_is_subscribed_to_and_is_one_line():
    made = notice(NoticeKind.WELCOME, newsletters=(WEEKLY, TIDES, NoticeTopic("A\nB", URL)))
    assert made.subject == "You are subscribed to The Harbour Weekly, Tides <&> and A B"
    assert Page(made.html).text("title") == made.subject


@pytest.mark.rule("M16")
@pytest.mark.parametrize("kind", NoticeKind)
def test_what_stands_beside_the_subject_says_something_else(kind):
    made = notice(kind)
    assert made.preheader.strip("\u00a0")
    assert made.subject not in made.preheader


def test_same_notice_is_the_same_bytes():
    assert notice() == notice()


# ---- the head of its message ----


def test_sender_is_the_newsletters_own_or_the_first_ones(config):
    about = frame_for(config(), NoticeKind.CONFIRM, newsletter="tides")
    assert (about.sender.address, about.reply_to.address) == ("tides@sea.example", "desk@sea.example")
    assert (about.return_path, about.leave_url) == ("back@sea.example", "mailto:desk@sea.example?subject=unsubscribe")
    assert frame_for(config(), NoticeKind.MANAGE).sender.address == "weekly@gazette.example"


def test_sender_of_readers_comes_before_that_of_a_newsletter(config):
    frame = frame_for(
        config('[readers]\nfrom = "The desk <hello@gazette.example>"\n'), NoticeKind.CONFIRM, newsletter="tides"
    )
    assert (frame.sender.name, frame.sender.address) == ("The desk", "hello@gazette.example")


def test_only_the_welcome_is_of_a_list(config):
    found = {kind: frame_for(config(), kind, newsletter="tides").list_id for kind in NoticeKind}
    assert {kind: named for kind, named in found.items() if named} == {NoticeKind.WELCOME: "tides.gazette.example"}


# ---- the site's own templates ----


def test_own_template_comes_before_ours_and_knows_the_same(tmp_path):
    copy(tmp_path, "notices/confirm.html").write_text('<p class="para">Hello {{ who }}, {{ newsletters }}?</p>')
    made = notice(templates=open_templates(tmp_path))
    assert "The Harbour Weekly?" in made.html
    assert "do nothing" in made.text


def test_own_words_are_said(tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words/de.po").write_text('msgid "Confirm"\nmsgstr "Ja, gern"\n')
    assert "Ja, gern" in notice(templates=open_templates(tmp_path), language="de").html


@pytest.mark.rule("T62")
@pytest.mark.parametrize("name", ["notices/confirm.html", "notices/confirm.txt", "notices/parts/button.html"])
def test_own_template_with_a_misspelt_name_is_refused_and_found_by_the_check(tmp_path, name):
    copy(tmp_path, name).write_text("<p>\n{{ view.adress }}</p>")
    with pytest.raises(TemplateInvalid, match="adress") as refused:
        notice(templates=open_templates(tmp_path))
    assert f"{tmp_path / name}:2" in str(refused.value)
    assert any("adress" in mistake for mistake in check_templates(tmp_path))


def test_own_template_that_never_ends_is_stopped(tmp_path):
    copy(tmp_path, "notices/confirm.html").write_text('{% include "notices/confirm.html" %}')
    with pytest.raises(TemplateInvalid, match="never ends"):
        notice(templates=open_templates(tmp_path))


def test_own_sheet_that_is_older_than_notices_still_carries_them(tmp_path):
    own = copy(tmp_path, "digest/base.html")
    own.write_text(re.sub(r"{% block footer %}(.*?){% endblock %}", r"\1", own.read_text()))
    made = notice(templates=open_templates(tmp_path))
    assert LINK in made.html


def test_samples_are_of_every_kind():
    assert {one.kind for one in samples.NOTICES} == set(NoticeKind)
