"""Copying templates, and what an upgrade changed beneath the copies, from the command line."""

import json

from tests.acceptance.mail_givens import join, run
from tests.jobs.post_givens import ANN
from tests.site_fixtures import NOON, pressrun

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
    merged = told(site, "merged", FOOTER)
    assert (merged.code, merged.out.partition(":")[0]) == (0, FOOTER)
    assert told(site, "diff").code == 0
    listed = json.loads(told(site, "list", "--json").out)
    assert [name for name, is_own in listed.items() if is_own] == [FOOTER]


def test_an_unchanged_copy_whose_origin_was_lost_is_said_to_be_ours(site):
    told(site, "copy", FOOTER)
    (site.folder / "templates" / ".ours" / FOOTER).unlink()
    assert told(site, "diff").out == f"{FOOTER}: yours is the same as ours\n"


def test_what_was_merged_is_listed_for_machines(site):
    told(site, "copy", FOOTER)
    assert json.loads(told(site, "merged", FOOTER, "--json").out) == [FOOTER]


def test_a_template_that_the_site_has_not_cannot_be_compared(site):
    assert "it has none yet" in told(site, "diff", FOOTER).err
    told(site, "copy", FOOTER)
    said = told(site, "diff", "digest/parts/foter.html")
    assert said.code == 2
    assert f'nearest: "{FOOTER}"' in said.err


def test_misspelt_template_is_named_by_check_preview_and_compose(site):
    run(site, NOON)
    site.now = NOON
    join(site, ANN)
    site.article("gale.md", title="A gale", date="2024-11-23 11:00")
    site.print()
    path = site.folder / "templates" / "digest" / "style.cs"
    path.parent.mkdir(parents=True)
    path.write_text("")
    note = f'{path}: overrides nothing, and no template uses it; nearest: "digest/style.css"'
    checked = site.run("check")
    assert (checked.code, note in checked.out) == (1, True)
    assert note in site.run("preview", "weekly").out
    assert note in site.run("compose", "weekly", "--at", "2024-11-25T07:00").out


def test_a_template_that_is_none_is_a_mistake_of_usage(site):
    said = told(site, "copy", "digest/nope.html")
    assert said.code == 2
    assert "templates list" in said.err
