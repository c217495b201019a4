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
from feeds.rules.raw_copy_people import (
    could_be_a_credit,
    ends_with_a_credit,
    ends_with_a_full_credit,
    goes_on_about_the_author,
    is_authors_note,
    is_byline,
    is_credit,
    is_name,
    names_in_byline,
    names_in_note,
)
from feeds.rules.raw_copy_shapes import (
    LONGEST_CAPTION,
    count_sentences,
    ends_sentence,
    has_caption_label,
    is_heading,
    is_heading_question,
    is_headline,
    is_label_like,
    is_one_sentence,
    is_picture_name,
    is_said_by_a_speaker,
    list_marker,
    reads_like_a_sentence,
    split_dateline,
    starts_with_a_quote,
)
from feeds.rules.raw_copy_split import split_copy

# The whole of raw copy by one name, for those who read it and print it.
__all__ = ["authors_of", "copy_to_html", "date_of", "is_picture_name", "read_raw_copy"]

LONGEST_TAIL = 12  # pieces; a list of names that ends a text is not all credits
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
    for piece in pieces:
        if not (is_picture_name(piece) or is_date_line(piece)):
            return [*roles, Role.TITLE] if _can_be_title(piece) else roles
        roles.append(Role.CAPTION if is_picture_name(piece) else Role.DATELINE)
    return roles


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
            break
        roles.insert(0, role)
    return _without_loose_ends(roles)


def _closing_role(rest: list[str], number: int) -> Role | None:
    piece = rest[number]
    if is_picture_name(piece):
        return Role.CAPTION
    if is_byline(piece):
        return Role.BYLINE
    if any(piece in names_in_note(after) for after in rest[number + 1 : number + 2]):
        return Role.AUTHORS_NOTE
    before = rest[:number]
    others = "\n".join(each for each in before if _is_paragraph(each))
    author = "\n".join(each for each in before if is_byline(each) or is_name(each))
    if is_authors_note(piece, others=others, author=author):
        return Role.AUTHORS_NOTE
    if goes_on_about_the_author(piece):
        return None
    return Role.CREDIT if is_credit(piece) or could_be_a_credit(piece) else None


def _without_loose_ends(roles: list[Role | None]) -> list[Role]:
    """Keep what follows from a note; "She writes …" without one before it is the article's last paragraph."""
    noted = roles.index(Role.AUTHORS_NOTE) if Role.AUTHORS_NOTE in roles else len(roles)
    loose = [number for number, role in enumerate(roles) if role is None and number < noted]
    start = loose[-1] + 1 if loose else 0
    return [role or Role.AUTHORS_NOTE for role in roles[start:]]


def _names_in_notes(pieces: list[str], roles: list[Role]) -> tuple[str, ...]:
    notes = (piece for piece, role in zip(pieces, roles, strict=True) if role is Role.AUTHORS_NOTE)
    return tuple(name for note in notes for name in names_in_note(note))


def _header(main: list[str], *, signed: tuple[str, ...]) -> list[Role]:
    """Read from the headline down to the first paragraph of the body."""
    last = max((number for number, piece in enumerate(main) if _is_paragraph(piece)), default=-1)
    roles: list[Role] = []
    plain = 0
    for number, piece in enumerate(main):
        role = _opening_role(main, number, signed)
        if role is None and number < last and plain < PLAIN_CAPTIONS and is_label_like(piece):
            role = _role_of_plain_line(main, number)
            plain += role is Role.CAPTION
        if role is None or (role is Role.STANDFIRST and role in roles):
            return roles
        roles.append(role)
    return roles


def _role_of_plain_line(main: list[str], number: int) -> Role:
    """Take a line without a full stop for the standfirst right under the headline, unless it is a label there too."""
    is_said = number == 0 and reads_like_a_sentence(main[number]) and not starts_with_a_quote(main[number])
    return Role.STANDFIRST if is_said and _goes_on(main[number + 1 :]) else Role.CAPTION


def _opening_role(main: list[str], number: int, signed: tuple[str, ...]) -> Role | None:
    piece = main[number]
    if is_picture_name(piece) or has_caption_label(piece) or ends_with_a_credit(piece):
        return Role.CAPTION
    if is_date_line(piece):
        return Role.DATELINE
    if is_byline(piece) or _is_signature(main, number, signed):
        return Role.BYLINE
    if is_credit(piece):
        return Role.CREDIT
    return Role.STANDFIRST if _is_standfirst(piece) and _goes_on(main[number + 1 :]) else None


def _is_signature(main: list[str], number: int, signed: tuple[str, ...]) -> bool:
    # A name alone may as well be whom the picture shows: a date beside it or a note at the end tells.
    beside = main[max(0, number - 1) : number] + main[number + 1 : number + 2]
    return is_name(main[number]) and (main[number] in signed or any(is_date_line(line) for line in beside))


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
    texts = [number for number, role in enumerate(roles) if role is Role.BODY]
    # Where a third of a text is questions it is an interview, and they belong to the conversation.
    interview = 3 * sum(pieces[number].endswith("?") for number in texts) > len(texts)
    for before, number, after in zip(texts, texts[1:], texts[2:], strict=False):
        if interview and is_heading_question(pieces[number]):
            continue
        if is_heading(pieces[number]) and _is_running_text(pieces[before]) and _is_running_text(pieces[after]):
            roles[number] = Role.SUBHEADING
    return roles


def _role_beside_the_text(piece: str) -> Role:
    if is_credit(piece):
        return Role.CREDIT
    beside = is_picture_name(piece) or has_caption_label(piece) or ends_with_a_full_credit(piece)
    return Role.CAPTION if beside else Role.BODY


def _is_running_text(piece: str) -> bool:
    return _is_paragraph(piece) or list_marker(piece) is not None or piece.endswith(":")


def _blocks(pieces: list[str], roles: list[Role]) -> Iterator[Block]:
    opening = roles.index(Role.BODY) if Role.BODY in roles else None
    for number, (piece, role) in enumerate(zip(pieces, roles, strict=True)):
        dateline = split_dateline(piece) if number == opening else None
        if dateline:
            yield Block(Role.DATELINE, dateline[0])
            yield Block(Role.BODY, dateline[1])
        else:
            yield Block(role, piece)
