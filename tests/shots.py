"""Draw the digests of the sample paper into docs/digests/, as readers see them, each layout, two schemes, two widths.

    python -m tests.shots [LAYOUT …]

Run it where a template or the sample paper changed, and look at the pictures. Not here: any judgement.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from feeds.app.post import Post
from feeds.config import Layout
from tests.judges import QUIET, judge
from tests.site_fixtures import ROOT, Site

PICTURES = ROOT / "docs" / "digests"
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
SCHEMES = {"light": [], "dark": ["--blink-settings=preferredColorScheme=0"]}
WIDTHS = 375, 600
HEIGHT = 1200  # pixels; what is below is cut off
LARGEST = 60_000  # bytes
COLOURS = 256, 192, 160, 128, 112, 96, 80, 64, 56, 48, 40, 32, 24, 16  # as many as there is room for


def main() -> None:
    """Draw the layouts that are named, or all."""
    wanted = sys.argv[1:] or [layout.value for layout in Layout]
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        site = _sample(Path(scratch) / "site")
        for layout in wanted:
            page = _previewed(site, layout)
            for width in WIDTHS:
                for scheme in SCHEMES:
                    file = PICTURES / f"{layout}-{scheme}-{width}.png"
                    file.write_bytes(_packed(_drawn(page, width, scheme)))
                    print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")


def _sample(folder: Path) -> Site:
    site = Site(folder)
    site.now = MONDAY
    shutil.copytree(ROOT / "articles", folder / "articles", dirs_exist_ok=True)
    _lay_out(site, Layout.FRONT_PAGE.value)
    with site.app() as app:
        app.sync()
    return site


def _lay_out(site: Site, layout: str) -> None:
    config = (ROOT / "config.toml").read_text(encoding="utf-8")
    changed = config.replace('\nlayout = "front-page"\n', f'\nlayout = "{layout}"\n')
    site.configure(config=changed)


def _previewed(site: Site, layout: str) -> Path:
    _lay_out(site, layout)
    with site.app() as app:
        Post(app).preview("weekly", at=MONDAY, folder=site.folder / layout)
    return site.folder / layout / "digest.html"


def _drawn(page: Path, width: int, scheme: str) -> Image.Image:
    # A window has a least width, and a frame has none.
    frame = page.with_name(f"{width}.html")
    style = f"width:{width}px;height:{HEIGHT}px;border:0"
    frame.write_text(f'<!doctype html><body style="margin:0"><iframe src="{page.name}" style="{style}"></iframe>')
    drawn = page.with_name(f"{scheme}-{width}.png")
    options = [*QUIET, *SCHEMES[scheme], "--hide-scrollbars", f"--window-size={width},{HEIGHT}"]
    options += [f"--user-data-dir={page.parent / 'profile'}", f"--screenshot={drawn}"]
    subprocess.run([judge("chromium"), *options, frame.as_uri()], capture_output=True, timeout=60, check=True)
    return Image.open(drawn).convert("RGB")


def _packed(picture: Image.Image) -> bytes:
    """Return a picture as a PNG of few enough colours; undithered, so that letters and grounds stay clean."""
    for colours in COLOURS:
        out = io.BytesIO()
        few = picture.quantize(colours, method=Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
        few.save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            return out.getvalue()
    raise SystemExit(f"no picture of {picture.size} fits into {LARGEST:,} bytes: draw less of it")


if __name__ == "__main__":
    main()
