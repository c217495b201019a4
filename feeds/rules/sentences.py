"""Cutting prose at the end of a sentence, in the languages that people write to us in.

Pure. Not here: the summary of an article (articles), headlines, which are cut at a character (rendering.text).
"""

from __future__ import annotations

import re

from feeds.rules.text import clean_line, whole

ELLIPSIS = "…"
_CLOSERS = "\"'”’“‘»›«‹)\\]」』）】》〉"
# Stops of scripts that set a space behind a sentence, and those of scripts that set none.
_STOP = re.compile(rf"(?P<spaced>[.!?…؟۔।॥።՞]+[{_CLOSERS}]*+(?=\s|$))|(?P<dense>[。！？｡…]*[。！？｡][{_CLOSERS}]*+)")
_CLAUSE = re.compile(r"[,;:،؛](?=\s)|\s[–—-](?=\s)|—|[，、；：]")
_QUOTED = re.compile("[」』]と")  # "「はい。」と彼は言った"
_LAST_WORD = re.compile(r"[^\s(\[{\"'“‘«‹„‚—–]*$")
_OPENERS = "\"'“‘«‹„‚([{¿¡—–-"

_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        # Titles and ranks
        "mr mrs ms mx dr prof st ste rev hon pres gov sen rep gen capt cpt lt sgt cmdr messrs hr frl dipl ing mme mmes"
        " mlle sr sra srta sres jr dña ud uds exmo ilmo dott avv arq"
        # Of clerks, scholars and traders
        " etc vs cf ca approx ggf bzw usw usf evtl vgl inkl exkl zzgl sog geb gest jh tsd mio mrd tel ej aprox env ibid"
        " op cit hrs dept univ assn bros inc ltd corp mt ft ave blvd",
    )
)
# These are words of their own too, but not in front of a number.
_BEFORE_NUMBERS = frozenset(
    re.findall(
        r"\w+",
        "no nos nr nrn núm art abs bd kap fig figs vol vols p pp pg pág s ss ch sec av"
        " jan feb febr mär mar apr jun jul aug sep sept okt oct nov dez dec déc",
    )
)
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")  # initials, "z.B", "e.g", "a.m", "U.S"
_ORDINAL = re.compile(r"[0-9]{1,2}")  # "am 3. Oktober"


def first_sentences(text: str, most: int) -> str:
    """Return as many whole sentences from the head of a text as fit in ``most`` characters.

    Where the first is longer than that, or what fits would say too little, the text is cut behind a clause, else
    behind a word, and ends in an ellipsis. Line breaks become spaces.
    """
    flat = clean_line(text)
    if len(flat) <= most:
        return flat
    end = max((end for end in _ends(flat, most) if end >= most // 3), default=0)
    return flat[:end] if end else _cut(flat, most)


def _ends(text: str, most: int) -> list[int]:
    """Return where sentences end within the first ``most`` characters."""
    # One more is looked at, to see that nothing stands close behind the last stop.
    found = _STOP.finditer(text, 0, min(len(text), most + 1))
    return [stop.end() for stop in found if stop.end() <= most and _is_end(text, stop)]


def _is_end(text: str, stop: re.Match[str]) -> bool:
    if stop["dense"]:
        return not _QUOTED.match(text, stop.end() - 1)
    following = text[stop.end() : stop.end() + 20].lstrip().lstrip(_OPENERS)
    if following[:1].islower():
        return False  # "“Why?” he asked", "approx. ten"
    if not stop["spaced"].startswith(".") or stop["spaced"].startswith(".."):
        return True
    word = _LAST_WORD.search(text[max(0, stop.start() - 30) : stop.start()])
    return word is None or not _is_abbreviated(word[0], following)


def _is_abbreviated(word: str, following: str) -> bool:
    """Tell whether a word in front of a full stop may be cut short, so that the sentence may go on."""
    if following[:1].isdecimal() and word.lower() in _BEFORE_NUMBERS:
        return True
    return bool(_DOTTED.fullmatch(word) or _ORDINAL.fullmatch(word)) or word.lower() in _ABBREVIATIONS


def _cut(text: str, most: int) -> str:
    room = most - len(ELLIPSIS)
    clauses = (clause.start() for clause in _CLAUSE.finditer(text, 0, most) if clause.start() <= room)
    end = max((end for end in clauses if end >= most * 2 // 3), default=0)
    kept = text[:end] if end else _words(text, room)
    return kept.rstrip(" ,;:–—-،؛，、；：") + ELLIPSIS


def _words(text: str, room: int) -> str:
    if text[room : room + 1] == " ":
        return text[:room]
    return text[:room].rpartition(" ")[0] or whole(text, room)
