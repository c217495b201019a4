"""Templates that run away, stopped by the limits of a child process.

Not here: what the sandbox refuses before it grows (test_environment.py).
"""

import gc
import os
import time
from pathlib import Path
from threading import Thread

import pytest

from feeds.errors import EntryUnprintable, TemplateInvalid
from feeds.rendering.checking import check_templates
from feeds.rendering.confined import Limits, confined
from feeds.rendering.digest import render_confined, render_digest
from feeds.rendering.edition_pages import edition_page, newsletter_page
from feeds.rendering.environment import open_templates
from feeds.rendering.loading import templates_root
from feeds.rendering.pages import entry_page, listing_page, not_found_page
from feeds.rendering.samples import EDITION, FULL, LISTING, NEWSLETTER
from feeds.rendering.samples import SITE as SAMPLE_SITE
from tests.rendering.givens import SITE, TEMPLATES, edition, entries, entry

SHORT = Limits(processor=0.5, memory=400 << 20)
NESTED = "{% for a in range(99999) %}\n{% for b in range(99999) %}{% endfor %}{% endfor %}"
BRANCHING = "{% macro f(n) %}{{ f(n-1) if n }}{{ f(n-1) if n }}{% endmacro %}\n{{ f(60) }}"
DOUBLING = "{% set a = 'x' * 1000000 %}\n" + "{% set a = a ~ a %}" * 10
TRICKLING = "\n{% for a in range(99999) %}{% for b in range(99999) %}{{ '' }}{% endfor %}{% endfor %}"
SPREADING = "\n{{ ('x' * 1000000)|replace('', 'y' * 1000) }}"


def site(folder, part="", name="digest/parts/footer.html"):
    """Return the templates of a site with one of its own."""
    path = Path(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(part)
    return open_templates(folder)


def refusal(folder, part, name="digest/parts/footer.html"):
    return refused(site(folder, part, name))


def refused(templates, **given):
    with pytest.raises(TemplateInvalid) as caught:
        render_confined(edition(**given), templates, SHORT)
    return caught.value


def process_of(_given, _templates):
    return os.getpid()


def sleep(seconds, _templates):
    time.sleep(seconds)


def die(code, _templates):
    os._exit(code)


def fail(what, _templates):
    raise LookupError(what)


def close_too_late(_given, _templates):
    def pieces():
        try:
            yield
        finally:
            raise TimeoutError

    next(pieces())


def unprintable(what, _templates):
    raise EntryUnprintable("urn:x", what)


def asked(templates, work, given=None, limits=SHORT):
    return confined(work, given, templates, name="digest/x.html", limits=limits)


@pytest.mark.rule("T60")
@pytest.mark.rule("T61")
@pytest.mark.parametrize("part", [NESTED, BRANCHING])
def test_template_that_never_ends_is_stopped_and_named_with_its_line(tmp_path, part):
    error = refusal(tmp_path, part)
    assert error.place.startswith(f"{tmp_path}/digest/parts/footer.html:")
    assert "ran for more than 0.5 seconds" in str(error)


@pytest.mark.rule("T61")
@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("digest/parts/footer.html", TRICKLING),
        (
            "digest/front-page.html",
            f"{{% extends 'digest/base.html' %}}{{% block stories %}}{TRICKLING}{{% endblock %}}",
        ),
    ],
)
def test_template_that_never_ends_is_named_where_the_time_is_up_between_its_pieces(tmp_path, name, part):
    assert refusal(tmp_path, part, name).place == f"{tmp_path}/{name}:2"


@pytest.mark.rule("T61")
def test_template_that_ran_out_of_time_is_not_tried_again_for_the_next_newsletter(tmp_path):
    templates = site(tmp_path, f"{{% if view.layout == 'front-page' %}}{NESTED}{{% endif %}}")
    first = refused(templates)
    assert str(refused(templates, layout="reading-list")) == str(first)
    assert render_confined(edition(), site(tmp_path, "<tr><td>Foot</td></tr>"), SHORT)


@pytest.mark.rule("T60")
@pytest.mark.parametrize("part", [DOUBLING, SPREADING])
def test_template_that_fills_the_memory_is_stopped_and_named_with_its_line(tmp_path, part):
    error = refusal(tmp_path, part)
    assert error.place == f"{tmp_path}/digest/parts/footer.html:2"
    assert "needs more memory than it may have" in str(error)


@pytest.mark.rule("T60")
@pytest.mark.parametrize(
    "part",
    [
        "\n{% for a in range(99) %}{{ 'x' * 1000000 }}{% endfor %}",
        "{% block foot %}\n{% for a in range(99) %}{{ 'x' * 1000000 }}{% endfor %}{% endblock %}",
    ],
)
def test_template_that_makes_far_too_much_is_named_with_its_line(tmp_path, part):
    error = refusal(tmp_path, part)
    assert str(error) == f"{tmp_path}/digest/parts/footer.html:2: makes more than 33,554,432 characters in all"


def test_stop_that_comes_while_a_generator_is_closed_is_passed_over_in_silence(tmp_path, capfd):
    assert asked(site(tmp_path), close_too_late) is None
    assert capfd.readouterr().err == ""


@pytest.mark.rule("T60")
def test_check_names_a_template_that_runs_away(tmp_path):
    site(tmp_path, NESTED, "pages/entry.html")
    (mistake,) = check_templates(tmp_path, Limits(processor=2))
    assert mistake.startswith(f"{tmp_path}/pages/entry.html:")
    assert "ran for more than 2 seconds" in mistake


def test_digest_of_a_child_is_the_one_that_is_rendered_here(tmp_path):
    view = edition(entries=entries(3), note="<p>Note</p>")
    templates = site(tmp_path, "<tr><td>Foot</td></tr>")
    assert render_confined(view, templates) == render_digest(view, templates)


def test_templates_of_ours_are_rendered_without_a_child():
    assert asked(TEMPLATES, process_of) == os.getpid()


def test_one_child_serves_a_whole_run_and_ends_with_its_templates(tmp_path):
    templates = site(tmp_path)
    child = asked(templates, process_of)
    assert child != os.getpid()
    assert asked(templates, process_of) == child
    del templates
    gc.collect()
    assert not Path(f"/proc/{child}").exists()


def test_child_goes_on_after_a_template_ran_away(tmp_path):
    templates = site(tmp_path, NESTED)
    child = asked(templates, process_of)
    with pytest.raises(TemplateInvalid):
        render_confined(edition(), templates)
    assert asked(templates, process_of) == child


def test_child_that_waited_too_long_is_replaced_in_silence(tmp_path):
    templates = site(tmp_path)
    limits = Limits(idle=0.05)
    first = asked(templates, process_of, limits=limits)
    time.sleep(0.5)
    assert asked(templates, process_of) != first


def test_child_that_does_nothing_is_ended_after_a_while(tmp_path):
    templates = site(tmp_path)
    with pytest.raises(TemplateInvalid, match=r"digest/x\.html: its rendering took more than 5 seconds"):
        asked(templates, sleep, 60, Limits(whole=5))
    assert asked(templates, process_of)


def test_child_that_comes_to_an_end_is_told_of_and_replaced(tmp_path):
    templates = site(tmp_path)
    with pytest.raises(TemplateInvalid, match=r"digest/x\.html: its rendering came to an end \(exit code 3\)"):
        asked(templates, die, 3)
    assert asked(templates, process_of)


def test_refusal_and_failure_come_out_of_the_child_as_they_are(tmp_path):
    templates = site(tmp_path)
    with pytest.raises(EntryUnprintable, match="too long") as caught:
        asked(templates, unprintable, "is too long")
    assert (caught.value.entry_id, caught.value.reason) == ("urn:x", "is too long")
    with pytest.raises(RuntimeError, match="LookupError: a fault of ours"):
        asked(templates, fail, "a fault of ours")


def test_threads_may_ask_at_once(tmp_path):
    templates = site(tmp_path, "<tr><td>Foot</td></tr>")
    made = {}

    def render(n):
        made[n] = render_confined(edition(entries=(entry(title=f"Story {n}"),)), templates).subject

    threads = [Thread(target=render, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == {n: f"Story {n}" for n in range(4)}


# ---- pages ----


@pytest.mark.rule("T61")
def test_page_that_never_ends_is_stopped_and_the_next_one_is_printed(tmp_path):
    own = (
        "{% extends 'pages/base.html' %}{% block main %}\n{% if not entry.title %}"
        + NESTED
        + "{% endif %}{% endblock %}"
    )
    templates = site(tmp_path, own, "pages/entry.html")
    child = asked(templates, process_of)
    with pytest.raises(TemplateInvalid, match=rf"{tmp_path}/pages/entry\.html:\d: ran for more than 0\.5 seconds"):
        entry_page(entry(title=""), SITE, templates)
    assert b"</html>" in entry_page(entry(), SITE, templates)
    assert asked(templates, process_of) == child


@pytest.mark.rule("T60")
def test_page_that_fills_the_memory_is_stopped(tmp_path):
    templates = site(tmp_path, DOUBLING, "pages/not-found.html")
    asked(templates, process_of)
    with pytest.raises(TemplateInvalid, match=r"pages/not-found\.html:2: needs more memory than it may have"):
        not_found_page(SITE, templates)


def test_pages_of_a_child_are_those_that_are_rendered_here(tmp_path):
    ours = (templates_root() / "pages/base.html").read_text()
    templates = site(tmp_path, ours, "pages/base.html")
    assert templates.has_own_pages
    for page, one in (
        (entry_page, FULL),
        (listing_page, LISTING),
        (edition_page, EDITION),
        (newsletter_page, NEWSLETTER),
    ):
        assert page(one, SAMPLE_SITE, templates) == page(one, SAMPLE_SITE, TEMPLATES)


def test_pages_need_no_child_where_only_digests_and_stylesheets_are_the_sites_own(tmp_path):
    site(tmp_path, "h1 { color: red; }", "pages/style.css")
    templates = site(tmp_path, "<tr><td>Foot</td></tr>")
    assert templates.has_own
    assert not templates.has_own_pages


def test_folder_of_our_own_templates_is_no_sites(tmp_path):
    assert not open_templates(templates_root()).has_own
