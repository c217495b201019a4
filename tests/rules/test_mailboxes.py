"""Which addresses can be written to, and when two are one. Not here: whether one may be mailed (test_consent.py)."""

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.mailboxes import LONGEST_NAME, SPECIAL_DOMAINS, BadMailbox, Mailbox, read_mailbox

PARTS = st.sampled_from(
    [
        *"aZ09_.-+@",
        "ann",
        "lee",
        "gazette",
        "example",
        ".example",
        "@x.example",
        "test",
        "local",
        "xn--",
        "--",
        "a" * 21,
    ]
)
NEARLY = st.one_of(
    st.lists(PARTS, max_size=9).map("".join),
    st.builds("{}@{}".format, st.text("ab.+-_Z1", max_size=70), st.text("ab.-Z1", max_size=70)),
)


def address_of(text):
    return read_mailbox(text).address


def key_of(text):
    return read_mailbox(text).key


def refusal(address, name=""):
    with pytest.raises(BadMailbox) as raised:
        read_mailbox(address, name)
    return str(raised.value)


# ---- the address ----


@pytest.mark.parametrize("text", ["ann@gazette.example", "Ann.Lee@x.test", "a_b-c@mail.x-y.co.uk", "o'brien@x.example"])
def test_plain_address_stays_as_it_is(text):
    assert address_of(text) == text


@pytest.mark.rule("T6")
def test_address_sheds_marks_of_direction_and_blanks_around_it():
    assert address_of(" \u202aann@\u2066x.example\u202c\u00a0") == "ann@x.example"


@pytest.mark.rule("T9")
@pytest.mark.parametrize("text", ["b@x>\r\nRCPT TO:<evil", "b@x.example\r\nDATA", "b\x00@x.example", "b\n@x.example"])
def test_address_with_a_command_in_it_is_refused(text):
    assert refusal(text) == "it holds a line break or control character; expected one address on one line"


@pytest.mark.rule("T9")
def test_address_that_closes_a_bracket_is_refused():
    assert "'>'" in refusal("b@x.example>")


@pytest.mark.rule("T10")
@pytest.mark.parametrize(
    "text",
    [
        '"a b"@x.example',
        '"ab"@x.example',
        "a b@x.example",
        "a@x.example,b@x.example",
        "a(Ann)@x.example",
        "a@x.example (Ann)",
        "a@b@x.example",
        "Ann <a@x.example>",
        "<a@x.example>",
        "a@[127.0.0.1]",
        "a@localhost",
        "a@test",
        "a..b@x.example",
        ".a@x.example",
        "ann",
        "@x.example",
        "a@",
        "",
        " ",
    ],
)
def test_what_is_not_one_plain_mailbox_is_refused(text):
    assert "expected " in refusal(text)


@pytest.mark.rule("T11")
def test_international_domain_is_written_in_ascii():
    assert address_of("u@BÜCHER.example") == address_of("u@bu\u0308cher.example") == "u@xn--bcher-kva.example"
    assert key_of("u@xn--bcher-kva.example") == key_of("u@bücher.example")


@pytest.mark.rule("T12")
def test_sharp_s_is_a_letter_of_its_own():
    assert address_of("u@faß.de") == "u@xn--fa-hia.de"
    assert key_of("u@straße.de") != key_of("u@STRASSE.de")


@pytest.mark.rule("T13")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("u@☃.example", "U+2603"),
        (f"u@{'l' * 64}.example", "1 character too many"),
        ("u@a_b.example", "'_'"),
        ("u@-a.example", "hyphen"),
        ("u@xn--zzzz.example", "IDNA"),
        ("u@x.invalid", "special-use"),
        ("u@1.2.3.4", "top-level"),
    ],
)
def test_impossible_domain_is_refused_with_a_reason(text, reason):
    assert reason in refusal(text)


@pytest.mark.rule("T14")
def test_letters_beyond_ascii_before_the_at_are_refused_clearly():
    assert refusal("jösé@x.example").startswith("the part before the @ holds 'öé'; expected ASCII there")
    assert "SMTPUTF8" in refusal("用户@x.example")


@pytest.mark.rule("T15")
def test_plus_address_is_kept_and_counts_as_its_own():
    assert address_of("ann+news@x.example") == "ann+news@x.example"
    assert len({key_of(text) for text in ("ann@x.example", "ann+news@x.example", "ann+new.s@x.example")}) == 3


@pytest.mark.rule("T16")
def test_letter_case_makes_no_other_subscriber_and_is_kept_for_sending():
    assert read_mailbox("Ann.Lee@X.Example") == Mailbox("", "Ann.Lee@x.example", "ann.lee@x.example")
    assert key_of("ANN.LEE@x.example") == key_of("Ann.Lee@X.Example")


@pytest.mark.rule("T17")
@pytest.mark.parametrize("domain", ["\u212aelvin.example", "ｅxample.com", "ﬁsh.example", "№.example", "x。example"])
def test_domain_that_only_looks_like_another_is_refused(domain):
    assert "would be read as another one" in refusal(f"u@{domain}")


@pytest.mark.rule("T17")
def test_kelvin_sign_before_the_at_is_no_k():
    assert "SMTPUTF8" in refusal("\u212ate@x.example")


@pytest.mark.rule("T18")
def test_parts_longer_than_mail_allows_are_refused():
    domain = ".".join(["b" * 60] * 3)
    assert address_of(f"{'a' * 64}@x.example")
    assert "too long before the @-sign" in refusal(f"{'a' * 65}@x.example")
    assert len(address_of(f"{'a' * 63}@{domain}.exampl")) == 253
    assert "longer than 254" in refusal(f"{'a' * 64}@{domain}.example")
    assert "longer than 254" in refusal(f"a@{'.'.join(['-'.join(['b' * 20] * 3)] * 5)}.example")
    assert "too long" in refusal(f"{'a' * 64}@{'ü' * 40}.{'ü' * 40}.{'ü' * 40}.{'ü' * 40}.example")


@given(NEARLY)
def test_short_way_of_judging_says_what_the_long_way_says(text):
    options = {"check_deliverability": False, "allow_smtputf8": False, "test_environment": True, "strict": True}
    try:
        expected = validate_email(text, **options).ascii_email
    except EmailNotValidError:
        expected = None
    try:
        assert address_of(text) == expected
    except BadMailbox:
        assert expected is None or text.endswith("@test")


@given(st.text(max_size=40))
def test_whatever_is_taken_is_one_ascii_word_and_is_taken_again(text):
    try:
        mailbox = read_mailbox(f"{text}@x.example", text)
    except BadMailbox as refused:
        assert str(refused)
        return
    assert mailbox.address.isascii()
    assert not set(mailbox.address) & set(' <>,;:"()\\')
    assert read_mailbox(mailbox.address, mailbox.name) == mailbox


# ---- the name ----


@pytest.mark.rule("T6")
def test_name_sheds_controls_of_direction():
    assert read_mailbox("a@x.example", "\u202eAnn\u202c \u2067Lee\u2069").name == "Ann Lee"


@pytest.mark.rule("T7")
@pytest.mark.parametrize("name", ["a\r\nBcc: z", "a\rb", "a\nb", "a\x00b", "a\x1bb", "a\x85b", "a\tb"])
def test_name_with_a_line_break_or_control_is_refused_with_a_reason(name):
    assert refusal("a@x.example", name).startswith("the name holds a line break or control character")


@pytest.mark.rule("T8")
def test_name_sheds_line_separators():
    assert read_mailbox("a@x.example", "Ann\u2028\u2029Lee\u2028").name == "Ann Lee"


@pytest.mark.parametrize(
    ("name", "shown"), [("  Ann   Lee ", "Ann Lee"), ("", ""), ("Zoë O’Neill, MD", "Zoë O’Neill, MD")]
)
def test_name_is_shown_on_one_line(name, shown):
    assert read_mailbox("a@x.example", name).name == shown


def test_long_name_is_cut():
    name = read_mailbox("a@x.example", "Ann Lee " * 700).name
    assert (len(name) <= LONGEST_NAME, name.endswith("…")) == (True, True)


def test_special_domains_are_those_that_the_library_refuses():
    assert {domain.removeprefix(".") for domain in SPECIAL_DOMAINS} == set(SPECIAL_USE_DOMAIN_NAMES) - {"test"}
