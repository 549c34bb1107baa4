"""Style sheets and scripts: their address changes with their content, and may then be kept."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client


@pytest.mark.django_db
def test_every_file_of_a_page_carries_the_hash_of_its_content_and_is_kept() -> None:
    html = Client().get("/account/login/").content.decode()
    found = re.findall(r'(?:href|src)="/static/([^"?#]+)(\?v=([0-9a-f]+))?', html)
    assert len(found) > 8
    for name, _, version in found:
        path = finders.find(name)
        assert isinstance(path, str), name
        assert hashlib.sha256(Path(path).read_bytes()).hexdigest().startswith(version or "none"), name
    answer = Client().get(static("ui/base.css"))
    assert answer.status_code == 200
    assert "max-age=31536000" in answer["Cache-Control"]
    answer.close()


def test_file_that_nobody_has_gets_no_version() -> None:
    assert static("nowhere/nothing.css") == "/static/nowhere/nothing.css"
