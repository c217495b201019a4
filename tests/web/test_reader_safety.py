"""What strangers cannot do to readers: by a page of theirs, by a name of theirs for our site, by sending people on.

It holds for each page that can be come by (crawling). Not here: scanners, floods (tests/acceptance), odd requests
(test_any_request).
"""

import re

import pytest

from feeds.rules.reader_tokens import Purpose
from tests.web.crawling import PENDING, UNFED, crawled, lived
from tests.web.reader_givens import ANN, reading

EVIL = "https://evil.example"
STRANGERS = [
    {"Origin": EVIL, "Sec_Fetch_Site": "cross-site"},
    {"Origin": "null", "Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Origin": EVIL},
]
OURS = [
    {"Origin": "null", "Sec_Fetch_Site": "same-origin"},  # as browsers say where a page gives no referrer
    {"Origin": "https://gazette.example"},
    {"Origin": "null"},
    {},
]
EVERY_DEED = {"do": "forget", "sure": "yes", "cadence": "day", "address": "eve@x.example"}
POISON = {
    "host": "evil.example",
    "x_forwarded_host": "evil.example",
    "forwarded": "for=1.2.3.4;host=evil.example;proto=http",
    "x_forwarded_proto": "http",
    "x_forwarded_server": "evil.example",
    "x_original_url": "/evil.example",
    "x_rewrite_url": "https://evil.example/",
    "referer": "https://evil.example/",
}


@pytest.fixture
def paper(site):
    with reading(site, pages=UNFED) as reader:
        yield reader, lived(reader, site)


@pytest.mark.rule("T87")
def test_button_that_a_strangers_page_presses_does_nothing(paper):
    reader, letters = paper
    pages = [path for path, answer in crawled(reader, letters).items() if path.count("/") > 2 and answer.status == 200]
    assert {Purpose(path.split("/")[2]) for path in pages if path.startswith("/readers/")} >= {*Purpose}
    before = reader.tables()
    for path in [*pages, "/readers/manage"]:
        for stranger in STRANGERS:
            answer = reader.post(path, **EVERY_DEED, headers=stranger)
            assert answer.status in ({403} if path.startswith("/readers/") else {405}), path
            assert (answer["cache-control"], answer["set-cookie"]) == ("no-store", None) or answer.status == 405
    assert reader.tables() == before


@pytest.mark.rule("T87")
@pytest.mark.parametrize("browser", OURS)
def test_button_of_our_own_page_does_what_it_says(site, browser):
    with reading(site) as reader:
        reader.subscribe()
        assert reader.post(reader.link("confirm"), headers=browser).status == 200


@pytest.mark.rule("T87")
@pytest.mark.parametrize("stranger", STRANGERS)
def test_form_on_a_strangers_page_has_a_mail_sent_and_no_more(site, stranger):
    with reading(site) as reader:
        assert reader.post("/readers/subscribe", address=ANN, newsletter="weekly", headers=stranger).status == 200
        assert reader.mailed() == [("confirm", ANN)]


@pytest.mark.rule("T81")
@pytest.mark.rule("T87")
def test_mail_program_on_any_page_may_click_for_its_reader(paper):
    reader, letters = paper
    path = next(path for path in crawled(reader, letters) if "/leave/" in path)
    one_click = {"List-Unsubscribe": "One-Click"}
    assert reader.post(path, **one_click, headers=STRANGERS[0]).status == 200
    assert reader.post(path.replace("/leave/", "/back/"), **one_click, headers=STRANGERS[0]).status == 403


@pytest.mark.rule("T90")
def test_no_page_and_no_mail_has_a_name_for_our_site_that_the_request_gave(paper):
    reader, letters = paper
    for path in crawled(reader, letters):
        for method in ("GET", "POST"):
            body = {"body": b"do=data&address=", "Content_Length": "16"} if method == "POST" else {}
            answer = reader.ask(f"{path}?lang=de", method, **body, **POISON)
            assert "evil.example" not in f"{answer.headers}{answer.body}", path
    reader.post("/readers/subscribe", address="zoe@x.example", newsletter="daily", headers=POISON)
    reader.post("/readers/manage", address=PENDING, headers=POISON)
    reader.post(reader.link("confirm"), headers=POISON)
    mails = reader.tables()["notices"]
    assert any("zoe@x.example" in row for row in mails)
    assert not [row for row in mails if "evil.example" in row]


@pytest.mark.rule("T92")
def test_no_answer_sends_anybody_where_the_request_says(paper, site):
    reader, letters = paper
    (site.public / "old.html.moved").write_text("https://gazette.example/new/")
    pages = [*crawled(reader, letters), "/", "/weekly", "/newsletters/weekly", "/old.html", "/ferry", "/none"]
    asked = [f"{path}?{name}={EVIL}/" for path in pages for name in ("next", "lang")]
    asked += [f"{odd}evil.example{path}" for odd in ("//", "/\\", "/%2f", "/%5c", "/./", "/%09/") for path in pages]
    asked += [
        f"{path}{odd}evil.example" for odd in ("//", "/%2f%2f", "@", "%0d%0aLocation:%20https://") for path in pages
    ]
    sent_on = set()
    for path in asked:
        for method in ("GET", "POST"):
            answer = reader.ask(path, method, **POISON)
            if answer["location"]:
                sent_on.add(answer["location"])
    assert "https://gazette.example/new/" in sent_on
    assert "./weekly/" in sent_on
    assert {where for where in sent_on if not re.match(r"\./[\w%.-]+/$|https://gazette\.example/", where)} == set()
    assert not [where for where in sent_on if "evil" in where]


@pytest.mark.parametrize(
    ("url", "bound"), [("https://gazette.example/", "max-age=31536000"), ("http://g.example/", None)]
)
def test_site_at_https_binds_browsers_to_it_on_every_answer(site, url, bound):
    with reading(site, url=url) as reader:
        asked = [reader.ask(path) for path in ("/", "/readers/", "/readers/leave/x", "/none", "/healthz", "/rss.xml")]
        asked += [reader.ask("/", "PUT"), reader.post("/readers/subscribe"), reader.ask("/", "OPTIONS")]
        assert {answer["strict-transport-security"] for answer in asked} == {bound}
