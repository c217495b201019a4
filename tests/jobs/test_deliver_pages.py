"""Links to readers' own pages in what is delivered: signed for one reader, one newsletter, as the subscription stands.

Not here: how a message is written (tests/rendering/test_own_pages.py), the pages (tests/web).
"""

import re

import pytest

from feeds.app.readers import Readers
from feeds.rules.reader_tokens import Purpose, is_signed, read_token
from feeds.store import keys
from tests.acceptance.mail_givens import by_smtp, cadence
from tests.jobs.post_givens import ANN, BOB, MONDAY, WEEK, composed, delivered, fixed, printed

PAGES = "[readers]\npages = true\n"


def tokens(letter):
    """Return purpose → token, as a letter's head and body name them."""
    found = re.findall(r"https://gazette\.example/readers/(\w+)/(\S+)", letter.text)
    header = letter.message["List-Unsubscribe"]
    (leave,) = re.findall(r"^<https://gazette\.example/readers/leave/([^>]*)>, <mailto:", header)
    assert dict(found)["leave"] == leave
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return {Purpose(purpose): read_token(token) for purpose, token in found}


def secret_of(site):
    with site.app() as app, app.store.writing() as tx:
        return keys.current(tx, at=MONDAY)[1]


@pytest.mark.rule("M2")
@pytest.mark.rule("T80")
def test_links_are_signed_for_one_reader_and_newsletter_and_no_other_purpose(site, server):
    fixed(site, by_smtp(server) + PAGES)
    delivered(site)
    found = {letter.recipient: tokens(letter) for letter in server.taken}
    assert {*found} == {ANN, BOB}
    secret = secret_of(site)
    for by_purpose in found.values():
        assert {*by_purpose} == {Purpose.LEAVE, Purpose.PREFERENCES}
        for purpose, token in by_purpose.items():
            assert token.about[1] == "weekly"
            assert [one for one in Purpose if is_signed(token, one, state="0", secret=secret)] == [purpose]
    assert len({token.about for by_purpose in found.values() for token in by_purpose.values()}) == 2


@pytest.mark.rule("T84")
def test_links_of_who_subscribes_anew_are_of_the_new_subscription(site, server):
    fixed(site, by_smtp(server) + PAGES, ANN)
    with site.app() as app:
        Readers(app).remove(ANN, ["weekly"])
        Readers(app).add(ANN, ["weekly"], consent="Again, at the fair.", again=True)
    site.article("quay.md", title="The quay is mended", date="2024-11-30 14:00")
    printed(site, MONDAY + WEEK)
    composed(site, MONDAY + WEEK)
    delivered(site, MONDAY + WEEK)
    token, secret = tokens(server.taken[-1])[Purpose.LEAVE], secret_of(site)
    assert [state for state in "012" if is_signed(token, Purpose.LEAVE, state=state, secret=secret)] == ["1"]


@pytest.mark.rule("M2")
@pytest.mark.parametrize(("then", "now"), [(PAGES, ""), ("", PAGES)])
def test_edition_goes_as_it_was_fixed_whatever_the_config_says_by_now(site, server, then, now):
    fixed(site, by_smtp(server) + then, ANN)
    site.configure(cadence("monday") + by_smtp(server) + now)
    delivered(site)
    (letter,) = server.taken
    assert ("/readers/leave/" in letter.text) == ("https:" in letter.message["List-Unsubscribe"]) == bool(then)
    assert ("List-Unsubscribe-Post" in letter.message) == bool(then)


@pytest.mark.rule("M2")
def test_links_need_no_return_path_of_ones_own(site, server):
    fixed(site, f"{by_smtp(server)}verp = false\n{PAGES}", ANN)
    delivered(site)
    (letter,) = server.taken
    assert Purpose.LEAVE in tokens(letter)
