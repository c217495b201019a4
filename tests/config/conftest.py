"""Configs for tests: a small site that is right, to which a test adds what it is about."""

from pathlib import Path

import pytest

from feeds.config import load_config
from feeds.errors import ConfigInvalid

SITE = """\
[site]
id = "7f0f8b5e-6a57-4a0b-9a0e-3d2c4b1f6e21"
title = "The Harbour Gazette"
url = "https://gazette.example/"
"""


@pytest.fixture
def read(tmp_path):
    def read(more="", environ=(), site=SITE):
        path = tmp_path / "config.toml"
        path.write_bytes((site + more).encode() if isinstance(more, str) else more)
        return load_config(path, dict(environ))

    return read


@pytest.fixture
def mistakes(read):
    """Return every mistake of a config as "key: expected", in order."""

    def mistakes(more="", **around):
        with pytest.raises(ConfigInvalid) as raised:
            read(more, **around)
        return [f"{mistake.key}: {mistake.expected}" for mistake in raised.value.mistakes]

    return mistakes


@pytest.fixture
def data():
    return Path(__file__).parent / "data"
