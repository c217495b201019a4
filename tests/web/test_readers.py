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
from feeds.store import keys, schema, subscribers
from feeds.web.readers import as_logged
from tests.store.notice_givens import everything_written
from tests.web.reader_givens import ANN, action, joined, left_by, reading, states

DAY = timedelta(days=1)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
BOUNDARY = "multipart/form-data; boundary=x"
UPLOADED = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.fixture
def reader(site):
    with reading(site) as reader:
        yield reader


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
    agreed = "You agree that The Harbour Gazette mails you The Harbour Weekly and Harbour Daily."
    assert all(said in page for said in (ANN, agreed))
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
    assert step.wording.startswith("Sie sind einverstanden, dass The Harbour Gazette Ihnen The Harbour Weekly per")
    (notice,) = everything_written(reader.store)
    assert step.wording in " ".join(notice.parts["text"].decode().split())
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
    answer = reader.post("/readers/subscribe", **fields)
    page = answer.body.decode()
    assert (answer.status, said in page) == (422, True)
    assert f'value="{fields["address"]}"' in page
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
    held = json.loads(data.body)
    assert held["subscriber"]["address"] == ANN
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", held["subscriptions"][0]["confirmed_at"])
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
