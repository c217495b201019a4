"""Any value at any key of a feed is either taken or named: nothing else is ever raised.

Not here: what each mistake says (test_config_feeds).
"""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feeds.config import load_config
from feeds.config.schema import keys_of
from feeds.errors import ConfigInvalid
from tests.config.conftest import SITE

WORDS = st.one_of(
    st.sampled_from(
        ["", ".", "..", "{slug}", "{name}", "tag", "language", "private/x", "tags/{slug}", "json", "é", "a/b"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
SINGLE = st.one_of(WORDS, st.booleans(), st.integers(-5, 2**63 - 1), st.floats(allow_nan=False))
VALUES = st.one_of(SINGLE, st.lists(SINGLE, max_size=3), st.lists(st.lists(SINGLE, max_size=1), max_size=1))
FEED = st.dictionaries(st.sampled_from([key for key in keys_of("feeds") if key != "podcast"]), VALUES, max_size=6)
PODCAST = st.dictionaries(st.sampled_from(keys_of("feeds", "podcast")), VALUES, max_size=4)


def toml(table):
    # JSON's strings, numbers, booleans and lists are TOML's too, but for DEL and for numbers like 1e+22.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())
    return "".join(lines).replace("\x7f", "\\u007f")


@pytest.mark.rule("T133")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(FEED, st.one_of(st.none(), PODCAST)), max_size=3))
@example([({"path": 3, "each": [], "moved_from": [[]], "private": 1, "formats": {}}, None)])
def test_any_value_of_a_feed_is_taken_or_named(tmp_path, feeds):
    tables = (
        f"[[feeds]]\n{toml(feed)}" + ("" if podcast is None else f"[feeds.podcast]\n{toml(podcast)}")
        for feed, podcast in feeds
    )
    path = tmp_path / "config.toml"
    path.write_text(SITE + "".join(tables), encoding="utf-8")
    try:
        load_config(path, {})
    except ConfigInvalid as error:
        assert all(mistake.key or mistake.line for mistake in error.mistakes)
        assert all(
            "; " in mistake.expected or "expected" in mistake.expected for mistake in error.mistakes if mistake.key
        )
