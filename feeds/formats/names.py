"""The names of elements that are not RSS's or Atom's own, by the prefix that every document declares for them.

Not here: which of them stand where (rss, atom, media, podcast).
"""

from __future__ import annotations

_SHARED = {
    "fh": "http://purl.org/syndication/history/1.0",  # RFC 5005
    "media": "http://search.yahoo.com/mrss/",
}
IN_ATOM = _SHARED | {"at": "http://purl.org/atompub/tombstones/1.0"}  # RFC 6721
IN_RSS = _SHARED | {
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
# feedgen declares these two in RSS itself, and Atom as a plain attribute, which lxml takes for no namespace at all.
ATOM_NAME = "http://www.w3.org/2005/Atom"
ALWAYS_IN_RSS = {"atom": ATOM_NAME, "content": "http://purl.org/rss/1.0/modules/content/"}

ATOM = f"{{{ATOM_NAME}}}"
AT = f"{{{IN_ATOM['at']}}}"
CC = f"{{{IN_RSS['creativeCommons']}}}"
DC = f"{{{IN_RSS['dc']}}}"
FH = f"{{{IN_RSS['fh']}}}"
ITUNES = f"{{{IN_RSS['itunes']}}}"
MEDIA = f"{{{IN_RSS['media']}}}"
PODCAST = f"{{{IN_RSS['podcast']}}}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
