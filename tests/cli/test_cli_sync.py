"""What ``sync`` and ``publish`` say and how they end.

Not here: what they do (tests/jobs).
"""

import json


def test_sync_counts_what_it_did_and_ends_with_0(site):
    site.articles(2)
    ended = site.run("sync")
    assert (ended.code, ended.out, ended.err) == (0, "articles: 2 new\n", "")
    site.edit("a01.md", "Words", "Other words")
    assert site.run("sync").out == "articles: 1 edited, 1 unchanged\n"


def test_sync_names_what_moved_and_what_was_withdrawn(site):
    site.articles(3)
    site.run("sync")
    site.move("a01.md", "b.md")
    site.remove("a02.md")
    ended = site.run("sync")
    assert ended.code == 0
    assert "moved:\n  a01.md → b.md\n" in ended.out
    assert "withdrawn, since their files are gone:\n  a02.md\n" in ended.out


def test_refused_article_is_named_with_its_reason_and_ends_with_1(site):
    site.articles(1)
    site.write("bad.md", "---\ntitle: [unclosed\n---\nWords\n")
    ended = site.run("sync")
    assert ended.code == 1
    assert "articles: 1 new, 1 refused\n" in ended.out
    assert "refused:\n  bad.md: its front matter is malformed: line 3:" in ended.out
    assert site.run("publish").code == 0


def test_held_withdrawals_end_with_3_and_say_what_to_do(site):
    site.articles(10)
    site.run("sync")
    site.remove(*(f"a{n:02}.md" for n in range(1, 8)))
    ended = site.run("sync")
    assert ended.code == 3
    assert "7 files vanished at once" in ended.out
    assert "nothing was withdrawn" in ended.out
    assert "pressrun sync --accept-withdrawals" in ended.out
    assert "  a07.md\n" in ended.out
    accepted = site.run("sync", "--accept-withdrawals")
    assert (accepted.code, "7 withdrawn" in accepted.out) == (0, True)


def test_folder_renamed_away_ends_with_1_and_says_why(site):
    site.articles(2)
    site.run("sync")
    (site.folder / "articles").rename(site.folder / "elsewhere")
    ended = site.run("sync")
    assert ended.code == 1
    why = f"{site.folder}/articles: the articles folder cannot be read: No such file or directory"
    assert ended.out == f"articles: not read: {why}; nothing was withdrawn\n"


def test_spellings_that_collide_are_told(site):
    site.article("a.md", tags="[Ferry]")
    site.article("b.md", tags="[ferry]")
    assert "tags:\n  tag ferry: spelt 'Ferry', 'ferry'; all are one\n" in site.run("sync").out


def test_explain_says_what_each_block_was_taken_for_and_when_in_the_zone_of_the_site(site):
    copy = "Ferry is late\n\nIt waits for the tide, as ferries do on this coast.\n\nLONDON — The ferry was late.\n\n"
    site.write("2024-07-01-raw.txt", copy + "It was very late indeed, said the captain.\n\nHarbour Pictures\n")
    ended = site.run("sync", "--explain")
    assert "articles/2024-07-01-raw.txt · 2024-07-01 00:00 IST · live\n  title         Ferry is late\n" in ended.out
    assert "  credit        Harbour Pictures\n" in ended.out


def test_explain_can_be_narrowed_and_names_an_unknown_key(site):
    site.articles(2)
    assert "a02.md ·" not in site.run("sync", "--explain", "a01.md").out
    ended = site.run("sync", "--explain", "nothing.md")
    assert ended.code == 2
    assert "'nothing.md'" in ended.err


def test_sync_in_json_holds_what_the_words_say(site):
    site.articles(1)
    site.write("bad.md", b"\x00\x01\x02\x03\x04" * 99)
    ended = site.run("sync", "--json", "--explain")
    report = ended.json["sources"][0]
    assert ended.code == 1
    assert (report["source"], report["added"]) == ("articles", ["a01.md"])
    assert report["refused"] == [["bad.md", "it is binary data, whatever its name says"]]
    assert ended.json["explain"]["articles/a01.md"][0] == {"role": "title", "content": "Article 01"}


def test_publish_counts_documents_and_writes_nothing_the_second_time(site):
    site.article("a.md")
    site.run("sync")
    first, second = site.run("publish"), site.run("publish")
    number = len(site.documents())
    assert first.out == f"{site.public}: {number} documents written, 0 unchanged, 0 removed\n"
    assert second.out == f"{site.public}: 0 documents written, 0 unchanged, 0 removed\n"
    assert (first.code, second.code) == (0, 0)


def test_publish_in_json_names_every_document(site):
    site.article("a.md")
    site.run("sync")
    report = site.run("publish", "--json").json
    assert sorted(report["written"]) == sorted(site.documents())
    assert (report["failed"], report["left_out"], report["removed"]) == ([], [], [])


def test_template_with_a_mistake_ends_with_2_and_leaves_the_documents_as_they_were(site):
    site.article("a.md")
    site.print()
    before = site.documents()
    (site.folder / "templates" / "pages").mkdir(parents=True)
    (site.folder / "templates" / "pages" / "entry.html").write_text("<p>\n{{ entry.nonsense }}")
    ended = site.run("publish")
    assert ended.code == 2
    assert f"{site.folder}/templates/pages/entry.html:2: " in ended.err
    assert site.documents() == before


def test_two_documents_that_want_one_address_are_named(site):
    site.configure('[[feeds]]\nslug = "one"\ntitle = "One"\npath = "a"\nformats = ["rss"]\n')
    site.article("a.md", slug="a", aliases="[/b/]")
    site.article("b.md")
    site.run("sync")
    ended = site.run("publish")
    assert ended.code == 0
    assert "no redirect from /b/: it is the address of another page" in ended.out


def test_long_lists_are_cut_short_in_words_and_whole_in_json(site):
    for n in range(30):
        site.write(f"{n:02}.md", b"\x00\x01\x02\x03\x04" * 99)
    ended = site.run("sync")
    assert "  … and 10 more (--json lists all)\n" in ended.out
    assert len(json.loads(site.run("sync", "--json").out)["sources"][0]["refused"]) == 30
