"""Which page answers a reader, and what is done for it: a GET looks, a POST does.

Each answer waits for the store. Not here: reading the request (readers), what is done (jobs.subscribe).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from feeds.errors import UsageWrong
from feeds.jobs.subscribe.asking import Asked, ask, ask_to_manage
from feeds.jobs.subscribe.choosing_by_link import Chosen, choose_by_link, chosen
from feeds.jobs.subscribe.confirming import Offer, confirm, offered
from feeds.jobs.subscribe.doors import Door
from feeds.jobs.subscribe.leaving_by_link import LinkStanding, come_back, leave, leave_in_one_click, standing
from feeds.jobs.subscribe.managing import (
    Overview,
    ask_to_move,
    change_door_by_link,
    data_of,
    forget_by_link,
    move,
    new_address,
    overview,
)
from feeds.rendering.reader_pages import (
    Item,
    Said,
    agreed,
    subscribe_page,
)
from feeds.rendering.words import Words
from feeds.rules.reader_tokens import Purpose
from feeds.web import answers
from feeds.web.answers import Answer
from feeds.web.mail_answers import mail_answer
from feeds.web.reader_asking import choices_of, form_of, is_torn, problems_of, zone_of
from feeds.web.reader_forms import Fields
from feeds.web.reader_items import door_words, item_of
from feeds.web.reader_sums import has_proven, script_of, with_sum
from feeds.web.reader_visits import Visit
from feeds.web.reader_wishes import day_of, wish_of, wishes_of

ONE_CLICK = "One-Click"
TRAP = "website"  # a field that no person sees: who fills it in is a program
HOUR = ("retry-after", "3600")


def answer_to(visit: Visit) -> Answer:
    """Answer a visit."""
    if visit.token:
        does, looks = _OF_TOKENS.get(visit.step, (_bad_link, _bad_link))
        return does(visit) if visit.is_post else looks(visit)
    if visit.step in {"", "subscribe"}:
        return _subscribe(visit) if visit.is_post else _form_page(visit)
    if visit.step == Purpose.MANAGE:
        return _manage(visit) if visit.is_post else visit.shows(_asking(visit))
    return _bad_link(visit)


# ---- to subscribe ----


def _form_page(visit: Visit, problems: tuple[str, ...] = ()) -> Answer:
    desk = visit.desk
    with desk.store.reading() as tx:
        topics = desk.topics.now(tx)
    form = form_of(
        desk.config.newsletters,
        visit.form,
        visit.words,
        topics=topics,
        problems=problems,
        guess=visit.zone_guess,
    )
    form = with_sum(form, visit.desk, now=visit.now, is_asking=visit.is_post)
    page = subscribe_page(form, visit.site, visit.desk.templates, here=visit.here)
    return visit.paged(page, 422 if problems else 200, script=script_of(form, visit.desk))


def _subscribe(visit: Visit) -> Answer:
    titles = {one.slug: one.title for one in visit.desk.config.newsletters}
    slugs = tuple(dict.fromkeys(slug for slug in visit.form.get("newsletter", ()) if slug in titles))
    mailbox = visit.mailbox()
    problems = problems_of(visit.form, has_newsletter=bool(slugs), has_address=mailbox is not None)
    if problems or mailbox is None:
        return _form_page(visit, problems)
    if visit.field(TRAP):
        return _look_into_your_mailbox(visit)
    if not has_proven(visit.desk, visit.field("proof"), visit.field("address"), now=visit.now):
        return _form_page(visit, ("proof",))
    asked = Asked(
        mailbox=mailbox,
        newsletters=slugs,
        language=visit.site.language,
        timezone=zone_of(visit.form),
        network=visit.network,
        wording=agreed(visit.site, visit.desk.templates, [titles[slug] for slug in slugs]),
        preferences=choices_of(visit.form, slugs),
    )
    return _look_into_your_mailbox(visit) if ask(visit.desk, asked, now=visit.now) else _too_often(visit)


def _manage(visit: Visit) -> Answer:
    mailbox = visit.mailbox()
    if mailbox is None:
        return visit.shows(replace(_asking(visit), problem=True), 422)
    language = visit.site.language
    if visit.field(TRAP) or ask_to_manage(visit.desk, mailbox, language=language, network=visit.network, now=visit.now):
        return _look_into_your_mailbox(visit)
    return _too_often(visit)


def _asking(visit: Visit) -> Said:
    return Said(heading=visit.words.text("Your subscriptions"), asks=True)


def _look_into_your_mailbox(visit: Visit) -> Answer:
    """Say the same whatever the address is: nobody learns here whom we know."""
    words = visit.words
    sent = words.text("What there is to send to {address} is on its way. Follow the link in it.", address=_typed(visit))
    late = words.text(
        "Nothing there in a few minutes? Look among the junk mail. The same is sent to an address once a day at most."
    )
    return visit.shows(Said(heading=words.text("Look into your mailbox"), lines=(sent, late)))


def _too_often(visit: Visit) -> Answer:
    words = visit.words
    line = words.text("Too much was asked from your network. Try again in an hour.")
    return visit.shows(Said(heading=words.text("Asked too often"), lines=(line,)), 429, HOUR)


# ---- to confirm ----


def _offer_page(visit: Visit) -> Answer:
    offer = offered(visit.desk, visit.token, now=visit.now)
    if offer is None:
        return _bad_link(visit)
    visit = visit.preferring(offer.language)
    words = visit.words
    lines = (offer.wording, words.text("For {address}:", address=offer.address))
    said = Said(heading=words.text("Confirm your subscription"), lines=lines, items=_titles(visit, offer))
    return visit.shows(replace(said, button=words.text("Confirm")))


def _confirm(visit: Visit) -> Answer:
    offer = confirm(visit.desk, visit.token, network=visit.network, now=visit.now)
    if offer is None:
        return _bad_link(visit)
    visit = visit.preferring(offer.language)
    line = visit.words.text("From now on it comes to {address}.", address=offer.address)
    heading = visit.words.text("You are subscribed")
    return visit.shows(Said(heading=heading, lines=(line,), items=_titles(visit, offer)))


def _titles(visit: Visit, offer: Offer) -> tuple[Item, ...]:
    found = (visit.desk.newsletter(slug) for slug in offer.newsletters)
    return tuple(Item(text=one.title, note=offer.said.get(one.slug, "")) for one in found if one)


# ---- to leave, and come back ----


def _leave_page(visit: Visit) -> Answer:
    found = standing(visit.desk, visit.token, purpose=Purpose.LEAVE, now=visit.now)
    if found is None or not found.is_active:
        return _left(visit, found) if found else _bad_link(visit)
    return _asks_to_leave(visit, found)


def _asks_to_leave(visit: Visit, found: LinkStanding) -> Answer:
    visit = visit.preferring(found.language)
    words = visit.words
    lines = [words.text("Whatever else you get from us stays as it is.")]
    heading = words.text("Leave {newsletter}?", newsletter=found.title)
    if not found.title:
        heading = words.text("This newsletter is published no more")
        lines.insert(0, _unless_it_is_back(words))
    said = Said(heading=heading, lines=tuple(lines), button=words.text("Unsubscribe"), action=found.leave_url)
    return visit.shows(said)


def _leave(visit: Visit) -> Answer:
    """End a subscription: with a page, or in a line to the mail program that clicked for its reader (RFC 8058)."""
    if visit.field("List-Unsubscribe") == ONE_CLICK:
        is_good = leave_in_one_click(visit.desk, visit.token, network=visit.network, now=visit.now)
        return answers.told(200, "Unsubscribed.") if is_good else answers.told(410, "This link is no longer good.")
    found = leave(visit.desk, visit.token, network=visit.network, now=visit.now)
    return _left(visit, found) if found else _bad_link(visit)


def _left(visit: Visit, found: LinkStanding) -> Answer:
    visit = visit.preferring(found.language)
    words = visit.words
    lines = (words.text("It is sent to you no more. A mail that is on its way may still arrive."),)
    heading = words.text("You have left {newsletter}", newsletter=found.title)
    if not found.title:
        heading = words.text("You have left a newsletter of {site}", site=visit.site.title)
    said = Said(heading=heading, lines=lines)
    button = words.text("Subscribe again") if found.back_url else ""
    return visit.shows(replace(said, button=button, action=found.back_url))


def _back_page(visit: Visit) -> Answer:
    found = standing(visit.desk, visit.token, purpose=Purpose.BACK, now=visit.now)
    if found is None or (not found.is_active and not found.back_url):
        return _bad_link(visit)
    return _is_back(visit, found) if found.is_active else _left(visit, found)


def _come_back(visit: Visit) -> Answer:
    found = come_back(visit.desk, visit.token, network=visit.network, now=visit.now)
    return _is_back(visit, found) if found else _bad_link(visit)


def _is_back(visit: Visit, found: LinkStanding) -> Answer:
    visit = visit.preferring(found.language)
    words = visit.words
    line = words.text("{newsletter} comes to you as before.", newsletter=found.title)
    said = Said(heading=words.text("You are back"), lines=(line if found.title else _unless_it_is_back(words),))
    return visit.shows(said)


def _unless_it_is_back(words: Words) -> str:
    return words.text("Nothing of it is sent to you, unless it is published again.")


# ---- all that one has ----


def _preferences_page(visit: Visit, line: str = "", *, posted: Fields | None = None) -> Answer:
    """Show what was chosen, below a line of our words; or what was ``posted``, where that could not be taken."""
    found = chosen(visit.desk, visit.token, now=visit.now)
    if found is None:
        return _bad_link(visit)
    if not isinstance(found, Chosen):  # it has ended, or its newsletter is in the config no more
        return _asks_to_leave(visit, found) if found.is_active else _left(visit, found)
    visit = visit.preferring(found.standing.language)
    words, zone = visit.words, visit.desk.config.site.zone
    heading = words.text("You get {newsletter}", newsletter=found.standing.title)
    lines = (words.text(line),) if line else ()
    said = Said(heading=heading, items=(_item(visit, found.standing),), lines=lines, asks=True)
    wishes = wishes_of(found, words, zone, now=visit.now, posted=posted)
    return visit.shows(replace(said, wishes=wishes), 200 if posted is None else 422)


def _keep_preferences(visit: Visit) -> Answer:
    """Keep what was chosen; what no form of ours sends changes nothing."""
    form = visit.form
    if is_torn(form):
        return _preferences_page(visit, "A topic is followed or left out, not both.", posted=form)
    try:
        until = day_of(visit.field("paused_until"), visit.desk.config.site.zone, now=visit.now)
        is_good = choose_by_link(visit.desk, visit.token, wish_of(form), paused_until=until, now=visit.now)
    except UsageWrong:
        return _preferences_page(visit, "One of these cannot be chosen. Nothing was changed.", posted=form)
    return _preferences_page(visit, "It is kept.") if is_good else _bad_link(visit)


def _overview_page(visit: Visit, line: str = "") -> Answer:
    found = overview(visit.desk, visit.token, now=visit.now)
    if found is None:
        return _bad_link(visit)
    lines = (visit.words.text("For {address}:", address=found.address), *((line,) if line else ()))
    return visit.shows(replace(_all(visit, found), lines=lines))


def _item(visit: Visit, found: LinkStanding) -> Item:
    return item_of(found, visit.words, now=visit.now, zone=visit.site.time_zone, is_whole=visit.step == Purpose.MANAGE)


def _all(visit: Visit, found: Overview) -> Said:
    items = tuple(_item(visit, one) for one in found.standings)
    return Said(heading=visit.words.text("Your subscriptions"), items=items, manages=True)


def _do(visit: Visit) -> Answer:
    """Do what one of the buttons below all that one has is for."""
    if visit.field("do") == "data":
        return _data(visit)
    if visit.field("do") == "forget" and visit.field("sure") == "yes":
        return _forget(visit)
    if visit.field("do") == "move":
        return _ask_to_move(visit)
    return _change_door(visit) if visit.field("do") in list(Door) else _overview_page(visit)


def _change_door(visit: Visit) -> Answer:
    """Have a newsletter come by a private feed, or by mail again."""
    door, slug = Door(visit.field("do")), visit.field("newsletter")
    if not change_door_by_link(visit.desk, visit.token, door, newsletter=slug, now=visit.now):
        return _overview_page(visit)
    newsletter = visit.desk.newsletter(slug)
    return _overview_page(visit, door_words(door, newsletter.title if newsletter else slug, visit.words))


def _data(visit: Visit) -> Answer:
    held = data_of(visit.desk, visit.token, now=visit.now)
    if held is None:
        return _bad_link(visit)
    body = json.dumps(held, ensure_ascii=False, indent=2).encode()
    kept = ("content-disposition", 'attachment; filename="my-data.json"')
    return answers.page(200, body, kind="application/json", policy="default-src 'none'", more=(kept,))


def _forget(visit: Visit) -> Answer:
    if not forget_by_link(visit.desk, visit.token, now=visit.now):
        return _bad_link(visit)
    line = visit.words.text("All that was known of you is erased, and nothing is sent to you any more.")
    return visit.shows(Said(heading=visit.words.text("You are forgotten"), lines=(line,)))


def _ask_to_move(visit: Visit) -> Answer:
    mailbox = visit.mailbox()
    if mailbox is None:
        return _overview_page(visit, visit.words.text("Write an e-mail address, such as ann@example.org."))
    asked = ask_to_move(visit.desk, visit.token, mailbox, language=visit.site.language, now=visit.now)
    return _bad_link(visit) if asked is None else _look_into_your_mailbox(visit)


def _move_page(visit: Visit) -> Answer:
    found = new_address(visit.desk, visit.token, now=visit.now)
    if found is None:
        return _bad_link(visit)
    heading = visit.words.text("Move to {address}?", address=found.address)
    if found.is_taken:
        line = visit.words.text(
            "{address} has subscriptions of its own; nothing can be moved there.", address=found.address
        )
        return visit.shows(Said(heading=heading, lines=(line,), asks=True), 409)
    return visit.shows(Said(heading=heading, button=visit.words.text("Move")))


def _move(visit: Visit) -> Answer:
    address = move(visit.desk, visit.token, network=visit.network, now=visit.now)
    if address is None:
        return _move_page(visit)
    line = visit.words.text("All that you get comes to {address} from now on.", address=address)
    return visit.shows(Said(heading=visit.words.text("Moved"), lines=(line,)))


def _mail_page(visit: Visit) -> Answer:
    return mail_answer(visit) or _bad_link(visit)


def _bad_link(visit: Visit) -> Answer:
    """Say the same of every link that is not good: forged, cut, used up, of another list, of before."""
    words = visit.words
    line = words.text("It is too old, was used up, or is not whole. Nothing has changed.")
    return visit.shows(Said(heading=words.text("This link is no longer good"), lines=(line,), asks=True), 410)


_OF_TOKENS: Mapping[str, tuple[Callable[[Visit], Answer], Callable[[Visit], Answer]]] = MappingProxyType(
    {
        Purpose.CONFIRM: (_confirm, _offer_page),
        Purpose.LEAVE: (_leave, _leave_page),
        Purpose.BACK: (_come_back, _back_page),
        Purpose.PREFERENCES: (_keep_preferences, _preferences_page),
        Purpose.MANAGE: (_do, _overview_page),
        Purpose.MOVE: (_move, _move_page),
        Purpose.EDITION: (_mail_page, _mail_page),
    }
)


def _typed(visit: Visit) -> str:
    mailbox = visit.mailbox()
    return mailbox.address if mailbox else ""
