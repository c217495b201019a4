"""The section [readers]: the pages by which people subscribe, choose and leave, and what they may ask of us.

Not here: the pages (web), what is done on them (jobs.subscribe).
"""

from __future__ import annotations

from pydantic import Field

from feeds.config.parts import Mailbox, Part
from feeds.rules.proof_of_work import MOST_BITS


class ReadersConfig(Part):
    """How people become readers, and stop being some."""

    pages: bool = Field(False, description="whether `pressrun serve` answers for them at the site's address")
    sender: Mailbox | None = Field(None, alias="from", description="who writes to them, if not their newsletter")
    confirm_within_days: int = Field(7, ge=1, le=60, description="how long a link to confirm is good")
    asks_per_network: int = Field(20, ge=1, description="how often in an hour one network may ask for mail")
    asks_per_hour: int = Field(1000, ge=1, description="how often in an hour all together may ask for mail")
    proof_of_work: int = Field(0, ge=0, le=MOST_BITS, description="bits of the sum that the form asks of a browser")
