"""One file a migration, numbered.

Not here: how they are run (feeds.store.migrating).
"""
