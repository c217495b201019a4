"""Who may stand where in the output: redirects beside documents, files of others, damaged pictures, broken templates.

Not here: links and full disks (test_publish_output.py).
"""

import os

import pytest

from feeds.errors import TemplateInvalid

IN_THE_WAY = [
    "/rss.xml",
    "/feed.json",
    "/tags/zz/rss.xml",
    "/sitemap.xml",
    "/media/x",
    "/assets/y",
    "/a01/index.html/z",
]


def template(site, name, text):
    path = site.folder / "templates" / "pages" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def with_picture(site, picture):
    site.write("sea.png", picture)
    site.article("a.md", image="sea.png")
    site.print()
    return next((site.public / "media").iterdir())


# ---- redirects ----


def test_alias_at_the_place_of_a_document_is_refused_and_the_document_is_printed(site):
    site.articles(1)
    site.article("b.md", tags="[zz]", aliases=str(IN_THE_WAY))
    site.sync()
    report = site.publish()
    assert report.failed == []
    assert [note.partition(": it ")[0] for note in report.notes] == [
        f"articles/b.md: no redirect from {alias}" for alias in IN_THE_WAY
    ]
    assert len(site.ids()) == 2


def test_alias_that_is_a_folder_of_documents_is_refused(site):
    site.article("b.md", slug="x.html", aliases="[/tags.html/, /old/]")
    site.configure('[[feeds]]\nslug = "f"\ntitle = "F"\npath = "old"\n')
    site.sync()
    assert site.publish().is_clean
    assert (site.public / "old" / "rss.xml").is_file()
    assert (site.public / "old" / "index.html").is_file()  # there is room for both


# ---- templates ----


def test_broken_template_keeps_no_withdrawn_article_public(site, picture):
    with_picture(site, picture)
    site.article("b.md", aliases="[/was-b/]")
    site.print()
    template(site, "entry.html", "{% if %}")
    site.remove("a.md")
    site.sync()
    with pytest.raises(TemplateInvalid, match=r"entry\.html:1"):
        site.publish()
    assert [entry["title"] for entry in site.feeds()["rss"]] == ["b.md"]
    left = site.documents()
    assert not [path for path in left if path.startswith(("a/", "media/"))]
    assert {"b/index.html", "was-b/index.html", "index.html"} <= left.keys()


def test_stylesheet_that_loads_something_is_not_printed(site):
    path = template(site, "style.css", 'p {}\n@import "x.css";\n')
    site.articles(1)
    site.sync()
    with pytest.raises(TemplateInvalid, match=f"{path}: line 2: @import is not allowed"):
        site.publish()
    assert not (site.public / "assets").exists()


# ---- files of others ----


def test_file_that_pressrun_did_not_make_is_left_alone_and_named(site):
    (site.public / "a01").mkdir(parents=True)
    (site.public / "a01" / "index.html").write_text("made by hand")
    (site.public / "feed.json").write_text('{"version": "https://jsonfeed.org/version/1.1"}')
    site.articles(1)
    site.sync()
    report = site.publish()
    assert {path: reason.partition(": ")[2] for path, reason in report.failed} == dict.fromkeys(
        ("a01/index.html", "feed.json"), "was not made by Pressrun; move it away, or choose another slug"
    )
    assert (site.public / "a01" / "index.html").read_text() == "made by hand"
    assert dict(site.publish().failed).keys() == {"a01/index.html", "feed.json"}


def test_document_changed_by_hand_is_written_again(site):
    site.articles(1)
    site.print()
    (site.public / "a01" / "index.html").write_text("made by hand")
    assert site.publish(anew=True).written == ["a01/index.html"]


def test_store_made_anew_adopts_all_that_was_printed(site, migrated_sqlite):
    template(site, "not-found.html", "<p>{{ site.title }}</p>")
    site.article("a.md", tags="[ferry]", aliases="[/old/]")
    site.print()
    (site.folder / "var" / "pressrun.db").write_bytes(migrated_sqlite.read_bytes())
    site.configure(config=(site.folder / "config.toml").read_text().replace("The Harbour Gazette", "Another Name"))
    template(site, "style.css", "p {}\n")
    template(site, "not-found.html", "<p>{{ site.title }}, still</p>")
    site.edit("a.md", "Some", "Other")
    site.print()
    assert {"404.html", "assets/style.css", "feed.json", "rss.xml", "old/index.html"} <= site.documents().keys()
    assert b"still" in site.documents()["404.html"]


# ---- pictures ----


def test_damaged_picture_is_repaired_even_where_its_length_is_right(site, picture):
    printed = with_picture(site, picture)
    printed.write_bytes(bytes(len(picture)))
    report = site.publish(anew=True)
    assert (report.media, report.written) == ([f"media/{printed.name}"], [])
    assert printed.read_bytes() == picture
    assert site.publish(anew=True).media == []


def test_copy_with_another_time_is_not_written_again(site, picture):
    printed = with_picture(site, picture)
    os.utime(printed, (0, 0))
    before = printed.stat().st_ino
    assert site.publish(anew=True).media == []
    assert printed.stat().st_ino == before


@pytest.mark.parametrize("damage", [b"", b"x" * 5000])
def test_picture_damaged_in_the_store_is_not_published_and_the_next_sync_fetches_it(site, picture, damage):
    printed = with_picture(site, picture)
    shelved = site.folder / "var" / "media" / printed.name
    shelved.write_bytes(damage)
    printed.unlink()
    [(path, reason)] = site.publish(anew=True).failed
    assert (path, printed.exists()) == (f"media/{printed.name}", False)
    assert reason == f"{shelved}: was damaged, and is set aside; run `pressrun sync` to fetch it anew"
    site.print()
    assert printed.read_bytes() == picture


def test_check_names_damaged_and_missing_pictures(site, picture):
    printed = with_picture(site, picture)
    assert site.run("check").code == 0
    printed.write_bytes(bytes(len(picture)))
    assert f"{printed}: is damaged" in site.run("check").out
    printed.unlink()
    assert f"{printed}: No such file or directory; `pressrun publish --all` copies it again" in site.run("check").out


# ---- names that no disk takes, signs, an emptied folder ----


@pytest.mark.parametrize("alias", ["old%00", "/".join(["ab" * 20] * 120), "x" * 300])
def test_alias_that_no_disk_takes_is_named_and_stops_nothing(site, alias):
    site.article("a.md", aliases=f"['{alias}']")
    site.sync()
    report = site.publish()
    assert (report.failed, len(report.notes)) == ([], 1)
    assert "articles/a.md: no redirect from" in report.notes[0]
    assert len(site.ids()) == 1


def test_feed_path_that_no_disk_takes_is_a_mistake_in_the_config(site):
    site.configure(f'[[feeds]]\nslug = "long"\ntitle = "Long"\npath = "{"a" * 300}"\n')
    ended = site.run("publish")
    assert (ended.code, "is too long for a folder" in ended.err) == (2, True)


def test_sign_left_by_a_store_that_was_lost_goes_when_its_document_is_printed(site):
    site.articles(1)
    site.public.mkdir()
    (site.public / "rss.xml.gone").write_text("Printed by Pressrun: gone for good\n")
    site.sync()
    assert site.publish().is_clean
    assert not (site.public / "rss.xml.gone").exists()


def test_lost_sign_of_an_ended_feed_is_written_again(site):
    site.configure('[[feeds]]\nslug = "site"\ntitle = "S"\npath = "."\n[[feeds]]\nslug = "old"\ntitle = "Old"\n')
    site.articles(1)
    site.print()
    site.configure('[[feeds]]\nslug = "site"\ntitle = "S"\npath = "."\n')
    site.publish()
    sign = site.public / "feeds/old/rss.xml.gone"
    sign.unlink()
    site.publish(anew=True)
    assert sign.exists()
    assert site.publish(anew=True).removed == []


def test_output_folder_that_was_emptied_is_printed_anew(site):
    site.articles(2)
    site.print()
    before = site.documents()
    for path in before:
        (site.public / path).unlink()
    site.publish()
    assert site.documents() == before
