"""The jobs: each reads, asks the rules, acts and records; each can be run, killed, repeated and tested alone.

Jobs never call jobs; they meet in the store. Not here: decisions (rules), SQL (store).
"""
