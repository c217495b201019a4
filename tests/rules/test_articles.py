import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.errors import ArticleRefused
from feeds.model import Access, Correction, Person, Role
from feeds.rules.articles import content_hash, wanted_slug
from tests.rules.givens import KINDS, QUAY, article, raw, read

BODY = "The ferry sailed at nine. It was late.\n\nNobody was surprised. They had brought tea.\n"
COPY = f"Ferry returns to the harbour\n\n{BODY}"
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Ferry – Gazette</title>
<meta property="og:title" content="Ferry returns"><meta name="author" content="Ann Lee">
<meta property="article:published_time" content="2024-03-02T14:39:00+01:00">
<meta property="article:tag" content="Ferry"><meta property="article:tag" content="Harbour">
<meta property="og:description" content="It is back."></head><body>
<header><h1>Gazette</h1><nav><a href="/">Home</a></nav></header>
<article><h2>After a year</h2><p>The ferry <time datetime="1912-04-15">sailed</time>.</p>
<img src="data:image/gif;base64,AA" data-src="pictures/quay.jpg" alt="The quay">
<iframe src="https://v.example/e" title="Film"></iframe></article>
<aside>Subscribe!</aside><footer>©</footer></body></html>"""

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes() | st.text(max_size=30)
VALUES = st.recursive(
    SCALARS | st.binary(max_size=5) | st.frozensets(st.text(max_size=3), max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3),
    max_leaves=8,
)
ALL_KEYS = re.findall(
    r"\w+",
    "title standfirst summary date updated authors tags section language image image_alt enclosures access draft id"
    " slug url aliases corrections published path",
)
KEYS = st.sampled_from(ALL_KEYS)


def hashed(entry):
    return content_hash(entry, ())


def words(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.rule("T57")
@settings(deadline=None, max_examples=100)
@given(st.dictionaries(KEYS | SCALARS, VALUES, max_size=6), st.text(max_size=200), st.sampled_from(sorted(KINDS)))
def test_whatever_the_front_matter_says_an_article_is_read_or_refused(meta, text, kind):
    entry = raw(text, kind, meta=meta)
    assert hashed(entry) == hashed(entry)
    try:
        found = read(text, kind, meta=meta)
    except ArticleRefused as refused:
        assert refused.reason
    else:
        assert found.article.title


@pytest.mark.parametrize("key", ALL_KEYS)
def test_number_of_five_thousand_digits_is_read_or_refused_as_well(key):
    said = {key: 10**5000}
    assert len(hashed(raw("x", meta=said))) == 64
    if key in {"access", "draft"}:
        with pytest.raises(ArticleRefused):
            read("x", meta=said)
    else:
        assert article("x", meta=said).title == "x"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_front_matter_overrides_every_guess(kind):
    text = {"md": f"# Guess\n\n{BODY}", "html": PAGE, "txt": f"Guess\nBy Bo Wu\n1 May 2020\n{BODY}"}[kind]
    said = {
        "title": "T",
        "standfirst": "S",
        "authors": ["Ann Lee"],
        "date": "2024-03-02",
        "summary": "U",
        "tags": ["t"],
    }
    found = article(text, kind, image={"path": "IMG_2041.jpg", "alt": "A", "caption": "C", "credit": "R"}, **said)
    assert (found.title, found.summary, found.authors) == ("T", "U", (Person("Ann Lee"),))
    assert found.published_at == datetime(2024, 3, 2, tzinfo=UTC)
    assert [tag.name for tag in found.tags] == ["t"]
    assert (found.image.address, found.image.caption, found.image.credit) == (f"media:{QUAY.name}", "C", "R")
    assert [b.content for b in found.blocks if b.role is Role.STANDFIRST][:1] == ["S"]
    assert [b.content for b in found.blocks][:2] == ["T", "S"]


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [
                "Ferry returns",
                "By Ann Lee",
                "2 March 2024",
                "IMG_2041.jpg",
                "\u200b",
                "It is back.",
                "A short line",
                "Harbour Pictures",
                BODY,
                "Ann Lee is a journalist.",
                "A line with no stop that goes on for ten words here",
            ]
        ),
        min_size=1,
        max_size=10,
    ),
    st.sampled_from(
        ["Ferry returns", "Another title", "2 March 2024", "It sailed. It was late.", "IMG_1.jpg", "“", "x" * 300]
    ),
    st.sampled_from(["", "It is back.", "Other."]),
)
def test_no_character_of_raw_copy_is_lost_under_front_matter(lines, title, standfirst):
    text = "\n".join(lines)
    blocks = article(text, "txt", title=title, standfirst=standfirst).blocks
    kept = words("".join(b.content for b in blocks))
    added = {words(title), words(title) + words(standfirst), words(standfirst), ""}
    assert any(
        kept == start + words(text) or _without(kept, words(standfirst)) == start + words(text) for start in added
    )


def _without(text, part):
    return text.replace(part, "", 1) if part else text


def test_headline_that_front_matter_replaces_is_body_and_nothing_else():
    found = article(f"Ferry returns\n\n{BODY}", "txt", title="Another title")
    assert [(b.role, b.content) for b in found.blocks][:2] == [
        (Role.TITLE, "Another title"),
        (Role.BODY, "Ferry returns"),
    ]
    assert "<p>Ferry returns</p>" in found.html


def test_headline_that_front_matter_only_spells_otherwise_is_not_said_twice():
    found = article(COPY.replace("Ferry returns", "FERRY RETURNS"), "txt", title="Ferry returns to the harbour")
    assert found.title == "Ferry returns to the harbour"
    assert "FERRY" not in found.html


def test_markdown_h1_is_the_title_and_leaves_the_body():
    found = article("# *Ferry* returns\n\nIt sailed.")
    assert (found.title, found.html) == ("Ferry returns", "<p>It sailed.</p>")


def test_markdown_h1_that_differs_from_the_title_stays_as_h2():
    assert article("# Other\n\nx", title="T").html == "<h2>Other</h2>\n<p>x</p>"


def test_article_without_any_title_takes_its_first_line():
    assert article("## Sub\n\nFirst words.").title == "Sub"
    assert article("", title="T").title == "T"


def test_article_without_text_is_refused():
    with pytest.raises(ArticleRefused, match="no text"):
        read("<script>x</script>", "html")


def test_page_saved_from_a_cms_is_cut_down_to_its_article():
    found = read(PAGE, "html")
    said = found.article
    assert (said.title, said.summary, said.language) == ("Ferry returns", "It is back.", "en-GB")
    assert said.published_at == datetime(2024, 3, 2, 13, 39, tzinfo=UTC)
    assert (said.authors, [tag.slug for tag in said.tags]) == ((Person("Ann Lee"),), ["ferry", "harbour"])
    assert not re.search("Home|Subscribe|©|iframe|data:", said.html)
    assert 'href="https://v.example/e"' in said.html
    assert f'src="media:{QUAY.name}" alt="The quay" width="800" height="600"' in said.html
    assert "an embed became a link: https://v.example/e" in found.notes


def test_article_element_that_says_most_is_the_article():
    page = "<html><body><article>Teaser</article><article><h1>T</h1><p>The whole of it.</p></article>"
    assert (article(page, "html").title, article(page, "html").html) == ("T", "<p>The whole of it.</p>")


def test_time_in_the_text_of_a_piece_is_not_its_date():
    assert article('It sank on <time datetime="1912-04-15">that day</time>.').published_at is None


def test_links_between_articles_become_placeholders():
    text = "[a](ferry.md) [b](../x.txt) [c](my%20piece.md) [d](<my piece.md>) [e](ferry.md#top) [f](#here)"
    found = article(text, key="2026/a.md")
    assert found.linked_entries == ("articles/2026/ferry.md", "articles/x.txt", "articles/2026/my piece.md")
    assert re.findall('href="([^"]*)"', found.html) == [
        "entry:articles/2026/ferry.md",
        "entry:articles/x.txt",
        "entry:articles/2026/my%20piece.md",
        "entry:articles/2026/my%20piece.md",
        "entry:articles/2026/ferry.md",
    ]


def test_placeholder_written_by_hand_is_dropped():
    assert "entry:" not in article('<a href="entry:other/secret.md">x</a> <img src="media:abc.png" alt="A">').html


def test_local_picture_is_measured_and_leads():
    found = article("![The quay](pictures/quay.jpg)\n\nText.")
    assert (found.image.width, found.image.height, found.image.alt) == (800, 600, "The quay")
    assert found.files == (("pictures/quay.jpg", QUAY.name),)


def test_missing_picture_is_reported_and_its_alt_text_shown():
    found = read("Text ![The quay](gone.jpg)")
    assert "<em>The quay</em>" in found.article.html
    assert found.notes == ("picture gone.jpg: is not there; its alt text is shown",)


@pytest.mark.parametrize("path", ["../secret.jpg", "a/../../secret.jpg", "%2e%2e/secret.jpg"])
def test_picture_outside_the_folder_is_reported_and_not_looked_for(path):
    found = read(f"Text ![A]({path})")
    assert "outside the articles folder" in found.notes[0]
    assert found.article.files == ()


def test_enclosure_has_its_type_and_its_length_in_bytes():
    found = read("x", enclosures=[{"file": "talk.mp3", "title": "Talk"}, "gone.mp3"])
    (enclosure,) = found.article.enclosures
    assert (enclosure.media_type, enclosure.length, enclosure.title) == ("audio/mpeg", 55, "Talk")
    assert found.notes == ("enclosure gone.mp3: is not there",)


def test_corrections_stand_in_order_and_one_without_a_date_is_reported():
    found = read("x", corrections=[{"at": "2024-03-02", "text": "B"}, {"at": "2024-03-01", "text": "A"}, "C"])
    assert [c.text for c in found.article.corrections] == ["A", "B"]
    assert "'C' has no date" in found.notes[0]
    assert article("x", date="2024-03-01", corrections="A").corrections == (
        Correction(datetime(2024, 3, 1, tzinfo=UTC), "A"),
    )


def test_arabic_piece_keeps_its_words_and_gets_a_slug():
    found = article("عودة العبّارة إلى الميناء\n\nعادت العبّارة يوم الجمعة.\n\nوصل الركاب مبكرا.\n", "txt", language="ar")
    assert (found.title, found.language) == ("عودة العبّارة إلى الميناء", "ar")
    assert "عادت العبّارة يوم الجمعة." in found.html
    assert re.fullmatch("[a-z0-9-]+", wanted_slug(found, "a.txt"))


def test_file_name_left_behind_becomes_the_picture_with_caption_and_credit():
    found = article(f"Ferry returns\n\nThe Marie at the quay\n\nIMG_2041\n\n{BODY}\nHarbour Pictures\n", "txt")
    assert (found.image.address, found.image.caption, found.image.credit) == (
        f"media:{QUAY.name}",
        "The Marie at the quay",
        "Harbour Pictures",
    )
    assert "Marie" not in found.html
    assert "Harbour Pictures" not in found.html
    assert [b.role for b in found.blocks][1:3] == [Role.CAPTION, Role.CAPTION]


def test_caption_stays_in_the_text_where_front_matter_names_another_picture():
    found = article(f"Ferry\n\nThe Marie at the quay\n\nIMG_2041\n\n{BODY}", "txt", image="pictures/quay.jpg")
    assert "The Marie at the quay" in found.html


def test_file_name_without_a_picture_is_reported():
    assert "IMG_7: names a picture" not in str(read(COPY, "txt").notes)
    assert "IMG_7777: names a picture that is not here" in read(f"Ferry\n\nIMG_7777\n\n{BODY}", "txt").notes


def test_date_line_is_the_date_and_no_part_of_the_summary():
    found = article(f"Ferry returns\n2 March 2024\n{BODY}", "txt")
    assert found.published_at == datetime(2024, 3, 2, tzinfo=UTC)
    assert found.summary.startswith("The ferry sailed")


@pytest.mark.rule("T57")
@pytest.mark.parametrize(
    ("text", "kind", "meta"), [("x", "md", {"date": "30 February 2024"}), (f"A\n30 February 2024\n{BODY}", "txt", {})]
)
def test_impossible_date_costs_the_date_and_is_flagged(text, kind, meta):
    found = read(text, kind, **meta)
    assert found.article.published_at is None
    assert "30 February 2024" in found.notes[0]


@pytest.mark.rule("T51")
@pytest.mark.parametrize("year", [1, 999, 3000, 9999])
def test_year_at_the_edge_of_the_calendar_is_bounded_and_flagged(year):
    found = read("x", date=date(year, 1, 1))
    assert 1000 <= found.article.published_at.year <= 2999
    assert found.notes


@pytest.mark.rule("T52")
def test_time_without_a_zone_is_in_the_zone_of_the_desk():
    assert article("x", date="2024-07-01 12:00").published_at == datetime(2024, 7, 1, 11, tzinfo=UTC)


def test_date_in_the_file_name_counts_where_front_matter_has_none():
    assert article("x", key="2024-03-02-ferry.md").published_at == datetime(2024, 3, 2, tzinfo=UTC)
    assert article("x", key="2024-03-02-ferry.md", date="2020-01-01").published_at.year == 2020


@pytest.mark.rule("F12")
@pytest.mark.parametrize("access", [["members"], {"who": "members"}, True, False, "", "Membres", 1])
def test_access_that_is_not_understood_is_refused(access):
    with pytest.raises(ArticleRefused, match="access"):
        read("x", access=access)


@pytest.mark.rule("F12")
@pytest.mark.parametrize("draft", [[True], {}, "maybe", 2, 1.5])
def test_draft_that_is_not_understood_is_refused(draft):
    with pytest.raises(ArticleRefused, match="draft"):
        read("x", draft=draft)


@pytest.mark.rule("F12")
@pytest.mark.parametrize(
    "said", [{"draft": True}, {"draft": "yes"}, {"Draft": "1"}, {"published": False}, {"published": "no"}]
)
def test_draft_is_one_in_whatever_words(said):
    assert article("x", **said).draft


def test_members_are_few_in_any_letter_case():
    assert article("x", access="Members").access is Access.MEMBERS
    assert article("x").access is Access.PUBLIC


def test_own_address_is_kept_and_what_is_none_is_reported():
    assert article("[b](b.html)", url="https://o.example/p/").html.count("https://o.example/p/b.html") == 1
    assert "no web address" in read("x", url="javascript:1").notes[0]


@pytest.mark.parametrize(
    ("kind", "key", "title", "slug"),
    [
        ("md", "2024-03-02-ferry-back.md", "Another title", "ferry-back"),
        ("html", "2024/ferry.html", "Another title", "ferry"),
        ("md", "ferry/index.md", "Another title", "ferry"),
        ("txt", "export 7731.txt", "Ferry returns to the harbour", "ferry-returns-to-the-harbour"),
    ],
)
def test_slug_comes_from_the_file_and_of_raw_copy_from_the_title(kind, key, title, slug):
    text = COPY if kind == "txt" else f"Some text under {title}."
    assert wanted_slug(article(text, kind, key=key, title=title), key) == slug
    assert wanted_slug(article(text, kind, key=key, title=title, slug="Asked for"), key) == "asked-for"


def test_content_hash_sees_an_edit_and_nothing_else():
    base = hashed(raw("x", title="T"))
    assert base == hashed(
        raw("\nx\n", key="b.md", hash="h2", title="T", id="1", slug="s", draft=True, **{"redirect-from": "/a"})
    )
    assert base not in {hashed(raw("y", title="T")), hashed(raw("x", title="U")), hashed(raw("x", "txt", title="T"))}


def test_content_hash_takes_keys_and_values_of_any_kind():
    odd = {1: {"b", "a"}, "a": {date(2024, 1, 1): [None, 10**5000]}}
    assert len(hashed(raw("x", meta=odd))) == 64


def test_picture_that_changes_changes_the_hash_and_one_still_missing_does_not():
    entry = raw("x")
    assert content_hash(entry, (("a.jpg", ""),)) == hashed(entry)
    assert content_hash(entry, (("a.jpg", "1.jpg"),)) != content_hash(entry, (("a.jpg", "2.jpg"),))


@pytest.mark.rule("T47")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("txt", "a\n" * 20_001),
        ("md", "a\n" * 20_001),
        ("md", "[" * 15_001),
        ("md", "[[[]]](" * 2_400 + "a" * 1_000_000),
        ("md", "*a " * 100_001),
        ("md", "!" * 100_001),
        ("html", "<p>" * 200_000),
    ],
)
def test_text_that_would_take_minutes_is_refused_in_words(kind, text):
    with pytest.raises(ArticleRefused, match=r"split it|move the data"):
        read(text, kind)


@pytest.mark.rule("T47")
def test_markdown_nested_absurdly_is_kept_as_paragraphs():
    for text in (">" * 200 + "deep\n\ntail", "- " * 200 + "deep\n\ntail"):
        found = read(text)
        assert found.notes == ("its Markdown is nested too deeply: kept as plain paragraphs",)
        assert "deep" in found.article.html
        assert "tail" in found.article.html


def test_label_above_the_headline_is_no_caption_of_the_picture():
    paragraphs = "The quay was empty on Monday. Nobody minded.\n\nNor did the gulls. They never do.\n"
    piece = article(f"OPINION\nThe quiet harbour\n\nquay.jpg\n\n{paragraphs}", "txt")
    assert (piece.title, piece.image.address, piece.image.caption) == ("The quiet harbour", f"media:{QUAY.name}", "")
