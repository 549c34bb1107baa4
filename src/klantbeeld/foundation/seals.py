"""Sealing the audit log: a hash chain over ranges of lines, made every few seconds instead of with every line.

A seal covers the lines of all transactions with from_xid <= xid < to_xid. Below the horizon every transaction has
ended, so nothing can honestly be added to a sealed range: a line that was edited, deleted, inserted or moved shows.
Cutting off the newest seals with their lines shows only through the anchor, which keeps the heads outside the database.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connection, transaction

from klantbeeld.foundation import ports
from klantbeeld.foundation.contracts import AuditProblem, AuditReport
from klantbeeld.kit.labels import Label

LINES_AT_ONCE = 20_000
GENESIS = bytes(32)

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('klantbeeld audit seal'))"
_LAST = "SELECT to_xid, digest FROM foundation_auditseal ORDER BY to_xid DESC LIMIT 1"
_BOUND = "SELECT xid FROM foundation_auditline WHERE xid >= %s AND xid < %s ORDER BY xid, id OFFSET %s LIMIT 1"
# By hand: one row instead of every line over the wire. A JSON array keeps neighbouring columns apart.
_CONTENT = """
SELECT count(*), sha256(convert_to(coalesce(string_agg(jsonb_build_array(id, xid,
    (extract(epoch FROM at) * 1000000)::bigint, actor, purpose, action, subject_kind, subject_id, request_id, detail
  )::text, E'\\n' ORDER BY xid, id), ''), 'UTF8'))
FROM foundation_auditline WHERE xid >= %s AND xid < %s
"""
_KEEP = """
INSERT INTO foundation_auditseal (from_xid, to_xid, lines, digest, sealed_at) VALUES (%s, %s, %s, %s, now())
RETURNING id
"""

_RENUMBER = """
SELECT setval(pg_get_serial_sequence('foundation_auditseal', 'id'), greatest(%s, max(id), 1)) FROM foundation_auditseal
"""


def seal() -> int:
    """Seal what can be sealed now, at most one range; returns the lines sealed, 0 when there is nothing to do.

    Only one process seals at a time; another one that asks meanwhile gets 0. The head is anchored after commit; one
    that was missed by a crash is anchored by the next call.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_LAST)
        last = cursor.fetchone()
        from_xid, previous = (last[0], bytes(last[1])) if last else (0, GENESIS)
        cursor.execute("SELECT kb_horizon()")
        to_xid = cursor.fetchone()[0]
        cursor.execute(_BOUND, [from_xid, to_xid, LINES_AT_ONCE])
        bound = cursor.fetchone()
        if bound:
            # One transaction is never divided over two seals.
            to_xid = bound[0] if bound[0] > from_xid else bound[0] + 1
        lines, content = _content(cursor, from_xid, to_xid)
        if lines:
            cursor.execute(_KEEP, [from_xid, to_xid, lines, _digest(previous, from_xid, to_xid, lines, content)])
    _anchor_heads()
    return lines


def verify() -> AuditReport:
    """Recompute every seal and compare it with the chain and with the anchor; all problems, oldest first."""
    problems: list[AuditProblem] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT id, from_xid, to_xid, lines, digest FROM foundation_auditseal ORDER BY to_xid")
        seals = cursor.fetchall()
        expected_from, previous, lines = 0, GENESIS, 0
        for seal_id, from_xid, to_xid, said, digest in seals:
            if from_xid != expected_from:
                problems.append(AuditProblem("gap", seal_id, _GAP))
            found, content = _content(cursor, from_xid, to_xid)
            lines += found
            if _digest(previous, from_xid, to_xid, found, content) != bytes(digest):
                problems.append(AuditProblem("lines" if found != said else "chain", seal_id, _CHANGED))
            expected_from, previous = to_xid, bytes(digest)
        cursor.execute("SELECT count(*) FROM foundation_auditline WHERE xid >= %s", [expected_from])
        unsealed = cursor.fetchone()[0]
    kept = {seal_id: bytes(digest) for seal_id, _, _, _, digest in seals}
    problems += [
        AuditProblem("anchor", seal_id, _CUT)
        for seal_id, digest in ports.wiring().anchor.recall()
        if kept.get(seal_id) != digest
    ]
    return AuditReport(len(seals), lines, unsealed, tuple(problems))


def number_above_anchor() -> None:
    """After a restore, give new seals numbers that the anchor does not know yet.

    The heads of seals that were lost with the restore stay in the anchor, and `verify` says that they are gone: which
    is true, until an administrator puts the old anchor away.
    """
    last = ports.wiring().anchor.last()
    with connection.cursor() as cursor:
        cursor.execute(_RENUMBER, [last])


_GAP: Label = {"en": "A seal before this one is missing.", "nl": "Een zegel vóór dit zegel ontbreekt."}
_CHANGED: Label = {
    "en": "The lines under this seal, or the seal before it, are not what was sealed.",
    "nl": "De regels onder dit zegel, of het zegel ervoor, zijn niet wat verzegeld is.",
}
_CUT: Label = {
    "en": "The anchor remembers this seal, and it is gone or another one.",
    "nl": "Het anker kent dit zegel, en het is weg of een ander.",
}


def _content(cursor: Any, from_xid: int, to_xid: int) -> tuple[int, bytes]:
    cursor.execute(_CONTENT, [from_xid, to_xid])
    lines, digest = cursor.fetchone()
    return lines, bytes(digest)


def _digest(previous: bytes, from_xid: int, to_xid: int, lines: int, content: bytes) -> bytes:
    numbers = b"".join(number.to_bytes(8, "big") for number in (from_xid, to_xid, lines))
    return hashlib.sha256(previous + numbers + content).digest()


def _anchor_heads() -> None:
    """Anchor the heads that the anchor does not know yet."""
    anchor = ports.wiring().anchor
    last = anchor.last()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, digest FROM foundation_auditseal WHERE id > %s ORDER BY id", [last])
        for seal_id, digest in cursor.fetchall():
            anchor.remember(seal_id, bytes(digest))
