"""The harness that other tests stand on: databases of the product's own roles, and a fresh one after a commit."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, connection
from tests.database import EXTERNAL

embedded_only = pytest.mark.skipif(bool(EXTERNAL), reason="on a server of somebody's own there is one role")


def _one(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row and row[0]


@embedded_only
@pytest.mark.django_db
def test_connection_of_tests_is_the_role_of_the_product() -> None:
    assert _one("SELECT current_user") == "kb_app"


@embedded_only
@pytest.mark.django_db
def test_app_role_cannot_make_tables() -> None:
    with pytest.raises(ProgrammingError, match="permission denied for schema public"):
        _one("CREATE TABLE sneaky (id int)")


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_commit_in_one_test_is_gone_in_the_next(turn: int) -> None:
    before = ContentType.objects.count()
    assert not ContentType.objects.filter(app_label="left_behind").exists()
    ContentType.objects.create(app_label="left_behind", model=f"turn{turn}")
    assert before > 10, "rows made by migrations must be there in every turn"
