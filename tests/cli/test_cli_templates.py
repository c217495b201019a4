"""Copying templates, and what an upgrade changed beneath the copies, from the command line."""

import json

from tests.site_fixtures import pressrun

FOOTER = "digest/parts/footer.html"


def told(site, *arguments):
    return pressrun("templates", *arguments, "--config", str(site.folder / "config.toml"))


def test_a_copied_template_is_used_and_compared(site):
    assert told(site, "copy", FOOTER).code == 0
    assert told(site, "diff").code == 0
    (site.folder / "templates" / ".ours" / FOOTER).write_text("as it was\n")
    said = told(site, "diff")
    assert said.code == 1
    assert "-as it was" in said.out
    assert told(site, "merged", FOOTER).code == 0
    assert told(site, "diff").code == 0
    listed = json.loads(told(site, "list", "--json").out)
    assert [name for name, is_own in listed.items() if is_own] == [FOOTER]


def test_a_template_that_is_none_is_a_mistake_of_usage(site):
    said = told(site, "copy", "digest/nope.html")
    assert said.code == 2
    assert "templates list" in said.err
