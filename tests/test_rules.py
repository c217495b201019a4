"""Hold docs/rules.md and the tests together: a rule that is built has a test, and a test names a rule that exists.

Not here: the rules' own tests (they stand with the room that each rule is about).
"""

import re
from collections import Counter
from pathlib import Path

RULES = Path(__file__).parents[1] / "docs" / "rules.md"
ENTRY = re.compile(r"^- \*\*([FMDT]\d+)\*\* .+ \[(built|built in part|later): ([a-z, ]+)\]$")
COUNT = {"F": 30, "M": 20, "D": 13, "T": 136}
ROOMS = {"cli", "web", "scheduler", "app", "jobs", "sources", "formats", "rendering", "transports"}
ROOMS |= {"outgoing", "store", "rules", "config"}


def entries():
    lines = [line for line in RULES.read_text(encoding="utf-8").splitlines() if line.startswith("- **")]
    return [(line, ENTRY.match(line)) for line in lines]


def standing():
    return {match[1]: match[2] for _, match in entries() if match}


def test_every_rule_says_its_number_its_room_and_whether_it_is_built():
    assert [line for line, match in entries() if not match] == []


def test_every_rule_names_rooms_of_the_house():
    named = {room for _, match in entries() for room in match[3].split(", ")}
    assert named <= ROOMS


def test_rules_are_numbered_without_gap_or_repeat():
    numbers = Counter(match[1] for _, match in entries())
    assert numbers == Counter(f"{letter}{n}" for letter, last in COUNT.items() for n in range(1, last + 1))


def test_every_rule_that_is_built_has_a_test(rules_with_tests):
    assert [rule for rule, state in standing().items() if state != "later" and rule not in rules_with_tests] == []


def test_every_marker_names_a_rule(rules_with_tests):
    assert {rule: files for rule, files in rules_with_tests.items() if rule not in standing()} == {}
