"""Bringing the store's schema up to date, with a backup beforehand where the store is a file.

Not here: the migrations themselves (migrations/), what the tables are (schema).
"""

from __future__ import annotations

from contextlib import closing
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from feeds.errors import SchemaTooNew, StoreUnreadable, StoreUnusable
from feeds.store.engine import Store, Transaction, sqlite_module
from feeds.store.schema import REVISION, metadata

if TYPE_CHECKING:
    from alembic.config import Config

LOCK_KEY = 0x50524553  # any number, so long as every Pressrun asks for the same


def migrate(store: Store, *, keep_backups: int) -> Path | None:
    """Bring the store to this program's schema, whole or not at all; return the backup made, if any.

    Raises SchemaTooNew where a newer program made the store.
    """
    before = store.revision()
    if before is not None and before > REVISION:
        raise SchemaTooNew(
            f"{store}: made by a newer Pressrun (schema {before}); this one knows {REVISION}: upgrade it"
        )
    if before == REVISION:
        return None
    backup = _back_up(store, before, keep_backups)
    _make_file(store)
    with store.writing() as tx:
        _upgrade(tx)
    return backup


def differences(store: Store) -> list[str]:
    """Name what the migrated store and the schema do not agree on (what ``alembic check`` would say)."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.reading() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        return [repr(difference) for difference in compare_metadata(context, metadata)]


def _make_file(store: Store) -> None:
    try:
        if store.file is not None:
            store.file.parent.mkdir(parents=True, exist_ok=True)
            store.file.touch(mode=0o600)  # it will hold readers' addresses
    except OSError as error:
        raise StoreUnreadable(f"{store}: it cannot be made: {error.strerror}") from error


def _upgrade(tx: Transaction) -> None:
    from alembic import command

    if tx.dialect.name == "postgresql":  # of two programs started at once, the second finds the tables made
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    command.upgrade(_alembic_config(tx), "head")


def _alembic_config(tx: Transaction) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = tx
    return config


def _back_up(store: Store, revision: str | None, keep: int) -> Path | None:
    if store.file is None or not store.file.exists() or store.file.stat().st_size == 0:
        return None
    module, backup = sqlite_module(), None
    try:
        backup = _free_name(store.file, revision or "none")
        backup.touch(mode=0o600)  # it holds readers' addresses: open to no more people than the store itself
        with closing(module.connect(store.file)) as source, closing(module.connect(backup)) as target:
            source.backup(target)
        backup.chmod(store.file.stat().st_mode & 0o777)
    except (module.Error, OSError) as error:
        if backup is not None:
            backup.unlink(missing_ok=True)
        raise StoreUnusable(f"{store}: the backup before migrating failed ({error}); nothing was changed") from error
    _drop_oldest(store.file, keep)
    return backup


def _free_name(file: Path, revision: str) -> Path:
    number = 1
    while (name := file.with_name(f"{file.name}.before-{REVISION}-from-{revision}.{number}")).exists():
        number += 1
    return name


def _drop_oldest(file: Path, keep: int) -> None:
    # Ends in its number; a "-journal" or "-wal" behind that belongs to a backup that another program is just making.
    backups = sorted(file.parent.glob(f"{escape(file.name)}.before-*[0-9]"), key=_made_at)
    for old in backups[: max(len(backups) - keep, 0)]:
        old.unlink(missing_ok=True)


def _made_at(backup: Path) -> int:
    try:
        return backup.stat().st_mtime_ns
    except FileNotFoundError:  # another program dropped it first
        return 0
