"""python -m bench.matching [RECORDS]: CPU time of every step of the engine on an invented table, in one process.

Batch figures come from `resolve` itself (its report has seconds per phase); the online steps are timed one call at a
time, as a transaction makes them. Compiling is left out (`warm` runs first). Quality on labelled sets against a peer is
in `python -m bench.resolve`.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from klantbeeld.engines.matching import (
    Schema,
    cluster,
    kernel,
    match_keys,
    normalise_record,
    resolve,
    score_pairs,
    warm,
)
from klantbeeld.engines.matching.columns import encode
from klantbeeld.engines.matching.rows import build_rows

SCHEMA = Schema.of(
    {
        "first": "given_name",
        "last": "family_name",
        "born": "birth_date",
        "postcode": "postcode",
        "number": "house_number",
        "phone": "phone",
        "mail": "email",
    }
)
SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "di",
    "fe",
    "ga",
    "ha",
    "he",
    "jan",
    "ka",
    "kee",
    "la",
    "lie",
    "ma",
    "mo",
    "na",
    "pie",
    "ra",
    "ro",
    "sa",
    "si",
    "so",
    "ta",
    "tho",
    "va",
    "vi",
    "wil",
    "zo",
]


def table(records: int, seed: int = 1) -> pa.Table:
    """Two records a person, one in five with a wrong letter in the family name."""
    rng = random.Random(seed)
    rows = []
    while len(rows) < records:
        first = "".join(rng.choices(SYLLABLES, k=2)).title()
        last = "".join(rng.choices(SYLLABLES, k=3)).title()
        born = f"{rng.randrange(1940, 2008)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        home = f"{rng.randrange(1000, 9999)}{rng.choice('ABCDE')}{rng.choice('ABCDE')}"
        mail, phone = f"{first}.{last}{rng.randrange(99)}@example.nl", f"06{rng.randrange(10**7, 10**8)}"
        for _ in range(2):
            seen = last[:2] + rng.choice("aeiou") + last[3:] if rng.random() < 0.2 else last
            some = [x if rng.random() < 0.7 else None for x in (born, home, phone, mail)]
            rows.append((first, seen, some[0], some[1], str(rng.randrange(1, 200)), some[2], some[3]))
    columns = zip(*rows[:records], strict=True)
    return pa.table(dict(zip((f.name for f in SCHEMA.fields), columns, strict=True)))


def microseconds(call: Callable[[], object], rounds: int = 300) -> str:
    """Median and 95th percentile of CPU time per call."""
    taken = []
    for _ in range(rounds):
        begun = time.process_time_ns()
        call()
        taken.append((time.process_time_ns() - begun) / 1000)
    return f"{statistics.median(taken):8.1f} p50 {statistics.quantiles(taken, n=20)[-1]:8.1f} p95"


def main() -> None:
    records = int(float(sys.argv[1])) if len(sys.argv) > 1 else 100_000
    warm()
    data = table(records)
    begun = time.process_time()
    found = resolve(data, SCHEMA)
    print(
        f"resolve {records} records: {time.process_time() - begun:.2f} CPU s, {found.report['candidate_pairs']} pairs"
    )
    for phase, seconds in found.report["seconds"].items():
        print(f"  {phase:10s} {seconds:8.3f} s")
    encoded = encode(data, SCHEMA)
    rows = build_rows(encoded, found.model.comparisons, found.model.frequencies)
    left, right = found.links["left"].to_numpy(), found.links["right"].to_numpy()
    pick = np.random.default_rng(1).integers(0, len(left), 500_000)
    left, right = left[pick].astype(np.int32), right[pick].astype(np.int32)
    begun = time.process_time()
    kernel.score_levels(rows.rows, left, right, *rows.args())
    print(f"kernel: {len(left) / (time.process_time() - begun) / 1e6:.2f} million pairs per CPU second")
    values = data.slice(0, 12).to_pylist()
    features = [normalise_record(v, SCHEMA) for v in values]
    keys = [f"r{i:02d}" for i in range(12)]
    scored = score_pairs(features[0], features[1:], found.model)
    links = [(keys[0], keys[j], link) for j, link in enumerate(scored, 1)]
    print("online, microseconds of CPU per call")
    print("  normalise one record     ", microseconds(lambda: normalise_record(values[0], SCHEMA)))
    print("  keys of one record       ", microseconds(lambda: match_keys(features[0], found.model)))
    print("  score against 11 others  ", microseconds(lambda: score_pairs(features[0], features[1:], found.model)))
    print("  cluster twelve records   ", microseconds(lambda: cluster(keys, features, links, (), found.model)))


if __name__ == "__main__":
    main()
