"""Where the site wants it, a browser does a sum before it may have somebody mailed: by a script of ours and no other.

Not here: what makes a proof good (tests/rules/test_proof_of_work.py).
"""

import base64
import hashlib
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from tests.judges import judge
from tests.rules.test_proof_of_work import solved
from tests.web.reader_givens import ANN, reading

BITS = 10
SUM = f"proof_of_work = {BITS}\n"
EVE = "eve@x.example"
ONCE_MORE = "A form on another page comes without it, and after an hour it is too old. Press the button once more"


@pytest.fixture
def reader(site):
    with reading(site, SUM) as reader:
        yield reader


def asked_of(answer):
    """Return what the form of a page has to prove."""
    (challenge,) = re.findall(r'name="proof" value="([^"]+)" data-bits="10"', answer.body.decode())
    return challenge


@contextmanager
def browser(*, script=True):
    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=judge("chromium"), args=["--no-sandbox"])
        context = chromium.new_context(java_script_enabled=script, locale="en-GB")
        context.set_default_timeout(60_000)
        yield context.new_page()
        chromium.close()


def test_form_asks_for_no_sum_unless_the_site_wants_one(site):
    with reading(site) as reader:
        answer = reader.ask("/readers/")
        assert not re.search(rb"<script|<noscript|proof", answer.body)
        assert "script-src" not in answer["content-security-policy"]


def test_only_that_script_runs_and_the_page_says_what_to_do_without(reader):
    reader.post("/readers/subscribe")
    answer = reader.ask("/readers/")
    page = answer.body.decode()
    (script,) = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    hashed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policies = answer["content-security-policy"], re.search(r'Security-Policy" content="([^"]*)"', page)[1]
    assert all(f"script-src 'sha256-{hashed}';" in policy.replace("&#39;", "'") for policy in policies)
    assert "write to weekly@gazette.example" in re.search(r"<noscript>(.*?)</noscript>", page)[1]
    assert "script-src" not in reader.ask("/readers/manage")["content-security-policy"]


@pytest.mark.rule("T88")
def test_who_did_no_sum_gets_the_form_again_as_it_was_filled_in(reader):
    for proof in ("", "x", asked_of(reader.post("/readers/subscribe"))):
        answer = reader.subscribe(proof=proof)
        page = answer.body.decode()
        assert (answer.status, ONCE_MORE in page, f'value="{ANN}"' in page, "checked" in page) == (
            422,
            True,
            True,
            True,
        )
    assert (reader.mailed(), reader.woken) == ([], [])


@pytest.mark.rule("T88")
def test_who_did_the_sum_is_mailed_and_nobody_else_by_the_same_one(reader):
    proof = solved(asked_of(reader.subscribe()), bits=BITS)
    assert [reader.subscribe(proof=proof).status for _ in range(2)] == [200, 200]
    others = [reader.subscribe(f"victim-{n}@x.example", proof=proof).status for n in range(5)]
    assert others.count(422) >= 4
    assert reader.mailed().count(("confirm", ANN)) == 1


@pytest.mark.rule("T81")
def test_looking_at_the_form_makes_no_key_and_the_first_who_posts_gets_one(reader):
    before = reader.tables()
    assert asked_of(reader.ask("/readers/")) == "0"
    assert reader.tables() == before
    assert re.fullmatch(r"\d+\.1\.[0-9a-f]{40}", asked_of(reader.subscribe()))


def test_browser_does_the_sum_when_the_button_is_pressed(reader):
    reader.subscribe()  # the site has its key
    with browser() as page:
        page.goto(f"{reader.address}readers/")
        page.check("#newsletter-weekly")
        page.fill("#address", f" {ANN} ")
        page.click("form >> button")
        page.wait_for_selector("text=Look into your mailbox")
    assert reader.mailed() == [("confirm", ANN)]


def test_form_on_a_strangers_page_leads_to_ours_where_the_button_is_pressed_once_more(reader, tmp_path):
    fields = f'<input name="newsletter" value="weekly"><input name="address" value="{EVE}">'
    form = f'<form method="post" action="{reader.address}readers/subscribe">{fields}<button>Go</button></form>'
    (tmp_path / "theirs.html").write_text(form)
    with browser() as page:
        page.goto((tmp_path / "theirs.html").as_uri())
        page.click("button")
        page.wait_for_selector(f"text={ONCE_MORE}")
        assert reader.mailed() == []
        page.click("form >> button")
        page.wait_for_selector("text=Look into your mailbox")
    assert reader.mailed() == [("confirm", EVE)]


def test_browser_without_script_is_told_where_to_write(reader):
    with browser(script=False) as page:
        page.goto(f"{reader.address}readers/")
        assert page.is_visible("noscript p")
        assert "Without it, write to weekly@gazette.example" in page.inner_text("noscript p")
