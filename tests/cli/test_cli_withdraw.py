"""What ``entries withdraw`` and ``entries restore`` say and how they end.

Not here: what they do (tests/jobs: test_withdraw, test_restore).
"""

import pytest

from feeds.app import App
from feeds.config import load_config
from feeds.store.locking import only_run


@pytest.fixture
def printed(site):
    site.article("ferry.md", title="The ferry")
    site.article("pier.md", "See [the ferry](ferry.md).", title="The pier")
    site.print()
    return site


def withdraw(site, *arguments, reason="Asked for."):
    return site.run("entries", "withdraw", *arguments, "--reason", reason)


def test_withdrawal_names_the_entry_what_it_leaves_and_what_comes_next(printed):
    ended = withdraw(printed, "ferry")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[:2] == ["withdrawn: articles/ferry.md “The ferry”", "it leaves these documents:"]
    assert {"  ferry/index.html", "  rss.xml"} <= set(lines)
    assert lines[-3:-1] == ["these lose a link to it:", "  articles/pier.md"]
    assert lines[-1] == "run `pressrun publish` to print without it, or wait for the next press run"


def test_withdrawing_again_says_so_and_ends_with_0(printed):
    withdraw(printed, "ferry")
    ended = withdraw(printed, "ferry")
    assert (ended.code, ended.out) == (0, "already withdrawn: articles/ferry.md “The ferry”\n")
    assert withdraw(printed, "ferry", reason="").out.startswith("given another reason: articles/ferry.md")


def test_dry_run_says_what_would_be_and_does_nothing(printed):
    ended = withdraw(printed, "ferry", "--dry-run")
    assert ended.out.startswith("would be withdrawn: articles/ferry.md “The ferry”\nit leaves these documents:\n")
    assert "run `pressrun publish`" not in ended.out
    assert printed.entry("ferry").state == "live"


def test_unknown_name_is_told_and_ends_with_1_and_the_others_are_withdrawn(printed):
    ended = withdraw(printed, "nothing", "ferry")
    assert ended.code == 1
    why = "no entry has this id, slug or key; `pressrun entries list` shows all"
    assert f"nothing was done about:\n  nothing: {why}\n" in ended.out
    assert printed.entry("ferry").state == "withdrawn"


def test_withdrawal_is_told_to_machines(printed):
    told = withdraw(printed, "ferry", "nothing", "--json").json
    (one,), (refused,) = told["entries"], told["refused"]
    assert (one["done"], one["name"], one["state"]) == ("withdrawn", "articles/ferry.md", "withdrawn")
    assert ("rss.xml" in one["documents"], one["linked_from"], one["same_words"]) == (True, ["articles/pier.md"], [])
    assert refused[0] == "nothing"


def test_withdrawal_wants_a_reason_and_a_name(printed):
    assert printed.run("entries", "withdraw", "ferry").code == 2
    assert printed.run("entries", "withdraw", "--reason", "x").code == 2
    assert "at most 1000" in withdraw(printed, "ferry", reason="x" * 1001).err
    assert printed.entry("ferry").state == "live"


def test_restoring_says_where_the_entry_stands_and_what_comes_next(printed):
    withdraw(printed, "ferry")
    ended = printed.run("entries", "restore", "ferry", "pier")
    assert (ended.code, ended.out.splitlines()) == (
        0,
        [
            "restored: articles/ferry.md “The ferry”, it is live",
            "not withdrawn: articles/pier.md “The pier”, it is live",
            "run `pressrun sync` and `pressrun publish` to print it, or wait for the next press run",
        ],
    )


def test_restoring_what_no_operator_withdrew_ends_with_1_and_says_what_to_do(printed):
    printed.remove("ferry.md")
    printed.print()
    ended = printed.run("entries", "restore", "ferry")
    assert ended.code == 1
    assert "  ferry: no operator withdrew it (its file is gone): mend that, and run `pressrun sync`\n" in ended.out


def test_withdrawn_entry_is_shown_with_who_withdrew_it_and_why(printed):
    withdraw(printed, "ferry")
    shown = printed.run("entries", "show", "ferry").out
    assert "withdrawn_by:  operator\n" in shown
    assert "withdrawn_reason: Asked for.\n" in shown


def test_withdrawal_during_another_run_ends_with_6_and_changes_nothing(printed):
    app = App(load_config(printed.folder / "config.toml", {}))
    with only_run(app.store):
        ended = withdraw(printed, "ferry")
    app.close()
    assert (ended.code, printed.entry("ferry").state) == (6, "live")
