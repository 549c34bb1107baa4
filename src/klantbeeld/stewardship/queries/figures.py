"""Backlog, age, who decided what, and how often the automatic joins are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from klantbeeld.foundation import audit
from klantbeeld.foundation.access import Actor
from klantbeeld.kit.errors import Invalid, Missing
from klantbeeld.stewardship.admission import admit
from klantbeeld.stewardship.contracts import CheckRow, Figures, Limits, Precision, SampleRow, State, StewardRow
from klantbeeld.stewardship.models import Check, Policy, Review, Sample
from klantbeeld.stewardship.queries.queue import MOST_COUNTED, counts
from klantbeeld.stewardship.rules.eyes import reasons_for_second
from klantbeeld.stewardship.rules.intervals import CONFIDENCE, wilson

MOST_DAYS = 366
AGES = {"today": 1, "week": 7, "month": 30}
OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


def figures(*, actor: Actor, days: int = 30) -> Figures:
    """The figures of stewardship now; decisions of the last `days`. Raises Refused, Invalid."""
    admit(actor, "quality:read")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"days: expected 1 to {MOST_DAYS}.", code="reviews.days", field="days")
    now = timezone.now()
    oldest = Review.objects.filter(state=State.REVIEW).order_by("since").values_list("since", flat=True).first()
    return Figures(
        as_of=now,
        counts={state.code: number for state, number in counts(actor=actor).items()},
        most=MOST_COUNTED,
        ages=_ages(),
        oldest_at=oldest,
        waiting_for_second=Review.objects.filter(state=State.REVIEW).exclude(proposed="").count(),
        stewards=_stewards(days),
        days=days,
        precision=precision(actor=actor),
    )


def precision(*, actor: Actor) -> Precision:
    """Of the automatic joins in all samples, the share that is right, with Wilson's interval; a record counts once.

    Where somebody answered twice about a record, in two samples, the newest answer counts.
    """
    admit(actor, "quality:read")
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT answer, count(*) FROM (
                 SELECT DISTINCT ON (record_id) answer FROM stewardship_check
                 ORDER BY record_id, answered_at DESC NULLS LAST, id DESC) newest GROUP BY answer"""
        )
        said = Counter(dict(cursor.fetchall()))
    right, wrong = said["right"], said["wrong"]
    seen = right + wrong
    low, high = wilson(right, seen) if seen else (None, None)
    return Precision(right, wrong, said["unsure"], said[""], right / seen if seen else None, low, high, CONFIDENCE)


def limits_in_force() -> Limits:
    """The declared impact that is in force; the built-in one before any was declared."""
    row = Policy.objects.order_by("-version").first()
    return Limits(**row.limits) if row else Limits()


def get_limits(*, actor: Actor) -> Limits:
    """The declared impact, for whoever may see the figures. Raises Refused."""
    admit(actor, "quality:read")
    return limits_in_force()


def second_needed(*, customers: int, records: int, activities: int, contracts: int) -> list[str]:
    """Which of the declared limits an act with this impact reaches; none: one steward is enough."""
    return reasons_for_second(
        limits_in_force(), customers=customers, records=records, activities=activities, contracts=contracts
    )


def get_sample(sample: UUID, *, actor: Actor, purpose: str) -> SampleRow:
    """A sample with its checks, in order; the read is written down before it is answered. Raises Refused, Missing."""
    admit(actor, "customers:merge", purpose)
    row = Sample.objects.filter(uuid=sample).first()
    if row is None:
        raise Missing("There is no sample with this id.", code="reviews.sample_missing")
    checks = list(Check.objects.filter(sample=row).order_by("id"))
    audit.write(
        actor=actor,
        purpose=purpose,
        action="reviews.sample",
        subject_kind="sample",
        subject_id=row.pk,
        detail={"records": [check.record_id for check in checks]},
    )
    return _sample(row, checks)


def list_samples(*, actor: Actor, limit: int = 20) -> list[SampleRow]:
    """The samples, newest first, with their checks. Raises Refused."""
    admit(actor, "quality:read")
    rows = list(Sample.objects.order_by("-id")[:limit])
    checks: dict[int, list[Check]] = {}
    for check in Check.objects.filter(sample__in=rows).order_by("id"):
        checks.setdefault(check.sample_id, []).append(check)
    return [_sample(row, checks.get(row.pk, [])) for row in rows]


def _sample(row: Sample, checks: Sequence[Check]) -> SampleRow:
    return SampleRow(
        row.uuid,
        row.size,
        row.seed,
        row.drawn_at,
        row.drawn_by,
        tuple(
            CheckRow(
                check.uuid, check.record_id, check.other_id, check.weight, check.answer, check.answered_by,
                check.answered_at,
            )
            for check in checks
        ),
    )  # fmt: skip


def _ages() -> dict[str, int]:
    """How many wait since when, each exact up to MOST_COUNTED: a stretch of an index."""
    now = timezone.now()
    edges = [now + timedelta(days=1), *(now - timedelta(days=days) for days in AGES.values()), OLDEST]
    names = [*AGES, "older"]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM (
                 SELECT FROM stewardship_review WHERE state = 1 AND since > low AND since <= high
                 ORDER BY since, id LIMIT %s) counted)
               FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS edge(low, high, place)
               ORDER BY place""",
            [MOST_COUNTED + 1, edges[1:], edges[:-1]],
        )
        return {name: number for name, (number,) in zip(names, cursor.fetchall(), strict=True)}


def _stewards(days: int) -> tuple[StewardRow, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT actor, max(name), count(*) FILTER (WHERE what IN ('merge', 'move')),
                 count(*) FILTER (WHERE what IN ('refuse', 'split')), count(*) FILTER (WHERE what = 'put_off'),
                 count(*) FILTER (WHERE what = 'undo'), max(at)
               FROM stewardship_entry
               WHERE at >= now() - make_interval(days => %s)
                 AND what IN ('merge', 'move', 'refuse', 'split', 'put_off', 'undo')
               GROUP BY actor ORDER BY count(*) DESC, actor LIMIT 100""",
            [days],
        )
        return tuple(StewardRow(*row) for row in cursor.fetchall())
