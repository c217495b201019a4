import pytest

from feeds.config import Each, PodcastType, shown
from feeds.config.podcasts import CATEGORIES, as_category

PODCAST = '[feeds.podcast]\ncategory = "News"\nexplicit = false\nimage = "https://gazette.example/cover.jpg"\n'


def feed(slug="a", more=""):
    title = "{name}" if "each" in more else "A feed"
    return f'[[feeds]]\nslug = "{slug}"\ntitle = "{title}"\n{more}\n'


def test_query_has_every_list_that_the_feed_has(read):
    lists = 'tags = ["Ferry"]\nnot_tags = ["Wire"]\nauthors = ["Ann"]\nsections = ["News"]\nlanguages = ["de", "pt-BR"]'
    (one,) = read(feed(more=lists)).feeds
    assert one.query.model_dump() == {
        "tags": ("Ferry",),
        "not_tags": ("Wire",),
        "authors": ("Ann",),
        "sections": ("News",),
        "languages": ("de", "pt-BR"),
    }


def test_newsletter_asks_as_a_feed_does(read):
    text = '[[newsletters]]\nslug = "w"\ntitle = "W"\nfrom = "a@b.example"\nnot_tags = ["Wire"]\nlanguages = ["de"]\n'
    (one,) = read(text).newsletters
    assert (one.query.not_tags, one.query.languages, one.feed) == (("Wire",), ("de",), True)


@pytest.mark.parametrize("each", Each)
def test_family_names_and_places_its_members(read, each):
    (one,) = read(feed(more=f'each = "{each}"\ndescription = "All of {{name}}"\nmoved_from = "old/{{slug}}"')).feeds
    assert (one.title_for("Ferry"), one.description_for("Ferry")) == ("Ferry", "All of Ferry")
    assert (one.path_for("ferry"), one.moved_from_for("ferry")) == ("feeds/a/ferry", ("old/ferry",))


def test_former_places_are_one_or_several(read):
    one, two = read(feed("a", 'moved_from = "x"') + feed("b", 'moved_from = ["y", "z/w"]')).feeds
    assert (one.moved_from, two.moved_from) == (("x",), ("y", "z/w"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (feed("a", 'moved_from = "feeds/a"'), 'moved_from: "feeds/a" is where feeds[0] stands; expected a folder'),
        (feed("a", 'moved_from = ["x", "Feeds/A"]'), 'moved_from[1]: "Feeds/A" is where feeds[0] stands'),
        (feed("a", 'moved_from = "../x"'), 'moved_from[0]: "../x" leaves the output folder'),
        (feed("a", 'moved_from = "x/{slug}"'), "expected it without {slug}"),
        (feed("a", 'each = "tag"\nmoved_from = "x"'), "expected {slug} in it, as in path"),
        (feed("a", "moved_from = 3"), "moved_from: 3 is a whole number; expected a list"),
        (feed("a", 'path = "x/archive/1"'), 'can come to stand in "archive"'),
        (feed("a", 'path = "newsletters/x"'), 'can come to stand in "newsletters"'),
        (
            feed("a", 'path = "tags/ferry"'),
            '"tags/ferry" is where the page of a tag stands; expected a',
        ),
        (feed("a", 'each = "tag"\npath = "Authors/{slug}"'), "is where the page of an author stands"),
        (feed("a", 'path = "private/x"'), "is where private feeds stand; expected another folder"),
        pytest.param(
            feed("a", 'formats = ["json"]'),
            '["json"] alone cannot be read by every reader; expected "rss" or "atom"',
            marks=pytest.mark.rule("F22"),
        ),
        (feed("a", 'formats = ["rss", "atom", "rss"]'), 'formats[2]: "rss" stands there already; expected each once'),
        (feed("a", 'path = "feeds.opml"'), '"feeds.opml" is no folder\'s name'),
        (feed("a", 'path = "x/rss.xml.gz"'), '"rss.xml.gz" is no folder\'s name'),
        (feed("a", 'languages = ["de_AT"]'), 'is no language tag; expected one of BCP 47; nearest: "de-AT"'),
        (feed("a", 'each = "sections"'), 'nearest: "section"'),
        (feed("a", "podcast = 3"), "podcast: is a whole number; expected a table [feeds.podcast]"),
    ],
)
def test_mistake_of_a_feed_says_what_to_do(mistakes, text, said):
    (found,) = mistakes(text)
    assert said in found


@pytest.mark.parametrize("key", ["title", "description"])
def test_mark_for_a_name_stands_in_families_alone(mistakes, key):
    texts = {"title": "A", key: "All of {name}"}
    lines = "".join(f'{name} = "{text}"\n' for name, text in texts.items())
    assert mistakes(f'[[feeds]]\nslug = "a"\n{lines}') == [
        f'feeds[0].{key}: "All of {{name}}" holds {{name}}, but the feed is no family; expected each too: '
        '"tag" or "author" or "section" or "language"'
    ]


def test_members_of_a_family_do_not_share_one_title(mistakes):
    assert mistakes('[[feeds]]\nslug = "tags"\ntitle = "Gazette"\neach = "tag"\n') == [
        'feeds[0].title: "Gazette" is one title for many feeds; expected {name} in it, such as "Gazette: {name}"'
    ]


@pytest.mark.parametrize("section", ["feeds", "newsletters"])
def test_tag_cannot_be_asked_for_and_ruled_out(mistakes, section):
    sender = 'from = "a@b.example"\n' if section == "newsletters" else ""
    text = f'[[{section}]]\nslug = "a"\ntitle = "A"\n{sender}tags = ["Ferry", "pier"]\nnot_tags = ["wire", "ferry"]\n'
    assert mistakes(text) == [f'{section}[0].not_tags[1]: "ferry" is among tags too; expected it in one of them']


def test_two_feeds_cannot_both_have_stood_at_one_place(mistakes):
    (found,) = mistakes(feed("a", 'moved_from = "x"') + feed("b", 'moved_from = "X"'))
    assert found == 'feeds[1].moved_from: "X" is claimed by feeds[0] too; expected it in one of them'


def test_feed_may_move_to_where_another_has_been(read):
    text = feed("a", 'path = "new"\nmoved_from = "old"') + feed("b", 'path = "b"')
    assert read(text).feeds[0].moved_from == ("old",)


# ---- private feeds ----


@pytest.mark.rule("F12")
def test_members_only_entries_cannot_be_asked_for_in_public(mistakes):
    assert mistakes(feed("a", "members = true")) == [
        "feeds[0].members: true would show members-only entries to everyone; expected private = true"
    ]


def test_private_feed_stands_in_no_folder_of_the_output(read):
    (one,) = read(feed("a", "private = true\nmembers = true")).feeds
    assert (one.path, one.private, one.members) == ("private/a", True, True)


@pytest.mark.parametrize("more", ['path = "x"', 'each = "tag"', 'moved_from = "x"'])
def test_private_feed_has_no_place_of_its_own(mistakes, more):
    (found,) = mistakes(feed("a", f"private = true\n{more}"))
    assert f"feeds[0].{more.split(' ')[0]}: " in found
    assert "a private feed" in found


# ---- podcasts ----


def test_podcast_is_read_with_its_defaults(read):
    show = read(feed(more=PODCAST)).feeds[0].podcast
    assert (show.category_steps, show.explicit, show.type, show.locked) == (
        ("News",),
        False,
        PodcastType.EPISODIC,
        None,
    )


def test_podcast_says_what_it_lacks(mistakes):
    assert [said.split(":")[0] for said in mistakes(feed(more="[feeds.podcast]"))] == [
        "feeds[0].podcast.category",
        "feeds[0].podcast.explicit",
        "feeds[0].podcast.image",
    ]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("category", '"Boks"', 'nearest: "Arts > Books"'),
        ("category", '"Books"', 'nearest: "Arts > Books"'),
        ("category", '"Ferries"', 'is no category of podcasts; expected one such as "News" or "Arts > Books"'),
        ("explicit", '"no"', "expected true or false, without quotes"),
        ("image", '"cover.jpg"', "does not begin with http:// or https://"),
        ("owner_email", '"ann"', "is no e-mail address"),
        ("type", '"series"', 'nearest: "serial"'),
        ("catgory", '"News"', 'unknown key; nearest: "category"'),
    ],
)
def test_mistake_of_a_podcast_has_its_key_and_a_remedy(mistakes, key, value, said):
    kept = "".join(line for line in PODCAST.splitlines(keepends=True) if not line.startswith(f"{key} "))
    (found,) = mistakes(feed(more=f"{kept}{key} = {value}"))
    assert found.startswith(f"feeds[0].podcast.{key}: ")
    assert said in found


def test_podcast_needs_the_format_that_all_directories_read(mistakes):
    (found,) = mistakes(feed(more=f'formats = ["atom"]\n{PODCAST}'))
    assert found == 'feeds[0].formats: a podcast is read as RSS alone; expected "rss" among them'


def test_category_is_known_in_any_case_and_spacing():
    assert as_category("arts>books") == "Arts > Books"
    assert len(CATEGORIES) == 19


# ---- the site ----


def test_site_says_who_holds_the_rights_and_whom_to_tell(read, tmp_path):
    site = read(
        'rights = "© Gazette"\nicon = "https://gazette.example/icon.png"\nhubs = ["https://hub.example/?a=1"]\n'
    ).site
    assert (site.rights, site.hubs) == ("© Gazette", ("https://hub.example/?a=1",))


@pytest.mark.parametrize(
    "hub", ["hub.example", "ftp://hub.example/", "https://a:b@hub.example/", "https://h.example/#x"]
)
def test_hub_is_an_address_on_the_web(mistakes, hub):
    (found,) = mistakes(f'hubs = ["{hub}"]\n')
    assert found.startswith("site.hubs[0]: ")
    assert "a:b" not in found


def test_settings_of_a_feed_are_shown_for_people(read):
    told = shown(read(feed(more=PODCAST + 'owner_email = "Ann <a@b.example>"')))["feeds"][0]
    assert told["podcast"]["owner_email"] == "Ann <a@b.example>"
    assert (told["podcast"]["category"], told["private"], told["not_tags"]) == ("News", False, [])
