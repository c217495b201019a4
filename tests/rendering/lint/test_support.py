"""The facts of client support: whole, dated, and asked by names that are there; the rules, named alike everywhere.

Not here: what is made of them in a message (test_planted_mail_faults, test_judging).
"""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from feeds.config.schema import keys_of
from feeds.rendering.lint import WHY, support
from feeds.rendering.lint.support import facts_of, facts_of_element, table

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs/lint.md").read_text(encoding="utf-8")
FILE = json.loads((ROOT / "feeds/rendering/lint/support.json").read_text(encoding="utf-8"))


def test_facts_name_their_source_date_and_licence():
    assert (FILE["source"], date.fromisoformat(FILE["date"]).year >= 2025) == ("caniemail.com", True)
    assert "MIT" in FILE["licence"]


def test_facts_speak_of_known_clients_only():
    assert len(FILE["clients"]) == 12
    for fact in FILE["facts"].values():
        assert {*fact["no"], *fact["partly"]} <= set(FILE["clients"])
        assert not {*fact["no"]} & {*fact["partly"]}


def test_docs_tell_how_many_facts_there_are_and_of_when():
    day = date.fromisoformat(support.as_of())
    assert f"{day.day} {day:%B %Y}" in DOCS
    assert f"{len(table())} features" in DOCS


def test_every_fact_that_is_asked_for_is_there():
    asked = {*support.BREAKS, *support._REMEDIES, *support._ELEMENTS.values(), *support._FORMATS.values()}
    asked |= {slug for _, slug in (*support._FAMILIES, *support._FUNCTIONS)} | {*support._UNITS.values()}
    assert asked - set(table()) == set()


def test_rules_are_the_same_in_code_config_and_docs():
    told = re.findall(r"^\| (M\d+) \|", DOCS, re.MULTILINE)
    assert set(told) == set(WHY) == set(keys_of("lint"))


@pytest.mark.parametrize(("name", "value", "fact"), [
    ("display", "flex", "css-display-flex"), ("display", "inline-flex", "css-display-flex"),
    ("position", "absolute", "css-position"), ("top", "4px", "css-left-right-top-bottom"),
    ("transition-duration", "1s", "css-transition"), ("width", "var(--a)", "css-variables"),
    ("color", "RGBA(1, 2, 3, .5)", "css-rgba"), ("color", "oklch(1 2 3)", "css-modern-color"),
    ("font-size", "1.2rem", "css-unit-rem"), ("background", "linear-gradient(red, blue)", "css-linear-gradient"),
])  # fmt: skip
def test_declaration_is_known_by_its_fact(name, value, fact):
    assert fact in facts_of(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("display", "block"), ("color", "#123456"), ("height", "auto"), ("position", "static"), ("float", "none")],
)
def test_what_all_honour_has_no_fact(name, value):
    assert facts_of(name, value) == ()


@pytest.mark.parametrize(("source", "fact"), [
    ("https://a.example/a.webp?x=1", ["image-webp"]), ("https://a.example/a.SVG", ["image-svg"]),
    ("data:image/png;base64,AA", ["image-base64"]), ("https://a.example/a.jpg", []), ("https://[", []),
])  # fmt: skip
def test_picture_is_known_by_its_format(source, fact):
    assert list(facts_of_element("img", {"src": source})) == fact
