"""python -m bench.resolve.hard [RECORDS]: tables that are made to hurt, each in a process of its own.

One e-mail address for all, all fields empty, texts of a megabyte, one family name and town for all (a block of the
whole table), and the same record again and again. Prints CPU seconds, peak memory, candidate pairs and the largest
customer: time and memory must grow with the table, not with its blocks.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa

from klantbeeld.engines.matching import Schema, resolve

SCHEMA = Schema.of(
    {"first": "given_name", "last": "family_name", "born": "birth_date", "city": "city", "mail": "email"}
)
LETTERS = "abcdefghijklmnoprstuvwz"


def people(count: int) -> Iterator[dict[str, str | None]]:
    """Records of nobody twice."""
    rng = random.Random(9)
    for i in range(count):
        name = "".join(rng.choices(LETTERS, k=9))
        born = f"{rng.randrange(1930, 2008)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        yield {"first": name[:4], "last": name, "born": born, "city": name[:3], "mail": f"{name}{i}@x.nl"}


def one_mailbox(count: int) -> list[dict[str, str | None]]:
    return [{**row, "mail": "info@shop.nl"} for row in people(count)]


def nothing(count: int) -> list[dict[str, str | None]]:
    return [dict.fromkeys(("first", "last", "born", "city", "mail")) for _ in range(count)]


def endless(count: int) -> list[dict[str, str | None]]:
    rows = list(people(count))
    for place in range(0, count, max(count // 100, 1)):
        rows[place]["last"] = "é" * 2**20
    return rows


def one_family(count: int) -> list[dict[str, str | None]]:
    return [{**row, "last": "Jansen", "city": "Utrecht", "born": None, "mail": None} for row in people(count)]


def copies(count: int) -> list[dict[str, str | None]]:
    return [next(people(1))] * count


TABLES: dict[str, Callable[[int], list[dict[str, str | None]]]] = {
    "one_mailbox": one_mailbox,
    "nothing": nothing,
    "endless": endless,
    "one_family": one_family,
    "copies": copies,
}


def measure(name: str, count: int) -> None:
    """Resolve one table in this process and print what it took."""
    table = pa.Table.from_pylist(TABLES[name](count), schema=pa.schema([(f.name, pa.string()) for f in SCHEMA.fields]))
    begun, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = resolve(table, SCHEMA)
    taken = time.process_time() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = int(np.bincount(found.customer_id).max())
    told = {"cpu": taken, "mb": most / 1024, "before": before / 1024, "pairs": found.report["candidate_pairs"]}
    print(json.dumps({**told, "largest": largest}))


def main() -> None:
    """Run all tables."""
    if len(sys.argv) == 3:
        measure(sys.argv[1], int(sys.argv[2]))
        return
    count = sys.argv[1] if len(sys.argv) > 1 else "100000"
    print("| table | CPU s | peak MB (before) | candidate pairs | largest customer |\n|---|---|---|---|---|")
    for name in TABLES:
        command = [sys.executable, "-m", "bench.resolve.hard", name, count]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ)
        got = json.loads(done.stdout)
        print(
            f"| {name} | {got['cpu']:.1f} | {got['mb']:.0f} ({got['before']:.0f}) | {got['pairs']:,} |"
            f" {got['largest']:,} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
