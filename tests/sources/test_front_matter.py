"""Front matter is found, parsed and told from a rule; what is malformed is refused with its line.

Not here: what its keys mean (rules), writing an id into it (test_pinning).
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import ArticleRefused
from feeds.rules.text import clean_text
from feeds.sources.folder import FolderSource
from feeds.sources.front_matter import LONGEST, split_front_matter

BOMB = (
    "---\n" + "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdef", "bcdefg", strict=True))
)


def refusal(text):
    with pytest.raises(ArticleRefused) as raised:
        split_front_matter(text)
    return raised.value.reason


def test_yaml_stands_between_dashes():
    text = "---\ntitle: The ferry\ntags: [a, b]\nimage:\n  path: x.jpg\n---\n\nBody\n"
    meta = {"title": "The ferry", "tags": ["a", "b"], "image": {"path": "x.jpg"}}
    assert split_front_matter(text) == (meta, "Body\n")


def test_toml_stands_between_plus_signs():
    text = '+++\ntitle = "The ferry"\ndate = 2026-03-02\n[image]\npath = "x.jpg"\n+++\nBody'
    assert split_front_matter(text) == (
        {"title": "The ferry", "date": date(2026, 3, 2), "image": {"path": "x.jpg"}},
        "Body",
    )


@pytest.mark.parametrize(
    "text", ["---  \ntitle: x\n---\t\nBody", "\n\n---\ntitle: x\n---\nBody", "---\ntitle: x\n---\n\n\nBody"]
)
def test_space_around_the_fences_does_not_matter(text):
    assert split_front_matter(text) == ({"title": "x"}, "Body")


def test_file_may_end_with_its_front_matter():
    assert split_front_matter("---\ntitle: x\n---") == ({"title": "x"}, "")


def test_text_without_front_matter_is_left_as_it_is():
    assert split_front_matter("\n  The ferry\n") == ({}, "\n  The ferry\n")


@pytest.mark.parametrize("text", ["---\n---\nBody", "---\n\n---\nBody", "---\n# nothing yet\n---\nBody"])
def test_front_matter_may_be_empty(text):
    assert split_front_matter(text) == ({}, "Body")


@pytest.mark.parametrize(
    "text",
    [
        "---\nThe ferry runs again.\n",
        "---\n\nThe ferry runs again.\n\n---\n\nFrom Monday.\n",
        "---\n- one\n- two\n---\nA list between rules\n",
        "---\n" + "The ferry runs again.\n" * 5000 + "---\nFrom Monday.\n",
        "+++\nThe ferry runs again.\n",
        "----\ntitle: x\n----\n",
        "--- a dash\ntitle: x\n",
    ],
)
def test_dashes_without_keys_behind_them_are_a_rule(text):
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    "written",
    ["2026-02-30", "2026-03-02 24:00:00", "3.10", "No", "on", "0123", "12:30:45", "1_000", "true", "0x1F", "2026"],
)
def test_yaml_value_is_what_was_typed(written):
    assert split_front_matter(f"---\ntitle: {written}\n---\n")[0] == {"title": written}


def test_yaml_value_may_be_missing():
    assert split_front_matter("---\ntitle:\ndate: null\nid: ~\n---\n")[0] == {"title": None, "date": None, "id": None}


def test_yaml_key_is_text_whatever_it_looks_like():
    assert split_front_matter("---\n1: one\ntrue: yes\n~: none\n---\n")[0].keys() == {"1", "true", "None"}


@pytest.mark.rule("T43")
@pytest.mark.parametrize("escaped", [r"a\0b", r"a\x08b", r"a\u0000b", r"a\uFFFEb"])
def test_escape_brings_no_control_character_in(escaped):
    text = f'---\ntitle: "{escaped}"\ntags: ["{escaped}"]\nimage: {{"{escaped}": "{escaped}"}}\n---\n'
    assert split_front_matter(text)[0] == {"title": "ab", "tags": ["ab"], "image": {"ab": "ab"}}


@pytest.mark.rule("T5")
def test_escape_brings_no_lone_surrogate_in():
    assert split_front_matter('---\ntitle: "a\\uD800b"\n---\n')[0] == {"title": "a\ufffdb"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: x\ntags: [a\ndate: y\n---\n", "line 4"),
        ("---\ntitle: one: two\n---\n", "line 2"),
        ("\n\n---\ntitle: x\nno colon here\n---\n", "line 5"),
        ("---\ntitle: x\n\tdate: y\n---\n", "line 3"),
        ('---\ntitle: "x\n---\nBody', "line"),
        ('+++\ntitle = "x"\ntags = [\n+++\n', "at end of document"),
        ("\n\n+++\ntitle = x\n+++\n", "line 4"),
        ("---\ntitle: x\ndraft: true\ntitle: y\n---\n", "line 4"),
        ('+++\ntitle = "x"\ntitle = "y"\n+++\n', "line 3"),
        ("---\nx: !!python/object/apply:os.system [true]\n---\n", "line 2"),
    ],
)
def test_malformed_front_matter_is_refused_with_its_line(text, line):
    assert refusal(text).startswith("its front matter is malformed: ")
    assert line in refusal(text)


@pytest.mark.parametrize(
    "text", ["---\ntitle: x\n\nBody\n", "---\n\ntitle: x\n\nBody", "+++\ntitle = 'x'\n", "---\ntitle: x\n...\nBody"]
)
def test_front_matter_that_never_closes_is_refused_for_it_may_say_draft(text):
    assert "no closing" in refusal(text)


def test_key_given_twice_in_a_table_is_refused():
    assert "'alt' is given twice" in refusal("---\nimage: {alt: x, alt: y}\n---\n")


def test_aliases_are_refused_before_they_make_a_billion():
    assert "aliases (*name) are not allowed" in refusal(BOMB + "---\n")


@pytest.mark.rule("T47")
def test_absurdly_deep_or_long_front_matter_is_refused():
    assert "malformed" in refusal("---\nx: " + "[" * 30_000 + "\n---\n")
    assert f"over {LONGEST:,} characters" in refusal("---\ntitle: " + "x" * LONGEST + "\n---\n")


def test_number_too_long_to_be_read_is_refused_by_name():
    assert "malformed" in refusal("+++\nx = " + "9" * 5000 + "\n+++\n")


@pytest.mark.parametrize(
    "text", ["---\n? [a, b]\n: x\nid: y\n---\n", "---\n!!set {a: , b: }\n---\n", "---\n!!omap [a: b]\n---\n"]
)
def test_strange_yaml_is_read_or_refused(text):
    try:
        assert isinstance(split_front_matter(text)[0], dict)
    except ArticleRefused as error:
        assert error.reason


@given(
    st.sampled_from(["---", "+++"]), st.text(alphabet="ab:=-+[]{}&*!|>'\"#\\ \n\t01\u00e9", max_size=60).map(clean_text)
)
def test_any_text_is_split_or_refused(fence, text):
    try:
        meta, body = split_front_matter(f"{fence}\n{text}\n{fence}\nBody")
    except ArticleRefused as error:
        assert "front matter" in error.reason
    else:
        assert all(isinstance(key, str) for key in meta)
        assert body.endswith("Body")


@pytest.mark.rule("F12")
@pytest.mark.parametrize(
    "text",
    [
        "\u200b---\ndraft: true\n---\nBody",
        "\ufeff\n---\ndraft: true\n---\nBody",
        "\xa0---\ndraft: true\n---\nBody",
        "---\u200b\xa0\ndraft: true\n\u200b---\u200b\nBody",
        "---\n? draft\n: true\n---\nBody",
        "---\n!!str draft: true\n---\nBody",
        "---\n&x draft: true\n---\nBody",
        '---\n"\\x64raft": true\n---\nBody',
    ],
)
def test_front_matter_is_found_behind_what_cannot_be_seen_and_in_odd_spellings(text):
    assert split_front_matter(text) == ({"draft": "true"}, "Body")


def test_escaped_toml_key_is_front_matter():
    assert split_front_matter('+++\n"\\u0064raft" = true\n+++\nBody') == ({"draft": True}, "Body")


@pytest.mark.rule("F12")
@pytest.mark.parametrize(
    "text",
    [
        "---\n- draft: true\n---\nBody",
        "---\ndraft: true\ndraft: false\n---\nBody",
        "+++\ndraft = true\ndraft = false\n+++\nBody",
        "---yaml\ndraft: true\n---\nBody",
    ],
)
def test_refusal_that_may_hide_the_article_says_so(text):
    with pytest.raises(ArticleRefused) as raised:
        split_front_matter(text)
    assert raised.value.hides


def test_folder_passes_on_that_a_refusal_may_hide_the_article(tmp_path):
    (tmp_path / "a.md").write_text("---yaml\ndraft: true\n---\nBody")
    (tmp_path / "b.md").write_text("---\ntitle: one: two\n---\nBody")
    found = {refused.key: refused.hides for refused in FolderSource(tmp_path).entries()}
    assert found == {"a.md": True, "b.md": False}


@pytest.mark.parametrize("key", ["<<", "!!merge x"])
def test_merging_is_refused_for_it_hides_keys(key):
    assert "'<<' is not allowed" in refusal(f"---\n{key}: {{draft: true}}\n---\nBody")
    assert "'<<' is not allowed" in refusal(f"---\ntitle: x\n{key}: {{draft: true}}\n---\nBody")


def test_sentence_between_rules_is_no_front_matter_for_its_colon():
    text = "---\n\nThe ferry said: go.\n\n---\n\nFrom Monday.\n"
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("---\nx: " + "[" * 30_000 + "\n---\n", "it is nested too deeply"),
        ("+++\nx = " + "9" * 5000 + "\n+++\n", "a number in it has too many digits"),
        ("---\ndraft: !!bool maybe\n---\n", "a value in it is not of the type that it names"),
        ("---\ndate: !!timestamp x\n---\n", "a value in it is not of the type that it names"),
    ],
)
def test_malformed_front_matter_is_named_in_an_editors_words(text, words):
    assert refusal(text) == f"its front matter is malformed: {words}"
