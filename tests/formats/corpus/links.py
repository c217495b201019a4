"""Addresses that are relative, disguised, in other scripts, or lead where no reader should be sent.

A link that leads nowhere loses its address and keeps its words. Not here: what runs (payloads), pictures (files).
"""

from tests.formats.corpus.cases import Theme, case, html, md

SITE = "https://gazette.example/"


def to(name, address, href=None, **expected):
    """Give an article with a link, and the address that is printed of it; None where only the words stay."""
    expected = {"holds": [f'href="{href}"', "the ferry"] if href else ["See the ferry today."]} | expected
    return html(f"{name}.html", f'<p>See <a href="{address}">the ferry</a> today.</p>', **expected)


def at(name, url, link=None, **expected):
    """Give an article that says where it stands elsewhere; without a ``link`` it gets a page of its own."""
    noted = {} if link else {"noted": "is no web address"}
    return md(f"{name}.md", f"url: {url}", link=link or f"{SITE}{name}/", **(noted | expected))


CASES = (
    to("plain", "https://a.example/x?a=1&amp;b=2#top", "https://a.example/x?a=1&amp;b=2#top"),
    to("to-a-neighbour", "plain.html", f"{SITE}plain/"),
    to("to-itself", "to-itself.html", f"{SITE}to-itself/"),
    to("to-nobody", "nowhere.html"),
    to("from-the-root", "/about/", f"{SITE}about/"),
    to("upwards", "../../../../etc/passwd", lacks="passwd"),
    to("upwards-encoded", "..%2f..%2f..%2fetc%2fpasswd", lacks="passwd"),
    to("fragment", "#notes"),
    to("query-alone", "?page=2"),
    to("empty", ""),
    to("scheme-borrowed", "//evil.example/x", lacks="evil.example"),
    to("scheme-borrowed-late", "/\\evil.example/x", lacks="evil.example"),
    to("backslashes", "\\\\evil.example\\x", lacks="evil.example"),
    to("backslash-in-web", "https:\\\\evil.example", lacks="evil.example"),
    to("one-slash", "https:/evil.example/x", lacks="evil.example"),
    to("three-slashes", "https:///evil.example/x", lacks="evil.example"),
    to("no-host", "https://", lacks='https://"'),
    to("user-and-password", "https://u:p@evil.example/", lacks="evil.example"),
    to("user-alone", "https://bank.example@evil.example/", lacks="evil.example"),
    to("user-encoded", "https://bank.example%40evil.example/", lacks="evil.example"),
    to("capital-scheme", "HTTPS://A.example/X", "https://A.example/X"),
    to("line-end-in-scheme", "ht\ntps://a.example/", lacks="a.example"),
    to("javascript", "javascript:alert(1)", lacks="javascript:"),
    to("javascript-tab", "jAvA&Tab;script:alert(1)", lacks="alert"),
    to("vbscript", "vbscript:msgbox(1)", lacks="vbscript:"),
    to("data", "data:text/html,<b>x</b>", lacks="data:"),
    to("file", "file:///etc/passwd", lacks="passwd"),
    to("ftp", "ftp://a.example/x", lacks="ftp:"),
    to("feed", "feed:https://a.example/rss", lacks="feed:"),
    to("telephone", "tel:+353123456", lacks="tel:"),
    to("mail", "mailto:desk@a.example", "mailto:desk@a.example"),
    to(
        "mail-with-headers",
        "mailto:a@b.example?bcc=c@d.example&amp;subject=x%0D%0Ay",
        "mailto:a@b.example?bcc=c@d.example&amp;subject=x%0D%0Ay",
    ),
    to("own-schemes", "media:../../secret", lacks="secret"),
    to("own-entry", "entry:articles/nowhere.html", lacks="entry:"),
    to("other-script", "https://bücher.example/", "https://xn--bcher-kva.example/"),
    to("sharp-s", "https://faß.example/", "https://xn--fa-hia.example/"),
    to("emoji-host", "https://🚢.example/", lacks="🚢.example"),
    to("dots-of-china", "https://a。example/", "https://a.example/"),
    to("host-of-digits", "https://2130706433/", "https://2130706433/"),
    to("address-of-six", "https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
    to("address-of-six-broken", "https://[2001:db8/x", lacks="2001"),
    to("port", "https://a.example:8443/x", "https://a.example:8443/x"),
    to("port-of-words", "https://a.example:port/x", holds="the ferry"),
    to("port-too-high", "https://a.example:99999/x", holds="the ferry"),
    to("spaces", "https://a.example/a b  c", "https://a.example/a%20b%20%20c"),
    to(
        "path-in-greek",
        "https://a.example/πλοίο?ώρα=1",
        "https://a.example/%CF%80%CE%BB%CE%BF%CE%AF%CE%BF?%CF%8E%CF%81%CE%B1=1",
    ),
    to("percent-stray", "https://a.example/100%/%zz/%41", "https://a.example/100%25/%25zz/%41"),
    to("markup-in-path", "https://a.example/&lt;b&gt;&quot;x&quot;", "https://a.example/%3Cb%3E%22x%22"),
    to("quote-breaks-out", "https://a.example/'onclick='alert(1)", holds="the ferry", lacks="'onclick='"),
    to("line-ends", "https://a.example/a&#10;b&#13;c", "https://a.example/abc"),
    to("very-long", "https://a.example/" + "x" * 5000, "https://a.example/" + "x" * 5000),
    md("markdown-angle.md", "", "See <https://a.example/x_y_z> and [b](<https://a.example/a b>).", holds="a%20b"),
    md("markdown-script.md", "", "[one](javascript:alert%281%29) <javascript:alert(1)>", lacks='href="javascript'),
    at("away", "https://a.example/x", "https://a.example/x"),
    at(
        "away-in-greek",
        "https://bücher.example/πλοίο x",
        "https://xn--bcher-kva.example/%CF%80%CE%BB%CE%BF%CE%AF%CE%BF%20x",
    ),
    at("away-by-script", "javascript:alert(1)"),
    at("away-with-password", "https://u:p@evil.example/", lacks="evil.example"),
    at("away-to-no-host", "'http://;\"'"),
    at("away-to-a-host-of-signs", "'https://a!b/x'"),
    at("away-by-port-of-words", "https://a.example:port/x"),
    at("away-by-port-too-high", "https://a.example:99999/x"),
    at("away-relative", "/2024/ferry/"),
    at("away-borrowed", "//evil.example/", lacks="evil.example"),
    at("away-markup", "'https://a.example/\"><b>'", "https://a.example/%22%3E%3Cb%3E"),
    case(
        "base-elsewhere.html", '<base href="https://evil.example/"><h1>Base</h1><p><a href="x">x</a></p>', lacks="evil"
    ),
    md("aliases-hostile.md", "aliases: [../../x, /a/../../b, '//evil.example/', '', javascript:x, 'a\\0b']"),
    md("slug-hostile.md", "slug: ../../../etc/cron.d/x", link=f"{SITE}etc-cron-d-x/"),
    md("slug-reserved.md", "slug: tags", link=f"{SITE}tags-2/"),
    md("slug-of-windows.md", "slug: con", link=f"{SITE}con-2/"),
    md("slug-empty.md", "slug: '---'", link=f"{SITE}slug-empty/"),
    md("slug-emoji.md", "slug: 🚢", link=f"{SITE}slug-emoji/"),
)
THEME = Theme(cases=CASES)
