"""Digests of the sample store as two spam filters of readers' mail servers judge them.

The world is made up: a name server on loopback vouches for the sender's domain. Not here: the filters themselves
(spam_filters.py), editions of every kind (test_made_editions.py).
"""

import re
import shutil
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from feeds.app.post import Post
from tests.acceptance.mail_givens import join, letters_in
from tests.acceptance.name_server import name_server
from tests.acceptance.sender_givens import DOMAIN, SENDER, arrival, on_the_way, with_keys
from tests.acceptance.spam_filters import rspamd, spamassassin
from tests.site_fixtures import ROOT, Site

pytestmark = pytest.mark.once

ANOTHER = "198.18.0.99"  # an address that is not the sender's
TITLES = {"en": "The Harbour Weekly", "de": "Die Hafenwoche"}
KINDS = [f"{layout}-{language}" for layout in ("front-page", "reading-list", "full-text") for language in TITLES]
NEWSLETTER = """
[[newsletters]]
slug = "{kind}"
title = "{title}"
from = "The Harbour Gazette <{sender}>"
reply_to = "newsroom@{domain}"
layout = "{layout}"
language = "{language}"
[newsletters.cadence]
every = "month"
"""
# Rules that say that the parts of a message do not match. rspamd's URI_COUNT_ODD is none: it finds that the links and
# pictures of both parts are odd in number, as one picture without a link or one button makes them. It costs a point.
MISMATCH = {
    "R_PARTS_DIFFER",
    "MPART_ALT_DIFF",
    "MPART_ALT_DIFF_COUNT",
    "MIME_HTML_ONLY",
    "MIME_HTML_MOSTLY",
    "MIME_MA_MISSING_TEXT",
    "MIME_MA_MISSING_HTML",
}


def newsletter(kind):
    layout, _, language = kind.rpartition("-")
    return NEWSLETTER.format(
        kind=kind, title=TITLES[language], sender=SENDER, domain=DOMAIN, layout=layout, language=language
    )


def reader_of(kind):
    return f"nell.varley+{kind}@reader.example"


def delivered(folder):
    """Return the digest of each kind as it is delivered to a reader of the sample paper, and the sender's names."""
    site = Site(folder / "site")
    shutil.copytree(ROOT / "articles", site.folder / "articles", dirs_exist_ok=True)
    config = (ROOT / "config.toml").read_text(encoding="utf-8")
    site.configure("".join(newsletter(kind) for kind in KINDS), config=config)
    names = with_keys(site)
    site.now = datetime.now(UTC)
    assert site.run("run").code == 0
    for kind in KINDS:
        join(site, reader_of(kind), newsletter=kind)
    with site.app() as app:
        for kind in KINDS:
            Post(app).compose(kind, at=site.now)
        Post(app).deliver()
    letters = {letter.recipient: letter.data for letter in letters_in(site.folder / "var" / "maildir")}
    return {kind: on_the_way(letters[reader_of(kind)]) for kind in KINDS}, names


def unsigned(data):
    """Return a message without its signature."""
    return re.sub(rb"\ADKIM-Signature:[^\r]*(?:\r\n[ \t][^\r]*)*\r\n", b"", data)


def with_other_text(data):
    """Return a message whose text part is about something else."""
    message = message_from_bytes(data, policy=policy.SMTP)
    words = "Shoes of every size and colour are cheap today in our shop by the station. Come and try them on!\n"
    message.get_body(("plain",)).set_content(words * 12, cte="quoted-printable")
    return message.as_bytes()


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Give what each filter makes of each digest, and of two that are spoilt."""
    folder = tmp_path_factory.mktemp("filters")
    letters, names = delivered(folder)
    letters["mismatch"] = with_other_text(letters["full-text-en"])
    mail = {kind: arrival(data, reader_of(kind)) for kind, data in letters.items()}
    mail["forged"] = arrival(unsigned(letters["front-page-en"]), reader_of("forged"), address=ANOTHER)
    with name_server(names) as port:
        with rspamd(folder / "rspamd", port) as filter_:
            by_rspamd = {kind: filter_.judge(one) for kind, one in mail.items()}
        by_spamassassin = dict(zip(mail, spamassassin(folder, port, list(mail.values())), strict=True))
    return {"rspamd": by_rspamd, "spamassassin": by_spamassassin}


both_filters = pytest.mark.parametrize("name", ["rspamd", "spamassassin"])


@both_filters
def test_digests_score_no_point(judged, name):
    scored = {kind: judged[name][kind] for kind in KINDS}
    assert {kind: found for kind, found in scored.items() if found.score > 0} == {}


@both_filters
def test_parts_match(judged, name):
    assert {kind: found for kind in KINDS if (found := MISMATCH & judged[name][kind].rules.keys())} == {}


@both_filters
def test_parts_that_do_not_match_are_found(judged, name):
    assert MISMATCH & judged[name]["mismatch"].rules.keys()


def test_sender_is_known_by_address_and_signature(judged):
    for kind in KINDS:
        assert {"R_SPF_ALLOW", "R_DKIM_ALLOW", "DMARC_POLICY_ALLOW"} <= judged["rspamd"][kind].rules.keys()
        assert {"SPF_PASS", "DKIM_VALID_AU"} <= judged["spamassassin"][kind].rules.keys()


def test_sender_at_an_address_that_is_not_the_domains_own_is_found(judged):
    rules = {name: judged[name]["forged"].rules.keys() for name in judged}
    assert {"R_SPF_FAIL", "DMARC_POLICY_REJECT"} <= rules["rspamd"]
    assert "SPF_FAIL" in rules["spamassassin"]
    assert all(judged[name]["forged"].score > judged[name]["front-page-en"].score for name in judged)
