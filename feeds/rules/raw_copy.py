"""Read the raw copy of a news desk: plain text without markup, each block taken for what it is by place and shape.

Lossless: every character stands in some block, in order, white space at the borders apart. Where nothing is sure the
middle of a text is body. Not here: what one line looks like (raw_copy_shapes, raw_copy_people), HTML (copy_to_html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from feeds.model import Block, Role
from feeds.rules.copy_to_html import copy_to_html
from feeds.rules.dates import is_date_line, read_date_line
from feeds.rules.raw_copy_leftovers import is_leftover
from feeds.rules.raw_copy_people import (
    could_be_a_credit,
    ends_with_a_credit,
    ends_with_a_full_credit,
    goes_on_about_the_author,
    is_authors_note,
    is_byline,
    is_contact,
    is_credit,
    is_job,
    is_makers_name,
    is_name,
    names_in_byline,
    names_in_note,
)
from feeds.rules.raw_copy_shapes import (
    LONGEST_CAPTION,
    LONGEST_SUBHEADING,
    count_sentences,
    ends_sentence,
    has_caption_label,
    is_heading,
    is_heading_question,
    is_headline,
    is_kicker,
    is_label_like,
    is_one_sentence,
    is_picture_name,
    is_said_by_a_speaker,
    list_marker,
    reads_as_a_clause,
    reads_like_a_sentence,
    split_dateline,
    starts_with_a_quote,
)
from feeds.rules.raw_copy_split import split_copy

# The whole of raw copy by one name, for those who read it and print it.
__all__ = ["authors_of", "copy_to_html", "date_of", "is_picture_name", "read_raw_copy"]

LONGEST_TAIL = 12  # pieces; a list of names that ends a text is not all credits
EARLY = 2  # paragraphs; a byline that stands lower speaks of somebody else
PLAIN_CAPTIONS = 2  # more short lines in a row under a headline are verse or a table


def read_raw_copy(text: str) -> tuple[Block, ...]:
    """Read raw copy, already cleaned, into its blocks in order; an empty text has none. Never raises."""
    pieces = split_copy(text)
    roles = _top(pieces)
    rest = pieces[len(roles) :]
    tail = _tail(rest)
    main = rest[: len(rest) - len(tail)]
    header = _header(main, signed=_names_in_notes(rest[len(main) :], tail))
    roles += header + _body(main[len(header) :]) + tail
    return tuple(_blocks(pieces, roles))


def authors_of(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Name the authors that raw copy gives: in its bylines, else at the head of a note on the author."""
    bylines = [name for line in _contents(blocks, Role.BYLINE) for name in names_in_byline(line)]
    notes = [name for note in _contents(blocks, Role.AUTHORS_NOTE) for name in names_in_note(note)]
    return tuple(dict.fromkeys(bylines or notes))


def date_of(blocks: Sequence[Block], zone: ZoneInfo) -> datetime | None:
    """Find the instant (UTC) of a date line, alone or behind a byline ("Ann Lee | 2 March 2024"), if there is one."""
    lines = [line for line in _contents(blocks, Role.DATELINE) if is_date_line(line)]
    lines += [part for line in _contents(blocks, Role.BYLINE) for part in re.split(r"[|•·]", line)[1:]]
    readings = (read_date_line(line, zone).at for line in lines)
    return next((at for at in readings if at is not None), None)


def _contents(blocks: Sequence[Block], role: Role) -> list[str]:
    return [block.content for block in blocks if block.role is role]


def _top(pieces: list[str]) -> list[Role]:
    """Read down to the headline: what a camera or a clock left above it, and the headline where there is one."""
    roles: list[Role] = []
    for number, piece in enumerate(pieces):
        if is_picture_name(piece) or _is_over_the_headline(pieces, number):
            roles.append(Role.CAPTION)
        elif is_date_line(piece):
            roles.append(Role.DATELINE)
        else:
            return [*roles, Role.TITLE] if _can_be_title(piece) else roles
    return roles


def _is_over_the_headline(pieces: list[str], number: int) -> bool:
    """Tell whether a label ("OPINION") stands over a headline; capitals over a sentence are the headline itself."""
    if not is_kicker(pieces[number]) or len(pieces) < number + 3:
        return False
    below = pieces[number + 1]
    is_other = ends_sentence(below) or below.isupper() or _is_beside_the_text(below) or list_marker(below) is not None
    is_somebody = is_byline(below) or (is_name(below) and not below.startswith(("The ", "A ")))
    return is_kicker(below) or (_can_be_title(below) and not is_other and not is_somebody)


def _is_beside_the_text(piece: str) -> bool:
    return is_picture_name(piece) or is_date_line(piece) or is_credit(piece) or has_caption_label(piece)


def _can_be_title(piece: str) -> bool:
    opens_a_report = split_dateline(piece) is not None and ends_sentence(piece) and not piece.endswith("?")
    return is_headline(piece) and not opens_a_report


def _tail(rest: list[str]) -> list[Role]:
    """Read from the end backwards up to the last paragraph that is the article's own: credits, notes, pictures."""
    first = next((number for number, piece in enumerate(rest) if _is_paragraph(piece)), len(rest))
    roles: list[Role | None] = []
    for number in range(len(rest) - 1, max(first, len(rest) - 1 - LONGEST_TAIL), -1):
        role = _closing_role(rest, number)
        if role is None and not goes_on_about_the_author(rest[number]):
            if not _is_short(rest[number]):
                break
            role = _role_beside_the_text(rest[number])
        roles.insert(0, role)
    return _without_loose_ends(rest[len(rest) - len(roles) :], roles)


def _is_short(piece: str) -> bool:
    return is_label_like(piece) and len(piece) <= LONGEST_SUBHEADING


def _closing_role(rest: list[str], number: int) -> Role | None:
    piece = rest[number]
    if is_picture_name(piece):
        return Role.CAPTION
    if is_byline(piece):
        return Role.BYLINE
    before, after = rest[:number], rest[number + 1 : number + 2]
    others = "\n".join(each for each in before if _is_paragraph(each))
    author = "\n".join(each for each in before if is_byline(each) or is_name(each))
    is_name_over_a_note = any(piece in names_in_note(note) for note in after)
    if is_name_over_a_note or is_authors_note(piece, others=others, author=author):
        return Role.AUTHORS_NOTE
    if goes_on_about_the_author(piece):
        return None
    if is_leftover(piece) and not is_credit(piece):
        return Role.BODY
    return Role.CREDIT if is_credit(piece) or could_be_a_credit(piece) else None


def _without_loose_ends(pieces: list[str], roles: list[Role | None]) -> list[Role]:
    """Keep what follows from a note or a credit; "She writes …" without a note is the article's last paragraph.

    What a page leaves below them (``Role.BODY``) takes nothing from them. A short line that nobody knows does where
    only a bare name stands above it: then both may as well be part of a list.
    """
    noted, signed, sure = len(roles), len(roles), len(roles)
    start = 0
    for number, (piece, role) in enumerate(zip(pieces, roles, strict=True)):
        noted = min(noted, number) if role is Role.AUTHORS_NOTE else noted
        signed = min(signed, number) if role not in {None, Role.BODY} else signed
        sure = min(sure, number) if role is Role.AUTHORS_NOTE or is_credit(piece) else sure
        above = noted if role is None else signed if is_leftover(piece) else sure
        if role in {None, Role.BODY} and number < above:
            start = number + 1
    return [role or Role.AUTHORS_NOTE for role in roles[start:]]


def _names_in_notes(pieces: list[str], roles: list[Role]) -> tuple[str, ...]:
    notes = (piece for piece, role in zip(pieces, roles, strict=True) if role is Role.AUTHORS_NOTE)
    return tuple(name for note in notes for name in names_in_note(note))


def _header(main: list[str], *, signed: tuple[str, ...]) -> list[Role]:
    """Read from the headline down to the first paragraph of the body."""
    last = max((number for number, piece in enumerate(main) if _is_paragraph(piece)), default=-1)
    roles: list[Role] = []
    plain: list[int] = []
    for number, piece in enumerate(main):
        role = _opening_role(main, number, signed)
        if role is None and roles[-1:] == [Role.CAPTION] and is_makers_name(piece):
            role = Role.CREDIT
        if role is None and number < last and is_label_like(piece):
            if len(plain) == PLAIN_CAPTIONS:
                return _without_verse(roles, plain)
            role = _role_of_plain_line(main, number, roles)
            plain += [number] if role is Role.CAPTION else []
        if role is None or (role is Role.STANDFIRST and role in roles):
            return roles
        roles.append(role)
    return roles


def _without_verse(roles: list[Role], plain: list[int]) -> list[Role]:
    """Take back the captions that turn out to be the first of several short lines: verse, a recipe, a table."""
    in_a_row = plain == list(range(len(roles) - len(plain), len(roles)))
    return roles[: plain[0]] if in_a_row else roles


def _role_of_plain_line(main: list[str], number: int, above: list[Role]) -> Role:
    """Take a line without a full stop for the standfirst or a caption.

    Right under the headline a statement is the standfirst, and lower too where no picture's name stands near that it
    could go with. A line with a credit right below it goes with a picture.
    """
    piece, following = main[number], main[number + 1 :]
    credited = any(is_credit(line) or is_makers_name(line) for line in following[:1])
    if credited or starts_with_a_quote(piece) or not _goes_on(following):
        return Role.CAPTION
    if any(is_picture_name(line) for line in main[: len(above) + PLAIN_CAPTIONS + 1]):
        is_said = number == 0 and reads_like_a_sentence(piece)
    else:
        is_said = not {Role.STANDFIRST, Role.CAPTION} & set(above) and reads_as_a_clause(piece)
    return Role.STANDFIRST if is_said else Role.CAPTION


def _opening_role(main: list[str], number: int, signed: tuple[str, ...]) -> Role | None:
    piece = main[number]
    if is_leftover(piece) and not (is_credit(piece) or _is_paragraph(piece)):
        return Role.BODY
    if is_picture_name(piece) or has_caption_label(piece) or ends_with_a_credit(piece):
        return Role.CAPTION
    if is_date_line(piece):
        return Role.DATELINE
    if is_byline(piece) or _is_signature(main, number, signed) or (is_job(piece) and is_byline(main[number - 1])):
        return Role.BYLINE
    if is_credit(piece):
        return Role.CREDIT
    return Role.STANDFIRST if _is_standfirst(piece) and _goes_on(main[number + 1 :]) else None


def _is_signature(main: list[str], number: int, signed: tuple[str, ...]) -> bool:
    # A name alone may as well be whom the picture shows: a date or an address beside it or a note at the end tells.
    if not is_name(main[number]):
        return False
    above = [line for line in main[:number] if not is_leftover(line)][-1:]
    below = [line for line in main[number + 1 : number + 1 + EARLY * 2] if is_contact(line) or not is_leftover(line)][
        :1
    ]
    return main[number] in signed or any(map(is_date_line, above + below)) or any(map(is_contact, below))


def _is_standfirst(piece: str) -> bool:
    spoken = starts_with_a_quote(piece) or is_said_by_a_speaker(piece)
    return is_one_sentence(piece) and not spoken and not list_marker(piece) and split_dateline(piece) is None


def _goes_on(following: list[str]) -> bool:
    texts = (piece for piece in following if not (is_picture_name(piece) or is_date_line(piece) or is_byline(piece)))
    return next(texts, None) is not None and next(texts, None) is not None


def _is_paragraph(piece: str) -> bool:
    whole = ends_sentence(piece) or len(piece) > LONGEST_CAPTION or count_sentences(piece) > 1
    return whole and not (is_picture_name(piece) or is_credit(piece) or has_caption_label(piece))


def _body(pieces: list[str]) -> list[Role]:
    roles = [_role_beside_the_text(piece) for piece in pieces]
    for number in _early_lines(pieces):
        roles[number] = Role.BYLINE if is_byline(pieces[number]) else roles[number]
        roles[number] = Role.DATELINE if is_date_line(pieces[number]) else roles[number]
    texts = [number for number, role in enumerate(roles) if role is Role.BODY]
    # Where a third of a text is questions it is an interview, and they belong to the conversation.
    interview = 3 * sum(pieces[number].endswith("?") for number in texts) > len(texts)
    for before, number, after in zip(texts, texts[1:], texts[2:], strict=False):
        if interview and is_heading_question(pieces[number]):
            continue
        if is_leftover(pieces[number]):
            continue
        if is_heading(pieces[number]) and _is_running_text(pieces[before]) and _is_running_text(pieces[after]):
            roles[number] = Role.SUBHEADING
    return roles


def _early_lines(pieces: list[str]) -> list[int]:
    """Find the short lines above the second paragraph: an agency's points or a label can stand over the byline."""
    paragraphs = [number for number, piece in enumerate(pieces) if _is_paragraph(piece) and not list_marker(piece)]
    end = paragraphs[EARLY - 1] if len(paragraphs) >= EARLY else 0
    return [number for number in range(end) if number not in paragraphs]


def _role_beside_the_text(piece: str) -> Role:
    if is_credit(piece):
        return Role.CREDIT
    beside = is_picture_name(piece) or has_caption_label(piece) or ends_with_a_full_credit(piece)
    return Role.CAPTION if beside else Role.BODY


def _is_running_text(piece: str) -> bool:
    return _is_paragraph(piece) or list_marker(piece) is not None or piece.endswith(":")


def _blocks(pieces: list[str], roles: list[Role]) -> Iterator[Block]:
    bodies = [number for number, role in enumerate(roles) if role is Role.BODY and _is_paragraph(pieces[number])]
    below_bylines = (number for number in bodies if roles[number - 1] is Role.BYLINE)
    openings = {*bodies[:1], *([next(below_bylines, None)])}
    for number, (piece, role) in enumerate(zip(pieces, roles, strict=True)):
        dateline = split_dateline(piece) if number in openings else None
        if dateline:
            yield Block(Role.DATELINE, dateline[0])
            yield Block(Role.BODY, dateline[1])
        else:
            yield Block(role, piece)
