"""Dates that are impossible, at the edge of the calendar, ambiguous, or none at all: an entry never falls for its date.

Not here: which of several dates an entry takes (tests/rules).
"""

from tests.formats.corpus.cases import Theme, md


def dated(name, date, published=None, **expected):
    says = {"published": published} if published else {}
    return md(f"{name}.md", f"date: {date}", **(says | expected))


CASES = (
    dated("first-year", "0001-01-01", "1000-01-01T00:00:00+00:00", noted="outside the years"),
    dated("year-zero", "0000-06-01", noted="no possible date"),
    dated("year-minus-one", "-0001-06-01", noted="no date that can be read"),
    dated("year-999", "0999-12-31 23:59", "1000-01-01T00:00:00+00:00", noted="outside the years"),
    dated("year-1066", "1066-10-14T09:00:00Z", "1066-10-14T09:00:00+00:00"),
    dated("last-year", "9999-12-31", held=True),
    dated("last-second", "9999-12-31T23:59:59-23:59", held=True),
    dated("first-second", "0001-01-01T00:00:00+23:59", "1000-01-01T00:00:00+00:00"),
    dated("year-10000", "10000-01-01", held=True),
    dated("next-century", "2099-01-01", held=True),
    dated("thirtieth-of-february", "2024-02-30", noted="no possible date"),
    dated("leap-day-too-many", "2023-02-29", noted="no possible date"),
    dated("leap-day", "2024-02-29 12:00", "2024-02-29T12:00:00+00:00"),
    dated("thirteenth-month", "2024-13-01", noted="no possible date"),
    dated("day-zero", "2024-11-00", noted="no possible date"),
    dated("twenty-four-hours", "2024-11-20 24:00", noted="no possible date"),
    dated("minute-sixty", "2024-11-20 10:60", noted="no possible date"),
    dated("leap-second", "2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
    dated("naive-summer", "2024-07-01 12:00", "2024-07-01T11:00:00+00:00"),
    dated("naive-winter", "2024-11-20 12:00", "2024-11-20T12:00:00+00:00"),
    dated("skipped-hour", "2024-03-31 01:30", "2024-03-31T01:30:00+00:00"),
    dated("repeated-hour", "2024-10-27 01:30", "2024-10-27T00:30:00+00:00"),
    dated("day-alone", "2024-11-20", "2024-11-20T00:00:00+00:00"),
    dated("far-east", "2024-11-20T12:00:00+14:00", "2024-11-19T22:00:00+00:00"),
    dated("far-west", "2024-11-20T12:00:00-12:00", "2024-11-21T00:00:00+00:00"),
    dated("odd-offset", "2024-11-20T12:00:00+05:45", "2024-11-20T06:15:00+00:00"),
    dated("offset-of-a-day", "2024-11-20T12:00:00+24:00", noted="no possible date"),
    dated("offset-nearly-a-day", "2024-11-20T12:00:00+23:59", "2024-11-19T12:01:00+00:00"),
    dated("short-offset", "2024-11-20T12:00:00+0530", "2024-11-20T06:30:00+00:00"),
    dated("small-letters", "2024-11-20t12:00:00z", "2024-11-20T12:00:00+00:00"),
    dated("fraction", "2024-11-20T12:00:00.999999Z", "2024-11-20T12:00:00+00:00"),
    dated("fraction-long", "2024-11-20T12:00:00.123456789012345Z", "2024-11-20T12:00:00+00:00"),
    dated("fraction-comma", "2024-11-20T12:00:00,5Z", "2024-11-20T12:00:00+00:00"),
    dated("as-mail-has-it", "Wed, 20 Nov 2024 08:00:00 GMT", "2024-11-20T08:00:00+00:00"),
    dated("wrong-weekday", "Mon, 20 Nov 2024 08:00:00 +0000", "2024-11-20T08:00:00+00:00"),
    dated("in-french", "20 novembre 2024", "2024-11-20T00:00:00+00:00"),
    dated("in-japanese", "2024年11月20日", "2024-11-20T00:00:00+00:00"),
    dated("arabic-digits", "'٢٠٢٤-١١-٢٠'", "2024-11-20T00:00:00+00:00"),
    dated("day-or-month", "01/02/2024", noted="day or the month first"),
    dated("unknown-zone", "2024-11-20 12:00 IST", "2024-11-20T12:00:00+00:00", noted="several meanings"),
    dated("zone-of-nowhere", "2024-11-20 12:00 Mars/Olympus", noted="several meanings"),
    dated("seconds-since-1970", "1700000000", noted="no date that can be read"),
    dated("huge-number", "9" * 5000, noted="no date that can be read"),
    dated("nonsense", "the day after never", noted="no date that can be read"),
    dated("markup", "<b>2024-11-20</b>", noted="no date that can be read"),
    dated("a-list", "[2024-11-20]", noted="is no date"),
    dated("a-table", "{on: 2024-11-20}", noted="is no date"),
    dated("nothing", ""),
    dated("null", "null"),
    dated("zeros", "0000-00-00 00:00:00", noted="no possible date"),
    md("updated-first.md", "date: 2024-11-19\nupdated: 2020-01-01", updated="2024-11-19T00:00:00+00:00"),
    md("updated-nonsense.md", "date: 2024-11-20\nupdated: later", noted="updated: "),
    md("corrected-nonsense.md", "corrections:\n- at: never\n  text: It was blue.", holds="It was blue."),
)
THEME = Theme(cases=CASES)
