"""A scanner follows every link of a thousand mails that were really delivered, and nobody is another than before.

Not here: what each page does (tests/web), what a button on it does.
"""

from collections import Counter
from contextlib import closing

import pytest

from feeds.config import load_config
from feeds.rules.reader_tokens import Purpose
from feeds.store.engine import Store
from tests.acceptance.scanner_givens import addresses_in, follow, mailed_paper
from tests.cli.test_cli_serve import serve
from tests.web.reader_givens import Reader

pytestmark = pytest.mark.once

READERS = 300


@pytest.mark.rule("T81")
@pytest.mark.rule("T82")
def test_every_link_in_a_thousand_mails_is_followed_and_changes_nobody(site):
    letters = mailed_paper(site, readers=READERS)
    assert len(letters) >= 1000
    addresses = {found for letter in letters for found in addresses_in(letter)}
    leaving = {letter.message["List-Unsubscribe"].split(">")[0][1:] for letter in letters if letter.message["List-ID"]}
    assert leaving <= addresses
    store = Store(load_config(site.folder / "config.toml", {}).store.url.reveal())
    with closing(store), serve(site, "--no-schedule") as (_, served), closing(Reader(served, store)) as reader:
        before = reader.tables()
        found = follow(addresses, served)
        after = reader.tables()
        assert {name for name in before if before[name] != after[name]} == set()
        assert before.keys() == after.keys()
        assert {status for (_, path), status in found.items() if path.startswith("/readers/")} == {200}
        assert {Purpose(path.split("/")[2]) for _, path in found if path.count("/") > 2 and "/readers/" in path} == {
            *Purpose
        }
        of_all = Counter(status for status in found.values())
        assert of_all.keys() == {200}
        # The links are alive: what a scanner may not do, a reader's button does.
        for path in {path for _, path in found if path.startswith("/readers/leave/")}:
            assert reader.post(path).status == 200
            break
        assert reader.tables() != before
