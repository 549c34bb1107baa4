"""python -m bench.golden [--records 100000]: a new database, invented customers in CSV, one import, figures per phase.

The database is durable (fsync, synchronous commit), on the same machine; the figures say how much of the time each
phase took in the importing process and how much CPU the database used. With --write they go into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START, END = "<!-- import: written by python -m bench.golden -->", "<!-- import: end -->"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="folder for the database and files; kept")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument("--profile", type=Path, help="write a py-spy profile of the import here")
    options = parser.parse_args()
    home = options.home or Path(tempfile.mkdtemp(prefix="kbbench-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    environment = {**os.environ, "KLANTBEELD_HOME": str(home), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    environment.pop("DATABASE_URL", None)

    def python(*arguments: str, **extra: str) -> str:
        command = [sys.executable, *arguments]
        if options.profile and "bench.golden.work" in arguments:
            command = ["py-spy", "record", "-o", str(options.profile), "-f", "raw", "-r", "200", "-t", "--", *command]
        done = subprocess.run(command, env={**environment, **extra}, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}\n{done.stdout}")
        return done.stdout

    klantbeeld = ("-c", "from klantbeeld.cli import main; main()")
    python(*klantbeeld, "database", "start")
    try:
        python("-m", "klantbeeld.config.processes.prepare", "database", KLANTBEELD_DATABASE_ROLE="owner")
        python("-m", "bench.golden.work", str(options.records), str(options.seed), str(home))
        figures = json.loads((home / "figures.json").read_text(encoding="utf-8"))
    finally:
        python(*klantbeeld, "database", "stop")
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)
    text = as_text(figures)
    print(text)
    if options.write:
        write(text)


def as_text(figures: dict[str, Any]) -> str:
    """The figures as Markdown."""
    wall, records = figures["wall"], figures["records"]

    def each(name: str) -> str:
        return f"{figures[name] / records * 1e6:.0f}"

    lines = [
        f"{records:,} records of {figures['systems']} systems, {figures['customers']:,} customers:"
        f" **{records / wall:,.0f} records/s**, {wall:.1f} s;"
        f" {figures['memory_mb']:.0f} MB in the importer, {figures['reader_memory_mb']:.0f} MB in the process that"
        f" reads ahead. CPU a record: {each('cpu')} us in the importer, {each('reader_cpu')} us reading ahead (with"
        f" its start), {each('database_cpu')} us in the database's session."
        f" Python {figures['python']}, PostgreSQL {figures['postgresql']}, {figures['cores']} cores, load before"
        f" {figures['load']:.1f}.",
        "",
        "| phase | seconds | share | microseconds a record |",
        "|---|---|---|---|",
    ]
    for name, seconds in figures["phases"].items():
        lines.append(f"| {name} | {seconds:.2f} | {seconds / wall:.0%} | {seconds / records * 1e6:.0f} |")
    lines.append("")
    lines.append("Reading, mapping, normalising and keys run beside all this.")
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
        page = f"{page.rstrip()}\n\n## Import\n\n`python -m bench.golden --write`\n\n{section}\n"
    path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
