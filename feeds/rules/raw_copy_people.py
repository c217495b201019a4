"""Who made it: bylines, photo credits and notes on the author, seen in the words of one line or paragraph.

Small predicates that see one piece of text. Not here: other shapes (raw_copy_shapes), where it stands (raw_copy).
"""

from __future__ import annotations

import re

from feeds.rules.dates import is_date_line
from feeds.rules.raw_copy_shapes import ends_sentence, list_marker

LONGEST_BYLINE = 120
LONGEST_CREDIT = 120
LONGEST_CAPTION = 400  # with its credit
LONGEST_NOTE = 900

# A capitalised word of any cased script: not a digit, not lower case, then letters, hyphens and apostrophes.
_CAPITAL = r"(?:[^\W\d_a-zß-öø-ÿа-я][\w’'.-]*)"
_PARTICLE = (
    r"(?:de|del|della|der|den|di|da|das|do|dos|du|wa|van|von|vom|zu|zur|la|le|el|al|bin|bint|ibn|ben|y|e|ter|ten)"
)
_NAME = rf"{_CAPITAL}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_CAPITAL}){{1,4}}"
_AND = r"(?:\s*,\s*|\s*,?\s+(?i:and|und|et|y|&)\s+|\s*&\s*)"
_NAMES = rf"(?P<names>{_NAME}(?:{_AND}{_NAME}){{0,4}})"

_WORK = (
    r"(?:journalist|editor|professor|fellow|writer|author|reporter|correspondent|director|researcher|columnist|lecturer"
    r"|founder|co-?founder|member|senior|critic|novelist|historian|economist|scholar|academic|activist|analyst|broadcaster"
    r"|photographer|lawyer|barrister|solicitor|poet|playwright|teacher|student|chair|president|commentator|producer|expert"
    r"|candidate|consultant|physician|doctor|psychologist|sociologist|scientist|blogger|podcaster|freelance|reader|staff)"
)
_BY = re.compile(
    r"(?:words |written |text |story |report |interview )?by:?\s+(?=\S)"
    r"|(?:words|text|texte|texto|testo|reporter|report|author|autor(?:in)?|interview|story|بقلم|كتب)\s*:\s*(?=\S)"
    r"|from\s+(?=(?:our|a)\s)",
    re.IGNORECASE,
)
# These begin sentences and names too: only a full name bears them out.
_BY_ELSEWHERE = re.compile(r"(?:(?i:par|von|por|door|af|av)|Di|بقلم)\s+(?=\S)")
_AFTER_NAME = (
    r"(?:\s+(?:in|for|at)\s+\S.{0,60}|\s*(?:,|\s[–—-])\s+.{1,70}|\s*[/(].{1,60}"
    r"|\s+and \d+ others|\s+(?:and the|with)\s+\S.{0,60}"
    r"|\.\s+(?i:photo(?:graph)?s|pictures|illustrations?)\s+by\s.{1,60})?"
)
_NAMED = re.compile(_NAMES + _AFTER_NAME)
_ONE_WORD = re.compile(
    rf"{_CAPITAL}|(?i:(?:our |a )?staff\b.{{0,40}})"
    r"|(?i:(?:our|an?)\s+(?:\w+\s+){0,2}(?:staff|correspondents?|reporters?|writers?|editors?)\b.{0,40})"
)
_NAME_IN_PLACE = re.compile(rf"{_NAMES}\s+(?:in|for the)\s+{_CAPITAL}(?:[\s,]+{_CAPITAL}){{0,3}}")
_NAME_REPORTS = re.compile(rf"{_NAMES}\s+reports?")
_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.\w+|@\w+")
_JUNIOR = re.compile(r"\s(?:Jr|Sr|Ph\.D)\.$")
_NAME_AND_JOB = re.compile(
    rf"{_NAMES},?\s+(?:[\w’&-]+\s+){{0,4}}(?i:editor|correspondent|reporter|columnist|writer|staff)"
)
_ONLY_NAME = re.compile(_NAMES)

_AGENCY = (
    r"(?:getty(?: images)?|agence france-presse|afp|reuters|associated press|ap(?: photo| images)?|efe|dpa|ansa|tass"
    r"|upi|pa(?: media| wire| images)?|press association|epa(?:-efe)?|xinhua|anadolu(?: agency)?|bloomberg|shutterstock"
    r"|alamy(?: stock photo)?|istock(?:photo)?|adobe stock|unsplash|wikimedia(?: commons)?|nurphoto|zuma(?: press)?"
    r"|magnum photos|rex features|cnn|bbc|handout|supplied|file(?: photo)?)"
)
_MAKER = (
    r"(?:photos?|photo credit|photographs?|photograph(?:y|er)|pictures?|images?|pics?|illustrations?|graphics?|video"
    r"|fotos?|credits?|file)"
)
_CREDIT_LABEL = re.compile(
    rf"{_MAKER}(?: credits?)?(?: (?:by|courtesy(?: of)?))?\s*[:/|]\s*(?P<who>\S.*)"
    rf"|{_MAKER}(?: credits?)? (?:by|courtesy of|via) (?P<maker>\S.*)"
    r"|(?:courtesy of|source\s*:|تصوير\s*:|צילום\s*:)\s*(?P<giver>\S.*)",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)\s|copyright\b\s*(?:[©:]|\(c\)|\d{4})|all rights reserved\b)", re.IGNORECASE)
_MAKES_PICTURES = re.compile(
    r".*\b(?:pictures|images|photos?|photography|press|media|agency|archives?|library)", re.IGNORECASE
)
_AGENCIES = re.compile(rf"{_AGENCY}(?:\s*(?:/|,|via|\|)\s*{_AGENCY})*", re.IGNORECASE)
_NAME_AT_AGENCY = re.compile(
    rf"(?:[\w’'. -]{{2,50}}\s*(?:/|\bvia\b|\|)\s*){{1,3}}{_AGENCY}|{_AGENCY}(?:\s*/\s*[\w’'. -]{{2,50}}){{1,3}}",
    re.IGNORECASE,
)
_SIGNED_FOR = re.compile(rf"(?P<name>\S+\s+\S+.*?)\s+{_AGENCY}", re.IGNORECASE)
_CREDIT_AT_END = re.compile(r"[(\[](?P<inside>[^()\[\]]{2,100})[)\]]\.?$")
_CLOSING_WORDS = frozenset(
    ["and", "of", "for", "the", "by", "via", "in", "at", "with", "to", "&", "/", "|", "-", "–", "—"]
)

_NOTE_OPENING = re.compile(
    r"\(?(?:about the (?:author|writer)s?\b|the (?:author|writer)s? (?:is|are|was|has|works|teaches)\b"
    r"|follow (?:(?:her|him|them|us|me) on|@|(?:[^\W\d_]+ ){1,3}on (?:twitter|x|bluesky|mastodon)\b)"
    r"|(?:additional |original )?(?:reporting|writing|editing) (?:and \w+ )?by\b"
    r"|(?:the )?(?:views|opinions) expressed\b"
    r"|this (?:article|piece|column|story|essay|interview) (?:was|is|has|first|originally)\b)",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(r"[^.\n]{2,160} contributed (?:to this|reporting|additional)\b[^.]*\.?", re.IGNORECASE)
_LEADING_NAME = re.compile(
    rf"(?!The\s){_NAMES}(?:,[^.,]{{1,60}},)?"
    r"\s+(?P<verb>is|was|are|est|sont|ist|sind|es|son|è|é|has|writes|works|covers|teaches|reports|edits|lives)\s+(?P<rest>.+)",
    re.DOTALL,
)
_NEAR_WORK = re.compile(rf"(?:[\w’'&,()-]+\s+){{0,14}}?{_WORK}(?:s|es)?\b", re.IGNORECASE)
_ENDS_WITH_WORK = re.compile(rf"\b{_WORK}s?$", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:been\s+)?(?:an?|the|one of)\s+\w", re.IGNORECASE)
_THEIR_TRADE = re.compile(r"(?:[\w-]+\s+){0,3}\w+(?:ers|ors|ists|ians|men|women|fellows)\b", re.IGNORECASE)
_GOING_ON = re.compile(
    r"(?:she|he|they|her|his|their)\b|(?:twitter|x|instagram|bluesky|mastodon|facebook|linkedin|e-?mail|website|web)\s*:"
    r"|(?:email|contact|follow) |@\w+$|\S+@\S+\.\w+$|https?://\S+$",
    re.IGNORECASE,
)


def is_byline(line: str) -> bool:
    """Tell whether a line says who wrote the piece: "By Ann Lee", "Ann Lee in London", "Ann Lee, Harbour editor"."""
    first, *others = re.split(r"\s*[|•·]\s*", line)
    if len(line) > LONGEST_BYLINE or (ends_sentence(line) and not _JUNIOR.search(line)):
        return False
    by = _BY.match(first)
    if by:
        return (_NAMED.fullmatch(first, by.end()) or _ONE_WORD.fullmatch(first, by.end())) is not None
    by = _BY_ELSEWHERE.match(first)
    if by:
        return _NAMED.fullmatch(first, by.end()) is not None
    if others and all(is_date_line(other) for other in others):
        return is_name(first)
    shapes = (_NAME_IN_PLACE, _NAME_AND_JOB, _NAME_REPORTS)
    return any(shape.fullmatch(first) for shape in shapes)


def is_contact(line: str) -> bool:
    """Tell whether a line is only an e-mail address or a handle, as stands under a name."""
    return _CONTACT.fullmatch(line) is not None


def is_job(line: str) -> bool:
    """Tell whether a line is only what somebody does at the paper, as stands under a name: "Staff Writer"."""
    return len(line.split()) <= 4 and line[:1].isupper() and _ENDS_WITH_WORK.search(line) is not None


def is_name(line: str) -> bool:
    """Tell whether a line has the shape of a person's name, or several, and nothing more."""
    return len(line) <= LONGEST_BYLINE and _ONLY_NAME.fullmatch(line) is not None


def names_in_byline(line: str) -> tuple[str, ...]:
    """Take the names out of a byline; without an "and" in it, what follows a comma is their paper or their trade."""
    first = re.split(r"\s*[|•·]\s*", line)[0]
    by = _BY.match(first) or (_BY_ELSEWHERE.match(first) if is_byline(first) else None)
    ending = r"\s+(?:in|for|at)\s+|\s*[/(]\s*|\s+[–—-]\s+|\s+reports?$|\s+(?:with|and the)\s+|\.\s+\w+\s+by\s+"
    names = re.split(ending, first[by.end() if by else 0 :])[0]
    signed = _SIGNED_FOR.fullmatch(names)
    names = signed["name"] if signed else names
    if not by:
        job = _NAME_AND_JOB.fullmatch(names)
        names = " ".join(names.split()[:2]) if job and "," not in names else names
    return _separate(names)


def names_in_note(note: str) -> tuple[str, ...]:
    """Take the names that lead an author's note, none where it does not begin with one."""
    match = _LEADING_NAME.match(note)
    return _separate(match["names"]) if match else ()


def is_credit(line: str) -> bool:
    """Tell whether a line names who made a picture in so many words: a label, a copyright mark, an agency."""
    if len(line) > LONGEST_CREDIT or "\n" in line:
        return False
    bare = line.strip("()[] ")
    label = _CREDIT_LABEL.fullmatch(bare)
    if label:
        who = label["who"] or label["maker"] or label["giver"]
        return not ends_sentence(line) and len(who.split()) <= 8
    return any(shape.fullmatch(bare) for shape in (_AGENCIES, _NAME_AT_AGENCY)) or _COPYRIGHT.match(line) is not None


def could_be_a_credit(line: str) -> bool:
    """Tell whether a last line can be a bare credit ("Harbour Pictures"): few words, all capitalised, no sentence."""
    words = line.split()
    if len(line) > LONGEST_CREDIT or "\n" in line or list_marker(line):
        return False
    if ends_sentence(line) or line.endswith((":", ",", ";", "”", '"', "’")):
        return False
    if line.lower() == line.upper():
        # Scripts without capitals: only the length can tell.
        return 0 < len(words) <= 6 and len(line) <= 30 and any(character.isalpha() for character in line)
    telling = [word for word in words if word.lower() not in _CLOSING_WORDS]
    return 0 < len(words) <= 8 and all(word[0].isupper() or not word[0].isalpha() for word in telling)


def is_makers_name(line: str) -> bool:
    """Tell whether a bare line names a house that makes pictures ("Harbour Pictures"), as stands under a caption."""
    return could_be_a_credit(line) and _MAKES_PICTURES.fullmatch(line) is not None


def ends_with_a_credit(text: str) -> bool:
    """Tell whether a caption closes with its credit in brackets: "(Photo: Jane Doe)", "[Jane Doe/Reuters]"."""
    inside = _closing_brackets(text)
    return len(text) <= LONGEST_CAPTION and is_credit(inside)


def ends_with_a_full_credit(text: str) -> bool:
    """Tell the same of a text that may be a paragraph: agencies alone sign those too ("… said. (Reuters)")."""
    return ends_with_a_credit(text) and _AGENCIES.fullmatch(_closing_brackets(text)) is None


def is_authors_note(text: str, *, others: str, author: str) -> bool:
    """Tell whether a closing paragraph is about who wrote the piece.

    ``others`` is the rest of the piece: a person who is spoken of there is a subject of it, not its author. ``author``
    is the byline, which settles the question for those whom it names.
    """
    if len(text) > LONGEST_NOTE:
        return False
    if _NOTE_OPENING.match(text) or _CONTRIBUTED.fullmatch(text):
        return True
    match = _LEADING_NAME.match(text)
    if match is None:
        return False
    names = _separate(match["names"])
    if any(name.casefold() in author.casefold() for name in names):
        return True
    return not any(_is_spoken_of(name, others) for name in names) and _tells_a_trade(match["verb"], match["rest"])


def goes_on_about_the_author(text: str) -> bool:
    """Tell whether a paragraph can continue an author's note: "She writes …", "Twitter: @annlee", an address."""
    return len(text) <= LONGEST_NOTE and _GOING_ON.match(text) is not None


def _closing_brackets(text: str) -> str:
    match = _CREDIT_AT_END.search(text, max(0, len(text) - 110))
    return match["inside"] if match else ""


def _tells_a_trade(verb: str, rest: str) -> bool:
    if verb in {"writes", "teaches", "edits", "covers", "reports", "lives"}:
        return True
    if verb == "is" and _ARTICLE.match(rest):
        return True
    if verb == "are" and _THEIR_TRADE.match(rest):
        return True
    return (verb in {"is", "are", "works"} or _ARTICLE.match(rest) is not None) and _NEAR_WORK.match(rest) is not None


def _is_spoken_of(name: str, others: str) -> bool:
    surname = re.escape(name.rpartition(" ")[2])
    return re.search(rf"\b{surname}\b", others) is not None


def _opens_a_name(part: str) -> bool:
    return not part[0].islower() and not part[0].isdigit()


def _separate(names: str) -> tuple[str, ...]:
    parts = [part.strip(" ,") for part in re.split(_AND, names.strip())]
    parts = [part if _JUNIOR.search(part) else part.rstrip(".") for part in parts]
    if not re.search(r"\s(?i:and|und|et|y|&)\s", names):
        parts = parts[:1]
    people = [part for part in parts if part and _opens_a_name(part) and not _ENDS_WITH_WORK.search(part)]
    # "BY ANN LEE" and "By Ann Lee" are one person, who has one page.
    return tuple(" ".join((part.title() if part.isupper() else part).split()) for part in people)
