"""Measure what a destination that takes nothing, or takes half a minute for each answer, costs all other readers.

    python -m bench.delivery.destinations [--readers 5000] [--rounds 3] [--connections 16] [--pause 0]

Every tenth reader is at that destination. Told is when the last of the others had their message, from the start of the
command, against a send to the others alone: the median of rounds in which each has its turn. Not here: how fast a send
is (send).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.delivery.send import CONFIG, ROOT, stocked

ODD = "odd.example"
STALL = 30.0  # seconds for each answer about a reader there
TENTH = 10
MOST = 1 << 20  # octets of a message


class Server:
    """A mail server that treats one destination as ``odd`` says: "absent", "later" or "slow", and takes all others."""

    def __init__(self) -> None:
        self.odd, self.pause, self.others, self.last_at = "absent", 0.0, 0, 0.0
        self.loop = asyncio.new_event_loop()
        self.port = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection, until it ends or is broken off."""
        with suppress(asyncio.CancelledError, ConnectionError):
            await self.converse(reader, writer)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer command by command."""
        writer.write(b"220 mx.example\r\n")
        is_odd = False
        while line := await reader.readline():
            verb = line[:4].upper()
            is_odd = ODD.encode() in line if verb == b"RCPT" else is_odd
            if is_odd and self.odd == "slow" and verb in {b"RCPT", b"DATA"}:
                await asyncio.sleep(STALL)
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                await asyncio.sleep(self.pause)
                self.others += not is_odd
                self.last_at = self.last_at if is_odd else time.monotonic()
            writer.write(self.answer(verb, is_odd=is_odd))
        writer.close()

    def answer(self, verb: bytes, *, is_odd: bool) -> bytes:
        """Return the answer to a command, or to a message."""
        if verb == b"EHLO":
            return b"250-mx.example\r\n250 PIPELINING\r\n"
        return b"451 4.3.0 not now\r\n" if verb == b"RCPT" and is_odd and self.odd == "later" else b"250 2.0.0 ok\r\n"

    async def hang_up(self) -> None:
        """Break off all connections."""
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def listen(self) -> None:
        """Listen on a free port."""
        server = await asyncio.start_server(self.talk, "127.0.0.1", 0, limit=MOST)
        self.port = server.sockets[0].getsockname()[1]


@contextmanager
def running() -> Iterator[Server]:
    """Run the server beside the work."""
    server = Server()
    server.loop.run_until_complete(server.listen())
    thread = threading.Thread(target=server.loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.hang_up(), server.loop).result()
        server.loop.call_soon_threadsafe(server.loop.stop)
        thread.join()


def main() -> None:
    """Measure, and print the table as Markdown."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--readers", type=int, default=5000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--connections", type=int, default=16)
    asked.add_argument("--pause", type=float, default=0.0, help="seconds that the server takes for each message")
    given = asked.parse_args()
    kinds = {"absent": "is not there", "later": "is deferred", "slow": f"is answered in {STALL:g} s"}
    rounds = [{odd: seconds(odd, given) for odd in kinds} for _ in range(given.rounds)]
    print(f"load {os.getloadavg()[0]:.1f}\n\n| every tenth reader | the others have it after, s | against without |")
    print("| --- | --: | --: |")
    for odd, said in kinds.items():
        took = statistics.median(one[odd] for one in rounds)
        ratio = statistics.median(one[odd] / one["absent"] for one in rounds)
        print(f"| {said} | {took:.2f} | {ratio:.2f} × |")


def seconds(odd: str, given: argparse.Namespace) -> float:
    """Return after how many seconds the last of the others had their message."""
    with running() as server, tempfile.TemporaryDirectory(prefix="pressrun-bench-") as scratch:
        server.odd, server.pause, folder = odd, given.pause, Path(scratch)
        config = CONFIG.format(port=server.port, connections=given.connections, workers=1)
        others = given.readers - given.readers // TENTH
        stocked(folder, config, others if odd == "absent" else given.readers, odd="" if odd == "absent" else ODD)
        begun = time.monotonic()
        command = [sys.executable, "-m", "feeds", "deliver", "--quiet"]
        sending = subprocess.Popen(
            command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
        )
        while server.others < others and sending.poll() is None:
            time.sleep(0.02)
        sending.kill()
        sending.wait()
        if server.others < others:
            raise SystemExit(f"{odd}: {server.others} of {others} others had their message")
        return server.last_at - begun


if __name__ == "__main__":
    main()
