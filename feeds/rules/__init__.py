"""Pure decisions: values come in, values go out; no I/O and no clock (``now`` is an argument).

Not here: acting on a decision (jobs), keeping it (store), or showing it (rendering, formats).
"""
