"""Compose: decide which newsletter is due, and fix its edition: entries, bytes, and a delivery for each reader.

Run twice it fixes nothing the second time. ``agenda`` is light; the rest is needed only where something is due.
Not here: which slots there are and who gets what (rules), how a digest looks (rendering), sending it (jobs.deliver).
"""
