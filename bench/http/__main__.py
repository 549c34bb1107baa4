"""python -m bench.http [--records 100000] [--filled-to 1000000]: read and deliver over HTTP, one after the other.

A durable database (fsync, synchronous commit), an import through the product, and one web process under granian as
`klantbeeld up` starts it; pg_test_fsync beside it tells what a commit costs on this disk. CPU is what the web process
and the database's processes used, from /proc, divided by the requests. `--filled-to` copies the imported rows as
bench.online does, until there are so many records; a `--home` that either has filled is measured `--again`. With
--write the figures go into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.online.__main__ import fsync

ROOT = Path(__file__).resolve().parents[2]
START, END = "<!-- http: written by python -m bench.http -->", "<!-- http: end -->"
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--filled-to", type=int, default=0, help="copy what was imported until there are so many")
    parser.add_argument("--requests", type=int, default=2_000, help="reads; a quarter as many deliveries")
    parser.add_argument("--home", type=Path, help="folder for the database and files; kept")
    parser.add_argument("--again", action="store_true", help="measure the database in --home as it is")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    options = parser.parse_args()
    home = options.home or Path(tempfile.mkdtemp(prefix="kbbench-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    environment = {**os.environ, "KLANTBEELD_HOME": str(home), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    environment.pop("DATABASE_URL", None)

    def python(*arguments: str, **extra: str) -> None:
        subprocess.run([sys.executable, *arguments], env={**environment, **extra}, check=True, stdout=sys.stderr)

    klantbeeld = ("-c", "from klantbeeld.cli import main; main()")
    python(*klantbeeld, "database", "start")
    try:
        python("-m", "klantbeeld.config.processes.prepare", "database", KLANTBEELD_DATABASE_ROLE="owner")
        sizes = (0, 0) if options.again else (options.records, options.filled_to)
        python("-m", "bench.http.work", *map(str, sizes), str(home))
        ready = json.loads((home / "http.json").read_text(encoding="utf-8"))
        with web({**environment, "KLANTBEELD_DATABASE_POOL": "4"}) as (port, pid):
            load = os.getloadavg()[0]
            rows = measure(ready, port, [pid, postmaster(home)], options.requests)
            synced = fsync(home)
    finally:
        python(*klantbeeld, "database", "stop")
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)
    text = as_text(ready["records"], rows, load, synced)
    print(text)
    if options.write:
        write(text)


@contextmanager
def web(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """One web process; gives its port and the process that its workers belong to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--no-ws", "--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]
    process = subprocess.Popen([*command, "klantbeeld.config.wsgi:application"], env=environment, stdout=sys.stderr)
    try:
        for _ in range(600):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def postmaster(home: Path) -> int:
    """The process that the database's processes belong to."""
    found = next(home.rglob("postmaster.pid"))
    return int(found.read_text(encoding="utf-8").split("\n", 1)[0])


def cpu_of(parents: list[int]) -> list[float]:
    """CPU milliseconds that each of these processes and all below it have used so far."""
    stat: dict[int, tuple[int, int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        stat[int(path.parent.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]))

    def total(pid: int) -> int:
        own = stat.get(pid, (0, 0))[1]
        return own + sum(total(child) for child, (parent, _) in stat.items() if parent == pid)

    return [total(parent) * 1000 / TICKS for parent in parents]


def measure(ready: dict[str, Any], port: int, parents: list[int], requests: int) -> list[tuple[str, list[float]]]:
    """[p50, p95, CPU of web, CPU of the database] in ms for each sort of request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {ready['key']}", "X-Purpose": "service", "Content-Type": "application/json"}

    def ask(method: str, path: str, body: Any = None) -> None:
        connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:300]!r}")

    customers = ready["customers"]
    where = f"/sources/{ready['source']}/record"

    first = ready["first"]  # so that what is delivered is new every time

    def person(number: int, street: str) -> dict[str, Any]:
        number += first
        name = "".join(chr(97 + int(digit)) for digit in str(number * 7919))
        address = {"street": street, "house_number": str(number % 200 + 1), "postcode": f"{1000 + number % 9000} AB"}
        return {
            "kind": "person",
            "external_id": f"bench-{number}",
            "attributes": {
                "given_name": name.title(),
                "family_name": f"{name[::-1].title()}stra",
                "birth_date": f"{1940 + number % 60}-0{number % 9 + 1}-1{number % 10}",
                "email": [{"value": f"{name}@example.nl"}],
                "address": [{"value": address}],
            },
        }

    sorts: list[tuple[str, int, Callable[[int], None]]] = [
        ("read a customer: key, purpose, audit", requests, lambda n: ask("GET", f"/customers/{customers[n % 500]}")),
        (
            "find a name: key, purpose, audit",
            requests // 4,
            lambda _: ask("POST", "/customers/find", {"text": "Jansen"}),
        ),
        ("deliver a new record", requests // 4, lambda n: ask("PUT", where, person(n, "Hofweg"))),
        ("deliver a changed record", requests // 4, lambda n: ask("PUT", where, person(n, "Dijk"))),
        ("deliver the same record again", requests // 4, lambda n: ask("PUT", where, person(n, "Dijk"))),
    ]
    rows = []
    for name, times, act in sorts:
        for number in range(min(100, times)) if "read" in name or "find" in name else ():
            act(number)
        walls = []
        before = cpu_of(parents)
        for number in range(times):
            began = time.perf_counter()
            act(number)
            walls.append((time.perf_counter() - began) * 1000)
        used = [(after - earlier) / times for after, earlier in zip(cpu_of(parents), before, strict=True)]
        walls.sort()
        rows.append((name, [walls[times // 2], walls[int(times * 0.95)], *used]))
    return rows


def as_text(records: int, rows: list[tuple[str, list[float]]], load: float, synced: str) -> str:
    """The figures as Markdown."""
    head = (
        f"{records:,} records; one web process, one client; {os.cpu_count()} cores, load before {load:.1f};"
        f" pg_test_fsync (fdatasync, 8 kB): {synced}."
    )
    lines = [head, "", "| request | p50 ms | p95 ms | CPU ms web | CPU ms database |", "|---|---|---|---|---|"]
    lines += [f"| {name} | {' | '.join(f'{figure:.2f}' for figure in figures)} |" for name, figures in rows]
    return "\n".join(lines)


def write(text: str) -> None:
    """Put the figures into the section of docs/benchmarks.md; the rest of the page stays."""
    path = ROOT / "docs" / "benchmarks.md"
    page = path.read_text(encoding="utf-8") if path.exists() else "# Benchmarks\n"
    section = f"{START}\n{text}\n{END}"
    if START in page:
        head, rest = page.split(START, 1)
        page = head + section + rest.split(END, 1)[1]
    else:
        page = f"{page.rstrip()}\n\n## Over HTTP\n\n`python -m bench.http --write`\n\n{section}\n"
    path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
