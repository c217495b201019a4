"""Taking out of a link what only follows the reader around: the parameters that advertisers and mailers add.

Pure. Not here: which links an entry has (printing), whether an address is one (addresses).
"""

from __future__ import annotations

import re

# Each stands for nothing but who clicked where; "ref", "source" and the like may mean something to the page.
_NAMES = (
    r"(?:(?:utm|mtm|hsa|oly|vero)_\w+|pk_(?:campaign|cid|content|keyword|kwd|medium|source)|ml_subscriber(?:_hash)?"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igsh|igshid|epik|srsltid"
    r"|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hssc|__hstc|__hsfp|hsctatracking|rb_clickid|wickedid|_openstat|_ga|_gl"
    r"|s_kwcid|ef_id|ck_subscriber_id)"
)
_TRACKING = re.compile(_NAMES, re.IGNORECASE)
_MAY_TRACK = re.compile(rf"[?&]{_NAMES}(?![^=&#])", re.IGNORECASE)


def is_tracking(parameter: str) -> bool:
    """Tell whether the parameter of this name does nothing but track readers."""
    return bool(_TRACKING.fullmatch(parameter))


def without_tracking(address: str) -> str:
    """Return a web address without the parameters that track readers; every other character stays as it is."""
    if not _MAY_TRACK.search(address) or not address.startswith(("http://", "https://")):
        return address
    whole, mark, place = address.partition("#")
    page, _, query = whole.partition("?")
    kept = [pair for pair in query.split("&") if not is_tracking(pair.partition("=")[0])]
    if len(kept) == query.count("&") + 1:
        return address
    return page + ("?" + "&".join(kept) if kept else "") + mark + place
