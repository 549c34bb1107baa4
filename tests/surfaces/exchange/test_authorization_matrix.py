"""The authorization matrix: every route that is served x subject x state of the object, expected from one YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from tests.surfaces.exchange.conftest import ANNA, BRAM, PURPOSES, SYSTEM, Api, declaration
from tests.surfaces.exchange.lifecycle_requests import OF_LIFECYCLE
from tests.surfaces.exchange.review_requests import OF_REVIEW
from tests.surfaces.exchange.review_requests import screens as review_screens

from klantbeeld.exchange.models import BulkDelivery
from klantbeeld.exchange.urls import api as served_api
from klantbeeld.foundation import actions
from klantbeeld.foundation.models import ApiKey, User
from klantbeeld.foundation.rules.roles import ROLES
from klantbeeld.foundation.rules.scopes import PERSONAL, SCOPES
from klantbeeld.kit.ids import format_id
from klantbeeld.sources import actions as sources
from klantbeeld.sources.models import Run, Source

MATRIX = yaml.safe_load(Path(__file__).with_name("authorization.yaml").read_text(encoding="utf-8"))
UNKNOWN = "01h455vb4pex5vsknk084sn02q"
NOBODY = "__none__"


class Asked(NamedTuple):
    """A request for one operation on an object in some state."""

    method: str
    path: str
    body: Any = None


@dataclass
class World:
    """Objects in every state."""

    anna: str
    other: str
    merged: str
    foreign: str
    emptied: str
    merges: dict[str, str]
    runs: dict[str, str]
    company: int
    stranger: int
    records: dict[str, str] = field(default_factory=dict)

    def customer(self, state: str) -> str:
        """A customer's id in a state."""
        known = {"own": self.anna, "merged": self.merged, "foreign": self.foreign, "emptied": self.emptied}
        return {**known, "unknown": f"cus_{UNKNOWN}"}[state]

    def source(self, state: str) -> str:
        """A source's code in a state."""
        return {"own": "crm", "foreign": "till", "unknown": "nothere"}[state]

    def record(self, state: str) -> str:
        """The id of a record in a state."""
        return self.records.get(state, f"rec_{UNKNOWN}")


@pytest.fixture
def world(db: None) -> World:
    for code, company in (("crm", "acme"), ("till", "rival")):
        sources.declare(declaration=declaration(code, company), actor=SYSTEM)
    _, text = actions.create_key(name="world", scopes=SCOPES, purposes=PURPOSES, actor=SYSTEM)
    api = Api(text)
    anna, bram = api.person("1", **ANNA), api.person("2", **BRAM)
    carla = api.person("3", given_name="Carla", family_name="Smit", birth_date="1999-09-09")
    foreign = api.person("1", source="till", given_name="Rik", family_name="Rival", birth_date="1950-01-01")
    other = api.person("2", source="till", given_name="Olaf", family_name="Ander", birth_date="1951-02-02")
    emptied = api.person("4", given_name="Emma", family_name="Leeg", birth_date="1977-07-07")
    api.post("/sources/crm/record/remove", {"kind": "person", "external_id": "4"})
    merges = {
        state: api.post("/customers/merge", {"customers": pair, "reason": "one"}).json()["merge"]
        for state, pair in (("own", [bram, carla]), ("foreign", [foreign, other]))
    }
    runs = {}
    for state, code in (("own", "crm"), ("foreign", "till")):
        source = Source.objects.get(code=code)
        run = Run.objects.create(source=source, declaration_version=1, started_by="user:1", started_at=timezone.now())
        runs[state] = format_id("run", run.uuid)
    ids = [actions.ensure_company(code=code, name=code, actor=SYSTEM) for code in ("acme", "rival")]
    records = {
        state: api.post(f"/sources/{code}/record/get", _KEY).json()["id"]
        for state, code in (("own", "crm"), ("foreign", "till"))
    }
    return World(anna, bram, carla, foreign, emptied, merges, runs, *ids, records)


def requests(world: World, operation: str, state: str, key: int) -> Asked:
    """The request that asks for an operation on an object in a state."""
    if operation in ("get_job",):
        job = f"job_{UNKNOWN}" if state == "unknown" else _job(key if state == "own" else 0)
        return Asked("GET", f"/jobs/{job}")
    if operation in OF_LIFECYCLE:
        return Asked(*OF_LIFECYCLE[operation](state))
    if operation in OF_REVIEW:
        return Asked(*OF_REVIEW[operation](world, state))
    if operation in _OF_SOURCE:
        return _OF_SOURCE[operation](world, world.source(state))
    if operation in _OF_CUSTOMER:
        return _OF_CUSTOMER[operation](world, world.customer(state))
    return _OTHER[operation](world, state)


def _job(key: int) -> str:
    delivery = BulkDelivery.objects.create(
        source="crm", client=f"key:{key}", key=key, records=0, accepted_at=timezone.now()
    )
    return format_id("job", delivery.uuid)


_PERSON = {"attributes": {"family_name": "Nieuw"}}
_KEY = {"kind": "person", "external_id": "1"}
_ROW = {"kind": "person", "external_id": "9", **_PERSON}
_OF_SOURCE: dict[str, Callable[[World, str], Asked]] = {
    "put_record": lambda _, code: Asked("PUT", f"/sources/{code}/record", {**_KEY, **_PERSON}),
    "remove_record": lambda _, code: Asked("POST", f"/sources/{code}/record/remove", _KEY),
    "find_record": lambda _, code: Asked("POST", f"/sources/{code}/record/get", _KEY),
    "list_customers": lambda _, code: Asked("POST", "/customers/list", {"source": code}),
    "post_records": lambda _, code: Asked("POST", f"/sources/{code}/records", {"records": [_ROW]}),
    "get_source": lambda _, code: Asked("GET", f"/sources/{code}"),
    "put_source": lambda _, code: Asked("PUT", f"/sources/{code}", declaration(code)),
    "get_declaration": lambda _, code: Asked("GET", f"/sources/{code}/declaration"),
    "list_runs": lambda _, code: Asked("GET", f"/sources/{code}/runs"),
    "list_quarantine": lambda _, code: Asked("GET", f"/sources/{code}/quarantine"),
}
_OF_CUSTOMER: dict[str, Callable[[World, str], Asked]] = {
    "get_customer": lambda _, customer: Asked("GET", f"/customers/{customer}"),
    "get_history": lambda _, customer: Asked("GET", f"/customers/{customer}/history"),
    "get_customer_at": lambda _, customer: Asked("GET", f"/customers/{customer}/moment"),
    "explain_customer": lambda _, customer: Asked("GET", f"/customers/{customer}/explain"),
    "explain_value": lambda _, customer: Asked("GET", f"/customers/{customer}/explain/family_name"),
    "list_identifiers": lambda _, customer: Asked("GET", f"/customers/{customer}/identifiers"),
    "list_customer_sources": lambda _, customer: Asked("GET", f"/customers/{customer}/sources"),
    "list_roles": lambda _, customer: Asked("GET", f"/customers/{customer}/roles"),
    "get_timeline": lambda _, customer: Asked("GET", f"/customers/{customer}/timeline"),
    "get_household": lambda _, customer: Asked("GET", f"/customers/{customer}/household"),
    "list_relations": lambda _, customer: Asked("GET", f"/customers/{customer}/relations"),
    "get_lifecycle": lambda _, customer: Asked("GET", f"/customers/{customer}/lifecycle"),
    "list_duplicates": lambda _, customer: Asked("GET", f"/customers/{customer}/duplicates"),
    "correct_customer": lambda _, customer: Asked(
        "POST", f"/customers/{customer}/correct", {"attribute": "given_name", "value": "Nieuw"}
    ),
    "compare_customers": lambda world, customer: Asked(
        "POST", "/customers/compare", {"customers": [customer, world.anna if customer != world.anna else world.other]}
    ),
    "merge_customers": lambda world, customer: Asked(
        "POST",
        "/customers/merge",
        {"customers": [customer, world.anna if customer != world.anna else world.other], "reason": "one"},
    ),
    "keep_customers_apart": lambda world, customer: Asked(
        "POST",
        "/customers/keep-apart",
        {"customers": [customer, world.anna if customer != world.anna else world.other], "reason": "two"},
    ),
}
_OTHER: dict[str, Callable[[World, str], Asked]] = {
    "get_record": lambda world, state: Asked("GET", f"/records/{world.record(state)}"),
    "replace_record": lambda world, state: Asked("PUT", f"/records/{world.record(state)}", _PERSON),
    "delete_record": lambda world, state: Asked("DELETE", f"/records/{world.record(state)}"),
    "find_customers": lambda *_: Asked("POST", "/customers/find", {"text": "Jansen"}),
    "undo_merge": lambda world, state: Asked(
        "POST", f"/merges/{world.merges.get(state, f'mrg_{UNKNOWN}')}/undo", {"reason": "two"}
    ),
    "list_changes": lambda *_: Asked("GET", "/changes"),
    "list_sources": lambda *_: Asked("GET", "/sources"),
    "get_run": lambda world, state: Asked("GET", f"/runs/{world.runs.get(state, f'run_{UNKNOWN}')}"),
    "list_attributes": lambda *_: Asked("GET", "/attributes"),
    "list_purposes": lambda *_: Asked("GET", "/purposes"),
}


class Subject(NamedTuple):
    """Who asks: a key (its text and internal id) or nobody, with a purpose; or an employee's session."""

    name: str
    status: int | None  # None: as the matrix says for the state
    text: str = ""
    key: int = 0
    purpose: str = "service"
    role: str = ""
    of: str = "states"  # the answers of the matrix that hold: states, rival or whole


def subjects(world: World, needed: set[str], home: int | None) -> Iterator[Subject]:
    """Everybody, with the answer that the door gives before any object is looked at; `home` is the keys' company."""

    def key(scopes: set[str], company: int | None = home, **more: Any) -> tuple[str, int]:
        number, text = actions.create_key(
            name="subject", scopes=scopes, purposes=["service"], actor=SYSTEM, company_id=company, **more
        )
        return text, number

    personal = bool(needed & PERSONAL)
    yield Subject("anonymous", 401)
    for role in ROLES:
        yield Subject(f"session of {role}", 401, role=role)
    yield Subject("key with exactly the scopes", None, *key(needed))
    yield Subject("key of another company", None if home else 403, *key(needed, company=world.stranger), of="rival")
    yield Subject("key of the whole group", None, *key(needed, company=None), of="whole")
    yield Subject("key without a purpose", 403 if personal else None, *key(needed), purpose="")
    yield Subject("key with a purpose that it may not state", 403, *key(needed), purpose="marketing")
    yield Subject("key with a purpose that does not exist", 403, *key(needed), purpose="curiosity")
    yield Subject("key with every other scope", 403, *key(set(SCOPES) - needed))
    for scope in SCOPES:
        yield Subject(f"key with {scope} only", None if needed <= {scope} else 403, *key({scope}))
    yield Subject("expired key", 401, *key(needed, expires_at=timezone.now() - timedelta(seconds=1)))
    revoked = key(needed)
    actions.revoke_key(key_id=ApiKey.objects.get(pk=revoked[1]).key_id, actor=SYSTEM)
    yield Subject("revoked key", 401, *revoked)


@pytest.mark.parametrize("operation", MATRIX["operations"])
def test_operation_answers_as_the_matrix_says(world: World, operation: str) -> None:
    row = MATRIX["operations"][operation]
    wrong, asked_for = [], 0
    home = None if row.get("group") else world.company
    for subject in subjects(world, set(row["scopes"]), home):
        for state, answer in answers(row, subject.of).items():
            with transaction.atomic():
                asked = requests(world, operation, state, subject.key)
                given = _ask(subject, asked)
                transaction.set_rollback(True)
            asked_for += 1
            expected = answer if subject.status is None else subject.status
            if given != expected:
                wrong.append(f"{subject.name}, {state}: {given} in place of {expected}")
    assert wrong == []
    assert asked_for >= len(row["states"]) * (len(SCOPES) + len(ROLES) + 9)


def answers(row: dict[str, Any], of: str) -> dict[str, int]:
    """What the matrix says per state of the object to a key of acme (`states`), of `rival` or of the `whole` group."""
    said: dict[str, int] = row["states"]
    if of == "states" or "foreign" not in said:
        return said
    hidden = {"own", "merged", "emptied"}
    if of == "rival":
        # What is foreign to acme is rival's own, but the requests about it name things of acme too: left out.
        derived = {state: said["foreign"] if state in hidden else code for state, code in said.items()}
        derived.pop("foreign")
    else:
        derived = {state: said["own"] if state == "foreign" else code for state, code in said.items()}
    return {**derived, **row.get(of, {})}


@pytest.mark.parametrize("operation", [name for name, row in MATRIX["operations"].items() if row.get("group")])
def test_what_is_of_the_whole_group_is_refused_to_a_key_of_one_company(world: World, operation: str) -> None:
    scopes = set(MATRIX["operations"][operation]["scopes"])
    number, text = actions.create_key(
        name="bound", scopes=scopes, purposes=["service"], actor=SYSTEM, company_id=world.company
    )
    asked = requests(world, operation, "own", number)
    given = Api(text, "service")(asked.method, asked.path, asked.body)
    assert (given.status_code, given.json()["code"]) == (403, "reviews.of_the_group")


def _ask(subject: Subject, asked: Asked) -> int:
    if subject.role:
        client = Client()
        client.force_login(_employee(subject.role))
        return client.generic(asked.method, f"/api/v1{asked.path}", HTTP_X_PURPOSE=subject.purpose).status_code
    return Api(subject.text, subject.purpose)(asked.method, asked.path, asked.body).status_code


def _employee(role: str) -> User:
    user, _ = User.objects.get_or_create(email=f"{role}@example.nl", defaults={"name": role, "roles": [role]})
    return user


def test_answer_for_what_one_may_not_know_is_the_answer_for_what_is_not_there(world: World) -> None:
    _, text = actions.create_key(
        name="k", scopes=["records:write", "records:read"], purposes=["service"], actor=SYSTEM, company_id=world.company
    )
    api = Api(text)
    foreign = api.post("/sources/till/record/get", _KEY, x_request_id="same")
    unknown = api.post("/sources/nope/record/get", _KEY, x_request_id="same")
    assert foreign.content.replace(b"till", b"nope") == unknown.content
    foreign = api.get(f"/records/{world.record('foreign')}", x_request_id="same")
    unknown = api.get(f"/records/{world.record('unknown')}", x_request_id="same")
    assert foreign.content == unknown.content


@pytest.mark.parametrize(
    "operation", [name for name, row in MATRIX["operations"].items() if "foreign" in row["states"]]
)
def test_what_is_beyond_a_key_is_answered_to_the_letter_like_what_never_was(world: World, operation: str) -> None:
    _, text = actions.create_key(name="k", scopes=SCOPES, purposes=["service"], actor=SYSTEM, company_id=world.company)
    api, told = Api(text), {}
    for state in ("foreign", "unknown", "emptied"):
        if state not in MATRIX["operations"][operation]["states"]:
            continue
        asked = requests(world, operation, state, 0)
        with transaction.atomic():
            answer = api(asked.method, asked.path, asked.body, x_request_id="same")
            transaction.set_rollback(True)
        # What the caller said comes back; nothing else may differ.
        said = re.sub(r"(cus|rec|run|mrg|job)_[0-7][0-9a-hjkmnp-tv-z]{25}", "ID", answer.content.decode())
        for code in ("till", "nothere", "rival", "nowhere"):
            said = said.replace(code, "CODE")
        told[state] = (answer.status_code, said)
    assert len(set(told.values())) == 1, told


# --- served == documented == in the matrix


def routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every route in the URL configuration as (name with its namespace, pattern)."""
    resolver = resolver or get_resolver()
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            for name, inner in routes(pattern, path):
                yield space + name, inner
        else:
            yield pattern.name or "", path


def test_every_route_stands_in_the_matrix() -> None:
    known = {*MATRIX["operations"], *MATRIX["screens"], *MATRIX["open"]}
    opened = [re.compile(entry) for entry in MATRIX["open"] if entry.startswith("^")]
    unlisted = [
        f"{name} {path}"
        for name, path in routes()
        if name.removeprefix("api-v1:") not in known and not any(entry.search(path) for entry in opened)
    ]
    assert unlisted == []


def test_served_operations_are_those_of_the_document_with_the_scopes_of_the_matrix() -> None:
    document = served_api.get_openapi_schema(path_prefix="/api/v1/")
    described = {
        operation["operationId"]: [set(scopes) for entry in operation.get("security", []) for scopes in entry.values()]
        for path in document["paths"].values()
        for operation in path.values()
    }
    matrix = {name: [set(row["scopes"])] for name, row in MATRIX["operations"].items()}
    assert described == {**matrix, "get_health": []}
    named = {name.removeprefix("api-v1:") for name, path in routes() if path.startswith("api/v1/")}
    assert named - {"openapi-json", "api-root"} == set(described)


# --- screens


@pytest.fixture
def screen_arguments(world: World) -> dict[str, dict[str, str]]:
    return {
        "customer": {"customer": world.anna},
        "value": {"customer": world.anna, "attribute": "family_name"},
        "why": {"customer": world.anna},
        "history": {"customer": world.anna},
        "moment": {"customer": world.anna},
        "timeline": {"customer": world.anna},
        "duplicates": {"customer": world.anna},
        "correct": {"customer": world.anna, "attribute": "family_name"},
        "judge": {"customer": world.anna, "other": world.other},
        "undo": {"decision": world.merges["own"]},
        "source": {"code": "crm"},
        "lifecycle-behind": {"company": "acme"},
        **review_screens(world),
    }


@pytest.mark.parametrize("screen", MATRIX["screens"])
def test_screen_is_shown_to_the_roles_of_the_matrix(screen: str, screen_arguments: dict[str, dict[str, str]]) -> None:
    arguments = screen_arguments.get(screen.split(":")[1], {})
    address = reverse(screen, kwargs=arguments)
    given: dict[str, int] = {}
    for role in (NOBODY, *ROLES):
        client = Client()
        if role != NOBODY:
            client.force_login(_employee(role))
        response = client.get(address)
        if response.status_code == 405:
            own = ROLES[role].purposes[0] if role in ROLES else ""
            response = client.post(address, {"text": "Jansen", "purpose": own, "reason": "x"})
        given[role] = response.status_code
    row = MATRIX["screens"][screen]
    answer = row.get("answer", 200)
    assert given == {NOBODY: 302, **{role: answer if role in row["roles"] else 403 for role in ROLES}}


def test_screens_show_customers_only_to_those_who_may_see_them(world: World) -> None:
    for role in ROLES:
        client = Client()
        client.force_login(_employee(role))
        client.get(reverse("desk:customer", kwargs={"customer": world.anna}))
        sees = "customers:find" in ROLES[role].scopes
        assert ("Jansen" in client.get(reverse("desk:home")).content.decode()) is sees, role
        assert sees or "Jansen" not in client.get(reverse("desk:commands")).content.decode(), role


def test_purpose_of_somebody_elses_role_cannot_be_chosen(world: World) -> None:
    client = Client()
    client.force_login(_employee("marketer"))
    assert client.post(reverse("desk:purpose"), {"purpose": "service"}).status_code == 403
    assert client.session.get("purpose") is None


@pytest.mark.parametrize("screen", ["customer", "value", "why", "history", "timeline", "duplicates"])
def test_screen_of_an_unknown_customer_is_not_there(world: World, screen: str) -> None:
    client = Client()
    client.force_login(_employee("agent"))
    more = {"attribute": "family_name"} if screen == "value" else {}
    for unknown in (f"cus_{UNKNOWN}", "cus_x", "7"):
        response = client.get(reverse(f"desk:{screen}", kwargs={"customer": unknown, **more}))
        assert response.status_code == 404
