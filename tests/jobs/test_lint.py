"""A message in a file or of a newsletter is judged; its links and pictures are asked after, those to leave by are not.

Not here: the rules (tests/rendering/lint), the guard of requests (tests/outgoing).
"""

import pytest

from feeds.errors import AnswerTooLarge, RequestFailed
from feeds.jobs.lint import lint, read_message
from feeds.outgoing import ANYWHERE, PUBLIC, Client, Limits
from feeds.rendering.lint import Sender, Severity
from tests.outgoing.web import moves, says, web
from tests.rendering.lint.given_messages import good

PAGE = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n%s\r\n<!DOCTYPE html><body>%s"
BROKEN = {"M11", "M12"}


def asked(server, html, *, headers=b"", weights=None, client=None):
    """Judge a page whose addresses lead to the server; return what was found of them, and what was asked."""
    data = PAGE % (headers, html.replace("SERVER", f"http://{server.host}:{server.port}").encode())
    client = client or Client(allowed=ANYWHERE, limits=Limits(max_bytes=1000, seconds=5))
    report = lint("a.eml", data, sender=Sender(), weights=weights or {}, client=client)
    told = ("answers", "nothing answers", "no picture", "broken")
    found = [one for one in report.findings if one.rule in BROKEN and any(word in one.what for word in told)]
    return found, [request.split(b" HTTP")[0].decode() for request in server.asked]


def link(path="/a"):
    return f'<a href="SERVER{path}">A name</a>'


def picture(path="/a.png"):
    return f'<img src="SERVER{path}" alt="" width="9" height="9">'


def test_link_that_answers_costs_one_request_for_its_head():
    with web(says()) as server:
        assert asked(server, link()) == ([], ["HEAD /a"])


def test_address_that_stands_twice_is_asked_after_once():
    with web(says()) as server:
        _, requests = asked(server, link() * 3 + link("/a#part"))
    assert requests == ["HEAD /a"]


def test_server_that_refuses_heads_is_asked_as_readers_ask():
    with web(says(status="405 No"), says(b"There.")) as server:
        assert asked(server, link()) == ([], ["HEAD /a", "GET /a"])


@pytest.mark.parametrize("status", ["404 Gone", "410 Gone", "500 Ill"])
def test_broken_link_is_a_warning(status):
    with web(says(status=status)) as server:
        (fault,), _ = asked(server, link())
    assert (fault.rule, fault.severity) == ("M12", Severity.WARNING)
    assert status[:3] in fault.what


@pytest.mark.parametrize("status", ["403 No", "429 Later"])
def test_server_that_is_shy_of_programs_is_not_called_broken(status):
    with web(says(status=status)) as server:
        (fault,), _ = asked(server, link())
    assert fault.severity is Severity.ADVICE


def test_missing_picture_is_a_warning():
    with web(says(status="404 Gone")) as server:
        (fault,), _ = asked(server, picture())
    assert (fault.rule, fault.severity) == ("M11", Severity.WARNING)


def test_page_in_the_place_of_a_picture_is_a_warning():
    with web(says(b"<p>", content_type="text/html")) as server:
        (fault,), _ = asked(server, picture())
    assert "no picture" in fault.what


def test_redirect_is_followed():
    with web(moves("/b"), says()) as server:
        assert asked(server, link()) == ([], ["HEAD /a", "HEAD /b"])


def test_large_answer_is_there_all_the_same():
    with web(says(status="405 No"), says(b"x" * 5000)) as server:
        assert asked(server, link())[0] == []


def test_nobody_listening_is_a_warning():
    with web(says()) as server:
        pass
    (fault,), _ = asked(server, link())
    assert "nothing answers" in fault.what


def test_link_that_leads_inside_is_never_followed_and_named():
    with web(says()) as server:
        (fault,), requests = asked(server, link(), client=Client(allowed=PUBLIC))
    assert requests == []
    assert "no public address" in fault.what


@pytest.mark.parametrize("html", [
    '<a href="SERVER/unsubscribe?t=1">Leave</a>', '<a href="SERVER/x">Unsubscribe</a>',
    '<a href="SERVER/x">Abmelden</a>', '<a href="SERVER/leave">Bye</a>',
])  # fmt: skip
def test_link_by_which_a_reader_leaves_is_never_asked_for(html):
    with web(says()) as server:
        leave = f"List-Unsubscribe: <http://{server.host}:{server.port}/leave>\r\n".encode()
        assert asked(server, html, headers=leave)[1] == []


def test_rule_that_is_off_is_silent_on_links_too():
    with web(says(status="404 Gone")) as server:
        assert asked(server, link(), weights={"M12": "off"})[0] == []


def test_nothing_is_asked_without_being_told_to():
    report = lint("a.eml", good(), sender=Sender(), weights={})
    assert (report.asked, report.count(Severity.ERROR), report.count(Severity.WARNING)) == (0, 0, 0)


def test_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(RequestFailed, match="cannot be read"):
        read_message(tmp_path / "none.eml")


def test_file_larger_than_any_mail_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("feeds.jobs.lint.LARGEST_FILE", 10)
    (tmp_path / "a.eml").write_bytes(b"x" * 11)
    with pytest.raises(AnswerTooLarge):
        read_message(tmp_path / "a.eml")
