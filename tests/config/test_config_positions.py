import tomllib

from hypothesis import given
from hypothesis import strategies as st

from feeds.config import line_of, lines_of

TEXT = '''\
title = "top"   # line 1
[a.b]
"quoted key" = 'x'
'single' . sub = 1
long = """
[not.a.table]
key = "no key" \\""" still
"""
raw = \'\'\'
# no comment
[[x]]\'\'\'
list = [ "one, # two", [1,
  2], # comment ]
  { deep = [
    3 ] },
]
inline = { one = 1, two = "}" }

[[t]]
n = 1
[t.sub]
n = 2
[[t.items]]
[[t]]
[[t.items]]
[[t.items]]
n = 3
after = """"four quotes""""
last = 1979-05-27 07:32:00
'''


def line(*path):
    return line_of(path, lines_of(TEXT))


def test_text_is_toml():
    assert tomllib.loads(TEXT)["t"][1]["items"][1]["n"] == 3


def test_keys_stand_where_they_are_written():
    assert [line("title"), line("a", "b"), line("a", "b", "quoted key")] == [1, 2, 3]


def test_dotted_key_is_a_path():
    assert line("a", "b", "single", "sub") == 4


def test_lines_of_a_long_string_are_no_keys():
    assert [line("a", "b", "long"), line("a", "b", "raw"), line("not", "a"), line("x")] == [5, 9, None, None]


def test_items_of_a_list_have_lines_of_their_own():
    items = [line("a", "b", "list", *where) for where in ((), (0,), (1,), (1, 1), (2,), (2, "deep", 0))]
    assert items == [12, 12, 12, 13, 14, 15]


def test_keys_of_an_inline_table_stand_on_its_line():
    assert [line("a", "b", "inline"), line("a", "b", "inline", "two")] == [17, 17]


def test_tables_of_an_array_are_counted():
    assert [line("t", 0), line("t", 0, "n"), line("t", 0, "sub", "n")] == [19, 20, 22]
    assert [line("t", 0, "items", 0), line("t", 1), line("t", 1, "items", 1, "n")] == [23, 24, 27]


def test_text_goes_on_after_a_string_that_ends_in_quotes():
    assert [line("t", 1, "items", 1, "after"), line("t", 1, "items", 1, "last")] == [28, 29]


def test_missing_key_falls_back_on_its_table():
    assert [line("t", 1, "missing"), line("missing")] == [24, None]


def test_windows_line_ends_count_once():
    assert lines_of('a = 1\r\n[b]\r\nc = """\r\nx"""\r\nd = 2\r\n')["b", "d"] == 5


names = st.text(st.sampled_from("ab.#]\"'é \\"), max_size=6)
values = st.one_of(st.integers(), st.booleans(), names, st.lists(names, max_size=3))


def basic(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(value):
    if isinstance(value, list):
        return "[" + ",\n".join(written(item) for item in value) + "]"
    return basic(value) if isinstance(value, str) else str(value).lower()


@given(st.dictionaries(names, values, max_size=6))
def test_every_key_of_any_table_is_found_on_its_line(table):
    text, expected = "", {}
    for key, value in table.items():
        expected[key] = text.count("\n") + 1
        text += f"{basic(key)} = {written(value)} # {key}\n"
    assert tomllib.loads(text) == table
    assert {key: lines_of(text)[key,] for key in table} == expected
