"""Write the result as a folder that is there whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from klantbeeld.cli.language import Text
from klantbeeld.cli.resolve.combine import FILE, RECORD_ID, Combined
from klantbeeld.engines.matching import Resolution

NAMES = (
    "membership.parquet",
    "customers.parquet",
    "links.parquet",
    "report.json",
    "report.html",
    "mapping.yaml",
)


class OutputError(Exception):
    """The result cannot be written: where and why, in both languages."""

    def __init__(self, path: Path, *, en: str, nl: str) -> None:
        super().__init__(en)
        self.path = path
        self.text: Text = {"en": en, "nl": nl}


def check_output(out: Path) -> None:
    """Raise OutputError when the folder holds anything else than an earlier result, before any work is done."""
    if out.exists() and not out.is_dir():
        raise OutputError(out, en="is a file, expected a folder", nl="is een bestand; verwacht een map")
    above = next(path for path in (out.absolute().parent, *out.absolute().parent.parents) if path.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        en, nl = f"cannot be written: no permission in {above}", f"kan niet worden geschreven: geen rechten in {above}"
        raise OutputError(out, en=en, nl=nl)
    others = sorted(path.name for path in out.iterdir() if path.name not in NAMES) if out.exists() else []
    if others:
        listed = ", ".join(others[:5])
        raise OutputError(
            out,
            en=f"holds other files ({listed}); choose a new or empty folder, or that of an earlier result",
            nl=f"bevat andere bestanden ({listed}); kies een nieuwe of lege map, of die van een eerder resultaat",
        )


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Give a temporary folder beside `out` that takes its place when the block ends well, and is removed otherwise.

    An earlier result stays untouched until the new one is complete.
    """
    out = out.absolute()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        yield made
        check_output(out)
        os.chmod(made, 0o777 & ~_umask())
        _replace(made, out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(out, en=f"cannot be written: {reason}", nl=f"kan niet worden geschreven: {reason}")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _replace(made: Path, out: Path) -> None:
    if out.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent)) / out.name
        out.rename(old)
        try:
            made.rename(out)
        except OSError:
            old.rename(out)
            raise
        finally:
            shutil.rmtree(old.parent, ignore_errors=True)
    else:
        made.rename(out)


def membership_table(combined: Combined, resolution: Resolution) -> pa.Table:
    """Return one row per record: file, record_id, customer_id, suggested_id, weight (log2 odds, null for one alone)."""
    return pa.table(
        {
            "file": combined.table[FILE],
            "record_id": combined.table[RECORD_ID],
            "customer_id": pa.array(resolution.customer_id + 1),
            "suggested_id": pa.array(resolution.suggested_id + 1),
            "weight": pa.array(resolution.weight, mask=np.isnan(resolution.weight)),
        }
    )


def links_table(combined: Combined, resolution: Resolution) -> pa.Table:
    """Return one row per pair worth keeping: both records, weight, probability, class, posteriors, level per field."""
    links = resolution.links
    columns: dict[str, Any] = {}
    for side in ("left", "right"):
        rows = links[side].combine_chunks()
        columns[f"file_{side}"] = combined.table[FILE].combine_chunks().take(rows)
        columns[f"record_id_{side}"] = combined.table[RECORD_ID].combine_chunks().take(rows)
    others = [name for name in links.column_names if name not in {"left", "right"}]
    return pa.table({**columns, **{name: links[name] for name in others}})


def write_tables(folder: Path, membership: pa.Table, customers: pa.Table, links: pa.Table) -> None:
    """Write the three tables as Parquet."""
    for name, table in (("membership", membership), ("customers", customers), ("links", links)):
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def write_report(folder: Path, figures: Mapping[str, Any], page: str, mapping: str) -> None:
    """Write report.json, report.html and mapping.yaml."""
    text = json.dumps(figures, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    (folder / "report.html").write_text(page, encoding="utf-8", errors="replace")
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
