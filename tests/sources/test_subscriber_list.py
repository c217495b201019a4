"""A file of readers is read whatever wrote it, and a row that cannot be taken is named and costs no other.

Not here: what an import does with the rows (jobs).
"""

import csv
import io
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.sources.subscriber_list import LONGEST_FIELD, read_subscribers

PLAIN = "e-mail,name\nann@x.example,Ann\nbob@x.example,Bob\n"
ACCENTS = "e-mail;name\nann@x.example;Zoë Müller\nbob@x.example;René Lévêque\n"
BOTH = ["ann@x.example", "bob@x.example"]
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=12)


def read(text, encoding="utf-8"):
    return read_subscribers(text.encode(encoding))


def addresses(found):
    return [mailbox.address for _, mailbox in found.rows]


def names(found):
    return [mailbox.name for _, mailbox in found.rows]


def refused(found):
    return {line: reason for line, _, reason in found.refused}


# ---- encodings, separators, line ends ----


@pytest.mark.rule("T94")
def test_byte_order_mark_is_no_part_of_the_first_column():
    found = read(PLAIN, "utf-8-sig")
    assert (found.refused, addresses(found), names(found)) == ((), BOTH, ["Ann", "Bob"])


@pytest.mark.rule("T96")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_encoding_is_recognised(encoding):
    assert names(read(ACCENTS, encoding)) == ["Zoë Müller", "René Lévêque"]


@pytest.mark.rule("T96")
def test_encoding_that_was_guessed_is_said():
    assert read(ACCENTS, "latin-1").notes[0] == "it is not UTF-8: read as cp1252; save it as UTF-8 to be sure"
    assert read(ACCENTS).notes == ("columns are separated by ;",)


@pytest.mark.rule("T96")
@pytest.mark.parametrize(("mark", "said"), [(",", ","), (";", ";"), ("\t", "TAB")])
def test_separator_is_recognised_and_said(mark, said):
    found = read(PLAIN.replace(",", mark))
    assert (addresses(found), names(found)) == (BOTH, ["Ann", "Bob"])
    assert f"columns are separated by {said}" in found.notes


@pytest.mark.rule("T96")
def test_separator_is_not_mistaken_for_one_inside_names():
    found = read("Lee, Ann;ann@x.example\nDay, Bob;bob@x.example\n")
    assert (addresses(found), names(found)) == (BOTH, ["Lee, Ann", "Day, Bob"])


@pytest.mark.rule("T96")
def test_line_ends_may_be_mixed_and_rows_keep_the_numbers_of_their_lines():
    found = read("e-mail\r\nann@x.example\rbob@x.example\n\nnobody\r\ncyd@x.example")
    assert [line for line, _ in found.rows] == [2, 3, 6]
    assert list(refused(found)) == [5]


@pytest.mark.rule("T96")
@pytest.mark.parametrize("data", [b"PK\x03\x04" + bytes(range(256)) * 9, PLAIN.encode("utf-16-le")])
def test_what_is_no_text_is_refused_with_what_to_do(data):
    assert "CSV UTF-8" in read_subscribers(data).problem


# ---- columns ----


@pytest.mark.parametrize("word", ["e-mail", "E-Mail", "EMAIL", "Email Address", "email_address", "mail", "address"])
def test_address_is_found_by_its_header(word):
    assert addresses(read(f"note,{word}\nx@y,ann@x.example\n")) == ["ann@x.example"]


def test_postal_address_is_no_mailbox():
    assert addresses(read("address,e-mail\n3 Quay Street,ann@x.example\n")) == ["ann@x.example"]


def test_first_and_last_name_become_one():
    assert names(read("Last name,E-mail,First name\nLee,ann@x.example,Ann\n,bob@x.example,Bob\n")) == ["Ann Lee", "Bob"]


def test_header_that_does_not_name_the_address_is_helped_by_what_stands_below():
    assert addresses(read("name,contact\nAnn,ann@x.example\n")) == ["ann@x.example"]


def test_file_without_header_is_read_from_its_first_line():
    found = read("Ann,ann@x.example\nBob,bob@x.example\n")
    assert (addresses(found), names(found)) == (BOTH, ["Ann", "Bob"])
    assert "it has no header: the other column was taken for names" in found.notes


def test_column_of_addresses_alone_is_enough():
    assert addresses(read("ann@x.example\nbob@x.example\n")) == BOTH


def test_names_are_not_guessed_among_many_columns():
    found = read("ann@x.example,Ann,Harbour\n")
    assert (names(found), "it has no header that says which column holds names: none was taken" in found.notes) == (
        [""],
        True,
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is empty"),
        ("\ufeff", "it is empty"),
        ("\n,,\n \n", "it is empty"),
        ("e-mail,name\n", "a header and no rows"),
        ("ferry\npier\n", "no row"),
    ],
)
def test_file_without_a_reader_says_so(text, problem):
    assert problem in read(text).problem


# ---- rows ----


@pytest.mark.rule("T7")
def test_bad_row_is_named_and_the_others_are_taken():
    found = read('ann@x.example,Ann\nnobody,No\n"bob@x.example","B\nBcc: z"\ncyd@x.example,Cyd\n')
    assert addresses(found) == ["ann@x.example", "cyd@x.example"]
    assert found.refused[0][:2] == (2, "nobody")
    assert "line break" in refused(found)[3]


def test_address_that_stands_twice_is_taken_once_and_named_once():
    found = read("ann@x.example\nbob@x.example\nAnn@X.example\nANN@x.example\n")
    assert addresses(found) == BOTH
    assert found.duplicates == ((3, "Ann@x.example"),)


@pytest.mark.rule("T95")
@pytest.mark.parametrize("row", ['bad@x.example,"Bad', '"bad@x.example,Bad', '"Bad" Boy,bad@x.example', '"'])
def test_broken_quote_costs_its_own_row_only(row):
    found = read(f'ann@x.example,Ann\n{row}\nbob@x.example,"Bob"\ncyd@x.example,"C ""the"" D, MD"\n')
    assert (addresses(found), names(found)) == ([*BOTH, "cyd@x.example"], ["Ann", "Bob", 'C "the" D, MD'])
    assert list(refused(found)) == [2]
    assert "quote" in refused(found)[2]


@pytest.mark.rule("T95")
def test_two_broken_quotes_do_not_swallow_what_stands_between_them():
    found = read('ann@x.example,"Ann\nbob@x.example,Bob\ncyd@x.example,Cyd"\n')
    assert addresses(found) == ["bob@x.example", "cyd@x.example"]
    assert list(refused(found)) == [1]


@pytest.mark.rule("T95")
def test_quote_in_the_middle_of_a_name_is_a_letter_like_others():
    assert names(read('ann@x.example,Ann "Annie" Lee\nbob@x.example,5" Bob\n')) == ['Ann "Annie" Lee', '5" Bob']


@pytest.mark.rule("T95")
def test_quoted_field_of_several_lines_is_one_row():
    found = read('e-mail,notes,name\nann@x.example,"likes\nferries\n",Ann\nbob@x.example,,Bob\n')
    assert found.rows[1][0] == 5
    assert (addresses(found), names(found), found.refused) == (BOTH, ["Ann", "Bob"], ())


@pytest.mark.rule("T95")
@pytest.mark.parametrize("wrap", ["{}", '"{}"', '"{}'])
def test_huge_field_is_named_by_its_row(wrap):
    huge = wrap.format("x" * (LONGEST_FIELD + 1))
    found = read(f"ann@x.example,Ann\nbad@x.example,{huge}\nbob@x.example,Bob\n")
    assert addresses(found) == BOTH
    assert "131,072" in refused(found)[2]
    assert len(found.refused[0][1]) < 100


@pytest.mark.parametrize("state", ["ended", "pending", "Unsubscribed", "bounced"])
def test_reader_whom_the_file_marks_as_gone_is_not_taken(state):
    found = read(f"address,state\nann@x.example,active\nbad@x.example,{state}\n")
    assert (addresses(found), list(refused(found))) == (["ann@x.example"], [3])


@pytest.mark.rule("T98")
def test_mark_that_an_export_puts_before_a_formula_is_taken_off():
    found = read("address,name\n'=ann@x.example,'+Ann\n'bob@x.example,'Bob\n")
    assert addresses(found) == ["=ann@x.example", "'bob@x.example"]
    assert names(found) == ["+Ann", "'Bob"]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
@example([("", "@\n")])
def test_well_formed_file_loses_no_row(cells):
    written = io.StringIO()
    csv.writer(written).writerows(
        [("e-mail", "name", "notes"), *((f"r{n}@x.example", *c) for n, c in enumerate(cells))]
    )
    found = read(written.getvalue())
    assert len(found.rows) + len(found.refused) == len(cells)
    assert addresses(found) == [f"r{n}@x.example" for n in range(len(cells)) if f"r{n}@x.example" in addresses(found)]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    found = read_subscribers(data)
    assert found.problem or found.rows or found.refused


@pytest.mark.rule("T96")
@pytest.mark.parametrize("row", ["r{}@x.example;Reader {}\n", 'r{}@x.example;"Reader {}\n', '"r{}@x.example";"R{}"\n'])
def test_twenty_thousand_rows_take_little_memory(row):
    data = "".join(row.format(n, n) for n in range(20_000)).encode()
    tracemalloc.start()
    found = read_subscribers(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.rows) + len(found.refused) == 20_000
    assert most < 30_000_000  # an ordinary run takes 8 MB
