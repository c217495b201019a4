"""What goes on the wire is whole lines that SMTP carries, and what is not is refused; each piece for itself.

Not here: what a server makes of them (test_smtp).
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.model import Envelope, Parcel
from feeds.transports import wire

PARTS = (b"\r\n", b"\r", b"\n", b".", b"a", b"\0", b"\xff", b"b" * 498, b"c" * 997)
ENVELOPE = Envelope("press@x.example", "ann@x.example", "1@x.example")


def written(*pieces):
    return b"".join(wire.written(Parcel(pieces, ENVELOPE)))


def is_sound(piece):
    """Tell slowly what the wire tells fast."""
    lines = piece.split(b"\r\n")
    fits = all(len(line) <= 998 and not {*b"\r\n\0"} & {*line} for line in lines)
    return fits and lines[-1] == b"" and piece.isascii() and len(lines) > 1


@pytest.mark.parametrize("before", [b"", b"short\r\n", b"x" * 998 + b"\r\n", b"\r\n" * 499, b"y\r\n" * 5000])
@pytest.mark.parametrize("after", [b"", b"short\r\n", b"z" * 998 + b"\r\n"])
def test_line_of_998_octets_goes_and_a_longer_one_does_not(before, after):
    assert written(before + b"x" * 998 + b"\r\n" + after)
    with pytest.raises(ValueError, match="a line of more than 998 octets"):
        written(before + b"x" * 999 + b"\r\n" + after)


@given(
    st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"a", b"\0", b"\xff", b"b" * 498, b"c" * 997]), min_size=1)
)
@example([b"\r", b"\r\n", b"\n"])
@example([b"\r\n", b"\r", b"\r\n"])
def test_only_whole_lines_go_and_their_leading_dots_are_doubled(parts):
    piece = b"".join(parts)
    if is_sound(piece):
        lines = piece.split(b"\r\n")
        assert written(piece) == b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    else:
        with pytest.raises(ValueError, match="the message has"):
            written(piece)
