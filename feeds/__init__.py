"""Pressrun: one store of articles, every feed and every inbox printed from it.

The package's version, and nothing else: the rooms are described in ARCHITECTURE.md.
"""

__version__ = "0.1.0"
