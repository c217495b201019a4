"""HTML that wants to run, to load, to look like something else, or to break the parser behind.

What it says stays where a reader would have seen it. Not here: addresses of links (links), depth and length (sizes).
"""

from tests.formats.corpus.cases import Theme, case, html, md

SAFE = "<p>Safe words.</p>"


def payload(name, markup, *lacks, **expected):
    """Give an article with markup before and after which there are words to keep."""
    expected = {"holds": "Safe words."} | expected
    return html(f"p-{name}.html", f"{markup}\n{SAFE}", lacks=lacks, **expected)


def ending(name, markup, *lacks):
    """Give an article that markup ends which swallows whatever stands behind it, as it would in a browser."""
    return html(f"p-{name}.html", f"{SAFE}\n{markup}", holds="Safe words.", lacks=["onerror=a", *lacks])


CASES = (
    payload("script", "<script>alert(1)</script>", "<script", "alert"),
    payload("script-capital", "<ScRiPt SRC=//evil.example/x.js></sCrIpT>", "<script", "evil"),
    payload("script-in-svg", "<svg><script>alert(1)</script></svg>", "<svg", "alert"),
    payload("script-nested", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script"),
    payload("script-null", "<scr\0ipt>alert(1)</scr\0ipt>", "<script", "alert"),
    payload("style", "<style>body{background:url(//evil.example/x)}</style>", "<style", "evil"),
    payload("template", "<template><img src=x onerror=alert(1)></template>", "<template", "alert"),
    payload("title", "<title><img src=x onerror=alert(1)></title>", "onerror"),
    payload("iframe", '<iframe src="https://a.example/map" onload=alert(1)></iframe>', "<iframe", "alert"),
    payload("iframe-srcdoc", '<iframe srcdoc="<script>alert(1)</script>"></iframe>', "<iframe", "srcdoc=", "alert"),
    payload("iframe-of-a-section", "<iframe><![CDATA[ <script>alert(1)</script> ]]></iframe>", "<iframe", "alert"),
    payload("object", '<object data="https://evil.example/x.swf">Fallback</object>', "<object", "evil"),
    payload("embed", '<embed src="javascript:alert(1)">', "<embed", "alert"),
    payload("noscript", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", "onerror"),
    payload("svg-onload", "<svg onload=alert(1)>", "<svg", "alert"),
    payload("svg-use", '<svg><use href="data:image/svg+xml,<svg>"/></svg>', "<svg", "data:"),
    payload("math", '<math><mi xlink:href="javascript:alert(1)">x</mi></math>', "<math", "alert"),
    payload("onerror", "<img src=x onerror=alert(1)>", "onerror=", "alert"),
    payload("onclick", '<p onclick="alert(1)" ONMOUSEOVER=alert(2)>Click</p>', "onclick=", "onmouseover=", "alert"),
    payload("on-slash", "<img/src=x/onerror=alert(1)>", "onerror"),
    payload("on-newline", "<p\nonclick\n=\nalert(1)>Click</p>", "onclick=", "alert"),
    payload("attribute-quotes", "<p title='\"><script>alert(1)</script>'>Hover</p>", "<script"),
    ending("mutation-mglyph", "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=alert(1)>", "onerror"),
    ending(
        "mutation-select", "<select><template><style><!--</template><a rel='--></style><img src onerror=alert(1)>'>"
    ),
    ending("iframe-of-declarations", "<iframe><![%s <!DOCTYPE [ <?x <!-- &#0;"),
    ending("mutation-form", "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>"),
    ending("script-open", "<script>alert(1)", "<script", "alert"),
    payload("mutation-foreign", "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>", "<style", "<svg"),
    payload("mutation-noembed", "<noembed><img title='</noembed><img src onerror=alert(1)>'></noembed>", "onerror=a"),
    payload(
        "textarea",
        "<textarea><img src=x onerror=alert(1)></textarea>",
        "<textarea",
        holds=["&lt;img src=x onerror=alert(1)&gt;", "Safe words."],
    ),
    payload("plaintext", "<plaintext>", "<plaintext"),
    payload("xmp", "<xmp><script>alert(1)</script></xmp>", "<xmp", holds=["&lt;script&gt;alert(1)&lt;/script&gt;"]),
    payload("data-link", '<a href="data:text/html;base64,PHNjcmlwdD4=">Data</a>', "data:"),
    payload("data-picture", '<img src="data:image/png;base64,AAAA" alt="A dot">', "data:", holds="A dot"),
    payload("spaced-scheme", '<a href=" &#1; javascript:alert(1)">Link</a>', "javascript", "alert"),
    payload("entity-scheme", '<a href="&#106;&#97;vascript&colon;alert(1)">Link</a>', "javascript", "alert"),
    payload("tab-scheme", '<a href="java&#9;script:alert(1)">Link</a>', "script:"),
    payload("pixel-with-password", '<img src="https://u:p@evil.example/pixel.gif">', "evil"),
    payload("pixel-borrowed", '<img src="//evil.example/pixel.gif">', "evil"),
    payload("picture-set", '<img srcset="https://evil.example/x 2x" alt="Set">', "srcset", "evil"),
    payload("background", '<td background="https://evil.example/x">Cell</td>', "background=", "evil"),
    payload(
        "style-attribute", '<p style="background:url(//evil.example/x);position:fixed">Styled</p>', "style=", "evil"
    ),
    payload("class-and-id", '<p class="admin" id="forms" name="action">Named</p>', "class=", "id=", "name="),
    payload(
        "form", '<form action="https://evil.example/"><input name="q" value="x"></form>', "<form", "<input", "evil"
    ),
    payload("button", '<button formaction="javascript:alert(1)">Press</button>', "formaction", "alert"),
    payload("base", '<base href="https://evil.example/">', "<base", "evil"),
    payload("meta-refresh", '<meta http-equiv="refresh" content="0;url=//evil.example/">', "http-equiv", "evil"),
    payload("link-stylesheet", '<link rel="stylesheet" href="https://evil.example/x.css">', "<link", "evil"),
    payload("comment", "<!-- secret --><!--><img src=x onerror=alert(1)>-->", "secret", "onerror"),
    payload("comment-conditional", "<!--[if mso]><script>alert(1)</script><![endif]-->", "mso", "alert"),
    payload("comment-open", "<p>Before.</p><!-- never closed", holds="Before."),
    payload("section", "<![CDATA[<script>alert(1)</script>]]>", "<script", "cdata"),
    payload("section-end", "<p>a ]]&gt; b ]]> c</p>", holds="a ]]&gt; b ]]&gt; c"),
    payload("instruction", "<?php system('id') ?><?xml-stylesheet href='https://evil.example/x.xsl'?>", "evil", "<?"),
    payload("doctype", "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>&x;</p>", "root:", "passwd"),
    payload("unclosed", "<p><b><i><u>Never <a href='https://a.example/'>closed", holds=["Never", "Safe words."]),
    payload("closed-only", "</p></div></item></channel></rss></feed></body></html>"),
    payload("crossed", "<b><i>Crossed</b> over</i>", holds=["Crossed", "over", "Safe words."]),
    payload("table-loose", "<td>Loose</td><tr><li>cells", holds=["Loose", "cells", "Safe words."]),
    payload(
        "unknown-elements", "<blink><x-app data-x=1><font color=red>Words</font></x-app></blink>", "<blink", "<x-app"
    ),
    payload("attributes-many", "<p " + " ".join(f"a{n}=1" for n in range(900)) + ">Many</p>", "a899"),
    payload(
        "attributes-too-many", "<p " + " ".join(f"a{n}=1" for n in range(1100)) + ">Many</p>", refused="attributes"
    ),
    payload(
        "template-words", "<p>{{ 7*7 }} {% include '/etc/passwd' %}</p>", holds="{{ 7*7 }} {% include '/etc/passwd' %}"
    ),
    payload("dialog", "<dialog open>Pay <marquee>now</marquee></dialog>", "<dialog", "<marquee", holds=["Pay", "now"]),
    payload("popover", '<div popover popovertarget="x" autofocus onfocus=alert(1)>Pop</div>', "popover=", "onfocus="),
    payload("portal", '<portal src="https://evil.example/"></portal><frameset><frame src=//evil.example>', "evil"),
    payload("direction", '<bdo dir="rtl">gnihtyna</bdo><p dir="sideways">Down</p>', "sideways", holds='dir="rtl"'),
    md("markdown-raw-html.md", "", "One <script>alert(1)</script> two\n\n<img src=x onerror=alert(1)>", lacks="alert"),
    md(
        "markdown-image.md",
        "",
        '![x](javascript:alert%281%29) !["><script>](https://a.example/x)',
        lacks='src="javascript',
    ),
    md("markdown-autolink.md", "", '<https://a.example/"onclick=alert(1)>', lacks='" onclick'),
    md(
        "markdown-code.md",
        "",
        "```html\n<script>alert(1)</script> ]]>\n```",
        holds="&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt;",
    ),
    md("markdown-reference.md", "", '[x][y]\n\n[y]: javascript:alert(1) "onclick"', lacks='href="javascript'),
    case(
        "page-saved.html",
        "<!doctype html><html><head><title>Saved</title><base href=//evil.example><script>alert(1)"
        "</script></head><body onload=alert(1)><nav>Menu</nav><article><h1>Saved page</h1><p>Safe words.</p></article>",
        title="Saved page",
        holds="Safe words.",
        lacks=["evil", "alert", "menu"],
    ),
)
THEME = Theme(cases=CASES)
