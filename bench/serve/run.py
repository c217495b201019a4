"""Measure how many requests a second one process answers for a feed of 100 KB: 200 and 304, with wrk.

Beside ``pressrun serve``: a bare Starlette route that returns the same bytes (the ratio is the price of what serving
does), and nginx with docs/nginx.conf. Needs wrk, and nginx for its rows. Not here: what is answered (tests/web).
"""

import argparse
import gzip
import http.client
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIZE = 100_000
CONFIG = """[site]
id = "7f0f8b5e-6a57-4a0b-9a0e-3d2c4b1f6e21"
title = "Bench"
url = "https://gazette.example/"
[web]
requests_per_minute = 0
"""
BARE = """
import sys
from pathlib import Path
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

data = Path(sys.argv[1]).read_bytes()


async def feed(request):
    if request.headers.get("if-none-match") == '"bare"':
        return Response(status_code=304, headers={"etag": '"bare"'})
    return Response(data, media_type="application/rss+xml", headers={"etag": '"bare"'})


app = Starlette(routes=[Route("/rss.xml", feed)])
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=10, help="how long each measurement lasts")
    asked.add_argument("--connections", type=int, default=100)
    asked.add_argument("--rounds", type=int, default=3, help="each is measured so often, the best counts")
    how = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_site(place)
        rates = {name: measure(serving(place), how) for name, serving in servers().items()}
    report(rates, how)


def servers():
    found = {"bare Starlette route": bare, "pressrun serve": serve}
    return found | ({"nginx, docs/nginx.conf": nginx} if shutil.which("nginx") else {})


def write_site(place: Path) -> None:
    (place / "config.toml").write_text(CONFIG)
    public = place / "public"
    public.mkdir()
    item = "<item><title>Words</title><description>{}</description></item>\n"
    items = "".join(item.format(f"words of item {number} " * 20) for number in range(1000))
    head = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><atom:link rel="self" '
    head += 'href="https://gazette.example/rss.xml"/>'
    data = f"{head}{items[: SIZE - len(head) - 200]}".rpartition("<item>")[0] + "</channel></rss>"
    (public / "rss.xml").write_text(data)
    (public / "rss.xml.gz").write_bytes(gzip.compress(data.encode(), 6))


def measure(serving, how) -> dict[str, float]:
    with serving as port:
        address = f"http://127.0.0.1:{port}/rss.xml"
        tag = wait_for(port)
        rates = {}
        for name, headers, status in (("200", {}, 200), ("304", {"If-None-Match": tag}, 304)):
            assert ask(port, headers).status == status, name
            rates[name] = max(wrk(address, headers, how) for _ in range(how.rounds))
        return rates


def wrk(address: str, headers: dict[str, str], how) -> float:
    more = [option for name, value in headers.items() for option in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{how.connections}", f"-d{how.seconds}s", *more, address]
    return rate_in(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def rate_in(said: str) -> float:
    """Return the rate that wrk tells; what it did not get an answer to ends the run."""
    if "Non-2xx or 3xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    return float(re.search(r"Requests/sec:\s+([0-9.]+)", said)[1])


def report(rates: dict[str, dict[str, float]], how) -> None:
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"
    )
    print(f"{SIZE // 1000} KB feed, {how.connections} connections, best of {how.rounds} times {how.seconds} s\n")
    print("| server | 200 a second | of bare | 304 a second | of bare |\n|---|---|---|---|---|")
    bare_rates = rates["bare Starlette route"]
    for name, its in rates.items():
        cells = [
            cell for what in ("200", "304") for cell in (f"{its[what]:,.0f}", f"{its[what] / bare_rates[what]:.2f}")
        ]
        print(f"| {name} | {' | '.join(cells)} |")


# ---- the servers, each as a process of its own on a port that was free ----


@contextmanager
def bare(place: Path):
    (place / "bare.py").write_text(BARE)
    port = free_port()
    with running([sys.executable, str(place / "bare.py"), str(place / "public/rss.xml"), str(port)], place):
        yield port


@contextmanager
def serve(place: Path):
    port = free_port()
    with running([sys.executable, "-m", "feeds", "serve", "--no-schedule", "--port", str(port)], place):
        yield port


@contextmanager
def nginx(place: Path):
    port = free_port()
    conf = (ROOT / "docs/nginx.conf").read_text().replace("/srv/my-site", str(place))
    conf = conf.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(
        "    limit_req zone=pressrun burst=600 nodelay;\n", ""
    )
    (place / "site.conf").write_text(conf)
    user = "user root;" if os.getuid() == 0 else ""
    (place / "nginx.conf").write_text(
        f"{user} worker_processes 1; daemon off; pid {place}/pid; error_log stderr;\n"
        f"events {{ }} http {{ access_log off; include {place}/site.conf; }}\n"
    )
    with running(["nginx", "-p", str(place), "-c", str(place / "nginx.conf"), "-e", "stderr"], place):
        yield port


@contextmanager
def running(command: list[str], place: Path):
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=place, env=env, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def ask(port: int, headers: dict[str, str], path: str = "/rss.xml") -> http.client.HTTPResponse:
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    wire.request("GET", path, headers={"Accept-Encoding": "identity"} | headers)
    answer = wire.getresponse()
    answer.read()
    wire.close()
    return answer


def wait_for(port: int, path: str = "/rss.xml") -> str:
    """Wait until a server answers; return the entity tag of what it gives."""
    for _ in range(300):
        try:
            return ask(port, {}, path).getheader("etag")
        except OSError:
            time.sleep(0.1)
    raise SystemExit("a server does not answer")


if __name__ == "__main__":
    main()
