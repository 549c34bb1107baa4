"""The SQL of the lifecycle: facts of customers per company, the state they make, and what is written when it differs.

By hand, and one statement for a batch and policy: it stands in the way of every import. Only the facts that the policy
uses are read. Facts of a company come from the records, orders and contracts of its own sources; our own sources
(corrections by employees) belong to no company.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from django.db import connection

from klantbeeld.engines.expressions import Layout
from klantbeeld.lifecycle.rules.facts import FACTS, Fact
from klantbeeld.lifecycle.rules.policy import Rules

_HAS = "(v.data #> '{{attributes,{code},0}}') IS NOT NULL"
_EMAIL, _PHONE, _ADDRESS = (_HAS.format(code=code) for code in ("email", "phone", "address"))
_NAMES = ("family_name", "name", "trade_name")
_NAME = f"coalesce({', '.join(f'v.data #>> {chr(39)}{{attributes,{code}}}{chr(39)}' for code in _NAMES)}, '') <> ''"

_MEMBERS = """
  FROM wanted w JOIN identity_member m ON m.customer_id = w.customer_id
  JOIN sources_record r ON r.id = m.record_id JOIN sources_source s ON s.id = r.source_id"""
_OF_COMPANY = "NOT s.builtin AND s.company_id = ANY(%(companies)s::bigint[])"
_HELD = """
    SELECT m.customer_id, o.target_id{columns}
    FROM wanted w JOIN identity_member m ON m.customer_id = w.customer_id
    JOIN interactions_role o ON o.holder_id = m.record_id {where} GROUP BY 1, 2"""

_HELD_ACTIVITIES = _HELD.format(columns=", bool_or(o.role <> ALL(%(bystanders)s::text[])) AS own", where="")
_HELD_CONTRACTS = _HELD.format(
    columns=""",
      min(coalesce(o.from_date, '-infinity')) AS role_from, max(coalesce(o.to_date, 'infinity')) AS role_to""",
    where="WHERE o.role <> ALL(%(bystanders)s::text[])",
)
_PARTS: Mapping[str, str] = {
    "party": f"""SELECT m.customer_id, s.company_id, count(*) AS records, min(r.first_received_at) AS first_seen_at
  {_MEMBERS} WHERE {_OF_COMPANY} GROUP BY 1, 2""",
    "content": f"""SELECT m.customer_id, s.company_id, count(*) AS records, min(r.first_received_at) AS first_seen_at,
    bool_or({_NAME}) AS has_name, bool_or({_EMAIL}) AS has_email, bool_or({_PHONE}) AS has_phone,
    bool_or({_ADDRESS}) AS has_address, bool_or({_EMAIL} OR {_PHONE} OR {_ADDRESS}) AS has_contact_point
  {_MEMBERS} JOIN sources_recordversion v ON v.id = r.version_id WHERE {_OF_COMPANY} GROUP BY 1, 2""",
    "activity": f"""SELECT h.customer_id, s.company_id, count(*) AS activities, max(a.at) AS last_activity_at,
    count(*) FILTER (WHERE ordered) AS orders,
    count(*) FILTER (WHERE ordered AND a.at > %(year_ago)s AND a.at <= %(now)s) AS orders_12m,
    min(a.at) FILTER (WHERE ordered) AS first_order_at, max(a.at) FILTER (WHERE ordered) AS last_order_at
  FROM ({_HELD_ACTIVITIES}) h
  JOIN interactions_activity a ON a.record_id = h.target_id
  CROSS JOIN LATERAL (SELECT h.own AND a.type = 'order' AND lower(a.state) <> ALL(%(void)s::text[]) AS ordered) kind
  JOIN sources_record r ON r.id = a.record_id JOIN sources_source s ON s.id = r.source_id
  WHERE {_OF_COMPANY} GROUP BY 1, 2""",  # noqa: S608 - our own words only
    # A role's own period counts; where it has none, that of the contract. Days that cannot be read are open ends.
    "contract": f"""SELECT customer_id, company_id,
    count(*) FILTER (WHERE began AND NOT over) AS contracts_active, count(*) FILTER (WHERE over) AS contracts_ended,
    min(from_date) AS first_contract_date, max(CASE WHEN over THEN coalesce(to_date, from_date) END) AS last_end_date
  FROM (
    SELECT h.customer_id, s.company_id, from_date, to_date,
      coalesce(from_date, '-infinity') <= %(today)s AS began,
      coalesce(to_date, 'infinity') < %(today)s
        OR coalesce(lower(v.data #>> '{{attributes,state}}') = ANY(%(ended)s::text[]), false) AS over
    FROM ({_HELD_CONTRACTS}) h
    JOIN sources_record r ON r.id = h.target_id AND r.kind = 3 AND r.state = 'live'
    JOIN sources_source s ON s.id = r.source_id JOIN sources_recordversion v ON v.id = r.version_id
    CROSS JOIN LATERAL (SELECT
      coalesce(nullif(h.role_from, '-infinity'),
        (jsonb_path_query_first(v.data #> '{{attributes,start_date}}', '$.datetime("YYYY-MM-DD")', '{{}}', true)
          #>> '{{}}')::date) AS from_date,
      least(nullif(h.role_to, 'infinity'),
        (jsonb_path_query_first(v.data #> '{{attributes,end_date}}', '$.datetime("YYYY-MM-DD")', '{{}}', true)
          #>> '{{}}')::date) AS to_date) period
    WHERE {_OF_COMPANY}
  ) one GROUP BY 1, 2""",  # noqa: S608 - our own words only
    "consent": f"""SELECT m.customer_id, s.company_id, (array_agg(
      e.act = 'given' AND coalesce(e.expires_at > %(now)s, true) ORDER BY e.at DESC, e.id DESC))[1]
      AS marketing_consent
  {_MEMBERS} JOIN consent_consentevent e ON e.record_id = m.record_id AND e.at <= %(now)s
  JOIN consent_purpose p ON p.id = e.purpose_id AND p.code = 'marketing' WHERE {_OF_COMPANY} GROUP BY 1, 2""",
}
_COUNTS = frozenset({"records", "activities", "orders", "orders_12m", "contracts_active", "contracts_ended"})
_MADE: Mapping[str, str] = {
    "first_business_at": """least(activity.first_order_at,
      contract.first_contract_date::timestamp AT TIME ZONE %(zone)s)""",
    "last_business_at": """greatest(activity.last_order_at,
      contract.last_end_date::timestamp AT TIME ZONE %(zone)s)""",
}
#: Whose states are judged: customers named, holders of roles in records, and party records.
_WANTED = """wanted AS MATERIALIZED (
  SELECT unnest(%(customers)s::bigint[]) AS customer_id
  UNION SELECT m.customer_id FROM identity_member m
  WHERE m.record_id = ANY(%(parties)s::bigint[]) AND m.customer_id IS NOT NULL
  UNION SELECT m.customer_id FROM interactions_role o JOIN identity_member m ON m.record_id = o.holder_id
  WHERE o.target_id = ANY(%(targets)s::bigint[]) AND m.customer_id IS NOT NULL
)"""
_WRITE = """
old AS MATERIALIZED (
  SELECT o.* FROM lifecycle_standing o JOIN wanted USING (customer_id)
  WHERE o.company_id = ANY(%(companies)s::bigint[])
), differing AS MATERIALIZED (
  SELECT customer_id, company_id, coalesce(o.state, '') AS was, coalesce(j.state, '') AS becomes, o.since AS held,
    CASE WHEN j.since <= %(now)s THEN j.since WHEN o.state = j.state THEN o.since ELSE %(now)s END AS since, j.facts,
    CASE WHEN customer_id = ANY(%(merged)s::bigint[]) THEN 'merged'
      WHEN customer_id = ANY(%(split)s::bigint[]) THEN 'split'
      WHEN o.policy_id <> %(policy)s THEN 'policy' ELSE %(how)s END AS how
  FROM judged j FULL JOIN old o USING (customer_id, company_id)
  WHERE coalesce(o.state, '') <> coalesce(j.state, '')
    OR o.policy_id <> %(policy)s OR (j.since <= %(now)s AND j.since <> o.since)
), gone AS (
  DELETE FROM lifecycle_standing o USING differing d
  WHERE o.customer_id = d.customer_id AND o.company_id = d.company_id AND d.becomes = ''
), kept AS (
  INSERT INTO lifecycle_standing (customer_id, company_id, state, since, policy_id)
  SELECT customer_id, company_id, becomes, since, %(policy)s FROM differing WHERE becomes <> ''
  ON CONFLICT (customer_id, company_id)
  DO UPDATE SET state = excluded.state, since = excluded.since, policy_id = excluded.policy_id
), told AS (
  INSERT INTO lifecycle_transition
    (at, customer_id, company_id, was, becomes, how, since, policy_id, facts, cause)
  SELECT %(now)s, customer_id, company_id, was, becomes, how, held, %(policy)s, coalesce(facts, '{}'), %(cause)s
  FROM differing WHERE was <> becomes ORDER BY customer_id, company_id
)
SELECT d.customer_id, c.uuid, d.company_id, d.was, d.becomes, d.how
FROM differing d JOIN identity_customer c ON c.id = d.customer_id
WHERE d.was <> d.becomes ORDER BY d.customer_id, d.company_id"""
_COMPARE = """
old AS MATERIALIZED (
  SELECT o.* FROM lifecycle_standing o JOIN wanted USING (customer_id)
  WHERE o.company_id = ANY(%(companies)s::bigint[])
)
SELECT coalesce(o.state, ''), coalesce(j.state, ''), count(*), (array_agg(customer_id ORDER BY customer_id))[1:5]
FROM judged j FULL JOIN old o USING (customer_id, company_id)
WHERE o.state IS NOT NULL OR j.state IS NOT NULL
GROUP BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Whose states are judged, by internal ids, and when: customers, party records, and records with roles in them."""

    now: datetime
    customers: str = "{}"
    parties: str = "{}"
    targets: str = "{}"


@lru_cache(maxsize=64)
def _facts_sql(names: frozenset[str]) -> str:
    """The facts as common table expressions: `facts` has a row for each customer and company, a column for each."""
    used = [fact for fact in FACTS if fact.name in names]
    groups = {group for fact in used for group in fact.groups}
    # Who has records at a company stands in `facts` also when the policy looks at something else only.
    groups = (groups - {"party"}) if "content" in groups else groups | {"party"}
    parts = [f"{group} AS (\n  {_PARTS[group]}\n)" for group in _PARTS if group in groups]
    keys = " UNION ".join(f"SELECT customer_id, company_id FROM {group}" for group in _PARTS if group in groups)  # noqa: S608
    joins = "".join(f" LEFT JOIN {group} USING (customer_id, company_id)" for group in _PARTS if group in groups)
    columns = "".join(f", {_column(fact, groups)} AS {fact.name}" for fact in used)
    facts = f"facts AS (\n  SELECT customer_id, company_id{columns}\n  FROM ({keys}) known{joins}\n)"  # noqa: S608
    return ",\n".join([*parts, facts])


def _column(fact: Fact, groups: Iterable[str]) -> str:
    if fact.name in _MADE:
        return _MADE[fact.name]
    group = "content" if fact.groups == ("party",) and "content" in groups else fact.groups[0]
    column = f"{group}.{fact.name}"
    return f"coalesce({column}, 0)" if fact.name in _COUNTS else column


def _judged(rules: Rules, now: datetime) -> tuple[str, dict[str, Any]]:
    """The states that the facts make, as a common table expression, and its parameters."""
    layout = Layout(None, {fact.name: f"f.{fact.name}" for fact in rules.facts})
    parameters: dict[str, Any] = {}
    tests, sinces = [], []
    for number, state in enumerate(rules.states):
        when = state.when.sql(layout, now=now, zone=settings.TIME_ZONE, prefix=f"w{number}_")
        parameters |= when.parameters
        tests.append(f"WHEN {when.condition} THEN {number}")
        parameters[f"code{number}"] = state.code
        if state.since is not None:
            since = state.since.sql(layout, now=now, zone=settings.TIME_ZONE, prefix=f"s{number}_")
            parameters |= since.parameters
            sinces.append(f"WHEN {number} THEN {since.text}")
    codes = " ".join(f"WHEN {number} THEN %(code{number})s::text" for number in range(len(rules.states)))
    pairs = ", ".join(f"'{fact.name}', f.{fact.name}" for fact in rules.facts)
    text = f"""judged AS MATERIALIZED (
  SELECT f.customer_id, f.company_id, CASE place.state {codes} END AS state,
    {f"CASE place.state {' '.join(sinces)} END" if sinces else "NULL"}::timestamptz AS since,
    jsonb_strip_nulls(jsonb_build_object({pairs})) AS facts
  FROM facts f CROSS JOIN LATERAL (SELECT CASE {" ".join(tests)} END AS state) place
)"""  # noqa: S608 - names from our own list; all that a policy says is a parameter
    return text, parameters


def _given(rules: Rules, companies: str, batch: Batch) -> dict[str, Any]:
    return {
        "customers": batch.customers,
        "parties": batch.parties,
        "targets": batch.targets,
        "companies": companies,
        "now": batch.now,
        "today": local_day(batch.now),
        "year_ago": year_before(batch.now),
        "zone": settings.TIME_ZONE,
        "bystanders": list(rules.bystanders),
        "void": [word.lower() for word in rules.void_states],
        "ended": [word.lower() for word in rules.ended_states],
    }


def judge_and_write(
    rules: Rules, companies: str, batch: Batch, *, policy: int, how: str, merged: str, split: str, cause: str
) -> list[tuple[Any, ...]]:
    """Judge a batch at these companies and write what differs: (customer, uuid, company, was, becomes, how) rows."""
    judged, parameters = _judged(rules, batch.now)
    statement = f"WITH {_WANTED},\n{_facts_sql(_names(rules))},\n{judged},{_WRITE}"
    more = {"policy": policy, "how": how, "merged": merged, "split": split, "cause": cause}
    return execute(statement, _given(rules, companies, batch) | parameters | more)


def judge_and_compare(rules: Rules, companies: str, batch: Batch) -> list[tuple[Any, ...]]:
    """Judge a batch and hold it against where they stand; nothing is written: (was, becomes, count, ids) rows."""
    judged, parameters = _judged(rules, batch.now)
    statement = f"WITH {_WANTED},\n{_facts_sql(_names(rules))},\n{judged},{_COMPARE}"
    return execute(statement, _given(rules, companies, batch) | parameters)


def facts_of(rules: Rules, companies: str, batch: Batch) -> dict[tuple[int, int], dict[str, Any]]:
    """The facts that a policy looks at, by customer and company."""
    names = [fact.name for fact in rules.facts]
    columns = "".join(f", {name}" for name in names)
    statement = f"WITH {_WANTED},\n{_facts_sql(_names(rules))}\nSELECT customer_id, company_id{columns} FROM facts"
    rows = execute(statement, _given(rules, companies, batch))
    return {(row[0], row[1]): dict(zip(names, row[2:], strict=True)) for row in rows}


def execute(statement: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """All rows of a statement on Django's connection, bound on the server and planned once."""
    connection.ensure_connection()
    cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(connection.connection)
    with connection.wrap_database_errors:
        cursor.execute(statement, parameters, prepare=True)
        return cursor.fetchall()


def local_day(moment: datetime) -> date:
    """The day on which a moment falls here."""
    return moment.astimezone(_zone()).date()


def year_before(moment: datetime) -> datetime:
    """Twelve calendar months before; 29 February gives 28 February."""
    there = moment.astimezone(_zone())
    try:
        return there.replace(year=there.year - 1)
    except ValueError:
        return there.replace(year=there.year - 1, day=28)


def _names(rules: Rules) -> frozenset[str]:
    return frozenset(fact.name for fact in rules.facts)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
