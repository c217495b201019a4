"""The cellar: the only room that speaks SQL.

A module per noun, a function per statement, nouns in and nouns out.
Not here: decisions of any kind (rules), reading files (sources).
"""
