"""Zero configuration on labelled files that were never shaped for us: within .02 F1 of an expert's Splink set-up.

The data are not part of the project: they are found in KLANTBEELD_DATA or beside it, else the tests are skipped.
"""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from klantbeeld.cli.resolve import resolve

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("KLANTBEELD_DATA") or ROOT.parent / "shared" / "data") / "matching"
# Set, truth column, and the F1 of the peer at the threshold that is best with the truth in hand (docs/benchmarks.md).
PEER = [("fake_1000.csv", "cluster", 0.911), ("RLdata10000.csv", "ent_id", 0.933)]


@pytest.mark.skipif(not DATA.is_dir(), reason="the labelled sets are not beside the project")
@pytest.mark.parametrize(("name", "truth", "peer"), PEER, ids=[row[0] for row in PEER])
def test_resolve_without_configuration_is_close_to_an_expert(
    tmp_path: Path, name: str, truth: str, peer: float
) -> None:
    result = CliRunner().invoke(
        resolve, [str(DATA / name), "--truth", truth, "--out", str(tmp_path / "out"), "--json", "--quiet"]
    )
    assert result.exit_code == 0, result.output
    quality = json.loads(result.stdout)["quality"]
    assert quality["suggested_id"]["pairwise"]["f1"] > peer - 0.02
    assert quality["customer_id"]["pairwise"]["precision"] > 0.97
