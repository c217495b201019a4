"""Somebody at a browser, led through the pages of a site that is really served, and the mailbox that its mail comes to.

Each page that is seen is drawn at two widths in two schemes; ``SHOTS`` names a folder that keeps the pictures.
Not here: where the way leads, and what is expected there.
"""

import email.policy
import json
import os
import re
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.cli.test_cli_serve import serve
from tests.judges import QUIET, judge, node_modules
from tests.site_fixtures import Site

WIDTHS = {375: 720, 1280: 900}
SCHEMES = "light", "dark"
PATIENCE = 60  # seconds for what takes one
GRAVE = {"serious", "critical"}
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


class Served(Site):
    """A site that is served at the address that its config names, by a program that also prints and delivers."""

    address = ""

    @contextmanager
    def open(self, config: str, more: str):
        """Serve the site while the block runs."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/"
        self.configure(
            f"{more}\n[schedule]\nbeat_seconds = 5\n", config=config.replace("https://gazette.example/", self.address)
        )
        done = self.process("run")
        assert done.code == 0, done
        with serve(self, "--port", str(port)):
            yield self

    def mail(self, address: str, *, after: int = 0) -> list:
        """Wait until an address has more messages than ``after``; return all that it has, in their order."""
        return _awaited(lambda: len(found := self._mail(address)) > after and found, f"mail to {address}")

    def wait_for(self, path: str) -> None:
        """Wait until a document is printed."""
        _awaited((self.public / path).exists, path)

    def _mail(self, address: str) -> list:
        files = sorted((self.folder / "var" / "maildir" / "new").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        read = (message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files)
        return [one for one in read if one["To"].addresses[0].addr_spec == address]

    def edition(self) -> None:
        """Fix an edition of now, and deliver it."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
        for command in ("compose", "weekly", "--at", now), ("deliver",):
            done = self.process(*command)
            assert done.code == 0, done

    def held(self, address: str) -> dict:
        """Return all that is held of an address."""
        return self.process("subscribers", "export", address).json


def _awaited(look, what: str):
    """Look until there is something; return that."""
    until = time.monotonic() + PATIENCE
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.1)
    assert found, f"there is no {what}"
    return found


def links(message) -> list[str]:
    """Return the addresses that a message's text part names."""
    return re.findall(r"https?://[^\s<>)]+", message.get_body(("plain",)).get_content())


def link(message, purpose: str) -> str:
    """Return the one link of a message for a purpose."""
    (found,) = {one for one in links(message) if f"/readers/{purpose}/" in one}
    return found


@dataclass
class Walker:
    """A browser window, and all that went wrong in it: what was refused, failed, too wide, or hard to use."""

    page: object
    has_script: bool
    shots: Path
    seen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def see(self, name: str) -> str:
        """Look at the page from near and far, by day and by night; return its heading."""
        self.seen.append(name)
        for width, height in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                self._judge(f"{name}, {width}, {scheme}")
                file = self.shots / f"{len(self.seen):02}-{name}-{width}-{scheme}.png"
                self.page.screenshot(path=file, full_page=True, animations="disabled")
        return self.page.inner_text("h1")

    def press(self, what: str) -> None:
        """Press a button, or follow a link, to the next page."""
        with self.page.expect_navigation():
            self.page.click(what)

    def hear(self, said: str) -> None:
        """Take down what the browser complains of, but for what is not there: a page that is gone, an icon."""
        if "the server responded with a status of 4" not in said:
            self.wrong.append(f"console: {said}")

    def miss(self, asked) -> None:
        """Take down what was not loaded; a download ends the loading of its page."""
        if "ERR_ABORTED" not in asked.failure:
            self.wrong.append(f"failed: {asked.url}: {asked.failure}")

    def _judge(self, where: str) -> None:
        if self.page.evaluate(TOO_WIDE) > 0:
            self.wrong.append(f"{where}: wider than the window")
        if self.has_script:
            axe = (node_modules("axe-core") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
            self.page.evaluate(f"() => {{ {axe}; window.axe = axe }}")
            said = self.page.evaluate("async () => (await axe.run()).violations")
            self.wrong += [
                f"{where}: {one['id']} {json.dumps(one['nodes'][0]['html'])}" for one in said if one["impact"] in GRAVE
            ]


@contextmanager
def walker(language: str, *, has_script: bool, folder: Path):
    """Open a browser whose reader speaks a language."""
    shots = Path(os.environ.get("SHOTS", folder)) / f"{language}{'' if has_script else '-without-script'}"
    shots.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=judge("chromium"), args=[*QUIET[1:-1]])
        window = browser.new_context(locale=language, java_script_enabled=has_script)
        walking = Walker(window.new_page(), has_script, shots)
        walking.page.on("console", lambda said: walking.hear(said.text))
        walking.page.on("pageerror", lambda error: walking.wrong.append(f"script: {error}"))
        walking.page.on("requestfailed", walking.miss)
        yield walking
        browser.close()
