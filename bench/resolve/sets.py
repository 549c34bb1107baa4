"""The labelled sets: where they are, how both sides get the very same rows, and which column is the truth.

They are not ours to publish: the benchmark finds them in the folder KLANTBEELD_DATA, or in one beside the project, and
leaves out what is not there.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from bench.resolve import unseen

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One set: its files below `matching/`, the truth column, and whether Splink has a set-up for it."""

    name: str
    files: tuple[str, ...]
    truth: str
    peer: bool = True


SETS = (
    # The project's own invented world: always there.
    LabelledSet("dutch_world", (), "truth"),
    LabelledSet("fake_1000", ("fake_1000.csv",), "cluster"),
    LabelledSet("febrl3", ("febrl3.csv",), "truth"),
    LabelledSet("RLdata10000", ("RLdata10000.csv",), "ent_id"),
    LabelledSet("historical_50k", ("historical_50k.parquet",), "cluster"),
    LabelledSet(
        "senzing_truthset",
        tuple(f"senzing_truthset/{name}.csv" for name in ("customers", "reference", "watchlist")),
        "truth",
        peer=False,
    ),
    # Invented and held out (see `unseen`): always there.
    *(LabelledSet(name, (), "truth", peer=False) for name in unseen.MAKERS),
)


def data_folder() -> Path:
    """Return the folder with the labelled sets; raises SystemExit when there is none."""
    for found in (os.environ.get("KLANTBEELD_DATA"), ROOT.parent / "shared" / "data"):
        if found and (folder := Path(found) / "matching").is_dir():
            return folder
    raise SystemExit("No labelled sets: put them in a folder and name it in KLANTBEELD_DATA (see docs/benchmarks.md)")


def prepare(one: LabelledSet, target: Path) -> list[Path] | None:
    """Write the files of a set with a truth column into a folder; None when the set is not there."""
    folder = data_folder()
    sources = [folder / name for name in one.files]
    if not all(path.exists() for path in sources):
        return None
    target.mkdir(parents=True, exist_ok=True)
    if one.name == "febrl3":
        # The entity is in the record id: rec-1496-org and rec-1496-dup-0 are one.
        return [_with_truth(sources[0], target, lambda row: "-".join(row["rec_id"].split("-")[:2]))]
    if one.name == "senzing_truthset":
        with (folder / "senzing_truthset" / "actual_truthset_key.csv").open(encoding="utf-8") as file:
            key = {(row["DATA_SOURCE"], row["RECORD_ID"]): row["CLUSTER_ID"] for row in csv.DictReader(file)}
        return [_with_truth(path, target, lambda row: key[row["DATA_SOURCE"], row["RECORD_ID"]]) for path in sources]
    return sources


def _with_truth(source: Path, target: Path, entity) -> Path:  # type: ignore[no-untyped-def]
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    written = target / source.name
    with written.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "truth"])
        writer.writeheader()
        writer.writerows({**row, "truth": entity(row)} for row in rows)
    return written


def truth_of(path: Path, column: str) -> list[str]:
    """Return the truth column of a file, in the order of its rows."""
    if path.suffix == ".parquet":
        return [str(value) for value in pq.read_table(path, columns=[column])[column].to_pylist()]
    with path.open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]
