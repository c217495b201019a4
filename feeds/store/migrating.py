"""Bringing the store's schema up to date, with a backup beforehand where the store is a file.

Not here: the migrations themselves (migrations/), what the tables are (schema).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from feeds.errors import SchemaTooNew, StoreUnusable
from feeds.store.engine import Store, Transaction, sqlite_module
from feeds.store.schema import REVISION, metadata

if TYPE_CHECKING:
    from alembic.config import Config


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
    if store.file is not None:
        store.file.parent.mkdir(parents=True, exist_ok=True)
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


def _upgrade(tx: Transaction) -> None:
    from alembic import command

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
    backup = _free_name(store.file, revision or "none")
    module = sqlite_module()
    try:
        source, target = module.connect(store.file), module.connect(backup)
        source.backup(target)
        source.close()
        target.close()
    except (module.Error, OSError) as error:
        raise StoreUnusable(f"{backup}: the backup before migrating failed ({error}); nothing was changed") from error
    _drop_oldest(store.file, keep)
    return backup


def _free_name(file: Path, revision: str) -> Path:
    number = 1
    while (name := file.with_name(f"{file.name}.before-{REVISION}-from-{revision}.{number}")).exists():
        number += 1
    return name


def _drop_oldest(file: Path, keep: int) -> None:
    backups = sorted(file.parent.glob(f"{file.name}.before-*"), key=lambda backup: backup.stat().st_mtime_ns)
    for old in backups[: max(len(backups) - keep, 0)]:
        old.unlink()
