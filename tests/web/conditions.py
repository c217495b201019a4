"""A table of conditional requests and the status that RFC 9110 section 13 asks for.

In the values: {tag} is the document's entity tag, {weak} the same made weak, {other} another document's, {date} its
Last-Modified, {before} and {after} an hour to either side. Not here: who is asked.
"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

NONE_MATCH, MATCH = "If_None_Match", "If_Match"
SINCE, NOT_SINCE = "If_Modified_Since", "If_Unmodified_Since"

TABLE = [
    ({}, 200),
    # one validator: If-None-Match
    ({NONE_MATCH: "{tag}"}, 304),
    ({NONE_MATCH: "{weak}"}, 304),
    ({NONE_MATCH: "{other}"}, 200),
    ({NONE_MATCH: 'W/"x"'}, 200),
    ({NONE_MATCH: "*"}, 304),
    ({NONE_MATCH: " * "}, 304),
    ({NONE_MATCH: "{other}, {tag}"}, 304),
    ({NONE_MATCH: "{other},{weak}"}, 304),
    ({NONE_MATCH: "{tag}, {other}"}, 304),
    ({NONE_MATCH: "{other}, {other}"}, 200),
    ({NONE_MATCH: '"a,b", {tag}'}, 304),
    ({NONE_MATCH: '"a, {bare}"'}, 200),
    ({NONE_MATCH: "{bare}"}, 200),
    ({NONE_MATCH: '""'}, 200),
    ({NONE_MATCH: "{upper}"}, 200),
    # one validator: If-Modified-Since
    ({SINCE: "{date}"}, 304),
    ({SINCE: "{after}"}, 304),
    ({SINCE: "{before}"}, 200),
    ({SINCE: "{rfc850}"}, 304),
    ({SINCE: "{asctime}"}, 304),
    ({SINCE: "yesterday"}, 200),
    ({SINCE: ""}, 200),
    ({SINCE: "0"}, 200),
    # both: If-None-Match wins
    ({NONE_MATCH: "{tag}", SINCE: "{date}"}, 304),
    ({NONE_MATCH: "{tag}", SINCE: "{before}"}, 304),
    ({NONE_MATCH: "{tag}", SINCE: "nonsense"}, 304),
    ({NONE_MATCH: "{weak}", SINCE: "{before}"}, 304),
    ({NONE_MATCH: "{other}", SINCE: "{date}"}, 200),
    ({NONE_MATCH: "{other}", SINCE: "{after}"}, 200),
    ({NONE_MATCH: "*", SINCE: "{before}"}, 304),
    # If-Match compares strongly
    ({MATCH: "{tag}"}, 200),
    ({MATCH: "*"}, 200),
    ({MATCH: "{other}, {tag}"}, 200),
    ({MATCH: "{weak}"}, 412),
    ({MATCH: "{other}"}, 412),
    ({MATCH: "{bare}"}, 412),
    # If-Unmodified-Since
    ({NOT_SINCE: "{date}"}, 200),
    ({NOT_SINCE: "{after}"}, 200),
    ({NOT_SINCE: "{before}"}, 412),
    ({NOT_SINCE: "nonsense"}, 200),
    # If-Match wins over If-Unmodified-Since
    ({MATCH: "{tag}", NOT_SINCE: "{before}"}, 200),
    ({MATCH: "{other}", NOT_SINCE: "{after}"}, 412),
    # what must hold comes before what would save sending
    ({MATCH: "{tag}", NONE_MATCH: "{tag}"}, 304),
    ({MATCH: "{tag}", NONE_MATCH: "{other}"}, 200),
    ({MATCH: "{other}", NONE_MATCH: "{tag}"}, 412),
    ({NOT_SINCE: "{before}", NONE_MATCH: "{tag}"}, 412),
    ({NOT_SINCE: "{date}", SINCE: "{date}"}, 304),
    ({NOT_SINCE: "{before}", SINCE: "{date}"}, 412),
]


def request_headers(row: dict[str, str], *, tag: str, date: str) -> dict[str, str]:
    """Return a row's headers for a document with these validators."""
    at, hour = parsedate_to_datetime(date), timedelta(hours=1)
    words = {
        "tag": tag,
        "weak": f"W/{tag}",
        "bare": tag.strip('"'),
        "upper": tag.upper() if tag.upper() != tag else tag.replace("-", "X"),
        "other": '"0123456789abcdef0123456789abcdef"',
        "date": date,
        "before": _http_date(at - hour),
        "after": _http_date(at + hour),
        "rfc850": f"{at:%A, %d-%b-%y %H:%M:%S GMT}",
        "asctime": at.strftime("%a %b %e %H:%M:%S %Y"),
    }
    return {name: value.format(**words) for name, value in row.items()}


def _http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
