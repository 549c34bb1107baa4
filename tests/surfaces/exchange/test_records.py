"""Delivering records over REST, one by one and in bulk."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.exchange.conftest import ANNA, SYSTEM, Api, MakeKey, declaration, problem

from klantbeeld.exchange import bulk
from klantbeeld.exchange.models import BulkDelivery
from klantbeeld.foundation import actions
from klantbeeld.foundation.models import ApiKey, AuditLine
from klantbeeld.kit.ids import parse_id
from klantbeeld.sources import actions as sources
from klantbeeld.sources.models import Record

PATH = "/sources/crm/records/person/1"


def put(api: Api, path: str = PATH, **body: Any) -> Any:
    return api.put(path, {"attributes": {"family_name": "Jansen"}, **body})


def test_put_creates_changes_and_leaves_alone(api: Api) -> None:
    first = put(api).json()
    assert first["outcome"] == "created"
    assert put(api).json() == {**first, "outcome": "unchanged"}
    assert put(api, attributes={"family_name": "Janssen"}).json() == {**first, "outcome": "changed"}
    assert Record.objects.count() == 1


def test_put_of_a_version_that_is_late_changes_nothing(api: Api) -> None:
    put(api, source_at="2026-06-02T12:00:00+02:00")
    late = put(api, attributes={"family_name": "Oud"}, source_at="2026-06-01T12:00:00+02:00").json()
    assert late["outcome"] == "late"
    assert api.get(PATH).json()["attributes"] == {"family_name": "Jansen"}


def test_put_ties_contract_and_person_by_a_role(api: Api) -> None:
    customer = api.person("1", **ANNA)
    response = api.put(
        "/sources/crm/records/contract/P-77",
        {
            "attributes": {"type": "policy", "title": "Home", "amount": "120.50", "currency": "EUR"},
            "identifiers": [{"scheme": "policy", "value": "POL.0077.12"}],
            "roles": [{"role": "insured", "holder": {"kind": "person", "external_id": "1"}, "from_date": "2026-01-01"}],
        },
    )
    assert response.status_code == 200, response.content
    assert response.json()["customer"] is None
    (hit,) = api.post("/customers/find", {"text": "pol 0077 12"}).json()["hits"]
    assert hit["customer"]["id"] == customer
    assert (hit["via"][0]["role"], hit["via"][0]["from_date"]) == ("insured", "2026-01-01")


def test_delete_takes_the_record_out_of_the_golden_record(api: Api) -> None:
    customer = api.person("1", **ANNA)
    assert api("DELETE", PATH).json()["outcome"] == "gone"
    assert api.get(f"/customers/{customer}").json()["records"] == 0
    assert api.person("1", **ANNA) == customer, "it comes back under its own id"
    assert problem(api("DELETE", "/sources/crm/records/person/unknown"))[0] == 404


def test_get_shows_what_the_purpose_may_see_and_is_written_down(api: Api) -> None:
    api.person("1", **ANNA)
    body = api.get(PATH).json()
    assert (body["source"], body["external_id"], body["state"]) == ("crm", "1", "live")
    assert "iban" in body["attributes"]
    api.purpose = "marketing"
    assert "iban" not in api.get(PATH).json()["attributes"]
    assert AuditLine.objects.filter(action="records.read").count() == 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"attributes": {"shoe_size": 3}}, "/attributes/shoe_size"),
        ({"attributes": {"family_name": 7}}, "/attributes/family_name"),
        ({"attributes": {"birth_date": "17-05-1980"}}, "/attributes/birth_date"),
        ({"attributes": {"birth_date": "1980-02-30"}}, "/attributes/birth_date"),
        ({"attributes": {"gender": "q"}}, "/attributes/gender"),
        ({"attributes": {"email": "nothing"}}, "/attributes/email"),
        ({"attributes": {"phone": [{"value": "none"}]}}, "/attributes/phone"),
        ({"attributes": {"address": {"planet": "Mars"}}}, "/attributes/address"),
        ({"attributes": {"email": [{"value": "a@b.nl", "verified": True}]}}, "/attributes/email"),
        ({"identifiers": [{"scheme": "bsn", "value": "123456782"}]}, "/identifiers/0"),
        ({"identifiers": [{"scheme": "loyalty", "value": ""}]}, "/identifiers/0/value"),
        ({"roles": [{"role": "payer"}]}, "/roles/0"),
        (
            {"roles": [{"role": "payer", "target": {"kind": "contract", "external_id": "x"},
                        "from_date": "2026-02-01", "to_date": "2026-01-01"}]},
            "/roles/0",
        ),
        ({"source_at": "2026-06-01T12:00:00"}, "/source_at"),
        ({"attributes": []}, "/attributes"),
    ],
)  # fmt: skip
def test_put_tells_where_a_record_is_wrong_and_stores_nothing(api: Api, body: dict[str, Any], pointer: str) -> None:
    response = api.put(PATH, body)
    assert problem(response)[0] == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]
    assert "123456782" not in response.content.decode()
    assert not Record.objects.exists()


def test_put_refuses_paths_that_tell_who_somebody_is_and_unknown_sources(api: Api) -> None:
    assert problem(put(api, "/sources/crm/records/person/a@b.nl"))[0] == 422
    assert problem(put(api, "/sources/crm/records/unicorn/1"))[0] == 422
    assert problem(put(api, "/sources/nothere/records/person/1")) == (404, "sources.missing")


def test_put_into_a_built_in_source_is_refused(api: Api) -> None:
    customer = api.person("1", **ANNA)
    api.post(f"/customers/{customer}/correct", {"attribute": "given_name", "value": "Anne"})
    assert problem(put(api, "/sources/desk/records/person/1"))[0] == 404


def test_key_of_one_company_does_not_reach_the_source_of_another(api: Api, make_key: MakeKey) -> None:
    api.person("1", **ANNA)
    other = actions.ensure_company(code="other", name="Other", actor=SYSTEM)
    stranger = make_key("records:write", "records:read", company_id=other)
    nobody = api.put("/sources/nothere/records/person/1", {"attributes": {}})
    refused = put(stranger)
    assert refused.status_code == nobody.status_code == 404
    assert problem(stranger.get(PATH))[0] == 404
    assert problem(stranger("DELETE", PATH))[0] == 404
    assert problem(stranger.post("/sources/crm/records", {"records": [row(1)]}))[0] == 404
    sources.declare(declaration=declaration("till", "other"), actor=SYSTEM)
    assert put(stranger, "/sources/till/records/person/1").status_code == 200


# --- repeated requests


def test_put_with_a_key_is_done_once(api: Api) -> None:
    first = api.put(PATH, {"attributes": {"family_name": "Jansen"}}, idempotency_key="k1")
    again = api.put(PATH, {"attributes": {"family_name": "Jansen"}}, idempotency_key="k1")
    assert first.json() == again.json()
    assert again.json()["outcome"] == "created", "the first answer, not a second look"
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert problem(api.put(PATH, {"attributes": {}}, idempotency_key="k1")) == (422, "idempotency.key_reused")


def test_key_of_a_request_that_failed_can_be_used_again(api: Api) -> None:
    assert api.put(PATH, {"attributes": {"gender": "q"}}, idempotency_key="k2").status_code == 422
    assert api.put(PATH, {"attributes": {"gender": "f"}}, idempotency_key="k2").status_code == 200


# --- bulk


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"kind": "person", "external_id": str(number), "attributes": {"family_name": f"N{number}"}, **more}


def deliver(api: Api, *rows: dict[str, Any], **headers: str) -> Any:
    return api.post("/sources/crm/records", {"records": list(rows)}, **headers)


def run(job: str) -> int:
    """Do the job as the worker does; returns how many stretches it took."""
    stretches = 1
    while bulk.store_next(parse_id("job", job)):
        stretches += 1
    return stretches


def test_bulk_is_accepted_and_stored_by_its_job(api: Api) -> None:
    response = deliver(api, row(1, attributes=ANNA), row(2), row(3, gone=True))
    assert response.status_code == 202, response.content
    job = response.json()
    assert (job["state"], job["records"], job["done"]) == ("waiting", 3, 0)
    assert not Record.objects.exists()
    run(job["id"])
    done = api.get(f"/jobs/{job['id']}").json()
    assert (done["state"], done["done"], done["created"]) == ("done", 3, 2)
    assert BulkDelivery.objects.get().body is None, "personal data is not kept twice"
    assert len(api.post("/customers/find", {"text": "Jansen"}).json()["hits"]) == 1


def test_bulk_goes_on_where_a_killed_worker_was(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    job = deliver(api, *(row(number) for number in range(5))).json()["id"]
    assert bulk.store_next(parse_id("job", job))
    assert api.get(f"/jobs/{job}").json()["done"] == 2
    assert run(job) == 2
    done = api.get(f"/jobs/{job}").json()
    assert (done["state"], done["created"], Record.objects.count()) == ("done", 5, 5)
    assert not bulk.store_next(parse_id("job", job)), "a second start does nothing"


def test_bulk_names_every_fault_of_the_first_bad_record_and_keeps_nothing(api: Api) -> None:
    response = deliver(api, row(1), row(2, attributes={"gender": "q", "shoe_size": 1}))
    assert problem(response)[0] == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == [
        "/records/1/attributes/gender",
        "/records/1/attributes/shoe_size",
    ]
    assert not BulkDelivery.objects.exists()


def test_bulk_is_accepted_once(api: Api) -> None:
    first, again = (deliver(api, row(1), idempotency_key="b1") for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert BulkDelivery.objects.count() == 1


def test_bulk_of_a_key_that_was_revoked_meanwhile_is_not_stored(api: Api) -> None:
    job = deliver(api, row(1)).json()["id"]
    for key in ApiKey.objects.all():
        actions.revoke_key(key_id=key.key_id, actor=SYSTEM)
    run(job)
    delivery = BulkDelivery.objects.get()
    assert (delivery.state, delivery.problem[:14]) == ("failed", "access.unknown")
    assert not Record.objects.exists()


def test_job_of_somebody_else_is_not_there(api: Api, make_key: MakeKey) -> None:
    job = deliver(api, row(1)).json()["id"]
    assert problem(make_key("records:write").get(f"/jobs/{job}")) == (404, "jobs.missing")
    assert problem(api.get("/jobs/job_01h455vb4pex5vsknk084sn02q")) == (404, "jobs.missing")


def test_bulk_has_a_size(api: Api) -> None:
    assert problem(deliver(api))[0] == 422
