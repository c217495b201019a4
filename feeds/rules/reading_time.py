"""How long a text takes to read.

Pure, and rough on purpose: people read at their own pace. Not here: saying it in words (rendering).
"""

from __future__ import annotations

import re
from html import unescape

WORDS_A_MINUTE = 230
CHARACTERS_A_MINUTE = 500  # of scripts that are read by the character

_TAG = re.compile(r"""</?[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*+>""")
# Han, kana, Hangul, bopomofo: each character is a word, or most of one.
_CHARACTER = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3040-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w[\w'’.,-]*")
_WITHOUT_SPACES = frozenset({"bo", "dz", "km", "lo", "my", "th"})  # no words to count, whatever their script


def minutes(text: str, language: str = "") -> int:
    """Return how many minutes a text in a language (BCP 47), plain or HTML, takes to read: at least 1.

    Pictures do not count, nor what is written only for those who cannot see them.
    """
    plain = unescape(_TAG.sub(" ", text))
    pattern = _LETTER if language.lower().partition("-")[0] in _WITHOUT_SPACES else _CHARACTER
    rest, characters = pattern.subn(" ", plain)
    words = sum(1 for _ in _WORD.finditer(rest))
    return max(1, round(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE))
