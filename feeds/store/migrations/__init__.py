"""The migrations, oldest first; a test proves that their sum is the schema.

Not here: running them (migrating).
"""
