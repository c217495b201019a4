"""Previews as they are served while somebody edits their templates, over real HTTP.

Not here: the pages (tests/rendering), when they are made anew (tests/cli).
"""

import httpx
import pytest

from feeds.errors import PortTaken
from feeds.web.proofs import serve_proofs


@pytest.fixture
def proofs(tmp_path):
    (tmp_path / "index.html").write_text("<h1>Weekly</h1>")
    with serve_proofs(tmp_path, 0) as served:
        yield served


def test_a_page_is_served_and_kept_by_nobody(proofs):
    answer = httpx.get(proofs.url)
    assert answer.text == "<h1>Weekly</h1>"
    assert answer.headers["cache-control"] == "no-store"


def test_the_version_changes_when_the_pages_do(proofs):
    first = httpx.get(f"{proofs.url}version").text
    proofs.renewed()
    assert httpx.get(f"{proofs.url}version").text != first


def test_what_is_said_meanwhile_stands_below_the_version_until_they_are_made(proofs):
    proofs.say("rendering …")
    assert httpx.get(f"{proofs.url}version").text == "0\nrendering …"
    proofs.renewed()
    assert httpx.get(f"{proofs.url}version").text == "1\n"


def test_a_page_elsewhere_cannot_read_them_by_a_name_of_its_own(proofs):
    assert httpx.get(proofs.url, headers={"host": "evil.example"}).status_code == 403


def test_nothing_outside_the_folder_is_served(proofs, tmp_path):
    (tmp_path.parent / "secret").write_text("x")
    assert httpx.get(f"{proofs.url}..%2fsecret").status_code == 404


def test_a_port_that_is_taken_is_named(proofs, tmp_path):
    port = int(proofs.url.rpartition(":")[2].strip("/"))
    with pytest.raises(PortTaken, match=str(port)), serve_proofs(tmp_path, port):
        pass
