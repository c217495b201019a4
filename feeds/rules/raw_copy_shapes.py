"""What a single line or paragraph of raw copy looks like: a picture's name, a headline, a list item, so many sentences.

Small predicates that see one piece of text. Not here: people and credits (raw_copy_people), where it stands (raw_copy).
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_TITLE = 200  # characters; longer first lines are paragraphs
LONGEST_STANDFIRST = 320
LONGEST_CAPTION = 160
LONGEST_SUBHEADING = 80
FEWEST_WORDS_SAID, SHORTEST_SAID = 8, 50  # a line under a headline as long as this is no label of a picture
FEWEST_WORDS_IN_CLAUSE = 7  # enough where no picture is in sight

ENDERS = ".!?…。！？؟۔।"
_CLOSERS = "”’\"'»›」』)]）*"
_OPENERS = "“‘\"'«‹„「『([（—–-"
_BREAK = re.compile(
    rf"(?P<word>\S*?)(?P<mark>[.!?…؟۔।]+)[{re.escape(_CLOSERS)}]*\s+(?P<next>\S+)|[。！？](?=[^\s」』）”])"
)
_ABBREVIATION = re.compile(
    r"(?:mr|mrs|ms|mx|dr|prof|st|sr|jr|rev|hon|sen|rep|gov|gen|col|maj|capt|cmdr|lt|sgt|supt|insp|pres|vs|v|etc|e\.g|i\.e"
    r"|approx|inc|ltd|co|corp|bros|mt|ft|vol|ed|eds|cf|al|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|\w|(?:\w\.)+\w)",
    re.IGNORECASE,
)
# Capital P and C are initials: "C. S. Lewis".
_BEFORE_A_NUMBER = re.compile(r"(?i:no|nos|nr|art|fig|ch|sec)|pp?|ca?")
_PLAIN_START = frozenset(["The", "A", "An", "It", "He", "She", "They", "We", "But", "And", "In", "On", "This", "That"])

_PICTURE_FILE = re.compile(
    r"[^\n]{1,120}\.(?:jpe?g|jfif|png|gif|webp|avif|heic|heif|tiff?|bmp|svg|psd|dng|cr2|nef|arw|mp4|mov)", re.IGNORECASE
)
_SCREENSHOT = re.compile(
    r"(?:screen ?shot|screen recording|bildschirmfoto|capture d.écran|captura de (?:pantalla|ecrã)|schermafbeelding"
    r"|schermata|skärmavbild|skjermbilde|zrzut ekranu|снимок экрана|スクリーンショット|屏幕截图|截屏)"
    r"(?:[\s\d_.,:;()–-]"
    r"|(?<![^\W\d_])(?:at|from|um|à|om|kl|alle|ore|o|as|às|a las?(?:\(s\))?|в|[ap]m|copy)(?![^\W\d_]))*\d"
    r"(?:[\s\d_.():-]|(?<![^\W\d_])(?:[ap]\.?\s?m\b|copy\b))*",
    re.IGNORECASE,
)
_SUFFIX = r"(?:[\s_-]*(?:\(\d+\)|copy|edit(?:ed)?|crop(?:ped)?|scaled|final|web|small|large|e?\d+(?:x\d+)?))*"
_CAMERA = re.compile(
    r"(?:(?:_?img|_?dsc[nf]?|_mg|mvimg|pxl|vid|dji|gopr|pict|cimg|fb_img|received)[\s_-]?\d{3,}[\d_-]*"
    r"|p\d{7}|ap_?\d{8,}|(?:image|photo|picture|pic)[_-]?\d[\d_-]*|unnamed(?=[\s_-]*\(\d)|image from ios"
    r"|(?:gettyimages|shutterstock|istock(?:photo)?|adobestock|alamy|depositphotos|dreamstime)[\s_-]*\d+"
    r"|signal-\d{4}-\d\d-\d\d[\d-]*|(?:19|20)\d{6}[_-]\d{6}|pa-\d{6,}|(?-i:RT[RSX](?=[A-Z]*\d)[A-Z\d]{4,7})"
    r"|photo \d\d-\d\d-\d{4},? \d\d \d\d \d\d|untitled(?: design)?(?=[\s_-]*\(\d))" + _SUFFIX,
    re.IGNORECASE,
)
_WHATSAPP = re.compile(r"whatsapp (?:image|video) \d{4}-\d\d-\d\d.{0,40}", re.IGNORECASE)

_LIST_ITEM = re.compile(r"(?P<bullet>[-•*·▪‣])[^\S\n]+(?=\S*\w)|(?P<number>\d{1,3})[.)][^\S\n]+(?=\S*\w)")
_CAPTION_LABEL = re.compile(
    r"(?:photo|image|picture|caption|pictured|above|below|left|right|top|cover)(?: (?:caption|left|right))?\s*:\s*\S",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"(?:q|a|question|answer)\s?[:.]\s", re.IGNORECASE)
_UP_TO_A_DASH = re.compile(r"(?P<lead>[^—–\n]{2,80}?)\s*(?:—+|\s(?:–|--?)(?=\s))\s*(?P<rest>\S)")
_AGENCY_AT_END = re.compile(r"(?P<place>.*?)\s*\((?P<agency>[^\W\d_][\w .’'/-]{1,40})\)")
_LEFTOVER = re.compile(r"(?:read (?:more|also)|also read|see also|related|watch|listen|advertisement)\b", re.IGNORECASE)
_ASKING = re.compile(
    r"(?:what|why|how|who|when|where|which|is|are|can|could|will|would|does|do|did|should)\b", re.IGNORECASE
)

_KICKER = re.compile(
    r"(?:THE )?(?:OPINION|COMMENT(?:ARY)?|ANALYSIS|EXCLUSIVE|INTERVIEW|EDITORIAL|FEATURE|PROFILE|REVIEW|OBITUARY"
    r"|LETTER|LONG READ|BIG READ|PRESS RELEASE|NEWS|SPORT|COLUMN|ESSAY|INVESTIGATION|SPECIAL REPORT|GUEST ESSAY"
    r"|BREAKING(?: NEWS)?)S?"
    r"|WORLD|POLITICS|BUSINESS|CULTURE|SCIENCE|HEALTH|TRAVEL|EDUCATION|ENVIRONMENT|TECHNOLOGY|MONEY|ARTS|BOOKS"
    r"|.*\|.*|.*\bPART (?:\d{1,3}|[IVX]+|ONE|TWO|THREE|FOUR|FIVE)\b.*"
)
_EMBARGO = re.compile(r"(?:for immediate release|embargo(?:ed)?\b|not for release)", re.IGNORECASE)
_VERB = re.compile(
    r"(?<=\s)(?:is|are|was|were|has|have|had|will|would|can|cannot|could|should|must|may|might|isn.t|aren.t|does|do|did)\b"
)


def is_picture_name(line: str) -> bool:
    """Tell whether a line is only the name of a picture's file, as a camera, a phone or an agency gives it."""
    name = " ".join(unicodedata.normalize("NFC", line).split())  # a Mac writes é in two characters
    if "://" in name or len(name) > 130:
        return False
    if any(shape.fullmatch(name) for shape in (_SCREENSHOT, _CAMERA, _WHATSAPP)):
        return True
    return _PICTURE_FILE.fullmatch(name) is not None and len(name.split()) <= 8


def list_marker(line: str) -> re.Match[str] | None:
    """Find the bullet or the number that makes a line a list item (groups ``bullet`` and ``number``)."""
    return _LIST_ITEM.match(line)


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does, whatever quotation marks or brackets close it."""
    return text.rstrip().rstrip(_CLOSERS).endswith(tuple(ENDERS))


def count_sentences(text: str) -> int:
    """Count the sentences of a text; initials, titles and abbreviations ("Dr. J. Lee", "U.S.", "No. 10") end none."""
    breaks = sum(_is_break(match) for match in _BREAK.finditer(text.strip()))
    return breaks + 1


def starts_with_a_quote(text: str) -> bool:
    """Tell whether a text opens with a quotation mark."""
    return text.startswith(tuple("“‘\"'«‹„「『"))


def is_headline(text: str) -> bool:
    """Tell whether a first line can be a headline: short enough, and not several sentences like a paragraph."""
    if len(text) > LONGEST_TITLE or list_marker(text):
        return False
    return count_sentences(text) == 1 or not text.rstrip(_CLOSERS).endswith((".", "。", "۔", "।", "…"))


def is_one_sentence(text: str) -> bool:
    """Tell whether a text is one whole sentence, no longer than a standfirst."""
    return len(text) <= LONGEST_STANDFIRST and ends_sentence(text) and count_sentences(text) == 1


def reads_like_a_sentence(text: str) -> bool:
    """Tell whether a line without a full stop says something as a standfirst does, rather than naming what is shown."""
    long_enough = len(text.split()) >= FEWEST_WORDS_SAID or len(text) >= SHORTEST_SAID
    return long_enough and is_label_like(text) and not text.endswith((")", "]"))


def is_said_by_a_speaker(text: str) -> bool:
    """Tell whether a text is a turn in an interview ("Q: …", "A: …")."""
    return _SPEAKER.match(text) is not None


def is_label_like(text: str) -> bool:
    """Tell whether a short text lacks the end of a sentence, as captions and headings do."""
    return (
        len(text) <= LONGEST_CAPTION
        and not ends_sentence(text)
        and not list_marker(text)
        and not text.endswith((":", ",", ";"))
    )


def split_dateline(text: str) -> tuple[str, str] | None:
    """Split a paragraph after the dateline that opens it ("LONDON —", "PARIS, March 2 (Reuters) -"), if one does."""
    match = _UP_TO_A_DASH.match(text)
    if match is None or not _is_dateline(match["lead"]):
        return None
    rest = text[match.start("rest") :]
    if rest.lstrip(_OPENERS)[:1].islower():
        return None  # "NATO — the alliance, that is — …" is a sentence, not a place
    return text[: match.start("rest")].rstrip(), rest


def has_caption_label(text: str) -> bool:
    """Tell whether a text says itself that it goes with a picture ("Above: …", "Photo: …")."""
    return len(text) <= 2 * LONGEST_STANDFIRST and _CAPTION_LABEL.match(text) is not None


def is_kicker(text: str) -> bool:
    """Tell whether a first line is a label over the headline: "OPINION", "THE LONG READ | PART 3 OF 5"."""
    return len(text) <= LONGEST_SUBHEADING and (_EMBARGO.match(text) is not None or _is_capital_label(text))


def reads_as_a_clause(text: str) -> bool:
    """Tell whether a line without a full stop is a statement: by its length, or by a verb in a few words."""
    words = text.split()
    said = len(words) >= FEWEST_WORDS_IN_CLAUSE or (len(words) >= 4 and _VERB.search(text) is not None)
    return reads_like_a_sentence(text) or (said and is_label_like(text) and not text.endswith((")", "]")))


def _is_capital_label(text: str) -> bool:
    return text.isupper() and _KICKER.fullmatch(text) is not None


def is_heading(text: str) -> bool:
    """Tell whether a line in the body can be a heading by its shape: short, no sentence, or a short plain question."""
    if len(text) > LONGEST_SUBHEADING or not _starts_like_a_heading(text) or _LEFTOVER.match(text):
        return False
    words = len(text.split())
    if starts_with_a_quote(text):
        # Longer quotations that stand alone are pull quotes, which are body.
        return words <= 6 and is_label_like(text)
    return (words <= 12 and is_label_like(text) and count_sentences(text) == 1) or is_heading_question(text)


def is_heading_question(text: str) -> bool:
    """Tell whether a line asks as headings do: in few words, and plainly ("What happens next?")."""
    return text.endswith("?") and 3 <= len(text.split()) <= 9 and _ASKING.match(text) is not None


def _is_dateline(lead: str) -> bool:
    signed = _AGENCY_AT_END.fullmatch(lead)
    if signed:
        words = re.split(r"[\s,/]+", signed["place"])
        return not signed["agency"][0].islower() and not any(word[:1].islower() for word in words) and len(words) <= 7
    place, _, more = lead.partition(",")
    letters = sum(character.isalpha() for character in place)
    return (
        place.isupper()
        and letters >= 3
        and len(place.split()) <= 4
        and len(more) <= 24
        and not more.strip()[:1].islower()
    )


def _starts_like_a_heading(text: str) -> bool:
    first = text.lstrip("“‘\"'«‹„「『¿")[:1]
    return first.isalnum() and not first.islower() and any(character.isalpha() for character in text)


def _is_break(match: re.Match[str]) -> bool:
    if match["mark"] is None:
        return True
    following = match["next"].lstrip(_OPENERS)
    if not following or following[0].islower():
        return False
    word = match["word"].lstrip(_OPENERS)
    if match["mark"] != ".":
        return True
    if _BEFORE_A_NUMBER.fullmatch(word):
        return not following[0].isdigit()
    is_acronym = "." in word and following in _PLAIN_START  # "in the U.S. The ferry" ends a sentence after all
    return is_acronym or _ABBREVIATION.fullmatch(word) is None
