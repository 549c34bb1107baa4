"""When the audit line cannot be written, nothing is stored and nothing is shown: every write, every logged read.

The audit line is made to fail as it would for real: the database refuses it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from tests.surfaces.exchange.conftest import ANNA, BRAM, SYSTEM, Api, MakeKey, declaration, problem
from tests.surfaces.exchange.lifecycle_requests import OF_LIFECYCLE
from tests.surfaces.exchange.review_requests import OF_REVIEW

from klantbeeld.consent import actions as consent
from klantbeeld.flows import correct, merge, receive
from klantbeeld.foundation import actions
from klantbeeld.foundation.contracts import AttributeSpec
from klantbeeld.kit.ids import parse_id
from klantbeeld.sources import actions as sources
from klantbeeld.sources.contracts import Draft, Kind, Refusal
from klantbeeld.sources.models import Source

KEY = {"kind": "person", "external_id": "1"}
#: Operations that say what they look for in a body, and change nothing.
READING = {
    "find_customers",
    "list_customers",
    "compare_customers",
    "find_record",
    "preview_review",
    "simulate_lifecycle",
    "list_lifecycle_customers",
    *("list_reviews", "get_review", "get_review_figures", "get_review_limits", "get_sample"),
}


def surround(api: Api) -> None:
    """Numbers, a contract, an order, a ward, somebody of her household and a possible duplicate of Anna (record 1)."""
    home = {"address": ANNA["address"]}
    bodies = [
        {**KEY, "attributes": ANNA, "identifiers": [{"scheme": "loyalty", "value": "7"}]},
        {**KEY, "external_id": "11", "attributes": {"given_name": "Peter", "family_name": "Jansen", **home}},
        {**KEY, "external_id": "12", "attributes": {"given_name": "Anna", "family_name": "Jansen", **home}},
        {
            **KEY,
            "external_id": "13",
            "attributes": {"given_name": "Lot", "family_name": "Kort"},
            "roles": [{"role": "guardian", "holder": KEY}],
        },
        {
            "kind": "contract",
            "external_id": "C1",
            "attributes": {"title": "Home"},
            "roles": [{"role": "payer", "holder": KEY}],
        },
        {
            "kind": "activity",
            "external_id": "O1",
            "attributes": {"type": "order", "at": "2026-03-01T12:00:00+01:00"},
            "roles": [{"role": "customer", "holder": KEY}],
        },
    ]
    for body in bodies:
        assert api.put("/sources/crm/record", body).status_code == 200


class World:
    """Two customers, and one that two were merged into; Anna has what a customer can have around her."""

    def __init__(self, api: Api) -> None:
        self.anna, self.bram = api.person("1", **ANNA), api.person("2", **BRAM)
        surround(api)
        carla = api.person("3", given_name="Carla", family_name="Smit", birth_date="1999-09-09")
        dirk = api.person("4", given_name="Dirk", family_name="Bos", birth_date="1971-01-31")
        self.merge = api.post("/customers/merge", {"customers": [carla, dirk], "reason": "one"}).json()["merge"]
        self.key = actions.create_key(name="k", scopes=["sources:read"], purposes=[], actor=SYSTEM)[1]
        self.user = actions.create_user(
            email="an@example.nl", name="An", password="een-lang-wachtwoord", roles=["agent"], actor=SYSTEM
        )
        refused = Refusal(1, "date.unreadable", {"nl": "x", "en": "x"}, "name", "Jansen")
        source = Source.objects.get(code="crm")
        sources.quarantine(source_id=source.id, run_id=None, refusals=[refused], at=timezone.now())
        self.record = api.post("/sources/crm/record/get", KEY).json()["id"]
        self.uuids = [parse_id("cus", text) for text in (self.anna, self.bram)]


@pytest.fixture
def world(api: Api) -> World:
    return World(api)


@contextmanager
def audit_out_of_order() -> Iterator[None]:
    """The database takes no audit lines from the product."""
    with psycopg.connect(os.environ["KLANTBEELD_DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("REVOKE INSERT ON foundation_auditline FROM kb_app")
        try:
            yield
        finally:
            owner.execute("GRANT INSERT ON foundation_auditline TO kb_app")


def fingerprint() -> dict[str, str]:
    """Every row of every table, as one hash a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND has_table_privilege(oid, 'SELECT')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in tables:
            cursor.execute(f'SELECT md5(string_agg(t::text, $$,$$ ORDER BY t::text)) FROM "{name}" t')
            found[name] = str(cursor.fetchone()[0])
    return found


REQUESTS: dict[str, Callable[[World], tuple[str, str, Any]]] = {
    "put_source": lambda _: ("PUT", "/sources/shop", declaration("shop")),
    "put_source again": lambda _: ("PUT", "/sources/crm", {**declaration("crm"), "trust_rank": 99}),
    "put_record new": lambda _: ("PUT", "/sources/crm/record", {**KEY, "external_id": "9", "attributes": ANNA}),
    "put_record changed": lambda _: ("PUT", "/sources/crm/record", {**KEY, "attributes": BRAM}),
    "remove_record": lambda _: ("POST", "/sources/crm/record/remove", KEY),
    "replace_record": lambda world: ("PUT", f"/records/{world.record}", {"attributes": BRAM}),
    "delete_record": lambda world: ("DELETE", f"/records/{world.record}", None),
    "post_records": lambda _: (
        "POST",
        "/sources/crm/records",
        {"records": [{"kind": "person", "external_id": "8", "attributes": ANNA}]},
    ),
    "merge_customers": lambda world: (
        "POST",
        "/customers/merge",
        {"customers": [world.anna, world.bram], "reason": "one"},
    ),
    "keep_customers_apart": lambda world: (
        "POST",
        "/customers/keep-apart",
        {"customers": [world.anna, world.bram], "reason": "two"},
    ),
    "undo_merge": lambda world: ("POST", f"/merges/{world.merge}/undo", {"reason": "two"}),
    "correct_customer": lambda world: (
        "POST",
        f"/customers/{world.anna}/correct",
        {"attribute": "given_name", "value": "Anne"},
    ),
}

REQUESTS |= {name: (lambda world, ask=ask: ask(world, "own")) for name, ask in OF_REVIEW.items() if name not in READING}
REQUESTS["put_lifecycle_policy"] = lambda _: OF_LIFECYCLE["put_lifecycle_policy"]("own")

READS: dict[str, Callable[[World], tuple[str, str, Any]]] = {
    "get_customer": lambda world: ("GET", f"/customers/{world.anna}", None),
    "get_history": lambda world: ("GET", f"/customers/{world.anna}/history", None),
    "get_customer_at": lambda world: ("GET", f"/customers/{world.anna}/moment", None),
    "explain_customer": lambda world: ("GET", f"/customers/{world.anna}/explain", None),
    "explain_value": lambda world: ("GET", f"/customers/{world.anna}/explain/family_name", None),
    "compare_customers": lambda world: ("POST", "/customers/compare", {"customers": [world.anna, world.bram]}),
    "find_customers": lambda _: ("POST", "/customers/find", {"text": "Jansen"}),
    "list_customers": lambda _: ("POST", "/customers/list", {}),
    "list_identifiers": lambda world: ("GET", f"/customers/{world.anna}/identifiers", None),
    "list_customer_sources": lambda world: ("GET", f"/customers/{world.anna}/sources", None),
    "list_roles": lambda world: ("GET", f"/customers/{world.anna}/roles", None),
    "get_timeline": lambda world: ("GET", f"/customers/{world.anna}/timeline", None),
    "get_household": lambda world: ("GET", f"/customers/{world.anna}/household", None),
    "list_relations": lambda world: ("GET", f"/customers/{world.anna}/relations", None),
    "list_duplicates": lambda world: ("GET", f"/customers/{world.anna}/duplicates", None),
    "find_record": lambda _: ("POST", "/sources/crm/record/get", KEY),
    "get_record": lambda world: ("GET", f"/records/{world.record}", None),
    "list_quarantine": lambda _: ("GET", "/sources/crm/quarantine", None),
    **{
        name: (lambda world, ask=OF_REVIEW[name]: ask(world, "own"))
        for name in ("list_reviews", "get_review", "preview_review", "get_sample")
    },
    "list_lifecycle_customers": lambda _: ("POST", "/lifecycle/customers", {"company": "acme", "state": "customer"}),
}

ACTS: dict[str, Callable[[World], object]] = {
    "define_attribute": lambda _: actions.define_attribute(
        spec=AttributeSpec("person", "hobby", {"nl": "Hobby", "en": "Hobby"}, "text"), actor=SYSTEM
    ),
    "ensure_company": lambda _: actions.ensure_company(code="new", name="New", actor=SYSTEM, brands=[("b", "B")]),
    "create_user": lambda _: actions.create_user(
        email="bo@example.nl", name="Bo", password="een-lang-wachtwoord", roles=["agent"], actor=SYSTEM
    ),
    "change_user": lambda world: actions.change_user(user_id=world.user, is_active=False, actor=SYSTEM),
    "create_key": lambda _: actions.create_key(name="n", scopes=[], purposes=[], actor=SYSTEM),
    "revoke_key": lambda world: actions.revoke_key(key_id=world.key[8:20], actor=SYSTEM),
    "define_purpose": lambda _: consent.define_purpose(
        code="care", label={"nl": "Zorg", "en": "Care"}, basis="contract", reads_profiles=True, actor=SYSTEM
    ),
    "record consent": lambda _: consent.record(
        record_id=1, purpose="marketing", act="given", at=timezone.now(), actor=SYSTEM, stated_purpose="service"
    ),
    "declare": lambda _: sources.declare(declaration=declaration("shop"), actor=SYSTEM),
    "receive": lambda _: receive.receive(
        source_code="crm",
        drafts=[Draft(Kind.PERSON, "77", {"family_name": "Zon"}), Draft(Kind.CONTRACT, "C1", {"title": "Home"})],
        actor=SYSTEM,
    ),
    "merge": lambda world: merge.merge(customers=world.uuids, actor=SYSTEM, purpose="service", reason="x"),
    "keep_apart": lambda world: merge.keep_apart(customers=world.uuids, actor=SYSTEM, purpose="service", reason="x"),
    "unmerge": lambda world: merge.unmerge(merge_uuid=parse_id("mrg", world.merge), actor=SYSTEM, purpose="service"),
    "correct": lambda world: correct.correct(
        customer=world.uuids[0], attribute="given_name", value="Anne", actor=SYSTEM, purpose="service"
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_write_over_rest_stores_nothing_without_its_audit_line(api: Api, world: World, name: str) -> None:
    method, path, body = REQUESTS[name](world)
    before = fingerprint()
    with audit_out_of_order():
        response = api(method, path, body, idempotency_key="once")
    assert problem(response) == (500, "internal")
    assert fingerprint() == before
    again = api(method, path, body, idempotency_key="once")
    assert again.status_code in (200, 202), "with the audit log in order, the same request is done"
    changed = {table for table, content in fingerprint().items() if content != before[table]}
    assert "foundation_auditline" in changed
    assert len(changed) > 2


@pytest.mark.parametrize("name", READS)
def test_read_shows_nothing_without_its_audit_line(api: Api, world: World, name: str) -> None:
    method, path, body = READS[name](world)
    here = transaction.savepoint()
    with audit_out_of_order():
        response = api(method, path, body)
    transaction.savepoint_rollback(here)
    assert problem(response) == (500, "internal")
    assert not any(told in response.content for told in (b"Jansen", b"rec_", b"2511", b"loyalty"))
    shown = api(method, path, body)
    assert shown.status_code == 200
    assert any(told in shown.content for told in (b"Jansen", b"rec_", b"loyalty", b'"cus_')), shown.content[:300]


@pytest.mark.parametrize("name", ACTS)
def test_act_stores_nothing_without_its_audit_line(world: World, name: str) -> None:
    before = fingerprint()
    with (
        audit_out_of_order(),
        pytest.raises(ProgrammingError, match="permission denied for table foundation_auditline"),
    ):
        ACTS[name](world)
    assert fingerprint() == before
    with transaction.atomic():
        ACTS[name](world)
        changed = {table for table, content in fingerprint().items() if content != before[table]}
        transaction.set_rollback(True)
    assert "foundation_auditline" in changed
    assert len(changed) >= 2


def test_every_write_of_the_api_is_tried(make_key: MakeKey) -> None:
    from klantbeeld.exchange.urls import api as served

    document = served.get_openapi_schema(path_prefix="/api/v1/")
    writes = {
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in ("put", "post", "delete") and operation["operationId"] not in READING
    }
    assert writes == {name.split()[0] for name in REQUESTS}
