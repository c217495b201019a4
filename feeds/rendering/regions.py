"""The time zone of a region, where it has but one that most people there live by.

Pure. Not here: which region somebody is in (web), which zones there are (reader_pages).
"""

from __future__ import annotations

from types import MappingProxyType

from babel.core import get_global

from feeds.rendering.reader_pages import zones

# Regions with several zones, of which one is meant unless another is named: CLDR's supplemental data, primaryZones.
_MAIN = MappingProxyType(
    {
        "CL": "America/Santiago",
        "CN": "Asia/Shanghai",
        "DE": "Europe/Berlin",
        "EC": "America/Guayaquil",
        "ES": "Europe/Madrid",
        "MH": "Pacific/Majuro",
        "MY": "Asia/Kuala_Lumpur",
        "NZ": "Pacific/Auckland",
        "PT": "Europe/Lisbon",
        "UA": "Europe/Kyiv",
        "UZ": "Asia/Tashkent",
    }
)


def zone_of_region(region: str) -> str:
    """Return the time zone of a region (ISO 3166-1, two letters); "" where it has several, or is not known."""
    of_it = get_global("territory_zones").get(region, [])
    found = _MAIN.get(region) or (of_it[0] if len(of_it) == 1 else "")
    return found if found in zones() else ""
