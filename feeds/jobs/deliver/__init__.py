"""Deliver: claim what is queued, build each message, hand it over, and record what the server said before the next.

A kill at any instant leaves every reader's state known. Not here: who gets what (jobs.compose), what a reply means
(rules).
"""
