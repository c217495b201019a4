import copy
import json
import traceback

import pytest

from feeds.config import shown
from feeds.errors import ConfigInvalid

CANARY = "canary-5f2d"
LOGIN = '[transport]\nkind = "smtp"\nhost = "smtp.gazette.example"\nusername = "w"\npassword = '


@pytest.fixture
def secret_file(tmp_path):
    def write(content, mode=0o600):
        path = tmp_path / "password"
        path.write_bytes(content)
        path.chmod(mode)
        return path

    return write


def test_secret_comes_from_the_environment(read):
    password = read(LOGIN + '"env:PASS"', environ={"PASS": CANARY}).transport.password
    assert password.reveal() == CANARY


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_secret_comes_from_a_file_beside_the_config(read, secret_file, ending):
    secret_file(CANARY.encode() + ending)
    assert read(LOGIN + '"file:password"').transport.password.reveal() == CANARY


@pytest.mark.rule("T100")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_secret_file_open_to_others_is_refused_with_the_chmod(mistakes, secret_file, mode):
    path = secret_file(CANARY.encode(), mode)
    assert mistakes(LOGIN + '"file:password"') == [
        f"transport.password: {path} is open to group or others; mend it with: chmod 600 {path}"
    ]


def test_missing_secret_file_is_named(mistakes, tmp_path):
    (said,) = mistakes(LOGIN + '"file:password"')
    assert f"{tmp_path}/password cannot be read (No such file or directory)" in said


def test_folder_and_undecodable_file_hold_no_secret(mistakes, secret_file):
    assert "is no regular file" in mistakes(LOGIN + '"file:."')[0]
    secret_file(b"\xff\xfe")
    assert "is not UTF-8 text" in mistakes(LOGIN + '"file:password"')[0]


@pytest.mark.parametrize("reference", ["env:", "file:", "env:PASS", "file:\\u0000", "file: "])
def test_empty_secret_is_refused(mistakes, reference):
    assert len(mistakes(f'{LOGIN}"{reference}"', environ={"PASS": ""})) == 1


@pytest.mark.parametrize("literal", [f'"{CANARY}"', "12345678", f'["{CANARY}"]'])
def test_literal_password_is_refused_with_the_remedy(mistakes, literal):
    (said,) = mistakes(LOGIN + literal)
    assert 'stands here in the clear; expected "env:NAME"' in said
    assert not {CANARY, "12345678"} & set(said.split('"'))


@pytest.mark.rule("T99")
def test_secret_is_in_nothing_that_is_shown(read):
    text = LOGIN + '"env:PASS"\n[store]\nurl = "env:DATABASE_URL"'
    config = read(text, environ={"PASS": CANARY, "DATABASE_URL": f"postgresql://me:{CANARY}@db/press"})
    told = [repr(config), str(config), json.dumps(shown(config)), config.model_dump_json()]
    told += [repr(config.transport.password), str(config.store.url), f"{copy.copy(config.store.url)}"]
    assert [text for text in told if CANARY in text] == []
    assert shown(config)["transport"]["password"] == "(secret from env:PASS)"
    assert shown(config)["store"]["url"] == "(secret from env:DATABASE_URL)"


@pytest.mark.rule("T99")
@pytest.mark.parametrize(
    "text",
    [
        LOGIN + f'"{CANARY}"',
        f'[store]\nurl = "mysql://me:{CANARY}@db/x"',
        f'[store]\nurl = "postgresql://me:{CANARY}@db:port/x"',
        '[store]\nurl = "env:PASS"',
        '[store]\nurl = "env:HOME_URL"',
    ],
)
def test_secret_is_in_no_traceback(read, text):
    environ = {"PASS": f"oracle://{CANARY}", "HOME_URL": f"~/{CANARY}"}
    with pytest.raises(ConfigInvalid) as raised:
        read(text, environ=environ)
    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value.mistakes)
    assert CANARY not in told


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("postgresql://me:pw@db:5432/press", "postgresql://me:***@db:5432/press"),
        ("postgresql://me:p@w@db/press", "postgresql://me:***@db/press"),
        ("postgresql://db/press?user=me&password=pw&a=b", "postgresql://db/press?user=me&password=***&a=b"),
        ("postgresql:///press", "postgresql:///press"),
    ],
)
def test_password_in_the_database_address_is_masked(read, url, masked):
    config = read(f'[store]\nurl = "{url}"')
    assert (config.store.url.reveal(), shown(config)["store"]["url"]) == (url, masked)
    assert config.store.sqlite_path is None


@pytest.mark.parametrize("url", ["x/news.db", "sqlite:///x/news.db", "./x/../x/news.db"])
def test_database_path_starts_at_the_config(read, tmp_path, url):
    store = read(f'[store]\nurl = "{url}"').store
    assert store.url.reveal() == f"sqlite:///{tmp_path}/x/news.db"
    assert store.sqlite_path == tmp_path / "x/news.db"


@pytest.mark.parametrize(
    "url", ["mysql://db/x", "sqlite://", "sqlite:///:memory:", "postgres://db/x", "postgresql://db", "", "~/x.db"]
)
def test_database_that_cannot_keep_articles_is_refused(mistakes, url):
    assert [said.split(":")[0] for said in mistakes(f'[store]\nurl = "{url}"')] == ["store.url"]
