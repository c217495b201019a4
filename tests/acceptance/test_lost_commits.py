"""A connection to PostgreSQL that is lost at a commit, so that nobody knows whether it was stored: at each in turn.

Not here: a disk that fails, and kills (reliability).
"""

from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import make_url

from feeds.errors import StoreUnusable
from feeds.model import DeliveryState
from tests.acceptance.lossy_line import Loss, line_to
from tests.acceptance.mail_givens import (
    CONNECTIONS,
    by_smtp,
    deliver,
    deliver_to_the_end,
    edition_for,
    mail_server,
    readers,
    states,
)

pytestmark = pytest.mark.once

EVERYONE = readers(9)
STORE = '[store]\nurl = "{}"\n'


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


@pytest.fixture
def site(bare_site, server, postgres, migrated_postgres):
    """Give a site on PostgreSQL with an edition that is to be sent, and the address of its database."""
    url = postgres(template=migrated_postgres)
    bare_site.configure(by_smtp(server) + STORE.format(url))
    edition_for(bare_site, *EVERYONE)
    return bare_site, make_url(url)


@pytest.fixture
def copies(site, server, postgres, tmp_path):
    """Give a maker of copies of the site, each on a line of its own to its database."""

    def copy(name, in_doubt, line):
        one = site[0].copied(tmp_path / name)
        one.configure(by_smtp(server, in_doubt) + STORE.format(line.url))
        return one

    return copy


@pytest.mark.rule("T130")
@pytest.mark.rule("D6")
@pytest.mark.parametrize("in_doubt", ["hold", "resend"])
@pytest.mark.parametrize("loss", [*Loss])
def test_commit_whose_outcome_is_unknown_loses_nobody_and_repeats_nothing(
    site, copies, server, postgres, loss, in_doubt
):
    number, struck = 0, True
    while struck:
        number += 1
        since = len(server.taken)
        with line_to(make_url(postgres(template=site[1].database))) as line:
            one = copies(f"{loss.name}-{number}", in_doubt, line)
            line.break_at(number, loss)
            with suppress(StoreUnusable):
                deliver(one)
            struck = line.commits >= number
            line.break_at(0, loss)
            deliver_to_the_end(one)
            found = states(one)
        got = Counter(letter.recipient for letter in server.taken[since:])
        doubtful = {address for address, state in found.items() if state is DeliveryState.IN_DOUBT}
        assert {*found.values()} <= {DeliveryState.SENT, DeliveryState.IN_DOUBT}, number
        assert {*EVERYONE} - doubtful <= got.keys() <= {*EVERYONE}, number
        assert len(doubtful) <= (CONNECTIONS if in_doubt == "hold" else 0), number
        assert got.total() - len(got) <= (CONNECTIONS if in_doubt == "resend" else 0), number
    assert number > 5
