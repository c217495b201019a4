"""Services that read feeds for others, by the User-Agents that they send.

Not here: what is made of them (tests/web/test_metrics.py).
"""

import pytest

from feeds.rules.reader_agents import MOST_SUBSCRIBERS, Report, read_agent

SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.0.1"


@pytest.mark.parametrize(
    ("user_agent", "report"),
    [
        ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 462 subscribers; )", ("feedly", "", 462)),
        (
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher-Google)",
            ("feedly", "", 12),
        ),
        ("Feedbin feed-id:1697787 - 102 subscribers", ("feedbin", "1697787", 102)),
        (
            f'NewsBlur Feed Fetcher - 27 subscribers - https://www.newsblur.com/site/7704055/a-blog ("{SAFARI}")',
            ("newsblur feed fetcher", "7704055", 27),
        ),
        (
            f"NewsBlur Feed Fetcher - 1 subscriber - http://www.newsblur.com/site/12/webpage ({SAFARI})",
            ("newsblur feed fetcher", "12", 1),
        ),
        ("Mozilla/5.0 (compatible; inoreader.com; 114 subscribers)", ("inoreader.com", "", 114)),
        (
            "Mozilla/5.0 (compatible; theoldreader.com; 1 subscribers; feed-id=cead6c3a837650eeefd8fe4a)",
            ("theoldreader.com", "cead6c3a837650eeefd8fe4a", 1),
        ),
        ("Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 1 subscribers)", ("bazqux", "", 1)),
        ("Mozilla 5.0 (compatible; BazQux/2.4 +http://bazqux.com/fetcher; 3 subscribers)", ("bazqux", "", 3)),
        (
            "Dreamwidth Studios (webmaster@dreamwidth.org; for https://www.dreamwidth.org/users/quay_feed/; 2 readers)",
            ("dreamwidth studios", "quay_feed", 2),
        ),
        (
            "Overcast/1.0 Podcast Sync (1190 subscribers; feed-id=554901; +http://overcast.fm/)",
            ("overcast", "554901", 1190),
        ),
        (
            "Feedfetcher-Google; (+http://www.google.com/feedfetcher.html; 4 subscribers; feed-id=9048986372668769311)",
            ("feedfetcher-google", "9048986372668769311", 4),
        ),
        ("Bloglines/3.1 (http://www.bloglines.com; 154 subscribers)", ("bloglines", "", 154)),
        ("Bloglines/3.1+(http://www.bloglines.com;+154+subscribers)", ("bloglines", "", 154)),
        ("livedoor FeedFetcher/0.01 (http://reader.livedoor.com/; 2 subscribers)", ("livedoor feedfetcher", "", 2)),
        ("Feedspot http://www.feedspot.com - 5 subscribers", ("feedspot", "", 5)),
        ("SomeReader/2.1 (1,204 readers)", ("somereader", "", 1204)),
        ("5 subscribers", ("5 subscribers", "", 5)),
    ],
)
def test_service_says_for_how_many_it_reads(user_agent, report):
    assert read_agent(user_agent) == Report(*report)


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        SAFARI,
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)",
        "FreshRSS/1.24.1 (Linux; https://freshrss.org)",
        "Mozilla/5.0 (compatible; Miniflux/2.2.3; +https://miniflux.app)",
        "newsboat/2.32 (Linux 6.1)",
        "Tiny Tiny RSS/24.02 (https://tt-rss.org/)",
        "Reader/7 Readership",
        "Bot/2.0 subscribers",
        "X/1 (some subscribers)",
        "X/1 (-5 subscribers)",
        "X/1 (1.5 subscribers)",
        "X/1 (٣ subscribers)",
    ],
)
def test_agent_that_reads_for_itself_or_says_no_number_reports_nothing(user_agent):
    assert read_agent(user_agent) is None


@pytest.mark.parametrize("number", ["1000000000000", "9" * 400, "1,000,000,000,000"])
def test_liar_is_believed_up_to_a_million(number):
    assert read_agent(f"NewsBlur Feed Fetcher - {number} subscribers").subscribers == MOST_SUBSCRIBERS


def test_version_and_number_change_and_the_service_is_the_same():
    said = [
        read_agent(f"Feedly/{version} (+http://x.example; {n} subscribers)") for version, n in (("1.0", 3), ("2.1", 9))
    ]
    assert len({(one.agent, one.feed_id) for one in said}) == 1


def test_endless_user_agent_is_read_in_no_time_and_only_at_its_beginning():
    for piece in ("1", "1,", " ", "feed-id", "a/", "Mozilla/5.0 (compatible; ", "-" * 99, "9 subscriber"):
        read_agent(piece * 100_000)
    assert read_agent("x" * 600 + " 5 subscribers") is None
