import pytest


def feed(slug, path, more=""):
    title = "{name}" if "each" in more else "T"
    return f'[[feeds]]\nslug = "{slug}"\ntitle = "{title}"\npath = "{path}"\n{more}\n'


FAMILY = feed("tags", "tags/{slug}", 'each = "tag"')


@pytest.mark.rule("T79")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (feed("a", "news"), feed("b", "news")),
        (feed("a", "news"), feed("b", "./news/")),
        (feed("a", "news"), feed("b", "News")),
        (feed("a", "."), feed("b", "./")),
        (feed("a", "feeds/b"), '[[feeds]]\nslug = "b"\ntitle = "T"\n'),
        (FAMILY, feed("b", "tags/ferry")),
        (FAMILY, feed("b", "tags/{slug}", 'each = "author"')),
    ],
)
def test_two_feeds_with_one_path_are_a_mistake(mistakes, first, second):
    (said,) = mistakes(first + second)
    assert said.startswith("feeds[1].path: ")
    assert "collides with feeds[0]" in said


def test_feeds_side_by_side_are_no_mistake(read):
    paths = [feed.path for feed in read(FAMILY + feed("b", "tags") + feed("c", "tags/ferry/new")).feeds]
    assert paths == ["tags/{slug}", "tags", "tags/ferry/new"]


@pytest.mark.parametrize("path", ["/etc", "..", "a/../../b", "a\\\\..\\\\b", "a/..", "a b", "a/.git", "%2e%2e", "é"])
def test_feed_stays_below_the_output_folder(mistakes, path):
    assert [said.split(":")[0] for said in mistakes(feed("a", path))] == ["feeds[0].path"]


@pytest.mark.parametrize("path", ["media", "Media/x", "page", "page/2"])
def test_folders_of_the_site_itself_are_reserved(mistakes, path):
    assert "the site keeps its own" in mistakes(feed("a", path))[0]


def test_family_cannot_take_a_reserved_folder_by_the_name_of_a_tag(mistakes):
    assert 'can come to stand in "media"' in mistakes(feed("a", "{slug}", 'each = "tag"'))[0]


@pytest.mark.parametrize("path", ["rss.xml", "tags/feed.json", "x/index.html"])
def test_folder_is_not_called_what_a_document_is_called(mistakes, path):
    assert "is no folder's name" in mistakes(feed("a", path))[0]


def test_family_in_one_place_is_a_mistake(mistakes):
    assert mistakes(feed("a", "tags", 'each = "tag"')) == [
        'feeds[0].path: "tags" is one place for many feeds; expected {slug} in it, such as "tags/{slug}"'
    ]


def test_slug_in_the_path_of_a_feed_that_is_no_family_is_a_mistake(mistakes):
    assert "the feed is no family" in mistakes(feed("a", "x/{slug}"))[0]


@pytest.mark.parametrize(
    ("section", "more"),
    [("feeds", 'title = "T"'), ("sources", 'path = "x"'), ("newsletters", 'title = "T"\nfrom = "a@b.example"')],
)
def test_repeated_slug_is_one_mistake(mistakes, section, more):
    entry = f'[[{section}]]\nslug = "one"\n{more}\n'
    assert mistakes(entry + entry) == [f'{section}[1].slug: "one" is taken by {section}[0]; expected another']


def test_feed_and_newsletter_may_share_a_slug(read):
    text = feed("one", "x") + '[[newsletters]]\nslug = "one"\ntitle = "T"\nfrom = "a@b.example"\n'
    assert read(text).newsletters[0].slug == "one"


def test_wrong_slug_brings_no_mistake_of_its_path(mistakes):
    assert [said.split(":")[0] for said in mistakes('[[feeds]]\nslug = "É"\ntitle = "T"')] == ["feeds[0].slug"]


def test_alias_that_leads_back_is_a_mistake(mistakes):
    said = mistakes('[tags.aliases]\na = "b"\nb = "c"\nc = "a"\nd = "a"\ne = "e"')
    assert [text.split(":")[0] for text in said] == [f"tags.aliases.{name}" for name in "abce"]


def test_smtp_needs_a_host(mistakes):
    assert mistakes('[transport]\nkind = "smtp"')[0].startswith("transport.host: missing")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_mail_may_go_in_the_clear_to_this_machine(read, host):
    assert read(f'[transport]\nkind = "smtp"\nhost = "{host}"\ntls = "none"').transport.tls == "none"


@pytest.mark.parametrize("host", ["smtp.gazette.example", "localhost.evil.example", "10.0.0.1"])
def test_mail_goes_nowhere_else_in_the_clear(mistakes, host):
    assert "in the clear" in mistakes(f'[transport]\nkind = "smtp"\nhost = "{host}"\ntls = "none"')[0]


def test_user_name_needs_a_password(mistakes):
    assert mistakes('[transport]\nusername = "w"') == [
        "transport.password: missing; username is given, and neither works alone"
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[output]\npath = "."', "output.path"),
        ('[output]\npath = ".."', "output.path"),
        ('[output]\npath = "var"', "store.url"),
        ('[store]\nurl = "public/x.db"', "store.url"),
        ('[store]\nmedia = "public/media"', "store.media"),
        ('[transport]\npath = "public/mail"', "transport.path"),
        ('[output]\npreview_path = "public/preview"', "output.preview_path"),
        ('[[sources]]\npath = "public/in"', "sources[0].path"),
    ],
)
def test_nothing_private_lies_in_the_served_folder(mistakes, text, key):
    assert key in [said.split(":")[0] for said in mistakes(text)]


def test_printed_pages_are_not_read_as_articles(mistakes):
    assert "would be read as articles" in mistakes('[[sources]]\npath = "."')[0]


@pytest.mark.parametrize("key", ["path", "preview_path"])
@pytest.mark.parametrize("place", ["templates", "./templates/x"])
def test_nothing_is_written_among_the_templates(mistakes, key, place):
    (said,) = mistakes(f'[output]\n{key} = "{place}"\n')
    assert said.startswith(f"output.{key}: ")
    assert "lies in the folder of the site's templates" in said
