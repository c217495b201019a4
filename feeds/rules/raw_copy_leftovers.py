"""What a web page or an agency leaves in copy that is no part of the piece: addresses, "ENDS", calls to subscribe.

Small predicates that see one piece of text. Not here: credits and notes on the author (raw_copy_people).
"""

from __future__ import annotations

import re

from feeds.rules.raw_copy_shapes import is_picture_name

LONGEST_LEFTOVER = 900  # characters; an editor's note on a correction can be a paragraph

_LEFTOVER = re.compile(
    r"(?:#{1,5}|-30-|\(?(?:ends?|more follows|advertisement|share|print|comments?|listen|\d+ min(?:ute)?s? read)\)?"
    r"|(?:https?://|www\.)\S+|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?|\S+@\S+\.\w+|@\w+"
    r"|(?:word count|tags?|keywords|topics|filed under|categories|category)\s*:.*"
    r"|(?:editor|publisher|correction|clarification)(?:[’']?s note)?\s*:.*"
    r"|(?:corrections?|clarifications?)(?:\s*\([^()\n]{6,60}\)\s*[:–—-]|[,;]?\s+\d[^:\n]{5,60}:).*"
    r"|(?:originally|first) (?:published|appeared|posted) (?:in|on|by|at)\b.*"
    r"|(?:re)?published (?:with permission|under|courtesy|by arrangement)\b.*|reprinted\b.*"
    r"|translated (?:from|by)\b.*|(?:traduit|übersetzt|traducido)\b.*"
    r"|(?:sign up|subscribe|click here|to order a copy|become a member|support our|donate)\b.*"
    r"|(?:follow|like|find|join|email|contact) us\b.*"
    r"|read (?:more|the original|the full|also|next)\b.*|(?:also read|see also|related)\b.*"
    r"|this (?:article|piece|story|interview) (?:is|was) (?:amended|also available|updated)\b.*"
    r"|the [^.\n]{2,60} is (?:committed to|a registered charity|an? (?:non-?profit|member of)|published by)\b.*)",
    re.IGNORECASE | re.DOTALL,
)


def is_leftover(text: str) -> bool:
    """Tell whether a piece is known furniture of a page, which says nothing of the article itself."""
    known = len(text) <= LONGEST_LEFTOVER and _LEFTOVER.fullmatch(text) is not None
    return known and not is_picture_name(text)  # photo.png is shaped like the name of a site
