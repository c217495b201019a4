"""Turning printed entries into what people see: web pages, the digest, and the message that carries it.

Not here: which entries are shown (rules), feed documents (formats), writing files or sending mail (jobs, transports).
"""
