"""Languages that are none, or are written as other programs write them; and the directions of scripts.

Not here: what a feed's own language is (config).
"""

from tests.formats.corpus.cases import Theme, html, md


def spoken(name, written, language="", **expected):
    return md(f"{name}.md", f"language: {written}", language=language, **expected)


CASES = (
    spoken("irish", "ga", "ga"),
    spoken("brazilian", "pt-BR", "pt-BR"),
    spoken("underscore", "pt_BR", "pt-BR"),
    spoken("posix", "de_DE.UTF-8", noted="no language tag"),
    spoken("script", "zh-Hant-TW", "zh-Hant-TW"),
    spoken("norway", "no", "no"),
    spoken("private", "x-klingon", noted="no language tag"),
    spoken("word", "English", noted="no language tag"),
    spoken("markup", "'<b>'", noted="no language tag"),
    spoken("breaks-out", "'en\" onload=\"alert(1)'", noted="no language tag", lacks="onload"),
    spoken("list", "[en, de]"),
    spoken("empty", "''"),
    spoken("long", "en-" + "a" * 5000, noted="no language tag"),
    spoken("newline", '"ga\\n"', "ga"),
    spoken("arabic", "ar", "ar", holds='dir="rtl"'),
    spoken("hebrew-in-latin", "he-Latn", "he-Latn", lacks='dir="rtl"'),
    spoken("kurdish-arabic", "ku-Arab", "ku-Arab", holds='dir="rtl"'),
    html("of-a-page.html", '<html lang="fr"><body><article><h1>Bac</h1><p>Le bac.</p></article></body></html>'),
    html("of-a-part.html", '<p lang="el" dir="ltr">πλοίο</p><p dir="evil" lang="&quot;&gt;">x</p>', holds='lang="el"'),
)
THEME = Theme(cases=CASES)
