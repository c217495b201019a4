"""The answers that are no document, each with what a poller needs to behave: 301, 404, 405, 410, 429, 503.

Not here: 304 and 412 (test_conditions), 226 (test_deltas).
"""

import shutil

import pytest

YEAR = 31536000


@pytest.mark.rule("F15")
def test_renamed_feed_leads_to_its_new_address_for_years(client, public):
    public.put("old/rss.xml.moved", "https://gazette.example/new/rss.xml\n")
    answer = client.ask("/old/rss.xml", if_none_match="*")
    assert (answer.status, answer["location"]) == (301, "https://gazette.example/new/rss.xml")
    assert answer["cache-control"] == f"max-age={YEAR}"


@pytest.mark.rule("F15")
def test_ended_feed_is_gone_with_the_document_that_says_so(client, public):
    public.put("old/rss.xml", "<rss/>")
    public.put("old/rss.xml.gone", "")
    answer = client.ask("/old/rss.xml", if_none_match="*")
    assert (answer.status, answer.body, answer["etag"]) == (410, b"<rss/>", None)
    assert answer["content-type"] == "application/rss+xml; charset=utf-8"


@pytest.mark.rule("F15")
def test_ended_feed_is_gone_without_a_document_too(client, public):
    public.put("old/atom.xml.gone", "")
    answer = client.ask("/old/atom.xml")
    assert (answer.status, answer["content-type"]) == (410, "text/plain; charset=utf-8")
    assert client.ask("/old/atom.xml", "HEAD").body == b""


def test_page_of_a_withdrawn_article_says_that_it_was_withdrawn(client, public):
    public.put("ferry/index.html", "<p>Withdrawn on Monday</p>")
    public.put("ferry/index.html.gone", "")
    assert (client.ask("/ferry/").status, client.ask("/ferry/").body) == (410, b"<p>Withdrawn on Monday</p>")
    assert client.ask("/ferry").status == 301


def test_article_that_comes_back_is_there_at_once(client, public):
    public.put("ferry/index.html", "<p>Back</p>")
    public.put("ferry/index.html.gone", "")
    assert client.ask("/ferry/").status == 410
    (public.place / "ferry/index.html.gone").unlink()
    assert client.ask("/ferry/").status == 200


@pytest.mark.parametrize(
    "target", ["", "javascript:alert(1)", "//elsewhere.example", "https://a.example/\r\nX: y", "ü"]
)
def test_sign_that_leads_nowhere_is_no_redirect(client, public, target):
    public.put("old/rss.xml.moved", target)
    answer = client.ask("/old/rss.xml")
    assert (answer.status, answer["location"], answer["x"]) == (404, None, None)


def test_nothing_is_told_by_the_sites_own_page(client, public):
    assert client.ask("/nowhere/").body == b"There is nothing here.\n"
    public.put("404.html", "<p>Lost at sea</p>")
    answer = client.ask("/nowhere/", if_none_match="*")
    assert (answer.status, answer.body) == (404, b"<p>Lost at sea</p>")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "BREW"])
def test_document_can_only_be_read(client, public, method):
    public.put("rss.xml", "<rss/>")
    answer = client.ask("/rss.xml", method)
    assert (answer.status, answer["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_options_says_what_can_be_asked(client, public):
    public.put("rss.xml", "<rss/>")
    answer = client.ask("/rss.xml", "OPTIONS")
    assert (answer.status, answer["allow"], answer.body) == (204, "GET, HEAD, OPTIONS", b"")


@pytest.mark.rule("F15")
def test_folder_that_is_not_there_is_a_passing_fault(client, public):
    shutil.rmtree(public.place)
    answer = client.ask("/rss.xml")
    assert (answer.status, int(answer["retry-after"]) > 0, answer["cache-control"]) == (503, True, "no-store")
    public.put("rss.xml", "<rss/>")
    assert client.ask("/rss.xml").status == 200


@pytest.mark.rule("F15")
def test_client_that_asks_far_too_often_is_told_how_long_to_wait(web_site, public):
    web_site.configure("requests_per_minute = 5")
    public.put("rss.xml", "<rss/>")
    with web_site.serving() as client:
        answers = [client.ask("/rss.xml") for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1]["retry-after"]) <= 12


@pytest.mark.rule("F10")
def test_nobody_is_asked_who_they_are_or_what_they_run(client, public):
    public.put("rss.xml", "<rss/>")
    agents = ["", "curl/8", "Mozilla/5.0", "python-requests/2", "FeedFetcher-Google", "sfeed", "\xff bot"]
    answers = [client.ask("/rss.xml", user_agent=agent) for agent in agents] + [client.ask("/rss.xml")]
    assert {(answer.status, answer.body) for answer in answers} == {(200, b"<rss/>")}
    assert {answer["set-cookie"] for answer in answers} == {answer["www-authenticate"] for answer in answers} == {None}


@pytest.mark.rule("F10")
def test_poller_that_has_everything_may_ask_ten_times_as_often(web_site, public):
    web_site.configure("requests_per_minute = 5")
    public.put("rss.xml", "<rss/>")
    with web_site.serving() as client:
        tag = client.ask("/rss.xml")["etag"]
        assert {client.ask("/rss.xml", if_none_match=tag).status for _ in range(25)} == {304}


@pytest.mark.rule("T91")
def test_forwarded_address_counts_only_where_a_trusted_proxy_says_it(web_site, public):
    public.put("rss.xml", "<rss/>")
    for trusted, last in (("[]", 429), ('["127.0.0.1"]', 200)):
        web_site.configure(f"requests_per_minute = 2\ntrusted_proxies = {trusted}")
        with web_site.serving() as client:
            statuses = [client.ask("/rss.xml", x_forwarded_for=f"192.0.2.{n}").status for n in range(3)]
        assert statuses == [200, 200, last]


@pytest.mark.rule("T90")
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "a b", "gazette.example@evil.example"])
def test_host_header_changes_nothing(client, public, host):
    public.put("a/index.html", "<p>A</p>")
    public.put("rss.xml", RSS)
    answers = [client.ask(path, host=host, x_forwarded_host=host) for path in ("/a", "/a/", "/rss.xml", "/none")]
    assert [answer.status for answer in answers] == [301, 200, 200, 404]
    assert not any("evil" in str(answer.headers) or b"evil" in answer.body for answer in answers)


RSS = """<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<atom:link rel="self" href="https://gazette.example/rss.xml"/></channel></rss>"""
