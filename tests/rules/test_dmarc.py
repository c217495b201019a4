"""DMARC: whose record counts, what aligns, and what is said of it all.

RFC 9989. Not here: SPF and DKIM themselves.
"""

import pytest

from feeds.rules.checkup import Grade
from feeds.rules.dmarc import names_above, walk_up
from feeds.rules.dmarc_advice import Identity, examine_dmarc
from tests.rules.given_names import SILENT, answered

GOOD = "v=DMARC1; p=quarantine; rua=mailto:dmarc@gazette.example"


def records(**texts):
    """Return a DNS in which these domains, with _ for each dot, have a DMARC record."""
    return {f"_dmarc.{name.replace('_', '.')} TXT": [text] for name, text in texts.items()}


def walked(domain, names):
    return answered(walk_up(domain), names)


def who(sender="weekly@gazette.example", **given):
    of = sender.rpartition("@")[2]
    return Identity(**({"sender": sender, "path": of, "signer": of, "passes_spf": True, "passes_dkim": True} | given))


def findings(names, **given):
    return answered(examine_dmarc(who(**given)), names)


def troubles(names, **given):
    return [(one.grade, one.what) for one in findings(names, **given) if one.grade is not Grade.OK]


def lines(names, **given):
    return [line for one in findings(names, **given) for line in one.lines]


# ---- the walk ----


def test_walk_asks_eight_names_at_most():
    asked = names_above("a.b.c.d.e.f.g.h.i.gazette.example")
    assert (len(asked), asked[:2], asked[-1]) == (
        8,
        ["a.b.c.d.e.f.g.h.i.gazette.example", "e.f.g.h.i.gazette.example"],
        "example",
    )


def test_walk_goes_up_to_the_last_label():
    asked = []
    answered(walk_up("mail.gazette.example"), {}, asked)
    assert asked == [f"_dmarc.{name} TXT" for name in ("mail.gazette.example", "gazette.example", "example")]


def test_organisation_is_the_shortest_domain_with_a_record():
    names = records(news_gazette_example=GOOD, gazette_example=GOOD)
    assert walked("a.news.gazette.example", names).organisation == "gazette.example"


def test_record_that_says_that_it_is_the_last_ends_the_walk():
    names = records(news_gazette_example=f"{GOOD}; psd=n", gazette_example=GOOD)
    found = walked("a.news.gazette.example", names)
    assert (found.organisation, len(found.records)) == ("news.gazette.example", 1)


def test_below_a_registry_the_organisation_is_one_label_longer():
    names = records(bank_example="v=DMARC1; p=reject; psd=y")
    assert walked("mail.ours.bank.example", names).organisation == "ours.bank.example"


def test_registry_that_mails_itself_is_its_own_organisation():
    names = records(bank_example="v=DMARC1; p=reject; psd=y")
    assert walked("bank.example", names).organisation == "bank.example"


def test_without_any_record_a_domain_is_its_own_organisation():
    assert walked("a.gazette.example", {}).organisation == "a.gazette.example"


def test_own_record_counts_before_that_of_the_organisation_and_of_the_registry():
    names = records(example="v=DMARC1; p=none; psd=y")
    assert walked("news.gazette.example", names).policy_record.domain == "example"
    names |= records(gazette_example=GOOD)
    assert walked("news.gazette.example", names).policy_record.domain == "gazette.example"
    names |= records(news_gazette_example=GOOD)
    assert walked("news.gazette.example", names).policy_record.domain == "news.gazette.example"


@pytest.mark.parametrize(
    ("text", "own", "below"),
    [
        ("v=DMARC1; p=reject", "reject", "reject"),
        ("v=DMARC1; p=reject; sp=quarantine", "reject", "quarantine"),
        ("v=DMARC1; p=Quarantine", "quarantine", "quarantine"),
        ("v=DMARC1; p=rejct; rua=mailto:a@gazette.example", "none", "none"),
        ("v=DMARC1; p=reject; sp=no", "none", "none"),
        ("v=DMARC1; rua=mailto:a@gazette.example", "none", "none"),
    ],
)
def test_policy_is_read_for_a_domain_and_for_those_below_it(text, own, below):
    (record,) = walked("gazette.example", records(gazette_example=text)).records
    assert (record.policy_for("gazette.example"), record.policy_for("news.gazette.example")) == (own, below)


@pytest.mark.parametrize(
    "texts", [[GOOD, GOOD.replace("quarantine", "none")], ["v=DMARC2; p=none"], ["v=dmarc1; p=none"]]
)
def test_records_that_count_for_nothing_are_passed_by(texts):
    names = {"_dmarc.news.gazette.example TXT": texts} | records(gazette_example=GOOD)
    found = walked("news.gazette.example", names)
    assert [one.domain for one in found.records] == ["gazette.example"]


# ---- advice ----


def test_sender_with_a_policy_that_passes_both_ways_is_well():
    assert troubles(records(gazette_example=GOOD)) == []
    assert findings(records(gazette_example=GOOD))[-1].what == (
        "its messages pass DMARC by DKIM of gazette.example and by SPF of gazette.example"
    )


def test_without_a_record_one_is_given():
    ((grade, what),) = troubles({})
    assert (grade, "no DMARC record" in what) == (Grade.ERROR, True)
    assert lines({}) == ['_dmarc.gazette.example. IN TXT "v=DMARC1; p=none; rua=mailto:weekly@gazette.example"']


def test_two_records_are_one_too_many():
    names = {"_dmarc.gazette.example TXT": [GOOD, "v=DMARC1; p=none"]}
    ((grade, what),) = troubles(names)
    assert (grade, "2 DMARC records" in what) == (Grade.ERROR, True)


def test_dns_that_is_down_is_not_taken_for_a_record_that_is_not_there():
    ((grade, what),) = troubles({"_dmarc.example TXT": SILENT})
    assert (grade, "could not be looked up" in what, lines({"_dmarc.example TXT": SILENT})) == (Grade.ERROR, True, [])


@pytest.mark.parametrize(
    ("text", "grade", "line"),
    [
        (f"{GOOD}; pct=50", Grade.WARNING, f"{GOOD}"),
        ("v=DMARC1; p=none", Grade.WARNING, "v=DMARC1; p=none; rua=mailto:postmaster@gazette.example"),
        (
            "v=DMARC1; rua=us@gazette.example; p=none",
            Grade.WARNING,
            "v=DMARC1; rua=mailto:postmaster@gazette.example; p=none",
        ),
        (GOOD.replace("quarantine", "quarantin"), Grade.ERROR, GOOD.replace("quarantine", "none")),
        (f"{GOOD}; psd=y", Grade.ERROR, None),
    ],
)
def test_fault_of_a_record_is_told_with_the_record_that_mends_it(text, grade, line):
    names = records(gazette_example=text)
    assert [one for one, _ in troubles(names)] == [grade]
    assert lines(names) == ([f'_dmarc.gazette.example. IN TXT "{line}"'] if line else [])


def test_reports_to_another_organisation_need_its_consent():
    names = records(gazette_example="v=DMARC1; p=none; rua=mailto:us@reports.example")
    consent = "gazette.example._report._dmarc.reports.example"
    assert lines(names) == [f'{consent}. IN TXT "v=DMARC1;"']
    assert troubles(names | {f"{consent} TXT": ["v=DMARC1;"]}) == []


def test_reports_to_another_domain_of_ours_need_none():
    names = records(gazette_example="v=DMARC1; p=none; rua=mailto:us@lists.gazette.example")
    assert troubles(names) == []


def test_domains_of_one_organisation_align():
    given = {"sender": "weekly@news.gazette.example", "path": "bounce.gazette.example", "signer": "gazette.example"}
    assert troubles(records(gazette_example=GOOD), **given) == []


def test_strict_alignment_asks_for_the_very_same_domain():
    given = {"sender": "weekly@news.gazette.example", "path": "bounce.gazette.example", "signer": "gazette.example"}
    ((grade, what),) = troubles(records(gazette_example=f"{GOOD}; adkim=s; aspf=s"), **given)
    assert (grade, "adkim=s" in what, "aspf=s" in what) == (Grade.ERROR, True, True)


def test_line_of_the_config_that_makes_domains_align_is_given():
    given = {"path": "provider.example", "signer": "provider.example"}
    assert [grade for grade, _ in troubles(records(gazette_example=GOOD), **given)] == [Grade.ERROR]
    assert lines(records(gazette_example=GOOD), **given) == [
        '[dkim] domain = "gazette.example"',
        '[[newsletters]] return_path = "bounces@gazette.example"',
    ]


@pytest.mark.parametrize("broken", [{"passes_spf": False}, {"passes_dkim": False}, {"signer": ""}])
def test_one_way_alone_is_a_warning(broken):
    assert [grade for grade, _ in troubles(records(gazette_example=GOOD), **broken)] == [Grade.WARNING]


def test_no_way_at_all_is_an_error():
    found = troubles(records(gazette_example=GOOD), passes_spf=False, passes_dkim=False)
    assert [grade for grade, _ in found] == [Grade.ERROR]
