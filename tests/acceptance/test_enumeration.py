"""A thousand questions by each form do not tell whom the site knows: one status, one head, one body for all.

How long the answers take is measured by bench/serve/enumeration.py; that they take whole steps is a test of the pages.
"""

import pytest

from tests.acceptance.asking_givens import LIMITS, STANDINGS, asked, people
from tests.cli.test_cli_serve import serve
from tests.store.notice_givens import everything_written
from tests.web.reader_givens import PAGES, tables

pytestmark = pytest.mark.once

EACH = 200
WORKERS = 64  # each answer takes its time
FORMS = {"/readers/subscribe": {"newsletter": "weekly"}, "/readers/manage": {}}


@pytest.fixture
def served(site):
    site.configure(PAGES + LIMITS)
    site.article("ferry.md")
    site.print()
    with site.app() as app, serve(site, "--no-schedule") as (_, served):
        yield app.store, served


@pytest.mark.rule("T89")
@pytest.mark.parametrize("path", FORMS)
def test_thousand_questions_are_answered_alike_whoever_is_asked_for(served, path):
    store, address = served
    questions = [
        (standing, one, FORMS[path] | {"address": one})
        for standing, addresses in people(store, EACH).items()
        for one in addresses
    ]
    told = asked(address, path, questions, workers=WORKERS)
    assert len(told) == EACH * len(STANDINGS) == 1000
    assert {(one.status, one.headers, one.body) for one in told} == {(200, told[0].headers, told[0].body)}
    # The answers are alike, and what came of them is not: the store tells the five apart.
    mailed = {one.address[:4] for one in everything_written(store)}
    assert ("know" in mailed, "supp" in mailed) == (True, False)


@pytest.mark.rule("T80")
@pytest.mark.rule("T89")
def test_thousand_forged_links_are_answered_alike_whoever_they_name(served):
    store, address = served
    people(store, EACH)
    ids = [row.split("'")[1] for row in tables(store)["subscribers"]]
    assert len(ids) >= 400
    named = [(("known", who) if n % 2 else ("unknown", who[::-1])) for n, who in enumerate((ids * 3)[:1000])]
    questions = [(standing, f"{who}.weekly.1.{'0' * 40}", {"x": ""}) for standing, who in named]
    told = asked(address, "/readers/leave/{}", questions, workers=WORKERS)
    assert len(told) == 1000
    assert {(one.status, one.headers, one.body) for one in told} == {(410, told[0].headers, told[0].body)}
