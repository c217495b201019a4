"""The power is cut in mid-send: what was marked before a message went out stands in whatever the disk then holds.

Not here: calls that fail, and processes that are killed, of which the disk hears nothing (test_failing_system_calls).
"""

import random
from pathlib import Path

import pytest

from feeds.model import DeliveryState
from feeds.store.witness import Witness
from tests.acceptance.mail_givens import by_smtp, edition_for, readers
from tests.acceptance.reliability.ledger import fault_in, opened, rows
from tests.acceptance.reliability.power_cut import Data, Disk, Flush, recorded
from tests.acceptance.reliability.scale import SEED, either, tell
from tests.acceptance.reliability.sink import sink

EVERYONE, IMAGES = readers(400), either(60, 1000)
HANDED_OVER = {DeliveryState.SENDING, DeliveryState.SENT}


@pytest.fixture
def sent(site, tmp_path):
    """Give the database file of a site, what it held before a send, and what happened in the send."""
    with sink() as server:
        site.configure(by_smtp(server) + "workers = 1\n")
        edition_for(site, *EVERYONE)
        file = site.folder / "var" / "pressrun.db"
        before = file.read_bytes()
        assert not file.with_name(f"{file.name}-wal").exists()
        events = recorded(site, tmp_path / "strace")
        assert len(server.arrivals) == len(EVERYONE)
    return file, before, events


def damages(sent, folder, number):
    """Cut the power at random points; return what is wrong with the images, and how many marks were looked for."""
    file, before, events = sent
    chance, disk, found, marks = random.Random(SEED), Disk({str(file): before}), [], 0
    cuts = sorted(chance.choices(range(len(events) + 1), k=number))
    handed_over: dict[str, list[str]] = {}
    for at, event in enumerate([*events, None]):
        for _ in range(cuts.count(at)):
            image = written(disk.image(chance), folder / f"{at}-{chance.random()}")
            found += [f"cut {at}: {fault}" for fault in faults(image / file.name, handed_over)]
            marks += sum(map(len, handed_over.values()))
        if isinstance(event, Data):
            handed_over.setdefault(event.connection, []).append(event.reader)
        elif event is not None:
            disk.take(event)
    return found, marks


def written(files, folder):
    """Write an image into a folder."""
    folder.mkdir()
    for path, data in files.items():
        (folder / Path(path).name).write_bytes(data)
    return folder


def faults(file, handed_over):
    """Return what an image lacks: by connection, the last one handed over may be on its way, those before are sent."""
    with opened(file) as store:
        try:
            fault, found = fault_in(store), rows(store)
            is_behind = Witness(store, file.parent).standing().is_behind
        except Exception as error:
            return [f"{type(error).__name__}: {error}"]
    states = {reader: row.state for reader, row in found.items()}
    lost = [reader for done in handed_over.values() for reader in done[:-1] if states.get(reader) != "sent"]
    lost += [done[-1] for done in handed_over.values() if states.get(done[-1]) not in HANDED_OVER]
    told = [fault] if fault else []
    told += ["it is taken for a restored backup"] if is_behind else []
    return told + [f"{reader} was handed over and is {states.get(reader, 'forgotten')}" for reader in lost]


@pytest.mark.rule("T127")
@pytest.mark.rule("D3")
@pytest.mark.rule("D7")
def test_power_cut_loses_no_mark_behind_which_a_message_went_out(sent, tmp_path):
    _, _, events = sent
    flushes = sum(isinstance(event, Flush) for event in events)
    found, marks = damages(sent, tmp_path, IMAGES)
    tell(
        "power cut",
        f"{IMAGES} images of {len(events)} events, {flushes} of them flushes",
        f"{marks} marks looked for",
        f"{len(found)} lost or damaged",
    )
    assert found == []
    assert marks > IMAGES


@pytest.mark.rule("D7")
def test_where_the_log_is_not_flushed_the_same_cuts_lose_marks(sent, tmp_path):
    file, before, events = sent
    lazy = [event for event in events if event != Flush(f"{file}-wal")]
    found, _ = damages((file, before, lazy), tmp_path, 60)
    assert any("was handed over" in fault for fault in found)
