"""Editions of every kind, made by number: each newsletter of a site differs in layout, language, pictures and length.

The same number makes the same edition on every machine. Not here: what judges make of them.
"""

import json
from datetime import timedelta
from random import Random

from feeds.app.post import Post
from feeds.config.schema import Layout, Pictures
from tests.acceptance.mail_givens import join, letters_in
from tests.rendering.picture_givens import drawing, photograph, written

LENGTHS = (1, 2, 3, 5, 8, 12, 20, 30)  # entries in an edition
SPEECH = {
    "ar": "كان ضابط الميناء يعدّ القوارب في كل مساء ويكتب في دفتره ما حمله المدّ إلى الرصيف",
    "de": "Am Abend zählt der Hafenmeister die Boote und schreibt auf, was die Flut an den Kai gebracht hat",
    "en": "At dusk the harbour master counts the boats and writes down what the tide has brought to the quay",
    "es": "Al anochecer la capitana del puerto cuenta los barcos y anota lo que la marea trajo al muelle",
    "fr": "Le soir, la capitaine du port compte les bateaux et note ce que la marée a laissé sur le quai",
    "he": "בערב סופר מנהל הנמל את הסירות ורושם ביומן את מה שהביאה הגאות אל הרציף",
    "ja": "夕方になると港長は船を数え、潮が岸壁に運んできたものを帳面に書き留める",
    "ko": "저녁이면 항만장은 배를 세고 밀물이 부두에 가져온 것을 장부에 적는다",
    "pt": "Ao fim da tarde a capitã do porto conta os barcos e anota o que a maré trouxe ao cais",
    "zh": "傍晚，港务长清点船只，并把潮水带到码头的东西记在本子上",
}
HOSTILE = (
    "Boats, \r\nBcc: z@evil.example\r\n\r\nand more",
    "=?utf-8?q?Boats=0D=0ABcc:_z@evil.example?=",
    "<script>alert(1)</script> & <b>tides</b>",
    "{{ 7 * 7 }} {% include 'boats' %} %s",
    "Boats \u202egnp.exe\u2066 and \u200b tides",
    "👩\u200d👩\u200d👧 🏴\U000e0067\U000e007f ﷺ e\u0301\ufffd",
    "A very long headline about boats " * 40,
    "\n.\nquit\n.\n",
    "unsubscribe=3D https://evil.example/?q=\"'",
)
NEWSLETTER = """
[[newsletters]]
slug = "{slug}"
title = "{title}"
from = "The Harbour Gazette <{sender}>"
reply_to = "newsroom@{domain}"
tags = ["{slug}"]
layout = "{layout}"
pictures = "{pictures}"
language = "{language}"
maximum = 30
[newsletters.cadence]
every = "month"
"""


def slug_of(number):
    return f"edition-{number:02}"


def kind_of(number):
    """Return the layout, pictures and language of the newsletter of that number."""
    random = Random(f"newsletter {number}")
    return random.choice([*Layout]), random.choice([*Pictures]), random.choice([*SPEECH])


def newsletter(number, *, sender):
    """Return the part of a config for the newsletter of that number."""
    layout, pictures, language = kind_of(number)
    return NEWSLETTER.format(
        slug=slug_of(number),
        title=_words(Random(f"title {number}"), SPEECH[language], 3),
        sender=sender,
        domain=sender.rpartition("@")[2],
        layout=layout,
        pictures=pictures,
        language=language,
    )


def delivered(site, numbers, *, readers, at):
    """Let the newsletters of these numbers bring an edition each to a reader; return reader → message.

    The site's config names them all and the maildir; ``readers`` maps a number to an address.
    """
    site.now = at
    for number in numbers:
        _write(site, number, at - timedelta(days=2))
    site.print()
    site.now = at
    for number in numbers:
        join(site, readers[number], newsletter=slug_of(number))
    with site.app() as app:
        for number in numbers:
            (report,) = Post(app).compose(slug_of(number), at=at).reports
            assert report.deliveries == 1, report
        Post(app).deliver()
    return {letter.recipient: letter.data for letter in letters_in(site.folder / "var" / "maildir")}


def _write(site, number, date):
    """Write the articles of an edition."""
    random, speech = Random(f"articles {number}"), SPEECH[kind_of(number)[2]]
    for place in range(LENGTHS[number % len(LENGTHS)]):
        key = f"{slug_of(number)}/{place:02}"
        title = random.choice(HOSTILE) if place and random.random() < 0.3 else f"{_words(random, speech, 6)} {place}"
        front = {"title": json.dumps(title), "date": date.strftime("%Y-%m-%d %H:%M"), "tags": f"[{slug_of(number)}]"}
        front["author"] = json.dumps(_words(random, speech, 3))
        if random.random() < 0.5:
            kind, picture = random.choice([("jpeg", photograph), ("png", drawing), ("webp", photograph)])
            site.write(f"{key}.{kind}", written(picture(), kind))
            front |= {"image": f"{place:02}.{kind}", "image_alt": json.dumps(_words(random, speech, 4))}
        site.article(f"{key}.md", _body(random, speech), **front)


def _body(random, speech):
    paragraphs = [f"{_words(random, speech, 40)}." for _ in range(random.randint(1, 4))]
    for n in range(random.randint(0, 5)):
        url = f"https://harbour.example/{random.randint(1, 999)}/{n}"
        paragraphs.append(f"{speech} [{_words(random, speech, 2)}]({url})")
    random.shuffle(paragraphs)
    return "\n\n".join(paragraphs)


def _words(random, speech, most):
    pieces = speech.split() if " " in speech else speech
    start = random.randrange(len(pieces))
    return ("" if isinstance(pieces, str) else " ").join((pieces * 3)[start : start + random.randint(2, most)])
