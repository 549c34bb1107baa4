"""python -m bench.resolve [SET ...]: both sides on every set, one after the other, each in a process of its own.

Ours is the command `klantbeeld resolve FILE --truth COLUMN` and nothing else. Every side runs twice and the second run
counts, so that neither pays for compiling or for a cold disk. With --write the table goes into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.resolve import dutch, unseen
from bench.resolve.sets import ROOT, SETS, LabelledSet, prepare

START, END = "<!-- resolve: written by python -m bench.resolve -->", "<!-- resolve: end -->"
HEAD = (
    "| set | engine | answer | pairs P / R / F1 | exact F1 | B-cubed F1 | wall s | CPU s | MB |",
    "|---|---|---|---|---|---|---|---|---|",
)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help="all when left out")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--persons", type=int, default=20_000, help="persons in the Dutch world")
    parser.add_argument("--once", action="store_true", help="no run to warm up")
    options = parser.parse_args()
    rows: list[str] = []
    with tempfile.TemporaryDirectory(prefix="kbbench-") as folder:
        for one in SETS:
            if options.sets and one.name not in options.sets:
                continue
            if one.name == "dutch_world":
                files, flat = dutch.make(Path(folder) / one.name, options.persons)
            elif one.name in unseen.MAKERS:
                files, flat = unseen.MAKERS[one.name](Path(folder) / one.name)
            else:
                files = prepare(one, Path(folder) / one.name)
                if files is None:
                    print(f"{one.name}: not there, left out", file=sys.stderr)
                    continue
                flat = files[0]
            rows += _compare(one, files, flat, Path(folder), runs=1 if options.once else 2)
            print(*rows[-5:], sep="\n", file=sys.stderr)
    text = "\n".join([*HEAD, *rows])
    print(text)
    if options.write:
        write(text)


def _compare(one: LabelledSet, files: list[Path], flat: Path, folder: Path, runs: int) -> list[str]:
    ours = [sys.executable, "-c", "from klantbeeld.cli import main; main()", "resolve", *map(str, files)]
    ours += ["--truth", one.truth, "--out", str(folder / "out" / one.name), "--json", "--quiet"]
    measured = _run(ours, runs)
    quality = measured["output"]["quality"]
    rows = [
        _row(one.name, f"klantbeeld {version('klantbeeld')}", answer, quality[answer], measured)
        for answer in ("customer_id", "suggested_id")
    ]
    if one.peer:
        peer = _run([sys.executable, "-m", "bench.resolve.peer", one.name, str(flat), one.truth], runs)
        name = f"Splink {version('splink')}"
        best = peer["output"]["best"]
        rows.append(_row(one.name, name, f"best threshold ({best['threshold']})", best, peer))
        rows += [_row(one.name, name, f"threshold {t}", peer["output"][f"at_{t}"], peer) for t in (0.95, 0.99)]
    return rows


def _run(command: list[str], runs: int) -> dict[str, Any]:
    """Run a command and return what it printed as JSON, with wall seconds, CPU seconds and peak memory in MB."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _run_number in range(runs):
        started = time.perf_counter()
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            output = process.stdout.read()
            _pid, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        wall = time.perf_counter() - started
    return {
        "output": json.loads(output),
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
    }


def _row(name: str, engine: str, answer: str, found: dict[str, Any], measured: dict[str, Any]) -> str:
    pairs = found["pairwise"]
    figures = f"{pairs['precision']:.3f} / {pairs['recall']:.3f} / **{pairs['f1']:.3f}**"
    cost = f"{measured['wall']:.1f} | {measured['cpu']:.1f} | {measured['megabytes']:.0f}"
    others = f"{found['cluster']['f1']:.3f} | {found['b_cubed']['f1']:.3f}"
    return f"| {name} | {engine} | {answer} | {figures} | {others} | {cost} |"


def write(text: str) -> None:
    """Replace the table in docs/benchmarks.md, between its two marks."""
    path = ROOT / "docs" / "benchmarks.md"
    page = path.read_text(encoding="utf-8")
    before, _start, rest = page.partition(START)
    _old, _end, after = rest.partition(END)
    path.write_text(f"{before}{START}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
