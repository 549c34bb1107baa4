"""python -m bench.online [--records 100000] [--filled-to 1000000]: find and upsert one record, p50 and p95.

A durable database (fsync, synchronous commit) on the same machine, an import of invented customers through the
product, and then single acts, one after the other, inside the actions. `--filled-to` copies the imported rows, under
other ids and other key hashes, until every table has so many records: indexes as deep as they would be, and the
numbers that are asked for still those of the imported ones. pg_test_fsync tells what a commit costs on this disk.
With --write the figures go into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START, END = "<!-- online: written by python -m bench.online -->", "<!-- online: end -->"
LABELS = {
    "find_number_query": "find by number: identity only",
    "find_number": "find by number: the action, with access, roles, profiles and audit",
    "find_name": "find by name with a typo: the action",
    "upsert_new": "upsert a new record: store, resolve, project, audit, outbox, commit",
    "upsert_changed": "upsert a changed record: the same",
    "resolve": "of which resolve, inside the action",
    "merge": "merge two customers",
    "unmerge": "take it back",
}


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--filled-to", type=int, default=1_000_000)
    parser.add_argument("--acts", type=int, default=500, help="acts of each sort")
    parser.add_argument("--home", type=Path, help="folder for the database and files; kept")
    parser.add_argument("--again", action="store_true", help="measure the database in --home as it is")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    options = parser.parse_args()
    home = options.home or Path(tempfile.mkdtemp(prefix="kbbench-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    environment = {**os.environ, "KLANTBEELD_HOME": str(home), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    environment.pop("DATABASE_URL", None)

    def python(*arguments: str, **extra: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env={**environment, **extra}, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}\n{done.stdout}")
        return done.stdout

    klantbeeld = ("-c", "from klantbeeld.cli import main; main()")
    python(*klantbeeld, "database", "start")
    try:
        python("-m", "klantbeeld.config.processes.prepare", "database", KLANTBEELD_DATABASE_ROLE="owner")
        sizes = (0, 0) if options.again else (options.records, options.filled_to)
        numbers = [str(number) for number in (*sizes, options.acts)]
        python("-m", "bench.online.work", *numbers, str(home))
        stages = json.loads((home / "online.json").read_text(encoding="utf-8"))
    finally:
        python(*klantbeeld, "database", "stop")
    text = as_text(stages, fsync(home))
    if options.home is None:
        shutil.rmtree(home, ignore_errors=True)
    print(text)
    if options.write:
        write(text)


def fsync(home: Path) -> str:
    """What pg_test_fsync says of one 8 kB write with fdatasync on the disk of the database."""
    program = next((p for p in home.rglob("pg_test_fsync")), None) or shutil.which("pg_test_fsync")
    if program is None:
        from klantbeeld.config.processes.programs import bundled_programs

        program = bundled_programs().folder / "pg_test_fsync"
    command = [str(program), "-s", "1", "-f", str(home / "fsync.out")]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
    (home / "fsync.out").unlink(missing_ok=True)
    found = re.search(r"fdatasync\s+([\d.]+) ops/sec\s+(\d+) usecs/op", told)
    return f"{float(found[1]):,.0f}/s, {found[2]} microseconds each" if found else "not measured"


def as_text(stages: list[dict[str, Any]], synced: str) -> str:
    """The figures as Markdown."""
    lines = []
    for stage in stages:
        lines += [
            f"{stage['records']:,} records, {stage['keys']:,} keys, {stage['customers']:,} customers; PostgreSQL"
            f" {stage['postgresql']}, {stage['cores']} cores, load before {stage['load']:.1f}; pg_test_fsync"
            f" (fdatasync, 8 kB): {synced}.",
            "",
            "| act | p50 ms | p95 ms | CPU ms of the process |",
            "|---|---|---|---|",
        ]
        for name, figures in stage["acts"].items():
            cpu = "" if figures["cpu"] is None else f"{figures['cpu']:.2f}"
            lines.append(f"| {LABELS[name]} | {figures['p50']:.2f} | {figures['p95']:.2f} | {cpu} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def write(text: str) -> None:
    """Put the figures into the section of docs/benchmarks.md; the rest of the page stays."""
    path = ROOT / "docs" / "benchmarks.md"
    page = path.read_text(encoding="utf-8") if path.exists() else "# Benchmarks\n"
    section = f"{START}\n{text}\n{END}"
    if START in page:
        head, rest = page.split(START, 1)
        page = head + section + rest.split(END, 1)[1]
    else:
        page = f"{page.rstrip()}\n\n## Online\n\n`python -m bench.online --write`\n\n{section}\n"
    path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
