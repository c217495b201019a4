"""What a rendering reaches for, heard by an audit hook in an interpreter of its own.

Not here: what a sheet or a mail would have it fetch (test_inlining.py).
"""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from feeds.rendering.loading import templates_root

# Renders each sample in each layout twice; prints what was reached for while the inliner was loaded, the first time,
# and the second time, as [event, what].
LISTEN = """
import json, sys

heard = {"loading": [], "first": [], "second": []}
stage = []
ROOMS = ("socket", "subprocess", "ftplib", "http", "urllib", "smtplib", "webbrowser", "ctypes", "shutil", "tempfile")
EVENTS = {"open", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.mkdir", "os.remove", "os.rename"}

def hook(event, arguments):
    if stage and (event in EVENTS or event.split(".")[0] in ROOMS):
        heard[stage[-1]].append([event, str(arguments[-1] if event.startswith("socket.") else arguments[0])])

sys.addaudithook(hook)

from feeds.config import Layout
from feeds.rendering import samples
from feeds.rendering.digest import render_digest
from feeds.rendering.environment import open_templates
from feeds.rendering.inlining import inline

stage.append("loading")
inline("<html><head></head><body></body></html>", "p { color: red; }")
templates = open_templates()
for now in ("first", "second"):
    stage.append(now)
    for view in samples.digests(tuple(Layout)):
        render_digest(view, templates)
stage.clear()
print(json.dumps(heard))
"""


@pytest.fixture(scope="module")
def heard():
    done = subprocess.run([sys.executable, "-c", LISTEN], capture_output=True, text=True, check=True)
    return {stage: [tuple(each) for each in found] for stage, found in json.loads(done.stdout).items()}


def is_allowed(event, what):
    """Tell a template, or what belongs to the program and its libraries: code, catalogues, Babel's data, time zones."""
    if event != "open":
        return False
    path = Path(what)
    package = templates_root().parent / "feeds"
    code = [package, *(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib"))]
    if any(path.is_relative_to(folder) for folder in code):
        return path.suffix in {".py", ".pyc", ".so", ".po"} or path.parent.name in {"babel", "locale-data"}
    return path.is_relative_to(templates_root()) or "zoneinfo" in path.parts


@pytest.mark.rule("T65")
@pytest.mark.rule("T67")
def test_rendering_opens_templates_code_and_the_data_of_languages_and_no_socket(heard):
    assert [each for each in heard["first"] if not is_allowed(*each)] == []
    opened = {Path(what).name for _, what in heard["first"]}
    assert {"front-page.html", "reading-list.html", "full-text.txt", "style.css", "dark.css", "ar.po"} <= opened


def test_rendering_again_opens_nothing_at_all(heard):
    assert heard["second"] == []


@pytest.mark.rule("T66")
def test_loading_the_inliner_speaks_to_nobody(heard):
    # urllib3, which premailer loads and we never call, asks at its import whether this machine has IPv6.
    probe = {("socket.__new__", "0"), ("socket.bind", "('::1', 0)")}
    rest = {each for each in heard["loading"] if not is_allowed(*each)}
    assert rest <= probe
