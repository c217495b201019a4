"""Givens of the jobs' tests: a picture, and a site of a user who is not root.

Not here: the site (tests/site_fixtures.py).
"""

import io
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.site_fixtures import Site

NOBODY = 65534


@pytest.fixture
def picture():
    data = io.BytesIO()
    Image.new("RGB", (8, 6), "navy").save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def modest_site(migrated_sqlite):
    """Give a site in the hands of a user whom the modes of files stop, which they do not do to root."""
    empty = migrated_sqlite.read_bytes()
    with tempfile.TemporaryDirectory(prefix="pressrun-") as folder, _nobody(Path(folder)):
        site = Site(Path(folder) / "site")
        (site.folder / "var").mkdir()
        (site.folder / "var" / "pressrun.db").write_bytes(empty)
        yield site


@pytest.fixture
def without():
    """Give what takes permissions from a folder for a while: ``with without(folder, 0o555)``."""
    return _without


@contextmanager
def _without(folder, mode):
    before = folder.stat().st_mode & 0o777
    folder.chmod(before & ~mode)
    try:
        yield
    finally:
        folder.chmod(before)


@contextmanager
def _nobody(folder):
    if os.geteuid() != 0:
        yield
        return
    os.chown(folder, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
