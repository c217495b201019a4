"""Reports as mail systems write them, with the names of a delivery of ours put in.

The files hold @RETURN_PATH@, @MESSAGE_ID@ and @LEAVE@ in their place. Not here: what is made of them.
"""

from pathlib import Path

from feeds.rules.message_identity import leave_url, message_id, return_path

FOLDER = Path(__file__).parent / "data" / "bounces"
NAMES = sorted(file.stem for file in FOLDER.glob("*.eml"))
ANN, HOST = "ann@inbox.example", "gazette.example"
BASE = "bounces@gazette.example"
KEY = (1, b"k" * 32)
MESSAGE_ID = message_id("weekly/2024-11-25T07:00", "5c1f0a", generation=0, host=HOST)


def addresses(delivery=7, message=MESSAGE_ID, key=KEY):
    """Return what stands in for the names in the files: for a delivery of this number and Message-ID."""
    leave = leave_url("", base=BASE, delivery=delivery, message=message, key=key)
    return {
        "@RETURN_PATH@": return_path(BASE, delivery=delivery, message=message, key=key),
        "@LEAVE@": leave.removeprefix("mailto:").partition("?")[0],
        "@MESSAGE_ID@": message,
    }


def report(name, **of):
    """Return a report of the corpus about a delivery."""
    text = (FOLDER / f"{name}.eml").read_text(encoding="utf-8")
    for mark, value in addresses(**of).items():
        text = text.replace(mark, value)
    return text.encode()
