import re
from dataclasses import replace

import pytest

from feeds.config.schema import Layout
from feeds.errors import EntryUnprintable
from feeds.model import Block, Correction, Role
from feeds.rendering.fields import placeholders
from feeds.rendering.text import columns
from feeds.rendering.views import Corrected
from tests.rendering.givens import ARABIC, MONDAY, PICTURE, URL, Page, digest, entries, entry

LAYOUTS = [layout.value for layout in Layout]
FULL = {
    "entries": (entry(image=PICTURE), ARABIC, *entries(9, image=PICTURE)),
    "more_count": 4,
    "more_url": URL + "archive/",
}
BODY = (
    f'<h2>Why</h2><p>It <a href="{URL}one/">left</a> pier three, <a href="{URL}two/">late</a>.</p>'
    f'<blockquote><p>“Late?” said <a href="{URL}three/">Ann</a>.</p></blockquote><ul><li>one</li><li>two</li></ul>'
    f'<figure><img src="{URL}media/b.jpg" alt="A quay" width="1600" height="900"></figure>'
    "<table><tr><th>Tide</th><td>4.1 m</td></tr></table><pre><code>x = 1</code></pre>"
)
EVERYTHING = FULL | {
    "entries": (entry(image=PICTURE, html=BODY), replace(ARABIC, html=BODY), *entries(9, image=PICTURE, html=BODY)),
    "note": f'<p>Good morning from <a href="{URL}quay/">the quay</a>.</p>',
    "corrections": (Corrected("The sea came up", URL + "sea/", MONDAY, "It was Thursday."),),
    "group_by": "section",
}
every_layout = pytest.mark.parametrize("layout", LAYOUTS)


def page(**differences):
    return Page(digest(**differences).html)


def without_repeats(addresses):
    return [each for n, each in enumerate(addresses) if n == 0 or each != addresses[n - 1]]


@pytest.mark.rule("M9")
def test_html_opens_with_what_mail_clients_look_for():
    made = digest(**FULL)
    head = Page(made.html)
    assert made.html.startswith('<!DOCTYPE html>\n<html lang="en-GB" dir="ltr"')
    assert next(each for each in head.elements if each[0] == "meta") == ("meta", {"charset": "utf-8"})
    assert head.text("title") == made.subject
    assert {"color-scheme", "supported-color-schemes", "format-detection", "viewport"} <= {
        each.get("name") for each in head.all("meta")
    }
    assert "<!--[if mso]>" in made.html
    assert "<o:PixelsPerInch>96</o:PixelsPerInch>" in made.html


@pytest.mark.rule("M10")
@every_layout
def test_tables_are_for_layout_and_there_is_one_heading_in_a_labelled_article(layout):
    made = page(**EVERYTHING, layout=layout)
    for_layout = {"role": "presentation", "border": "0", "cellpadding": "0", "cellspacing": "0"}
    assert all(for_layout.items() <= table.items() for table in made.all("table") if table.get("class") != "table")
    assert len(made.all("h1")) == 1
    (wrapper,) = made.all("div", role="article")
    assert wrapper["aria-roledescription"] == "email"
    assert (wrapper["lang"], wrapper["dir"]) == ("en-GB", "ltr")
    assert wrapper["aria-label"] == made.text("title")


@pytest.mark.rule("M11")
def test_pictures_have_alt_text_whole_sizes_and_absolute_addresses():
    pictures = page(**FULL).all("img")
    assert len(pictures) == 5
    assert all(each["alt"] and each["src"].startswith("https://") for each in pictures)
    assert [(each["width"], each["height"]) for each in pictures[:2]] == [("544", "363"), ("172", "115")]


@pytest.mark.rule("M11")
def test_picture_of_unknown_size_or_without_alt_text_is_still_sized_and_named():
    bare = replace(PICTURE, width=None, height=None, alt="", caption="")
    (picture,) = page(entries=(entry(image=bare),)).all("img")
    assert (picture["width"], picture["height"], picture["alt"]) == ("544", "363", "The ferry sails")


@pytest.mark.parametrize("layout", ["front-page", "full-text"])
@pytest.mark.parametrize("alt", ["The ferry, at noon, in fog", ""])
def test_caption_that_says_what_the_picture_shows_is_said_once(layout, alt):
    caption = "The ferry at noon in fog."
    made = digest(entries=(entry(image=replace(PICTURE, alt=alt, caption=caption)),), layout=layout)
    (picture,) = Page(made.html).all("img")
    assert (picture["alt"], made.html.count("noon")) == ("", 1)
    assert Page(made.html).all("a", **{"aria-label": "The ferry sails"})
    assert made.text.count("noon") == (layout == "full-text")


@pytest.mark.parametrize("layout", ["front-page", "full-text"])
@pytest.mark.parametrize(("credit", "said"), [("", []), ("Ann Lee", ["Ann Lee"])])
def test_picture_without_a_caption_leaves_no_empty_line_below_it(layout, credit, said):
    bare = entry(image=replace(PICTURE, caption="", credit=credit))
    html = digest(entries=(bare,), layout=layout).html
    captions = re.findall(r'<p class="caption"[^>]*>(.*?)</p>', html)
    assert [re.sub(r"<[^>]*>", "", caption).strip(" ") for caption in captions] == said


@pytest.mark.rule("M12")
def test_links_are_absolute_and_nothing_in_the_mail_runs():
    made = page(**FULL)
    assert all(link["href"].startswith(("https://", "mailto:")) for link in made.all("a"))
    assert not {"script", "form", "iframe", "input", "object", "link"} & {tag for tag, _ in made.elements}
    assert "javascript:" not in digest(**FULL).html
    assert made.all("a", **{"class": "button"})[0]["aria-label"] == "Read on: The ferry sails"


@pytest.mark.rule("M13")
@every_layout
def test_what_matters_is_inline(layout):
    made = page(**EVERYTHING, layout=layout)
    assert "font-size:44px" in made.all("h1")[0]["style"]
    assert all("style" in each for tag in ("h1", "h2", "h3", "p", "img", "a") for each in made.all(tag))
    assert all("display:flex" not in each.get("style", "") for _, each in made.elements)


@pytest.mark.rule("M14")
@pytest.mark.rule("M15")
def test_narrow_screens_and_dark_schemes_stand_in_two_style_blocks():
    narrow, dark = re.findall(r"<style>(.*?)</style>", digest().html, re.DOTALL)
    assert "max-width: 599px" in narrow
    assert "prefers-color-scheme" not in narrow
    assert "@media (prefers-color-scheme: dark)" in dark
    assert "[data-ogsc]" in dark
    assert "[data-ogsb]" in dark


@pytest.mark.rule("M16")
@pytest.mark.parametrize("summary", ["", "Short.", "word " * 200, "a " + "b" * 200])
def test_preheader_has_forty_to_a_hundred_and_thirty_characters(summary):
    assert 40 <= len(digest(entries=(entry(summary=summary),)).preheader) <= 130


@pytest.mark.rule("M16")
def test_preheader_is_hidden_filled_up_and_not_repeated_in_the_text():
    made = digest(entries=(entry(summary="Short."), *entries(3)))
    (hidden,) = re.findall(
        r'<div aria-hidden="true" style="([^"]*)">' + re.escape(made.preheader) + "\u034f", made.html
    )
    assert all(way in hidden for way in ("display:none", "max-height:0", "mso-hide:all"))
    assert made.preheader not in made.text


@pytest.mark.rule("M17")
def test_large_digest_is_cut_between_entries_and_keeps_its_footer():
    made = digest(entries=entries(200, summary="y" * 300), more_count=7, more_url=URL)
    shown = len(re.findall(r'class="headline (?:lead|story|brief)-link"', made.html))
    assert 10 < shown < 200
    assert len(made.html.encode()) <= 90 * 1024
    assert f"{200 - shown + 7} more on the web" in made.html
    assert f"{200 - shown + 7} more on the web" in made.text
    assert "3 Pier Road" in made.html
    assert made.html.count(placeholders(made.mark)["leave_url"]) == 1


@pytest.mark.rule("M17")
def test_lead_that_is_too_long_alone_is_named():
    with pytest.raises(EntryUnprintable, match="urn:test:ferry"):
        digest(entries=(entry(url=URL + "a" * 100_000),))


@pytest.mark.rule("M19")
@every_layout
def test_text_has_the_same_links_in_the_same_order(layout):
    made = digest(**EVERYTHING, layout=layout)
    in_html = without_repeats([link["href"] for link in Page(made.html).all("a")])
    in_text = without_repeats(re.findall(r"(?:https://|mailto:)\S+", made.text))
    assert in_text == in_html
    assert len(in_text) >= made.shown + 5


@pytest.mark.rule("M19")
@every_layout
def test_text_has_at_most_78_columns(layout):
    wide = entry(title="港の" * 80, summary="漢字かな" * 70, section="S" * 200, html=f"<p>{'漢字かな' * 70}</p>{BODY}")
    made = digest(**EVERYTHING | {"entries": (wide, *FULL["entries"])}, description="word " * 60, layout=layout)
    assert max(columns(line) for line in made.text.splitlines()) <= 78


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_text_part_is_good_to_hear_and_from_right_to_left(layout, language):
    made = digest(**EVERYTHING, layout=layout, language=language, direction="rtl" if language == "ar" else "ltr")
    assert re.findall(r"[|·]|==|--", re.sub(r"(?m)^(-{72}|.*(?:https://|mailto:).*)$", "", made.text)) == []
    assert "\n\n\n" not in made.text
    assert not [line for line in made.text.splitlines() if line != line.rstrip()]


def test_headline_of_two_lines_hangs_below_its_mark():
    lines = digest(entries=(entry(title="word " * 20),)).text.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("* word"))
    assert lines[first + 1].startswith("  word")


@pytest.mark.rule("M20")
def test_no_picture_but_the_entries_own_is_loaded():
    assert page(entries=entries(3)).all("img") == []


@pytest.mark.rule("T36")
@pytest.mark.rule("T64")
def test_markup_in_a_title_is_escaped_once_in_html_and_left_alone_in_text():
    made = digest(entries=(entry(title="<b>1 & 2</b>"),))
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;</a>" in made.html
    assert "<b>1 & 2</b>\n" in made.text
    assert made.subject == "<b>1 & 2</b>"


@pytest.mark.rule("M18")
def test_edition_from_right_to_left_mirrors():
    made = page(entries=(ARABIC,), language="ar", direction="rtl", title="أسبوعية الميناء")
    assert made.all("html")[0]["dir"] == "rtl"
    assert [cell["align"] for cell in made.all("td", **{"class": "folio-cell"})] == ["right", "left"]


def test_subject_is_the_leads_headline_and_how_many_more():
    assert digest().subject == "The ferry sails"
    assert digest(entries=(entry(), *entries(2)), more_count=3).subject == "The ferry sails, and 5 more"
    assert digest(subject="Asked\nfor").subject == "Asked for"


def test_footer_says_who_writes_why_and_how_to_leave():
    text = " ".join(digest().text.split())
    assert "You get The Harbour Weekly because you asked for it at The Harbour Gazette." in text
    assert "The Harbour Gazette, 3 Pier Road" in text
    assert "To unsubscribe" in text


def test_style_in_an_entry_cannot_reach_the_mail():
    hostile = entry(title='x" style="p', summary="<style>p{color:red}</style>", html='<p style="p">x</p>')
    assert "&lt;style&gt;p{color:red}&lt;/style&gt;" in digest(entries=(hostile,)).html
    assert digest(entries=(hostile,)) == digest(entries=(hostile,))


def test_a_front_page_tells_five_stories_beside_its_lead_and_names_the_others_in_brief():
    made = digest(entries=entries(9)).html
    assert [len(re.findall(f"headline {kind}-link", made)) for kind in ("lead", "story", "brief")] == [1, 5, 3]


def test_stories_stand_under_the_names_of_their_sections_in_the_order_of_their_newest():
    news, sport = entries(3, section="News"), entries(1, section="Sport")
    made = digest(entries=(entry(), sport[0], *news, entry(section="")), group_by="section").html
    assert re.findall(r'<h2 class="label"[^>]*>([^<]*)</h2>', made) == ["Sport", "News", "Other news"]
    assert [len(re.findall(f"headline {kind}-link", made)) for kind in ("lead", "story", "brief")] == [1, 4, 1]


def test_stories_may_stand_under_the_names_of_their_tags():
    assert '<h2 class="label"' in digest(entries=entries(2), group_by="tag", layout="reading-list").html
    untagged = digest(entries=entries(2, tags=()), group_by="tag", layout="reading-list").html
    assert '<h2 class="label"' not in untagged


def test_a_reading_list_shows_no_pictures():
    assert page(entries=entries(3, image=PICTURE), layout="reading-list").all("img") == []


def test_full_text_has_whole_articles_with_their_pictures_and_what_was_put_right():
    standfirst = Block(Role.STANDFIRST, "Late again.")
    whole = entry(html=BODY, image=PICTURE, blocks=(standfirst,), corrections=(Correction(MONDAY, "By an hour."),))
    made = digest(entries=(whole,), layout="full-text")
    for said in ("Late again.", "“Late?” said", "x = 1", "By an hour.", "4.1 m"):
        assert said in made.html
        assert said in made.text
    assert [(each["width"], each["height"]) for each in Page(made.html).all("img")] == [("544", "363"), ("544", "306")]
    assert "Correction, 23 November 2026\nBy an hour." in made.text


def test_a_picture_that_stands_in_the_article_leads_it_no_second_time():
    inside = entry(html=f'<p><img src="{PICTURE.address}" alt="A ferry"></p>', image=PICTURE)
    assert len(page(entries=(inside,), layout="full-text").all("img")) == 1


@every_layout
def test_note_and_corrections_stand_in_both_parts(layout):
    made = digest(**EVERYTHING, layout=layout)
    for said in ("Good morning from", "It was Thursday.", "The sea came up", "From the editor", "Corrections"):
        assert said in made.html
        assert said in made.text


@every_layout
def test_an_edition_speaks_the_language_of_its_readers(layout):
    made = digest(**EVERYTHING, language="de", layout=layout)
    assert "Abbestellen" in made.html or "Abmelden" in made.html
    assert "Unsubscribe" not in made.html + made.text
    assert "Montag, 23. November 2026" in made.text


def test_the_byline_of_a_story_in_another_direction_keeps_its_order():
    made = digest(entries=(entry(), ARABIC)).html
    assert '<span lang="en-GB" dir="ltr">By \u2068Ann Lee and Bo Ek\u2069' in made


def test_the_description_in_the_foot_keeps_its_own_direction():
    made = digest(entries=(ARABIC,), language="ar", description="The week, on Monday.").html
    assert '<span dir="auto">The week, on Monday.</span>' in made


@pytest.mark.rule("M17")
def test_full_text_of_an_article_that_is_too_long_is_told_of_and_takes_no_room_from_others():
    endless = entry(html="<p>" + "word " * 20_000 + "</p>", title="Endless", url=URL + "endless/")
    made = digest(entries=(endless, *entries(3, html=BODY)), layout="full-text")
    assert made.shown == 4
    assert "word word" not in made.html + made.text
    assert 'aria-label="Read on: Endless"' in made.html
    assert endless.summary.split()[0] in made.text


def test_an_article_without_a_title_is_called_so_in_the_language_of_the_edition():
    bare = entry(title="", summary="")
    assert digest(entries=(bare,), language="de").subject == "Ohne Titel"
    assert digest(entries=(bare,), language="en").subject == "Untitled"
