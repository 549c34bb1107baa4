"""The audit log takes lines, keeps them as they are, and shows when somebody else did not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection
from tests.domain.foundation.conftest import MemoryAnchor

from klantbeeld.foundation import audit, seals
from klantbeeld.foundation.access import Actor
from klantbeeld.foundation.adapters.anchor import FileAnchor
from klantbeeld.foundation.models import AuditLine, AuditSeal


def test_write_keeps_actor_action_subject_and_request(db: None, system: Actor) -> None:
    with audit.within_request("req-1"):
        audit.write(
            actor=system,
            action="customers.read",
            purpose="service",
            subject_kind="customer",
            subject_id=7,
            detail={"fields": ["iban"]},
        )
    line = AuditLine.objects.get(action="customers.read")
    assert (line.actor, line.purpose, line.subject_kind, line.subject_id) == ("system:test", "service", "customer", 7)
    assert (line.request_id, line.detail) == ("req-1", {"fields": ["iban"]})
    assert audit.request_id() == ""


def test_write_many_is_one_statement(db: None, system: Actor, django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(1):
        written = audit.write_many(
            audit.Line(system, "customers.listed", "service", "customer", number) for number in range(50)
        )
    assert written == 50
    lines = AuditLine.objects.filter(action="customers.listed").order_by("id")
    assert [line.subject_id for line in lines] == list(range(50))
    assert audit.write_many([]) == 0


@pytest.mark.parametrize("table", ["foundation_auditline", "foundation_outboxevent", "consent_consentevent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_append_only_table_refuses_change_by_the_product(db: None, table: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("statement", ["UPDATE {} SET action = 'x'", "DELETE FROM {}"])
def test_append_only_table_refuses_change_by_its_owner(owner: object, system: Actor, statement: str) -> None:
    import psycopg

    audit.write(actor=system, action="something")
    for table in ("foundation_auditline", _partition()):
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            owner.execute(statement.format(table))  # type: ignore[attr-defined]
    assert AuditLine.objects.filter(action="something").count() == 1


def test_partition_of_this_month_takes_the_lines(db: None, system: Actor) -> None:
    audit.write(actor=system, action="something")
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM foundation_auditline")
        assert cursor.fetchall() == [(_partition(),)]


def test_partitions_are_made_once(db: None) -> None:
    from klantbeeld.foundation import partitions

    assert partitions.make_partitions(5) == 4, "two tables, two months more than the migration made"
    assert partitions.make_partitions(5) == 0


def test_seal_covers_every_line_once_and_verifies(transactional_db: None, system: Actor, anchor: object) -> None:
    for number in range(5):
        audit.write(actor=system, action="act", subject_kind="customer", subject_id=number)
    total = AuditLine.objects.count()
    assert seals.seal() == total
    assert seals.seal() == 0
    audit.write(actor=system, action="later")
    report = seals.verify()
    assert (report.seals, report.lines, report.unsealed, report.problems) == (1, total, 1, ())
    assert seals.seal() == 1
    assert seals.verify().lines == total + 1


def test_seal_leaves_out_what_a_running_transaction_may_still_add(
    transactional_db: None, system: Actor, anchor: object, owner: object
) -> None:
    seals.seal()
    owner.autocommit = False  # type: ignore[attr-defined]
    owner.execute("INSERT INTO foundation_auditline (actor, action) VALUES ('user:1', 'slow')")  # type: ignore[attr-defined]
    audit.write(actor=system, action="quick")
    assert seals.seal() == 0, "the quick line is younger than a running transaction"
    owner.commit()  # type: ignore[attr-defined]
    assert seals.seal() == 2
    assert seals.verify().problems == ()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE foundation_auditline SET purpose = 'service' WHERE action = 'act2'", "chain"),
        ("UPDATE foundation_auditline SET at = at + interval '1 microsecond' WHERE action = 'act2'", "chain"),
        ("DELETE FROM foundation_auditline WHERE action = 'act2'", "lines"),
        (
            "INSERT INTO foundation_auditline (xid, actor, action)"
            " SELECT xid, 'user:9', 'never' FROM foundation_auditline WHERE action = 'act2'",
            "lines",
        ),
        (
            "UPDATE foundation_auditline SET action = CASE action WHEN 'act1' THEN 'act2' ELSE 'act1' END"
            " WHERE action IN ('act1', 'act2')",
            "chain",
        ),
        ("UPDATE foundation_auditseal SET digest = sha256('x') WHERE id = (SELECT min(id) FROM foundation_auditseal)",
         "chain"),
        ("DELETE FROM foundation_auditseal WHERE id = (SELECT min(id) FROM foundation_auditseal)", "gap"),
    ],
    ids=["edit", "backdate", "delete", "insert", "reorder", "forge-seal", "lose-seal"],
)  # fmt: skip
def test_verify_finds_tampering(
    system: Actor, anchor: object, tamper: Callable[[str], None], statement: str, kind: str
) -> None:
    for number in range(4):
        audit.write(actor=system, action=f"act{number}")
        seals.seal()
    assert seals.verify().problems == ()
    tamper(statement)
    assert kind in {problem.kind for problem in seals.verify().problems}


def test_verify_finds_a_cut_off_tail_through_the_anchor(
    system: Actor, anchor: object, tamper: Callable[[str], None]
) -> None:
    audit.write(actor=system, action="first")
    seals.seal()
    audit.write(actor=system, action="last")
    seals.seal()
    tail = AuditSeal.objects.latest("id")
    tamper(f"DELETE FROM foundation_auditline WHERE xid >= {tail.from_xid}")
    tamper(f"DELETE FROM foundation_auditseal WHERE id = {tail.pk}")
    assert [(problem.kind, problem.seal_id) for problem in seals.verify().problems] == [("anchor", tail.pk)]


def test_file_anchor_keeps_heads_and_leaves_out_a_line_that_was_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "heads.txt"
    anchor = FileAnchor(file)
    assert (anchor.last(), anchor.recall()) == (0, [])
    for number in range(1, 41):
        anchor.remember(number, bytes([number]) * 32)
    assert (anchor.last(), len(anchor.recall())) == (40, 40)
    assert anchor.recall()[2] == (3, bytes([3]) * 32)
    assert file.stat().st_mode & 0o077 == 0
    with file.open("a") as broken:
        broken.write("41 abc")
    assert (anchor.last(), len(anchor.recall())) == (40, 40)


def test_seal_anchors_the_heads_that_a_crash_left_out(
    transactional_db: None, system: Actor, anchor: MemoryAnchor
) -> None:
    audit.write(actor=system, action="first")
    seals.seal()
    anchor.heads.clear()
    audit.write(actor=system, action="second")
    seals.seal()
    assert [number for number, _ in anchor.heads] == list(AuditSeal.objects.order_by("id").values_list("id", flat=True))
    assert len(anchor.heads) == 2


def _partition() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'foundation_auditline_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')")
        return str(cursor.fetchone()[0])
