"""What an address leads to, and what no address leads to: nothing outside the folder, nothing hidden, no sign of ours.

Not here: headers (test_headers).
"""

import pytest

from feeds.web.places import place_of, within

SECRET = "a secret"
OUTSIDE = [
    "/../var/secret.txt",
    "/%2e%2e/var/secret.txt",
    "/%2E%2E%2Fvar%2Fsecret.txt",
    "/a/../../var/secret.txt",
    "/a/..%2f..%2fvar/secret.txt",
    "/..%5cvar%5csecret.txt",
    "/%252e%252e/var/secret.txt",
    "/./../var/secret.txt",
    "//var/secret.txt",
    "/a//../../var/secret.txt",
    "/%00/../var/secret.txt",
    "/link/secret.txt",
    "/secret-link.txt",
    "/.hidden",
    "/.git/config",
    "/a/.b/c.txt",
    "/rss.xml%00.html",
    "/" + "x" * 5000,
    "/%ff%fe",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_the_folder_or_hidden_is_served(web_site, client, public, path):
    (web_site.folder / "var" / "secret.txt").write_text(SECRET)
    for name in (".hidden", ".git/config", "a/.b/c.txt", "rss.xml"):
        public.put(name, SECRET)
    (public.place / "link").symlink_to(web_site.folder / "var")
    (public.place / "secret-link.txt").symlink_to(web_site.folder / "var" / "secret.txt")
    answer = client.ask(path)
    assert answer.status == 404
    assert SECRET.encode() not in answer.body


@pytest.mark.parametrize(
    "name", ["rss.xml.gone", "rss.xml.moved", "rss.xml.gz", "rss.xml.br", "x.part", ".rss.xml.1.part"]
)
def test_signs_and_coded_forms_are_nobodys_to_ask_for(client, public, name):
    public.put("x/rss.xml", "<rss/>")
    public.put(f"x/{name}", "ours")
    assert client.ask(f"/x/{name}").status == 404


def test_archive_of_somebody_is_served_though_its_name_ends_as_a_coded_form(client, public):
    public.put("media/songs.tar.gz", b"\x1f\x8b")
    answer = client.ask("/media/songs.tar.gz")
    assert (answer.status, answer["content-type"], answer["content-encoding"]) == (200, "application/gzip", None)


def test_link_within_the_folder_is_followed(client, public):
    public.put("new/rss.xml", "<rss/>")
    (public.place / "old").symlink_to(public.place / "new")
    assert client.ask("/old/rss.xml").body == b"<rss/>"


def test_folder_shows_its_page_and_is_found_without_its_slash(client, public):
    public.put("tags/ferry/index.html", "<p>Ferry</p>")
    assert client.ask("/tags/ferry/").body == b"<p>Ferry</p>"
    answer = client.ask("/tags/ferry")
    assert (answer.status, answer["location"]) == (301, "./ferry/")


def test_folder_without_a_page_is_nothing(client, public):
    public.put("media/a.png", b"x")
    assert [client.ask(path).status for path in ("/media", "/media/", "/")] == [404, 404, 404]


def test_site_below_a_host_is_served_with_its_first_part_and_without(web_site, public):
    web_site.configure(url="https://harbour.example/news/")
    public.put("a/index.html", "<p>A</p>")
    with web_site.serving() as client:
        assert [client.ask(path).status for path in ("/news/a/", "/a/", "/other/a/")] == [200, 200, 404]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "index.html"),
        ("/a/", "a/index.html"),
        ("/a/b.xml", "a/b.xml"),
        ("", None),
        ("*", None),
        ("a", None),
        ("//", None),
        ("/a//b", None),
        ("/a/./b", None),
        ("/x.gone", None),
        ("/x.gz", "x.gz"),
    ],
)
def test_place_of_a_path(path, place):
    assert place_of(path) == place


def test_first_part_of_a_site_is_taken_off_once():
    assert [within("/news/", path) for path in ("/news/news/a", "/newsagent", "/a")] == ["/news/a", "/newsagent", "/a"]
    assert within("/", "/a") == "/a"
