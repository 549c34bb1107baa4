"""Every file of the corpus ends in a clear error or in records and refusals, in bounded memory, and nothing is lost."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engines.files.bad_input import CORPUS, Case

from klantbeeld.engines.files import Refusals, TableError, open_table, read_table
from klantbeeld.engines.files.records import open_records

FORMS = {"xlsx": "workbook", "json": "json", "ndjson": "ndjson", "xml": "xml", "parquet": "parquet", "vcard": "vcard"}
ROOM = 700 << 20  # bytes of address space for reading any of them, the interpreter with its libraries included


def outcome(case: Case, path: Path) -> tuple[int, tuple[str, ...]]:
    refusals = Refusals()
    if case.form == "csv":
        read = read_table(open_table(path))
        return len(read.lines), tuple(one.reason for one in read.refusals.rows)
    with open_records(path, FORMS[case.form]).read(refusals) as reading:  # type: ignore[arg-type]
        return sum(1 for _ in reading), tuple(one.reason for one in refusals.rows)


@pytest.mark.parametrize("case", CORPUS, ids=str)
def test_bad_input_is_a_clear_error_or_is_refused_with_its_reason(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "bad"
    case.make(path)
    if isinstance(case.expect, str):
        with pytest.raises(TableError, match=case.expect) as error:
            outcome(case, path)
        sentences = [error.value.sentence("nl"), error.value.sentence("en")]
        assert all(sentence.startswith("bad") and len(sentence) < 600 for sentence in sentences)
        assert len(set(sentences)) == 2
    else:
        assert outcome(case, path) == case.expect


MEASURE = """
import resource, sys
from pathlib import Path
from klantbeeld.engines.files import Refusals, TableError
from klantbeeld.engines.files.records import open_records
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
for path in sys.argv[2:]:
    form = {"xlsx": "workbook"}.get(Path(path).suffix[1:], Path(path).suffix[1:])
    try:
        with open_records(Path(path), form).read(Refusals()) as reading:
            for _ in reading:
                pass
    except TableError:
        continue
print("whole", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_bombs_are_read_in_bounded_memory(tmp_path: Path) -> None:
    chosen = [one for one in CORPUS if re.search("bomb|20 MB|deep", str(one)) and one.form != "csv"]
    paths = []
    for number, case in enumerate(chosen):
        paths.append(tmp_path / f"{number}.{case.form}")
        case.make(paths[-1])
    assert len(paths) >= 10
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(ROOM), *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("whole ")
