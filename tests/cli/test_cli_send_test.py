"""``pressrun send-test`` as an operator meets it: the message arrives, signed, and the site is as it was.

Not here: how a message looks (tests/rendering), deliveries (tests/jobs/test_deliver.py).
"""

from email import message_from_bytes, policy

import dkim
import pytest

from tests.acceptance.mail_givens import by_smtp, join, letters_in, mail_server
from tests.cli.test_cli_mail import everything
from tests.jobs.edition_picture_givens import sources, story
from tests.transports.givens import CLOSE, ScriptedServer

TO = "desk@inbox.example"


@pytest.fixture
def paper(site):
    """Give a site with one article in print, and a reader."""
    site.article("ferry.md", title="The ferry runs", date="2024-11-22 14:00")
    site.print()
    join(site, "ann@inbox.example")
    return site


def sent(site, *arguments, to=TO):
    """Send a test; return how that ended, and the letters that came."""
    with mail_server() as server:
        site.configure(by_smtp(server))
        ended = site.run("send-test", "weekly", "--to", to, *arguments)
    return ended, server.taken


def test_message_arrives_and_what_the_server_answered_is_shown(paper):
    ended, letters = sent(paper)
    assert (ended.code, ended.err) == (0, "")
    (letter,) = letters
    assert (letter.recipient, letter.message["To"]) == (TO, TO)
    assert letter.message["Subject"] == "[Test] The ferry runs"
    assert "answered: 250 2.0.0 queued as 1" in ended.out
    assert letter.name in ended.out


def test_nothing_is_recorded_and_no_reader_counts_as_having_had_it(paper):
    paper.run("send-test", "weekly", "--to", TO)
    before = everything(paper)
    sent(paper, to="ann@inbox.example")
    assert everything(paper) == before


def test_each_test_has_a_message_id_of_its_own(paper):
    names = {letters[0].name for _, letters in (sent(paper), sent(paper))}
    assert len(names) == 2


def test_body_is_that_of_the_edition(paper):
    paper.run("preview", "weekly")
    shown = message_from_bytes(
        (paper.folder / "var" / "preview" / "weekly" / "digest.eml").read_bytes(), policy=policy.default
    )
    _, (letter,) = sent(paper)
    assert letter.text == shown.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert letter.message["List-Unsubscribe"] == shown["List-Unsubscribe"]


@pytest.mark.rule("M2")
def test_links_of_a_test_are_nobodys_where_readers_have_pages(paper):
    with mail_server() as server:
        paper.configure(f"{by_smtp(server)}[readers]\npages = true\n")
        assert paper.run("lint", "weekly").code == 0
        ended = paper.run("send-test", "weekly", "--to", TO)
    (letter,) = server.taken
    assert ended.code == 0
    assert "<https://gazette.example/readers/leave/nobody>, <mailto:" in letter.message["List-Unsubscribe"]
    assert "https://gazette.example/readers/leave/nobody" in letter.text


def test_it_is_signed_as_all_mail_is(paper):
    made = paper.run("dkim", "keygen", "--json").json
    (record,) = made["records"]
    with mail_server() as server:
        paper.configure(by_smtp(server) + "\n".join(made["config_lines"]))
        ended = paper.run("send-test", "weekly", "--to", TO)
    assert "signed by rsa-sha256" in ended.out
    texts = {f"{record['name']}.".encode(): record["text"].encode()}
    assert dkim.verify(server.taken[0].data, dnsfunc=lambda name, timeout=5: texts[name])


def test_edition_can_be_one_of_another_day(paper):
    ended, letters = sent(paper, "--at", "2024-11-21T12:00")
    assert (ended.code, letters) == (2, [])
    assert "no public entry" in ended.err


def test_refusal_is_shown_and_ends_with_1(paper):
    with mail_server() as server:
        server.refuses[TO] = "550 5.1.1 no such user"
        paper.configure(by_smtp(server))
        ended = paper.run("send-test", "weekly", "--to", TO)
    assert (ended.code, "answered: 550 5.1.1 no such user" in ended.out) == (1, True)


def test_answer_that_is_lost_is_told(paper):
    with ScriptedServer({"DOT": CLOSE}) as server:
        paper.configure(by_smtp(server))
        ended = paper.run("send-test", "weekly", "--to", TO)
    assert (ended.code, "answered: nothing that can be read" in ended.out) == (1, True)


def test_server_that_is_not_there_ends_with_7(paper):
    _, _ = sent(paper)
    ended = paper.run("send-test", "weekly", "--to", TO)
    assert (ended.code, "cannot be reached" in ended.err) == (7, True)


def test_it_goes_by_the_fallback_where_the_first_server_is_not_there(paper):
    with ScriptedServer() as gone:
        pass
    with mail_server() as server:
        reserve = f'[[fallbacks]]\nslug = "reserve"\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\n'
        paper.configure(by_smtp(gone) + reserve)
        ended = paper.run("send-test", "weekly", "--to", TO)
    assert (ended.code, [letter.recipient for letter in server.taken]) == (0, [TO])
    assert f"127.0.0.1:{server.port} answered: 250" in ended.out
    assert f"smtp was passed over: 127.0.0.1:{gone.port}: cannot be reached" in ended.err


def test_maildir_gets_it_too(paper):
    ended = paper.run("send-test", "weekly", "--to", TO, "--json")
    assert (ended.code, ended.json["was_taken"]) == (0, True)
    assert [letter.recipient for letter in letters_in(paper.folder / "var" / "maildir")] == [TO]


def test_suppressed_address_gets_none(paper):
    assert paper.run("suppressions", "add", TO, "--reason", "asked by letter").code == 0
    ended, letters = sent(paper)
    assert (ended.code, letters, "may not be mailed" in ended.err) == (2, [], True)


@pytest.mark.parametrize(
    ("arguments", "said"), [(("weekly", "--to", "no body"), "no body"), (("weakly", "--to", TO), "known are: weekly")]
)
def test_what_cannot_be_sent_is_told(paper, arguments, said):
    ended = paper.run("send-test", *arguments)
    assert (ended.code, said in ended.err) == (2, True)


def test_picture_that_is_not_on_the_site_yet_is_told(paper):
    story(paper, "quay", date="2024-11-22 15:00")
    paper.print()
    ended, (letter,) = sent(paper)
    assert ended.code == 0
    assert len(sources(letter)) == 1
    assert "pictures that are not on the site yet: 1" in ended.err
