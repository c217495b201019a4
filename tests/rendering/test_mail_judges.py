"""Digests before judges of HTML and of accessibility: three layouts, three languages, light and dark, at every width.

Not here: what our own lint finds (lint/), how a digest is laid out (test_layout.py).
"""

import json
import re
import subprocess
from collections import Counter
from dataclasses import replace
from html import escape, unescape
from pathlib import Path

import pytest

from feeds.rendering.digest import render_digest
from feeds.rendering.samples import BARE_DIGEST
from feeds.rendering.views import Theme
from tests.judges import QUIET, html_validate, judge, node_modules, vnu
from tests.rendering.givens import ARABIC, PICTURE, TEMPLATES, URL, digest, entry
from tests.rendering.test_digest import BODY, EVERYTHING, LAYOUTS

pytestmark = pytest.mark.once

WIDTHS = 320, 375, 600, 800
SCRIPT = (Path(__file__).parent / "accessibility.js").read_text()
TITLES = {"en": "The Harbour Weekly", "de": "Die Hafenwoche", "ar": "أسبوعية الميناء"}
ARABIC_LEAD = replace(ARABIC, image=PICTURE, html=BODY)
# What an article may hold beside what stands in BODY.
ELEMENTS = f"""
<h1>First</h1><h2>Second</h2><h3>Third</h3><h5>Fifth</h5>
<p><em>e</em> <strong>s</strong> <sub>2</sub> <sup>3</sup> <mark>m</mark> <small>s</small> <abbr title="tidal">t</abbr>
<kbd>k</kbd> <code>c</code> <del>d</del><ins>i</ins> <time datetime="2026-11-23">today</time><br>and <q>so</q> on</p>
<dl><dt>Neap</dt><dd>low</dd></dl><details><summary>More</summary><p>Less</p></details>
<ol start="3"><li>three<ul><li>and a half</li></ul></li><li><p>four</p></li></ol>
<figure><img src="{URL}media/c.jpg" alt=""><figcaption>By <a href="{URL}ann/">Ann</a></figcaption></figure>
<p><a href="{URL}quay/"><img src="{URL}media/d.jpg" alt="The quay" width="1200" height="400"></a></p>
<table><caption>Tides</caption><thead><tr><th></th><th>High</th><th colspan="2">Low</th></tr></thead>
<tbody><tr><th>Monday</th><td>1</td><td>2</td><td>3</td></tr></tbody></table>
<hr><pre><code>x = 1</code></pre><blockquote><p>Late.</p><p><cite>Ann</cite></p></blockquote>
<p lang="fr">Le quai</p><p></p><ruby>港<rt>みなと</rt></ruby>
"""
MORE = {
    "more_count": 4,
    "preferences_url": URL + "you/",
    "theme": Theme(radius=8, logo_url=URL + "logo.png", logo_width=120, logo_height=40),
}
# What the judges of HTML may say of a mail, and why. No line stands here for nothing: each is said of some digest.
ALLOWED = {
    r"(width|border|cellpadding|cellspacing|bgcolor|align).*(is obsolete|is deprecated)": (
        "Outlook for Windows lays tables out by these attributes and not by CSS"
    ),
    r"conditional comments|xmlns:o|mso-hide|supported-color-schemes": (
        "Outlook for Windows and older Apple Mail read these, and nobody else minds them"
    ),
    r"Inline style is not allowed": "several mail programs drop every <style>",
    r"Prefer to use the native <article>": "mail programs strip elements that they do not know, and keep roles",
    r"wrap <tr> elements in <tbody>": "every parser adds it by itself; a digest has few bytes to spare",
}


def made(layout, language, **differences):
    arabic = {"direction": "rtl", "entries": (ARABIC_LEAD, *EVERYTHING["entries"])} if language == "ar" else {}
    wanted = EVERYTHING | MORE | {"title": TITLES[language]} | arabic | differences
    return digest(**wanted, layout=layout, language=language).html


def digests():
    """Return a digest with everything in it for each layout and language, and one with every element, by name."""
    found = {f"{layout}-{language}": made(layout, language) for layout in LAYOUTS for language in TITLES}
    whole = entry(html=ELEMENTS, image=replace(PICTURE, alt="", caption=""))
    return found | {"elements": made("full-text", "en", entries=(whole, replace(whole, title="")), note=ELEMENTS)}


def judged(folder, documents, *, dark=False):
    """Let axe judge the documents, each with the widths at which it is laid out; return what it says of each."""
    frame = '<iframe title="{} at {}" style="width:{}px;height:900px;border:0" srcdoc="{}"></iframe>'
    frames = [frame.format(name, w, w, escape(html)) for name, (html, widths) in documents.items() for w in widths]
    axe = (node_modules("axe-core") / "axe-core" / "axe.min.js").as_uri()
    scripts = f'<script id="axe" src="{axe}"></script><script>{SCRIPT}</script>'
    page = folder / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{''.join(frames)}{scripts}", encoding="utf-8")
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    # In virtual time the page is written out when all its work is done.
    options = [*QUIET, *scheme, "--virtual-time-budget=3600000", f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    done = subprocess.run([judge("chromium"), *options, page.as_uri()], capture_output=True, timeout=180, check=True)
    written = re.findall(r'<body><pre id="judged">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    found = json.loads(unescape(written[0]))
    assert len(found) == len(frames)
    return {each["name"]: each for each in found}


def rules(said):
    return {finding["id"] for finding in said["findings"]}


@pytest.fixture(scope="module", params=["light", "dark"])
def accessible(request, tmp_path_factory):
    """Give what axe says in a colour scheme of every digest at every width, and of two that are spoilt."""
    good = digests()
    shown = good["front-page-en"]
    spoilt = {
        "nameless": shown.replace(' alt="A ferry"', "", 1),
        "faint": shown.replace("color:#191c1e", "color:#c8c8c8"),
        "faint in the dark": shown.replace("#e9e5dc", "#3a3a3a"),
    }
    documents = {name: (html, WIDTHS) for name, html in good.items()}
    documents |= {name: (html, (600,)) for name, html in spoilt.items()}
    folder = tmp_path_factory.mktemp(request.param)
    found = judged(folder, documents, dark=request.param == "dark")
    return request.param, {name: found.pop(f"{name} at 600") for name in spoilt}, found


def test_axe_finds_nothing_in_any_digest(accessible):
    scheme, _, found = accessible
    assert len(found) == (len(LAYOUTS) * len(TITLES) + 1) * len(WIDTHS)
    said = Counter((f["id"], f["impact"], f["html"][:200]) for each in found.values() for f in each["findings"])
    assert (scheme, said) == (scheme, Counter())
    assert all({"color-contrast", "target-size"} <= {*each["held"]} for each in found.values())


def test_axe_finds_what_is_spoilt(accessible):
    scheme, spoilt, _ = accessible
    assert "image-alt" in rules(spoilt["nameless"])
    assert ("color-contrast" in rules(spoilt["faint"])) == (scheme == "light")
    assert ("color-contrast" in rules(spoilt["faint in the dark"])) == (scheme == "dark")


@pytest.fixture(scope="module")
def said_of_html(tmp_path_factory):
    """Give what each judge of HTML says: judge → file name → messages. One document is spoilt."""
    folder = tmp_path_factory.mktemp("html")
    documents = digests() | {"ungrouped": made("front-page", "en", group_by="")}
    documents |= {f"bare-{name}": render_digest(replace(BARE_DIGEST, layout=name), TEMPLATES).html for name in LAYOUTS}
    documents["spoilt"] = documents["ungrouped"].replace("</h1>", "", 1).replace(' alt="A ferry"', "", 1)
    files = [folder / f"{name}.html" for name in documents]
    for file in files:
        file.write_text(documents[file.stem], encoding="utf-8")
    return {"vnu": vnu(files), "html-validate": html_validate(files, folder)}


def beyond_the_allowed(found):
    return [(file, message) for file, message in found if not any(re.search(each, message) for each in ALLOWED)]


@pytest.mark.parametrize("name", ["vnu", "html-validate"])
def test_judges_of_html_find_nothing_but_what_mail_needs(said_of_html, name):
    found = beyond_the_allowed(said_of_html[name])
    assert Counter(message for file, message in found if file != "spoilt.html") == Counter()


@pytest.mark.parametrize("name", ["vnu", "html-validate"])
def test_judges_of_html_find_what_is_spoilt(said_of_html, name):
    found = beyond_the_allowed(said_of_html[name])
    said = " ".join(message for file, message in found if file == "spoilt.html")
    assert "h1" in said
    assert "alt" in said


def test_allowed_are_five_things_at_most_and_all_of_them_are_said(said_of_html):
    messages = {message for found in said_of_html.values() for _, message in found}
    assert len(ALLOWED) <= 5
    assert [each for each in ALLOWED if not any(re.search(each, message) for message in messages)] == []
