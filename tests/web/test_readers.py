"""Readers' pages over HTTP: subscribing, confirming, leaving and coming back, and what none of it gives away.

Not here: what is done (tests/jobs), how the pages look (tests/rendering).
"""

import json
import logging
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from feeds.rules.asking import STEP
from feeds.rules.reader_tokens import Purpose, reader_token
from feeds.store import keys, schema, subscribers
from feeds.web.readers import as_logged
from tests.site_fixtures import ROOT
from tests.store.notice_givens import everything_written
from tests.web.reader_givens import ANN, PAGES, action, reading

DAY = timedelta(days=1)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
BOUNDARY = "multipart/form-data; boundary=x"
UPLOADED = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.fixture
def reader(site):
    with reading(site) as reader:
        yield reader


def joined(reader, address=ANN, newsletter="weekly"):
    """Let somebody subscribe and confirm; return the path of their link to leave, as the welcome has it."""
    reader.subscribe(address, newsletter)
    assert reader.post(reader.link("confirm")).status == 200
    return left_by(reader, address, newsletter)


def left_by(reader, address=ANN, newsletter="weekly"):
    """Return the path by which somebody leaves, as a message that is built for them has it."""
    with reader.store.reading() as tx:
        who = subscribers.get_by_key(tx, address)
        held = subscribers.list_subscriptions(tx, [who.id])[who.id, newsletter]
        key = keys.find_current(tx)
    token = reader_token(Purpose.LEAVE, (who.id, newsletter), state=str(held.generation), key=key)
    return f"/readers/leave/{token}"


def states(reader, address=ANN):
    with reader.store.reading() as tx:
        who = subscribers.get_by_key(tx, address)
        return {slug: str(one.state) for (_, slug), one in subscribers.list_subscriptions(tx, [who.id]).items()}


# ---- the way in ----


def test_form_names_each_newsletter_how_often_it_comes_and_what_one_agrees_to(reader):
    page = reader.ask("/readers/").body.decode()
    assert re.findall(r'name="newsletter" value="(\w+)"', page) == ["weekly", "daily"]
    assert "Weekly, on Monday" in page
    assert "You agree that The Harbour Gazette mails you the newsletters ticked." in page
    assert "<script" not in page


def test_who_asks_confirms_and_is_subscribed_and_welcome(reader):
    assert "Look into your mailbox" in reader.subscribe(newsletter=["weekly", "daily"]).body.decode()
    assert reader.mailed() == [("confirm", ANN)]
    link = reader.link("confirm")
    page = reader.ask(link).body.decode()
    assert all(said in page for said in (ANN, "The Harbour Weekly", "Harbour Daily", "You agree that"))
    assert states(reader) == {"weekly": "pending", "daily": "pending"}
    assert "You are subscribed" in reader.post(link).body.decode()
    assert states(reader) == {"weekly": "active", "daily": "active"}
    assert "You are subscribed" in reader.post(link).body.decode()
    assert reader.mailed() == [("confirm", ANN), ("welcome", ANN), ("welcome", ANN)]
    assert reader.woken


def test_wording_in_the_readers_language_is_kept_with_the_consent(reader):
    reader.subscribe(language="de", timezone="Asia/Tokyo")
    with reader.store.reading() as tx:
        (step,) = subscribers.list_consent_events(tx, subscribers.get_by_key(tx, ANN).id)
    assert (step.event, step.origin) == ("asked", "web, from 127.0.0.1")
    assert step.wording.startswith("Sie sind einverstanden")
    assert '<html lang="de"' in reader.ask(reader.link("confirm")).body.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"newsletter": "weekly", "address": "ann@"}, "Write an e-mail address"),
        ({"address": ANN}, "Tick a newsletter."),
        ({"newsletter": "other", "address": ANN}, "Tick a newsletter."),
    ],
)
def test_what_was_filled_in_wrongly_is_told_and_the_rest_is_kept(reader, fields, said):
    answer = reader.post("/readers/subscribe", timezone="Asia/Tokyo", **fields)
    page = answer.body.decode()
    assert (answer.status, said in page) == (422, True)
    assert f'value="{fields["address"]}"' in page
    assert "<option selected>Asia/Tokyo</option>" in page
    assert ("checked" in page) == (fields.get("newsletter") == "weekly")
    assert reader.mailed() == []


@pytest.mark.rule("T88")
def test_program_that_fills_in_every_field_gets_the_same_page_and_no_mail(reader):
    trapped, real = reader.subscribe("bot@x.example", website="x"), reader.subscribe("bot@x.example")
    assert (trapped.status, trapped.body) == (real.status, real.body)
    assert reader.mailed() == [("confirm", "bot@x.example")]


@pytest.mark.rule("T88")
def test_one_address_is_mailed_once_a_day_and_one_network_asks_so_often(site):
    with reading(site, "asks_per_network = 5\n") as reader:
        found = [reader.subscribe().status for _ in range(3)]
        found += [reader.subscribe(f"r{n}@x.example").status for n in range(3)]
        assert found == [200] * 5 + [429]
        assert len(reader.mailed()) == 3
        assert reader.subscribe("another@x.example")["retry-after"] == "3600"


# ---- the way out ----


@pytest.mark.rule("T81")
@pytest.mark.rule("M2")
@pytest.mark.parametrize("how", [{"fields": ONE_CLICK}, {"kind": BOUNDARY, "body": UPLOADED}], ids=["coded", "parts"])
def test_one_click_leaves_without_cookie_or_redirect_and_again(reader, how):
    link = joined(reader)
    for _ in range(2):
        answer = reader.post(link, **how.get("fields", {}), **{k: v for k, v in how.items() if k != "fields"})
        assert (answer.status, answer["set-cookie"], answer["location"]) == (200, None, None)
        assert answer["content-type"].startswith("text/plain")
        assert states(reader) == {"weekly": "ended"}
    assert ("left", ANN) not in reader.mailed()


@pytest.mark.rule("T86")
def test_stranger_with_a_forwarded_mail_ends_one_newsletter_and_the_reader_can_undo_it(reader):
    reader.subscribe(newsletter=["weekly", "daily"])
    reader.post(reader.link("confirm"))
    link = left_by(reader)
    assert "Leave The Harbour Weekly?" in reader.ask(link).body.decode()
    left = reader.post(link)
    assert "You have left The Harbour Weekly" in left.body.decode()
    assert states(reader) == {"weekly": "ended", "daily": "active"}
    assert ("left", ANN) in reader.mailed()
    assert "You are back" in reader.post(action(left, link)).body.decode()
    assert states(reader) == {"weekly": "active", "daily": "active"}


def test_link_in_the_mail_that_tells_of_leaving_leads_to_a_button(reader):
    reader.post(joined(reader))
    link = reader.link("back")
    assert "Subscribe again" in reader.ask(link).body.decode()
    assert states(reader) == {"weekly": "ended"}
    reader.post(link)
    assert states(reader) == {"weekly": "active"}


# ---- all that one has ----


def test_reader_sees_moves_and_is_forgotten_by_a_link_that_is_mailed(reader):
    joined(reader)
    with reader.store.writing() as tx:
        tx.execute(delete(schema.asked))  # as if a day went by
    reader.post("/readers/manage", address=ANN)
    link = reader.link("manage")
    page = reader.ask(link).body.decode()
    assert all(said in page for said in (ANN, "The Harbour Weekly", "Unsubscribe", "Forget me"))
    data = reader.post(link, do="data")
    assert json.loads(data.body)["subscriber"]["address"] == ANN
    assert data["content-disposition"] == 'attachment; filename="my-data.json"'
    assert "Look into your mailbox" in reader.post(link, do="move", address="new@x.example").body.decode()
    move = reader.link("move")
    assert "Move to new@x.example?" in reader.ask(move).body.decode()
    assert "new@x.example" in reader.post(move).body.decode()
    assert states(reader, "new@x.example") == {"weekly": "active"}
    assert reader.ask(link).status == 410  # it lies in the mailbox of before
    reader.post("/readers/manage", address="new@x.example")
    link = reader.link("manage")
    assert "Forget me" in reader.post(link, do="forget").body.decode()  # the box was not ticked
    assert "You are forgotten" in reader.post(link, do="forget", sure="yes").body.decode()
    assert reader.ask(link).status == 410


def test_who_moves_to_the_address_of_a_reader_is_told_why_that_cannot_be(reader):
    joined(reader)
    joined(reader, "bob@x.example")
    reader.post("/readers/manage", address=ANN)
    reader.post(reader.link("manage"), do="move", address="bob@x.example")
    move = reader.link("move")
    for answer in (reader.ask(move), reader.post(move)):
        assert (answer.status, b"bob@x.example has subscriptions of its own" in answer.body) == (409, True)
    assert states(reader, "bob@x.example") == {"weekly": "active"}


# ---- what is given away ----


@pytest.mark.rule("T80")
@pytest.mark.rule("T84")
def test_link_that_is_not_good_is_answered_like_any_other_and_changes_nothing(reader):
    link = joined(reader)
    purpose, token = link.split("/")[2:]
    who, slug, *rest = token.split(".")
    reader.post(link)
    reader.subscribe("bob@x.example", "daily")
    with reader.store.writing() as tx:
        there = subscribers.list_subscriptions(tx, [who])[who, "weekly"]
        subscribers.mark_active(tx, [(who, "weekly")], at=there.confirmed_at, floors={"weekly": there.floor_at})
    bad = [
        link,  # of before the new subscription
        link[:-1],
        link[:-1] + ("0" if link[-1] != "0" else "1"),
        f"/readers/preferences/{token}",
        f"/readers/{purpose}/{'.'.join((who, 'daily', *rest))}",
        f"/readers/{purpose}/{'.'.join(('0' * len(who), slug, *rest))}",
        "/readers/leave/nobody",
        "/readers/confirm/x",
        "/readers/back/x/y",
        "/readers/nothing/x",
    ]
    before = reader.tables()
    for method in (reader.ask, reader.post):
        found = [method(path) for path in bad]
        assert {answer.status for answer in found} == {410}
        assert len({re.sub(rb'"(\.\./)*', b'"', answer.body) for answer in found}) == 1
    assert reader.tables() == before


@pytest.mark.rule("T81")
@pytest.mark.rule("T82")
def test_scanner_that_follows_every_link_changes_nothing(reader):
    link = joined(reader)
    reader.subscribe("bob@x.example")
    reader.post(link)
    paths = ["/readers/", "/readers/subscribe", "/readers/manage", link, reader.link("confirm"), reader.link("back")]
    paths += [reader.link("confirm", "confirm"), left_by(reader, "bob@x.example"), "/readers/manage/x"]
    before = reader.tables()
    for path in paths:
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            assert reader.ask(path, method).status < 500
    assert reader.tables() == before


@pytest.mark.rule("T83")
def test_no_answer_is_kept_indexed_or_told_to_others(reader):
    link = joined(reader)
    for answer in (reader.ask(link), reader.post(link), reader.ask("/readers/x"), reader.post(link, **ONE_CLICK)):
        assert answer["cache-control"] == "no-store"
        assert answer["referrer-policy"] == "no-referrer"
        assert answer["x-robots-tag"] == "noindex, nofollow"
        assert answer["set-cookie"] is None
    page = reader.ask("/readers/")
    assert '<meta name="referrer" content="no-referrer">' in page.body.decode()
    policy = page["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.rule("T83")
def test_log_tells_no_token(reader, caplog):
    caplog.set_level(logging.INFO, "pressrun.access")
    link = joined(reader)
    reader.ask(link)
    reader.ask(f"{link}?lang=de")
    token = link.rpartition("/")[2]
    assert token not in caplog.text
    assert "/readers/leave/…" in caplog.text
    assert as_logged("/READERS/abc.1.2") == as_logged(f"/readers/{token}") == "/readers/…"
    assert as_logged("/readers/") == "/readers/"


@pytest.mark.rule("T89")
def test_nobody_learns_by_asking_whom_we_know(reader):
    joined(reader)
    for path, fields in (("/readers/subscribe", {"newsletter": "weekly"}), ("/readers/manage", {})):
        answers, times = [], []
        for address in (ANN, "eve@x.example"):
            begun = time.monotonic()
            answers.append(reader.post(path, address=address, **fields))
            times.append(time.monotonic() - begun)
        known, unknown = answers
        assert known.body.replace(ANN.encode(), b"eve@x.example") == unknown.body
        dated = {"date", "content-length"}
        assert {k: v for k, v in known.headers.items() if k not in dated} == {
            k: v for k, v in unknown.headers.items() if k not in dated
        }
        assert min(times) >= STEP * 0.99


@pytest.mark.rule("T90")
@pytest.mark.rule("T92")
def test_no_link_or_way_follows_what_a_request_says(reader):
    answer = reader.ask("/readers/?lang=https://evil.example/&next=https://evil.example/", host="evil.example")
    assert b"evil.example" not in answer.body
    assert answer["location"] is None
    form = b"newsletter=weekly&address=ann@x.example"
    reader.ask("/readers/subscribe", "POST", body=form, host="evil.example", Content_Length=str(len(form)))
    (notice,) = everything_written(reader.store)
    assert b"https://gazette.example/readers/confirm/" in notice.parts["text"]
    assert b"evil.example" not in b"".join(notice.parts.values())


@pytest.mark.rule("T85")
def test_link_of_an_old_key_is_good_for_its_days_of_grace_and_no_longer(reader):
    link, now = joined(reader), datetime.now(UTC)
    for until, status in ((now + DAY, 200), (now - DAY, 410)):
        with reader.store.writing() as tx:
            keys.rotate(tx, at=now, until=until)
            tx.execute(update(schema.keys).where(schema.keys.c.retired_at.is_not(None)).values(retired_at=until))
        assert reader.ask(link).status == status
    assert reader.ask(left_by(reader)).status == 200


# ---- forms and methods ----


def test_form_that_is_too_large_is_refused(reader):
    assert reader.post("/readers/subscribe", address="a" * 17_000).status == 413


@pytest.mark.parametrize("body", [b"", b"--x\r\nnonsense", b"&" * 9_000, b"\xff=\xfe", b"a=1;b=2", b"%%%"])
@pytest.mark.parametrize("kind", ["", "text/plain", BOUNDARY, "multipart/form-data", "application/json"])
def test_nonsense_is_answered_without_a_fault(reader, body, kind):
    assert reader.post("/readers/subscribe", kind=kind, body=body).status in {400, 422}
    assert reader.post("/readers/leave/x", kind=kind, body=body).status in {400, 410}


def test_other_methods_are_told_what_can_be_done(reader):
    answer = reader.ask("/readers/", "DELETE")
    assert (answer.status, answer["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert reader.ask("/readers/", "HEAD").body == b""


def test_pages_are_there_only_where_the_config_says_so_and_as_soon_as_it_does(site):
    with reading(site, pages="") as reader:
        assert reader.ask("/readers/").status == 404
        assert reader.post("/readers/subscribe", address=ANN, newsletter="weekly").status == 405
        assert b"Subscribe by mail" not in reader.ask("/").body
        site.configure(PAGES)
        assert reader.ask("/readers/").status == 200


def test_pages_of_the_site_lead_to_the_form(reader):
    assert b'<a href="./readers/" rel="nofollow">Subscribe by mail</a>' in reader.ask("/").body
    assert b"Get The Harbour Weekly by mail" in reader.ask("/newsletters/weekly/").body


def test_pages_that_are_switched_on_have_the_site_printed_again(site):
    site.article("ferry.md", title="The ferry runs again")
    site.print()
    site.configure(PAGES)
    site.print()
    assert "Subscribe by mail" in (site.public / "index.html").read_text()


def test_limit_of_one_client_holds_here_too(site):
    with reading(site, "[web]\nrequests_per_minute = 3\n") as reader:
        assert [reader.ask("/readers/").status for _ in range(4)] == [200, 200, 200, 429]


def test_store_that_cannot_be_used_is_told_without_a_word_of_it(reader, site):
    reader.store.close()
    (site.folder / "var" / "pressrun.db").write_bytes(b"no database" * 1000)
    answer = reader.post("/readers/leave/a.weekly.1." + "0" * 40)
    assert (answer.status, answer["cache-control"]) == (503, "no-store")
    assert b"pressrun.db" not in answer.body


# ---- languages ----


@pytest.mark.parametrize(
    ("accepts", "query", "language"),
    [
        ("de-AT,en;q=0.5", "", "de"),
        ("nl, fr;q=0.8, en;q=0.9", "", "en"),
        ("zh-TW", "", "zh-Hant"),
        ("ar", "?lang=he", "he"),
        ("xx;q=9,,;;,de;q=0", "", "en"),
        ("", "?lang=<b>", "en"),
    ],
)
def test_pages_speak_the_language_that_is_asked_for(reader, accepts, query, language):
    answer = reader.ask(f"/readers/{query}", accept_language=accepts)
    direction = "rtl" if language in {"ar", "he"} else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in answer.body.decode()
    assert answer["vary"] == "Accept-Language"


def test_pages_of_a_subscription_speak_the_language_that_its_reader_chose(reader):
    reader.subscribe(language="ar")
    reader.post(reader.link("confirm"))
    page = reader.ask(left_by(reader), accept_language="de").body.decode()
    assert '<html lang="ar" dir="rtl">' in page


def test_pages_of_a_reader_who_chose_no_language_speak_the_browsers(reader):
    way_out = joined(reader)
    with reader.store.writing() as tx:
        tx.execute(update(schema.subscribers).values(language=None))
    assert '<html lang="de" dir="ltr">' in reader.ask(way_out, accept_language="de").body.decode()
    assert '<html lang="en" dir="ltr">' in reader.ask(way_out).body.decode()


def test_pages_have_the_colours_of_the_theme_and_no_style_that_the_policy_forbids(site):
    with reading(site, '[theme]\naccent = "#7a1f3d"\nradius = 8\n') as reader:
        answer = reader.ask("/readers/")
        (css,) = re.findall(r"<style>(.*?)</style>", answer.body.decode())
        assert "--accent:#7a1f3d" in css
        assert re.search(r"style-src [^;]*'sha256-[A-Za-z0-9+/]{43}='", answer["content-security-policy"])
        assert " style=" not in answer.body.decode()


def test_form_of_the_documentation_subscribes(reader):
    (form,) = re.findall(r"```html\n(.*?)```", (ROOT / "docs" / "web.md").read_text(), flags=re.DOTALL)
    (target,) = re.findall(r'action="https://gazette\.example([^"]*)"', form)
    fields = dict(re.findall(r'name="(\w+)" value="(\w+)"', form)) | {"address": ANN}
    assert reader.post(target, **fields).status == 200
    assert reader.mailed() == [("confirm", ANN)]
