"""Settling what the ledger does not know from what a mail server's log says.

Not here: what lines mean (rules), the ledger (store), sending (deliver).
"""
