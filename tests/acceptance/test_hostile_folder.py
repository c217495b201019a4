"""A folder of forty hostile files: every good article is printed, every bad one is named, and no neighbour suffers.

Not here: the single rules that this rests on (tests/rules, tests/sources, tests/formats).
"""

import os

import pytest

from tests.judges import jing, json_feed_faults, xmllint
from tests.site_fixtures import Site


def front(title, more="", body="Body of it.", date="2024-11-01"):
    return f"---\ntitle: {title}\ndate: {date}\n{more}---\n{body}\n".encode()


def cell(n):
    return b"<table><tr><td>" * n + b"deep" + b"</td></tr></table>" * n


# name → (bytes, the text that must be in print)
GOOD = {
    "nul.md": (front("Nul\x00s", body="Before\x00after."), "Beforeafter."),
    "controls.md": (front("Con\x01trol\x0b \x1bs", "tags: [a\x02b]\n", "Ring \x07 the bell."), "Control s"),
    "line-ends.md": (front("Next\x85line\u2028end", body="C1 \x9f here."), "here."),
    "lone-surrogate.md": (b"---\ntitle: Lone\n---\nHalf \xed\xa0\x80 a pair.\n", "a pair."),
    "broken-utf8.md": (front("Broken").replace(b"Body", "Café é é é é".encode() + b"\xff\xfe"), "of it."),
    "latin.txt": ("Café Déjà Vu\n\nThe café was très agréable, à côté de l'hôtel.\n".encode("latin-1"), "agréable"),
    "utf16.md": ("\ufeff---\ntitle: Wide\n---\nWide words.\n".encode("utf-16-le"), "Wide words."),
    "bom.md": (b"\xef\xbb\xbf" + front("Marked", body="Marked words."), "Marked words."),
    "utf7.html": (b'<meta charset="utf-7"><h1>Seven</h1><p>+ADw-script+AD4-alert(7)+ADw-/script+AD4-</p>', "Seven"),
    "cdata.md": (front("End ]]> of", body="An end ]]> of it &amp; <b>more</b>."), "An end"),
    "script.html": (b"<h1>Scripted</h1><script>alert('pwned')</script><p onclick='pwned()'>Safe.</p>", "Safe."),
    "style.html": (b"<h1>Styled</h1><style>body{display:none}</style><p style='position:fixed'>Plain.</p>", "Plain."),
    "js-link.md": (front("Link", body="[Click](javascript:pwned) <a href='vbscript:pwned'>me</a> now."), "now."),
    "iframe.html": (b"<h1>Framed</h1><iframe srcdoc='<script>pwned</script>'></iframe><p>Framed.</p>", "Framed."),
    "no-title.md": (b"Only a sentence, without a headline of its own.\n", "without a headline"),
    "no-title.html": (b"<p>Only a paragraph of HTML.</p>", "paragraph of HTML"),
    "no-title.txt": (b"One line only\n", "One line only"),
    "windows.md": (front("Windows").replace(b"\n", b"\r\n"), "Body of it."),
    "old-mac.txt": (b"Old Mac\r\rA line that ends as they did.\r", "as they did"),
    "date-nonsense.md": (front("Never", date="the day after never"), "Never"),
    "date-impossible.md": (front("Thirtieth of February", date="'2024-02-30'"), "Thirtieth"),
    "date-first.md": (front("Year one", date="0001-01-01"), "Year one"),
    "date-huge.md": (front("Epoch", date="99999999999999999999"), "Epoch"),
    "toml.md": (b'+++\ntitle = "Toml"\n+++\nToml words.\n', "Toml words."),
    "id-first.md": (front("First of two", "id: urn:x:same\n"), "First of two"),
    "odd-tags.md": (front("Tagged", "tags: {a: [b, {c: 1}]}\nauthor: [1, null, {x: y}]\n"), "Tagged"),
    "jinja.md": (front("'{{ 7*7 }}'", body="{{ site.url }} {% raw %}"), "{{ site.url }} {% raw %}"),
    "emoji 👍🏽 näme.md": (front("Emoji 👨‍👩‍👧‍👦 and \u202eright"), "Emoji"),
    "missing-picture.md": (front("Picture", "image: ../../../../etc/passwd\n", "![Gone](nowhere.png)"), "Gone"),
    "long-line.txt": (b"Long line\n\n" + b"word " * 40_000 + b"\n", "Long line"),
}  # fmt: skip
# name → (bytes, a part of the reason that must be given)
BAD = {
    "empty.md": (b"", "no text"),
    "blank.txt": (b" \n\t\n", "no text"),
    "ten-megabytes.txt": (b"0123456789\n" * 950_000, "bytes long"),
    "binary.md": (bytes(range(32)) * 64, "binary"),
    "elf.txt": (b"\x7fELF" + b"\x00\x01\x02\x03" * 99, "binary"),
    "unclosed.md": (b"---\ntitle: Unclosed\ndraft: true\nBody\n", "closing ---"),
    "malformed.md": (b"---\ntitle: [one\n: : :\n---\nBody\n", "malformed"),
    "bomb.md": (b"---\na: &a [x]\nb: [*a, *a]\n---\nBody\n", "aliases"),
    "python.md": (b"---\ntitle: !!python/object/apply:os.system ['touch pwned']\n---\nBody\n", "malformed"),
    "id-second.md": (front("Second of two", "id: urn:x:same\n"), "urn:x:same"),
    "report.docx": (b"PK\x03\x04", "save it as"),
}
FUTURE = {"future.md": front("Xyzzy", date="2099-01-01"), "far-future.md": front("Xyzzy", date="9999-12-31")}
EITHER = {"deep.html": b"<h1>Deep</h1>" + cell(300), "quotes.md": front("Quoted", body="> " * 300 + "deep")}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Give a site with all of them, synced and published by the command line, and how those ended."""
    site = Site(tmp_path_factory.mktemp("hostile") / "site")
    contents = {name: data for name, (data, _) in (GOOD | BAD).items()} | FUTURE | EITHER
    for name, data in contents.items():
        site.write(name, data)
    (site.folder / "secret.md").write_text("Xyzzy\n")
    site.path("link-out.md").symlink_to("../secret.md")
    site.path("link-nowhere.md").symlink_to("nowhere")
    site.path("link-to-itself.md").symlink_to("link-to-itself.md")
    os.mkfifo(site.path("pipe.md"))
    site.article("neighbour.md", "The neighbour's words.", title="Neighbour")
    assert len(list((site.folder / "articles").iterdir())) >= 45
    return site, site.run("sync", "--json"), site.run("publish", "--json")


def refused(hostile):
    return dict(map(tuple, hostile[1].json["sources"][0]["refused"]))


def test_sync_of_them_ends_with_1_and_publish_with_0(hostile):
    _, synced, published = hostile
    assert (synced.code, published.code) == (1, 0)
    assert (published.json["left_out"], published.json["failed"]) == ([], [])


@pytest.mark.rule("T41")
@pytest.mark.rule("T42")
@pytest.mark.rule("T43")
@pytest.mark.rule("T57")
def test_every_good_article_is_in_all_three_formats(hostile):
    site = hostile[0]
    entries = site.entries()
    assert [name for name in (*GOOD, "neighbour.md") if name not in entries] == []
    printed = set(site.ids())
    assert [name for name in (*GOOD, "neighbour.md") if entries[name].id not in printed] == []


@pytest.mark.parametrize("name", GOOD)
def test_good_article_has_its_words_on_its_page(hostile, name):
    site = hostile[0]
    page = site.documents()[f"{site.entry(name).slug}/index.html"].decode()
    assert GOOD[name][1] in page


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_named_with_its_reason(hostile, name):
    assert BAD[name][1] in refused(hostile)[name]


def test_links_out_of_the_folder_and_pipes_are_refused(hostile):
    names = {name for name in refused(hostile) if name.startswith(("link", "pipe"))}
    assert names == {"link-out.md", "link-nowhere.md", "link-to-itself.md", "pipe.md"}
    assert "leads out of the articles folder" in refused(hostile)["link-out.md"]


def test_nothing_else_is_refused(hostile):
    links = {"link-out.md", "link-nowhere.md", "link-to-itself.md", "pipe.md"}
    assert refused(hostile).keys() - BAD.keys() - links - EITHER.keys() == set()


@pytest.mark.rule("T47")
def test_absurd_depth_is_refused_or_printed_and_always_named(hostile):
    told = {name for name, _ in hostile[1].json["sources"][0]["notes"]} | refused(hostile).keys()
    assert [name for name in EITHER if name not in told] == []


@pytest.mark.rule("F12")
def test_what_is_to_come_and_what_lies_outside_is_nowhere(hostile):
    assert hostile[0].holding("Xyzzy", "root:x:") == set()


def test_nothing_that_runs_is_in_print(hostile):
    site = hostile[0]
    marks = ("pwned()", "alert('pwned')", "srcdoc", "vbscript:", "onclick", "<iframe", "position:fixed")
    assert site.holding(*marks, '"javascript:', "&quot;javascript:") == set()
    assert not (site.folder / "pwned").exists()


@pytest.mark.rule("F1")
def test_documents_are_clean_before_every_judge(hostile):
    public = hostile[0].public
    assert jing(public / "atom.xml") == ""
    assert [xmllint(public / name) for name in ("rss.xml", "atom.xml", "sitemap.xml")] == ["", "", ""]
    assert json_feed_faults((public / "feed.json").read_bytes()) == []
    assert hostile[0].run("check").code == 0


def test_second_sync_and_publish_change_nothing(hostile):
    site = hostile[0]
    before = site.times()
    again = site.run("sync", "--json").json["sources"][0]
    assert (again["added"], again["edited"], again["withdrawn"], again["restored"]) == ([], [], [], [])
    site.run("publish")
    assert site.times() == before
