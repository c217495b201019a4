"""What ``pressrun feeds`` says and how it ends.

Not here: what stands at a private address (tests/web/test_private_feeds.py).
"""

import pytest

PRIVATE = """
[[feeds]]
slug = "site"
title = "All"
path = "."

[[feeds]]
slug = "tags"
title = "On {name}"
each = "tag"
path = "tags/{slug}"

[[feeds]]
slug = "inside"
title = "Inside the Gazette"
private = true
formats = ["rss", "json"]
"""
ANN, BO = "ann@x.example", "bo@x.example"


@pytest.fixture
def inside(site):
    """Give a site with a private feed, and Ann, who reads the weekly."""
    site.configure(PRIVATE)
    site.run("subscribers", "add", ANN, "weekly", "--consent", "paper form")
    return site


def address(site, reader=ANN, feed="inside", *more):
    return site.run("feeds", "address", reader, feed, *more)


def test_address_is_shown_in_each_format_and_is_the_same_again(inside):
    first, again = address(inside), address(inside)
    assert (first.code, first.err) == (0, "")
    head, rss, json = first.out.splitlines()
    assert head == f"inside, for {ANN} alone (made now):"
    assert rss.startswith("  rss   https://gazette.example/private/1-1-") and rss.endswith("/rss.xml")
    assert json.startswith("  json  https://gazette.example/private/1-1-") and json.endswith("/feed.json")
    assert again.out.splitlines()[1:] == [rss, json]
    assert "made now" not in again.out


def test_address_for_machines(inside):
    facts = address(inside, ANN, "inside", "--json").json
    assert (facts["reader"], facts["feed"], facts["is_new"], list(facts["addresses"])) == (
        ANN,
        "inside",
        True,
        ["rss", "json"],
    )


def test_address_however_it_is_spelt_is_the_same_readers(inside):
    assert address(inside).out.splitlines()[1] == address(inside, "ANN@X.example").out.splitlines()[1]


@pytest.mark.parametrize(
    ("reader", "feed", "told"),
    [
        (BO, "inside", f"{BO} is no reader yet; --add takes them in for this feed and mails them nothing"),
        (ANN, "site", "the feed 'site' is for everyone; only one with private = true has addresses"),
        (ANN, "insid", "there is no feed 'insid'; private ones are: inside"),
        ("ann", "inside", "'ann': "),
    ],
)
def test_address_that_cannot_be_given_says_why(inside, reader, feed, told):
    ended = address(inside, reader, feed)
    assert (ended.code, ended.out, told in ended.err) == (2, "", True)


def test_reader_who_is_added_is_on_no_newsletter(inside):
    assert address(inside, BO, "inside", "--add").code == 0
    assert BO not in inside.run("subscribers", "list").out


def test_revoking_says_what_comes_of_it_and_a_second_time_that_there_was_nothing(inside):
    before = address(inside)
    first, second = (inside.run("feeds", "revoke", ANN, "inside") for _ in range(2))
    assert (first.code, first.out) == (0, f"inside: the address of {ANN} is revoked, and answers 410 from now on\n")
    assert (second.code, second.out) == (1, f"inside: {ANN} has no address; nothing was revoked\n")
    assert address(inside).out.splitlines()[1] != before.out.splitlines()[1]


def test_revoking_for_nobody_or_for_no_feed_is_refused(inside):
    assert inside.run("feeds", "revoke", BO, "inside").code == 2
    assert inside.run("feeds", "revoke", ANN, "insid").code == 2


def test_address_of_a_feed_that_is_gone_from_the_config_can_be_revoked(inside):
    address(inside)
    inside.configure(PRIVATE.replace('"inside"', '"other"'))
    assert inside.run("feeds", "revoke", ANN, "inside", "--json").json["revoked"] is True


def test_feeds_are_listed_with_where_they_stand(inside):
    address(inside)
    assert inside.run("feeds", "list").out.splitlines() == [
        "site  All  https://gazette.example/",
        "tags  On {name}  https://gazette.example/tags/{slug}/, one for each tag",
        "inside  Inside the Gazette  private, 1 reader",
        "3 feeds",
    ]


def test_readers_of_a_private_feed_are_listed_and_their_secrets_are_not(inside):
    address(inside)
    address(inside, BO, "inside", "--add")
    inside.run("feeds", "revoke", BO, "inside")
    ended = inside.run("feeds", "list", "inside")
    ann, bo, count = ended.out.splitlines()
    assert (ann.startswith(f"{ANN}  since 20"), bo.startswith(f"{BO}  revoked 20"), count) == (True, True, "1 reader")
    facts = inside.run("feeds", "list", "inside", "--json")
    assert [(one["reader"], one["open"]) for one in facts.json["readers"]] == [(ANN, True), (BO, False)]
    assert [private for each in inside.run("feeds", "list", "--json").json["feeds"] if (private := each["private"])]
    assert "1-1-" not in ended.out + facts.out
