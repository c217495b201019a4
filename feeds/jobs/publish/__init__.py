"""Publish: plan which documents the changed entries touch, and print those; at first, and anew, all of them.

Run twice it writes nothing the second time, and loads next to nothing: import its modules, this one has no names.
Not here: which entries are public (rules), how documents look (rendering).
"""
