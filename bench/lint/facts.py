"""Take the facts of client support for the lint out of caniemail's data: python bench/lint/facts.py caniemail.json.

Writes feeds/rendering/lint/support.json anew. Not here: what is made of them (feeds.rendering.lint.support).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

OUT = Path(__file__).parents[2] / "feeds/rendering/lint/support.json"
LICENCE = "MIT, copyright Avi Goldman and Andrew Powell; the facts are those of caniemail.com"
WEBMAIL, PHONES = "desktop-webmail", ("ios", "android")

# Each client as people call it: its families and platforms in the data.
CLIENTS = {
    "Gmail": {"gmail": (WEBMAIL, *PHONES, "mobile-webmail")},
    "Apple Mail": {"apple-mail": ("macos", "ios")},
    "Outlook on Windows": {"outlook": ("windows",)},
    "Outlook.com": {"outlook": ("outlook-com",)},
    "Outlook on macOS": {"outlook": ("macos",)},
    "Outlook on phones": {"outlook": PHONES},
    "Yahoo": {"yahoo": (WEBMAIL, *PHONES)},
    "Thunderbird": {"thunderbird": ("macos", "windows")},
    "Samsung Email": {"samsung-email": ("android",)},
    "Proton Mail": {"protonmail": (WEBMAIL, *PHONES)},
    "GMX and WEB.DE": {"gmx": (WEBMAIL, *PHONES), "web-de": (WEBMAIL, *PHONES)},
    "Fastmail": {"fastmail": (WEBMAIL,)},
}
PLATFORMS = {
    WEBMAIL: "webmail",
    "mobile-webmail": "mobile webmail",
    "ios": "iOS",
    "android": "Android",
    "macos": "macOS",
}
CSS = """
accent-color align-items animation aspect-ratio at-font-face at-import at-keyframes at-media
at-media-prefers-color-scheme at-supports background background-color background-image background-position
background-repeat background-size border border-collapse border-image border-radius border-spacing box-shadow
box-sizing clear clip-path column-count cursor direction display display-flex display-grid display-none filter
flex-direction flex-wrap float font font-size font-weight function-clamp function-light-dark function-max
function-min gap grid-template height hyphens inline-size justify-content left-right-top-bottom letter-spacing
line-height linear-gradient list-style list-style-image list-style-position list-style-type margin
margin-inline-start-end mask-image max-height max-width min-height min-width mix-blend-mode modern-color object-fit
opacity outline overflow overflow-wrap padding padding-inline-start-end position radial-gradient rgba sytem-ui
table-layout text-align text-decoration text-decoration-color text-indent text-overflow text-shadow text-transform
transform transition unit-calc unit-em unit-rem unit-vh unit-vw variables vertical-align visibility white-space
width word-break word-spacing word-wrap writing-mode z-index
"""
HTML = """
audio background dialog image-maps marquee meter picture progress ruby semantics srcset svg video
"""
IMAGES = """
apng avif base64 bmp heif ico svg tiff webp
"""


def main(file: str) -> None:
    data = json.loads(Path(file).read_text(encoding="utf-8"))
    by_slug = {feature["slug"]: feature for feature in data["data"]}
    table = {
        "source": "caniemail.com",
        "date": data["last_update_date"][:10],
        "licence": LICENCE,
        "clients": list(CLIENTS),
        "facts": {slug: _fact(by_slug[slug]) for slug in _wanted()},
    }
    OUT.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _wanted() -> list[str]:
    kinds = (("css", CSS), ("html", HTML), ("image", IMAGES))
    return [f"{kind}-{name}" for kind, names in kinds for name in names.split()]


def _fact(feature: dict) -> dict:
    notes = feature["notes_by_num"] or {}
    standing = {name: _standing(feature["stats"], families, notes) for name, families in CLIENTS.items()}
    return {
        "title": feature["title"],
        "no": [name for name, (verdict, _) in standing.items() if verdict == "n"],
        "partly": {name: note for name, (verdict, note) in standing.items() if verdict == "a"},
    }


def _standing(stats: dict, families: dict, notes: dict) -> tuple[str, str]:
    """Return y, a or n for one client, of its newest versions, and in what it is partly."""
    found = {
        (family, platform): list(versions.values())[-1]
        for family, platforms in families.items()
        for platform in platforms
        if (versions := stats.get(family, {}).get(platform))
    }
    verdicts = {said[0] for said in found.values()} - {"u"}
    if verdicts <= {"n"}:
        return ("n" if verdicts else "u"), ""
    lacking = dict.fromkeys(
        PLATFORMS.get(platform, platform) for (_, platform), said in found.items() if said[0] == "n"
    )
    if lacking:
        return "a", f"not in {', '.join(lacking)}"
    if "a" not in verdicts:
        return "y", ""
    numbers = [number for said in found.values() for number in re.findall(r"#(\d+)", said) if said[0] == "a"]
    told = dict.fromkeys(notes[number] for number in numbers if number in notes)
    return "a", " ".join(_plain(note) for note in list(told)[:2])


def _plain(note: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^()]*\)", r"\1", note).replace("`", "").strip()


if __name__ == "__main__":
    main(sys.argv[1])
