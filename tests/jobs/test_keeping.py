"""What is asked for again and again is kept within its bounds.

Not here: what comes of it in messages (test_deliver_messages).
"""

from feeds.jobs.deliver.keeping import Keeping


def test_what_was_put_there_first_goes_first():
    kept = Keeping(6, len)
    kept["a"], kept["b"], kept["c"] = "aa", "bb", "cc"
    kept["a"] = "AA"
    kept["d"] = "dd"
    assert kept == {"c": "cc", "a": "AA", "d": "dd"}


def test_value_put_again_weighs_once_and_one_that_is_too_heavy_stands_alone():
    kept = Keeping(6, len)
    for _ in range(9):
        kept["a"] = "aaa"
    kept["b"] = "bbb"
    assert len(kept) == 2
    kept["c"] = "c" * 99
    assert list(kept) == ["c"]
    assert kept.get("a") is None
