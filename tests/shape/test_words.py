"""Words that have no place in a public repository: hosts of package registries, folders of one machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Put together, so that this file does not contain them itself.
_HOSTS = [
    "py" + "pi.org",
    "pythonhosted" + ".org",
    "registry.npm" + "js.org",
    "npm" + "js.com",
    "proxy.golang" + ".org",
]
_PLACES = ["/wor" + "k/", "/ro" + "ot/", "/home/" + "[a-z]+/", "/opt/" + "pypi", "/opt/" + "wheels"]
FORBIDDEN = re.compile("|".join([*map(re.escape, _HOSTS), *(rf"(?<![\w.~])({place})" for place in _PLACES)]))


def _texts() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    texts = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        try:
            texts.append((name, path.read_text(encoding="utf-8")))
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    return texts


def test_no_file_names_a_registry_or_one_machine() -> None:
    texts = _texts()
    assert len(texts) > 20, "the files of the repository must be found"
    hits = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts
        for number, line in enumerate(text.splitlines(), start=1)
        if FORBIDDEN.search(line)
    ]
    assert hits == []
