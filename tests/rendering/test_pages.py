import json
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Block, Correction, Enclosure, Role
from feeds.rendering.pages import (
    entry_page,
    listing_page,
    localiser,
    not_found_page,
    redirect_page,
    stylesheet,
    withdrawn_page,
)
from feeds.rendering.views import FeedLink, ListingView
from tests.rendering.givens import ARABIC, MONDAY, PICTURE, SITE, TEMPLATES, URL, Page, entry


def page_of(**differences):
    return entry_page(entry(**differences), SITE, TEMPLATES).decode()


def listing(**differences):
    values = {"title": "Ferry", "heading": "Ferry", "url": URL + "tags/ferry/", "entries": (entry(),)} | differences
    return listing_page(ListingView(**values), SITE, TEMPLATES).decode()


def withdrawn(reason="By order of a <court>."):
    return withdrawn_page(SITE, TEMPLATES, url=URL + "old/", withdrawn_at=MONDAY, reason=reason).decode()


def linked_data(page):
    return json.loads(Page(page).text("script"))


EVERY_PAGE = {
    "entry": lambda: page_of(image=PICTURE, html="<h1>Two</h1><p>x</p>"),
    "listing": listing,
    "empty listing": lambda: listing(entries=()),
    "not found": lambda: not_found_page(SITE, TEMPLATES).decode(),
    "withdrawn": withdrawn,
    "redirect": lambda: redirect_page(SITE, TEMPLATES, old_url=URL + "old/", new_url=URL + "ferry/").decode(),
}
every_page = pytest.mark.parametrize("name", EVERY_PAGE)


@every_page
def test_page_has_one_heading_a_language_a_direction_and_a_title(name):
    page = Page(EVERY_PAGE[name]())
    assert len(page.all("h1")) == 1
    assert page.all("html") == [{"lang": "en-GB", "dir": "ltr"}]
    assert page.text("title")


@pytest.mark.rule("T39")
@every_page
def test_page_allows_nothing_to_run(name):
    page = Page(EVERY_PAGE[name]())
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    assert policy.startswith("default-src 'none'; img-src *; media-src *; style-src 'self' https://harbour.example")
    assert all(script == {"type": "application/ld+json"} for script in page.all("script"))
    assert not any(key.startswith("on") or key == "style" for _, given in page.elements for key in given)


@pytest.mark.rule("F22")
@pytest.mark.rule("F27")
@pytest.mark.parametrize("name", ["entry", "listing", "empty listing", "not found"])
def test_page_advertises_every_feed_with_type_and_title(name):
    links = Page(EVERY_PAGE[name]()).all("link", rel="alternate")
    assert [(x["type"], x["title"], x["href"]) for x in links] == [(f.media_type, f.title, f.url) for f in SITE.feeds]


@pytest.mark.rule("F22")
def test_listing_advertises_its_own_feeds_before_the_sites():
    own = FeedLink("Ferry", "application/atom+xml", URL + "tags/ferry/atom.xml")
    links = Page(listing(feeds=(own,))).all("link", rel="alternate")
    assert [link["title"] for link in links] == ["Ferry", *(feed.title for feed in SITE.feeds)]


@pytest.mark.rule("T36")
def test_markup_in_a_title_is_escaped_once():
    page = page_of(title="<b>1 & 2</b>")
    assert "<h1>&lt;b&gt;1 &amp; 2&lt;/b&gt;</h1>" in page
    assert "&amp;lt;" not in page


def test_title_cannot_break_out_of_the_linked_data():
    title = "</script><!-- <script>alert(1)</script>"
    page = page_of(title=title)
    assert "</script><!--" not in page
    assert linked_data(page)["headline"] == title
    assert len(Page(page).all("script")) == 1


def test_linked_data_tells_who_wrote_what_and_when():
    data = linked_data(page_of(updated_at=MONDAY + timedelta(hours=2)))
    assert (data["@type"], data["mainEntityOfPage"]) == ("NewsArticle", URL + "ferry/")
    assert (data["datePublished"], data["dateModified"]) == ("2026-11-23T07:00:00Z", "2026-11-23T09:00:00Z")
    assert data["author"][0] == {"@type": "Person", "name": "Ann Lee", "url": URL + "authors/ann-lee/"}


def test_link_preview_has_title_address_picture_and_times():
    page = Page(page_of(image=PICTURE))
    given = {each["property"]: each["content"] for each in page.all("meta") if "property" in each}
    assert given["og:title"] == "The ferry sails"
    assert given["og:url"] == page.all("link", rel="canonical")[0]["href"] == URL + "ferry/"
    assert given["og:image"] == URL + "media/a.jpg"
    assert given["article:published_time"] == "2026-11-23T07:00:00Z"
    assert page.all("meta", name="twitter:card")[0]["content"] == "summary_large_image"


def test_entry_page_has_landmarks_and_a_way_past_them():
    page = Page(page_of())
    assert [len(page.all(tag)) for tag in ("main", "article")] == [1, 1]
    assert page.all("header") and page.all("footer") and page.all("nav")
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    assert page.all("main")[0]["id"] == "main"


def test_day_is_the_sites_and_the_instant_is_exact():
    late = MONDAY.replace(month=7, hour=23, minute=30)
    assert '<time datetime="2026-07-23T23:30:00Z">24 July 2026</time>' in page_of(published_at=late, updated_at=late)


def test_picture_has_its_size_caption_and_credit():
    page = Page(page_of(image=PICTURE))
    assert page.all("img") == [{"src": "../media/a.jpg", "alt": "A ferry", "width": "1200", "height": "800"}]
    assert "The ferry at noon." in page.text("figcaption")


def test_picture_that_the_body_shows_is_not_shown_twice():
    body = '<p>x</p><img src="https://harbour.example/media/a.jpg" alt="A ferry">'
    assert len(Page(page_of(image=PICTURE, html=body)).all("img")) == 1


def test_authors_note_at_the_end_is_set_apart():
    note = Block(Role.AUTHORS_NOTE, "Ann Lee writes on boats. Twitter: @annlee")
    page = page_of(blocks=(note,), html="<p>Body.</p>\n<p><em>Ann Lee writes on boats. Twitter: @annlee</em></p>")
    assert page.count("Ann Lee writes on boats") == 1
    assert '<aside class="authors-note" aria-label="About the author"><p>Ann Lee' in page


def test_emphasis_at_the_end_that_is_no_authors_note_stays_in_the_body():
    assert "<p><em>Fin.</em></p>" in page_of(html="<p>Body.</p><p><em>Fin.</em></p>")


def test_standfirst_stands_under_the_headline():
    assert '<div class="standfirst"><p>One &lt; two.</p></div>' in page_of(
        blocks=(Block(Role.STANDFIRST, "One < two."),)
    )


def test_correction_has_a_box_unless_the_body_tells_it():
    correction = Correction(MONDAY, "It is €14.")
    assert 'class="corrections"' in page_of(corrections=(correction,))
    assert 'class="corrections"' not in page_of(corrections=(correction,), html="<p>Correction: It is €14.</p>")


def test_sound_can_be_played_and_files_say_their_size():
    files = tuple(
        Enclosure(address=URL + f"media/{name}", media_type=kind, length=2_400_000)
        for name, kind in (("a.mp3", "audio/mpeg"), ("b.pdf", "application/pdf"))
    )
    page = page_of(enclosures=files)
    assert Page(page).all("audio") == [{"controls": None, "preload": "none", "src": "../media/a.mp3"}]
    assert "b.pdf</a>" in page
    assert "2.4 MB" in page


def test_entry_of_another_language_and_direction_says_so():
    page = Page(entry_page(ARABIC, SITE, TEMPLATES))
    assert page.all("article")[0] == {"class": "story", "lang": "ar", "dir": "rtl"}


def test_entry_without_a_title_goes_by_its_first_words():
    assert "<h1>It left pier three" in page_of(title="")


def test_empty_listing_says_so_kindly():
    assert "Nothing has been printed here yet" in listing(entries=())


def test_closed_listing_leads_to_newer_older_and_newest_and_says_nothing_that_will_change():
    at = URL + "tags/ferry/"
    page = listing(page=2, url=f"{at}page/2/", front_url=at, newer_url=f"{at}page/3/", older_url=f"{at}page/1/")
    assert [link["href"] for link in Page(page).all("a", rel="next")] == ["../1/"]
    assert [link["href"] for link in Page(page).all("a", rel="prev")] == ["../3/"]
    assert [link["href"] for link in Page(page).all("a", **{"class": "newest"})] == ["../../"]
    assert "Archive page 2<" in page
    assert "Ferry, archive page 2" in Page(page).text("title")


def test_open_listing_leads_to_the_newest_closed_page():
    page = listing(older_url=URL + "tags/ferry/page/7/")
    assert [link["href"] for link in Page(page).all("a", rel="next")] == ["./page/7/"]
    assert "Archive page" not in page
    assert "paging" not in listing()


# ---- following ----

DOCUMENTS = tuple(
    FeedLink(f"Ferry ({label})", kind, f"{URL}tags/ferry/{name}", label)
    for label, kind, name in (
        ("RSS", "application/rss+xml", "rss.xml"),
        ("Atom", "application/atom+xml", "atom.xml"),
        ("JSON Feed", "application/feed+json", "feed.json"),
    )
)
FOLLOW = {"feeds": DOCUMENTS, "subscribe": True}


@pytest.mark.rule("F28")
def test_page_says_how_to_follow_it_and_gives_every_address_to_copy():
    page = Page(listing(**FOLLOW))
    assert [field["value"] for field in page.all("input")] == [document.url for document in DOCUMENTS]
    assert all("readonly" in field for field in page.all("input"))
    assert [label["for"] for label in page.all("label")] == [field["id"] for field in page.all("input")]
    assert "RSS" in page.text("label")
    assert [link["href"] for link in page.all("a") if link["href"].startswith("#")] == ["#main", "#follow"]
    assert page.all("section", id="follow")


@pytest.mark.rule("F28")
def test_page_of_a_feed_says_first_what_it_is_there_for():
    page = listing(kicker="Feed", **FOLLOW, subscribe_first=True)
    assert page.index('id="follow"') < page.index('class="stories"')
    assert listing(**FOLLOW).index('id="follow"') > listing(**FOLLOW).index('class="stories"')


@pytest.mark.rule("F27")
def test_every_page_leads_to_the_file_of_all_feeds():
    site = replace(SITE, opml_url=URL + "feeds.opml")
    view = ListingView(title="x", heading="x", url=URL + "tags/x/", entries=(), **FOLLOW)
    pages = [entry_page(entry(), site, TEMPLATES), not_found_page(site, TEMPLATES), listing_page(view, site, TEMPLATES)]
    links = [[a["href"] for a in Page(page).all("a", type="text/x-opml")] for page in pages]
    assert links == [["../feeds.opml"], ["/feeds.opml"], ["../../feeds.opml", "../../feeds.opml"]]


def test_page_needs_no_script_to_be_followed():
    page = Page(listing(**FOLLOW))
    assert (page.all("script"), page.all("form"), page.all("button")) == ([], [], [])


def test_title_of_a_feed_cannot_break_out_of_the_page():
    page = listing(heading='<b>"x"', subscribe=True, feeds=(FeedLink("<b>", "y", 'http://a/?"><b>', "<i>"),))
    assert "<b>" not in page
    assert "<i>" not in page


def test_section_of_a_story_leads_to_its_page():
    here = {"section_url": URL + "sections/harbour/"}
    assert '<a href="../sections/harbour/">Harbour</a>' in page_of(**here)
    assert '<a href="../../sections/harbour/">Harbour</a>' in listing(entries=(entry(**here),))


def test_site_shows_its_icon_and_its_rights():
    site = replace(SITE, icon_url=URL + "icon.png", rights="© The Gazette")
    page = entry_page(entry(), site, TEMPLATES).decode()
    assert Page(page).all("link", rel="icon") == [{"rel": "icon", "href": "../icon.png"}]
    assert "© The Gazette" in page
    licence = replace(SITE, rights="https://creativecommons.org/licenses/by/4.0/")
    assert Page(entry_page(entry(), licence, TEMPLATES)).all("a", rel="license")[0]["href"] == licence.rights


def test_redirect_leads_on_at_once_and_is_not_indexed():
    page = Page(redirect_page(SITE, TEMPLATES, old_url=URL + "old/", new_url=URL + "new/?a=1&b=2"))
    assert page.all("meta", **{"http-equiv": "refresh"})[0]["content"] == "0; url=../new/?a=1&b=2"
    assert page.all("link", rel="canonical")[0]["href"] == f"{URL}new/?a=1&b=2"
    assert page.all("meta", name="robots")[0]["content"] == "noindex"


@pytest.mark.parametrize(
    ("page", "url", "expected"),
    [
        ("ferry/", "assets/style.css", "../assets/style.css"),
        ("", "assets/style.css", "./assets/style.css"),
        ("tags/ferry/page/2/", "tags/ferry/", "../../"),
        ("ferry/", "ferry/", "./"),
        ("ferry/", "a%20b/?q=1#c", "../a%20b/?q=1#c"),
    ],
)
def test_addresses_within_the_site_are_relative_to_the_page(page, url, expected):
    assert localiser(URL + page, site_url=URL)(URL + url) == expected


STEPS = st.lists(st.sampled_from(["a", "b", "c:d", "e.f", ""]).map(str), max_size=4)


@settings(max_examples=200, deadline=None)
@given(STEPS, STEPS, st.sampled_from(["", "/"]), st.sampled_from(["", "?q=1/2#c/d", "#e"]))
def test_relative_address_leads_where_the_whole_one_does(page, steps, slash, more):
    here = URL + "".join(f"{step or 'x'}/" for step in page)
    there = URL + "/".join(step or "y" for step in steps) + (slash if steps else "") + more
    assert urljoin(here, localiser(here, site_url=URL)(there)) == there


def test_addresses_elsewhere_stay_whole_and_a_page_anywhere_starts_at_the_root():
    assert localiser(URL, site_url=URL)("https://x.example/a") == "https://x.example/a"
    assert localiser(None, site_url=URL + "p/")(URL + "p/assets/style.css") == "/p/assets/style.css"


def test_stylesheet_loads_nothing_and_knows_dark_mode_and_print():
    css = stylesheet(TEMPLATES).decode()
    assert "url(" not in css
    assert "@import" not in css
    assert "prefers-color-scheme: dark" in css
    assert "@media print" in css


def test_same_values_give_the_same_bytes():
    assert entry_page(entry(), SITE, TEMPLATES) == entry_page(entry(), SITE, TEMPLATES)


def test_description_is_plain_text_of_one_line():
    page = Page(page_of(summary='Two\nlines "quoted" & more'))
    assert unescape(page.all("meta", name="description")[0]["content"]) == 'Two lines "quoted" & more'


def test_link_of_a_redirect_works_in_a_local_preview():
    page = Page(redirect_page(SITE, TEMPLATES, old_url=URL + "old/one/", new_url=URL + "new/"))
    assert [link["href"] for link in page.all("a")] == ["../../new/"]


@every_page
def test_page_says_what_made_it(name):
    assert Page(EVERY_PAGE[name]()).all("meta", name="generator") == [{"name": "generator", "content": "Pressrun"}]


@pytest.mark.rule("F12")
def test_page_of_what_was_withdrawn_says_when_and_why_and_nothing_else_of_it():
    page = Page(withdrawn())
    assert page.all("meta", name="robots")[0]["content"] == "noindex"
    assert (page.text("title"), page.text("h1")) == ("Withdrawn · The Harbour Gazette", "What stood here was withdrawn")
    assert page.all("time")[0]["datetime"].startswith(f"{MONDAY:%Y-%m-%d}")
    assert "By order of a &lt;court&gt;." in withdrawn()
    assert page.all("link", rel="canonical") == page.all("script") == page.all("article") == []


def test_withdrawal_without_a_reason_gives_none():
    assert 'class="reason"' in withdrawn()
    assert 'class="reason"' not in withdrawn(reason="")
