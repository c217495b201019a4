"""Givens of the jobs' tests: a picture, sites with an edition to send, one of a user who is not root.

Not here: the site (tests/site_fixtures.py).
"""

import ctypes
import io
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.acceptance.mail_givens import mail_server
from tests.jobs.post_givens import BACKENDS, fixed, site_on
from tests.site_fixtures import Site

CAPABILITIES_V3 = 0x20080522  # capget(2); the first of the six words is the set in effect
PASS_OVER_MODES = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@pytest.fixture
def picture():
    data = io.BytesIO()
    Image.new("RGB", (8, 6), "navy").save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def server():
    """Give a mail server that takes everything, and keeps it."""
    with mail_server() as server:
        yield server


@pytest.fixture(params=BACKENDS)
def paper(request):
    """Give what starts a site on either database, with readers, and an edition of its that is fixed and not sent."""
    site, store = site_on(request.param, request)
    return lambda more="", *addresses: fixed(site, more + store, *addresses)


@pytest.fixture
def desk(site):
    """Give what starts such a site in SQLite."""
    return lambda more="", *addresses: fixed(site, more, *addresses)


@pytest.fixture
def modest_site(migrated_sqlite):
    """Give a site in the hands of a user whom the modes of files stop, which they do not do to root."""
    with tempfile.TemporaryDirectory(prefix="pressrun-") as folder, _stopped_by_modes():
        site = Site(Path(folder) / "site")
        (site.folder / "var").mkdir()
        (site.folder / "var" / "pressrun.db").write_bytes(migrated_sqlite.read_bytes())
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
def _stopped_by_modes():
    """Take from root, for a while, the power to pass over the modes of files; it stays root in all else."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, powers = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, powers) == 0
    before = powers[0]
    powers[0] = before & ~PASS_OVER_MODES
    assert libc.capset(header, powers) == 0
    try:
        yield
    finally:
        powers[0] = before
        assert libc.capset(header, powers) == 0
